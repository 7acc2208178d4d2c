import type { Rate } from '../../money/rate.js';
import type { BandsEffect } from '../model.js';
import type { CompiledEffect } from './effect.js';
import { addQuotients, NOTHING } from './quotient.js';
import { shareOfSpend } from './rate.js';

/** Marginal bands: 5 % on the first 500, then 1 %, gives 29 on 900. Bands ascend and the last one is open. */
export const promiseOfBands =
  ({ bands }: BandsEffect, priceMinor: Rate): CompiledEffect =>
  ({ spendMinor }) => {
    let total = NOTHING;
    let floor = 0n;
    for (const { uptoMinor, rate } of bands) {
      if (spendMinor <= floor) break;
      const top = uptoMinor === undefined || spendMinor < uptoMinor ? spendMinor : uptoMinor;
      total = addQuotients(total, shareOfSpend(top - floor, rate, priceMinor));
      floor = top;
    }
    return total;
  };
