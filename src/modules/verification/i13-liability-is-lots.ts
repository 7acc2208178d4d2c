import { Account } from '../../domain/ledger/accounts.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

const { LIABILITY_PENDING, LIABILITY_AVAILABLE, LIABILITY_HELD } = Account;

// Stricter than the sum of all: each account for itself, and 1300 member by member. In the programme's own currency:
// what is settled in another one has a unit of its own, and no lots.
const FIND = statement(
  'verify.i13-liability-is-lots',
  `with money as (
     select u.no, u.programme_no from unit u join programme p on p.no = u.programme_no and p.currency_code = u.code
     where u.kind = 'MONEY' and ($1::integer is null or u.programme_no = $1)
   ), kept as (
     select l.programme_no, coalesce(sum(l.value_minor) filter (where d.lot_id is not null), 0) as pending,
            coalesce(sum(l.value_minor) filter (where d.lot_id is null), 0) as available
     from lot l
     left join due d on d.programme_no = l.programme_no and d.due_on = l.available_on and d.member_no = l.member_no and d.lot_id = l.id
     group by l.programme_no
   ), reserved as (
     select l.programme_no, sum(p.value_minor) as held
     from lot_pot p join lot l on l.id = p.lot_id and l.member_no = p.member_no where p.pot = 'RESERVED' group by l.programme_no
   ), worth as (
     select u.no as unit, each.account, each.value from money u
     left join kept k on k.programme_no = u.programme_no
     left join reserved r on r.programme_no = u.programme_no
     cross join lateral (values (${LIABILITY_PENDING}, coalesce(k.pending, 0)), (${LIABILITY_AVAILABLE}, coalesce(k.available, 0)),
                                (${LIABILITY_HELD}, coalesce(r.held, 0))) as each (account, value)
   ), owed as (
     select member_no, sum(value_minor) as value from member_debt group by member_no
   )
   select 'account_balance' as table, format('unit=%s account=%s party=0 window_no=0', w.unit, w.account) as row,
          format('Account %s stands at %s, and the lots behind it are worth %s.', w.account, -coalesce(b.balance, 0), w.value) as message
   from worth w
   left join account_balance b on b.unit = w.unit and b.account = w.account and b.party = 0 and b.window_no = 0
   where w.value + coalesce(b.balance, 0) <> 0
   union all
   select 'member_balance', format('member_no=%s', b.member_no),
          format('Member %s owes %s, its debts say %s.', b.member_no, b.receivable_minor, coalesce(o.value, 0))
   from member_balance b
   join member m on m.no = b.member_no and ($1::integer is null or m.programme_no = $1)
   left join owed o on o.member_no = b.member_no
   where b.receivable_minor <> coalesce(o.value, 0)
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const liabilityIsLots: InvariantCheck = {
  invariant: 'I13',
  sentence: ({ lots }) => `what is owed to members is the value of ${lots} lots, and what they owe that of their debts`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
