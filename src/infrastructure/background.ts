/**
 * Work that nobody waits for is cut into pieces, and gives way to whoever asks.
 *
 * While requests come, one piece at a time is under way in this process, whatever jobs there are, and each is small: it
 * holds locks of members for a moment only, and leaves a processor to those who wait. When many wait at once, the jobs rest
 * between their pieces. When nobody has asked for a second, several are under way, each as large as the fence may be held.
 * How much a piece holds goes by how long the last ones took, so what slows them down, other gateways on the same
 * database too, makes them smaller.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** How long somebody who has asked is expected to ask again. */
const LATELY_MS = 1_000;

export interface Pace {
  /** Pieces under way at once. */
  readonly lanes: number;
  /** How long each should take. */
  readonly pieceMs: number;
}

const BESIDE_REQUESTS: Pace = { lanes: 1, pieceMs: 25 };
/** One is computed while the database writes the others. */
const ALONE: Pace = { lanes: 3, pieceMs: 40 };

export const paceOf = (sinceAskedMs: number): Pace => (sinceAskedMs < LATELY_MS ? BESIDE_REQUESTS : ALONE);

/** A few who wait are answered beside the jobs. */
const FEW = 8;
const LONGEST_REST_MS = 250;

/** How long the jobs rest after a piece that took so long, while so many wait: at 64 they have a fifth of the time. */
export const restOf = (waiting: number, tookMs: number): number =>
  waiting < FEW ? 0 : Math.min(LONGEST_REST_MS, tookMs * Math.min(4, waiting / 16));

/** What pieces of a kind may hold, in whatever they count. */
export interface PieceSizes {
  readonly least: number;
  readonly most: number;
}

/**
 * How much the next piece holds when one that held `held` took so long: halfway to what would have taken as long as it
 * should.
 */
export function nextSize(
  size: number,
  held: number,
  tookMs: number,
  pieceMs: number,
  { least, most }: PieceSizes,
): number {
  const right = (held * pieceMs) / Math.max(tookMs, 0.1);
  return Math.round(Math.min(most, Math.max(least, (size + Math.min(right, 2 * size)) / 2)));
}

export interface Pieces<Item> {
  /** Done in this order, each once. */
  readonly items: readonly Item[];
  /** What an item counts in a piece; never nothing. */
  weightOf(item: Item): number;
  /** Does a piece of them in a transaction of its own. */
  work(piece: readonly Item[]): Promise<void>;
  readonly sizes: PieceSizes;
  /** Nothing is begun after it has aborted. */
  readonly signal?: AbortSignal | undefined;
}

export class Background {
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  /** Who has asked and has no answer yet. */
  private asking = 0;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    /** Milliseconds, rising. */
    private readonly now: () => number = () => performance.now(),
    private readonly rest: (milliseconds: number) => Promise<unknown> = (milliseconds) => delay(milliseconds),
  ) {}

  /** Somebody asks; then `answered` follows. */
  asked(): void {
    this.asking += 1;
    this.askedAt = this.now();
  }

  answered(): void {
    this.asking -= 1;
    this.askedAt = this.now();
  }

  /** Runs a piece of work when it is its turn. Never within another one. */
  async turn<T>(work: (pace: Pace) => Promise<T>): Promise<T> {
    if (this.isFull()) await new Promise<void>((begin) => this.waiting.push(begin));
    else this.underWay += 1;
    const began = this.now();
    try {
      return await work(this.pace());
    } finally {
      const restMs = restOf(this.asking, this.now() - began);
      if (restMs > 0) await this.rest(restMs);
      this.underWay -= 1;
      this.next();
    }
  }

  /** Does everything, in pieces, several of them at once where nobody asks. Of what failed the first fault is thrown. */
  async inPieces<Item>({ items, weightOf, work, sizes, signal }: Pieces<Item>): Promise<void> {
    let size = sizes.least;
    let next = 0;
    let fault: { readonly error: unknown } | undefined;
    const take = (): { readonly piece: readonly Item[]; readonly held: number } => {
      const first = next;
      let held = 0;
      for (; next < items.length; next += 1) {
        const weight = weightOf(items[next] as Item);
        if (next > first && held + weight > size) break;
        held += weight;
      }
      return { piece: items.slice(first, next), held };
    };
    const isOver = (): boolean => next >= items.length || fault !== undefined || signal?.aborted === true;
    const lane = async (): Promise<void> => {
      while (!isOver()) {
        await this.turn(async ({ pieceMs }) => {
          if (isOver()) return;
          const { piece, held } = take();
          const began = this.now();
          try {
            await work(piece);
          } catch (error) {
            fault ??= { error };
          }
          size = nextSize(size, held, this.now() - began, pieceMs, sizes);
        });
      }
    };
    await Promise.all(Array.from({ length: ALONE.lanes }, lane));
    if (fault !== undefined) throw fault.error;
  }

  private pace(): Pace {
    return paceOf(this.now() - this.askedAt);
  }

  private isFull(): boolean {
    return this.underWay >= this.pace().lanes;
  }

  /** Whoever waits begins as soon as there is room; the last piece that ends looks too, so nobody is forgotten. */
  private next(): void {
    while (this.waiting.length > 0 && !this.isFull()) {
      this.underWay += 1;
      this.waiting.shift()?.();
    }
  }
}
