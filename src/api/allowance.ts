/**
 * A token bucket for each of many keys, in memory: a full minute's worth at once, refilled evenly.
 *
 * What is kept of a key is when its bucket will be full again; a full bucket is the same as none. So an allowance is
 * bounded by forgetting keys that were not seen for longest, and each gateway counts for itself: with n of them behind a
 * balancer a client has up to n times as much. Nothing but fairness hangs on it.
 */
const WINDOW_MS = 60_000;
const MOST_KEYS = 50_000;

/** What was decided about one request, and how the bucket stands after it. */
export interface Grant {
  readonly policy: string;
  readonly quota: number;
  readonly granted: boolean;
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly fullInSeconds: number;
  /** Until what was refused would be granted; 0 when it was granted. */
  readonly retryInSeconds: number;
}

export class Allowance {
  readonly #fullAt = new Map<string, number>();

  /** @param quota how much a minute, and how much at once; 0 = without bound */
  constructor(
    readonly policy: string,
    readonly quota: number,
    private readonly now: () => number = () => Math.trunc(performance.now()), // whole, so that what is added can be taken away again
  ) {}

  /** Takes the amount if it is there. More than a whole bucket is never there. */
  take(key: string, amount: number): Grant {
    const now = this.now();
    const fullAt = Math.max(this.#fullAt.get(key) ?? now, now);
    if (this.quota === 0) return this.grant(true, 0, 0);
    const after = fullAt + (amount * WINDOW_MS) / this.quota;
    const wait = after - now - WINDOW_MS;
    if (wait > 0) return this.grant(false, fullAt - now, wait);
    this.keep(key, after);
    return this.grant(true, after - now, 0);
  }

  /** What was taken for something that turned out not to count. */
  giveBack(key: string, amount: number): void {
    const fullAt = this.#fullAt.get(key);
    if (fullAt !== undefined) this.#fullAt.set(key, fullAt - (amount * WINDOW_MS) / this.quota);
  }

  private grant(granted: boolean, untilFullMs: number, waitMs: number): Grant {
    return {
      policy: this.policy,
      quota: this.quota,
      granted,
      remaining: Math.max(0, Math.floor((this.quota * (WINDOW_MS - untilFullMs)) / WINDOW_MS)),
      fullInSeconds: Math.ceil(untilFullMs / 1_000),
      retryInSeconds: Math.ceil(waitMs / 1_000),
    };
  }

  private keep(key: string, fullAt: number): void {
    this.#fullAt.delete(key);
    const oldest = this.#fullAt.keys().next();
    if (this.#fullAt.size >= MOST_KEYS && !oldest.done) this.#fullAt.delete(oldest.value);
    this.#fullAt.set(key, fullAt);
  }
}
