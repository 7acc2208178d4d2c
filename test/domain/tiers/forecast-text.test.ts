import type { TierLadder } from '../../../src/domain/earning/model.js';
import { forecastTier, type TierGoal } from '../../../src/domain/tiers/forecast.js';
import { forecastSentences, formatMetric, goalSentence } from '../../../src/domain/tiers/forecast-text.js';
import { memberTerms } from '../earning/member-terms.js';
import { calendar, ladder, metricOf } from './ladders.js';

const termsBy = (metric: TierLadder['metric']) =>
  memberTerms({ tiers: { ...ladder(calendar('QUARTER'), 'EARNED'), metric } });
const goal = (missing: bigint, from: string): TierGoal => ({ level: 'gold', missing, from, by: '2026-03-31' });

test.each<[TierLadder['metric'], bigint, string, 'keep' | 'reach', string]>([
  ['KEPT_SPEND', 320_000n, '2026-03-10', 'keep', '3,200.00 EUR more by 31 March 2026 keeps Gold.'],
  ['KEPT_SPEND', 99_999n, '2026-03-10', 'reach', '999.99 EUR more by 31 March 2026 reaches Gold.'],
  [
    'KEPT_SPEND',
    123_456_789n,
    '2026-03-11',
    'keep',
    '1,234,567.89 EUR from 11 March 2026 to 31 March 2026 keeps Gold.',
  ],
  ['REWARDS_ACCRUED', 105_000n, '2026-03-10', 'reach', '1,050.00 PTS more by 31 March 2026 reaches Gold.'],
  ['PURCHASES', 1n, '2026-03-10', 'keep', '1 more purchase by 31 March 2026 keeps Gold.'],
  ['PURCHASES', 1_200n, '2026-03-10', 'keep', '1,200 more purchases by 31 March 2026 keep Gold.'],
  ['PURCHASES', 2n, '2026-03-11', 'reach', '2 purchases from 11 March 2026 to 31 March 2026 reach Gold.'],
])('by %s, %s from %s: %s', (metric, missing, from, verb, sentence) => {
  expect(goalSentence(termsBy(metric), goal(missing, from), verb, '2026-03-10')).toBe(sentence);
});

test.each<[TierLadder['metric'], bigint, string]>([
  ['KEPT_SPEND', 5n, '0.05'],
  ['REWARDS_ACCRUED', 12_345n, '123.45'],
  ['PURCHASES', 17n, '17'],
])('a metric of %s, %s, is written %s', (metric, value, text) => {
  expect(formatMetric(termsBy(metric), value)).toBe(text);
});

test('a forecast says how long the tier is sure, what keeps it and what reaches the next', () => {
  const terms = termsBy('KEPT_SPEND');
  const standing = { tier: 'silver', since: '2025-11-01', reviewOn: '2026-04-01' };
  const forecast = forecastTier(terms.tiers, standing, '2026-03-10', metricOf({ '2026-02-01': 100 }));
  expect(forecastSentences(terms, forecast, '2026-03-10')).toEqual([
    'Silver is yours until 31 March 2026.',
    '2.00 EUR more by 31 March 2026 keeps Silver.',
    '9.00 EUR more by 31 March 2026 reaches Gold.',
  ]);
  const never = { ...terms, tiers: ladder(calendar('YEAR'), 'NEVER') };
  const gold = forecastTier(never.tiers, { tier: 'gold', since: '2025-11-01' }, '2026-03-10', metricOf({}));
  expect(forecastSentences(never, gold, '2026-03-10')).toEqual([]);
});
