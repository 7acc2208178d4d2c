/**
 * Digesting windows while they are open, so that closing one reads a handful of parts and the few entries after them,
 * however much the window holds. In the background and without a word to those who record.
 */
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { planForWindows } from '../../infrastructure/db/planning.js';
import { isPassed, type Mark, takeMark } from './mark.sql.js';
import { findParts, insertPart, listOpenWindows, lockParts, nextStretch } from './window-part.sql.js';

/** Entries of one part at most, whosever they are: a quarter of a second of one processor. */
const LARGEST_PART = 20_000;
/** Fewer are left for the close. */
const SMALLEST_PART = 2_000;

export interface PartOptions {
  readonly signal?: AbortSignal;
  /** Smaller parts than usual. */
  readonly largest?: number;
  readonly smallest?: number;
}

export class WindowParts {
  private mark: Mark | undefined;

  constructor(private readonly database: Database) {}

  /**
   * Digests what lies behind in every open window. While a transaction from before the last mark is still under way
   * nothing is done; the mark is kept for the next time. Any number of processes may do so at once.
   *
   * @returns how many parts were made; undefined while that transaction is awaited
   */
  async digest({
    signal,
    largest = LARGEST_PART,
    smallest = SMALLEST_PART,
  }: PartOptions = {}): Promise<number | undefined> {
    this.mark ??= await this.database.command(takeMark);
    const { mark } = this;
    if (!(await this.database.command((tx) => isPassed(tx, mark)))) return undefined;
    let made = 0;
    for (const windowNo of await this.database.command(listOpenWindows)) {
      const addPart = (): Promise<boolean> =>
        this.database.background.turn(() =>
          this.database.command((tx) => nextPart(tx, windowNo, mark.uptoNo, largest, smallest)),
        );
      while (signal?.aborted !== true && (await addPart())) made += 1;
    }
    this.mark = undefined;
    return made;
  }
}

/** Makes the next part of a window of what lies below a passed mark; false when too little is there or it has been closed. */
async function nextPart(
  tx: DbTransaction,
  windowNo: number,
  uptoNo: bigint,
  largest: number,
  smallest: number,
): Promise<boolean> {
  await lockParts(tx, windowNo);
  const before = await findParts(tx, windowNo);
  if (!before.isOpen) return false;
  const { entries, lastNo } = await nextStretch(tx, before.uptoNo, uptoNo, largest);
  if (lastNo === null || entries < smallest) return false;
  await planForWindows(tx);
  await insertPart(tx, windowNo, before.parts + 1, before.uptoNo, lastNo);
  return true;
}
