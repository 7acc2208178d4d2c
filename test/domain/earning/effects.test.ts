/** One table per kind of effect, and how its reward is rounded. Amounts are cents, units hundredths. */
import { evaluate } from '../../../src/domain/earning/evaluate.js';
import type { BasketLine, Effect, Purchase, RewardRounding } from '../../../src/domain/earning/model.js';
import { facts, programme, purchase, r, rateRule, rounding, rule } from './fixture.js';

const goods = (amountMinor: bigint, more: Partial<BasketLine> = {}): BasketLine => ({
  kind: 'GOODS',
  amountMinor,
  quantity: 1,
  tags: [],
  ...more,
});

const units = (effect: Effect, bought: Purchase, how: RewardRounding = rounding('FLOOR')): bigint =>
  evaluate(bought, facts(), programme({ rules: [rule('a', effect)], rounding: how })).totalUnits;

test.each([
  [9_900n, 0n],
  [10_000n, 100n],
  [19_900n, 100n],
  [99_900n, 900n],
])('a step of 1 per full 100: %s gives %s', (amount, expected) => {
  expect(units({ kind: 'STEP', units: 100n, everyMinor: 10_000n }, purchase(amount))).toBe(expected);
});

test.each([
  ['1 per 33', 3_300n, 100_000n, 3_000n],
  ['1 per 15', 1_500n, 100_000n, 6_600n],
])('a step of %s', (_, everyMinor, amount, expected) => {
  expect(units({ kind: 'STEP', units: 100n, everyMinor }, purchase(amount))).toBe(expected);
});

test('a fixed reward does not look at the amount', () => {
  expect(units({ kind: 'FIXED', units: 5_000n }, purchase(1n))).toBe(5_000n);
});

test.each([
  ['no basket is one item', undefined, 10n],
  ['the items of all lines', [goods(100n, { quantity: 3 }), goods(50n)], 40n],
])('per item: %s', (_, lines, expected) => {
  expect(units({ kind: 'PER_ITEM', units: 10n }, purchase(150n, lines ? { lines } : {}))).toBe(expected);
});

describe('marginal bands of 5 % on the first 500, then 1 %', () => {
  const bands: Effect = { kind: 'BANDS', bands: [{ uptoMinor: 50_000n, rate: r('5%') }, { rate: r('1%') }] };
  test.each([
    [10_000n, 500n],
    [50_000n, 2_500n],
    [90_000n, 2_900n],
    [150_000n, 3_500n],
  ])('%s gives %s', (amount, expected) => {
    expect(units(bands, purchase(amount))).toBe(expected);
  });

  test.each([
    [0n, 60_000n, 2_600n],
    [40_000n, 20_000n, 600n],
    [80_000n, 10_000n, 100n],
  ])('over a whole year: after %s another %s gives %s', (before, amount, expected) => {
    const yearly = { ...rule('y', bands), accumulate: 'YEAR' as const };
    const decision = evaluate(purchase(amount), facts({ used: { '+y': before } }), programme({ rules: [yearly] }));
    expect(decision.totalUnits).toBe(expected);
    expect(decision.uses).toEqual([{ counter: '+y', stored: '+y', period: '2026-01-01', shared: false, amount }]);
  });
});

test('what accumulates is rounded over the period: three times 0.33 at 1.25 % are what 0.99 is', () => {
  const monthly = { ...rateRule('m', '1.25%'), accumulate: 'MONTH' as const };
  const terms = programme({ rules: [monthly], rounding: rounding('HALF_UP') });
  const of = (before: bigint): bigint => evaluate(purchase(33n), facts({ used: { '+m': before } }), terms).totalUnits;
  // 0.4125, 0.825, 1.2375 cents in all
  expect([of(0n), of(33n), of(66n)]).toEqual([0n, 1n, 0n]);
});

describe('a multiplier', () => {
  const base = rateRule('base', '1%');
  const by = (text: string, pays: 'BONUS' | 'WHOLE'): Effect => ({ kind: 'MULTIPLIER', of: 'base', by: r(text), pays });
  const unitsOf = (code: string, terms: Parameters<typeof programme>[0]): bigint =>
    evaluate(purchase(10_000n), facts(), programme(terms)).accruals.find(({ ruleCode }) => ruleCode === code)?.units ??
    0n;

  test('pays what lies above once beside the rule it multiplies', () => {
    expect(unitsOf('x', { rules: [base, rule('x', by('3', 'BONUS'))] })).toBe(200n);
  });

  test('pays all of it in a group where the other one loses', () => {
    const rules = [
      { ...base, group: 'g' },
      { ...rule('x', by('3', 'WHOLE')), group: 'g' },
    ];
    const groups = [{ code: 'g', mode: 'BEST_OF' as const, priority: 1 }];
    expect([unitsOf('x', { rules, groups }), unitsOf('base', { rules, groups })]).toEqual([300n, 0n]);
  });

  test('has nothing where the rule it multiplies does not hold', () => {
    const elsewhere = rateRule('base', '1%', { categories: ['travel'] });
    expect(unitsOf('x', { rules: [elsewhere, rule('x', by('3', 'BONUS'))] })).toBe(0n);
  });

  test('multiplies with others of its group: twice and three times are six times', () => {
    const groups = [{ code: 'm', mode: 'MULTIPLICATIVE' as const, priority: 1 }];
    const rules = [
      base,
      { ...rule('x2', by('2', 'BONUS')), group: 'm' },
      { ...rule('x3', by('3', 'BONUS')), group: 'm' },
    ];
    const terms = { rules, groups };
    expect([unitsOf('base', terms), unitsOf('x2', terms), unitsOf('x3', terms)]).toEqual([100n, 100n, 400n]);
    expect(evaluate(purchase(10_000n), facts(), programme({ ...terms, rules: rules.toReversed() })).totalUnits).toBe(
      600n,
    );
  });
});

describe('rounding', () => {
  test.each<[string, RewardRounding, bigint, bigint]>([
    [
      'the spend down to a full hundred, then 5 %',
      rounding('FLOOR', { spend: { toMinor: 10_000n, mode: 'FLOOR' } }),
      199_900n,
      9_500n,
    ],
    [
      'the spend half up to a full hundred',
      rounding('FLOOR', { spend: { toMinor: 10_000n, mode: 'HALF_UP' } }),
      15_000n,
      1_000n,
    ],
    ['the reward to whole units', rounding('FLOOR', { step: 100n }), 3_999n, 100n],
    ['the reward half even to whole units', rounding('HALF_EVEN', { step: 100n }), 3_000n, 200n],
  ])('%s', (_, how, amount, expected) => {
    expect(units({ kind: 'RATE', rate: r('5%') }, purchase(amount), how)).toBe(expected);
  });

  test('per line: 20.987 + 20.987 is 41.98, and 41.97 when the sum is rounded', () => {
    const lines = [goods(20_987n), goods(20_987n)];
    const of = (per: RewardRounding['per']): bigint =>
      units({ kind: 'RATE', rate: r('10%') }, purchase(41_974n, { lines }), rounding('HALF_UP', { per }));
    expect([of('LINE'), of('RULE')]).toEqual([4_198n, 4_197n]);
  });

  test('per purchase: the exact rewards are added, rounded once and handed back by largest remainder', () => {
    const how = rounding('HALF_UP', { per: 'TRANSACTION' });
    const rules = [rateRule('a', '0.4%'), rateRule('b', '0.5%'), rateRule('c', '0.6%')];
    const { accruals, totalUnits } = evaluate(purchase(100n), facts(), programme({ rules, rounding: how }));
    // 0.4 + 0.5 + 0.6 = 1.5 cents
    expect(totalUnits).toBe(2n);
    expect(accruals.map(({ ruleCode, units: part }) => [ruleCode, part])).toEqual([
      ['b', 1n],
      ['c', 1n],
    ]);
  });

  test('two rules on one purchase may round differently', () => {
    const rules = [rateRule('down', '1.5%'), rateRule('up', '1.5%', {}, { rounding: rounding('HALF_UP') })];
    const { accruals } = evaluate(purchase(100n), facts(), programme({ rules, rounding: rounding('FLOOR') }));
    expect(accruals.map(({ units: part }) => part)).toEqual([1n, 2n]);
  });
});

describe('the base', () => {
  const lines: BasketLine[] = [
    goods(6_000n, { tags: ['eco'] }),
    goods(4_000n),
    { kind: 'FREIGHT', amountMinor: 500n, quantity: 1, tags: [] },
    { kind: 'TAX', amountMinor: 300n, quantity: 1, tags: [] },
    { kind: 'DISCOUNT', amountMinor: 1_000n, quantity: 1, tags: [] },
    { kind: 'REDEMPTION', amountMinor: 2_000n, quantity: 1, tags: [] },
  ];
  const bought = purchase(10_800n, { lines });
  test.each([
    ['gross', [], 10_800n],
    ['net of redemption', ['REDEMPTION'], 8_800n],
    ['net of discount', ['DISCOUNT'], 9_800n],
    ['what was paid for the goods alone', ['REDEMPTION', 'DISCOUNT', 'FREIGHT', 'TAX', 'FEE'], 7_000n],
  ] as const)('%s (A13)', (_, without, expected) => {
    const terms = programme({ rules: [rateRule('a', '100%', {}, { base: { without } })] });
    expect(evaluate(bought, facts(), terms).totalUnits).toBe(expected);
  });

  test('of tagged lines is those lines without freight, with their part of what was not paid', () => {
    const terms = programme({ rules: [rateRule('eco', '100%', { tags: ['eco'] })] });
    expect(evaluate(bought, facts(), terms).totalUnits).toBe(6_000n - 600n - 1_200n);
  });

  test('leaves excluded products out, and says so; a basket of nothing else earns nothing', () => {
    const terms = programme({
      rules: [rateRule('a', '100%')],
      productExclusions: [{ tag: 'milk', reason: 'price is regulated', until: '2026-12-31' }],
    });
    const basket = purchase(8_068n, { lines: [goods(7_729n), goods(339n, { tags: ['milk'] })] });
    const decision = evaluate(basket, facts(), terms);
    expect(decision.totalUnits).toBe(7_729n);
    expect(decision.explanation.children.map(({ code }) => code)).toContain('EXCLUDED_PRODUCT');
    const onlyMilk = purchase(339n, { lines: [goods(339n, { tags: ['milk'] })] });
    expect(evaluate(onlyMilk, facts(), terms)).toMatchObject({ totalUnits: 0n, zeroReason: 'EXCLUDED_PRODUCT' });
    expect(evaluate({ ...onlyMilk, businessDate: '2027-01-01' }, facts(), terms).totalUnits).toBe(339n);
  });

  test('adds the parts of one basket to the same sum of the period', () => {
    const bands: Effect = { kind: 'BANDS', bands: [{ uptoMinor: 30_000n, rate: r('5%') }, { rate: r('0') }] };
    const base = programme({ rules: [{ ...rule('m', bands), accumulate: 'MONTH' }] });
    const terms = {
      ...base,
      categories: base.categories.map((each) => (each.code === 'food' ? { ...each, products: ['bread'] } : each)),
    };
    const basket = purchase(60_000n, { lines: [goods(30_000n, { tags: ['bread'] }), goods(30_000n)] });
    const decision = evaluate(basket, facts(), terms);
    expect(decision.totalUnits).toBe(1_500n);
    expect(decision.uses.map(({ counter, amount }) => [counter, amount])).toEqual([['+m', 60_000n]]);
  });

  test('is cut by the categories of its lines; a fixed reward is paid once', () => {
    const food = rateRule('food', '10%', { categories: ['food'] });
    const other = rateRule('other', '1%', { categories: ['UNCATEGORISED'] });
    const once = rule('once', { kind: 'FIXED', units: 7n });
    const base = programme({ rules: [food, other, once] });
    const terms = {
      ...base,
      categories: base.categories.map((each) => (each.code === 'food' ? { ...each, products: ['bread'] } : each)),
    };
    const basket = purchase(3_000n, { lines: [goods(1_000n, { tags: ['bread'] }), goods(2_000n)] });
    expect(evaluate(basket, facts(), terms).accruals.map(({ ruleCode, units: part }) => [ruleCode, part])).toEqual([
      ['food', 100n],
      ['once', 7n],
      ['other', 20n],
    ]);
  });
});
