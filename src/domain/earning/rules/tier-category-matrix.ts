import { formatRate, type Rate, ZERO_RATE } from '../../money/rate.js';
import type { TierCategoryMatrixEffect } from '../model.js';
import type { CompiledEffect, Measure } from './effect.js';
import { NOTHING } from './quotient.js';
import { promiseOfRate } from './rate.js';

/** Key of a tier's row for every category that has no cell of its own. */
export const BASE = 'BASE';

/** The cell of tier and category, else the tier's BASE, else zero. */
export function cellOf({ rates }: TierCategoryMatrixEffect, tier: string, category: string): Rate {
  const row = rates[tier];
  return row?.[category] ?? row?.[BASE] ?? ZERO_RATE;
}

export function promiseOfMatrix({ rates }: TierCategoryMatrixEffect, priceMinor: Rate): CompiledEffect {
  const rows = new Map(
    Object.entries(rates).map(([tier, row]) => [
      tier,
      new Map(Object.entries(row).map(([cell, rate]) => [cell, promiseOfRate({ kind: 'RATE', rate }, priceMinor)])),
    ]),
  );
  return (measure) => {
    const row = rows.get(measure.tier);
    const cell = row?.get(measure.category) ?? row?.get(BASE);
    return cell === undefined ? NOTHING : cell(measure);
  };
}

export const valuesOfMatrix = (
  effect: TierCategoryMatrixEffect,
  { tier, category }: Measure,
): Record<string, string> => ({
  rate: formatRate(cellOf(effect, tier, category)),
});
