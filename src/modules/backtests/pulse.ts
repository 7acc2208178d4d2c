/**
 * The signs of life of a run: its process says every second how far it is, and learns from the answer whether
 * the run is still its own.
 */
import type { Database } from '../../infrastructure/db/database.js';
import { type BacktestRun, beat } from './backtest.sql.js';

/** The run was cancelled, or another process has it: whoever replays it stops. */
export class RunLost extends Error {}

export class Pulse {
  done = 0;
  total: number | undefined;
  private lost = false;
  private lastMs = performance.now();
  private readonly timer: NodeJS.Timeout;

  /** Beats by itself, too, so that a long statement is not taken for death. */
  constructor(
    private readonly database: Database,
    private readonly run: BacktestRun,
    private readonly everyMs: number,
  ) {
    this.timer = setInterval(() => void this.beat().catch(() => undefined), Math.max(everyMs, 1_000));
  }

  /** Throws RunLost when the run is not ours any more. Asks the database only every so often. */
  async check(): Promise<void> {
    if (performance.now() - this.lastMs >= this.everyMs) await this.beat();
    if (this.lost) throw new RunLost();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    this.lastMs = performance.now();
    const { done, total } = this;
    if (!(await this.database.command((tx) => beat(tx, this.run, done, total ?? null)))) this.lost = true;
  }
}
