import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

// A part is what an amount that rose later adds. The unique index says the same; this is what says so when the index is
// damaged or gone.
const FIND = statement(
  'verify.i04-accrues-once',
  `select 'accrual' as table, format('id=%s member_no=%s', id, member_no) as row,
          format('Rule %s of funder %s has rewarded transaction %s before (part %s).', rule_code, funder_no, transaction_id, part) as message
   from (
     select id, member_no, transaction_id, rule_code, funder_no, part,
            row_number() over (partition by transaction_id, rule_code, funder_no, part order by id) as nth
     from accrual where $1::integer is null or programme_no = $1
   ) numbered
   where nth > 1 order by 2 limit ${MOST_FINDINGS}`,
);

export const accruesOnce: InvariantCheck = {
  invariant: 'I4',
  sentence: ({ accruals }) => `none of ${accruals} accruals rewards a transaction twice by one rule and funder`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
