/**
 * The end of each month of a feed: confirm what is due, close the window, settle it.
 *
 * Keyed by run and month, so that a repetition after a kill finishes what was begun and does nothing else. The
 * next month's rows wait for the close, because they belong into the next window; they do not wait for the
 * settlement, which reads what cannot change any more.
 */
import type { Principal } from '../../domain/access/principal.js';
import { type BusinessDate, endOfMonth } from '../../domain/kernel/calendar.js';
import type { Failure } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { confirmDue } from '../earning/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { SettlementService } from '../settlement/index.js';
import type { ImportRun } from './import.sql.js';

export interface MonthEndOptions {
  readonly database: Database;
  readonly settlement: SettlementService;
  readonly principal: Principal;
  readonly programme: ProgrammeRecord;
  /** A month that is not over yet is not closed. */
  readonly today: BusinessDate;
}

export class MonthEnds {
  private settling: Promise<void> = Promise.resolve();
  private settled = 0;

  constructor(private readonly options: MonthEndOptions) {}

  /**
   * Ends a month (YYYY-MM). A run that has accepted nothing has nothing to close: importing a file again
   * changes nothing.
   */
  async end(run: ImportRun, month: string): Promise<void> {
    await this.settling;
    const { database, settlement, principal, programme, today } = this.options;
    const lastDay = endOfMonth(`${month}-01`);
    if (run.accepted === 0 || lastDay >= today) return;
    await confirmDue(database, programme.no, lastDay);
    const command = { programmeCode: programme.code, idempotencyKey: `import/${run.id}/${month}/close` };
    const closed = await settlement.closeIfNotEmpty(principal, command);
    if (!closed.ok) throw retryable(closed.failure);
    this.settle(`import/${run.id}/${month}/settle`);
  }

  /** After a kill: settles a window that was closed and not settled any more, before another one is closed. */
  async resume(run: ImportRun): Promise<void> {
    if (run.accepted > 0) this.settle(`import/${run.id}/resumed/${run.nextOrdinal}/${run.lanesDone}/settle`);
    await this.settling;
  }

  /** How many settlements were made, once the last one is. */
  async finished(): Promise<number> {
    await this.settling;
    return this.settled;
  }

  private settle(idempotencyKey: string): void {
    this.settling = this.settleNow(idempotencyKey);
    this.settling.catch(() => undefined); // thrown where it is awaited
  }

  private async settleNow(idempotencyKey: string): Promise<void> {
    const { settlement, principal, programme } = this.options;
    const made = await settlement.settle(principal, { programmeCode: programme.code, idempotencyKey });
    if (made.ok) this.settled += 1;
    else if (made.failure.code !== 'NOTHING_TO_SETTLE') throw retryable(made.failure);
  }
}

const retryable = ({ message }: Failure<string>): OperatorError =>
  new OperatorError(`${message} Import again: it goes on from here.`);
