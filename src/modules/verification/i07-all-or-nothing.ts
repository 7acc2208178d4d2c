import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';

const TAKING_BACK = [EntryKind.VOID, EntryKind.REFUND, EntryKind.CLAWBACK].join(', ');

// A refund that finds its purchase later has an orphan of its own, joined to it; one may also come before all of its
// purchase was cleared, and then takes what there is. A purchase that was exchanged is given back whole. What merchant
// and bank both say went back, went back once: the side that tells of more counts.
//
// From the message to the member's balance, every step has its rows and says the same amounts. A lot shrinks as a
// whole only while it is pending, by what was voided; later its units move to pots, and what was issued is all of them.
const FIND = statement(
  'verify.i07-all-or-nothing',
  `with purchase as (
     select id, member_no, kind, amount_minor, refunded_minor, joined_id, exchange_of
     from transaction where $1::integer is null or programme_no = $1
   ), message as (
     select s.id, s.member_no, s.transaction_id, s.kind, s.amount_minor, s.partner_no, s.reference, s.side
     from transaction_source s where $1::integer is null or s.member_no in (select no from member where programme_no = $1)
   ), earned as (
     select * from accrual where $1::integer is null or programme_no = $1
   ), voided as (
     select r.accrual_id, r.member_no, sum(r.units) as units, sum(r.value_minor) as value_minor,
            sum(r.commission_minor) as commission_minor, sum(r.tax_minor) as tax_minor
     from accrual_reversal r join journal_entry e on e.no = r.entry_no and e.member_no = r.member_no
     where e.kind = ${EntryKind.VOID}
     group by r.accrual_id, r.member_no
   ), pots as (
     select lot_id, member_no, sum(units) as units, sum(value_minor) as value_minor, sum(commission_minor) as commission_minor,
            sum(tax_minor) as tax_minor
     from lot_pot group by lot_id, member_no
   ), kept as (
     select l.*, l.units + coalesce(p.units, 0) as all_units, l.value_minor + coalesce(p.value_minor, 0) as all_value,
            l.commission_minor + coalesce(p.commission_minor, 0) as all_commission, l.tax_minor + coalesce(p.tax_minor, 0) as all_tax
     from lot l left join pots p on p.lot_id = l.id and p.member_no = l.member_no
     where $1::integer is null or l.programme_no = $1
   ), funded as (
     select p.entry_no, p.party as funder_no,
            sum(p.amount) filter (where e.kind = ${EntryKind.ACCRUAL} and p.account = ${Account.ISSUED}) as accrued,
            sum(p.amount) filter (where e.kind = ${EntryKind.ACCRUAL} and p.account in (${Account.FUNDING_PENDING}, ${Account.PROGRAMME_FUNDING_PENDING})) as value_minor,
            -sum(p.amount) filter (where e.kind in (${TAKING_BACK}) and p.account = ${Account.ISSUED}) as taken_back
     from posting p join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no
     where p.unit in ${UNITS_IN_SCOPE} and e.kind in (${EntryKind.ACCRUAL}, ${TAKING_BACK})
       and p.account in (${Account.ISSUED}, ${Account.FUNDING_PENDING}, ${Account.PROGRAMME_FUNDING_PENDING})
     group by p.entry_no, p.party
   )
   select * from (
     select 'transaction_source' as table, format('id=%s member_no=%s', m.id, m.member_no) as row,
            format('Message %s has no key, so it was never acknowledged.', m.reference) as message
     from message m
     left join business_key k on k.partner_no = m.partner_no and k.kind = m.kind and k.reference = m.reference
     where k.reference is null
     union all
     select 'transaction', format('id=%s member_no=%s', t.id, t.member_no), 'The transaction has no message that caused it.'
     from purchase t left join message m on m.transaction_id = t.id and m.member_no = t.member_no
     where m.id is null
     union all
     select 'transaction', format('id=%s member_no=%s', t.id, t.member_no),
            format('The transaction says %s was refunded, its refund messages %s.', t.refunded_minor, coalesce(m.amount, 0))
     from purchase t
     left join (
       select id, member_no, max(amount) as amount from (
         select coalesce(o.joined_id, o.id) as id, o.member_no, sum(m.amount_minor) as amount
         from message m join purchase o on o.id = m.transaction_id and o.member_no = m.member_no
         where m.kind = ${SOURCE_KIND_NO.REFUND} group by 1, 2, m.side
       ) told group by 1, 2
     ) m on m.id = t.id and m.member_no = t.member_no
     left join (select distinct exchange_of as id, member_no from purchase) e on e.id = t.id and e.member_no = t.member_no
     where t.kind = 'PURCHASE'
       and t.refunded_minor <> case when e.id is null then least(coalesce(m.amount, 0), t.amount_minor) else t.amount_minor end
     union all
     select 'accrual', format('id=%s member_no=%s', a.id, a.member_no), format('The accrual rewards transaction %s, which is not there.', a.transaction_id)
     from earned a left join purchase t on t.id = a.transaction_id and t.member_no = a.member_no
     where t.id is null
     union all
     select case when a.id is null then 'lot' else 'accrual' end,
            format('id=%s member_no=%s', coalesce(a.id, l.id), coalesce(a.member_no, l.member_no)),
            case when a.id is null then 'The lot has no accrual.' when l.id is null then 'The accrual has no lot.'
                 else format('The accrual gave %s units, %s were voided, and its lot and what became of it hold %s (with value, commission and tax %s/%s/%s of %s/%s/%s).',
                             a.units, coalesce(v.units, 0), l.all_units, l.all_value, l.all_commission, l.all_tax,
                             a.value_minor - coalesce(v.value_minor, 0), a.commission_minor - coalesce(v.commission_minor, 0),
                             a.tax_minor - coalesce(v.tax_minor, 0)) end
     from earned a
     full join (select * from kept where entry_no is null) l on l.id = a.id and l.member_no = a.member_no
     left join voided v on v.accrual_id = a.id and v.member_no = a.member_no
     where a.id is null or l.id is null or l.all_units <> a.units - coalesce(v.units, 0)
        or l.all_value <> a.value_minor - coalesce(v.value_minor, 0)
        or l.all_commission <> a.commission_minor - coalesce(v.commission_minor, 0)
        or l.all_tax <> a.tax_minor - coalesce(v.tax_minor, 0)
     union all
     select 'accrual_reversal', format('source_id=%s accrual_id=%s', r.source_id, r.accrual_id), 'The reversal takes back an accrual that is not there.'
     from accrual_reversal r left join accrual a on a.id = r.accrual_id and a.member_no = r.member_no
     where a.id is null and ($1::integer is null or r.member_no in (select no from member where programme_no = $1))
     union all
     select 'journal_entry', format('no=%s', coalesce(f.entry_no, a.entry_no)),
            format('Entry %s issues %s units worth %s for funder %s, its accruals %s worth %s.', coalesce(f.entry_no, a.entry_no),
                   coalesce(f.accrued, 0), coalesce(f.value_minor, 0), coalesce(f.funder_no, a.funder_no), coalesce(a.units, 0), coalesce(a.value_minor, 0))
     from funded f
     full join (
       select entry_no, funder_no, sum(units) as units, sum(value_minor) as value_minor from earned group by entry_no, funder_no
     ) a on a.entry_no = f.entry_no and a.funder_no = f.funder_no
     where coalesce(f.accrued, 0) <> coalesce(a.units, 0)
        or (f.taken_back is null and coalesce(f.value_minor, 0) <> coalesce(a.value_minor, 0))
     union all
     select 'journal_entry', format('no=%s', coalesce(f.entry_no, r.entry_no)),
            format('Entry %s takes %s units back from funder %s, its reversals %s.', coalesce(f.entry_no, r.entry_no),
                   coalesce(f.taken_back, 0), coalesce(f.funder_no, r.funder_no), coalesce(r.units, 0))
     from funded f
     full join (
       select r.entry_no, a.funder_no, sum(r.units) as units
       from accrual_reversal r join earned a on a.id = r.accrual_id and a.member_no = r.member_no group by r.entry_no, a.funder_no
     ) r on r.entry_no = f.entry_no and r.funder_no = f.funder_no
     where coalesce(f.taken_back, 0) <> coalesce(r.units, 0)
     union all
     select 'due', format('programme_no=%s due_on=%s member_no=%s lot_id=%s', d.programme_no, d.due_on, d.member_no, d.lot_id), 'The lot that is due is not there.'
     from due d left join lot l on l.id = d.lot_id and l.member_no = d.member_no and l.available_on = d.due_on and l.programme_no = d.programme_no
     where l.id is null and ($1::integer is null or d.programme_no = $1)
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const allOrNothing: InvariantCheck = {
  invariant: 'I7',
  sentence: ({ transactions, accruals }) =>
    `each of ${transactions} transactions is there as a whole: messages, ${accruals} accruals, lots, entries and balances agree`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
