/** Rounding purchases up: the spare change of what a member pays, given away in units. */
import { divideRounded } from '../money/rounding.js';
import type { RedemptionTerms } from './model.js';

/** What is missing from each amount to the next multiple of the step: 12.30 rounded up to 1.00 spares 0.70. */
export const spareChange = (amountsMinor: readonly bigint[], stepMinor: bigint): bigint =>
  amountsMinor.reduce((sum, amountMinor) => sum + ((stepMinor - (amountMinor % stepMinor)) % stepMinor), 0n);

export interface RoundedUp {
  readonly units: bigint;
  /** Less than one unit is worth: it waits for the next purchase. */
  readonly restMinor: bigint;
}

/** The most units worth no more than the change; nothing where units are worth nothing. */
export function unitsOfChange(
  changeMinor: bigint,
  { priceMinor: { numerator, denominator } }: RedemptionTerms,
): RoundedUp {
  if (numerator === 0n) return { units: 0n, restMinor: 0n };
  const units = divideRounded(changeMinor * denominator, numerator, 'FLOOR');
  return { units, restMinor: changeMinor - divideRounded(units * numerator, denominator, 'FLOOR') };
}
