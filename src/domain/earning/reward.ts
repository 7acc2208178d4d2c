/**
 * What every rule of a programme gives for a purchase, before it is split over funders. Shared by the first
 * decision (evaluate) and by a refund, which decides again about what is kept.
 */
import { formatDecimal } from '../money/decimal.js';
import { divideRounded } from '../money/rounding.js';
import { type CappedReward, CapRoom } from './caps.js';
import { type Classification, classify } from './classify.js';
import { reason } from './explain.js';
import { type Funder, fundersOf, isGap } from './funding.js';
import {
  type EarningFacts,
  type EarningRule,
  type Explanation,
  type ProgrammeTerms,
  type Purchase,
  ZERO_REASONS,
  type ZeroReason,
} from './model.js';
import { promiseOf, type RulePromise } from './rules/promise.js';
import { indexOf, inForce } from './terms-index.js';

/** A rule that had something to give; `units` is zero when caps withheld all of it. */
export interface RuleReward {
  readonly rule: EarningRule;
  readonly promise: RulePromise;
  /** After rounding, before caps. */
  readonly roundedUnits: bigint;
  readonly capped: CappedReward;
  readonly funders: readonly Funder[];
}

export interface Rewards {
  readonly classification: Classification;
  /** In the programme's order: rewards, and a node for each rule that gave nothing. */
  readonly outcomes: readonly (RuleReward | Explanation)[];
  readonly zeroReason?: ZeroReason;
}

export const isReward = (outcome: RuleReward | Explanation): outcome is RuleReward => 'rule' in outcome;

/**
 * Decides every rule in the programme's order. Rules are additive; each is rounded once by the programme's
 * policy and then bound by the caps. Total: never throws on valid terms.
 */
export function rewardsOf(purchase: Purchase, facts: EarningFacts, terms: ProgrammeTerms): Rewards {
  const classification = classify(purchase, terms);
  if (classification.excluded !== undefined) return { classification, outcomes: [], zeroReason: 'EXCLUDED_MCC' };
  const index = indexOf(terms);
  const { rules, elsewhere } = index.rulesAt(purchase.merchant?.partnerCode);
  const room = new CapRoom(index.capsOf(classification.category), facts.capUsed);
  const outcomes = rules.map((rule) => decideRule(rule, classification.category, purchase, facts, terms, room));
  if (terms.rules.length === 0) outcomes.push(reason('NO_RULE', {}));
  if (elsewhere > 0) outcomes.push(reason('RULE_OTHER_PARTNER', { rules: String(elsewhere) }));
  const zeroReason = outcomes.some((outcome) => isReward(outcome) && outcome.capped.units > 0n)
    ? undefined
    : weightiest(outcomes);
  return zeroReason === undefined ? { classification, outcomes } : { classification, outcomes, zeroReason };
}

function decideRule(
  rule: EarningRule,
  category: string,
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  room: CapRoom,
): RuleReward | Explanation {
  if (!inForce(rule, purchase.businessDate)) return outsideItsDays(rule, purchase);
  const promise = promiseOf(rule, { amountMinor: purchase.amountMinor, tier: facts.tier, category });
  if (promise.numerator === 0n) {
    return reason('RULE_RATE_ZERO', { rule: rule.code, name: rule.name, tier: facts.tier, category });
  }
  const funders = fundersOf(rule.funding, purchase, facts);
  if (isGap(funders)) {
    return reason(funders.code, {
      rule: rule.code,
      name: rule.name,
      party: funders.party,
      date: purchase.businessDate,
    });
  }
  const price = terms.unit.priceMinor;
  const roundedUnits = divideRounded(
    promise.numerator * price.denominator,
    promise.denominator * price.numerator,
    terms.rounding.mode,
  );
  if (roundedUnits === 0n) {
    const amount = formatDecimal(purchase.amountMinor, terms.currencyScale);
    return reason('ROUNDED_TO_ZERO', {
      ...promise.values,
      rule: rule.code,
      name: rule.name,
      amount,
      currency: terms.currencyCode,
    });
  }
  return { rule, promise, roundedUnits, capped: room.take(roundedUnits), funders };
}

function outsideItsDays(rule: EarningRule, purchase: Purchase): Explanation {
  const values: Record<string, string> = { rule: rule.code, name: rule.name, date: purchase.businessDate };
  if (rule.from !== undefined && purchase.businessDate < rule.from) values.from = rule.from;
  if (rule.until !== undefined && purchase.businessDate > rule.until) values.until = rule.until;
  return reason('RULE_NOT_IN_FORCE', values);
}

/** Rewards in the list are all capped to nothing when this is asked. */
function weightiest(outcomes: readonly (RuleReward | Explanation)[]): ZeroReason {
  const codes = new Set(outcomes.map((outcome) => (isReward(outcome) ? 'CAPPED' : outcome.code)));
  return ZERO_REASONS.find((code) => codes.has(code)) ?? 'NO_RULE';
}
