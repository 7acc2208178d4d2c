/** The statements behind the parts of windows. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { entryHashes, OF_ENTRIES, partnerSums, type Within } from './window-sums.js';

/** First key of the advisory lock of those who add to a window's parts or seal it ("PART"); the second is its number. */
const PARTS = 0x50_41_52_54;
const LOCK_PARTS = statement('ledger.lock-window-parts', `select pg_advisory_xact_lock(${PARTS}, $1)`);

/** One at a time, until the end of the transaction; what follows sees what the others did. */
export const lockParts = async (tx: DbTransaction, windowNo: number): Promise<void> =>
  void (await tx.run(LOCK_PARTS, [windowNo]));

const LIST_OPEN = statement(
  'ledger.list-open-windows',
  `select no from settlement_window where state = 'OPEN' order by no`,
);

export const listOpenWindows = async (tx: DbTransaction): Promise<number[]> =>
  (await tx.run<{ no: number }>(LIST_OPEN)).map(({ no }) => no);

const FIND_PARTS = statement(
  'ledger.find-window-parts',
  `select w.state = 'OPEN' as "isOpen", count(p.part_no)::integer as parts, coalesce(max(p.upto_no), w.after_no) as "uptoNo"
   from settlement_window w left join window_part p on p.window_no = w.no where w.no = $1 group by w.no`,
);

export interface Parts {
  readonly isOpen: boolean;
  readonly parts: number;
  /** The last number that is in them; where there are none, one below all of the window. */
  readonly uptoNo: bigint;
}

/** How far a window has been digested. */
export async function findParts(tx: DbTransaction, windowNo: number): Promise<Parts> {
  const [row] = await tx.run<Parts>(FIND_PARTS, [windowNo]);
  return row as Parts;
}

const NEXT_STRETCH = statement(
  'ledger.next-stretch',
  `select count(*)::integer as entries, max(no) as "lastNo"
   from (select no from journal_entry where no > $1 and no <= $2 order by no limit $3) e`,
);

/** How many entries of any window, at most `limit`, lie above a number up to another, and the number of the last. */
export async function nextStretch(
  tx: DbTransaction,
  afterNo: bigint,
  uptoNo: bigint,
  limit: number,
): Promise<{ readonly entries: number; readonly lastNo: bigint | null }> {
  const [row] = await tx.run<{ entries: number; lastNo: bigint | null }>(NEXT_STRETCH, [afterNo, uptoNo, limit]);
  return row as { entries: number; lastNo: bigint | null };
}

const PART: Within = ([window, no]) => `${window} = $1::integer and ${no} > $3::bigint and ${no} <= $4::bigint`;

const INSERT_PART = statement(
  'ledger.insert-window-part',
  `insert into window_part (window_no, part_no, upto_no, entry_count, posting_count, debit_sum, digest, party_nos,
     net_minors, gross_minors)
   select $1::integer, $2::integer, $4::bigint, e.*, p.*
   from (select ${OF_ENTRIES} from (${entryHashes(PART)}) e) e
   cross join (
     select coalesce(array_agg(party), '{}'), coalesce(array_agg(net::bigint), '{}'), coalesce(array_agg(gross::bigint), '{}')
     from (${partnerSums(PART)}) told
   ) p`,
);

/** Digests the entries of a window above a number up to another; nothing may be able to come among them. */
export const insertPart = async (
  tx: DbTransaction,
  windowNo: number,
  partNo: number,
  afterNo: bigint,
  uptoNo: bigint,
): Promise<void> => void (await tx.run(INSERT_PART, [windowNo, partNo, afterNo, uptoNo]));
