/**
 * Sealing the journal into blocks, in the background and without a word to those who record.
 *
 * A block is a range of entry numbers, and it must cover an entry only when nothing can come into its range any more:
 * so it reaches up to a mark that has been passed (ledger/mark.sql.ts). A transaction that stays open keeps everything
 * from its mark on waiting for the next block.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { blockHash } from '../../domain/proofs/block.js';
import { grow, HASH_BYTES, merkleRoot, rootOfPeaks } from '../../domain/proofs/merkle.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { planForWindows } from '../../infrastructure/db/planning.js';
import { isPassed, type Mark, takeMark } from '../ledger/index.js';
import {
  countWaiting,
  findHead,
  insertBlock,
  lockSealing,
  nextRange,
  readLeaves,
  sealSettlements,
} from './chain.sql.js';

/** Entries of one block at most: a tenth of a second of one processor. */
const LARGEST_BLOCK = 8_192;
/** How long a run waits for those who hold numbers below its mark; it keeps the mark for the next run. */
const PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 20;

export interface SealingOptions {
  readonly signal?: AbortSignal;
  /** Longer than a periodic job would wait. */
  readonly patienceMs?: number;
  /** Hears how many entries are sealed of how many that waited. */
  readonly heard?: (sealed: number, waiting: number) => void;
  /** Smaller blocks than usual. */
  readonly largestBlock?: number;
}

export interface Sealed {
  readonly entries: number;
  readonly blocks: number;
  /** Whether everything up to the mark is sealed; not so while a transaction below it stays open. */
  readonly complete: boolean;
}

export class ChainSealer {
  private mark: Mark | undefined;

  constructor(private readonly database: Database) {}

  /** Seals all that is recorded and can be sealed. Any number of processes may do so at once. */
  async seal(options: SealingOptions = {}): Promise<Sealed> {
    this.mark ??= await this.database.command(takeMark);
    const { mark } = this;
    if (!(await this.untilPassed(mark, options))) return { entries: 0, blocks: 0, complete: false };
    const waiting = await this.database.command(async (tx) =>
      countWaiting(tx, (await findHead(tx))?.uptoNo ?? 0n, mark.uptoNo),
    );
    let entries = 0;
    let blocks = 0;
    while (waiting > 0 && options.signal?.aborted !== true) {
      const sealed = await this.database.background.turn(() =>
        this.database.command((tx) => sealNext(tx, mark, options.largestBlock ?? LARGEST_BLOCK)),
      );
      if (sealed === 0) break;
      entries += sealed;
      blocks += 1;
      options.heard?.(entries, waiting);
    }
    if (options.signal?.aborted === true) return { entries, blocks, complete: false };
    await this.database.command(sealSettlements);
    this.mark = undefined;
    return { entries, blocks, complete: true };
  }

  private async untilPassed(mark: Mark, { signal, patienceMs = PATIENCE_MS }: SealingOptions): Promise<boolean> {
    const deadline = performance.now() + patienceMs;
    while (!(await this.database.command((tx) => isPassed(tx, mark)))) {
      if (performance.now() > deadline || signal?.aborted === true) return false;
      await delay(LOOK_AGAIN_MS);
    }
    return true;
  }
}

/** Makes the next block of what lies below the mark and returns how many entries are in it. */
async function sealNext(tx: DbTransaction, mark: Mark, largest: number): Promise<number> {
  await lockSealing(tx);
  const head = await findHead(tx);
  const afterNo = head?.uptoNo ?? 0n;
  const { count, lastNo, sealedAt } = await nextRange(tx, afterNo, mark.uptoNo, largest);
  if (lastNo === null) return 0;
  // The last block of a run reaches up to the mark, so that its range is as wide as what is known to be complete.
  const uptoNo = count < BigInt(largest) ? mark.uptoNo : lastNo;
  await planForWindows(tx);
  const leaves = (await readLeaves(tx, afterNo, uptoNo)).map(({ leaf }) => leaf);
  const sequence = (head?.sequence ?? 0) + 1;
  const peaks = head?.peaks ?? [];
  const block = {
    sequence,
    afterNo,
    uptoNo,
    entryCount: leaves.length,
    root: merkleRoot(leaves),
    previous: head?.hash ?? Buffer.alloc(HASH_BYTES),
    history: rootOfPeaks(peaks),
    sealedAt,
  };
  const hash = blockHash(block);
  await insertBlock(tx, { ...block, hash }, grow(peaks, sequence - 1, hash), leaves);
  return leaves.length;
}
