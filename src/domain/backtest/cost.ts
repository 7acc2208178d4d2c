/**
 * What rewards cost, added up so that it can be looked at by who pays, by category, by rule and by month.
 *
 * One table of cells carries all four views, so each of them adds up to the same total by construction.
 */
import type { Charges } from '../settlement/charges.js';

/** Units are steps of the reward unit, money is minor units. */
export interface Cost extends Charges {
  readonly units: bigint;
}

export const FREE: Cost = { units: 0n, valueMinor: 0n, commissionMinor: 0n, taxMinor: 0n };

/** Where a reward belongs. The month is its first day. */
export interface CostPlace {
  /** Partner number, or PROGRAMME_PARTY. */
  readonly funderNo: number;
  readonly category: string;
  readonly ruleCode: string;
  readonly month: string;
}

export const COST_VIEWS = ['FUNDER', 'CATEGORY', 'RULE', 'MONTH'] as const;
export type CostView = (typeof COST_VIEWS)[number];

const keyIn: Readonly<Record<CostView, (place: CostPlace) => string>> = {
  FUNDER: ({ funderNo }) => String(funderNo),
  CATEGORY: ({ category }) => category,
  RULE: ({ ruleCode }) => ruleCode,
  MONTH: ({ month }) => month,
};

interface Cell {
  readonly place: CostPlace;
  readonly cost: Mutable<Cost>;
}
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Adds up rewards. Hundreds of thousands are added a second: a reward costs four look-ups and four additions. */
export class CostTally {
  private readonly cells: Cell[] = [];
  private readonly months = new Map<string, Map<string, Map<string, Map<number, Cell>>>>();

  add(place: CostPlace, cost: Cost): void {
    addTo(this.cellOf(place).cost, cost);
  }

  total(): Cost {
    const total = { ...FREE };
    for (const { cost } of this.cells) addTo(total, cost);
    return total;
  }

  /** The cost by what a view tells apart: a partner's number as text, a category's or a rule's code, a month's first day. */
  by(view: CostView): Map<string, Cost> {
    const sums = new Map<string, Mutable<Cost>>();
    for (const { place, cost } of this.cells) {
      const key = keyIn[view](place);
      const sum = sums.get(key) ?? { ...FREE };
      sums.set(key, sum);
      addTo(sum, cost);
    }
    return sums;
  }

  private cellOf({ funderNo, category, ruleCode, month }: CostPlace): Cell {
    const rules = entryOf(this.months, month, () => new Map());
    const categories = entryOf(rules, ruleCode, () => new Map());
    const funders = entryOf(categories, category, () => new Map());
    return entryOf(funders, funderNo, () => {
      const cell = { place: { funderNo, category, ruleCode, month }, cost: { ...FREE } };
      this.cells.push(cell);
      return cell;
    });
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function addTo(sum: Mutable<Cost>, cost: Cost): void {
  sum.units += cost.units;
  sum.valueMinor += cost.valueMinor;
  sum.commissionMinor += cost.commissionMinor;
  sum.taxMinor += cost.taxMinor;
}

/** One thing's cost under the candidate, under the versions that were in force, and as the books have it. */
export interface ComparedCost {
  readonly candidate: Cost;
  readonly baseline: Cost;
  readonly recorded: Cost;
}

export type Tallies = Readonly<Record<keyof ComparedCost, CostTally>>;

export const compareTotals = ({ candidate, baseline, recorded }: Tallies): ComparedCost => ({
  candidate: candidate.total(),
  baseline: baseline.total(),
  recorded: recorded.total(),
});

/** Everything that costs something in one of the three, by its key. */
export function compareBy(
  view: CostView,
  { candidate, baseline, recorded }: Tallies,
): (ComparedCost & { readonly key: string })[] {
  const [ours, theirs, stored] = [candidate.by(view), baseline.by(view), recorded.by(view)];
  return [...new Set([...ours.keys(), ...theirs.keys(), ...stored.keys()])].sort(inOrder(view)).map((key) => ({
    key,
    candidate: ours.get(key) ?? FREE,
    baseline: theirs.get(key) ?? FREE,
    recorded: stored.get(key) ?? FREE,
  }));
}

const inOrder =
  (view: CostView) =>
  (a: string, b: string): number =>
    view === 'FUNDER' ? Number(a) - Number(b) : a < b ? -1 : 1;
