/** Bounds against the engine: lives that reach them, and random ones that never pass them. */
import fc from 'fast-check';
import { CounterBook, MemberBooks } from '../../../src/domain/earning/books.js';
import { boundsOf } from '../../../src/domain/earning/bounds.js';
import { evaluate } from '../../../src/domain/earning/evaluate.js';
import type {
  Cap,
  Conditions,
  EarningRule,
  Effect,
  ProgrammeTerms,
  Purchase,
  RewardRounding,
  StackingGroup,
} from '../../../src/domain/earning/model.js';
import { periodStart } from '../../../src/domain/earning/periods.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { allocate } from '../../../src/domain/money/allocate.js';
import { rate } from '../../../src/domain/money/rate.js';
import { ROUNDING_MODES } from '../../../src/domain/money/rounding.js';
import { cap, category, programme, r, rateRule, rounding, rule } from './fixture.js';

const FLOOR = rounding('FLOOR');

const START = '2026-01-20';
const PERIODS = ['TRANSACTION', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'CAMPAIGN', 'LIFETIME'] as const;

interface Bought {
  /** After the purchase before. */
  readonly days: number;
  readonly purchase: Omit<Purchase, 'businessDate'>;
}

/** "rule period first-day holder" -> units, in every period and for the member and each card. */
function earnedBy(terms: ProgrammeTerms, life: readonly Bought[]): Map<string, bigint> {
  const books = new MemberBooks(undefined, new CounterBook());
  const earned = new Map<string, bigint>();
  let date = START;
  life.forEach(({ days, purchase }, no) => {
    date = addDays(date, days);
    const made = { ...purchase, businessDate: date };
    const evaluation = evaluate(made, books.facts(made, terms, {}), terms);
    books.record(`p${no}`, made, terms, evaluation);
    for (const { ruleCode, units } of evaluation.accruals) {
      for (const per of [...PERIODS, 'STATEMENT'] as const) {
        const period = per === 'TRANSACTION' ? `p${no}` : periodStart(per, date);
        for (const holder of ['MEMBER', made.card?.id]) {
          const name = [ruleCode, per, period, holder].join(' ');
          earned.set(name, (earned.get(name) ?? 0n) + units);
        }
      }
    }
  });
  return earned;
}

const spendCap = (max: bigint): Partial<ProgrammeTerms> => ({
  caps: [cap('spend', max, { measure: 'SPEND', rules: ['worst'] })],
});
const doubled = (code: string): EarningRule =>
  rule(code, { kind: 'MULTIPLIER', of: 'base', by: r('3'), pays: 'BONUS' }, {}, { group: 'times' });

/** Lives that earn more than the rule states: what makes its bound higher than that. */
test.each<[string, Partial<ProgrammeTerms>, bigint, number, bigint]>([
  [
    'halves that become wholes',
    { rules: [rateRule('worst', '1%')], rounding: rounding('HALF_UP'), ...spendCap(1_000n) },
    50n,
    30,
    20n,
  ],
  [
    'spend that is rounded up',
    {
      rules: [rateRule('worst', '1%')],
      rounding: rounding('FLOOR', { spend: { toMinor: 100n, mode: 'HALF_UP' } }),
      ...spendCap(1_000n),
    },
    50n,
    30,
    20n,
  ],
  [
    'what other rules leave when all are rounded together',
    {
      rules: [rateRule('worst', '0.4%'), rateRule('x', '0.3%'), rateRule('y', '0.3%')],
      rounding: rounding('FLOOR', { per: 'TRANSACTION' }),
      ...spendCap(1_000n),
    },
    100n,
    30,
    10n,
  ],
  [
    'multipliers that multiply: the last one stands for more than its own',
    {
      rules: [rateRule('base', '1%'), doubled('also'), doubled('worst')],
      groups: [{ code: 'times', mode: 'MULTIPLICATIVE', priority: 0 }],
      rounding: FLOOR,
      ...spendCap(1_000n),
    },
    100n,
    30,
    60n,
  ],
])('%s', (_, changes, amountMinor, times, expected) => {
  const terms = programme(changes);
  const life = Array.from({ length: times }, () => ({ days: 0, purchase: { amountMinor } }));
  const earned = earnedBy(terms, life).get(`worst MONTH ${START.slice(0, 8)}01 MEMBER`) ?? 0n;
  const limit = boundsOf(terms)
    .find(({ rule: code }) => code === 'worst')
    ?.limits.find(({ per }) => per === 'MONTH');
  expect(earned).toBe(expected);
  expect(limit?.roundedUp).toBeGreaterThanOrEqual(earned);
});

const SUM: Partial<EarningRule> = { accumulate: 'MONTH' };

test('a sum of the period stays within a cap on spend, and no bound is made of it: its steps may fall anywhere', () => {
  const terms = programme({ rules: [rateRule('worst', '1%', {}, SUM)], rounding: FLOOR, ...spendCap(100n) });
  const life = Array.from({ length: 300 }, () => ({ days: 0, purchase: { amountMinor: 10n } }));
  expect(earnedBy(terms, life).get('worst MONTH 2026-01-01 MEMBER')).toBe(1n);
  expect(boundsOf(terms)[0]?.bounded).toBe('UNBOUNDED');
});

test('the purchase that completes a sum earns a step, however small it is', () => {
  const terms = programme({
    rules: [rateRule('sum', '1%', { maximum: { amountMinor: 10n, exclusive: false } }, SUM)],
    rounding: FLOOR,
  });
  const life = Array.from({ length: 10 }, () => ({ days: 0, purchase: { amountMinor: 10n } }));
  expect(earnedBy(terms, life).get('sum TRANSACTION p9 MEMBER')).toBe(1n);
  expect(boundsOf(terms)[0]?.limits).toMatchObject([{ per: 'TRANSACTION', stated: 0n, roundedUp: 2n }]);
});

// ------------------------------------------------------------------------------------- random programmes

const CATEGORIES = ['food', 'travel', 'UNCATEGORISED'];

const optional = <Key extends string, T>(key: Key, value: fc.Arbitrary<T>): fc.Arbitrary<{ [K in Key]?: T }> =>
  fc.option(value, { nil: undefined }).map((some) => (some === undefined ? {} : { [key]: some })) as fc.Arbitrary<{
    [K in Key]?: T;
  }>;
const together = <T extends object>(...parts: fc.Arbitrary<T>[]): fc.Arbitrary<T> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as T);

const anyRate = fc.constantFrom(r('1%'), r('0.3%'), r('7%'), r('1/3'), r('0%'), r('20%'));
const anyEffect: fc.Arbitrary<Effect> = fc.oneof(
  anyRate.map((rate): Effect => ({ kind: 'RATE', rate })),
  fc.bigInt(1n, 40n).map((units): Effect => ({ kind: 'FIXED', units })),
  fc.bigInt(1n, 9n).map((units): Effect => ({ kind: 'PER_ITEM', units })),
  fc.constantFrom(100n, 3_300n).map((everyMinor): Effect => ({ kind: 'STEP', units: 2n, everyMinor })),
  fc
    .tuple(fc.bigInt(1n, 9_000n), anyRate, anyRate)
    .map(([uptoMinor, rate, rest]): Effect => ({ kind: 'BANDS', bands: [{ uptoMinor, rate }, { rate: rest }] })),
  fc
    .dictionary(fc.constantFrom('basic', 'gold'), fc.dictionary(fc.constantFrom('food', 'travel', 'BASE'), anyRate))
    .map((rates): Effect => ({ kind: 'TIER_CATEGORY_MATRIX', rates })),
  fc
    .constantFrom(r('2'), r('3'), r('1/2'))
    .chain((by) =>
      fc
        .constantFrom<'BONUS' | 'WHOLE'>('BONUS', 'WHOLE')
        .map((pays): Effect => ({ kind: 'MULTIPLIER', of: 'r0', by, pays })),
    ),
);

const anyWhen: fc.Arbitrary<Conditions> = together<Conditions>(
  optional('categories', fc.shuffledSubarray(CATEGORIES, { minLength: 1 })),
  optional('partners', fc.constant(['shop'])),
  optional('maximum', fc.record({ amountMinor: fc.bigInt(1n, 9_000n), exclusive: fc.boolean() })),
  optional('from', fc.constantFrom('2026-02-01')),
  optional('until', fc.constantFrom('2026-03-15')),
  optional(
    'reaches',
    fc.record({
      metric: fc.constantFrom('PURCHASES', 'SPEND', 'PARTNERS', 'CATEGORIES'),
      per: fc.constantFrom('DAY', 'MONTH', 'QUARTER', 'LIFETIME', 'CAMPAIGN', 'TRANSACTION'),
      mark: fc.bigInt(1n, 3n),
      repeats: fc.boolean(),
      atSamePartner: fc.boolean(),
    }),
  ),
);

const anyRounding: fc.Arbitrary<RewardRounding> = together<RewardRounding>(
  fc.record({
    mode: fc.constantFrom(...ROUNDING_MODES),
    step: fc.constantFrom(1n, 10n),
    per: fc.constantFrom('RULE', 'LINE', 'TRANSACTION'),
  }),
  optional(
    'spend',
    fc.record({ toMinor: fc.constantFrom(100n, 50n), mode: fc.constantFrom(...ROUNDING_MODES) }),
  ) as fc.Arbitrary<RewardRounding>,
);

const anyCap: fc.Arbitrary<Cap> = together<Cap>(
  fc.record({
    code: fc.constant(''),
    measure: fc.constantFrom('REWARD', 'SPEND', 'COUNT'),
    holder: fc.constantFrom('MEMBER', 'MEMBER', 'CARD', 'EVERYONE'),
    per: fc.constantFrom(...PERIODS),
    max: fc.bigInt(0n, 300n),
    refundReleases: fc.constant(true),
  }),
  optional('rules', fc.shuffledSubarray(['r0', 'r1', 'r2'], { minLength: 1 })) as fc.Arbitrary<never>,
  optional('categories', fc.shuffledSubarray(CATEGORIES, { minLength: 1 })) as fc.Arbitrary<never>,
  optional('groups', fc.constant(['best'])) as fc.Arbitrary<never>,
  optional('over', fc.constantFrom('r0', 'r1')) as fc.Arbitrary<never>,
  optional('until', fc.constantFrom('2026-02-10', '2026-03-15')) as fc.Arbitrary<never>,
).map((one) => (one.measure === 'SPEND' ? { ...one, max: one.max * 5n } : one));

const anyGroup = fc
  .constantFrom<StackingGroup['mode']>('BEST_OF', 'EXCLUSIVE', 'ADDITIVE')
  .map((mode): StackingGroup[] => [
    { code: 'best', mode, priority: 0 },
    { code: 'times', mode: 'MULTIPLICATIVE', priority: 0 },
  ]);

const anyRule: fc.Arbitrary<EarningRule> = fc
  .record({
    effect: anyEffect,
    when: anyWhen,
    grouped: fc.boolean(),
    own: fc.option(anyRounding, { freq: 2 }),
    accumulate: fc.option(fc.constantFrom('MONTH', 'YEAR'), { freq: 3 }),
  })
  .map(({ effect, when, grouped, own, accumulate }) =>
    rule('', effect, when, {
      ...(grouped && { group: effect.kind === 'MULTIPLIER' ? 'times' : 'best' }),
      ...(own && { rounding: own }),
      ...(accumulate && effect.kind !== 'MULTIPLIER' && { accumulate }),
    }),
  );

const anyTerms: fc.Arbitrary<ProgrammeTerms> = fc
  .record({
    rules: fc.array(anyRule, { minLength: 1, maxLength: 3 }),
    caps: fc.array(anyCap, { maxLength: 3 }),
    groups: anyGroup,
    mode: anyRounding,
    cuts: fc.boolean(),
  })
  .map(({ rules, caps, groups, mode, cuts }) =>
    programme({
      // The first rule is what multipliers multiply, and no multiplier itself.
      rules: rules.map((each, no) =>
        no === 0 && each.effect.kind === 'MULTIPLIER' ? rateRule('r0', '2%') : { ...each, code: `r${no}` },
      ),
      caps: caps.map((each, no) => ({ ...each, code: `c${no}` })),
      groups,
      rounding: mode,
      categories: [
        category('food', { mccs: [{ first: '5411', last: '5499' }] }),
        category('travel', { partners: ['airline'], products: cuts ? ['trip'] : [] }),
      ],
    }),
  );

/** Lines of the purchase, trips (another category) and others in turn; no lines for one share. */
const anyBasket = fc.array(fc.bigInt(1n, 3n), { minLength: 1, maxLength: 3 });
function basketOf(amountMinor: bigint, shares: readonly bigint[]): Pick<Purchase, 'lines'> {
  if (shares.length === 1) return {};
  const total = shares.reduce((sum, share) => sum + share, 0n);
  const parts = allocate(
    amountMinor,
    shares.map((share) => rate(share, total)),
  );
  const lines = parts.map((part, no) => ({
    ...({ kind: 'GOODS', amountMinor: part, quantity: no + 1 } as const),
    tags: no % 2 === 0 ? [] : ['trip'],
  }));
  return { lines: lines.filter((line) => line.amountMinor > 0n) };
}

/** The same purchase several times: what just rounds up is worth repeating. */
const anyPurchase: fc.Arbitrary<{ days: number; times: number; purchase: Omit<Purchase, 'businessDate'> }> = fc.record({
  days: fc.constantFrom(0, 0, 0, 1, 5, 20),
  times: fc.integer({ min: 1, max: 12 }),
  purchase: together<Omit<Purchase, 'businessDate'>>(
    fc.record({
      amountMinor: fc.oneof(fc.bigInt(1n, 60n), fc.constantFrom(2n, 5n, 7n, 25n, 50n), fc.bigInt(1n, 5_000n)),
    }),
    fc.constantFrom({}, { mcc: '5411' }, { mcc: '9999' }) as fc.Arbitrary<never>,
    fc.constantFrom(
      {},
      { merchant: { partnerNo: 1, partnerCode: 'shop' } },
      { merchant: { partnerNo: 3, partnerCode: 'airline' } },
    ) as fc.Arbitrary<never>,
    fc.constantFrom({ card: { id: 'one' } }, { card: { id: 'two' } }) as fc.Arbitrary<never>,
  ).chain((plain) => anyBasket.map((shares) => ({ ...plain, ...basketOf(plain.amountMinor, shares) }))),
});

test('no member ever earns more by a rule than its bound, in any period', () => {
  fc.assert(
    fc.property(anyTerms, fc.array(anyPurchase, { minLength: 1, maxLength: 8 }), (terms, life) => {
      const each = life.flatMap(({ days, times, purchase }) =>
        Array.from({ length: times }, (_, time) => ({ days: time === 0 ? days : 0, purchase })),
      );
      const earned = earnedBy(terms, each);
      for (const { rule: code, limits } of boundsOf(terms)) {
        for (const { per, holder, roundedUp, stated } of limits) {
          expect(stated).toBeGreaterThanOrEqual(0n);
          for (const [name, units] of earned) {
            const [ofRule, ofPeriod, , who] = name.split(' ');
            if (ofRule !== code || ofPeriod !== per) continue;
            if ((holder === 'CARD') === (who === 'MEMBER')) continue;
            expect({ name, units, within: units <= roundedUp }).toEqual({ name, units, within: true });
          }
        }
      }
    }),
    { numRuns: 400 },
  );
});
