/**
 * Caps and budgets: the counters a purchase may touch, the room under them, and what it uses up.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Rate } from '../money/rate.js';
import { classify } from './classify.js';
import type { Cap, CounterKey, CounterUse, EarningFacts, EarningRule, ProgrammeTerms, Purchase } from './model.js';
import { type PeriodMarks, periodStart } from './periods.js';
import { floorOf } from './rules/quotient.js';
import { shareOfSpend } from './rules/rate.js';
import { cut } from './segments.js';
import { type CompiledCap, type CompiledRule, indexOf, inForce } from './terms-index.js';

/** Counter of a rule whose effect is a function of the period's spend. */
export const accumulationOf = (ruleCode: string): string => `+${ruleCode}`;

const marksOf = ({ card }: Purchase, from: BusinessDate | undefined): PeriodMarks => ({
  statementDay: card?.statementDay,
  from,
});

/** First day of the cap's period that a purchase falls into. */
export const capPeriod = (cap: Cap, purchase: Purchase): BusinessDate =>
  periodStart(cap.per, purchase.businessDate, marksOf(purchase, cap.from));

/** A cap of one purchase counts nothing beyond it; one outside its days does not bind. */
export const isCounted = (cap: Cap, { businessDate }: Purchase): boolean =>
  cap.per !== 'TRANSACTION' && inForce(cap, businessDate);

export function capKey(cap: Cap, purchase: Purchase): CounterKey {
  const { card } = purchase;
  const holder = cap.holder === 'CARD' ? card?.id : cap.holder === 'ACCOUNT' ? (card?.account ?? card?.id) : undefined;
  return {
    counter: cap.code,
    stored: holder === undefined ? cap.code : `${cap.code}@${holder}`,
    period: capPeriod(cap, purchase),
    shared: cap.holder === 'EVERYONE',
  };
}

export function accumulationKey(rule: EarningRule, purchase: Purchase): CounterKey {
  const counter = accumulationOf(rule.code);
  const period = periodStart(rule.accumulate ?? 'LIFETIME', purchase.businessDate, marksOf(purchase, rule.when.from));
  return { counter, stored: counter, period, shared: false };
}

/**
 * The counters a purchase may touch, so that they can be loaded and locked before it is decided. None when
 * the purchase is excluded.
 */
export function countersFor(purchase: Purchase, terms: ProgrammeTerms): CounterKey[] {
  const classification = classify(purchase, terms);
  if (classification.excluded !== undefined) return [];
  const index = indexOf(terms);
  const { segments } = cut(purchase, classification, terms);
  const keys: CounterKey[] = [];
  const seen = new Set<string>();
  const add = (key: CounterKey): void => {
    if (seen.has(key.counter)) return;
    seen.add(key.counter);
    keys.push(key);
  };
  for (const compiled of index.rulesFor(purchase, segments.length === 1 ? segments[0]?.category : undefined).rules) {
    const { rule } = compiled;
    if (!inForce(rule.when, purchase.businessDate)) continue;
    for (const { category } of segments) {
      if (compiled.categories?.has(category) === false) continue;
      for (const { cap } of compiled.capsIn(category)) {
        if (isCounted(cap, purchase)) add(capKey(cap, purchase));
        const over = cap.over === undefined ? undefined : index.rule(cap.over);
        for (const { cap: other } of over?.capsIn(category) ?? [])
          if (isCounted(other, purchase)) add(capKey(other, purchase));
      }
    }
    if (rule.accumulate !== undefined && rule.accumulate !== 'TRANSACTION') add(accumulationKey(rule, purchase));
  }
  return keys;
}

/** What a cap withheld from one reward. */
export interface Withheld {
  readonly cap: Cap;
  readonly units: bigint;
  /** What the cap had left before, in its own measure. */
  readonly left: bigint;
}

/**
 * The room under the caps of one purchase, used up reward by reward in canonical order. A counter above its
 * maximum (the cap was lowered) leaves no room, not negative room.
 */
export class CapRoom {
  private readonly left: (bigint | undefined)[] = [];
  /** Caps on COUNT that this purchase has taken its one from. */
  private readonly counted = new Set<number>();

  constructor(
    private readonly purchase: Purchase,
    private readonly facts: EarningFacts,
    private readonly priceMinor: Rate,
  ) {}

  leftOf(compiled: CompiledCap): bigint {
    const { cap, no } = compiled;
    let left = this.left[no];
    if (left === undefined) {
      const max =
        cap.maxShare === undefined
          ? cap.max
          : floorOf(shareOfSpend(this.purchase.amountMinor, cap.maxShare, this.priceMinor));
      const used = cap.per === 'TRANSACTION' ? 0n : (this.facts.used[cap.code] ?? 0n);
      left = max > used ? max - used : 0n;
      this.left[no] = left;
    }
    return left;
  }

  binds({ cap }: CompiledCap): boolean {
    return inForce(cap, this.purchase.businessDate);
  }

  /** Grants as much of `units` as these REWARD and COUNT caps allow, and takes it from them. */
  take(
    units: bigint,
    caps: readonly CompiledCap[],
  ): { readonly units: bigint; readonly withheld: readonly Withheld[] } {
    if (caps.length === 0) return { units, withheld: NOTHING_WITHHELD };
    let granted = units;
    let withheld: Withheld[] | undefined;
    for (const compiled of caps) {
      const { cap, no } = compiled;
      if (granted === 0n || !this.binds(compiled)) continue;
      const left = this.leftOf(compiled);
      const allowed = cap.measure === 'REWARD' ? left : this.counted.has(no) || left > 0n ? granted : 0n;
      if (granted <= allowed) continue;
      withheld ??= [];
      withheld.push({ cap, units: granted - allowed, left });
      granted = allowed;
    }
    if (granted > 0n) {
      for (const compiled of caps) {
        if (!this.binds(compiled)) continue;
        if (compiled.cap.measure === 'REWARD') this.left[compiled.no] = this.leftOf(compiled) - granted;
        else this.counted.add(compiled.no);
      }
    }
    return { units: granted, withheld: withheld ?? NOTHING_WITHHELD };
  }
}

const NOTHING_WITHHELD: readonly Withheld[] = [];

/** One reward that was granted, as the counters see it. */
export interface Counted {
  readonly compiled: CompiledRule;
  readonly category: string;
  readonly units: bigint;
  /** What was rewarded of the purchase, minor units. */
  readonly spendMinor: bigint;
}

/**
 * What granted rewards use of each counter. REWARD caps count units; SPEND caps the largest spend that one
 * rule rewarded, because several rules reward the same money; COUNT caps the purchase once.
 */
export function usesOf(granted: readonly Counted[], purchase: Purchase, terms: ProgrammeTerms): CounterUse[] {
  const amounts = new Map<CompiledCap, bigint>();
  const spends = new Map<CompiledCap, Map<CompiledRule, bigint>>();
  const uses: CounterUse[] = [];
  const accumulated = new Map<CompiledRule, bigint>();
  for (const { compiled, category, units, spendMinor } of granted) {
    const { accumulate } = compiled.rule;
    const accumulates = accumulate !== undefined && accumulate !== 'TRANSACTION';
    if (accumulates) accumulated.set(compiled, (accumulated.get(compiled) ?? 0n) + spendMinor);
    for (const each of compiled.capsIn(category)) {
      // What earns nothing uses nothing, but spend that a sum of the period takes up was rewarded in it.
      const counts = units > 0n || (accumulates && each.cap.measure === 'SPEND');
      if (!counts || !isCounted(each.cap, purchase)) continue;
      if (each.cap.measure === 'REWARD') amounts.set(each, (amounts.get(each) ?? 0n) + units);
      else if (each.cap.measure === 'COUNT') amounts.set(each, 1n);
      else {
        const ofRules = spends.get(each) ?? new Map<CompiledRule, bigint>();
        spends.set(each, ofRules);
        const spend = (ofRules.get(compiled) ?? 0n) + spendMinor;
        ofRules.set(compiled, spend);
        if (spend > (amounts.get(each) ?? 0n)) amounts.set(each, spend);
      }
    }
  }
  for (const each of indexOf(terms).caps) {
    const amount = amounts.get(each) ?? 0n;
    if (amount > 0n) uses.push({ ...capKey(each.cap, purchase), amount });
  }
  for (const [{ rule }, amount] of accumulated)
    if (amount > 0n) uses.push({ ...accumulationKey(rule, purchase), amount });
  return uses;
}
