import { type Rate, ZERO_RATE } from '../../money/rate.js';
import type { TierCategoryMatrixRule } from '../model.js';

/** Key of a tier's row for every category that has no cell of its own. */
export const BASE = 'BASE';

/** The cell of tier and category, else the tier's BASE, else zero. */
export function rateOfMatrixRule(rule: TierCategoryMatrixRule, tier: string, category: string): Rate {
  const row = rule.rates[tier];
  return row?.[category] ?? row?.[BASE] ?? ZERO_RATE;
}
