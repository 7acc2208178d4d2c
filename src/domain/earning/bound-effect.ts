/**
 * What an effect can give at most, before caps: per minor unit spent, per purchase, and by itself in a period.
 */
import { compareRates, multiplyRates, ONE, type Rate, rate, ZERO_RATE } from '../money/rate.js';
import { divideRounded } from '../money/rounding.js';
import {
  type EarningRule,
  type Effect,
  type Period,
  type ProgrammeTerms,
  type RewardRounding,
  UNCATEGORISED,
} from './model.js';
import { promiseOfBands } from './rules/bands.js';
import { factorOf } from './rules/multiplier.js';
import { floorOf } from './rules/quotient.js';
import { cellOf } from './rules/tier-category-matrix.js';

/** Steps of the unit. */
export interface Most {
  /** As the rule says it: 6 % of 6,000 is 360. */
  readonly stated: bigint;
  /** When every purchase is of just the amount that is rounded up. Never passed. */
  readonly roundedUp: bigint;
}

export const scaled = ({ stated, roundedUp }: Most, by: bigint): Most => ({
  stated: stated * by,
  roundedUp: roundedUp * by,
});

export const plain = (units: bigint): Most => ({ stated: units, roundedUp: units });

/** Categories in which the rule can pay anything, UNCATEGORISED with them. */
export function categoriesOf(rule: EarningRule, terms: ProgrammeTerms): string[] {
  const { categories, chosen } = rule.when;
  const offered = chosen === undefined ? undefined : terms.choices.find(({ code }) => code === chosen)?.offered;
  const all = [...terms.categories.map(({ code }) => code), UNCATEGORISED];
  return all.filter(
    (code) =>
      (categories?.includes(code) ?? true) &&
      (offered?.includes(code) ?? true) &&
      (rule.effect.kind !== 'TIER_CATEGORY_MATRIX' || highestRate(rule, terms, [code]) !== undefined),
  );
}

/**
 * Most units that one minor unit of spend can give, in these categories; undefined when the reward does not grow
 * with the spend, or when it is nothing.
 */
export function unitsPerMinor(
  rule: EarningRule,
  terms: ProgrammeTerms,
  categories: readonly string[],
): Rate | undefined {
  const { effect } = rule;
  if (effect.kind === 'STEP') return rate(effect.units, effect.everyMinor);
  if (effect.kind === 'MULTIPLIER') {
    const base = baseRuleOf(effect.of, terms);
    const perMinor = base && unitsPerMinor(base, terms, categories);
    return perMinor && multiplyRates(perMinor, highestFactor(rule, terms));
  }
  const highest = highestRate(rule, terms, categories);
  const { numerator, denominator } = terms.unit.priceMinor;
  return highest && multiplyRates(highest, rate(denominator, numerator));
}

/**
 * Highest share of the spend in these categories over all tiers that the rule is for; undefined when there is none
 * above zero.
 */
export function highestRate(
  rule: EarningRule,
  terms: ProgrammeTerms,
  categories: readonly string[],
  tiers: readonly string[] = tiersOf(rule, terms),
): Rate | undefined {
  const rates = ratesOf(rule.effect, categories, tiers);
  const highest = rates.reduce((most, each) => (compareRates(each, most) > 0 ? each : most), ZERO_RATE);
  return highest.numerator === 0n ? undefined : highest;
}

export const tiersOf = (rule: EarningRule, terms: ProgrammeTerms): string[] =>
  terms.tiers.levels.map(({ code }) => code).filter((code) => rule.when.tiers?.includes(code) ?? true);

function ratesOf(effect: Effect, categories: readonly string[], tiers: readonly string[]): Rate[] {
  switch (effect.kind) {
    case 'RATE':
      return [effect.rate];
    case 'BANDS':
      return effect.bands.map((band) => band.rate);
    case 'TIER_CATEGORY_MATRIX':
      return tiers.flatMap((tier) => categories.map((category) => cellOf(effect, tier, category)));
    case 'STEP':
    case 'FIXED':
    case 'PER_ITEM':
    case 'MULTIPLIER':
      return [];
  }
}

export const baseRuleOf = (code: string, terms: ProgrammeTerms): EarningRule | undefined =>
  terms.rules.find((rule) => rule.code === code);

/** Multipliers of a multiplicative group multiply: one of them may stand for the product of all. */
function highestFactor(rule: EarningRule, terms: ProgrammeTerms): Rate {
  if (rule.effect.kind !== 'MULTIPLIER') return ONE;
  const group = terms.groups.find(({ code }) => code === rule.group);
  if (group?.mode !== 'MULTIPLICATIVE') return factorOf(rule.effect);
  return terms.rules.reduce(
    (product, { group: other, effect }) =>
      other === group.code && effect.kind === 'MULTIPLIER' && compareRates(effect.by, ONE) > 0
        ? multiplyRates(product, effect.by)
        : product,
    ONE,
  );
}

/**
 * How much more than the exact reward rounding can make of many purchases. Half up makes a whole of a half, and
 * so does rounding the spend; where all rules are rounded together, one may get what the others leave.
 */
export function roundingGain(rule: EarningRule, terms: ProgrammeTerms): bigint {
  const { mode, spend, per } = rule.rounding ?? terms.rounding;
  const pooled = terms.rules.filter(({ rounding }) => (rounding ?? terms.rounding).per === 'TRANSACTION').length;
  // A multiplier multiplies what the other rule gives on its own rounding of the spend, before rounding the reward.
  const base = rule.effect.kind === 'MULTIPLIER' ? baseRuleOf(rule.effect.of, terms) : rule;
  const spendMode = base === rule ? spend?.mode : (base?.rounding ?? terms.rounding).spend?.mode;
  return half(mode) * half(spendMode) * (per === 'TRANSACTION' ? BigInt(pooled) : 1n);
}

const half = (mode: RewardRounding['mode'] | undefined): bigint =>
  mode === 'HALF_UP' || mode === 'HALF_EVEN' ? 2n : 1n;

/** Most that so much spend gives, in whatever purchases; undefined for effects that do not grow with it. */
export function mostOfSpend(
  rule: EarningRule,
  terms: ProgrammeTerms,
  categories: readonly string[],
  spendMinor: bigint,
): Most | undefined {
  const perMinor = unitsPerMinor(rule, terms, categories);
  if (perMinor === undefined) return undefined;
  const exact = spendMinor * perMinor.numerator;
  const gained = (exact * roundingGain(rule, terms)) / perMinor.denominator;
  const { effect } = rule;
  const stated =
    effect.kind === 'STEP' ? (spendMinor / effect.everyMinor) * effect.units : exact / perMinor.denominator;
  return { stated, roundedUp: gained };
}

/** Whether the rule gives what is above another's cap; then its own conditions on amount and progress are not asked. */
export const standsIn = (rule: EarningRule, terms: ProgrammeTerms): boolean =>
  terms.caps.some(({ over }) => over === rule.code);

/** Most of one purchase, by the effect and the rule's largest purchase; undefined when there is no such bound. */
export function mostOfPurchase(rule: EarningRule, terms: ProgrammeTerms): Most | undefined {
  const { effect, when } = rule;
  // Beside its own reward it may stand in for several others.
  if (standsIn(rule, terms)) return undefined;
  if (effect.kind === 'FIXED') return mostOfFixed(rule, effect.units, terms);
  if (when.maximum === undefined) return undefined;
  const { amountMinor, exclusive } = when.maximum;
  const largest = exclusive ? amountMinor - 1n : amountMinor;
  const most = mostOfSpend(rule, terms, categoriesOf(rule, terms), largest);
  if (most === undefined) return undefined;
  if (accumulates(rule)) return { ...most, roundedUp: mostOfNext(rule, terms, largest) };
  if (effect.kind !== 'BANDS') return most;
  return { ...most, stated: floorOf(promiseOfBands(effect, terms.unit.priceMinor)(measureOf(largest))) };
}

/** The effect is a function of a period's spend, not of one purchase. */
export const accumulates = ({ accumulate }: EarningRule): boolean =>
  accumulate !== undefined && accumulate !== 'TRANSACTION';

/** The difference that so much spend makes to a period: in every part of a basket the last step may have been nearly there. */
function mostOfNext(rule: EarningRule, terms: ProgrammeTerms, spendMinor: bigint): bigint {
  const { spend, step } = rule.rounding ?? terms.rounding;
  const categories = categoriesOf(rule, terms);
  const parts = cutsBaskets(terms) ? BigInt(categories.length) : 1n;
  const perMinor = unitsPerMinor(rule, terms, categories) ?? ZERO_RATE;
  const exact = ((spendMinor + parts * (spend?.toMinor ?? 0n)) * perMinor.numerator) / perMinor.denominator;
  const leap = rule.effect.kind === 'STEP' ? rule.effect.units : 0n;
  return (exact / step + 2n * parts) * step + leap * parts;
}

function mostOfFixed(rule: EarningRule, units: bigint, terms: ProgrammeTerms): Most | undefined {
  const { reaches } = rule.when;
  // One large purchase can pass any number of marks on spend.
  if (reaches?.repeats === true && reaches.metric === 'SPEND') return undefined;
  const { mode, step, per } = rule.rounding ?? terms.rounding;
  if (per === 'TRANSACTION') return { stated: units, roundedUp: (units / step + 1n) * step };
  return plain(divideRounded(units, step, mode) * step);
}

const measureOf = (spendMinor: bigint) => ({ spendMinor, items: 0, tier: '', category: '', times: 1n });

/** Whether one purchase can have parts in several categories. */
const cutsBaskets = (terms: ProgrammeTerms): boolean => terms.categories.some(({ products }) => products.length > 0);

/** How often the rule can pay in a period because of the mark that it reaches. */
export function timesPerPeriod(rule: EarningRule, terms: ProgrammeTerms): { per: Period; times: bigint } | undefined {
  const { reaches, action, partners, outlets, from } = rule.when;
  if (reaches === undefined || reaches.per === 'TRANSACTION' || action !== undefined) return undefined;
  if (standsIn(rule, terms)) return undefined;
  const { per, metric, mark, repeats, atSamePartner } = reaches;
  if (repeats && metric !== 'CATEGORIES') return undefined;
  const marks = repeats ? BigInt(categoriesOf(rule, terms).length) / mark : 1n;
  const at = partners ?? outlets?.map((outlet) => outlet.slice(0, outlet.indexOf('/')));
  if (atSamePartner && at === undefined) return undefined;
  const times = atSamePartner ? marks * BigInt(new Set(at).size) : marks;
  // A campaign without a first day never ends.
  return { per: per === 'CAMPAIGN' && from === undefined ? 'LIFETIME' : per, times };
}

/** What a rule that accumulates gives in its whole period: bands whose last one pays nothing come to an end. */
export function mostOfPeriod(rule: EarningRule, terms: ProgrammeTerms): { per: Period; most: Most } | undefined {
  const { effect, accumulate } = rule;
  if (effect.kind !== 'BANDS' || accumulate === undefined || !accumulates(rule)) return undefined;
  if (standsIn(rule, terms) || effect.bands.at(-1)?.rate.numerator !== 0n) return undefined;
  const last = effect.bands.at(-2)?.uptoMinor ?? 0n;
  const whole = promiseOfBands(effect, terms.unit.priceMinor)(measureOf(last));
  const { mode, step, per } = rule.rounding ?? terms.rounding;
  const rounded = divideRounded(whole.numerator, whole.denominator * step, mode) * step;
  if (per !== 'TRANSACTION') return { per: accumulate, most: { stated: floorOf(whole), roundedUp: rounded } };
  return undefined;
}
