/**
 * What every rule of a programme gives for a purchase, before it is split over funders. Shared by the first
 * decision (evaluate) and by a refund, which decides again about what is kept.
 *
 * classify -> cut into segments -> offers of the rules that hold -> stacking -> rounding together -> caps.
 */
import { CapRoom, type Counted, type Withheld } from './caps.js';
import { type Classification, classify } from './classify.js';
import { marksReached } from './conditions/mark.js';
import { type FundingGap, isGap } from './funding.js';
import {
  type AmountBound,
  type EarningFacts,
  type ProgrammeTerms,
  type Purchase,
  ZERO_REASONS,
  type ZeroReason,
} from './model.js';
import { isChosen, type Making, type Offer, Offers, roundedUnits } from './offer.js';
import { addQuotients, compareQuotients, floorOf, NOTHING, type Quotient } from './rules/quotient.js';
import { baseOf, type Cut, cut, type Segment, type SegmentBase } from './segments.js';
import { type Loser, stack } from './stacking.js';
import { type CompiledRule, indexOf } from './terms-index.js';

/** A reward that pays; `units` is zero when caps withheld all of it. */
export interface Granted extends Counted {
  readonly offer: Offer;
  readonly withheld: readonly Withheld[];
  /** The rule above whose cap this one stands in. */
  readonly instead: CompiledRule | undefined;
}

/** A rule that holds nearly: why not quite. */
export interface Miss {
  readonly compiled: CompiledRule;
  readonly code: ZeroReason;
  readonly gap: FundingGap | undefined;
  /** Its base, minor units, where an amount was looked at. */
  readonly spendMinor: bigint | undefined;
}

export interface Rewards {
  readonly classification: Classification;
  readonly excludedLines: Cut['excluded'];
  /** In canonical order. */
  readonly granted: readonly Granted[];
  readonly losers: readonly Loser<Offer>[];
  readonly misses: readonly Miss[];
  /** Rules that are about other partners, categories, days ...: how many by reason. */
  readonly elsewhere: ReadonlyMap<ZeroReason, number>;
  readonly zeroReason: ZeroReason | undefined;
}

/** Reasons that say only that a rule is about something else; counted, not listed. */
const ELSEWHERE: ReadonlySet<ZeroReason> = new Set([
  'RULE_NOT_IN_FORCE',
  'RULE_OTHER_PARTNER',
  'OTHER_CATEGORY',
  'OTHER_CHANNEL',
  'OTHER_CARD',
  'OTHER_TIME',
  'OTHER_PRODUCT',
]);

const NO_LINES: Cut['excluded'] = [];
const NOWHERE: ReadonlyMap<ZeroReason, number> = new Map();

/** Decides every rule. Total: never throws on valid terms. */
export function rewardsOf(purchase: Purchase, facts: EarningFacts, terms: ProgrammeTerms): Rewards {
  const classification = classify(purchase, terms);
  if (classification.excluded !== undefined) return nothing(classification, 'EXCLUDED_MCC', NO_LINES);
  const { segments, excluded } = cut(purchase, classification, terms);
  if (segments.length === 0) return nothing(classification, 'EXCLUDED_PRODUCT', excluded);
  const decision = new Decision(purchase, facts, terms, segments);
  const { granted, losers } = decision.run();
  const { misses, elsewhere } = decision;
  const zeroReason = granted.some(({ units }) => units > 0n) ? undefined : decision.weightiest(granted);
  return { classification, excludedLines: excluded, granted, losers, misses, elsewhere, zeroReason };
}

const nothing = (classification: Classification, zeroReason: ZeroReason, excludedLines: Cut['excluded']): Rewards => ({
  classification,
  excludedLines,
  granted: [],
  losers: [],
  misses: [],
  elsewhere: NOWHERE,
  zeroReason,
});

class Decision {
  readonly misses: Miss[] = [];
  /** Shared with other decisions until this one has something to add. */
  elsewhere: ReadonlyMap<ZeroReason, number> = NOWHERE;
  private ownElsewhere: Map<ZeroReason, number> | undefined;
  private readonly made: Offer[] = [];
  private readonly room: CapRoom;
  private readonly offers: Offers;
  /** The whole purchase without a basket: the same for every rule. */
  private readonly whole: readonly Part[] | undefined;

  constructor(
    private readonly purchase: Purchase,
    private readonly facts: EarningFacts,
    private readonly terms: ProgrammeTerms,
    private readonly segments: readonly Segment[],
  ) {
    this.room = new CapRoom(purchase, facts, terms.unit.priceMinor);
    this.offers = new Offers(purchase, facts, terms, this.room);
    const [segment] = segments;
    const base =
      segment?.goods === undefined && segment && baseOf(segment, terms.base, undefined, purchase.amountMinor);
    this.whole = segment && base ? [{ category: segment.category, segmentNo: 0, base }] : undefined;
  }

  run(): Pick<Rewards, 'granted' | 'losers'> {
    const { purchase, segments } = this;
    const category = segments.length === 1 ? segments[0]?.category : undefined;
    const { rules, elsewhere } = indexOf(this.terms).rulesFor(purchase, category);
    this.elsewhere = elsewhere;
    for (const compiled of rules) this.decideRule(compiled);
    const { winners, losers } = stack(this.made, (offer, factor) => this.offers.multiplied(offer, factor));
    return { granted: this.grant(roundTogether(winners)), losers };
  }

  /** Makes the rule's offers, or says why it has none. */
  private decideRule(compiled: CompiledRule): void {
    const { purchase, facts, segments } = this;
    for (const check of compiled.checks) {
      const code = check(purchase, facts);
      if (code !== undefined) {
        this.miss(compiled, code);
        return;
      }
    }
    const parts = segments.length === 1 ? this.onlyPart(compiled) : this.partsOf(compiled);
    if (typeof parts === 'string') {
      this.miss(compiled, parts);
      return;
    }
    const first = parts[0] as Part;
    const whole = parts.length === 1 ? first.base : together(parts.map(({ base }) => base));
    const bounds = outsideBounds(compiled, whole);
    if (bounds !== undefined) {
      this.miss(compiled, bounds, whole.totalMinor);
      return;
    }
    const { reaches } = compiled.rule.when;
    const times = reaches === undefined ? 1n : marksReached(reaches, facts.progress?.[compiled.rule.code], purchase);
    if (times === 0n) {
      this.miss(compiled, 'MARK_NOT_REACHED');
      return;
    }
    const funders = this.offers.fundersOf(compiled);
    if (isGap(funders)) {
      this.miss(compiled, funders.code, undefined, funders);
      return;
    }
    if (parts.length === 1 || compiled.rule.effect.kind === 'FIXED') {
      const segmentNo = parts.length === 1 ? first.segmentNo : undefined;
      this.offer(compiled, whole, { category: first.category, segmentNo, times, funders });
      return;
    }
    const spent = new Map<number, bigint>();
    let earlierMinor = 0n;
    for (const { category, segmentNo, base } of parts) {
      const counted = this.offer(compiled, base, { category, segmentNo, times, funders, spent, earlierMinor });
      earlierMinor += counted;
    }
  }

  /** A purchase without a basket, or with one of one category: looked up by it already. */
  private onlyPart(compiled: CompiledRule): readonly Part[] | ZeroReason {
    const segment = this.segments[0] as Segment;
    if (!isChosen(compiled, segment.category, this.facts)) return 'NOT_CHOSEN';
    const { tags } = compiled.rule.when;
    if (this.whole !== undefined && tags === undefined) return this.whole;
    const base = baseOf(segment, compiled.base, tags, this.purchase.amountMinor);
    return base === undefined ? 'OTHER_PRODUCT' : [{ category: segment.category, segmentNo: 0, base }];
  }

  private partsOf(compiled: CompiledRule): readonly Part[] | ZeroReason {
    const parts: Part[] = [];
    let reason: ZeroReason = 'OTHER_CATEGORY';
    this.segments.forEach((segment, segmentNo) => {
      const { category } = segment;
      if (compiled.categories?.has(category) === false) return;
      if (!isChosen(compiled, category, this.facts)) {
        reason = 'NOT_CHOSEN';
        return;
      }
      const base = baseOf(segment, compiled.base, compiled.rule.when.tags, this.purchase.amountMinor);
      if (base === undefined) reason = 'OTHER_PRODUCT';
      else parts.push({ category, segmentNo, base });
    });
    return parts.length === 0 ? reason : parts;
  }

  private miss(compiled: CompiledRule, code: ZeroReason, spendMinor?: bigint, gap?: FundingGap): void {
    if (!ELSEWHERE.has(code)) {
      this.misses.push({ compiled, code, gap, spendMinor });
      return;
    }
    if (this.ownElsewhere === undefined) {
      this.ownElsewhere = new Map(this.elsewhere);
      this.elsewhere = this.ownElsewhere;
    }
    this.ownElsewhere.set(code, (this.ownElsewhere.get(code) ?? 0) + 1);
  }

  /** Answers with what was counted of the base, minor units. */
  private offer(compiled: CompiledRule, base: SegmentBase, making: Making): bigint {
    const offer = this.offers.make(compiled, base, making);
    if (offer.worthUnits > 0n || offer.limit !== undefined || countsAnyway(offer)) this.made.push(offer);
    else this.miss(compiled, emptiness(offer, base), base.totalMinor);
    return offer.spendMinor;
  }

  /** Caps bind in canonical order, the narrower ones first. */
  private grant(offers: readonly Offer[]): Granted[] {
    const granted: Granted[] = [];
    for (const offer of offers) {
      this.grantOne(offer, granted, undefined);
      if (offer.over !== undefined) this.grantOne(offer.over, granted, offer.compiled);
    }
    return granted;
  }

  private grantOne(offer: Offer, granted: Granted[], instead: CompiledRule | undefined): void {
    const { compiled, category, spendMinor } = offer;
    const { units, withheld } = this.room.take(offer.units, compiled.capsBy(category).units);
    granted.push({ compiled, category, units, spendMinor, offer, withheld, instead });
    if (withheld.length === 0 || instead !== undefined) return;
    // Above a cap on reward the spend that earned what was withheld earns by the rule that stands in.
    const cap = withheld.find(({ cap: { over } }) => over !== undefined)?.cap;
    if (cap === undefined || offer.units === 0n) return;
    const above = (spendMinor * (offer.units - units)) / offer.units;
    const offered = this.offers.above(cap, above, category, offer.segmentNo);
    if (offered !== undefined) this.grantOne(offered, granted, compiled);
  }

  /** Why nothing is earned at all. */
  weightiest(granted: readonly Granted[]): ZeroReason {
    const codes = new Set<ZeroReason>(this.elsewhere.keys());
    for (const { code } of this.misses) codes.add(code);
    for (const { withheld, offer } of granted) {
      const caps = [...withheld.map(({ cap }) => cap), ...(offer.limit === undefined ? [] : [offer.limit.cap])];
      if (caps.some(({ holder }) => holder === 'EVERYONE')) codes.add('BUDGET');
      else codes.add(caps.length > 0 ? 'CAPPED' : 'ROUNDED_TO_ZERO');
    }
    return (
      ZERO_REASONS.find((code) => codes.has(code)) ?? (this.purchase.action === undefined ? 'NO_RULE' : 'OTHER_EVENT')
    );
  }
}

/** Where a rule has something to reward. */
interface Part {
  readonly category: string;
  readonly segmentNo: number;
  readonly base: SegmentBase;
}

/** Nothing by itself, but it adds to the period's spend or to a sum that is rounded together. */
const countsAnyway = ({ compiled, exact }: Offer): boolean =>
  compiled.rule.accumulate !== undefined || (compiled.rounding.per === 'TRANSACTION' && exact.numerator > 0n);

const together = (bases: readonly SegmentBase[]): SegmentBase => ({
  totalMinor: bases.reduce((sum, { totalMinor }) => sum + totalMinor, 0n),
  items: bases.reduce((sum, { items }) => sum + items, 0),
  linesMinor: bases.flatMap(({ linesMinor }) => linesMinor),
});

function outsideBounds({ rule }: CompiledRule, { totalMinor, items }: SegmentBase): ZeroReason | undefined {
  const { minimum, maximum, minimumItems } = rule.when;
  if (minimum !== undefined && !isAbove(totalMinor, minimum.amountMinor, minimum)) return 'MINIMUM_NOT_MET';
  if (maximum !== undefined && !isAbove(maximum.amountMinor, totalMinor, maximum)) return 'MAXIMUM_PASSED';
  return minimumItems !== undefined && items < minimumItems ? 'MINIMUM_NOT_MET' : undefined;
}

const isAbove = (amount: bigint, bound: bigint, { exclusive }: AmountBound): boolean =>
  exclusive ? amount > bound : amount >= bound;

function emptiness({ exact, compiled }: Offer, { totalMinor }: SegmentBase): ZeroReason {
  const { kind } = compiled.rule.effect;
  if (totalMinor === 0n && kind !== 'FIXED') return 'NOTHING_TO_REWARD';
  const roundsFirst = kind === 'STEP' || compiled.rounding.spend !== undefined;
  return exact.numerator > 0n || roundsFirst ? 'ROUNDED_TO_ZERO' : 'RULE_RATE_ZERO';
}

/**
 * Rules that are rounded per purchase: the exact rewards of one rounding are added, rounded once, and handed
 * back by largest remainder, ties in canonical order.
 */
function roundTogether(offers: readonly Offer[]): readonly Offer[] {
  const pooled = offers.filter(({ compiled }) => compiled.rounding.per === 'TRANSACTION');
  if (pooled.length === 0) return offers;
  const roundedOf = new Map<Offer, bigint>();
  for (const pool of Map.groupBy(pooled, ({ compiled: { rounding } }) => `${rounding.mode}/${rounding.step}`).values())
    roundPool(pool, roundedOf);
  return offers.map((offer) => {
    const units = roundedOf.get(offer);
    return units === undefined ? offer : { ...offer, units };
  });
}

function roundPool(pool: readonly Offer[], roundedOf: Map<Offer, bigint>): void {
  const { rounding } = (pool[0] as Offer).compiled;
  const { step } = rounding;
  const exact = pool.reduce<Quotient>((sum, offer) => addQuotients(sum, offer.exact), NOTHING);
  let left = roundedUnits(exact, { ...rounding, per: 'RULE' });
  const parts = pool.map((offer, index) => {
    const floor = (floorOf(offer.exact) / step) * step;
    left -= floor;
    const { numerator, denominator } = offer.exact;
    return { offer, index, units: floor, remainder: { numerator: numerator - floor * denominator, denominator } };
  });
  for (const part of parts.toSorted((a, b) => compareQuotients(b.remainder, a.remainder) || a.index - b.index)) {
    if (left <= 0n) break;
    part.units += step;
    left -= step;
  }
  for (const { offer, units } of parts) roundedOf.set(offer, units);
}
