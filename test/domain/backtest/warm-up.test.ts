import { warmUpFrom } from '../../../src/domain/backtest/warm-up.js';
import type { Cap, EarningRule, ProgrammeTerms, TierLadder } from '../../../src/domain/earning/model.js';
import { BEGINNING } from '../../../src/domain/earning/periods.js';

const ladder = (more: Partial<TierLadder> = {}): TierLadder => ({
  metric: 'KEPT_SPEND',
  window: { kind: 'ROLLING', days: 30 },
  downgrade: { to: 'IMMEDIATE', graceDays: 0 },
  levels: [
    { code: 'basic', name: 'Basic', from: 0n, benefits: [] },
    { code: 'gold', name: 'Gold', from: 100n, benefits: [] },
  ],
  ...more,
});
const flat = ladder({ levels: ladder().levels.slice(0, 1) });

const cap = (per: Cap['per'], more: Partial<Cap> = {}): Cap => ({
  code: per,
  measure: 'REWARD',
  holder: 'MEMBER',
  per,
  max: 1n,
  refundReleases: true,
  ...more,
});

const rule = (more: Partial<EarningRule>): EarningRule => ({
  code: 'rule',
  name: 'Rule',
  funding: { by: 'CONTRACT', of: 'PROGRAMME' },
  when: {},
  effect: { kind: 'FIXED', units: 1n },
  ...more,
});

const reaching = (per: Cap['per']): EarningRule =>
  rule({ when: { reaches: { metric: 'PURCHASES', per, mark: 3n, repeats: false, atSamePartner: false } } });

const terms = (tiers: TierLadder, caps: readonly Cap[] = [], rules: readonly EarningRule[] = []): ProgrammeTerms =>
  ({ tiers, caps, rules }) as unknown as ProgrammeTerms;

test.each<[string, ProgrammeTerms[], string]>([
  ['nothing looks back', [terms(flat)], '2026-08-20'],
  ['a cap of one purchase counts nothing', [terms(flat, [cap('TRANSACTION')])], '2026-08-20'],
  ['the month of a cap', [terms(flat, [cap('MONTH')])], '2026-08-01'],
  ['the longest of several caps', [terms(flat, [cap('MONTH'), cap('YEAR'), cap('WEEK')])], '2026-01-01'],
  ['a statement cycle may begin on any day', [terms(flat, [cap('STATEMENT')])], '2026-07-20'],
  ['a campaign from its first day', [terms(flat, [cap('CAMPAIGN', { from: '2026-05-05' })])], '2026-05-05'],
  ['a lifetime', [terms(flat, [cap('LIFETIME')])], BEGINNING],
  ['a rule that accumulates', [terms(flat, [], [rule({ accumulate: 'QUARTER' })])], '2026-07-01'],
  ['a mark', [terms(flat, [], [reaching('MONTH')])], '2026-08-01'],
  ['a tier by the days before', [terms(ladder())], '2026-07-21'],
  ['a tier by the calendar', [terms(ladder({ window: { kind: 'CALENDAR', unit: 'YEAR' } }))], '2026-01-01'],
  ['a tier that is held', [terms(ladder({ downgrade: { to: 'EARNED', graceDays: 0 } }))], BEGINNING],
  ['a tier by what was earned', [terms(ladder({ metric: 'REWARDS_ACCRUED' }))], BEGINNING],
  ['the tier on the first day of the cap', [terms(ladder(), [cap('MONTH')])], '2026-07-02'],
  ['the mark on the first day of the cap', [terms(flat, [cap('MONTH')], [reaching('YEAR')])], '2026-01-01'],
  ['every version counts', [terms(flat), terms(flat, [cap('MONTH')]), terms(flat, [cap('WEEK')])], '2026-08-01'],
])('%s', (_, versions, day) => {
  expect(warmUpFrom('2026-08-20', versions)).toBe(day);
});
