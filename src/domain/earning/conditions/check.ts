/**
 * The conditions of a rule, compiled once: only those that the rule has, cheapest first. One file per family.
 *
 * A check answers with the reason why the rule does not hold, or nothing. What depends on the amount or the
 * category is looked at by reward.ts, which knows the rule's base.
 */
import type { Conditions, EarningFacts, Purchase, ZeroReason } from '../model.js';
import { memberChecks } from './member.js';
import { placeChecks } from './place.js';
import { timeChecks } from './time.js';

export type Check = (purchase: Purchase, facts: EarningFacts) => ZeroReason | undefined;

export const checksOf = (ruleCode: string, when: Conditions): readonly Check[] => [
  ...timeChecks(when),
  ...placeChecks(when),
  ...memberChecks(ruleCode, when),
];
