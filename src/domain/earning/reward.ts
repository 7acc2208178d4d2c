/**
 * What every rule of a programme gives for a purchase, before it is split over funders. Shared by the first
 * decision (evaluate) and by a refund, which decides again about what is kept.
 *
 * classify -> cut into segments -> offers of the rules that hold -> stacking -> rounding together -> caps.
 */
import type { Rate } from '../money/rate.js';
import { CapRoom, type Counted, type Withheld } from './caps.js';
import { type Classification, classify } from './classify.js';
import { marksReached } from './conditions/mark.js';
import { type Funder, type FundingGap, fundersOf, isGap } from './funding.js';
import {
  type AmountBound,
  type Cap,
  type EarningFacts,
  type ProgrammeTerms,
  type Purchase,
  ZERO_REASONS,
  type ZeroReason,
} from './model.js';
import { type Offer, type Place, reward, roundedUnits, type Situation } from './offer.js';
import { addQuotients, compareQuotients, floorOf, NOTHING, type Quotient } from './rules/quotient.js';
import { baseOf, type Cut, cut, type Segment, type SegmentBase } from './segments.js';
import { type Loser, stack } from './stacking.js';
import { type CompiledRule, indexOf } from './terms-index.js';

/** A reward that pays; `units` is zero when caps withheld all of it. */
export interface Granted extends Counted {
  readonly offer: Offer;
  readonly withheld: readonly Withheld[];
  /** The rule above whose cap this one stands in. */
  readonly instead?: CompiledRule;
}

/** A rule that holds nearly: why not quite. */
export interface Miss {
  readonly compiled: CompiledRule;
  readonly code: ZeroReason;
  readonly gap?: FundingGap;
  /** Its base, minor units, where an amount was looked at. */
  readonly spendMinor?: bigint;
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
  readonly zeroReason?: ZeroReason;
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
  const nothing = (zeroReason: ZeroReason, excludedLines = NO_LINES): Rewards => ({
    classification,
    excludedLines,
    granted: [],
    losers: [],
    misses: [],
    elsewhere: NOWHERE,
    zeroReason,
  });
  if (classification.excluded !== undefined) return nothing('EXCLUDED_MCC');
  const { segments, excluded } = cut(purchase, classification, terms);
  if (segments.length === 0) return nothing('EXCLUDED_PRODUCT', excluded);
  const decision = new Decision({
    purchase,
    facts,
    terms,
    segments,
    room: new CapRoom(purchase, facts, terms.unit.priceMinor),
  });
  return { classification, excludedLines: excluded, ...decision.run() };
}

/** How an offer is made. */
interface Making {
  readonly place: Place;
  readonly times: bigint;
  readonly funders: readonly Funder[];
  readonly factor?: Rate;
  /** Spend that earlier segments of the same rule have taken from each cap, by its number. */
  readonly spent: Map<number, bigint>;
  /** The cap above which this offer stands in: nothing is left under that one. */
  readonly above?: Cap;
}

class Decision {
  private readonly offers: Offer[] = [];
  private readonly misses: Miss[] = [];
  private readonly elsewhere = new Map<ZeroReason, number>();
  private readonly funders: (readonly Funder[] | FundingGap | undefined)[] = [];

  constructor(private readonly situation: Situation) {}

  run(): Omit<Rewards, 'classification' | 'excludedLines'> {
    const { purchase, terms } = this.situation;
    const { rules, elsewhere } = indexOf(terms).rulesAt(purchase.merchant?.partnerCode, purchase.action);
    if (elsewhere > 0) this.elsewhere.set('RULE_OTHER_PARTNER', elsewhere);
    for (const compiled of rules) {
      const code = this.decideRule(compiled);
      if (code !== undefined) this.elsewhere.set(code, (this.elsewhere.get(code) ?? 0) + 1);
    }
    const { winners, losers } = stack(this.offers, (offer, factor) => this.multiplied(offer, factor));
    const granted = this.grant(roundTogether(winners));
    const outcome = { granted, losers, misses: this.misses, elsewhere: this.elsewhere };
    if (granted.some(({ units }) => units > 0n)) return outcome;
    return { ...outcome, zeroReason: this.weightiest(granted) };
  }

  /** Makes the rule's offers; answers with a reason that is only counted. */
  private decideRule(compiled: CompiledRule): ZeroReason | undefined {
    const { purchase, facts, segments } = this.situation;
    for (const check of compiled.checks) {
      const code = check(purchase, facts);
      if (code !== undefined) return this.miss(compiled, code);
    }
    const places: { segment: Segment; segmentNo: number; base: SegmentBase }[] = [];
    let reason: ZeroReason = 'OTHER_CATEGORY';
    for (let segmentNo = 0; segmentNo < segments.length; segmentNo += 1) {
      const segment = segments[segmentNo] as Segment;
      const code = this.notHere(compiled, segment.category);
      if (code !== undefined) {
        reason = code;
        continue;
      }
      const base = baseOf(segment, compiled.base, compiled.rule.when.tags, purchase.amountMinor);
      if (base === undefined) reason = 'OTHER_PRODUCT';
      else places.push({ segment, segmentNo, base });
    }
    const [first] = places;
    if (first === undefined) return this.miss(compiled, reason);
    const whole = places.length === 1 ? first.base : together(places.map(({ base }) => base));
    const bounds = outsideBounds(compiled, whole);
    if (bounds !== undefined) return this.miss(compiled, bounds, { spendMinor: whole.totalMinor });
    const { reaches } = compiled.rule.when;
    const times = reaches === undefined ? 1n : marksReached(reaches, facts.progress?.[compiled.rule.code], purchase);
    if (times === 0n) return this.miss(compiled, 'MARK_NOT_REACHED');
    const funders = this.fundersOf(compiled);
    if (isGap(funders)) return this.miss(compiled, funders.code, { gap: funders });
    const made = { times, funders, spent: new Map<number, bigint>() };
    if (compiled.rule.effect.kind === 'FIXED') {
      const place = { category: first.segment.category, segmentNo: places.length === 1 ? first.segmentNo : undefined };
      this.offer(compiled, whole, { ...made, place });
    } else {
      for (const { segment, segmentNo, base } of places)
        this.offer(compiled, base, { ...made, place: { category: segment.category, segmentNo } });
    }
    return undefined;
  }

  private notHere(compiled: CompiledRule, category: string): ZeroReason | undefined {
    if (compiled.categories?.has(category) === false) return 'OTHER_CATEGORY';
    const { chosen } = compiled.rule.when;
    if (chosen === undefined) return undefined;
    return this.situation.facts.chosen?.[chosen]?.includes(category) === true ? undefined : 'NOT_CHOSEN';
  }

  private miss(
    compiled: CompiledRule,
    code: ZeroReason,
    more: Omit<Miss, 'compiled' | 'code'> = {},
  ): ZeroReason | undefined {
    if (ELSEWHERE.has(code)) return code;
    this.misses.push({ compiled, code, ...more });
    return undefined;
  }

  /** Rules of one funding share their funders. */
  private fundersOf({ rule, fundingNo }: CompiledRule): readonly Funder[] | FundingGap {
    let funders = this.funders[fundingNo];
    if (funders === undefined) {
      funders = fundersOf(rule.funding, this.situation.purchase, this.situation.facts);
      this.funders[fundingNo] = funders;
    }
    return funders;
  }

  private offer(compiled: CompiledRule, base: SegmentBase, made: Making): void {
    const offer = this.offerOn(compiled, base, made);
    if (offer.worthUnits > 0n || offer.limit !== undefined || countsAnyway(offer)) this.offers.push(offer);
    else this.miss(compiled, emptiness(offer, base), { spendMinor: base.totalMinor });
  }

  private offerOn(compiled: CompiledRule, base: SegmentBase, made: Making): Offer {
    const { place, times, funders, factor } = made;
    const limiting = this.spendLimit(compiled, base.totalMinor, made);
    const counted = limiting === undefined ? base : narrowed(base, limiting.left);
    const ask = (of: SegmentBase) =>
      reward(compiled, of, place, times, this.situation, (rule, on) => this.exactOf(rule, on, place), factor);
    const { exact, units } = ask(counted);
    const plain = {
      compiled,
      ...place,
      spendMinor: counted.totalMinor,
      items: counted.items,
      times,
      exact,
      units,
      worthUnits: units,
      funders,
      ...(factor !== undefined && { factor }),
    };
    if (limiting === undefined) return plain;
    const limit = { cap: limiting.cap, leftMinor: limiting.left, units: ask(base).units - units };
    const over =
      made.above === undefined ? this.overOffer(limiting.cap, base.totalMinor - counted.totalMinor, place) : undefined;
    return over === undefined ? { ...plain, limit } : { ...plain, limit, over, worthUnits: units + over.units };
  }

  /** The tightest cap on spend that leaves less than the whole base. The segments of a purchase share its room. */
  private spendLimit(compiled: CompiledRule, spendMinor: bigint, { place, spent, above }: Making) {
    let tightest: { readonly cap: Cap; readonly left: bigint } | undefined;
    const binding = compiled
      .capsIn(place.category)
      .filter((each) => each.cap.measure === 'SPEND' && this.situation.room.binds(each));
    for (const each of binding) {
      const room = each.cap === above ? 0n : this.situation.room.leftOf(each) - (spent.get(each.no) ?? 0n);
      const left = room > 0n ? room : 0n;
      if (left < spendMinor && (tightest === undefined || left < tightest.left)) tightest = { cap: each.cap, left };
    }
    const counted = tightest === undefined ? spendMinor : tightest.left;
    for (const { no } of binding) spent.set(no, (spent.get(no) ?? 0n) + counted);
    return tightest;
  }

  /** What lies above a cap, by the rule that stands in; nothing when that rule does not hold here. */
  private overOffer(above: Cap, spendMinor: bigint, { category, segmentNo }: Place): Offer | undefined {
    const instead = above.over === undefined ? undefined : indexOf(this.situation.terms).rule(above.over);
    if (instead === undefined || spendMinor === 0n || !this.holds(instead, category)) return undefined;
    const funders = this.fundersOf(instead);
    if (isGap(funders)) return undefined;
    const base = { totalMinor: spendMinor, items: 0, linesMinor: [spendMinor] };
    const offer = this.offerOn(instead, base, {
      place: { category, segmentNo },
      times: 1n,
      funders,
      spent: new Map(),
      above,
    });
    return offer.units > 0n ? offer : undefined;
  }

  /** Exact reward of a rule that another one multiplies; nothing where it does not hold itself. */
  private exactOf(compiled: CompiledRule, base: SegmentBase, place: Place): Quotient {
    if (!this.holds(compiled, place.category)) return NOTHING;
    return reward(compiled, base, place, 1n, this.situation, () => NOTHING).exact;
  }

  private holds(compiled: CompiledRule, category: string): boolean {
    const { purchase, facts, terms } = this.situation;
    const { rules } = indexOf(terms).rulesAt(purchase.merchant?.partnerCode, purchase.action);
    return (
      rules.includes(compiled) &&
      this.notHere(compiled, category) === undefined &&
      compiled.checks.every((check) => check(purchase, facts) === undefined)
    );
  }

  private multiplied(offer: Offer, factor: Rate): Offer {
    const { compiled, spendMinor, items, times, funders, category, segmentNo } = offer;
    const base = { totalMinor: spendMinor, items, linesMinor: [spendMinor] };
    return this.offerOn(compiled, base, { place: { category, segmentNo }, times, funders, factor, spent: new Map() });
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
    const { units, withheld } = this.situation.room.take(offer.units, compiled.capsIn(category));
    granted.push({ compiled, category, units, spendMinor, offer, withheld, ...(instead && { instead }) });
    // Above a cap on reward the spend that earned what was withheld earns by the rule that stands in.
    const over = withheld.find(({ cap }) => cap.over !== undefined)?.cap;
    if (over === undefined || offer.units === 0n || instead !== undefined) return;
    const above = (spendMinor * (offer.units - units)) / offer.units;
    const offered = this.overOffer(over, above, offer);
    if (offered !== undefined) this.grantOne(offered, granted, compiled);
  }

  private weightiest(granted: readonly Granted[]): ZeroReason {
    const codes = new Set<ZeroReason>(this.elsewhere.keys());
    for (const { code } of this.misses) codes.add(code);
    for (const { withheld, offer } of granted) {
      if (withheld.some(({ cap }) => cap.holder === 'EVERYONE') || offer.limit?.cap.holder === 'EVERYONE')
        codes.add('BUDGET');
      else codes.add(withheld.length > 0 || offer.limit !== undefined ? 'CAPPED' : 'ROUNDED_TO_ZERO');
    }
    return (
      ZERO_REASONS.find((code) => codes.has(code)) ??
      (this.situation.purchase.action === undefined ? 'NO_RULE' : 'OTHER_EVENT')
    );
  }
}

/** Nothing by itself, but it adds to the period's spend or to a sum that is rounded together. */
const countsAnyway = ({ compiled, exact }: Offer): boolean =>
  compiled.rule.accumulate !== undefined || (compiled.rounding.per === 'TRANSACTION' && exact.numerator > 0n);

const together = (bases: readonly SegmentBase[]): SegmentBase => ({
  totalMinor: bases.reduce((sum, { totalMinor }) => sum + totalMinor, 0n),
  items: bases.reduce((sum, { items }) => sum + items, 0),
  linesMinor: bases.flatMap(({ linesMinor }) => linesMinor),
});

/** The first `leftMinor` of a base; lines keep their order. */
function narrowed({ items, linesMinor }: SegmentBase, leftMinor: bigint): SegmentBase {
  let left = leftMinor;
  const lines = linesMinor.map((line) => {
    const counted = line < left ? line : left;
    left -= counted;
    return counted;
  });
  return { totalMinor: leftMinor, items, linesMinor: lines };
}

function outsideBounds({ rule }: CompiledRule, { totalMinor, items }: SegmentBase): ZeroReason | undefined {
  const { minimum, maximum, minimumItems } = rule.when;
  if (minimum !== undefined && !satisfies(totalMinor - minimum.amountMinor, minimum)) return 'MINIMUM_NOT_MET';
  if (maximum !== undefined && !satisfies(maximum.amountMinor - totalMinor, maximum)) return 'MAXIMUM_PASSED';
  return minimumItems !== undefined && items < minimumItems ? 'MINIMUM_NOT_MET' : undefined;
}

const satisfies = (distance: bigint, { exclusive }: AmountBound): boolean =>
  exclusive ? distance > 0n : distance >= 0n;

function emptiness({ exact, compiled }: Offer, { totalMinor }: SegmentBase): ZeroReason {
  if (exact.numerator > 0n || compiled.rule.effect.kind === 'STEP') return 'ROUNDED_TO_ZERO';
  return totalMinor === 0n && compiled.rule.effect.kind !== 'FIXED' ? 'NOTHING_TO_REWARD' : 'RULE_RATE_ZERO';
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
