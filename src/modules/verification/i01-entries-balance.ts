import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';
import { reachOfSealedEntries } from './verified-upto.js';

// Also what makes the sums mean something: every entry has postings, every posting has its entry, and both
// name the same window.
const FIND = statement(
  'verify.i01-entries-balance',
  `with p as (
     select entry_no, member_no, unit, sum(amount) as excess, min(window_no) as first_window, max(window_no) as last_window
     from posting where unit in ${UNITS_IN_SCOPE} and entry_no > $2
     group by entry_no, member_no, unit
   ), e as (
     select no, member_no, window_no from journal_entry where ($1::integer is null or programme_no = $1) and no > $2
   )
   select case when p.entry_no is null then 'journal_entry' else 'posting' end as table,
          case when p.entry_no is null then format('no=%s member_no=%s', e.no, e.member_no)
               else format('entry_no=%s member_no=%s unit=%s', p.entry_no, p.member_no, p.unit) end as row,
          case when p.entry_no is null then format('Entry %s has no postings.', e.no)
               when e.no is null then format('Postings of entry %s have no entry of that number and member.', p.entry_no)
               when p.excess <> 0 then format('Entry %s is off by %s in unit %s.', p.entry_no, p.excess, p.unit)
               else format('Entry %s belongs to window %s, its postings to %s.', e.no, e.window_no,
                           case when p.first_window = e.window_no then p.last_window else p.first_window end) end as message
   from p full join e on e.no = p.entry_no and e.member_no = p.member_no
   where p.excess is distinct from 0 or p.first_window is distinct from e.window_no or p.last_window is distinct from e.window_no
   order by 2 limit ${MOST_FINDINGS}`,
);

export const entriesBalance: InvariantCheck = {
  invariant: 'I1',
  sentence: ({ entries, postings }) => `each of ${entries} entries sums to zero per unit, over ${postings} postings`,
  reach: reachOfSealedEntries,
  find: (tx, { programmeNo, after }) => tx.run<FoundRow>(FIND, [programmeNo, after]),
};
