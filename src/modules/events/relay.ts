/**
 * The relay: numbers what the outbox holds, in the order in which it may be told.
 *
 * An event gets its number when it is committed, under one lock and in one pass at a time: numbers have no gaps, appear
 * in their order, and nothing is ever added below one that was seen. So a number is a cursor. In each ordering key they
 * follow what happened: positions are taken under the key's lock, and whoever sees an event sees those before it.
 */
import type { Database } from '../../infrastructure/db/database.js';
import { isAnyWaiting, numberWaiting } from './event.sql.js';

/** Events per pass: everybody is told once per pass, and the lock is held that long. */
const PASS = 5_000;

export class EventRelay {
  constructor(private readonly database: Database) {}

  /** Numbers all that is committed; several gateways may do so at once. Returns how many there were. */
  async run(signal?: AbortSignal): Promise<number> {
    let total = 0;
    while (signal?.aborted !== true && (await this.database.command(isAnyWaiting))) {
      total += await this.database.command((tx) => numberWaiting(tx, PASS));
    }
    return total;
  }
}
