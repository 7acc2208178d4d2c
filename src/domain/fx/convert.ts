/** Converting amounts by exact rates through the euro; rounded once, half to even. */
import { type Rate, rate } from '../money/rate.js';
import { applyRate } from '../money/rounding.js';

/** One major unit of `from` in `to`: both as units for one euro. */
export const crossRate = (from: Rate, to: Rate): Rate =>
  rate(to.numerator * from.denominator, to.denominator * from.numerator);

/** Minor units of one currency in minor units of another, by its rate in major units and their numbers of decimals. */
export const converted = (amountMinor: bigint, by: Rate, fromScale: number, toScale: number): bigint =>
  applyRate(
    amountMinor,
    { numerator: by.numerator * 10n ** BigInt(toScale), denominator: by.denominator * 10n ** BigInt(fromScale) },
    'HALF_EVEN',
  );
