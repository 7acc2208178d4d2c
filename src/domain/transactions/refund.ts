/**
 * What a refund takes back from one purchase: the purchase-date rules are run again on what is kept, and
 * every accrual, its value, commission and tax shrink to that. A full refund leaves exactly nothing.
 */

import type { CapUse, Explanation, ProgrammeTerms } from '../earning/model.js';
import { reevaluate } from '../earning/refund.js';
import { chargesFor } from '../settlement/charges.js';
import type { StandingAccrual, StandingPurchase } from './model.js';

/** What one accrual loses. All amounts >= 0, units > 0. */
export interface AccrualReversal {
  readonly accrual: StandingAccrual;
  readonly units: bigint;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
}

export interface RefundDecision {
  readonly reversals: readonly AccrualReversal[];
  /** Cap use given back, for later purchases of that period. */
  readonly releases: readonly CapUse[];
  /** The purchase after the refund. */
  readonly after: StandingPurchase;
  readonly explanation: Explanation;
}

/** amountMinor must be above zero and at most what is kept; the caller has checked. */
export function decideRefund(standing: StandingPurchase, amountMinor: bigint, terms: ProgrammeTerms): RefundDecision {
  const { purchase, facts, accruals } = standing;
  const refundedMinor = standing.refundedMinor + amountMinor;
  const outcome = reevaluate(purchase, facts, terms, purchase.amountMinor - refundedMinor, accruals);
  const keptUnits = new Map(outcome.kept.map((kept) => [`${kept.ruleCode}/${kept.funderNo}`, kept.units]));
  const reversals: AccrualReversal[] = [];
  const left: StandingAccrual[] = [];
  for (const accrual of accruals) {
    const units = keptUnits.get(`${accrual.ruleCode}/${accrual.funderNo}`) ?? 0n;
    const after = shrink(accrual, units, terms);
    left.push(after);
    if (units < accrual.units) {
      reversals.push({
        accrual,
        units: accrual.units - units,
        valueMinor: accrual.valueMinor - after.valueMinor,
        commissionMinor: accrual.commissionMinor - after.commissionMinor,
        taxMinor: accrual.taxMinor - after.taxMinor,
      });
    }
  }
  return {
    reversals,
    releases: outcome.capReleases,
    after: { ...standing, refundedMinor, accruals: left },
    explanation: outcome.explanation,
  };
}

/** Commission(kept before) - commission(kept after) goes back, unless it was charged and the contract keeps it. */
function shrink(accrual: StandingAccrual, units: bigint, terms: ProgrammeTerms): StandingAccrual {
  if (units === accrual.units) return accrual;
  const charges = chargesFor(units, terms.unit.priceMinor, accrual.contract);
  const keepsCommission = !accrual.pending && accrual.contract?.refundReturnsCommission === false;
  return keepsCommission ? { ...accrual, units, valueMinor: charges.valueMinor } : { ...accrual, units, ...charges };
}
