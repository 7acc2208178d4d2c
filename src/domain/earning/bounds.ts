/**
 * What each rule can pay at most to one member, and what would bound it when nothing does.
 *
 * A bound holds for whatever a member buys. Caps that hold for the whole programme or a category are shared
 * with other rules; a rule is told what it could take of them alone.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Rate } from '../money/rate.js';
import {
  accumulates,
  categoriesOf,
  highestRate,
  type Most,
  mostOfPeriod,
  mostOfPurchase,
  mostOfSpend,
  plain,
  scaled,
  standsIn,
  tiersOf,
  timesPerPeriod,
} from './bound-effect.js';
import { type CapSuggestion, suggestCap } from './bound-suggestion.js';
import type { Cap, EarningRule, Period, ProgrammeTerms } from './model.js';

export interface Bound {
  readonly rule: string;
  readonly name: string;
  /** MEMBER: one member cannot earn without end. CARD: one card or account cannot, but a member may have many. */
  readonly bounded: 'MEMBER' | 'CARD' | 'UNBOUNDED';
  /** One for each period in which anything bounds the rule, the shortest period first. */
  readonly limits: readonly Limit[];
  /** Highest share of the spend by tier, for rules that give shares. */
  readonly rates: readonly { readonly tier: string; readonly rate: Rate }[];
  /** The cheapest cap that would bound it; absent when it is bounded. */
  readonly suggestion?: CapSuggestion;
}

export interface Limit extends Most {
  readonly per: Period;
  /** EVERYONE: all members together. */
  readonly holder: Cap['holder'];
  /** Codes of the caps that make it; none when the rule itself does. */
  readonly caps: readonly string[];
}

/** Something that bounds a rule, in some of its categories or in all. */
interface Source extends Limit {
  /** Undefined when it holds in all of them. */
  readonly categories?: readonly string[];
}

export function boundsOf(terms: ProgrammeTerms): Bound[] {
  return terms.rules.map((rule): Bound => {
    const categories = categoriesOf(rule, terms);
    const sources = sourcesOf(rule, categories, terms);
    const member = sources.filter(({ holder }) => holder === 'MEMBER' || holder === 'EVERYONE');
    const ofMember = limitsOf(member, categories);
    const limits = [...ofMember, ...limitsOf(sources.filter(isOfCard), categories)];
    const inTime = limits.filter(({ per }) => per !== 'TRANSACTION');
    const bounded = inTime.some((limit) => !isOfCard(limit)) ? 'MEMBER' : inTime.length > 0 ? 'CARD' : 'UNBOUNDED';
    const rates = tiersOf(rule, terms).flatMap((tier) => {
      const rate = highestRate(rule, terms, categories, [tier]);
      return rate === undefined ? [] : [{ tier, rate }];
    });
    const bound = { rule: rule.code, name: rule.name, bounded, limits, rates } as const;
    if (bounded === 'MEMBER') return bound;
    const open = categories.filter((category) => !member.some((source) => inTimeIn(source, category)));
    return { ...bound, suggestion: suggestCap(rule, open, terms) };
  });
}

const isOfCard = ({ holder }: Limit): boolean => holder === 'CARD' || holder === 'ACCOUNT';

const inTimeIn = ({ per, categories }: Source, category: string): boolean =>
  per !== 'TRANSACTION' && (categories?.includes(category) ?? true);

// ------------------------------------------------------------------------------------------------ sources

function sourcesOf(rule: EarningRule, categories: readonly string[], terms: ProgrammeTerms): Source[] {
  const own = { holder: 'MEMBER', caps: [] } as const;
  if (categories.length === 0 || paysNothing(rule, categories, terms))
    return [{ ...own, per: 'LIFETIME', ...plain(0n) }];
  const sources: Source[] = [];
  const caps = terms.caps.filter((cap) => concerns(cap, rule, categories) && coversDaysOf(cap, rule, terms));
  const byItself = mostOfPurchase(rule, terms);
  const purchase = leastOf([byItself, ...ofWholePurchases(caps, categories)]);
  if (byItself !== undefined) sources.push({ ...own, per: 'TRANSACTION', ...byItself });
  const period = mostOfPeriod(rule, terms);
  if (period !== undefined) sources.push({ ...own, per: period.per, ...period.most });
  const times = timesPerPeriod(rule, terms);
  if (times !== undefined && purchase !== undefined)
    sources.push({ ...own, per: times.per, ...scaled(purchase, times.times) });
  for (const cap of caps) {
    const within = categories.filter((category) => cap.categories?.includes(category) ?? true);
    const most = mostUnder(cap, rule, within, purchase, terms);
    if (most === undefined) continue;
    const partly = within.length < categories.length ? { categories: within } : {};
    // One purchase is paid with one card.
    const holder = cap.per === 'TRANSACTION' ? 'MEMBER' : cap.holder;
    sources.push({ per: cap.per, holder, caps: [cap.code], ...most, ...partly });
  }
  return sources;
}

/** A share of nothing everywhere; other effects always give something. */
const paysNothing = (rule: EarningRule, categories: readonly string[], terms: ProgrammeTerms): boolean =>
  (rule.effect.kind === 'RATE' || rule.effect.kind === 'BANDS') && highestRate(rule, terms, categories) === undefined;

const concerns = (cap: Cap, rule: EarningRule, categories: readonly string[]): boolean =>
  (cap.rules?.includes(rule.code) ?? true) &&
  (cap.groups === undefined || (rule.group !== undefined && cap.groups.includes(rule.group))) &&
  (cap.categories === undefined || cap.categories.some((code) => categories.includes(code)));

/** A cap that begins later or ends earlier than the rule leaves days on which nothing binds. */
function coversDaysOf(cap: Cap, { when }: EarningRule, terms: ProgrammeTerms): boolean {
  const first = (day: BusinessDate | undefined): BusinessDate =>
    day === undefined || day < terms.effectiveFrom ? terms.effectiveFrom : day;
  return (
    first(cap.from) <= first(when.from) &&
    (cap.until === undefined || (when.until !== undefined && when.until <= cap.until))
  );
}

/** Caps of one purchase on its whole reward. */
const ofWholePurchases = (caps: readonly Cap[], categories: readonly string[]): Most[] =>
  caps.flatMap(({ per, measure, max, maxShare, categories: of }) =>
    per === 'TRANSACTION' &&
    measure === 'REWARD' &&
    maxShare === undefined &&
    (of === undefined || categories.every((code) => of.includes(code)))
      ? [plain(max)]
      : [],
  );

function mostUnder(
  { measure, max, maxShare, per }: Cap,
  rule: EarningRule,
  categories: readonly string[],
  purchase: Most | undefined,
  terms: ProgrammeTerms,
): Most | undefined {
  if (maxShare !== undefined) return undefined;
  switch (measure) {
    case 'REWARD':
      return plain(max);
    case 'COUNT':
      return per === 'TRANSACTION' || purchase === undefined ? undefined : scaled(purchase, max);
    case 'SPEND':
      // The steps of a sum of the period may fall anywhere in the spend of another period; and what stands in for
      // another rule may reward the same money once more.
      return accumulates(rule) || standsIn(rule, terms) ? undefined : mostOfSpend(rule, terms, categories, max);
  }
}

const leastOf = (all: readonly (Most | undefined)[]): Most | undefined =>
  all.reduce(
    (least, each) => (each !== undefined && (least === undefined || isLess(each, least)) ? each : least),
    undefined,
  );

const isLess = (a: Most, b: Most): boolean =>
  a.roundedUp === b.roundedUp ? a.stated < b.stated : a.roundedUp < b.roundedUp;

// ----------------------------------------------------------------------------------------------- together

const PERIODS_BY_LENGTH: readonly Period[] = [
  ...(['TRANSACTION', 'DAY', 'WEEK', 'MONTH', 'STATEMENT'] as const),
  ...(['QUARTER', 'YEAR', 'CAMPAIGN', 'LIFETIME'] as const),
];

/** How many of these periods one of those can touch; a longer one holds for a shorter one within it as it is. */
const HOW_MANY: Partial<Record<Period, Partial<Record<Period, bigint>>>> = {
  DAY: { DAY: 1n, WEEK: 7n, MONTH: 31n, STATEMENT: 31n, QUARTER: 92n, YEAR: 366n },
  WEEK: { DAY: 1n, WEEK: 1n },
  MONTH: { DAY: 1n, MONTH: 1n, QUARTER: 3n, YEAR: 12n },
  STATEMENT: { STATEMENT: 1n },
  QUARTER: { DAY: 1n, MONTH: 1n, QUARTER: 1n, YEAR: 4n },
  YEAR: { DAY: 1n, MONTH: 1n, QUARTER: 1n, YEAR: 1n },
};

function howMany(of: Period, within: Period): bigint | undefined {
  if (of === 'TRANSACTION') return within === 'TRANSACTION' ? 1n : undefined;
  return within === 'TRANSACTION' || of === 'CAMPAIGN' || of === 'LIFETIME' ? 1n : HOW_MANY[of]?.[within];
}

/** The least of what bounds the whole rule and of what bounds it category by category, for every period that is meant. */
function limitsOf(sources: readonly Source[], categories: readonly string[]): Limit[] {
  const periods = PERIODS_BY_LENGTH.filter((period) => sources.some(({ per }) => per === period));
  const limits = periods.flatMap((per) => limitFor(per, sources, categories) ?? []);
  // What follows from another period is said there.
  for (const limit of [...limits]) {
    if (limits.some((other) => other !== limit && impliedBy(limit, other))) limits.splice(limits.indexOf(limit), 1);
  }
  return limits;
}

function impliedBy(limit: Limit, other: Limit): boolean {
  const times = howMany(other.per, limit.per);
  return times !== undefined && !isLess(limit, scaled(other, times));
}

function limitFor(per: Period, sources: readonly Source[], categories: readonly string[]): Limit | undefined {
  const here = sources.flatMap((source) => {
    const times = howMany(source.per, per);
    return times === undefined ? [] : [{ ...source, per, ...scaled(source, times) }];
  });
  const whole = here.filter((source) => source.categories === undefined);
  const parts = new Set<Source>();
  for (const category of categories) {
    const best = least(here.filter((source) => source.categories?.includes(category) ?? true));
    if (best === undefined) return undefined;
    parts.add(best);
  }
  const together = sumOf([...parts], per);
  const best = least([...whole, together]);
  return best === undefined
    ? undefined
    : { stated: best.stated, roundedUp: best.roundedUp, per, holder: best.holder, caps: best.caps };
}

const least = (sources: readonly Source[]): Source | undefined =>
  sources.reduce<Source | undefined>(
    (best, each) => (best === undefined || isLess(each, best) ? each : best),
    undefined,
  );

function sumOf(parts: readonly Source[], per: Period): Source {
  const [first] = parts;
  return {
    per,
    // Budgets of everyone in every category are a budget of everyone; with a member's own cap it is the member's.
    holder: first !== undefined && parts.every(({ holder }) => holder === first.holder) ? first.holder : 'MEMBER',
    stated: parts.reduce((sum, { stated }) => sum + stated, 0n),
    roundedUp: parts.reduce((sum, { roundedUp }) => sum + roundedUp, 0n),
    caps: [...new Set(parts.flatMap(({ caps }) => caps))],
  };
}
