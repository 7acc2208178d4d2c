/** Units together with the money they were issued at. */
import { invariant } from '../kernel/invariant.js';
import { divideRounded } from '../money/rounding.js';

export interface Part {
  /** Steps of the reward unit. */
  readonly units: bigint;
  /** At issue price, money minor units. */
  readonly valueMinor: bigint;
}

export const NO_PART: Part = { units: 0n, valueMinor: 0n };

export const addParts = (a: Part, b: Part): Part => ({
  units: a.units + b.units,
  valueMinor: a.valueMinor + b.valueMinor,
});

export const minusPart = (a: Part, b: Part): Part => ({
  units: a.units - b.units,
  valueMinor: a.valueMinor - b.valueMinor,
});

export const sumOfParts = (parts: readonly Part[]): Part => parts.reduce(addParts, NO_PART);

/**
 * The next `units` of `whole`, of which `left` is still there. Values go half-even and cumulatively: after any
 * chain of uses the value gone is that of all units gone, rounded once, and the last use takes the rest
 * (LEDGER 2). Never negative, also after some of it came back.
 */
export function partOf(whole: Part, left: Part, units: bigint): Part {
  invariant(units >= 0n && units <= left.units, 'no more units are used than are left');
  if (units === left.units) return left;
  const goneUnits = whole.units - left.units + units;
  const goneValue = divideRounded(whole.valueMinor * goneUnits, whole.units, 'HALF_EVEN');
  const value = goneValue - (whole.valueMinor - left.valueMinor);
  return { units, valueMinor: value < 0n ? 0n : value > left.valueMinor ? left.valueMinor : value };
}
