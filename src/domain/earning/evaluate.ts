/**
 * The decision about one purchase: what it earns, by which rule, paid by whom, and why.
 */
import { allocate } from '../money/allocate.js';
import { formatDecimal } from '../money/decimal.js';
import { usesOf, type Withheld } from './caps.js';
import { explainDecision } from './explain-decision.js';
import type { Funder } from './funding.js';
import type { AccrualDecision, EarningFacts, Evaluation, ProgrammeTerms, Purchase, Shortfall } from './model.js';
import { type Granted, rewardsOf } from './reward.js';
import type { CompiledRule } from './terms-index.js';

/**
 * Pure and total. Same purchase, facts and terms give the same accruals and the same explanation digest on
 * any machine, now and in ten years, in whatever order the terms list their rules. Units are integer steps of
 * the programme's reward unit.
 */
export function evaluate(purchase: Purchase, facts: EarningFacts, terms: ProgrammeTerms): Evaluation {
  const { decision, rewards, parts } = decided(purchase, facts, terms);
  const { totalUnits, shortfallUnits } = decision;
  let text: string | undefined;
  const amountText = (): string => {
    text ??= formatDecimal(purchase.amountMinor, terms.currencyScale);
    return text;
  };
  const explanation = explainDecision({
    purchase,
    facts,
    terms,
    rewards,
    parts,
    totalUnits,
    shortfallUnits,
    amountText,
  });
  return { ...decision, explanation };
}

/** The very same without its reasons, for whoever decides much and explains nothing. */
export const decide = (purchase: Purchase, facts: EarningFacts, terms: ProgrammeTerms): UnexplainedEvaluation =>
  decided(purchase, facts, terms).decision;

export type UnexplainedEvaluation = Omit<Evaluation, 'explanation'>;

function decided(purchase: Purchase, facts: EarningFacts, terms: ProgrammeTerms) {
  const rewards = rewardsOf(purchase, facts, terms);
  const accruals: AccrualDecision[] = [];
  const shortfalls: Shortfall[] = [];
  const parts: (readonly bigint[])[] = [];
  let totalUnits = 0n;
  let shortfallUnits = 0n;
  for (const granted of rewards.granted) {
    const ofFunders = split(granted.units, granted.offer.funders);
    parts.push(ofFunders);
    granted.offer.funders.forEach(({ funderNo }, index) => {
      add(accruals, granted.compiled.rule.code, funderNo, ofFunders[index] as bigint);
    });
    totalUnits += granted.units;
    shortfallUnits += noteShortfalls(granted, shortfalls);
  }
  const decision: UnexplainedEvaluation = {
    category: rewards.classification.category,
    accruals,
    uses: usesOf(rewards.granted, purchase, terms),
    totalUnits,
    shortfalls,
    shortfallUnits,
    ...(rewards.zeroReason !== undefined && { zeroReason: rewards.zeroReason }),
  };
  return { decision, rewards, parts };
}

/** A rule may pay several times, for several categories of a basket; one accrual holds all of a funder's part. */
function add(accruals: AccrualDecision[], ruleCode: string, funderNo: number, units: bigint): void {
  if (units === 0n) return;
  const known = accruals.findIndex((accrual) => accrual.ruleCode === ruleCode && accrual.funderNo === funderNo);
  if (known < 0) accruals.push({ ruleCode, funderNo, units });
  else accruals[known] = { ruleCode, funderNo, units: (accruals[known] as AccrualDecision).units + units };
}

/** Most rules have one funder, who needs no arithmetic. */
const split = (units: bigint, funders: readonly Funder[]): readonly bigint[] =>
  funders.length === 1
    ? [units]
    : allocate(
        units,
        funders.map((funder) => funder.share),
      );

function noteShortfalls({ compiled, offer, withheld }: Granted, shortfalls: Shortfall[]): bigint {
  const { limit } = offer;
  let units = limit === undefined ? 0n : note(compiled, limit, shortfalls);
  for (const each of withheld) units += note(compiled, each, shortfalls);
  return units;
}

function note(
  { rule }: CompiledRule,
  { cap, units }: Pick<Withheld, 'cap' | 'units'>,
  shortfalls: Shortfall[],
): bigint {
  const because = cap.holder === 'EVERYONE' ? 'BUDGET' : 'CAP';
  if (units > 0n) shortfalls.push({ ruleCode: rule.code, capCode: cap.code, because, units });
  return units;
}
