import { evaluate } from '../../../src/domain/earning/evaluate.js';
import { explanationDigest } from '../../../src/domain/earning/explain.js';
import type {
  Cap,
  EarningFacts,
  EarningRule,
  Explanation,
  ProgrammeTerms,
  Purchase,
} from '../../../src/domain/earning/model.js';
import { rate } from '../../../src/domain/money/rate.js';
import {
  bothContracts,
  cap,
  facts,
  ISSUER,
  MERCHANT,
  programme,
  purchase,
  r,
  rateRule,
  rounding,
  rule,
} from './fixture.js';

const codes = (node: Explanation): string[] => [node.code, ...node.children.flatMap(codes)];
const monthly = (code: string, max: bigint, category?: string): Cap =>
  cap(code, max, category ? { categories: [category] } : {});

const MATRIX: EarningRule = rule('matrix', {
  kind: 'TIER_CATEGORY_MATRIX',
  rates: { basic: { food: r('2%'), BASE: r('0.5%') }, gold: { food: r('5%') } },
});

describe('nothing is earned, with the reason', () => {
  test.each<[string, string, Partial<ProgrammeTerms>, Partial<Purchase>, Partial<EarningFacts>]>([
    ['EXCLUDED_MCC', 'cash', {}, { mcc: '6011' }, {}],
    ['NO_RULE', 'no rules', { rules: [] }, {}, {}],
    ['RULE_NOT_IN_FORCE', 'before the first day', { rules: [rateRule('a', '1%', { from: '2026-03-11' })] }, {}, {}],
    ['RULE_NOT_IN_FORCE', 'after the last day', { rules: [rateRule('a', '1%', { until: '2026-03-09' })] }, {}, {}],
    [
      'RULE_OTHER_PARTNER',
      'another partner',
      { rules: [rateRule('a', '1%', { partners: ['other'] })] },
      { merchant: MERCHANT },
      {},
    ],
    ['RULE_OTHER_PARTNER', 'no partner', { rules: [rateRule('a', '1%', { partners: ['shop'] })] }, {}, {}],
    ['RULE_RATE_ZERO', 'a rate of zero', { rules: [rateRule('a', '0')] }, {}, {}],
    ['RULE_RATE_ZERO', 'no cell and no base', { rules: [MATRIX] }, {}, { tier: 'gold' }],
    ['RULE_RATE_ZERO', 'an unknown tier', { rules: [MATRIX] }, {}, { tier: 'platinum' }],
    [
      'NO_MERCHANT',
      'no merchant',
      { rules: [rateRule('a', '1%', {}, { funding: { by: 'CONTRACT', of: 'MERCHANT' } })] },
      {},
      {},
    ],
    [
      'NO_ISSUER',
      'no issuer',
      { rules: [rateRule('a', '1%', {}, { funding: { by: 'CONTRACT', of: 'ISSUER' } })] },
      {},
      {},
    ],
    [
      'NO_CONTRACT',
      'no contract',
      { rules: [rateRule('a', '1%', {}, { funding: { by: 'CONTRACT', of: 'MERCHANT' } })] },
      { merchant: MERCHANT },
      {},
    ],
    ['ROUNDED_TO_ZERO', 'too little', {}, { amountMinor: 49n }, {}],
    ['CAPPED', 'a full cap', { caps: [monthly('m', 100n)] }, {}, { used: { m: 100n } }],
    ['CAPPED', 'a cap that was lowered below its use', { caps: [monthly('m', 100n)] }, {}, { used: { m: 150n } }],
    [
      'CAPPED',
      'the weightiest of several',
      {
        caps: [monthly('m', 1n)],
        rules: [rateRule('a', '0'), rateRule('b', '1%'), rateRule('c', '1%', { partners: ['x'] })],
      },
      {},
      { used: { m: 1n } },
    ],
  ])('%s: %s', (reason, _, terms, bought, seen) => {
    const { explanation, ...decision } = evaluate(purchase(10_000n, bought), facts(seen), programme(terms));
    expect(decision).toMatchObject({ accruals: [], uses: [], totalUnits: 0n, zeroReason: reason });
    expect(codes(explanation)).toContain(reason);
    expect(explanation.children.at(-1)).toMatchObject({ code: 'NOTHING_EARNED', values: { because: reason } });
  });
});

describe('a rate', () => {
  test.each([
    // 1.25 % of each transaction, half up to the cent (published case)
    ['1.25%', 'HALF_UP', 500_000n, 6_250n],
    ['1.25%', 'HALF_UP', 20_049n, 251n],
    ['1.7%', 'HALF_UP', 9_900n, 168n],
    ['3%', 'HALF_UP', 129_900n, 3_897n],
    ['2%', 'HALF_UP', 33n, 1n],
    ['50%', 'HALF_EVEN', 3n, 2n],
    ['50%', 'HALF_EVEN', 5n, 2n],
    ['50%', 'TRUNCATE', 5n, 2n],
    ['1/3', 'FLOOR', 100n, 33n],
    ['100%', 'FLOOR', 1n, 1n],
  ] as const)('%s rounded %s of %s minor units is %s', (text, mode, amount, units) => {
    const terms = programme({ rules: [rateRule('a', text)], rounding: rounding(mode) });
    expect(evaluate(purchase(amount), facts(), terms).totalUnits).toBe(units);
  });

  test.each([
    // 1 point for 33 roubles: a point without decimals that costs 1/33 of what is spent, worth 1 rouble
    ['a unit without decimals', 0, rate(100n), '1/33', 100_000n, 30n],
    ['a unit worth a hundredth', 0, rate(1n), '5%', 100_000n, 5_000n],
    ['a unit worth a third of a minor unit', 0, rate(1n, 3n), '1%', 10_000n, 300n],
    ['a unit with four decimals', 4, rate(1n, 100n), '1%', 12_345n, 12_345n],
  ])('is counted in %s', (_, scale, priceMinor, text, amount, units) => {
    const terms = programme({
      rules: [rateRule('a', text)],
      unit: { code: 'PTS', scale, priceMinor },
      rounding: rounding('FLOOR'),
    });
    expect(evaluate(purchase(amount), facts(), terms).totalUnits).toBe(units);
  });

  test('two rules on one purchase round each by itself', () => {
    const terms = programme({
      rules: [rateRule('a', '0.5%'), rateRule('b', '0.5%')],
      rounding: rounding('HALF_UP'),
    });
    expect(evaluate(purchase(100n), facts(), terms).accruals).toEqual([
      { ruleCode: 'a', funderNo: 0, units: 1n },
      { ruleCode: 'b', funderNo: 0, units: 1n },
    ]);
  });

  test('applies from its first to its last day, both included', () => {
    const terms = programme({ rules: [rateRule('a', '1%', { from: '2026-03-10', until: '2026-03-11' })] });
    const unitsOn = (businessDate: string) => evaluate(purchase(1_000n, { businessDate }), facts(), terms).totalUnits;
    expect(['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12'].map(unitsOn)).toEqual([0n, 10n, 10n, 0n]);
  });

  test('of another partner is counted in the explanation, not listed', () => {
    const rules = [
      rateRule('a', '1%', { partners: ['shop'] }),
      rateRule('b', '1%', { partners: ['x'] }),
      rateRule('c', '1%', { partners: ['y'] }),
    ];
    const { explanation, accruals } = evaluate(purchase(1_000n, { merchant: MERCHANT }), facts(), programme({ rules }));
    expect(accruals.map(({ ruleCode }) => ruleCode)).toEqual(['a']);
    expect(
      explanation.children.filter(({ code }) => code === 'RULE_OTHER_PARTNER').map(({ values }) => values),
    ).toEqual([{ rules: '2' }]);
  });
});

test.each([
  ['basic', '5411', 200n],
  ['basic', undefined, 50n],
  ['basic', '3001', 50n],
  ['gold', '5411', 500n],
  ['gold', undefined, 0n],
])('the matrix gives tier %s at %s %s units', (tier, mcc, units) => {
  const terms = programme({ rules: [MATRIX] });
  expect(evaluate(purchase(10_000n, mcc === undefined ? {} : { mcc }), facts({ tier }), terms).totalUnits).toBe(units);
});

describe('caps', () => {
  const rules = [rateRule('first', '3%'), rateRule('second', '2%')];
  const food = { mcc: '5411' };

  test.each<[string, Cap[], Record<string, bigint>, Partial<Purchase>, [bigint, bigint], bigint]>([
    ['none', [], {}, food, [300n, 200n], 0n],
    ['room for all', [monthly('m', 500n)], {}, food, [300n, 200n], 0n],
    ['one unit short, the later rule gives it up', [monthly('m', 499n)], {}, food, [300n, 199n], 1n],
    ['used before', [monthly('m', 500n)], { m: 150n }, food, [300n, 50n], 150n],
    ['room for a part of the first rule', [monthly('m', 500n)], { m: 400n }, food, [100n, 0n], 400n],
    ['of the category', [monthly('f', 320n, 'food')], {}, food, [300n, 20n], 180n],
    ['of another category', [monthly('t', 1n, 'travel')], {}, food, [300n, 200n], 0n],
    ['of what has no category', [monthly('u', 100n, 'UNCATEGORISED')], {}, {}, [100n, 0n], 400n],
    ['of category and programme', [monthly('m', 310n), monthly('f', 400n, 'food')], {}, food, [300n, 10n], 190n],
  ])('%s', (_, caps, used, bought, expected, shortfall) => {
    const decision = evaluate(purchase(10_000n, bought), facts({ used }), programme({ rules, caps }));
    const unitsOf = (rule: string) => decision.accruals.find(({ ruleCode }) => ruleCode === rule)?.units ?? 0n;
    expect([unitsOf('first'), unitsOf('second')]).toEqual(expected);
    expect(decision.shortfallUnits).toBe(shortfall);
    for (const use of decision.uses)
      expect(use).toEqual({
        counter: use.counter,
        stored: use.counter,
        period: '2026-03-01',
        shared: false,
        amount: decision.totalUnits,
      });
  });

  test('what the category withholds, the programme never sees', () => {
    const caps = [monthly('m', 250n), monthly('f', 280n, 'food')];
    const { explanation } = evaluate(
      purchase(10_000n, food),
      facts(),
      programme({ rules: [rateRule('a', '3%')], caps }),
    );
    const bites = explanation.children
      .find(({ code }) => code === 'RULE_APPLIED')
      ?.children.filter(({ code }) => code === 'CAPPED');
    expect(bites?.map(({ values }) => [values.cap, values.withheld, values.left])).toEqual([
      ['f', '0.20', '2.80'],
      ['m', '0.30', '2.50'],
    ]);
  });

  test('the capped reward is what the funders share', () => {
    const funding = {
      by: 'SPLIT',
      shares: [
        { party: 'MERCHANT', share: r('1/2') },
        { party: 'ISSUER', share: r('1/2') },
      ],
    } as const;
    const terms = programme({ rules: [rateRule('a', '3%', {}, { funding })], caps: [monthly('m', 101n)] });
    const decision = evaluate(purchase(10_000n, { merchant: MERCHANT, issuer: ISSUER }), facts(bothContracts), terms);
    expect(decision.accruals.map(({ funderNo, units }) => [funderNo, units])).toEqual([
      [1, 51n],
      [2, 50n],
    ]);
  });
});

describe('the explanation', () => {
  const terms = programme({
    rules: [MATRIX, rateRule('shop', '3%', {}, { funding: { by: 'CONTRACT', of: 'MERCHANT' } })],
    caps: [monthly('m', 400n)],
  });
  const decide = () =>
    evaluate(
      purchase(10_000n, { mcc: '5411', merchant: MERCHANT }),
      facts({ ...bothContracts, tierMetric: 12_345n }),
      terms,
    ).explanation;

  test('is a tree of codes with numbers', () => {
    expect(codes(decide())).toEqual([
      'PURCHASE',
      'CATEGORY',
      'TIER',
      'RULE_APPLIED',
      'FUNDED_BY',
      'RULE_APPLIED',
      'CAPPED',
      'FUNDED_BY',
    ]);
  });

  test('reads as sentences without holes', () => {
    const texts = (node: Explanation): string[] => [node.text, ...node.children.flatMap(texts)];
    expect(texts(decide())).toEqual([
      'A purchase of 100.00 EUR on 2026-03-10 earns 4.00 PTS.',
      'The purchase counts as food by its merchant category code 5411.',
      "The member's tier is basic, with 123.45 EUR in the tier's window before this purchase.",
      'matrix: 2 % of 100.00 EUR is 2.00 PTS.',
      '2.00 PTS are paid by PROGRAMME, whose share is 100 %.',
      'shop: 3 % of 100.00 EUR is 3.00 PTS, of which 2.00 are granted.',
      'The cap m of 4.00 PTS of the month from 2026-03-01 had 2.00 left and withheld 1.00 PTS.',
      '2.00 PTS are paid by shop, whose share is 100 %.',
    ]);
  });

  test('has a digest of 32 bytes that is the same each time and depends on every number', () => {
    const digest = explanationDigest(decide());
    expect(digest).toHaveLength(32);
    expect(explanationDigest(decide())).toEqual(digest);
    const more = evaluate(
      purchase(10_001n, { mcc: '5411', merchant: MERCHANT }),
      facts({ ...bothContracts, tierMetric: 12_345n }),
      terms,
    );
    expect(more.totalUnits).toBe(400n);
    expect(explanationDigest(more.explanation)).not.toEqual(digest);
  });

  test('keeps its digest: stored decisions were hashed like this', () => {
    expect(explanationDigest(decide()).toString('hex')).toBe(
      'da443ec1180ab873f2abde9a555aa3f7ae0c68e98e55d08f52753cef1c5c7bae',
    );
  });
});

test('every reason for nothing has a sentence without holes', () => {
  const cases = [
    evaluate(purchase(49n), facts(), programme()),
    evaluate(purchase(100n, { mcc: '6011' }), facts(), programme()),
    evaluate(
      purchase(100n),
      facts(),
      programme({
        rules: [
          rateRule('a', '1%', { from: '2027-01-01' }),
          rateRule('b', '0'),
          rateRule('c', '1%', { partners: ['x'] }),
        ],
      }),
    ),
    evaluate(
      purchase(100n, { merchant: MERCHANT }),
      facts(),
      programme({
        rules: [
          rateRule('a', '1%', {}, { funding: { by: 'CONTRACT', of: 'MERCHANT' } }),
          rateRule('b', '1%', {}, { funding: { by: 'CONTRACT', of: 'ISSUER' } }),
        ],
      }),
    ),
    evaluate(purchase(100n), facts(), programme({ rules: [] })),
  ];
  const texts = (node: Explanation): string[] => [node.text, ...node.children.flatMap(texts)];
  for (const text of cases.flatMap(({ explanation }) => texts(explanation))) expect(text).not.toMatch(/undefined|null/);
});
