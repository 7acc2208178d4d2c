/**
 * What a rule promises on a purchase before rounding, caps and funders: one case per rule kind, one file per
 * kind. A new kind is a new member of `EarningRule`, a file here and a case below; nothing else changes.
 */
import { formatRate, type Rate } from '../../money/rate.js';
import type { EarningRule } from '../model.js';
import { rateOfRateRule } from './rate.js';
import { rateOfMatrixRule } from './tier-category-matrix.js';

export interface Situation {
  readonly amountMinor: bigint;
  readonly tier: string;
  readonly category: string;
}

/** Exact reward in money minor units as a quotient, not in lowest terms; denominator > 0. */
export interface RulePromise {
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** The numbers that made it, for the explanation. */
  readonly values: Readonly<Record<string, string>>;
}

/** The exact promise of any rule; a numerator of zero means that the rule has nothing for this situation. */
export function promiseOf(rule: EarningRule, situation: Situation): RulePromise {
  switch (rule.kind) {
    case 'RATE':
      return ofRate(rateOfRateRule(rule), situation);
    case 'TIER_CATEGORY_MATRIX':
      return ofRate(rateOfMatrixRule(rule, situation.tier, situation.category), situation);
  }
}

const ofRate = (rate: Rate, situation: Situation): RulePromise => ({
  numerator: situation.amountMinor * rate.numerator,
  denominator: rate.denominator,
  values: { rate: formatRate(rate) },
});
