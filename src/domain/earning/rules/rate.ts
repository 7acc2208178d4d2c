import { formatRate, type Rate } from '../../money/rate.js';
import type { RateEffect } from '../model.js';
import type { CompiledEffect } from './effect.js';
import type { Quotient } from './quotient.js';

/** A share of the spend, in the unit's price: 5 % of 100.00 at one cent a step is 500 steps. */
export const shareOfSpend = (spendMinor: bigint, rate: Rate, priceMinor: Rate): Quotient => ({
  numerator: spendMinor * rate.numerator * priceMinor.denominator,
  denominator: rate.denominator * priceMinor.numerator,
});

/** The same share of every purchase it covers. */
export function promiseOfRate({ rate }: RateEffect, priceMinor: Rate): CompiledEffect {
  const { numerator: each, denominator } = shareOfSpend(1n, rate, priceMinor);
  return ({ spendMinor }) => ({ numerator: spendMinor * each, denominator });
}

export const valuesOfRate = ({ rate }: RateEffect): Record<string, string> => ({ rate: formatRate(rate) });
