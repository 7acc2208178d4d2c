import { addRates, compareRates, ONE, type Rate, ZERO_RATE } from './rate.js';
import { divideRounded } from './rounding.js';

/**
 * Splits an amount by shares that sum to one: floor each, then hand what is left, one by one, to the
 * largest remainders, ties in the order given (LEDGER 2; after formancehq/ledger allotment.go).
 * The parts always sum to the amount. Throws RangeError when the shares do not sum to one.
 */
export function allocate(amount: bigint, shares: readonly Rate[]): bigint[] {
  if (amount < 0n) throw new RangeError('Only amounts of zero or more are split');
  if (compareRates(shares.reduce(addRates, ZERO_RATE), ONE) !== 0) throw new RangeError('Shares must sum to one');
  const parts = shares.map((share) => divideRounded(amount * share.numerator, share.denominator, 'FLOOR'));
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = shares
    .map((share, index) => ({
      index,
      numerator: (amount * share.numerator) % share.denominator,
      denominator: share.denominator,
    }))
    .sort((a, b) => {
      const difference = b.numerator * a.denominator - a.numerator * b.denominator;
      return difference < 0n ? -1 : difference > 0n ? 1 : a.index - b.index;
    });
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] as bigint) + 1n;
    left -= 1n;
  }
  return parts;
}

/**
 * The split of what is kept after a refund, such that nobody's part rises above what they had: 45/45/10 of
 * 6 is 3/3/0, of 5 it would be 2/2/1, so the 1 is clipped and handed to those with room, in order (LEDGER 2).
 */
export function allocateWithin(amount: bigint, shares: readonly Rate[], limits: readonly bigint[]): bigint[] {
  const parts = allocate(amount, shares).map((part, index) => {
    const limit = limits[index] ?? 0n;
    return part > limit ? limit : part;
  });
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  for (let index = 0; index < parts.length && left > 0n; index += 1) {
    const room = (limits[index] ?? 0n) - (parts[index] as bigint);
    const given = room < left ? room : left;
    parts[index] = (parts[index] as bigint) + given;
    left -= given;
  }
  if (left !== 0n) throw new RangeError('The limits are smaller than the amount');
  return parts;
}
