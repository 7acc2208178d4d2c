/**
 * Names for new rows that are in the order in which they are made, on however many gateways: UUIDs of version 7 by the
 * database's clock. A member's lots are used in the order of their ids, so a gateway whose own clock is off would let
 * another funder pay.
 */
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Of so many answers the quickest one counts; enough to have one that nothing kept waiting, few enough to follow a drift. */
const HEARD = 64;
const SEQUENCES_PER_MS = 2 ** 31;

/** Chance for so many ids is asked for at once: asking for each costs more than the id. */
const IDS_OF_CHANCE = 256;
const BYTES_OF_AN_ID = 16;

/** What is known of the database's clock: what it said last, and how long ago that was. */
export class DatabaseTime {
  /** How far it was ahead of our own stopwatch, at least: an answer is older than it looks. */
  readonly #leads: number[] = [];
  #lead = performance.timeOrigin;
  #last = { msecs: 0, seq: 0 };
  readonly #chance = new Uint8Array(IDS_OF_CHANCE * BYTES_OF_AN_ID);
  #used = IDS_OF_CHANCE;

  /** @param elapsed milliseconds of a clock that nobody sets */
  constructor(private readonly elapsed: () => number) {}

  /** The database has just said what time it is, in milliseconds since 1970. */
  hear(milliseconds: number): void {
    this.#leads.push(milliseconds - this.elapsed());
    if (this.#leads.length > HEARD) this.#leads.shift();
    this.#lead = Math.max(...this.#leads);
  }

  /** Later in order than every one made before by whoever knows the database's time. */
  newId(): string {
    const now = this.elapsed() + this.#lead;
    let msecs = Math.floor(now);
    let seq = Math.floor((now - msecs) * SEQUENCES_PER_MS);
    const { msecs: lastMs, seq: lastSeq } = this.#last;
    if (msecs < lastMs || (msecs === lastMs && seq <= lastSeq)) [msecs, seq] = [lastMs, lastSeq + 1];
    this.#last = { msecs, seq };
    return v7({ msecs, seq, random: this.#random() });
  }

  #random(): Uint8Array {
    if (this.#used === IDS_OF_CHANCE) {
      randomFillSync(this.#chance);
      this.#used = 0;
    }
    const from = this.#used * BYTES_OF_AN_ID;
    this.#used += 1;
    return this.#chance.subarray(from, from + BYTES_OF_AN_ID);
  }
}

/** Of this process: told by every transaction that enters the fence. */
const time = new DatabaseTime(() => performance.now());
export const hearDatabaseTime = (milliseconds: number): void => time.hear(milliseconds);
export const newId = (): string => time.newId();
