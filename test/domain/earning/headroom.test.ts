import { evaluate } from '../../../src/domain/earning/evaluate.js';
import { headroomOf, nextThreshold } from '../../../src/domain/earning/headroom.js';
import type { EarningRule } from '../../../src/domain/earning/model.js';
import { cap, facts, programme, purchase, rateRule, rounding, rule } from './fixture.js';

const more = (rules: EarningRule[], amountMinor: bigint, seen = facts()) =>
  nextThreshold(purchase(amountMinor, { mcc: '5411' }), seen, programme({ rules }));

describe('the next threshold', () => {
  const above200 = rateRule('above', '10%', { minimum: { amountMinor: 20_000n, exclusive: true } });
  const from200 = rateRule('from', '10%', { minimum: { amountMinor: 20_000n, exclusive: false } });
  const perHundred = rule('step', { kind: 'STEP', units: 100n, everyMinor: 10_000n });
  const fullHundreds = rateRule(
    'full',
    '5%',
    {},
    { rounding: rounding('FLOOR', { spend: { toMinor: 10_000n, mode: 'FLOOR' } }) },
  );
  const mark = rule(
    'mark',
    { kind: 'FIXED', units: 1_000n },
    { reaches: { metric: 'SPEND', per: 'MONTH', mark: 100_000n, repeats: false, atSamePartner: false } },
  );

  test.each<[string, EarningRule[], bigint, bigint | undefined, string | undefined]>([
    ['12 more and you earn 10 %', [from200], 18_800n, 1_200n, 'from'],
    ['one minor unit above an exclusive minimum', [above200], 20_000n, 1n, 'above'],
    ['none once it is reached', [from200], 20_000n, undefined, undefined],
    ['none further away than the purchase is large', [from200], 9_999n, undefined, undefined],
    ['the next full step', [perHundred], 19_900n, 100n, 'step'],
    ['the next full hundred', [fullHundreds], 19_999n, 1n, 'full'],
    ['the larger of several at one amount', [from200, perHundred], 15_500n, 4_500n, 'from'],
    ['none where everything is proportional', [rateRule('plain', '3%')], 10_000n, undefined, undefined],
    [
      'none of another category',
      [rateRule('t', '10%', { categories: ['travel'], minimum: { amountMinor: 20_000n, exclusive: false } })],
      19_000n,
      undefined,
      undefined,
    ],
  ])('%s', (_, rules, amount, missingMinor, ruleCode) => {
    const found = more(rules, amount);
    expect(found?.missingMinor).toBe(missingMinor);
    expect(found?.ruleCode).toBe(ruleCode);
  });

  test('a mark on spend counts what was spent before', () => {
    const seen = facts({ progress: { mark: { before: 85_000n } } });
    expect(more([mark], 10_000n, seen)).toEqual({
      ruleCode: 'mark',
      ruleName: 'mark',
      missingMinor: 5_000n,
      totalUnits: 1_000n,
    });
  });
});

test('headroom is what caps and budgets of the purchase leave before and after it, with the end of their period', () => {
  const terms = programme({
    rules: [rateRule('a', '10%'), rateRule('t', '10%', { categories: ['travel'] })],
    caps: [
      cap('month', 2_000n),
      cap('spend', 50_000n, { measure: 'SPEND', per: 'YEAR' }),
      cap('budget', 5_000n, { holder: 'EVERYONE', per: 'CAMPAIGN', from: '2026-01-01', until: '2026-12-31' }),
      cap('of-travel', 1n, { categories: ['travel'] }),
      cap('once', 500n, { per: 'TRANSACTION' }),
    ],
  });
  const bought = purchase(10_000n, { mcc: '5411' });
  const used: Record<string, bigint> = { month: 1_800n, spend: 45_000n, budget: 6_000n };
  const decision = evaluate(bought, facts({ used: { ...used, budget: 4_900n } }), terms);
  const room = headroomOf(bought, terms, decision, ({ counter }) => used[counter] ?? 0n);
  expect(room.map(({ cap: { code }, left, leftAfter, until }) => [code, left, leftAfter, until])).toEqual([
    ['month', 200n, 100n, '2026-03-31'],
    ['spend', 5_000n, 0n, '2026-12-31'],
    ['budget', 0n, 0n, '2026-12-31'],
  ]);
});
