/**
 * What a funder's part of a reward costs it. Computed once, at accrual, by the contract of the attribution
 * date; confirming, refunding and settling only move these amounts (LEDGER 2, lots).
 */
import type { ContractTerms } from '../earning/model.js';
import type { Rate } from '../money/rate.js';
import { applyRate } from '../money/rounding.js';

export interface Charges {
  /** Units at issue price. */
  readonly valueMinor: bigint;
  /** The programme's commission on that value. */
  readonly commissionMinor: bigint;
  /** Tax on the commission. */
  readonly taxMinor: bigint;
}

/**
 * Value = units x price, commission = value x rate, tax = commission x tax rate, each rounded half-even to
 * minor units. A contract may have a price of its own. Without a contract the programme pays itself: no commission, no
 * tax; nor where the commission is computed once for a statement (statement-commission.ts).
 */
export function chargesFor(units: bigint, priceMinor: Rate, contract?: ContractTerms): Charges {
  const valueMinor = applyRate(units, contract?.issuePriceMinor ?? priceMinor, 'HALF_EVEN');
  if (contract === undefined || contract.commissionPer === 'STATEMENT')
    return { valueMinor, commissionMinor: 0n, taxMinor: 0n };
  const commissionMinor = applyRate(valueMinor, contract.commissionRate, 'HALF_EVEN');
  return { valueMinor, commissionMinor, taxMinor: applyRate(commissionMinor, contract.taxRate, 'HALF_EVEN') };
}
