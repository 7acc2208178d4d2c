/**
 * Advice on a choice: what each offered category would have paid on the member's own last purchases.
 *
 * The purchases are decided again by the very engine, once with nothing chosen and once with each category
 * alone, each time with the caps filling up as they would have. So advice knows what caps withhold, which rule
 * a group lets win and what the tier was, and says nothing that a purchase would not have earned.
 */
import { CounterBook, MemberBooks } from './books.js';
import { offeredTo, picksOf } from './choice.js';
import { evaluate } from './evaluate.js';
import type { CategoryChoice, EarningFacts, ProgrammeTerms, Purchase } from './model.js';
import type { MemberTraits } from './traits.js';

/** A purchase as far as it was kept (amount > 0), and what the decision on it saw of tier and contracts. */
export interface DecidedPurchase {
  readonly purchase: Purchase;
  readonly facts: Pick<EarningFacts, 'tier' | 'merchantContract' | 'issuerContract'>;
}

export interface Advice {
  /** Every category the member may choose in the period: what it would have paid most first, then in the offer's order. */
  readonly ranked: readonly { readonly category: string; readonly units: bigint }[];
  /** As many as make a choice, in the offer's order, and what they would have paid together. */
  readonly best: readonly string[];
  readonly bestUnits: bigint;
}

/**
 * What the choice would have paid on these purchases (oldest first), for the period that begins on `period`.
 * Counters and marks are taken to begin with the first of them. Units are integer steps.
 */
export function bestPick(
  terms: ProgrammeTerms,
  choice: CategoryChoice,
  traits: MemberTraits,
  period: string,
  past: readonly DecidedPurchase[],
): Advice {
  const offered = offeredTo(choice, traits.id, period);
  const paidWith = (categories: readonly string[]): bigint =>
    past.length === 0 ? 0n : replay(terms, choice, traits, past, categories);
  const withNothing = paidWith([]);
  const ranked = offered
    .map((category) => ({ category, units: paidWith([category]) - withNothing }))
    // Sorting is stable, so that ties stay in the order of the offer.
    .sort((a, b) => (a.units === b.units ? 0 : a.units > b.units ? -1 : 1));
  const picked = new Set(ranked.slice(0, picksOf(choice, offered)).map(({ category }) => category));
  const best = offered.filter((category) => picked.has(category));
  return { ranked, best, bestUnits: paidWith(best) - withNothing };
}

/** Units that the purchases would have earned in all, had these categories been chosen throughout. */
function replay(
  terms: ProgrammeTerms,
  choice: CategoryChoice,
  traits: MemberTraits,
  past: readonly DecidedPurchase[],
  categories: readonly string[],
): bigint {
  // Budgets are everybody's: what was left of them on a day is not the member's history.
  const books = new MemberBooks(traits, new CounterBook());
  let total = 0n;
  for (const [index, { purchase, facts }] of past.entries()) {
    const { chosen, ...known } = books.facts(purchase, terms, facts);
    const seen = { ...known, ...facts, chosen: { ...chosen, [choice.code]: categories } };
    const evaluation = evaluate(purchase, seen, terms);
    books.record(String(index), purchase, terms, evaluation);
    total += evaluation.totalUnits;
  }
  return total;
}
