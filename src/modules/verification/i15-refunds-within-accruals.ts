import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

// By accrual, which is stricter than by funder: each is of one rule and one funder.
const FIND = statement(
  'verify.i15-refunds-within-accruals',
  `with back as (
     select accrual_id, member_no, sum(units) as units, sum(value_minor) as value_minor, sum(commission_minor) as commission_minor,
            sum(tax_minor) as tax_minor
     from accrual_reversal group by accrual_id, member_no
   )
   select 'accrual' as table, format('id=%s member_no=%s', a.id, a.member_no) as row,
          format('Funder %s gave %s units worth %s and was given back %s worth %s (commission %s of %s, tax %s of %s).', a.funder_no, a.units,
                 a.value_minor, b.units, b.value_minor, b.commission_minor, a.commission_minor, b.tax_minor, a.tax_minor) as message
   from back b join accrual a on a.id = b.accrual_id and a.member_no = b.member_no
   where ($1::integer is null or a.programme_no = $1)
     and (b.units > a.units or b.value_minor > a.value_minor or b.commission_minor > a.commission_minor or b.tax_minor > a.tax_minor)
   order by 2 limit ${MOST_FINDINGS}`,
);

export const refundsWithinAccruals: InvariantCheck = {
  invariant: 'I15',
  sentence: ({ accruals }) => `no refund gave a funder back more than it had given by ${accruals} accruals`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
