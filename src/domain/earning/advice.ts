/**
 * Advice on a choice: what each offered category would have paid on the member's own last purchases.
 *
 * The purchases are decided again by the very engine, once with nothing chosen and once with each category
 * alone, each time with the caps filling up as they would have. So advice knows what caps withhold, which rule
 * a group lets win and what the tier was, and says nothing that a purchase would not have earned.
 */
import { countersFor } from './caps.js';
import { chosenOn, offeredTo, picksOf } from './choice.js';
import { evaluate } from './evaluate.js';
import { variantsOf } from './experiment.js';
import { gatesOf } from './member-gates.js';
import type { CategoryChoice, EarningFacts, ProgrammeTerms, Purchase } from './model.js';
import type { MemberTraits } from './traits.js';

/** A purchase as far as it was kept (amount > 0), and what the decision on it saw of tier and contracts. */
export interface DecidedPurchase {
  readonly purchase: Purchase;
  readonly facts: Pick<EarningFacts, 'tier' | 'tierMetric' | 'merchantContract' | 'issuerContract'>;
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
 * Rules whose progress depends on earlier purchases are taken at their beginning. Units are integer steps.
 */
export function bestPick(
  terms: ProgrammeTerms,
  choice: CategoryChoice,
  traits: MemberTraits,
  period: string,
  past: readonly DecidedPurchase[],
): Advice {
  const offered = offeredTo(choice, traits.id, period);
  const variants = variantsOf(terms, traits.id);
  const paidWith = (categories: readonly string[]): bigint =>
    past.length === 0 ? 0n : replay(terms, choice, traits, variants, past, categories);
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
  variants: Readonly<Record<string, string>>,
  past: readonly DecidedPurchase[],
  categories: readonly string[],
): bigint {
  const counters = new Map<string, bigint>();
  let total = 0n;
  for (const { purchase, facts } of past) {
    const chosen = { ...chosenOn(terms, traits, purchase.businessDate), [choice.code]: categories };
    // Budgets are everybody's: what was left of them on that day is not the member's history.
    const keys = countersFor(purchase, terms).filter(({ shared }) => !shared);
    const used = Object.fromEntries(
      keys.map(({ counter, stored, period }) => [counter, counters.get(`${stored} ${period}`) ?? 0n]),
    );
    const gates = gatesOf(terms, traits, purchase);
    const evaluation = evaluate(purchase, { ...facts, used, gates, chosen, variants }, terms);
    total += evaluation.totalUnits;
    for (const { counter, period, amount } of evaluation.uses) {
      const key = keys.find((each) => each.counter === counter && each.period === period);
      if (key === undefined) continue;
      const kept = `${key.stored} ${period}`;
      counters.set(kept, (counters.get(kept) ?? 0n) + amount);
    }
  }
  return total;
}
