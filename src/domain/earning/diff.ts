/** What changes between two versions of a programme's terms, in words. Nothing changes silently. */
import { compareRates, type Rate } from '../money/rate.js';
import type { DormancyFee, OutflowLimits, RedemptionTerms, WindDown } from '../redemption/model.js';
import { conditionsShape } from './diff-conditions.js';
import { type Change, cells, fields, keyed, leaf, type Shape, setOf } from './diff-shape.js';
import * as words from './diff-words.js';
import type {
  BandsEffect,
  Cap,
  Category,
  CategoryChoice,
  EarningRule,
  Effect,
  Experiment,
  FixedEffect,
  MultiplierEffect,
  PerItemEffect,
  ProgrammeTerms,
  RateEffect,
  RewardUnit,
  StackingGroup,
  StepEffect,
  TierCategoryMatrixEffect,
  TierDowngrade,
  TierLadder,
} from './model.js';

export type { Change } from './diff-shape.js';

/** In the order of the terms. Empty exactly when both are the same. */
export const diffTerms = (before: ProgrammeTerms, after: ProgrammeTerms): Change[] =>
  programmeShape(before, after, { path: [], before, after });

const bySize = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);
const rising = { order: bySize };
const text = (subject: string) => leaf(subject, words.text);
const inWord = <T extends string>(subject: string): Shape<T> => leaf<T>(subject, words.word);
const share = (subject: string) => leaf<Rate>(subject, words.share, { order: compareRates });
const units = (subject: string) => leaf<bigint>(subject, words.units, rising);
const money = (subject: string) => leaf<bigint>(subject, words.money, rising);
const name = leaf<string>('the name', words.quoted);
/** Two things that differ in their code are two things; inside one the code is the same. */
const code = text('the code');

// ------------------------------------------------------------------------------------------------- effects

const EFFECT = {
  RATE: fields<RateEffect>('the effect', { kind: text('the effect'), rate: share('the rate') }),
  FIXED: fields<FixedEffect>('the effect', { kind: text('the effect'), units: units('the fixed reward') }),
  PER_ITEM: fields<PerItemEffect>('the effect', { kind: text('the effect'), units: units('the reward per item') }),
  MULTIPLIER: fields<MultiplierEffect>('the effect', {
    kind: text('the effect'),
    of: text('the multiplied rule'),
    by: leaf<Rate>('the factor', words.times, { order: compareRates }),
    pays: inWord('what the multiplier pays'),
  }),
  STEP: leaf<StepEffect>('the reward', words.step),
  BANDS: fields<BandsEffect>('the effect', {
    kind: text('the effect'),
    bands: leaf('the bands', words.bands, { plural: true }),
  }),
  TIER_CATEGORY_MATRIX: fields<TierCategoryMatrixEffect>('the effect', {
    kind: text('the effect'),
    rates: cells((tier, category) => `the rate for ${tier} x ${category}`, words.share, compareRates),
  }),
} satisfies { readonly [Kind in Effect['kind']]: Shape<Extract<Effect, { kind: Kind }>> };

/** Within one kind its own numbers; from one kind to another the whole. */
const effectShape: Shape<Effect> = (before, after, at) =>
  before !== undefined && before.kind === after?.kind
    ? (EFFECT[before.kind] as Shape<Effect>)(before, after, at)
    : leaf<Effect>('the effect', words.effect)(before, after, at);

// -------------------------------------------------------------------------------------------------- the parts

const ruleShape = keyed<EarningRule>(
  'Rule',
  {
    code,
    name,
    funding: leaf('the funding', words.funding),
    when: conditionsShape,
    base: leaf('the base', words.base),
    rounding: leaf('the rounding', words.rounding),
    group: text('the group'),
    accumulate: leaf('the period it accumulates', words.period),
    effect: effectShape,
  },
  words.ruleWords,
);

const categoryShape = keyed<Category>('Category', {
  code,
  name,
  mccs: setOf('', words.mccRange),
  partners: setOf('the partners', words.text),
  outlets: setOf('the outlets', words.text),
  products: setOf('the products', words.text),
  descriptors: setOf('the descriptors', words.text),
});

/** A cap's size in its own measure, which the words find by the cap's code. */
const capSize: Shape<bigint> = (before, after, at) => {
  const owner = at.path.at(-2);
  const say: words.Say<bigint> = (amount, terms) => {
    const cap = terms.caps.find((each) => each.code === owner);
    return cap === undefined ? String(amount) : words.capAmount(amount, cap, terms);
  };
  return leaf<bigint>('', say, rising)(before, after, at);
};

const capShape = keyed<Cap>(
  'Cap',
  {
    code,
    measure: inWord('the measure'),
    holder: inWord('the holder'),
    per: leaf('the period', words.period),
    max: capSize,
    maxShare: share('the share of a purchase'),
    rules: setOf('the rules', words.text),
    groups: setOf('the groups', words.text),
    categories: setOf('the categories', words.text),
    over: text('the rule above the cap'),
    refundReleases: leaf<boolean>('what a refund releases', (yes) => (yes ? 'what its purchase took' : 'nothing')),
    from: text('the first day'),
    until: text('the last day'),
  },
  words.capWords,
);

const groupShape = keyed<StackingGroup>('Group', {
  code,
  mode: inWord('the mode'),
  priority: leaf<number>('the priority', words.number, rising),
  silences: setOf('the silenced groups', words.text),
});

const choiceShape = keyed<CategoryChoice>('Choice', {
  code,
  name,
  offered: setOf('the offered categories', words.text),
  shown: leaf<number>('how many categories are shown', words.number, rising),
  pick: leaf<number>('how many categories are picked', words.number, rising),
  per: inWord('the period'),
  opensDaysBefore: leaf<number>('the opening', words.number, { unit: 'days before the period' }),
  closesOnDay: leaf<number>('the last day for choosing', words.number, rising),
  fallback: setOf('the default categories', words.text),
});

const experimentShape = keyed<Experiment>('Experiment', {
  code,
  variants: keyed(
    'Variant',
    { code, weight: leaf<number>('the weight', words.number, rising) },
    ({ weight }) => `weight ${weight}`,
  ),
});

const tierShape = fields<TierLadder>('the tiers', {
  metric: inWord('the metric of the tiers'),
  window: leaf('the window of the tiers', words.tierWindow),
  downgrade: fields<TierDowngrade>('the downgrade', {
    to: inWord('the downgrade of tiers'),
    graceDays: leaf<number>('the grace of tiers', words.number, { unit: 'days' }),
  }),
  levels: keyed(
    'Tier',
    {
      code,
      name,
      from: leaf<bigint>('the threshold', words.metricAmount, rising),
      benefits: keyed('Benefit', { code, name }, ({ name: of }) => of),
    },
    ({ from }, terms) => `from ${words.metricAmount(from, terms)}`,
  ),
});

const outflow = (subject: string): Shape<OutflowLimits> =>
  fields<OutflowLimits>(
    subject,
    {
      perDayUnits: units(`the most units a day of ${subject}`),
      perMonthUnits: units(`the most units a month of ${subject}`),
      holdAboveUnits: units(`the units above which ${subject} waits for a person`),
    },
    () => 'allowed',
  );

const redemptionShape = fields<RedemptionTerms>('redemption', {
  expiry: leaf('the expiry of units', words.lotExpiry),
  order: inWord('the order in which units are used'),
  maxShare: share('the share of a purchase that units may pay'),
  discountsCount: leaf<boolean>('whether discounts count in that share', (counts) => (counts ? 'yes' : 'no')),
  minimumOwnMinor: money('the least own money'),
  minimumUnits: units('the least units in one redemption'),
  priceMinor: leaf<Rate>('the worth of a redeemed unit', words.worth, { order: compareRates }),
  returnGraceDays: leaf<number>('the life of returned units', words.number, { unit: 'days' }),
  authorisationHours: leaf<number>('the life of an authorisation', words.number, { unit: 'hours' }),
  noticeDays: leaf<number>('the notice before units expire', words.number, { unit: 'days' }),
  cashOut: outflow('cash-out'),
  transfer: outflow('transfer'),
  donation: leaf<boolean>('whether units are given to charities', (yes) => (yes ? 'yes' : 'no')),
  dormancy: fields<DormancyFee>(
    'the dormancy fee',
    {
      afterDays: leaf<number>('the time before a dormancy fee', words.number, { unit: 'days' }),
      feeUnits: units('the dormancy fee'),
    },
    ({ afterDays, feeUnits }, terms) => `${words.units(feeUnits, terms)} a month after ${afterDays} days`,
  ),
  windDown: fields<WindDown>(
    'the wind-down',
    { earningEnds: text('the end of earning'), redemptionUntil: text('the last day of redemption') },
    ({ earningEnds, redemptionUntil }) => `no earning from ${earningEnds}, redemption until ${redemptionUntil}`,
  ),
});

const programmeShape = fields<ProgrammeTerms>('', {
  code,
  name,
  currencyCode: text('the currency'),
  currencyScale: leaf<number>('the decimals of the currency', words.number),
  timeZone: text('the time zone'),
  effectiveFrom: text('the first day of the terms'),
  unit: fields<RewardUnit>('the unit', {
    code: text('the unit'),
    scale: leaf<number>('the decimals of the unit', words.number),
    priceMinor: leaf<Rate>('the worth of a unit', words.worth, { order: compareRates }),
  }),
  attribution: inWord('the day that counts'),
  holdDays: leaf<number>('the hold', words.number, { unit: 'days' }),
  payout: inWord('the payout period'),
  base: leaf('the base', words.base),
  rounding: leaf('the rounding', words.rounding),
  refunds: leaf('the handling of refunds', words.refunds),
  taxTreatment: inWord('the tax treatment'),
  categories: categoryShape,
  exclusions: setOf('the exclusions', (range, terms) => `${words.mccRange(range, terms)} (${range.reason})`),
  productExclusions: setOf('the excluded products', (each) => `${each.tag}${words.days(each)} (${each.reason})`),
  tiers: tierShape,
  rules: ruleShape,
  groups: groupShape,
  caps: capShape,
  choices: choiceShape,
  experiments: experimentShape,
  redemption: redemptionShape,
  approvals: leaf<ProgrammeTerms['approvals']>('the number of people it takes to publish', words.number, rising),
});
