import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

// Issued (P900) and written off (P930) stand on one side; what is redeemed, expired, taken as fees or with the
// members on the other.
const FIND = statement(
  'verify.i14-issued-is-somewhere',
  `with members as (
     select m.programme_no, sum(b.pending_units + b.available_units + b.held_units) as units
     from member_balance b join member m on m.no = b.member_no group by m.programme_no
   ), sums as (
     select u.no, coalesce((select sum(b.balance) from account_balance b where b.unit = u.no), 0) as issued, coalesce(m.units, 0) as members
     from unit u left join members m on m.programme_no = u.programme_no
     where u.kind = 'REWARD' and ($1::integer is null or u.programme_no = $1)
   )
   select 'unit' as table, format('no=%s', no) as row,
          format('%s units were issued and are neither redeemed, expired, written off nor taken as fees; members have %s.', issued, members) as message
   from sums where issued <> members order by 2 limit ${MOST_FINDINGS}`,
);

export const issuedIsSomewhere: InvariantCheck = {
  invariant: 'I14',
  sentence: ({ memberBalances }) =>
    `all units that were issued are with ${memberBalances} members, redeemed, expired, taken as fees or written off`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
