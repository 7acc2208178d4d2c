import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';

const { AUTHORISATION, CAPTURE, ITEM, RELEASE, RETURN } = EntryKind;

// A redemption says itself what became of it, its takes say which lots, and the journal what was recorded: a
// member's entries are as many, and of as many units, as its redemptions tell. What is used at once has no entry 9.
const FIND = statement(
  'verify.i11-authorisations-resolve-once',
  `with told as (
     select * from redemption where $1::integer is null or programme_no = $1
   ), taken as (
     select redemption_id, member_no, sum(units) as units, sum(back_units) as back from redemption_take group by redemption_id, member_no
   ), business as (
     select member_no, count(*) as held, count(*) filter (where state = 'CAPTURED') as captured,
            sum(units) as held_units, sum(captured_units) as captured_units,
            coalesce(sum(units - captured_units) filter (where state <> 'AUTHORISED'), 0) as released_units
     from told where kind in ('PURCHASE', 'ITEM', 'REVIEW') group by member_no
   ), back as (
     -- Cash that was not paid too.
     select member_no, sum(returned_units) as units from told group by member_no
   ), journal as (
     select p.member_no, count(*) filter (where e.kind = ${AUTHORISATION}) as held,
            count(*) filter (where e.kind in (${CAPTURE}, ${ITEM})) as captured,
            coalesce(-sum(p.amount) filter (where e.kind = ${AUTHORISATION}), 0) as held_units,
            coalesce(sum(p.amount) filter (where e.kind in (${CAPTURE}, ${ITEM})), 0) as captured_units,
            coalesce(sum(p.amount) filter (where e.kind = ${RELEASE}), 0) as released_units
     from posting p join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no
     where p.account = ${Account.MEMBER_HELD} and p.unit in ${UNITS_IN_SCOPE} group by p.member_no
   ), redeemed as (
     select p.member_no, p.party, -sum(p.amount) as units from posting p
     where p.account = ${Account.REDEEMED} and p.unit in ${UNITS_IN_SCOPE} group by p.member_no, p.party
   ), used as (
     select member_no, partner_no, sum(captured_units - returned_units) as units from told group by member_no, partner_no
   ), returned as (
     select p.member_no, sum(p.amount) as units from posting p
     join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.kind = ${RETURN}
     where p.account = ${Account.REDEEMED} and p.unit in ${UNITS_IN_SCOPE} group by p.member_no
   )
   select * from (
     select 'redemption' as table, format('id=%s member_no=%s', r.id, r.member_no) as row,
            format('The redemption is %s with %s of %s units captured and %s returned; its lots gave %s and got %s back.',
                   r.state, r.captured_units, r.units, r.returned_units, coalesce(t.units, 0), coalesce(t.back, 0)) as message
     from told r left join taken t on t.redemption_id = r.id and t.member_no = r.member_no
     where coalesce(t.units, 0) <> case r.state when 'AUTHORISED' then r.units else r.captured_units end
        or coalesce(t.back, 0) <> r.returned_units
     union all
     select 'member_balance', format('member_no=%s', coalesce(b.member_no, j.member_no)),
            format('Redemptions of member %s authorised %s units, captured %s and gave %s back to their lots; its entries %s, %s and %s.',
                   coalesce(b.member_no, j.member_no), coalesce(b.held_units, 0), coalesce(b.captured_units, 0), coalesce(b.released_units, 0),
                   coalesce(j.held_units, 0), coalesce(j.captured_units, 0), coalesce(j.released_units, 0))
     from business b full join journal j on j.member_no = b.member_no left join returned r on r.member_no = b.member_no left join back on back.member_no = b.member_no
     where (b.held, b.captured, b.held_units, b.captured_units, b.released_units)
           is distinct from (j.held, j.captured, j.held_units, j.captured_units, j.released_units)
        or coalesce(back.units, 0) <> coalesce(r.units, 0)
     union all
     select 'member_balance', format('member_no=%s', coalesce(u.member_no, r.member_no)),
            format('Member %s has redeemed %s units at partner %s, by its entries %s.', coalesce(u.member_no, r.member_no),
                   coalesce(u.units, 0), coalesce(u.partner_no, r.party), coalesce(r.units, 0))
     from used u full join redeemed r on r.member_no = u.member_no and r.party = u.partner_no
     where coalesce(u.units, 0) <> coalesce(r.units, 0)
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const authorisationsResolveOnce: InvariantCheck = {
  invariant: 'I11',
  sentence: ({ redemptions }) =>
    `each of ${redemptions} redemptions was resolved at most once, and what it captured and gave back is what it held`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
