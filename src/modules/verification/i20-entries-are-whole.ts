import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';
import { reachOfSealedEntries } from './verified-upto.js';

// That no read sees half of an entry is the database's promise; what can be seen afterwards is that none is half:
// its lines follow each other from the first, and whatever names an entry as its cause finds it.
const FIND = statement(
  'verify.i20-entries-are-whole',
  `with members as (
     select no from member where $1::integer is null or programme_no = $1
   ), caused as (
     select 'lot' as table, format('id=%s member_no=%s', id, member_no) as row, entry_no, member_no from lot where entry_no is not null
     union all
     select 'member_debt', format('id=%s member_no=%s', id, member_no), entry_no, member_no from member_debt
     union all
     select 'borne_clawback', format('id=%s member_no=%s', id, member_no), entry_no, member_no from borne_clawback
     union all
     select 'lot_movement', format('entry_no=%s member_no=%s line=%s', entry_no, member_no, min(line)), entry_no, member_no
     from lot_movement group by entry_no, member_no
     union all
     select distinct on (entry_no, member_no) 'accrual_reversal', format('source_id=%s accrual_id=%s', source_id, accrual_id), entry_no, member_no
     from accrual_reversal
   )
   select * from (
     select 'posting' as table, format('entry_no=%s member_no=%s', entry_no, member_no) as row,
            format('Entry %s has %s postings in lines %s to %s.', entry_no, count(*), min(line), max(line)) as message
     from posting where unit in ${UNITS_IN_SCOPE} and entry_no > $2
     group by entry_no, member_no having min(line) <> 0 or max(line) <> count(*) - 1
     union all
     select 'lot_movement', format('entry_no=%s member_no=%s', entry_no, member_no),
            format('Entry %s moves lots in %s lines, %s to %s.', entry_no, count(*), min(line), max(line))
     from lot_movement where member_no in (select no from members)
     group by entry_no, member_no having min(line) <> 0 or max(line) <> count(*) - 1
     union all
     select c.table, c.row, format('Entry %s, which is its cause, is not there.', c.entry_no)
     from caused c
     -- A lot that was given away names the giver's entry.
     left join journal_entry e on e.no = c.entry_no and (e.member_no = c.member_no or c.table = 'lot')
     where e.no is null and c.member_no in (select no from members)
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const entriesAreWhole: InvariantCheck = {
  invariant: 'I20',
  sentence: ({ entries }) =>
    `none of ${entries} entries is there in part: their lines have no gap, and what they caused finds them`,
  reach: reachOfSealedEntries,
  find: (tx, { programmeNo, after }) => tx.run<FoundRow>(FIND, [programmeNo, after]),
};
