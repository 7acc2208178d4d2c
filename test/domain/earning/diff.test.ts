import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { diffTerms } from '../../../src/domain/earning/diff.js';
import type { ProgrammeTerms } from '../../../src/domain/earning/model.js';
import { rate } from '../../../src/domain/money/rate.js';
import { cap, category, programme, r, rateRule, rounding, rule } from './fixture.js';

const BENEFITS = [{ code: 'delivery', name: 'Free delivery' }];

/** A programme that says everything that can be said, so that everything can change. */
const EVERYTHING: ProgrammeTerms = programme({
  holdDays: 14,
  rounding: { mode: 'FLOOR', step: 100n, per: 'LINE', spend: { toMinor: 100n, mode: 'HALF_UP' } },
  refunds: { policy: 'NEGATIVE', rulesOf: 'RETURN_DATE' },
  categories: [
    category('fuel', {
      mccs: [
        { first: '5541', last: '5541' },
        { first: '5500', last: '5510', from: '2026-07-01', until: '2026-07-31' },
      ],
      partners: ['cog-fuel'],
      outlets: ['cog-fuel/harbour'],
      products: ['petrol'],
      descriptors: ['COG*'],
    }),
    category('groceries', { mccs: [{ first: '5411', last: '5411' }] }),
  ],
  exclusions: [{ first: '6010', last: '6012', reason: 'cash', from: '2026-01-15' }],
  productExclusions: [{ tag: 'gift-card', reason: 'as good as money', until: '2026-12-31' }],
  tiers: {
    metric: 'KEPT_SPEND',
    window: { kind: 'ROLLING', days: 365 },
    downgrade: { to: 'ONE_STEP', graceDays: 30 },
    levels: [
      { code: 'mate', name: 'Mate', from: 0n, benefits: [] },
      { code: 'captain', name: 'Captain', from: 300_000n, benefits: BENEFITS },
    ],
  },
  rules: [
    rule(
      'card-cashback',
      {
        kind: 'TIER_CATEGORY_MATRIX',
        rates: { mate: { BASE: r('1%') }, captain: { groceries: r('2%'), BASE: r('1%') } },
      },
      {
        ...{
          partners: ['a', 'b'],
          outlets: ['a/one'],
          issuers: ['bank'],
          cardProducts: ['debit'],
          channels: ['ONLINE'],
        },
        ...{ categories: ['groceries'], tags: ['eco'], minimum: { amountMinor: 20_000n, exclusive: true } },
        ...{ maximum: { amountMinor: 90_000n, exclusive: false }, minimumItems: 3, weekdays: [1, 2], clock: 'MEMBER' },
        ...{ hours: [{ from: '18:00', until: '22:00' }], tiers: ['mate'], segments: ['students'], chosen: 'monthly' },
        ...{ activation: { per: 'QUARTER' }, birthday: { daysBefore: 3, daysAfter: 2, leapDay: 'FEB_28' } },
        reaches: { metric: 'SPEND', per: 'MONTH', mark: 100_000n, repeats: true, atSamePartner: true },
        ...{
          action: 'review',
          experiment: { code: 'spring', variants: ['a'] },
          from: '2026-02-01',
          until: '2026-05-31',
        },
      },
      { group: 'best', base: { without: ['FREIGHT'] }, rounding: rounding('HALF_UP'), accumulate: 'YEAR' },
    ),
    rateRule('base', '1%', {}, { funding: { by: 'SPLIT', shares: [{ party: 'ISSUER', share: rate(1n) }] } }),
    rule('step', { kind: 'STEP', units: 100n, everyMinor: 3_300n }),
    rule('fixed', { kind: 'FIXED', units: 500n }),
    rule('item', { kind: 'PER_ITEM', units: 10n }),
    rule('triple', { kind: 'MULTIPLIER', of: 'base', by: r('3'), pays: 'BONUS' }),
    rule('bands', { kind: 'BANDS', bands: [{ uptoMinor: 50_000n, rate: r('5%') }, { rate: r('1%') }] }),
  ],
  groups: [{ code: 'best', mode: 'BEST_OF', priority: 10, silences: ['other'] }],
  caps: [
    cap('groceries-month', 3_000n, { categories: ['groceries'], rules: ['base'], groups: ['best'], over: 'base' }),
    cap('share', 0n, { per: 'TRANSACTION', maxShare: r('30%') }),
    cap('spend', 600_000n, { measure: 'SPEND', per: 'YEAR', from: '2026-01-01', until: '2026-12-31' }),
    cap('often', 3n, { measure: 'COUNT', holder: 'CARD', refundReleases: false }),
  ],
  choices: [
    {
      ...{ code: 'monthly', name: 'Monthly choice', offered: ['groceries', 'fuel'], shown: 2, pick: 1, per: 'MONTH' },
      ...{ opensDaysBefore: 7, closesOnDay: 5, fallback: ['fuel'] },
    },
  ],
  experiments: [
    {
      code: 'spring',
      variants: [
        { code: 'a', weight: 1 },
        { code: 'holdout', weight: 1 },
      ],
    },
  ],
  redemption: {
    ...programme().redemption,
    expiry: { kind: 'MONTHS', count: 12, from: 'AVAILABLE' },
    dormancy: { afterDays: 90, feeUnits: 299n },
    windDown: { earningEnds: '2027-01-01', redemptionUntil: '2027-06-30' },
    cashOut: { perDayUnits: 50_000n, perMonthUnits: 90_000n, holdAboveUnits: 20_000n },
    transfer: { perDayUnits: 50_000n },
    donation: true,
  },
});

type Json = Readonly<Record<string, unknown>>;
/** The value with one place of it changed: a step is a field, or a position of a list, or the code of an element. */
function changed<T>(value: T, path: string, to: unknown): T {
  const [step = '', ...rest] = path.split('.');
  if (Array.isArray(value)) {
    const at = /^\d+$/.test(step) ? Number(step) : value.findIndex(({ code }) => code === step);
    return value.map((each, no) =>
      no !== at ? each : rest.length === 0 ? to : changed(each, rest.join('.'), to),
    ) as T;
  }
  const object = value as Json;
  if (rest.length > 0) return { ...object, [step]: changed(object[step], rest.join('.'), to) } as T;
  if (to !== undefined) return { ...object, [step]: to } as T;
  const { [step]: _, ...without } = object;
  return without as T;
}

const RULE = 'rules.card-cashback.when';

test.each<[string, unknown, string]>([
  ['holdDays', 20, 'The hold goes from 14 to 20 days.'],
  ['payout', 'MONTH', 'The payout period is now month.'],
  ['name', 'Other', 'The name changes from "Test" to "Other".'],
  ['effectiveFrom', '2027-01-01', 'The first day of the terms changes from 2026-01-01 to 2027-01-01.'],
  ['approvals', 2, 'The number of people it takes to publish rises from 1 to 2.'],
  ['unit.priceMinor', rate(1n, 2n), 'The worth of a unit falls from 1 to 1/2.'],
  ['base', { without: [] }, 'The base changes from without redemption, discount to gross.'],
  [
    'rounding',
    rounding('HALF_EVEN'),
    'The rounding changes from the spend to 1.00 half up, then floor to 1.00 per line to half even per rule.',
  ],
  [
    'refunds',
    { policy: 'KEPT' },
    'The handling of refunds changes from as negative purchases by the rules of the return date to by what is kept.',
  ],
  [
    'rules.card-cashback.effect.rates.captain.groceries',
    r('3%'),
    'Rule card-cashback: the rate for captain x groceries rises from 2 % to 3 %.',
  ],
  [
    'rules.card-cashback.effect.rates.mate.groceries',
    r('2%'),
    'Rule card-cashback: the rate for mate x groceries is now 2 %.',
  ],
  [
    'rules.card-cashback.effect.rates.captain.groceries',
    undefined,
    'Rule card-cashback: the rate for captain x groceries (2 %) no longer counts.',
  ],
  ['rules.base.effect.rate', r('0.5%'), 'Rule base: the rate falls from 1 % to 0.5 %.'],
  ['rules.base.effect', { kind: 'FIXED', units: 50n }, 'Rule base: the effect changes from 1 % to 0.50 fixed.'],
  [
    'rules.base.funding',
    { by: 'CONTRACT', of: 'MERCHANT' },
    'Rule base: the funding changes from issuer 100 % to the merchant, by contract.',
  ],
  [
    'rules.step.effect.everyMinor',
    1_500n,
    'Rule step: the reward changes from 1.00 per full 33.00 to 1.00 per full 15.00.',
  ],
  ['rules.triple.effect.by', r('2'), 'Rule triple: the factor falls from 3 to 2.'],
  [
    'rules.bands.effect.bands.0.uptoMinor',
    30_000n,
    'Rule bands: the bands change from 5 % to 500.00, then 1 % to 5 % to 300.00, then 1 %.',
  ],
  [`${RULE}.partners`, ['a', 'c'], 'Rule card-cashback: the partners gain c. Rule card-cashback: the partners lose b.'],
  [`${RULE}.partners`, undefined, 'Rule card-cashback: the partners are no longer limited to a, b.'],
  ['rules.base.when.weekdays', [6, 7], 'Rule base: the days of the week are now limited to Saturday, Sunday.'],
  [
    `${RULE}.minimum.amountMinor`,
    10_000n,
    'Rule card-cashback: the minimum amount falls from 200.00 (itself not) to 100.00 (itself not).',
  ],
  [
    `${RULE}.minimum.exclusive`,
    false,
    'Rule card-cashback: the minimum amount changes from 200.00 (itself not) to 200.00.',
  ],
  [
    `${RULE}.reaches.repeats`,
    false,
    'Rule card-cashback: the mark changes from every 1000.00 spend per month at the same partner to 1000.00 spend per month at the same partner.',
  ],
  ['rules.base.when.until', '2026-12-31', 'Rule base: the last day is now 2026-12-31.'],
  ['caps.groceries-month.max', 2_000n, 'Cap groceries-month falls from 30.00 to 20.00.'],
  ['caps.spend.max', 700_000n, 'Cap spend rises from 6000.00 to 7000.00.'],
  ['caps.often.max', 4n, 'Cap often rises from 3 to 4.'],
  ['caps.often.holder', 'MEMBER', 'Cap often: the holder changes from card to member.'],
  ['caps', EVERYTHING.caps.slice(1), 'Cap groceries-month is removed.'],
  ['caps', [...EVERYTHING.caps, cap('more', 100n)], 'Cap more is added: 1.00 of reward per month and member.'],
  ['caps', EVERYTHING.caps.toReversed(), 'The order of the caps changes.'],
  [
    'rules',
    [...EVERYTHING.rules, rateRule('new', '2%')],
    'Rule new is added: 2 %, paid by the programme, by contract.',
  ],
  [
    'categories.fuel.mccs',
    [...(EVERYTHING.categories[0]?.mccs ?? []), { first: '5542', last: '5542' }],
    'Category fuel gains 5542.',
  ],
  [
    'categories.fuel.mccs',
    [{ first: '5541', last: '5541' }],
    'Category fuel loses 5500-5510 from 2026-07-01 to 2026-07-31.',
  ],
  ['categories.fuel.partners', [], 'Category fuel: the partners lose cog-fuel.'],
  ['tiers.levels.captain.from', 400_000n, 'Tier captain: the threshold rises from 3000.00 to 4000.00.'],
  ['tiers.levels.captain.benefits', [], 'Benefit delivery of tier captain is removed.'],
  [
    'tiers.window',
    { kind: 'CALENDAR', unit: 'YEAR' },
    'The window of the tiers changes from 365 rolling days to the calendar year.',
  ],
  ['choices.monthly.pick', 2, 'Choice monthly: how many categories are picked rises from 1 to 2.'],
  ['experiments.spring.variants.a.weight', 3, 'Variant a of experiment spring: the weight rises from 1 to 3.'],
  ['redemption.maxShare', r('50%'), 'The share of a purchase that units may pay falls from 100 % to 50 %.'],
  [
    'redemption.expiry',
    { kind: 'END_OF_YEAR', count: 1, from: 'ACCRUAL' },
    'The expiry of units changes from 12 months after becoming available to at the end of year 1 after the accrual.',
  ],
  ['redemption.dormancy.feeUnits', 199n, 'The dormancy fee falls from 2.99 to 1.99.'],
  ['redemption.dormancy', undefined, 'The dormancy fee (2.99 a month after 90 days) no longer counts.'],
  [
    'redemption.windDown',
    undefined,
    'The wind-down (no earning from 2027-01-01, redemption until 2027-06-30) no longer counts.',
  ],
  ['redemption.cashOut.perDayUnits', 100n, 'The most units a day of cash-out falls from 500.00 to 1.00.'],
  ['redemption.cashOut', undefined, 'Cash-out (allowed) no longer counts.'],
  ['redemption.noticeDays', 14, 'The notice before units expire goes from 30 to 14 days.'],
  ['exclusions', [], 'The exclusions lose 6010-6012 from 2026-01-15 (cash).'],
])('%s to %p', (path, to, expected) => {
  const changes = diffTerms(EVERYTHING, changed(EVERYTHING, path, to));
  expect(changes.map(({ text }) => text).join(' ')).toBe(expected);
  for (const change of changes)
    expect(`${change.path}.`.startsWith(`${path.replace(/\.\d+.*$/, '')}.`) || path.startsWith(change.path)).toBe(true);
});

test('a change has a place and a kind', () => {
  const after = changed(changed(EVERYTHING, 'caps.share', cap('new', 1n)), 'holdDays', 3);
  expect(diffTerms(EVERYTHING, after).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'CHANGED holdDays',
    'REMOVED caps.share',
    'ADDED caps.new',
  ]);
});

// --------------------------------------------------------------------------------- nothing changes silently

/** Every place of a value, by field or position: fields, elements, and the fields of elements. */
function placesOf(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return WHICH_OF.test(path.join('.')) ? [] : [path.join('.')];
  const inner = Object.entries(value).flatMap(([step, each]) => placesOf(each, [...path, step]));
  return path.length === 0 ? inner : [path.join('.'), ...inner];
}
/** Says which of several shapes a value has: changed by itself it would be no value at all. */
const WHICH_OF = /\.(kind|policy|funding\.by)$/;

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce((inside, step) => (inside as Json | undefined)?.[step], value);

const OPTIONAL =
  /^(rules\.\d+\.(group|base|rounding|accumulate|when\.\w+)|caps\.\d+\.(maxShare|rules|groups|categories|over|from|until)|redemption\.(dormancy|windDown|cashOut|transfer|(cashOut|transfer)\.\w+)|groups\.\d+\.silences|choices\.\d+\.shown|rounding\.spend)$/;

/** Other values for a place: another number or word, one element less, more, or the other way round, or none at all. */
function othersFor(path: string, value: unknown): unknown[] {
  const none = OPTIONAL.test(path) ? [undefined] : [];
  if (typeof value === 'string') return [`${value}x`, ...none];
  if (typeof value === 'number') return [value + 1, ...none];
  if (typeof value === 'bigint') return [value + 1n, ...none];
  if (typeof value === 'boolean') return [!value, ...none];
  if (Array.isArray(value)) return [value.slice(1), [...value, ...value], value.toReversed(), ...none];
  return none;
}

test('every place of the terms, changed by itself, is told, and where', () => {
  let tried = 0;
  for (const path of placesOf(EVERYTHING)) {
    for (const other of othersFor(path, at(EVERYTHING, path))) {
      const after = changed(EVERYTHING, path, other);
      if (isDeepStrictEqual(EVERYTHING, after)) continue;
      const changes = diffTerms(EVERYTHING, after);
      expect({ path, told: changes.length > 0 }).toEqual({ path, told: true });
      for (const { path: told, text } of changes) {
        expect([path.split('.')[0], text.endsWith('.')]).toEqual([told.split('.')[0], true]);
      }
      expect(diffTerms(after, EVERYTHING).length).toBeGreaterThan(0);
      tried += 1;
    }
  }
  expect(tried).toBeGreaterThan(250);
});

test('the difference is empty exactly when the terms are the same, whatever was changed', () => {
  const places = placesOf(EVERYTHING);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), fc.nat(2)), { maxLength: 4 }), (choices) => {
      let after = EVERYTHING;
      for (const [path, which] of choices) {
        const value = at(after, path);
        // An earlier change may have taken the place away.
        if (value === undefined) continue;
        const others = othersFor(path, value);
        if (others.length > 0) after = changed(after, path, others[which % others.length]);
      }
      expect(diffTerms(EVERYTHING, after).length === 0).toBe(isDeepStrictEqual(EVERYTHING, after));
      expect(diffTerms(after, structuredClone(after))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
