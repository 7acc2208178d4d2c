import { Account } from '../../domain/ledger/accounts.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';

// The account as the ledger keeps it, and the statements behind it: each opens where the one before it closed, and
// closes with what was booked on it. What the first one opens with is a movement of its own. Besides, what is in transit
// is what payments say is under way, and what is unallocated is what movements say waits.
const FIND = statement(
  'verify.i21-bank-account-is-statement',
  `with taken as (
     select s.id, s.account_no, s.no, s.opening_minor, s.closing_minor,
            lag(s.closing_minor) over (partition by s.account_no order by s.no) as before,
            row_number() over (partition by s.account_no order by s.no desc) as age,
            coalesce(m.opened, 0) as opened, coalesce(m.booked, 0) as booked
     from bank_statement s
     left join (
       select statement_id, sum(amount_minor) filter (where match = 'OPENING') as opened,
              sum(amount_minor) filter (where match <> 'OPENING') as booked
       from bank_movement group by statement_id
     ) m on m.statement_id = s.id
     where $1::integer is null or s.programme_no = $1
   ), kept as (
     select party, sum(balance) as balance from account_balance
     where account = ${Account.BANK} and unit in ${UNITS_IN_SCOPE} group by party
   ), last as (
     select account_no, closing_minor from taken where age = 1
   ), expected as (
     select programme_no, currency_code, ${Account.PAYMENTS_IN_TRANSIT} as account, -sum(amount_minor) as balance from (
       select programme_no, currency_code, amount_minor from payment
       where state in ('INSTRUCTED', 'ACCEPTED') and purpose <> 'DEPOSIT'
       union all
       select a.programme_no, g.currency_code, a.amount_minor from adjustment a join programme g on g.no = a.programme_no
       where a.kind = 'DEPOSIT_RETURN' and a.state = 'APPROVED'
         and not exists (select from payment p where p.adjustment_id = a.id and p.state = 'BOOKED')
     ) under_way group by programme_no, currency_code
     union all
     select m.programme_no, a.currency_code, ${Account.UNALLOCATED_RECEIPTS}, -sum(m.unallocated_minor)
     from bank_movement m join bank_statement s on s.id = m.statement_id join bank_account a on a.no = s.account_no
     group by m.programme_no, a.currency_code
   ), standing as (
     select u.programme_no, u.code as currency_code, b.account, sum(b.balance) as balance
     from account_balance b join unit u on u.no = b.unit
     where b.account in (${Account.PAYMENTS_IN_TRANSIT}, ${Account.UNALLOCATED_RECEIPTS}) group by 1, 2, 3
   )
   select * from (
     select 'account_balance' as table, format('account=%s programme_no=%s currency_code=%s', account, programme_no, currency_code) as row,
            format('Account %s of programme %s stands at %s %s; payments and movements say %s.', account, programme_no,
                   coalesce(s.balance, 0), currency_code, coalesce(e.balance, 0)) as message
     from standing s full join expected e using (programme_no, currency_code, account)
     where coalesce(s.balance, 0) <> coalesce(e.balance, 0) and ($1::integer is null or programme_no = $1)
     union all
     select 'account_balance', format('account=${Account.BANK} party=%s', coalesce(k.party, l.account_no)),
            format('Bank account %s holds %s, its last statement closes with %s.', coalesce(k.party, l.account_no),
                   coalesce(k.balance, 0), coalesce(l.closing_minor::text, 'nothing: there is none'))
     from kept k full join last l on l.account_no = k.party
     where coalesce(k.balance, 0) <> coalesce(l.closing_minor, 0)
     union all
     select 'bank_statement', format('id=%s', id),
            format('The statement opens with %s, the one before it closes with %s.', opening_minor, coalesce(before, opened))
     from taken where opening_minor <> coalesce(before, opened)
     union all
     select 'bank_statement', format('id=%s', id),
            format('The statement opens with %s, %s was booked, and it closes with %s.', opening_minor, booked, closing_minor)
     from taken where opening_minor + booked <> closing_minor
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const bankAccountIsStatement: InvariantCheck = {
  invariant: 'I21',
  sentence: ({ bankStatements }) =>
    `each bank account holds what the last of its statements (${bankStatements} in all) closes with, and what is on its way is known`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
