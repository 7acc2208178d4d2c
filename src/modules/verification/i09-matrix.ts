/**
 * The matrix part of I9: columns equal what was captured, by the postings; rows what was used up, by the movements of
 * lots.
 */
import { Account } from '../../domain/ledger/accounts.js';
import { USING } from '../../domain/settlement/matrix.js';
import { statement } from '../../infrastructure/db/database.js';
import { MOST_FINDINGS } from './invariant-check.js';

const KINDS = [...USING.keys()].join(', ');
const USED_UP = `('SPENT', 'EXPIRED', 'WRITTEN_OFF')`;

export const FIND_MATRIX_FAULTS = statement(
  'verify.i09-matrix',
  `with settled as (
     select distinct p.window_no from window_position p join settlement_window w on w.no = p.window_no
     where p.settlement_id is not null and ($1::integer is null or w.programme_no = $1)
   ), entry as (
     select e.no, e.member_no, e.window_no from journal_entry e
     where e.kind in (${KINDS}) and e.window_no in (select window_no from settled)
   ), captured as (
     select e.window_no, r.party as party_no, sum(-r.amount) as units, sum(coalesce(x.value, 0)) as value
     from entry e
     join posting r on r.entry_no = e.no and r.member_no = e.member_no and r.account = ${Account.REDEEMED}
     -- Units may be worth nothing, and then no money moves.
     left join (
       select p.entry_no, p.member_no, sum(p.amount) as value from posting p
       where p.account in (${Account.LIABILITY_AVAILABLE}, ${Account.LIABILITY_HELD}) and p.window_no in (select window_no from settled)
       group by p.entry_no, p.member_no
     ) x on x.entry_no = e.no and x.member_no = e.member_no
     group by e.window_no, r.party
   ), used as (
     select e.window_no, l.funder_no as party_no, sum(u.sign * m.units) as units, sum(u.sign * m.value_minor) as value
     from entry e
     join lot_movement m on m.entry_no = e.no and m.member_no = e.member_no
     join lot l on l.id = m.lot_id and l.member_no = m.member_no
     cross join lateral (select (m.to_pot in ${USED_UP})::integer - (m.from_pot in ${USED_UP})::integer as sign) u
     where u.sign <> 0
     group by e.window_no, l.funder_no
   ), kept as (
     select * from window_matrix where window_no in (select window_no from settled)
   ), side as (
     select 'column' as side, coalesce(c.window_no, k.window_no) as window_no, coalesce(c.party_no, k.party_no) as party_no,
            coalesce(c.units, 0) as units, coalesce(c.value, 0) as value, coalesce(k.units, 0) as kept_units, coalesce(k.value, 0) as kept_value
     from captured c
     full join (
       select window_no, redeemer_no as party_no, sum(units) as units, sum(value_minor) as value from kept
       where redeemer_no > 0 group by window_no, redeemer_no
     ) k on k.window_no = c.window_no and k.party_no = c.party_no
     union all
     select 'row', coalesce(u.window_no, k.window_no), coalesce(u.party_no, k.party_no),
            coalesce(u.units, 0), coalesce(u.value, 0), coalesce(k.units, 0), coalesce(k.value, 0)
     from used u
     full join (
       select window_no, funder_no as party_no, sum(units) as units, sum(value_minor) as value from kept group by window_no, funder_no
     ) k on k.window_no = u.window_no and k.party_no = u.party_no
   )
   select 'window_matrix' as table,
          format('window_no=%s %s=%s', window_no, case side when 'row' then 'funder_no' else 'redeemer_no' end, party_no) as row,
          format('The matrix of window %s has %s units worth %s in the %s of party %s; %s.', window_no, kept_units, kept_value, side, party_no,
                 format('%s say %s worth %s', case side when 'row' then 'the movements of its lots' else 'the postings' end, units, value)) as message
   from side where units <> kept_units or value <> kept_value
   order by 1, 2 limit ${MOST_FINDINGS}`,
);
