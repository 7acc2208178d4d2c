/**
 * The decision about one purchase: what it earns, by which rule, paid by whom, and why.
 */
import { allocate } from '../money/allocate.js';
import { formatDecimal } from '../money/decimal.js';
import { formatRate } from '../money/rate.js';
import { capPeriod, capUsesOf, type Withheld } from './caps.js';
import type { Classification } from './classify.js';
import { reason } from './explain.js';
import type { Funder } from './funding.js';
import type { AccrualDecision, EarningFacts, Evaluation, Explanation, ProgrammeTerms, Purchase } from './model.js';
import { isReward, type RuleReward, rewardsOf } from './reward.js';

/**
 * Pure and total. Same purchase, facts and terms give the same accruals and the same explanation digest on
 * any machine, now and in ten years. Units are integer steps of the programme's reward unit.
 */
export function evaluate(purchase: Purchase, facts: EarningFacts, terms: ProgrammeTerms): Evaluation {
  const { classification, outcomes, zeroReason } = rewardsOf(purchase, facts, terms);
  const accruals: AccrualDecision[] = [];
  const ruleNodes: Explanation[] = [];
  let totalUnits = 0n;
  let shortfallUnits = 0n;
  for (const outcome of outcomes) {
    if (!isReward(outcome)) {
      ruleNodes.push(outcome);
      continue;
    }
    const parts = split(outcome.capped.units, outcome.funders);
    outcome.funders.forEach(({ funderNo }, index) => {
      const units = parts[index] as bigint;
      if (units > 0n) accruals.push({ ruleCode: outcome.rule.code, funderNo, units });
    });
    totalUnits += outcome.capped.units;
    shortfallUnits += outcome.roundedUnits - outcome.capped.units;
    ruleNodes.push(ruleNode(outcome, parts, purchase, terms));
  }
  const children = [
    categoryNode(classification, purchase),
    tierNode(facts, terms),
    ...exclusionNodes(classification, purchase),
    ...ruleNodes,
  ];
  if (zeroReason !== undefined) children.push(reason('NOTHING_EARNED', { because: zeroReason }));
  const decided = {
    category: classification.category,
    accruals,
    capUses: capUsesOf(totalUnits, classification.category, purchase.businessDate, terms),
    totalUnits,
    shortfallUnits,
    explanation: reason('PURCHASE', purchaseValues(purchase, totalUnits, shortfallUnits, terms), children),
  };
  return zeroReason === undefined ? decided : { ...decided, zeroReason };
}

/** Most rules have one funder, who needs no arithmetic. */
const split = (units: bigint, funders: readonly Funder[]): bigint[] =>
  funders.length === 1
    ? [units]
    : allocate(
        units,
        funders.map((funder) => funder.share),
      );

function purchaseValues(
  purchase: Purchase,
  units: bigint,
  shortfall: bigint,
  terms: ProgrammeTerms,
): Record<string, string> {
  const values: Record<string, string> = {
    amount: formatDecimal(purchase.amountMinor, terms.currencyScale),
    currency: terms.currencyCode,
    date: purchase.businessDate,
    units: formatDecimal(units, terms.unit.scale),
    unit: terms.unit.code,
  };
  if (shortfall > 0n) values.shortfall = formatDecimal(shortfall, terms.unit.scale);
  return values;
}

function categoryNode({ category, how }: Classification, purchase: Purchase): Explanation {
  return reason(
    'CATEGORY',
    how === 'MCC' && purchase.mcc !== undefined ? { category, how, mcc: purchase.mcc } : { category, how },
  );
}

const tierNode = (facts: EarningFacts, terms: ProgrammeTerms): Explanation =>
  reason('TIER', {
    tier: facts.tier,
    windowSpend: formatDecimal(facts.windowSpendMinor, terms.currencyScale),
    currency: terms.currencyCode,
  });

const exclusionNodes = ({ excluded }: Classification, purchase: Purchase): Explanation[] =>
  excluded === undefined || purchase.mcc === undefined
    ? []
    : [reason('EXCLUDED_MCC', { mcc: purchase.mcc, reason: excluded.reason })];

function ruleNode(
  reward: RuleReward,
  parts: readonly bigint[],
  purchase: Purchase,
  terms: ProgrammeTerms,
): Explanation {
  const { scale, code: unit } = terms.unit;
  const children = reward.capped.withheld.map((withheld) => capNode(withheld, purchase, terms));
  reward.funders.forEach(({ name, share }, index) => {
    const units = parts[index] as bigint;
    if (units > 0n)
      children.push(
        reason('FUNDED_BY', { funder: name, share: formatRate(share), units: formatDecimal(units, scale), unit }),
      );
  });
  const values = {
    ...reward.promise.values,
    rule: reward.rule.code,
    name: reward.rule.name,
    amount: formatDecimal(purchase.amountMinor, terms.currencyScale),
    currency: terms.currencyCode,
    rounded: formatDecimal(reward.roundedUnits, scale),
    units: formatDecimal(reward.capped.units, scale),
    unit,
  };
  return reason('RULE_APPLIED', values, children);
}

const capNode = ({ cap, units, left }: Withheld, purchase: Purchase, terms: ProgrammeTerms): Explanation =>
  reason('CAPPED', {
    cap: cap.code,
    max: formatDecimal(cap.maxUnits, terms.unit.scale),
    period: capPeriod(cap, purchase.businessDate),
    left: formatDecimal(left, terms.unit.scale),
    withheld: formatDecimal(units, terms.unit.scale),
    unit: terms.unit.code,
  });
