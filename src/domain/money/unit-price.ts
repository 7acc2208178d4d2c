import { multiplyRates, type Rate, rate } from './rate.js';

/** Money minor units per reward step, from money per whole unit: 0.01 GBP for a unit of no decimals is 1. */
export const stepPriceMinor = (price: Rate, currencyScale: number, unitScale: number): Rate =>
  multiplyRates(price, rate(10n ** BigInt(currencyScale), 10n ** BigInt(unitScale)));
