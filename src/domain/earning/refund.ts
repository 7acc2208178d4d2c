/**
 * Refunds: the purchase is decided again, by the rules and facts of its own day, on what is kept of it.
 */
import { invariant } from '../kernel/invariant.js';
import { allocateWithin } from '../money/allocate.js';
import { formatDecimal } from '../money/decimal.js';
import { capUsesOf } from './caps.js';
import { classify } from './classify.js';
import { evaluate } from './evaluate.js';
import { reason } from './explain.js';
import type { Funder } from './funding.js';
import {
  type AccrualDecision,
  type CapUse,
  type EarningFacts,
  type Explanation,
  PROGRAMME_PARTY,
  type ProgrammeTerms,
  type Purchase,
} from './model.js';
import { isReward, rewardsOf } from './reward.js';

export interface Reevaluation {
  /** The keys of `had` in its order; units are what stands now, 0n when nothing does. */
  readonly kept: readonly AccrualDecision[];
  /** What the kept part uses of each cap, in the purchase's own period. */
  readonly capUses: readonly CapUse[];
  /** What to give back to each of those counters: room for later purchases only, never for earlier ones. */
  readonly capReleases: readonly CapUse[];
  readonly explanation: Explanation;
}

/**
 * What stands of a purchase's accruals after a refund that leaves `keptMinor` of its amount.
 *
 * `had` is what stood before this refund per (rule, funder). Nobody's part rises: a rule that would give
 * more on a smaller purchase, because an earlier rule leaves room under a cap, is held to what it had.
 * Nothing kept leaves nothing, in any split.
 */
export function reevaluate(
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  keptMinor: bigint,
  had: readonly AccrualDecision[],
): Reevaluation {
  invariant(
    keptMinor >= 0n && keptMinor <= purchase.amountMinor,
    'a refund leaves between nothing and the whole purchase',
  );
  const ofKept = { ...purchase, amountMinor: keptMinor };
  const rewards = keptMinor === 0n ? [] : rewardsOf(ofKept, facts, terms).outcomes.filter(isReward);
  const due = new Map(
    rewards.map((reward) => [reward.rule.code, { units: reward.capped.units, funders: reward.funders }]),
  );
  const parts = new Map<string, ReadonlyMap<number, bigint>>();
  for (const ruleCode of new Set(had.map((accrual) => accrual.ruleCode))) {
    const limits = had.filter((accrual) => accrual.ruleCode === ruleCode);
    const now = due.get(ruleCode);
    parts.set(ruleCode, now === undefined ? new Map() : keptParts(now.units, now.funders, limits));
  }
  const kept = had.map((accrual) => ({ ...accrual, units: parts.get(accrual.ruleCode)?.get(accrual.funderNo) ?? 0n }));
  const { category } = classify(purchase, terms);
  const [unitsBefore, unitsNow] = [sum(had), sum(kept)];
  return {
    kept,
    capUses: capUsesOf(unitsNow, category, purchase.businessDate, terms),
    capReleases: capUsesOf(unitsBefore - unitsNow, category, purchase.businessDate, terms),
    explanation: explain(ofKept, facts, terms, had, kept),
  };
}

const sum = (accruals: readonly AccrualDecision[]): bigint =>
  accruals.reduce((total, accrual) => total + accrual.units, 0n);

/** One rule's kept units over its funders, each within what it had. */
function keptParts(
  units: bigint,
  funders: readonly Funder[],
  limits: readonly AccrualDecision[],
): ReadonlyMap<number, bigint> {
  const limitOf = new Map(limits.map((accrual) => [accrual.funderNo, accrual.units]));
  const within = funders.map((funder) => limitOf.get(funder.funderNo) ?? 0n);
  const most = within.reduce((total, limit) => total + limit, 0n);
  const parts = allocateWithin(
    units < most ? units : most,
    funders.map((funder) => funder.share),
    within,
  );
  return new Map(funders.map((funder, index) => [funder.funderNo, parts[index] as bigint]));
}

function explain(
  ofKept: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  had: readonly AccrualDecision[],
  kept: readonly AccrualDecision[],
): Explanation {
  const units = (value: bigint): string => formatDecimal(value, terms.unit.scale);
  const parts = had.map(({ ruleCode, funderNo, units: before }, index) =>
    reason('REFUND_PART', {
      rule: ruleCode,
      funder: nameOf(funderNo, ofKept),
      before: units(before),
      units: units((kept[index] as AccrualDecision).units),
      unit: terms.unit.code,
    }),
  );
  const decision = ofKept.amountMinor === 0n ? [] : [evaluate(ofKept, facts, terms).explanation];
  return reason(
    'REFUND_REEVALUATED',
    {
      kept: formatDecimal(ofKept.amountMinor, terms.currencyScale),
      currency: terms.currencyCode,
      before: units(sum(had)),
      units: units(sum(kept)),
      unit: terms.unit.code,
    },
    [...decision, ...parts],
  );
}

/** The parties of the purchase go by their codes, as in the decision about it. */
function nameOf(funderNo: number, { merchant, issuer }: Purchase): string {
  if (funderNo === PROGRAMME_PARTY) return 'PROGRAMME';
  const partner = [merchant, issuer].find((party) => party?.partnerNo === funderNo);
  return partner?.partnerCode ?? String(funderNo);
}
