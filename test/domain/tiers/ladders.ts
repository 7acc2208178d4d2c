/** Ladders and histories for the tests of tiers. */
import type { TierLadder } from '../../../src/domain/earning/model.js';
import type { BusinessDate } from '../../../src/domain/kernel/calendar.js';
import type { MetricIn } from '../../../src/domain/tiers/qualify.js';

export const rolling = (days: number): TierLadder['window'] => ({ kind: 'ROLLING', days });
export const calendar = (unit: 'MONTH' | 'QUARTER' | 'YEAR'): TierLadder['window'] => ({ kind: 'CALENDAR', unit });

/** basic from 0, silver from 300, gold from 1,000, of whatever is counted. */
export function ladder(
  window: TierLadder['window'],
  to: TierLadder['downgrade']['to'] = 'IMMEDIATE',
  graceDays = 0,
): TierLadder {
  return {
    metric: 'KEPT_SPEND',
    window,
    downgrade: { to, graceDays },
    levels: [
      { code: 'basic', name: 'Basic', from: 0n, benefits: [] },
      { code: 'silver', name: 'Silver', from: 300n, benefits: [] },
      { code: 'gold', name: 'Gold', from: 1_000n, benefits: [] },
    ],
  };
}

export type Days = Readonly<Record<BusinessDate, number>>;

/** The metric of a history of days. */
export const metricOf =
  (days: Days): MetricIn =>
  (first, last) =>
    Object.entries(days).reduce((sum, [day, amount]) => (day >= first && day <= last ? sum + BigInt(amount) : sum), 0n);
