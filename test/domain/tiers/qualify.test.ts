import type { TierLadder } from '../../../src/domain/earning/model.js';
import { tierFor, windowStart } from '../../../src/domain/tiers/qualify.js';

const ladder = (rollingDays: number): TierLadder => ({
  metric: 'KEPT_SPEND',
  rollingDays,
  levels: [
    { code: 'basic', name: 'Basic', fromMinor: 0n },
    { code: 'silver', name: 'Silver', fromMinor: 300_000n },
    { code: 'gold', name: 'Gold', fromMinor: 1_000_000n },
  ],
});

test.each([
  [0n, 'basic'],
  [299_999n, 'basic'],
  [300_000n, 'silver'],
  [999_999n, 'silver'],
  [1_000_000n, 'gold'],
  [10n ** 15n, 'gold'],
])('%s minor units kept make %s', (spend, tier) => {
  expect(tierFor(ladder(365), spend).code).toBe(tier);
});

test.each([
  [1, '2026-03-10', '2026-03-10'],
  [2, '2026-03-01', '2026-02-28'],
  [365, '2026-12-31', '2026-01-01'],
  [366, '2024-12-31', '2024-01-01'],
])('the window of %s days that ends on %s starts on %s', (days, date, first) => {
  expect(windowStart(ladder(days), date)).toBe(first);
});

test('negative spend is a bug of the caller', () => {
  expect(() => tierFor(ladder(365), -1n)).toThrow('Invariant');
});
