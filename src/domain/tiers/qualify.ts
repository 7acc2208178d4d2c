/**
 * What a member's history earns on a ladder: which days count, and which level they reach.
 */
import type { DayMetrics } from '../earning/books.js';
import type { TierLadder, TierLevel } from '../earning/model.js';
import { periodStart } from '../earning/periods.js';
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';

/** Both inclusive. */
export interface MetricWindow {
  readonly first: BusinessDate;
  readonly last: BusinessDate;
}

/** The ladder's metric over days that may be any, known or to come: in its own measure, zero where nothing happened. */
export type MetricIn = (first: BusinessDate, last: BusinessDate) => bigint;

/** What one day adds to the ladder's metric. */
export function metricOfDay({ metric }: TierLadder, { keptMinor, accruedUnits, purchases }: DayMetrics): bigint {
  switch (metric) {
    case 'KEPT_SPEND':
      return keptMinor;
    case 'REWARDS_ACCRUED':
      return accruedUnits;
    case 'PURCHASES':
      return BigInt(purchases);
  }
}

/** The metric of a history that is known day by day. */
export const metricOfDays =
  (days: ReadonlyMap<BusinessDate, bigint>): MetricIn =>
  (first, last) => {
    let sum = 0n;
    for (const [day, metric] of days) if (first <= day && day <= last) sum += metric;
    return sum;
  };

/** Days that count for a purchase on `date`, which is itself the last one: N rolling days include it. */
export function metricWindow(ladder: TierLadder, date: BusinessDate): MetricWindow {
  const known = asked.get(ladder);
  if (known?.last === date) return known;
  const { window } = ladder;
  const first = window.kind === 'ROLLING' ? addDays(date, 1 - window.days) : periodStart(window.unit, date);
  const found = { first, last: date };
  asked.set(ladder, found);
  return found;
}

/** The window that was asked for last: one decision asks for its own several times. */
const asked = new WeakMap<TierLadder, MetricWindow>();

/** Highest level whose threshold the metric of a window reaches; the first level starts at zero. */
export const earnedLevel = (ladder: TierLadder, metric: bigint): TierLevel =>
  ladder.levels[earnedRank(ladder, metric)] as TierLevel;

/** The same as its place on the ladder: 0 is the lowest. */
export function earnedRank(ladder: TierLadder, metric: bigint): number {
  const rank = ladder.levels.findLastIndex((level) => level.from <= metric);
  invariant(rank >= 0, 'a tier ladder starts at zero and its metric is never negative');
  return rank;
}

/** Place of a tier on the ladder; undefined when another version of the programme knew it and this one does not. */
export function rankOf(ladder: TierLadder, tier: string): number | undefined {
  const rank = ladder.levels.findIndex((level) => level.code === tier);
  return rank < 0 ? undefined : rank;
}
