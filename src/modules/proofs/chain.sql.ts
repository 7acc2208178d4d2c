/** The statements behind the chain of blocks: leaves computed where the journal lies, and the blocks themselves. */
import { MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import type { Block } from '../../domain/proofs/block.js';
import { PARTNER_ACCOUNTS } from '../../domain/proofs/entry-leaf.js';
import { Domain, HASH_BYTES, type Peaks } from '../../domain/proofs/merkle.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

const listOf = (accounts: ReadonlySet<number>): string => [...accounts].join(', ');
const byteOf = (domain: number): string => `'\\x0${domain}'::bytea`;

/** An instant as hashed texts write it: in UTC, with six decimals of a second. */
export const INSTANT_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';

/**
 * The leaf of every entry numbered above $1 up to $2, in order of number: no, member_no, leaf. The same form as
 * domain/proofs/entry-leaf.ts has it; a test compares the two.
 */
export const LEAVES = `
  with part as (
    select p.entry_no, p.member_no, p.holder, string_agg(p.text, '' order by p.line) as lines
    from (
      select entry_no, member_no, line,
             case when account in (${listOf(MEMBER_ACCOUNTS)}) then 'member|' || party
                  when account in (${listOf(PARTNER_ACCOUNTS)}) and party > 0 then 'partner|' || party
                  else 'programme|0' end as holder,
             concat_ws('|', line, account, party, unit, window_no, amount) || E'\\n' as text
      from posting where entry_no > $1 and entry_no <= $2
    ) p
    group by p.entry_no, p.member_no, p.holder
  ), held as (
    select part.entry_no, part.member_no,
           sha256(${byteOf(Domain.HOLDER)}
             || sha256((select outer_pad from chain_secret) || sha256((select inner_pad from chain_secret) || convert_to(concat_ws('|', part.entry_no, part.member_no, part.holder), 'UTF8')))
             || convert_to(part.holder || E'\\n' || part.lines, 'UTF8')) as hash
    from part
  ), folded as (
    select entry_no, member_no, string_agg(hash, ''::bytea order by hash) as hashes from held group by entry_no, member_no
  )
  select e.no, e.member_no, sha256(${byteOf(Domain.ENTRY)}
    || convert_to(concat_ws('|', e.no, e.programme_no, e.window_no, e.kind, coalesce(e.source_id::text, ''),
         to_char(e.business_date, 'YYYY-MM-DD'), to_char(e.recorded_at at time zone 'UTC', '${INSTANT_FORMAT}')) || E'\\n', 'UTF8')
    || coalesce(f.hashes, ''::bytea)) as leaf
  from journal_entry e left join folded f on f.entry_no = e.no and f.member_no = e.member_no
  where e.no > $1 and e.no <= $2
  order by e.no, e.member_no`;

const READ_LEAVES = statement('chain.read-leaves', LEAVES);

export interface EntryLeafRow {
  readonly no: bigint;
  readonly member_no: number;
  readonly leaf: Buffer;
}

/** The leaves of all entries numbered above `afterNo` up to `uptoNo`, in order. Plan for windows or whole tables first. */
export const readLeaves = (tx: DbTransaction, afterNo: bigint, uptoNo: bigint): Promise<EntryLeafRow[]> =>
  tx.run<EntryLeafRow>(READ_LEAVES, [afterNo, uptoNo]);

/** First key of the advisory lock of those who seal ("SEAL"). */
const SEALING = 0x53_45_41_4c;
const LOCK_SEALING = statement('chain.lock-sealing', `select pg_advisory_xact_lock(${SEALING}, 0)`);

/** One at a time, until the end of the transaction. Those who wait find done what they came for. */
export const lockSealing = async (tx: DbTransaction): Promise<void> => void (await tx.run(LOCK_SEALING));

/** A block with its own hash. */
export interface SealedBlock extends Block {
  readonly root: Buffer;
  readonly previous: Buffer;
  readonly history: Buffer;
  readonly hash: Buffer;
}

export const BLOCK_COLUMNS = `sequence, after_no as "afterNo", upto_no as "uptoNo", entry_count as "entryCount", root, previous,
  history, hash, to_char(sealed_at at time zone 'UTC', '${INSTANT_FORMAT}') as "sealedAt"`;

const FIND_HEAD = statement(
  'chain.find-head',
  `select ${BLOCK_COLUMNS}, peaks from chain_block order by sequence desc limit 1`,
);

/** The latest block and what the next one's history is made of; undefined while nothing is sealed. */
export async function findHead(tx: DbTransaction): Promise<(SealedBlock & { readonly peaks: Peaks }) | undefined> {
  const [row] = await tx.run<SealedBlock & { peaks: Buffer }>(FIND_HEAD);
  return row && { ...row, peaks: hashesOf(row.peaks) };
}

const NEXT_RANGE = statement(
  'chain.next-range',
  `select count(*) as count, max(no) as "lastNo", hansa_now() as now,
          to_char(hansa_now() at time zone 'UTC', '${INSTANT_FORMAT}') as "sealedAt"
   from (select no from journal_entry where no > $1 and no <= $2 order by no limit $3) e`,
);

/** How many entries, at most `limit`, lie above `afterNo` up to `uptoNo`, the number of the last of them, and the time. */
export async function nextRange(
  tx: DbTransaction,
  afterNo: bigint,
  uptoNo: bigint,
  limit: number,
): Promise<{ readonly count: bigint; readonly lastNo: bigint | null; readonly sealedAt: string }> {
  const [row] = await tx.run<{ count: bigint; lastNo: bigint | null; sealedAt: string }>(NEXT_RANGE, [
    afterNo,
    uptoNo,
    limit,
  ]);
  return row as { count: bigint; lastNo: bigint | null; sealedAt: string };
}

const INSERT_BLOCK = statement(
  'chain.insert-block',
  `insert into chain_block (sequence, after_no, upto_no, entry_count, root, previous, history, hash, sealed_at, peaks, leaves)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz, $10, $11)`,
);

export async function insertBlock(
  tx: DbTransaction,
  block: SealedBlock,
  peaks: Peaks,
  leaves: readonly Uint8Array[],
): Promise<void> {
  const { sequence, afterNo, uptoNo, entryCount, root, previous, history, hash, sealedAt } = block;
  await tx.run(INSERT_BLOCK, [
    sequence,
    afterNo,
    uptoNo,
    entryCount,
    root,
    previous,
    history,
    hash,
    sealedAt,
    Buffer.concat(peaks),
    Buffer.concat(leaves),
  ]);
}

const COUNT_WAITING = statement(
  'chain.count-waiting',
  'select count(*) as waiting from journal_entry where no > $1 and no <= $2',
);

/** How many entries lie above `afterNo` up to `uptoNo`. */
export async function countWaiting(tx: DbTransaction, afterNo: bigint, uptoNo: bigint): Promise<number> {
  const [row] = await tx.run<{ waiting: bigint }>(COUNT_WAITING, [afterNo, uptoNo]);
  return Number(row?.waiting ?? 0n);
}

// Whatever is recorded in these windows later are entries 16 of other partners, which no proof of this one needs.
const SEAL_SETTLEMENTS = statement(
  'chain.seal-settlements',
  `insert into settlement_seal (settlement_id, sequence)
   select s.id, b.sequence
   from settlement s
   cross join lateral (
     select max(e.no) as last from journal_entry e
     where e.window_no in (select w.window_no from window_position w where w.settlement_id = s.id)
   ) e
   cross join lateral (select sequence from chain_block where upto_no >= e.last order by upto_no limit 1) b
   where s.state not in ('DRAFT', 'ABORTED') and not exists (select from settlement_seal k where k.settlement_id = s.id)
   on conflict do nothing`,
);

/** Keeps with every settlement that has none yet the first block by which all of it is sealed. */
export const sealSettlements = async (tx: DbTransaction): Promise<void> => void (await tx.run(SEAL_SETTLEMENTS));

/** Bytes that hold hashes one after the other. */
export function hashesOf(bytes: Buffer): Buffer[] {
  const hashes: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) hashes.push(bytes.subarray(at, at + HASH_BYTES));
  return hashes;
}
