/** Units together with the money that goes with them. */
import { invariant } from '../kernel/invariant.js';
import { divideRounded } from '../money/rounding.js';

export interface Part {
  /** Steps of the reward unit. */
  readonly units: bigint;
  /** At issue price, money minor units. */
  readonly valueMinor: bigint;
  /** What the funder owes the programme on top of the value, and the tax on it. */
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
}

export const NO_PART: Part = { units: 0n, valueMinor: 0n, commissionMinor: 0n, taxMinor: 0n };

/** Units and their money, on which nobody owes a commission. */
export const plainPart = (units: bigint, valueMinor: bigint): Part => ({ ...NO_PART, units, valueMinor });

export const addParts = (a: Part, b: Part): Part => ({
  units: a.units + b.units,
  valueMinor: a.valueMinor + b.valueMinor,
  commissionMinor: a.commissionMinor + b.commissionMinor,
  taxMinor: a.taxMinor + b.taxMinor,
});

export const minusPart = (a: Part, b: Part): Part => ({
  units: a.units - b.units,
  valueMinor: a.valueMinor - b.valueMinor,
  commissionMinor: a.commissionMinor - b.commissionMinor,
  taxMinor: a.taxMinor - b.taxMinor,
});

export const sumOfParts = (parts: readonly Part[]): Part => parts.reduce(addParts, NO_PART);

export const MONEY = ['valueMinor', 'commissionMinor', 'taxMinor'] as const;

/**
 * The next `units` of `whole`, of which `left` is still there. Money goes half-even and cumulatively: after any
 * chain of uses the value gone is that of all units gone, rounded once, and the last use takes the rest; commission
 * and tax alike (LEDGER 2). Never negative, also after some of it came back.
 */
export function partOf(whole: Part, left: Part, units: bigint): Part {
  invariant(units >= 0n && units <= left.units, 'no more units are used than are left');
  if (units === left.units) return left;
  if (units === 0n) return NO_PART;
  const goneUnits = whole.units - left.units + units;
  const part = { ...NO_PART, units };
  for (const money of MONEY) {
    const gone = divideRounded(whole[money] * goneUnits, whole.units, 'HALF_EVEN') - (whole[money] - left[money]);
    part[money] = clipped(gone, left[money]);
  }
  return part;
}

/** The amount, not below zero and not above `most`. */
export const clipped = (amount: bigint, most = amount): bigint => (amount < 0n ? 0n : amount > most ? most : amount);
