/** Which rules pay when several hold. */
import { evaluate } from '../../../src/domain/earning/evaluate.js';
import type { Cap, EarningFacts, EarningRule, StackingGroup } from '../../../src/domain/earning/model.js';
import { cap, facts, programme, purchase, r, rateRule, rounding, rule } from './fixture.js';

const decide = (
  rules: readonly EarningRule[],
  groups: readonly StackingGroup[],
  amount = 10_000n,
  more: { readonly caps?: Cap[]; readonly seen?: Partial<EarningFacts> } = {},
) => {
  const terms = programme({ rules, groups, caps: more.caps ?? [] });
  const { accruals, shortfallUnits } = evaluate(purchase(amount), facts(more.seen), terms);
  return { paid: Object.fromEntries(accruals.map(({ ruleCode, units }) => [ruleCode, units])), shortfallUnits };
};
const inGroup = (group: string, ...rules: EarningRule[]): EarningRule[] => rules.map((each) => ({ ...each, group }));
const best: StackingGroup = { code: 'best', mode: 'BEST_OF', priority: 1 };

test.each<[string, EarningRule[], bigint, Record<string, bigint>]>([
  [
    '15 % against a fixed 50 on 100: the fixed',
    [rateRule('percent', '15%'), rule('fixed', { kind: 'FIXED', units: 5_000n })],
    10_000n,
    { fixed: 5_000n },
  ],
  [
    '15 % against a fixed 50 on 1,000: the 15 %',
    [rateRule('percent', '15%'), rule('fixed', { kind: 'FIXED', units: 5_000n })],
    100_000n,
    { percent: 15_000n },
  ],
  [
    'a tie goes to the newer first day',
    [rateRule('a', '1%', { from: '2026-01-01' }), rateRule('b', '1%', { from: '2026-02-01' })],
    10_000n,
    { b: 100n },
  ],
  ['then to the code', [rateRule('b', '1%'), rateRule('a', '1%')], 10_000n, { a: 100n }],
  [
    'the larger exact reward where both round alike',
    [rateRule('a', '1.001%'), rateRule('b', '1.002%')],
    10_000n,
    { b: 100n },
  ],
])('best of: %s', (_, rules, amount, paid) => {
  expect(decide(inGroup('best', ...rules), [best], amount).paid).toEqual(paid);
});

test('groups add up with each other and with rules without a group', () => {
  const rules = [...inGroup('best', rateRule('a', '1%'), rateRule('b', '2%')), rateRule('c', '3%')];
  expect(decide(rules, [best]).paid).toEqual({ b: 200n, c: 300n });
});

test.each<[string, Partial<StackingGroup>, Record<string, bigint>]>([
  ['everything of lower priority', {}, { joint: 1_000n }],
  ['only the groups it names', { silences: ['best'] }, { joint: 1_000n, plain: 300n }],
])('an exclusive group silences %s', (_, more, paid) => {
  const rules = [
    ...inGroup('only', rateRule('joint', '10%')),
    ...inGroup('best', rateRule('a', '1%')),
    rateRule('plain', '3%'),
  ];
  const only: StackingGroup = { code: 'only', mode: 'EXCLUSIVE', priority: 9, ...more };
  expect(decide(rules, [best, only]).paid).toEqual(paid);
});

test('an exclusive group that does not pay silences nobody', () => {
  const above = rateRule('above', '10%', { minimum: { amountMinor: 20_000n, exclusive: true } });
  const rules = [...inGroup('only', above), rateRule('plain', '3%')];
  const groups: StackingGroup[] = [{ code: 'only', mode: 'EXCLUSIVE', priority: 9 }];
  expect(decide(rules, groups, 25_000n).paid).toEqual({ above: 2_500n });
  expect(decide(rules, groups, 20_000n).paid).toEqual({ plain: 600n });
});

describe('caps', () => {
  const bonus = rateRule('bonus', '5%');
  const base = rateRule('base', '1%');
  const rules = inGroup('best', bonus, base);

  test.each<[string, Cap, bigint, Record<string, bigint>, Record<string, bigint>, bigint]>([
    [
      'spend, then the base rate',
      cap('c', 150_000n, { measure: 'SPEND', per: 'QUARTER', groups: ['best'], rules: ['bonus'], over: 'base' }),
      200_000n,
      {},
      { bonus: 7_500n, base: 500n },
      2_500n,
    ],
    [
      'spend used up: the base rate wins',
      cap('c', 150_000n, { measure: 'SPEND', per: 'QUARTER', rules: ['bonus'], over: 'base' }),
      200_000n,
      { c: 150_000n },
      { base: 2_000n },
      0n,
    ],
    [
      'spend, then nothing',
      cap('c', 150_000n, { measure: 'SPEND', rules: ['bonus'] }),
      200_000n,
      {},
      { bonus: 7_500n },
      2_500n,
    ],
    [
      'reward, then the base rate on what lies above',
      cap('c', 1_000n, { rules: ['bonus'], over: 'base' }),
      100_000n,
      {},
      { bonus: 1_000n, base: 800n },
      4_000n,
    ],
    ['reward of one purchase', cap('c', 1_000n, { per: 'TRANSACTION' }), 100_000n, {}, { bonus: 1_000n }, 4_000n],
    [
      'a share of the purchase',
      cap('c', 0n, { per: 'TRANSACTION', maxShare: r('3%') }),
      100_000n,
      {},
      { bonus: 3_000n },
      2_000n,
    ],
    [
      'how often: once more',
      cap('c', 3n, { measure: 'COUNT', per: 'LIFETIME' }),
      100_000n,
      { c: 2n },
      { bonus: 5_000n },
      0n,
    ],
    ['how often: no more', cap('c', 3n, { measure: 'COUNT', per: 'LIFETIME' }), 100_000n, { c: 3n }, {}, 5_000n],
    ['outside its days', cap('c', 1n, { from: '2026-04-01' }), 100_000n, {}, { bonus: 5_000n }, 0n],
  ])('%s', (_, limit, amount, used, paid, shortfall) => {
    const decision = decide(rules, [best], amount, { caps: [limit], seen: { used } });
    expect(decision.paid).toEqual(paid);
    expect(decision.shortfallUnits).toBe(shortfall);
  });

  test('a budget grants what is left and calls the rest by its name', () => {
    const budget = cap('pool', 25_000n, { holder: 'EVERYONE', per: 'CAMPAIGN', from: '2026-01-01' });
    const terms = programme({ rules: [rateRule('a', '10%')], caps: [budget] });
    const decision = evaluate(purchase(10_000n), facts({ used: { pool: 24_400n } }), terms);
    expect(decision.totalUnits).toBe(600n);
    expect(decision.shortfalls).toEqual([{ ruleCode: 'a', capCode: 'pool', because: 'BUDGET', units: 400n }]);
    expect(decision.uses).toEqual([
      { counter: 'pool', stored: 'pool', period: '2026-01-01', shared: true, amount: 600n },
    ]);
    expect(evaluate(purchase(10_000n), facts({ used: { pool: 25_000n } }), terms)).toMatchObject({
      zeroReason: 'BUDGET',
    });
  });

  test('a cap on spend binds a sum of the period also where single purchases round to nothing', () => {
    const terms = programme({
      rules: [{ ...rateRule('sum', '1%'), accumulate: 'MONTH' }],
      rounding: rounding('FLOOR'),
      caps: [cap('c', 100n, { measure: 'SPEND' })],
    });
    let used: Record<string, bigint> = {};
    let earned = 0n;
    for (let turn = 0; turn < 50; turn += 1) {
      const decision = evaluate(purchase(10n), facts({ used }), terms);
      earned += decision.totalUnits;
      for (const { counter, amount } of decision.uses) used = { ...used, [counter]: (used[counter] ?? 0n) + amount };
    }
    expect([earned, used]).toEqual([1n, { c: 100n, '+sum': 100n }]);
  });

  test('cards and accounts count by themselves, statement cycles from their day', () => {
    const terms = programme({
      rules: [rateRule('a', '1%')],
      caps: [
        cap('of-card', 1_000n, { holder: 'CARD', per: 'STATEMENT' }),
        cap('of-account', 1_000n, { holder: 'ACCOUNT' }),
      ],
    });
    const card = { id: 'card-1', account: 'family', statementDay: 15 };
    const { uses } = evaluate(purchase(10_000n, { card }), facts(), terms);
    expect(uses.map(({ stored, period }) => [stored, period])).toEqual([
      ['of-account@family', '2026-03-01'],
      ['of-card@card-1', '2026-02-15'],
    ]);
  });

  test('one cap on spend over two rules: first 300, weekday 2 %, weekend 5 %, then nothing', () => {
    const terms = programme({
      rules: [
        rateRule('weekday', '2%', { weekdays: [1, 2, 3, 4, 5] }),
        rateRule('weekend', '5%', { weekdays: [6, 7] }),
      ],
      caps: [cap('first-300', 30_000n, { measure: 'SPEND' })],
    });
    let used = 0n;
    const earned = (
      [
        ['2026-03-10', 5_000n],
        ['2026-03-11', 10_000n],
        ['2026-03-14', 5_000n],
        ['2026-03-16', 10_000n],
        ['2026-03-21', 10_000n],
        ['2026-03-23', 10_000n],
      ] as const
    ).map(([businessDate, amount]) => {
      const decision = evaluate(purchase(amount, { businessDate }), facts({ used: { 'first-300': used } }), terms);
      used += decision.uses.find(({ counter }) => counter === 'first-300')?.amount ?? 0n;
      return decision.totalUnits;
    });
    expect(earned).toEqual([100n, 200n, 250n, 200n, 0n, 0n]);
  });
});
