/** Programmes to be put into words: one in which everything occurs, and random ones. */
import fc from 'fast-check';
import type { Cap, EarningRule, Effect, ProgrammeTerms } from '../../../src/domain/earning/model.js';
import { parseRate, type Rate, rate } from '../../../src/domain/money/rate.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';

export const r = (text: string): Rate => {
  const parsed = parseRate(text);
  if (parsed === undefined) throw new Error(`not a rate: ${text}`);
  return parsed;
};

export const REDEMPTION: RedemptionTerms = {
  expiry: { kind: 'NEVER' },
  order: 'AVAILABLE_FIRST',
  maxShare: r('99%'),
  discountsCount: false,
  minimumOwnMinor: 0n,
  minimumUnits: 0n,
  priceMinor: rate(1n),
  returnGraceDays: 0,
  authorisationHours: 168,
  noticeDays: 0,
  donation: false,
};

export const rule = (code: string, effect: Effect, more: Partial<EarningRule> = {}): EarningRule => ({
  code,
  name: code,
  funding: { by: 'CONTRACT', of: 'PROGRAMME' },
  when: {},
  effect,
  ...more,
});

export const plainTerms = (more: Partial<ProgrammeTerms> = {}): ProgrammeTerms => ({
  code: 'plain',
  name: 'Plain',
  currencyCode: 'EUR',
  currencyScale: 2,
  timeZone: 'Europe/Lisbon',
  effectiveFrom: '2026-01-01',
  unit: { code: 'PTS', scale: 2, priceMinor: rate(1n) },
  attribution: 'AUTHORISATION',
  holdDays: 0,
  base: { without: [] },
  rounding: { mode: 'HALF_EVEN', step: 1n, per: 'RULE' },
  refunds: { policy: 'KEPT' },
  taxTreatment: 'MARKETING',
  categories: [],
  exclusions: [],
  productExclusions: [],
  tiers: {
    metric: 'KEPT_SPEND',
    window: { kind: 'ROLLING', days: 365 },
    downgrade: { to: 'IMMEDIATE', graceDays: 0 },
    levels: [{ code: 'basic', name: 'Basic', from: 0n, benefits: [] }],
  },
  rules: [rule('base', { kind: 'RATE', rate: r('1%') })],
  groups: [],
  caps: [],
  choices: [],
  experiments: [],
  redemption: REDEMPTION,
  approvals: 1,
  ...more,
});

export const cap = (code: string, more: Partial<Cap> = {}): Cap => ({
  code,
  measure: 'REWARD',
  holder: 'MEMBER',
  per: 'MONTH',
  max: 3_000n,
  refundReleases: true,
  ...more,
});

/** Every kind of effect, condition, cap and clause at least once, with numbers that are all different in kind. */
export const RICH: ProgrammeTerms = plainTerms({
  code: 'rich',
  name: 'Everything at once',
  attribution: 'POSTING',
  holdDays: 21,
  payout: 'MONTH',
  base: { without: ['REDEMPTION', 'DISCOUNT', 'FREIGHT', 'FEE', 'TAX'] },
  rounding: { spend: { toMinor: 10_000n, mode: 'FLOOR' }, mode: 'TRUNCATE', step: 100n, per: 'TRANSACTION' },
  refunds: { policy: 'NEGATIVE', rulesOf: 'RETURN_DATE' },
  categories: [
    {
      code: 'food',
      name: 'Food',
      mccs: [
        { first: '5411', last: '5499' },
        { first: '0742', last: '0742', from: '2026-02-03', until: '2026-11-04' },
      ],
      partners: ['grocer'],
      outlets: ['grocer/airport'],
      products: ['bread'],
      descriptors: ['ACME*'],
    },
    { code: 'fuel', name: 'Fuel', mccs: [], partners: [], outlets: [], products: [], descriptors: [] },
  ],
  exclusions: [
    { first: '6010', last: '6012', reason: 'cash and financial institutions' },
    { first: '9211', last: '9399', reason: 'fines', from: '2026-03-05' },
  ],
  productExclusions: [
    { tag: 'gift-card', reason: 'gift cards', until: '2027-01-06' },
    { tag: 'alcohol', reason: 'gift cards' },
  ],
  tiers: {
    metric: 'KEPT_SPEND',
    window: { kind: 'ROLLING', days: 364 },
    downgrade: { to: 'EARNED', graceDays: 31 },
    levels: [
      { code: 'basic', name: 'Basic', from: 0n, benefits: [] },
      { code: 'gold', name: 'Gold', from: 1_234_567n, benefits: [{ code: 'free', name: 'Free delivery' }] },
    ],
  },
  experiments: [
    {
      code: 'spring',
      variants: [
        { code: 'a', weight: 50 },
        { code: 'b', weight: 30 },
        { code: 'holdout', weight: 21 },
      ],
    },
  ],
  choices: [
    {
      code: 'four',
      name: 'Four of them',
      offered: ['food', 'fuel'],
      shown: 7,
      pick: 4,
      per: 'MONTH',
      opensDaysBefore: 6,
      closesOnDay: 5,
      fallback: ['fuel'],
    },
    {
      code: 'one',
      name: 'One',
      offered: ['food'],
      pick: 1,
      per: 'YEAR',
      opensDaysBefore: 0,
      closesOnDay: 0,
      fallback: [],
    },
  ],
  groups: [
    { code: 'best', mode: 'BEST_OF', priority: 10 },
    { code: 'alone', mode: 'EXCLUSIVE', priority: 20 },
    { code: 'sum', mode: 'ADDITIVE', priority: 5 },
    { code: 'times', mode: 'MULTIPLICATIVE', priority: 4 },
  ],
  rules: [
    rule('rate', { kind: 'RATE', rate: r('2.5%') }, { name: 'Rate', group: 'best' }),
    rule('third', { kind: 'RATE', rate: r('1/3') }, { name: 'Third' }),
    rule('step', { kind: 'STEP', units: 103n, everyMinor: 3_300n }, { name: 'Step', group: 'best' }),
    rule('fixed', { kind: 'FIXED', units: 50_000n }, { name: 'Fixed', group: 'alone', when: { action: 'review' } }),
    rule(
      'item',
      { kind: 'PER_ITEM', units: 1_001n },
      { name: 'Item', group: 'sum', when: { minimumItems: 3, tags: ['eco'] } },
    ),
    rule('twice', { kind: 'MULTIPLIER', of: 'rate', by: r('2'), pays: 'BONUS' }, { name: 'Twice', group: 'times' }),
    rule('half-more', { kind: 'MULTIPLIER', of: 'rate', by: r('1.5'), pays: 'WHOLE' }, { name: 'Half more' }),
    rule(
      'bands',
      {
        kind: 'BANDS',
        bands: [{ uptoMinor: 50_000n, rate: r('5%') }, { uptoMinor: 90_050n, rate: r('3%') }, { rate: r('1%') }],
      },
      { name: 'Bands', accumulate: 'YEAR' },
    ),
    rule(
      'matrix',
      {
        kind: 'TIER_CATEGORY_MATRIX',
        rates: { basic: { food: r('0.4%'), BASE: r('0.1%') }, gold: { food: r('7%'), fuel: r('8%') } },
      },
      { name: 'Matrix' },
    ),
    rule(
      'everything',
      { kind: 'RATE', rate: r('6%') },
      {
        name: 'All conditions',
        base: { without: [] },
        rounding: { mode: 'HALF_UP', step: 10n, per: 'LINE' },
        when: {
          from: '2026-06-01',
          until: '2026-06-30',
          partners: ['grocer', 'baker'],
          outlets: ['grocer/airport'],
          issuers: ['bank'],
          cardProducts: ['credit'],
          channels: ['ONLINE', 'IN_STORE', 'APP'],
          categories: ['food', 'fuel'],
          minimum: { amountMinor: 20_000n, exclusive: false },
          maximum: { amountMinor: 70_070n, exclusive: true },
          weekdays: [6, 7],
          hours: [
            { from: '18:00', until: '22:30' },
            { from: '23:00', until: '05:15' },
          ],
          clock: 'MEMBER',
          tiers: ['gold'],
          segments: ['students'],
          activation: { per: 'QUARTER' },
          chosen: 'four',
          birthday: { daysBefore: 2, daysAfter: 9, leapDay: 'MAR_1' },
          reaches: { metric: 'PARTNERS', per: 'MONTH', mark: 11n, repeats: true, atSamePartner: true },
          experiment: { code: 'spring', variants: ['a', 'b'] },
        },
      },
    ),
    rule(
      'above',
      { kind: 'FIXED', units: 7n },
      {
        name: 'Above',
        when: {
          until: '2026-12-31',
          minimum: { amountMinor: 30_000n, exclusive: true },
          maximum: { amountMinor: 80_000n, exclusive: false },
          activation: {},
          birthday: { daysBefore: 0, daysAfter: 0, leapDay: 'FEB_28' },
          reaches: { metric: 'SPEND', per: 'CAMPAIGN', mark: 1_000_000n, repeats: false, atSamePartner: false },
        },
      },
    ),
    rule(
      'fifth',
      { kind: 'FIXED', units: 9n },
      {
        name: 'Fifth',
        when: {
          from: '2026-05-01',
          reaches: { metric: 'PURCHASES', per: 'LIFETIME', mark: 5n, repeats: false, atSamePartner: false },
        },
      },
    ),
    rule(
      'kinds',
      { kind: 'FIXED', units: 11n },
      {
        name: 'Kinds',
        when: {
          action: 'picnic',
          reaches: { metric: 'CATEGORIES', per: 'WEEK', mark: 4n, repeats: false, atSamePartner: false },
        },
      },
    ),
  ],
  caps: [
    cap('reward', { rules: ['rate', 'step'], over: 'third' }),
    cap('share', { per: 'TRANSACTION', max: 0n, maxShare: r('30%'), groups: ['best'] }),
    cap('spend', { measure: 'SPEND', holder: 'CARD', per: 'QUARTER', max: 150_000n, categories: ['food'] }),
    cap('count', {
      measure: 'COUNT',
      holder: 'ACCOUNT',
      per: 'STATEMENT',
      max: 3n,
      from: '2026-01-02',
      until: '2026-12-30',
    }),
    cap('budget', {
      holder: 'EVERYONE',
      per: 'CAMPAIGN',
      max: 2_500_000n,
      rules: ['everything'],
      refundReleases: false,
    }),
    cap('open-budget', { holder: 'EVERYONE', per: 'DAY', max: 2_600_000n }),
  ],
  redemption: {
    expiry: { kind: 'DAYS', count: 180, from: 'AVAILABLE' },
    order: 'EXPIRES_FIRST',
    maxShare: r('50%'),
    discountsCount: true,
    minimumOwnMinor: 101n,
    minimumUnits: 1_500n,
    priceMinor: r('7/8'),
    returnGraceDays: 29,
    authorisationHours: 71,
    noticeDays: 13,
    cashOut: { perDayUnits: 31_003n, perMonthUnits: 61_003n, holdAboveUnits: 11_003n },
    transfer: { perDayUnits: 32_003n, perMonthUnits: 62_003n, holdAboveUnits: 12_003n },
    donation: true,
    dormancy: { afterDays: 90, feeUnits: 299n },
    windDown: { earningEnds: '2027-03-07', redemptionUntil: '2027-09-08' },
  },
});

const amount = fc.bigInt({ min: 1n, max: 10n ** 15n });
const days = fc.integer({ min: 1, max: 3650 });
const share = fc
  .tuple(fc.bigInt({ min: 1n, max: 10_000n }), fc.bigInt({ min: 1n, max: 10_000n }))
  .map(([n, d]) => rate(n, d));
const date = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2039-12-31T00:00:00Z'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
/** Without the fields that were drawn as absent. */
const dense = <T extends object>(value: fc.Arbitrary<{ [K in keyof T]: T[K] | undefined }>): fc.Arbitrary<T> =>
  value.map((record) => Object.fromEntries(Object.entries(record).filter(([, field]) => field !== undefined)) as T);

const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ kind: fc.constant('RATE' as const), rate: share }),
  fc.record({ kind: fc.constant('STEP' as const), units: amount, everyMinor: amount }),
  fc.record({ kind: fc.constant('FIXED' as const), units: amount }),
  fc.record({ kind: fc.constant('PER_ITEM' as const), units: amount }),
  fc.record({
    kind: fc.constant('MULTIPLIER' as const),
    of: fc.constant('a'),
    by: share,
    pays: fc.constantFrom('BONUS' as const, 'WHOLE' as const),
  }),
  fc.record({
    kind: fc.constant('BANDS' as const),
    bands: fc
      .tuple(fc.array(fc.record({ uptoMinor: amount, rate: share }), { maxLength: 3 }), share)
      .map(([closed, open]) => [...closed, { rate: open }]),
  }),
  fc.record({
    kind: fc.constant('TIER_CATEGORY_MATRIX' as const),
    rates: fc.record({ basic: fc.record({ food: share, BASE: share }), gold: fc.record({ food: share }) }),
  }),
);

const bound = fc.record({ amountMinor: amount, exclusive: fc.boolean() });
const when: fc.Arbitrary<EarningRule['when']> = dense(
  fc.record({
    from: optional(date),
    until: optional(date),
    minimum: optional(bound),
    maximum: optional(bound),
    minimumItems: optional(days),
    birthday: optional(
      fc.record({
        daysBefore: fc.integer({ min: 0, max: 30 }),
        daysAfter: fc.integer({ min: 0, max: 30 }),
        leapDay: fc.constantFrom('FEB_28' as const, 'MAR_1' as const),
      }),
    ),
    reaches: optional(
      fc.record({
        metric: fc.constantFrom('PURCHASES' as const, 'SPEND' as const, 'PARTNERS' as const, 'CATEGORIES' as const),
        per: fc.constantFrom('MONTH' as const, 'LIFETIME' as const),
        mark: amount,
        repeats: fc.boolean(),
        atSamePartner: fc.boolean(),
      }),
    ),
  }),
);

const someRule = (code: string): fc.Arbitrary<EarningRule> =>
  fc.record({ effect, when }).map((drawn) => rule(code, drawn.effect, { when: drawn.when }));
const someCap: fc.Arbitrary<Cap> = fc
  .record({
    measure: fc.constantFrom('REWARD' as const, 'SPEND' as const, 'COUNT' as const),
    holder: fc.constantFrom('MEMBER' as const, 'CARD' as const, 'ACCOUNT' as const, 'EVERYONE' as const),
    per: fc.constantFrom('DAY' as const, 'STATEMENT' as const, 'LIFETIME' as const),
    max: amount,
  })
  .map((drawn) => cap('some', drawn));
const expiry: fc.Arbitrary<RedemptionTerms['expiry']> = fc.oneof(
  fc.constant({ kind: 'NEVER' as const }),
  fc.record({ kind: fc.constant('ROLLING' as const), days }),
  fc.record({
    kind: fc.constantFrom('DAYS' as const, 'MONTHS' as const, 'END_OF_MONTH' as const, 'END_OF_YEAR' as const),
    count: fc.integer({ min: 0, max: 120 }),
    from: fc.constantFrom('AVAILABLE' as const, 'ACCRUAL' as const),
  }),
);

/** Programmes with any numbers in any of their clauses. */
export const someTerms: fc.Arbitrary<ProgrammeTerms> = fc
  .record({
    effectiveFrom: date,
    holdDays: fc.integer({ min: 0, max: 3650 }),
    rules: fc.tuple(someRule('a'), someRule('b'), someRule('c')),
    caps: fc.array(someCap, { maxLength: 3 }),
    scale: fc.integer({ min: 0, max: 8 }),
    currency: fc.constantFrom(['EUR', 2] as const, ['JPY', 0] as const, ['KWD', 3] as const, ['BRL', 2] as const),
    priceMinor: share,
    threshold: amount,
    metric: fc.constantFrom('KEPT_SPEND' as const, 'REWARDS_ACCRUED' as const, 'PURCHASES' as const),
    windowDays: days,
    graceDays: fc.integer({ min: 0, max: 90 }),
    to: fc.constantFrom('IMMEDIATE' as const, 'EARNED' as const, 'ONE_STEP' as const, 'NEVER' as const),
    redemption: fc.record({
      expiry,
      order: fc.constantFrom('AVAILABLE_FIRST' as const, 'EXPIRES_FIRST' as const),
      maxShare: share,
      discountsCount: fc.boolean(),
      minimumOwnMinor: fc.bigInt({ min: 0n, max: 10n ** 6n }),
      minimumUnits: fc.bigInt({ min: 0n, max: 10n ** 6n }),
      priceMinor: share,
      returnGraceDays: fc.integer({ min: 0, max: 90 }),
      authorisationHours: fc.integer({ min: 1, max: 8760 }),
      noticeDays: fc.integer({ min: 0, max: 366 }),
      donation: fc.boolean(),
    }),
  })
  .map(({ scale, currency, priceMinor, threshold, metric, windowDays, graceDays, to, ...rest }) =>
    plainTerms({
      ...rest,
      currencyCode: currency[0],
      currencyScale: currency[1],
      unit: { code: 'PTS', scale, priceMinor },
      categories: [{ code: 'food', name: 'Food', mccs: [], partners: [], outlets: [], products: [], descriptors: [] }],
      tiers: {
        metric,
        window: { kind: 'ROLLING', days: windowDays },
        downgrade: { to, graceDays },
        levels: [
          { code: 'basic', name: 'Basic', from: 0n, benefits: [] },
          { code: 'gold', name: 'Gold', from: threshold, benefits: [] },
        ],
      },
    }),
  );
