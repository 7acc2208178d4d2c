/**
 * What a member sees before paying besides the reward: the room under caps and budgets, and the next amount at
 * which the reward jumps ("12.00 EUR more and you earn 25.00 PTS").
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { capKey, isCounted } from './caps.js';
import { classify } from './classify.js';
import { evaluate } from './evaluate.js';
import type { Cap, CounterKey, EarningFacts, Evaluation, ProgrammeTerms, Purchase } from './model.js';
import { periodEnd } from './periods.js';
import { cut } from './segments.js';
import { indexOf } from './terms-index.js';

/** Room under one cap that the purchase comes under, in the cap's own measure. */
export interface Headroom {
  readonly cap: Cap;
  /** Before the purchase. */
  readonly left: bigint;
  /** After it. */
  readonly leftAfter: bigint;
  /** Last day of the counter's period. */
  readonly until: BusinessDate;
}

/**
 * The caps and budgets of everything the purchase could earn by, in binding order. Caps of a single purchase are
 * not among them: they leave the next one as much. `usedOf` is what a counter stands at before the purchase.
 */
export function headroomOf(
  purchase: Purchase,
  terms: ProgrammeTerms,
  evaluation: Evaluation,
  usedOf: (key: CounterKey) => bigint,
): Headroom[] {
  const classification = classify(purchase, terms);
  if (classification.excluded !== undefined) return [];
  const index = indexOf(terms);
  const { segments } = cut(purchase, classification, terms);
  const caps = new Set<Cap>();
  for (const { category } of segments) {
    for (const compiled of index.rulesFor(purchase, segments.length === 1 ? category : undefined).rules) {
      if (compiled.categories?.has(category) === false) continue;
      for (const { cap } of compiled.capsIn(category)) if (isCounted(cap, purchase)) caps.add(cap);
    }
  }
  return index.caps.flatMap(({ cap }): Headroom[] => {
    if (!caps.has(cap)) return [];
    const key = capKey(cap, purchase);
    const used = usedOf(key);
    const now = evaluation.uses.find(({ counter }) => counter === cap.code)?.amount ?? 0n;
    const room = (amount: bigint): bigint => (cap.max > amount ? cap.max - amount : 0n);
    const until = periodEnd(cap.per, purchase.businessDate, {
      statementDay: purchase.card?.statementDay,
      from: cap.from,
    });
    const last = cap.until !== undefined && cap.until < until ? cap.until : until;
    return [{ cap, left: room(used), leftAfter: room(used + now), until: last }];
  });
}

/** The next amount at which a rule begins to pay, or pays its next step. */
export interface NextThreshold {
  readonly ruleCode: string;
  readonly ruleName: string;
  /** Money minor units that are missing, > 0. */
  readonly missingMinor: bigint;
  /** What the whole purchase would earn then. */
  readonly totalUnits: bigint;
}

/** Steps are small and everywhere; a threshold is worth telling when it is no further than the purchase is large. */
const REACH = 2n;

/**
 * The nearest larger amount at which a rule gives more than it gives one minor unit below it: a minimum, a mark on
 * spend, the next full step. Nothing for baskets, whose next line nobody knows, and for events.
 */
export function nextThreshold(
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
): NextThreshold | undefined {
  if (purchase.action !== undefined || purchase.lines !== undefined || purchase.amountMinor <= 0n) return undefined;
  const { amountMinor } = purchase;
  const at = (amount: bigint): Evaluation => evaluate({ ...purchase, amountMinor: amount }, facts, terms);
  const candidates = [...new Set(thresholdsAbove(purchase, facts, terms))]
    .filter((amount) => amount > amountMinor && amount <= amountMinor * REACH)
    .sort((a, b) => (a < b ? -1 : 1));
  for (const amount of candidates) {
    const [below, reached] = [at(amount - 1n), at(amount)];
    const gains = gainer(below, reached, terms);
    if (gains !== undefined) return { ...gains, missingMinor: amount - amountMinor, totalUnits: reached.totalUnits };
  }
  return undefined;
}

/** Amounts at which some rule's conditions or effect begin anew. */
function* thresholdsAbove(
  purchase: Purchase,
  { progress }: EarningFacts,
  { rules, rounding: ofAll }: ProgrammeTerms,
): Iterable<bigint> {
  const { amountMinor } = purchase;
  const nextMultiple = (of: bigint): bigint => (amountMinor / of + 1n) * of;
  for (const { code, when, effect, rounding = ofAll } of rules) {
    const { minimum, reaches } = when;
    if (minimum !== undefined) yield minimum.exclusive ? minimum.amountMinor + 1n : minimum.amountMinor;
    if (reaches?.metric === 'SPEND') {
      const before = progress?.[code]?.before ?? 0n;
      yield reaches.repeats
        ? ((before + amountMinor) / reaches.mark + 1n) * reaches.mark - before
        : reaches.mark - before;
    }
    if (effect.kind === 'STEP') yield nextMultiple(effect.everyMinor);
    if (rounding.spend?.mode === 'FLOOR' || rounding.spend?.mode === 'TRUNCATE')
      yield nextMultiple(rounding.spend.toMinor);
    if (effect.kind === 'BANDS')
      for (const { uptoMinor } of effect.bands) if (uptoMinor !== undefined) yield uptoMinor + 1n;
  }
}

/** The rule that jumps by more than rounding would explain, the largest jump first. */
function gainer(
  below: Evaluation,
  reached: Evaluation,
  terms: ProgrammeTerms,
): Pick<NextThreshold, 'ruleCode' | 'ruleName'> | undefined {
  if (reached.totalUnits <= below.totalUnits + 1n) return undefined;
  let best: { readonly code: string; readonly name: string; readonly jump: bigint } | undefined;
  for (const { code, name } of terms.rules) {
    const jump = unitsOf(reached, code) - unitsOf(below, code);
    if (jump > 1n && (best === undefined || jump > best.jump || (jump === best.jump && code < best.code)))
      best = { code, name, jump };
  }
  return best && { ruleCode: best.code, ruleName: best.name };
}

const unitsOf = ({ accruals }: Evaluation, code: string): bigint =>
  accruals.reduce((sum, { ruleCode, units }) => (ruleCode === code ? sum + units : sum), 0n);
