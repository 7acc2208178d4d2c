/**
 * The database's clock, as development and tests move it: holds, expiry and month ends without waiting. The
 * database itself refuses in production, whatever this process believes.
 */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { readClock } from '../../infrastructure/db/clock.js';
import { type Database, sqlState, statement } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import type { ClockErrorCode } from './clock.graphql.js';

const SET_CLOCK = statement('clock.set', `select hansa_set_clock(coalesce($1::timestamptz - now(), interval '0'))`);
/** Raised by hansa_set_clock in a production database. */
const REFUSED = 'HA001';

export class ClockService {
  constructor(private readonly database: Database) {}

  /** Makes it `to` now, and returns the time; without `to` the clock is right again. */
  async shift(principal: Principal, to: Date | undefined): Promise<Result<Date, ClockErrorCode>> {
    authorize(principal, 'clock.shift');
    try {
      return await this.database.command(async (tx) => {
        await tx.run(SET_CLOCK, [to ?? null]);
        return ok(await readClock(tx));
      });
    } catch (error) {
      if (sqlState(error) !== REFUSED) throw error;
      return fail('PRODUCTION_CLOCK', 'The clock of a production database cannot be moved.');
    }
  }
}
