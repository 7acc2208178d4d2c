/** Units with what they carry: their money at issue price, and commission and tax that may still be charged. */
import { divideRounded } from '../../src/domain/money/rounding.js';

export interface Part {
  readonly units: bigint;
  readonly value: bigint;
  readonly commission: bigint;
  readonly tax: bigint;
}

export const NOTHING: Part = { units: 0n, value: 0n, commission: 0n, tax: 0n };

export const plus = (a: Part, b: Part): Part => ({
  units: a.units + b.units,
  value: a.value + b.value,
  commission: a.commission + b.commission,
  tax: a.tax + b.tax,
});

export const minus = (a: Part, b: Part): Part => ({
  units: a.units - b.units,
  value: a.value - b.value,
  commission: a.commission - b.commission,
  tax: a.tax - b.tax,
});

export const sumOf = (parts: Iterable<Part>): Part => [...parts].reduce(plus, NOTHING);

export const least = (...amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (b < a ? b : a));
export const most = (...amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (b > a ? b : a));

/**
 * The next `units` out of `left`, what is left of `whole`: half-even and cumulative, the last use takes the rest,
 * never negative.
 */
export function next(whole: Part, left: Part, units: bigint): Part {
  if (units === 0n) return NOTHING;
  if (units === left.units) return left;
  if (units < 0n || units > left.units) throw new Error(`${units} of ${left.units} units`);
  const gone = whole.units - left.units + units;
  const share = (of: bigint, stillThere: bigint): bigint =>
    least(most(divideRounded(of * gone, whole.units, 'HALF_EVEN') - (of - stillThere), 0n), stillThere);
  return {
    units,
    value: share(whole.value, left.value),
    commission: share(whole.commission, left.commission),
    tax: share(whole.tax, left.tax),
  };
}
