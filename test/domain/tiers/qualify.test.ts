import { earnedLevel, metricWindow, rankOf } from '../../../src/domain/tiers/qualify.js';
import { calendar, ladder, rolling } from './ladders.js';

test.each([
  [0n, 'basic'],
  [299n, 'basic'],
  [300n, 'silver'],
  [999n, 'silver'],
  [1_000n, 'gold'],
  [10n ** 15n, 'gold'],
])('a metric of %s earns %s', (metric, tier) => {
  expect(earnedLevel(ladder(rolling(365)), metric).code).toBe(tier);
});

test.each([
  [rolling(1), '2026-03-10', '2026-03-10'],
  [rolling(2), '2026-03-01', '2026-02-28'],
  [rolling(365), '2026-12-31', '2026-01-01'],
  [rolling(366), '2024-12-31', '2024-01-01'],
  [calendar('MONTH'), '2026-03-10', '2026-03-01'],
  [calendar('QUARTER'), '2026-03-10', '2026-01-01'],
  [calendar('QUARTER'), '2026-04-01', '2026-04-01'],
  [calendar('YEAR'), '2026-12-31', '2026-01-01'],
])('the days of %j that count on %s start on %s', (window, date, first) => {
  expect(metricWindow(ladder(window), date)).toEqual({ first, last: date });
});

test('a negative metric is a bug of the caller', () => {
  expect(() => earnedLevel(ladder(rolling(30)), -1n)).toThrow('Invariant');
});

test('a tier of another version has no place', () => {
  expect(rankOf(ladder(rolling(30)), 'gold')).toBe(2);
  expect(rankOf(ladder(rolling(30)), 'platinum')).toBeUndefined();
});
