/**
 * The digest of a window: what proves later that a closed window never changed (I8).
 *
 * Canonical form, version 1, all text in UTF-8. An entry is its line, then one line per posting in order:
 *
 *   entry    no|member|programme|window|kind|source|business date|recorded at
 *   posting  line|member|account|party|unit|window|amount
 *
 * Numbers are decimal, the source is its UUID or nothing, the date YYYY-MM-DD, the instant in whole
 * microseconds since 1970 UTC; lines end with a newline. The entry's hash is SHA-256 of that text. The digest of
 * entries is SHA-256 of their hashes (32 bytes each), ordered by entry number, then member.
 *
 * The digest of a window is that of its entries; or, where parts of it were digested while it was open
 * (window-parts.ts), SHA-256 of the digests of its parts in order and then of the rest, which may be empty.
 * Settlement entries (kind 16), which alone may be recorded under a closed window, are left out. So are
 * names and other personal data: members are numbers here.
 */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForWindows } from '../../infrastructure/db/planning.js';
import { findParts, lockParts } from './window-part.sql.js';
import { entryHashes, OF_ENTRIES, partnerSums } from './window-sums.js';

/** Counts, sum of debits (both books) and digest of each window numbered in $1, from its entries, as a subquery. */
export const WINDOW_DIGESTS = `
  with part as (
    select p.window_no, p.upto_no, lag(p.upto_no, 1, 0::bigint) over (partition by p.window_no order by p.part_no) as after_no
    from window_part p join settlement_window w on w.no = p.window_no and p.part_no <= w.part_count
    where p.window_no = any ($1::integer[])
  ), piece as (
    select window_no, after_no, upto_no from part
    union all
    select w.no, coalesce((select max(upto_no) from part where part.window_no = w.no), 0), ${2n ** 63n - 1n}
    from settlement_window w where w.no = any ($1::integer[])
  ), told as (
    select piece.window_no, piece.after_no, ${OF_ENTRIES}
    from piece left join (${entryHashes(([window]) => `${window} = any ($1::integer[])`)}) e
      on e.window_no = piece.window_no and e.no > piece.after_no and e.no <= piece.upto_no
    group by piece.window_no, piece.after_no
  )
  select window_no, sum(entry_count)::bigint as entry_count, sum(posting_count)::bigint as posting_count,
         sum(debit_sum) as debit_sum,
         case count(*) when 1 then (array_agg(digest))[1] else sha256(string_agg(digest, ''::bytea order by after_no)) end as digest
  from told group by window_no`;

const FIND_UNSEALED = statement(
  'ledger.find-unsealed-windows',
  `select no from settlement_window
   where state = 'CLOSED' and digest is null and ($1::integer is null or programme_no = $1) order by no`,
);

const SUMMARISE_JOURNAL = statement('ledger.summarise-journal', 'select hansa_summarise_journal()');

/** Makes what follows in this transaction read windows through their BRIN indexes. */
export async function readByWindow(tx: DbTransaction): Promise<void> {
  await tx.run(SUMMARISE_JOURNAL);
  await planForWindows(tx);
}

/** Entries of window $1 above number $2. */
const REST = ([window, no]: readonly [string, string]): string => `${window} = $1::integer and ${no} > $2::bigint`;

const SEAL = statement(
  'ledger.seal-window',
  `with part as (
     select * from window_part where window_no = $1::integer
   ), rest as (
     select ${OF_ENTRIES} from (${entryHashes(REST)}) e
   ), whole as (
     select rest.entry_count + coalesce(sum(p.entry_count), 0) as entry_count,
            rest.posting_count + coalesce(sum(p.posting_count), 0) as posting_count,
            rest.debit_sum + coalesce(sum(p.debit_sum), 0) as debit_sum, count(p.part_no)::integer as part_count,
            case count(p.part_no) when 0 then rest.digest
              else sha256(string_agg(p.digest, ''::bytea order by p.part_no) || rest.digest) end as digest
     from rest left join part p on true group by rest.entry_count, rest.posting_count, rest.debit_sum, rest.digest
   )
   update settlement_window w
   set entry_count = d.entry_count, posting_count = d.posting_count, debit_sum = d.debit_sum, part_count = d.part_count,
       digest = d.digest
   from whole d where w.no = $1::integer and w.digest is null`,
);

// A window without a digest was never settled, so none of its positions is emptied by an entry 16 yet.
const STORE_POSITIONS = statement(
  'ledger.store-window-positions',
  `insert into window_position (window_no, party_no, net_minor, gross_minor)
   select $1::integer, party, sum(net), sum(gross)
   from (
     ${partnerSums(REST)}
     union all
     select t.party, t.net, t.gross
     from window_part p cross join unnest(p.party_nos, p.net_minors, p.gross_minors) as t (party, net, gross)
     where p.window_no = $1::integer
   ) told
   group by party
   on conflict do nothing`,
);

/**
 * Gives every closed window that has none its digest, of one programme or of all, with the positions its partners came
 * to, and returns their numbers.
 *
 * Run it in a transaction after the one that closed the window; a crash between the two is repaired by the
 * next call. Nothing can be recorded in a closed window, so late is as good as at once.
 */
export async function sealClosedWindows(tx: DbTransaction, programmeNo?: number): Promise<number[]> {
  const unsealed = await tx.run<{ no: number }>(FIND_UNSEALED, [programmeNo ?? null]);
  const numbers = unsealed.map(({ no }) => no);
  if (numbers.length === 0) return numbers;
  await readByWindow(tx);
  for (const no of numbers) {
    await lockParts(tx, no);
    const { uptoNo } = await findParts(tx, no);
    await tx.run(SEAL, [no, uptoNo]);
    await tx.run(STORE_POSITIONS, [no, uptoNo]);
  }
  return numbers;
}
