/**
 * A member's standing as a run of purchases and refunds moves it, and what is to be stored of that.
 */
import type { TierLadder } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { type TierChange, tierChange } from './change.js';
import type { MetricIn } from './qualify.js';
import { advanceTier, supersedes, type TierStanding } from './standing.js';

/** A standing that is kept from now on; without `change` the tier is the same and only held anew. */
export interface StandingMove {
  readonly standing: TierStanding;
  readonly change?: TierChange;
}

export class KeptStanding {
  private readonly moved: StandingMove[] = [];

  /** @param current what is stored; undefined for a member that nobody has looked at */
  constructor(private current?: TierStanding) {}

  /** The tier in force on a day as the metric stands: for the decision on a purchase, before it. Changes nothing. */
  on(ladder: TierLadder, date: BusinessDate, metricIn: MetricIn): TierStanding {
    return advanceTier(ladder, this.current, date, metricIn);
  }

  /** Keeps what the metric makes of it on a day: after every purchase and refund, and at the daily review. */
  settle(ladder: TierLadder, date: BusinessDate, metricIn: MetricIn, refunded = false): void {
    const before = this.current;
    const standing = advanceTier(ladder, before, date, metricIn);
    if (!supersedes(standing, before)) return;
    const change = tierChange(ladder, before, standing, date, metricIn, refunded);
    this.current = standing;
    this.moved.push({ standing, ...(change && { change }) });
  }

  /** In the order in which they happened; the last one is in force. */
  moves(): readonly StandingMove[] {
    return this.moved;
  }
}
