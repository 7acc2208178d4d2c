import { Account, MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';

const MEMBERS = [...MEMBER_ACCOUNTS].join(', ');

const FIND = statement(
  'verify.i02-balances-are-sums',
  `with total as (
     select unit, account, party, case when account = ${Account.POSITION} then window_no else 0 end as window_no,
            sum(amount) as amount
     from posting where unit in ${UNITS_IN_SCOPE}
     group by 1, 2, 3, 4
   ), account as (
     select coalesce(b.unit, t.unit) as unit, coalesce(b.account, t.account) as account, coalesce(b.party, t.party) as party,
            coalesce(b.window_no, t.window_no) as window_no, b.balance, t.amount
     from (select * from total where account not in (${MEMBERS})) t
     full join (select * from account_balance where unit in ${UNITS_IN_SCOPE}) b
       on b.unit = t.unit and b.account = t.account and b.party = t.party and b.window_no = t.window_no
     where coalesce(b.balance, 0) <> coalesce(t.amount, 0)
   ), member_total as (
     select party as member_no, -sum(amount) filter (where account = ${Account.MEMBER_PENDING}) as pending,
            -sum(amount) filter (where account = ${Account.MEMBER_AVAILABLE}) as available,
            -sum(amount) filter (where account = ${Account.MEMBER_HELD}) as held,
            sum(amount) filter (where account = ${Account.MEMBER_RECEIVABLE}) as receivable
     from total where account in (${MEMBERS}) group by party
   ), member_row as (
     select b.* from member_balance b join member m on m.no = b.member_no where $1::integer is null or m.programme_no = $1
   )
   select 'account_balance' as table, format('unit=%s account=%s party=%s window_no=%s', unit, account, party, window_no) as row,
          format('The balance of account %s of party %s says %s, its postings %s.', account, party, coalesce(balance, 0), coalesce(amount, 0)) as message
   from account
   union all
   select 'member_balance', format('member_no=%s', coalesce(b.member_no, t.member_no)),
          format('The balances of member %s say pending %s, available %s, held %s, receivable %s; the postings %s, %s, %s, %s.',
                 coalesce(b.member_no, t.member_no), coalesce(b.pending_units, 0), coalesce(b.available_units, 0),
                 coalesce(b.held_units, 0), coalesce(b.receivable_minor, 0), coalesce(t.pending, 0), coalesce(t.available, 0),
                 coalesce(t.held, 0), coalesce(t.receivable, 0))
   from member_total t full join member_row b on b.member_no = t.member_no
   where coalesce(b.pending_units, 0) <> coalesce(t.pending, 0) or coalesce(b.available_units, 0) <> coalesce(t.available, 0)
      or coalesce(b.held_units, 0) <> coalesce(t.held, 0) or coalesce(b.receivable_minor, 0) <> coalesce(t.receivable, 0)
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const balancesAreSums: InvariantCheck = {
  invariant: 'I2',
  sentence: ({ accountBalances, memberBalances }) =>
    `balances of ${accountBalances} accounts and ${memberBalances} members are the sums of their postings`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
