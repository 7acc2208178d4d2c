/**
 * I18: every block is what its entries, its own figures and the blocks before it make it, and nothing that should be
 * sealed is not. Leaves are computed anew from the journal, so that a change names the entry that was changed.
 */
import { blockHash } from '../../domain/proofs/block.js';
import { grow, HASH_BYTES, merkleRoot, type Peaks, rootOfPeaks } from '../../domain/proofs/merkle.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { BLOCK_COLUMNS, type EntryLeafRow, hashesOf, readLeaves, type SealedBlock } from '../proofs/index.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, type Scope } from './invariant-check.js';
import { verifiedUpto } from './verified-upto.js';

const INVARIANT = 'I18';
/** Entries looked at together. */
const BATCH_ENTRIES = 100_000;

interface StoredBlock extends SealedBlock {
  readonly peaks: Buffer;
  readonly leaves: Buffer;
}

const READ_BLOCKS = statement(
  'verify.i18-read-blocks',
  `select ${BLOCK_COLUMNS}, peaks, leaves from (
     select *, sum(entry_count) over (order by sequence) as entries from chain_block where sequence > $1
   ) b
   where entries - entry_count < ${BATCH_ENTRIES} order by sequence`,
);
const READ_BLOCK = statement(
  'verify.i18-read-block',
  `select ${BLOCK_COLUMNS}, peaks, leaves from chain_block where sequence = $1`,
);
// An hour is many rests of the job that seals. Numbers begin at 1.
const FIND_UNSEALED = statement(
  'verify.i18-find-unsealed',
  `select 'journal_entry' as table, format('no=%s member_no=%s', no, member_no) as row,
          format('Entry %s was recorded at %s and is in no block: run "hansa proof seal", or start the gateway, which seals.',
                 no, recorded_at) as message
   from journal_entry where (no > $1 and recorded_at < hansa_now() - interval '1 hour') or no <= 0
   order by no, member_no limit ${MOST_FINDINGS}`,
);

const REACH = statement('verify.i18-reach', 'select coalesce(max(sequence), 0)::bigint as reach from chain_block');

/** In blocks. */
async function reach(tx: DbTransaction): Promise<bigint> {
  const [row] = await tx.run<{ reach: bigint }>(REACH);
  return row?.reach ?? 0n;
}

async function find(tx: DbTransaction, { incremental }: Scope): Promise<FoundRow[]> {
  const found: FoundRow[] = [];
  const verified = await lastVerified(tx);
  let before = incremental ? verified.block : undefined;
  for (;;) {
    const blocks = await tx.run<StoredBlock>(READ_BLOCKS, [before?.sequence ?? 0]);
    const [first, last] = [blocks[0], blocks.at(-1)];
    if (first === undefined || last === undefined) break;
    const entries = await readLeaves(tx, first.afterNo, last.uptoNo);
    let next = 0;
    for (const block of blocks) {
      const from = next;
      while ((entries[next]?.no ?? block.uptoNo + 1n) <= block.uptoNo) next += 1;
      found.push(...faultsOfBlock(block, before), ...faultsOfEntries(block, entries.slice(from, next)));
      before = block;
    }
  }
  if (verified.sequence > (before?.sequence ?? 0)) found.push(gone(verified.sequence));
  found.push(...(await tx.run<FoundRow>(FIND_UNSEALED, [before?.uptoNo ?? 0n])));
  return found.slice(0, MOST_FINDINGS);
}

/** The block up to which the chain was found to hold before; its number alone when it is not there any more. */
async function lastVerified(tx: DbTransaction): Promise<{ readonly sequence: number; readonly block?: StoredBlock }> {
  const sequence = Number(await verifiedUpto(tx, INVARIANT));
  const [block] = await tx.run<StoredBlock>(READ_BLOCK, [sequence]);
  return { sequence, ...(block && { block }) };
}

const gone = (sequence: number): FoundRow => ({
  table: 'chain_block',
  row: `sequence=${sequence}`,
  message: `Block ${sequence} was verified before and is gone.`,
});

const peaksAfter = (block: StoredBlock | undefined): Peaks => (block === undefined ? [] : hashesOf(block.peaks));

/** What a block says of itself and of those before it. */
function faultsOfBlock(block: StoredBlock, before: StoredBlock | undefined): FoundRow[] {
  const { sequence, hash, leaves } = block;
  const history = peaksAfter(before);
  const right: readonly (readonly [boolean, string])[] = [
    [sequence === (before?.sequence ?? 0) + 1, `follows block ${before?.sequence ?? 0}, so blocks are missing`],
    [block.afterNo === (before?.uptoNo ?? 0n), 'does not begin where the block before it ends'],
    [block.previous.equals(before?.hash ?? Buffer.alloc(HASH_BYTES)), 'names another block as the one before it'],
    [block.history.equals(rootOfPeaks(history)), 'stands on another history than that of the blocks before it'],
    [block.entryCount * HASH_BYTES === leaves.length, `says ${block.entryCount} entries and keeps other leaves`],
    [block.root.equals(merkleRoot(hashesOf(leaves))), 'has a root that its leaves do not make'],
    [hash.equals(blockHash(block)), 'has a hash that it does not make'],
    [block.peaks.equals(Buffer.concat(grow(history, sequence - 1, hash))), 'hands on a history that it does not make'],
  ];
  return right
    .filter(([holds]) => !holds)
    .map(([, what]) => ({
      table: 'chain_block',
      row: `sequence=${sequence}`,
      message: `Block ${sequence} ${what}.`,
    }));
}

/** What the journal says now of the entries that were sealed. */
function faultsOfEntries(block: StoredBlock, entries: readonly EntryLeafRow[]): FoundRow[] {
  if (Buffer.concat(entries.map(({ leaf }) => leaf)).equals(block.leaves)) return [];
  const sealed = new Set(hashesOf(block.leaves).map((leaf) => leaf.toString('latin1')));
  const others = entries.filter(({ leaf }) => !sealed.delete(leaf.toString('latin1')));
  const changed = others.map(({ no, member_no: memberNo }) => ({
    table: 'journal_entry',
    row: `no=${no} member_no=${memberNo}`,
    message: `Entry ${no} is not what block ${block.sequence} sealed: it or a posting of it was changed or added.`,
  }));
  if (sealed.size <= others.length) return changed;
  const missing = {
    table: 'chain_block',
    row: `sequence=${block.sequence}`,
    message: `Block ${block.sequence} sealed ${block.entryCount} entries (numbers ${block.afterNo + 1n} to ${block.uptoNo}); ${sealed.size - others.length} of them are gone.`,
  };
  return [...changed, missing];
}

export const chainHolds: InvariantCheck = {
  invariant: INVARIANT,
  sentence: ({ blocks, sealedEntries }) =>
    `the chain of ${blocks} blocks verifies over ${sealedEntries} entries, and nothing older than its horizon is unsealed`,
  reach,
  find,
};
