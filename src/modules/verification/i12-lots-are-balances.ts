import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

// A pot is what movements brought into it, less what they took out again; what is left of a lot needs no such sum,
// because lots and pots together are what was issued (I7).
const FIND = statement(
  'verify.i12-lots-are-balances',
  `with kept as (
     select l.id, l.member_no, l.units, d.lot_id is not null as pending
     from lot l
     left join due d on d.programme_no = l.programme_no and d.due_on = l.available_on and d.member_no = l.member_no and d.lot_id = l.id
     where $1::integer is null or l.programme_no = $1
   ), standing as (
     select member_no, coalesce(sum(units) filter (where pending), 0) as pending, coalesce(sum(units) filter (where not pending), 0) as available
     from kept group by member_no
   ), reserved as (
     select member_no, sum(units) as units from lot_pot where pot = 'RESERVED' group by member_no
   ), owed as (
     select member_no, sum(units) as units from member_debt group by member_no
   ), moved as (
     select member_no, lot_id, pot, sum(units) as units, sum(value_minor) as value_minor, sum(commission_minor) as commission_minor,
            sum(tax_minor) as tax_minor
     from (
       select member_no, lot_id, to_pot as pot, units, value_minor, commission_minor, tax_minor from lot_movement
       union all
       select member_no, lot_id, from_pot, -units, -value_minor, -commission_minor, -tax_minor from lot_movement
     ) each where pot <> 'LEFT' group by member_no, lot_id, pot
   )
   select * from (
     select 'member_balance' as table, format('member_no=%s', b.member_no) as row,
            format('Member %s has %s pending, %s available and %s held; the lots say %s, %s and %s.', b.member_no, b.pending_units,
                   b.available_units, b.held_units, coalesce(s.pending, 0), coalesce(s.available, 0) - coalesce(o.units, 0),
                   coalesce(r.units, 0)) as message
     from member_balance b
     join member m on m.no = b.member_no and ($1::integer is null or m.programme_no = $1)
     left join standing s on s.member_no = b.member_no
     left join reserved r on r.member_no = b.member_no
     left join owed o on o.member_no = b.member_no
     where b.pending_units <> coalesce(s.pending, 0) or b.held_units <> coalesce(r.units, 0)
        or b.available_units <> coalesce(s.available, 0) - coalesce(o.units, 0)
     union all
     select 'lot_pot', format('member_no=%s lot_id=%s pot=%s', coalesce(p.member_no, m.member_no), coalesce(p.lot_id, m.lot_id), coalesce(p.pot, m.pot)),
            format('The pot holds %s units worth %s (commission %s, tax %s), its movements %s worth %s (%s, %s).', coalesce(p.units, 0),
                   coalesce(p.value_minor, 0), coalesce(p.commission_minor, 0), coalesce(p.tax_minor, 0), coalesce(m.units, 0),
                   coalesce(m.value_minor, 0), coalesce(m.commission_minor, 0), coalesce(m.tax_minor, 0))
     from lot_pot p full join moved m on m.member_no = p.member_no and m.lot_id = p.lot_id and m.pot = p.pot
     where ($1::integer is null or coalesce(p.member_no, m.member_no) in (select no from member where programme_no = $1))
       and (coalesce(p.units, 0), coalesce(p.value_minor, 0), coalesce(p.commission_minor, 0), coalesce(p.tax_minor, 0))
        <> (coalesce(m.units, 0), coalesce(m.value_minor, 0), coalesce(m.commission_minor, 0), coalesce(m.tax_minor, 0))
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const lotsAreBalances: InvariantCheck = {
  invariant: 'I12',
  sentence: ({ lots, memberBalances }) =>
    `${lots} lots, less what is owed, are the balances of ${memberBalances} members, and what left a lot is where its movements say`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
