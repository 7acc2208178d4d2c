/**
 * A change of tier as the member's history keeps it: what it was, what it is, by what, and why.
 */
import type { TierLadder } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { type MetricIn, metricWindow, rankOf } from './qualify.js';
import { judgedAt, type TierStanding } from './standing.js';

/**
 * FIRST: the first standing that was kept. UP and DOWN: by the metric, at once or at a review. REFUND: fell
 * because a purchase was given back. TERMS: the programme's levels are others now.
 */
export const TIER_CHANGE_REASONS = ['FIRST', 'UP', 'DOWN', 'REFUND', 'TERMS'] as const;
export type TierChangeReason = (typeof TIER_CHANGE_REASONS)[number];

export interface TierChange {
  readonly on: BusinessDate;
  /** Absent for the first. */
  readonly from?: string;
  readonly to: string;
  /** Of the window that decided, in the ladder's own measure. */
  readonly metric: bigint;
  readonly because: TierChangeReason;
}

/**
 * What history notes when `after`, found on `date`, is kept instead of `before`; nothing when the tier is the
 * same, as when a review confirmed it.
 *
 * @param refunded whether what happened just before was a refund
 */
export function tierChange(
  ladder: TierLadder,
  before: TierStanding | undefined,
  after: TierStanding,
  date: BusinessDate,
  metricIn: MetricIn,
  refunded = false,
): TierChange | undefined {
  if (before?.tier === after.tier) return undefined;
  const because = reasonOf(ladder, before, after, refunded);
  const reviewed = because === 'DOWN' && ladder.downgrade.to !== 'IMMEDIATE';
  const { first, last } = reviewed ? judgedAt(ladder, after.since) : metricWindow(ladder, date);
  return {
    on: after.since,
    ...(before && { from: before.tier }),
    to: after.tier,
    metric: metricIn(first, last),
    because,
  };
}

function reasonOf(
  ladder: TierLadder,
  before: TierStanding | undefined,
  after: TierStanding,
  refunded: boolean,
): TierChangeReason {
  if (before === undefined) return 'FIRST';
  const from = rankOf(ladder, before.tier);
  if (from === undefined) return 'TERMS';
  if ((rankOf(ladder, after.tier) as number) > from) return 'UP';
  return refunded ? 'REFUND' : 'DOWN';
}
