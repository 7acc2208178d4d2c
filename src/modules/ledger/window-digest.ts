/**
 * The digest of a window: what proves later that a closed window never changed (I8).
 *
 * Canonical form, version 1, all text in UTF-8. An entry is its line, then one line per posting in order:
 *
 *   entry    no|member|programme|window|kind|source|business date|recorded at
 *   posting  line|member|account|party|unit|window|amount
 *
 * Numbers are decimal, the source is its UUID or nothing, the date YYYY-MM-DD, the instant in whole
 * microseconds since 1970 UTC; lines end with a newline. The entry's hash is SHA-256 of that text. The
 * window's digest is SHA-256 of the entry hashes (32 bytes each), ordered by entry number, then member.
 * Settlement entries (kind 16), which alone may be recorded under a closed window, are left out. So are
 * names and other personal data: members are numbers here.
 */
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForWindows } from '../../infrastructure/db/planning.js';

/** Counts, sum of debits (both books) and digest of each window numbered in $1, as a subquery. */
export const WINDOW_DIGESTS = `
  select w.no as window_no, count(e.no) as entry_count, coalesce(sum(e.posting_count), 0)::bigint as posting_count,
         coalesce(sum(e.debit_sum), 0) as debit_sum,
         sha256(coalesce(string_agg(e.hash, ''::bytea order by e.no, e.member_no), ''::bytea)) as digest
  from unnest($1::integer[]) as w (no)
  left join (
    select j.window_no, j.no, j.member_no, p.posting_count, p.debit_sum, sha256(convert_to(
      concat_ws('|', j.no, j.member_no, j.programme_no, j.window_no, j.kind, coalesce(j.source_id::text, ''),
        to_char(j.business_date, 'YYYY-MM-DD'), (extract(epoch from j.recorded_at) * 1000000)::bigint)
      || E'\\n' || coalesce(p.lines, ''), 'UTF8')) as hash
    from journal_entry j
    left join (
      select entry_no, count(*) as posting_count, sum(amount) filter (where amount > 0) as debit_sum,
             string_agg(concat_ws('|', line, member_no, account, party, unit, window_no, amount) || E'\\n', ''
               order by line, member_no) as lines
      from posting where window_no = any ($1::integer[])
      group by entry_no
    ) p on p.entry_no = j.no
    where j.window_no = any ($1::integer[]) and j.kind <> ${EntryKind.SETTLEMENT}
  ) e on e.window_no = w.no
  group by w.no`;

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

const SEAL = statement(
  'ledger.seal-windows',
  `update settlement_window w
   set entry_count = d.entry_count, posting_count = d.posting_count, debit_sum = d.debit_sum, digest = d.digest
   from (${WINDOW_DIGESTS}) d where d.window_no = w.no and w.digest is null`,
);

/** Accounts by which a partner takes part in a window. */
const PARTAKING = [Account.ISSUED, Account.REDEEMED, Account.POSITION, Account.FUNDING_PENDING].join(', ');

// A window without a digest was never settled, so none of its positions is emptied by an entry 16 yet.
const STORE_POSITIONS = statement(
  'ledger.store-window-positions',
  `insert into window_position (window_no, party_no, net_minor, gross_minor)
   select window_no, party, coalesce(sum(amount) filter (where account = ${Account.POSITION}), 0),
          coalesce(sum(abs(amount)) filter (where account = ${Account.POSITION}), 0)
   from posting where window_no = any ($1::integer[]) and party > 0 and account in (${PARTAKING})
   group by window_no, party
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
  await tx.run(SEAL, [numbers]);
  await tx.run(STORE_POSITIONS, [numbers]);
  return numbers;
}
