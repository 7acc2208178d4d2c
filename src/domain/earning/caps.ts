/**
 * Caps: the most a member can earn in a period, and what a purchase uses of them.
 */
import { type BusinessDate, startOfMonth } from '../kernel/calendar.js';
import { classify } from './classify.js';
import type { Cap, CapUse, ProgrammeTerms, Purchase } from './model.js';
import { indexOf } from './terms-index.js';

/** First day of the cap's period that a business date falls into. */
export const capPeriod = (_cap: Cap, date: BusinessDate): BusinessDate => startOfMonth(date);

/**
 * The counters a purchase may touch, so that they can be loaded and locked before it is decided. None when
 * the purchase is excluded.
 */
export function countersFor(purchase: Purchase, terms: ProgrammeTerms): { capCode: string; period: BusinessDate }[] {
  const { category, excluded } = classify(purchase, terms);
  if (excluded !== undefined) return [];
  return indexOf(terms)
    .capsOf(category)
    .map((cap) => ({ capCode: cap.code, period: capPeriod(cap, purchase.businessDate) }));
}

/** What `units` earned by this purchase use of each cap in its own period; empty for zero units. */
export function capUsesOf(units: bigint, category: string, date: BusinessDate, terms: ProgrammeTerms): CapUse[] {
  if (units === 0n) return [];
  return indexOf(terms)
    .capsOf(category)
    .map((cap) => ({ capCode: cap.code, period: capPeriod(cap, date), units }));
}

/** Units that one cap withheld from one rule. */
export interface Withheld {
  readonly cap: Cap;
  readonly units: bigint;
  /** Units the cap had left before the rule. */
  readonly left: bigint;
}

export interface CappedReward {
  readonly units: bigint;
  readonly withheld: readonly Withheld[];
}

/**
 * The room under the caps of one purchase, used up rule by rule.
 *
 * Caps bind in order, the category's before the programme's: what the first withholds, the next never sees.
 * A counter above its maximum (the cap was lowered) leaves no room, not negative room.
 */
export class CapRoom {
  private readonly left: bigint[];

  constructor(
    private readonly caps: readonly Cap[],
    used: Readonly<Record<string, bigint>>,
  ) {
    this.left = caps.map((cap) => {
      const room = cap.maxUnits - (used[cap.code] ?? 0n);
      return room < 0n ? 0n : room;
    });
  }

  /** Grants as much of `units` as every cap allows and takes it from all of them. */
  take(units: bigint): CappedReward {
    let granted = units;
    const withheld: Withheld[] = [];
    this.caps.forEach((cap, index) => {
      const left = this.left[index] as bigint;
      if (granted <= left) return;
      withheld.push({ cap, units: granted - left, left });
      granted = left;
    });
    for (let index = 0; index < this.left.length; index += 1) this.left[index] = (this.left[index] as bigint) - granted;
    return { units: granted, withheld };
  }
}
