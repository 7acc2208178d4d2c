import { formatRate, type Rate, ZERO_RATE } from '../../money/rate.js';
import type { TierCategoryMatrixEffect } from '../model.js';
import type { Measure, Values } from './effect.js';
import type { Quotient } from './quotient.js';
import { shareOfSpend } from './rate.js';

/** Key of a tier's row for every category that has no cell of its own. */
export const BASE = 'BASE';

/** The cell of tier and category, else the tier's BASE, else zero. */
export function cellOf({ rates }: TierCategoryMatrixEffect, tier: string, category: string): Rate {
  const row = rates[tier];
  return row?.[category] ?? row?.[BASE] ?? ZERO_RATE;
}

export const promiseOfMatrix = (effect: TierCategoryMatrixEffect, measure: Measure, priceMinor: Rate): Quotient =>
  shareOfSpend(measure.spendMinor, cellOf(effect, measure.tier, measure.category), priceMinor);

export const valuesOfMatrix = (effect: TierCategoryMatrixEffect, { tier, category }: Measure): Values => ({
  rate: formatRate(cellOf(effect, tier, category)),
});
