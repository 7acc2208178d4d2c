/**
 * A refund that names no purchase is matched to an earlier one of the same card at the same merchant, or
 * stays an orphan that takes nothing. The reason is stored either way, so that a person can follow it.
 */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { keptMinor, type StandingPurchase } from './model.js';

/** A refund later than this after its purchase is not matched by guesswork; name the purchase instead. */
export const MATCH_HORIZON_DAYS = 400;

export type MatchReason =
  | 'REFERENCE'
  | 'MATCHED_EXACT_AMOUNT'
  | 'MATCHED_PART_OF_LARGER'
  | 'ORPHAN_NO_PURCHASE_AT_MERCHANT'
  | 'ORPHAN_ALL_PURCHASES_SMALLER'
  /** It names a purchase that nobody has told of yet. */
  | 'ORPHAN_PURCHASE_NOT_SEEN'
  /** A clearing that names no authorisation joined the open one of its amount. */
  | 'MATCHED_AUTHORISATION';

/** A clearing that names no authorisation belongs to none that is older. */
export const CLEARING_HORIZON_DAYS = 30;

export type Match =
  | { readonly purchase: StandingPurchase; readonly reason: MatchReason }
  | { readonly purchase?: undefined; readonly reason: MatchReason };

/**
 * The purchase a refund most likely belongs to: first one whose kept amount is exactly the refund's, else
 * one that is larger; among equals the latest day, then the last recorded.
 *
 * `candidates` are purchases of the same card and merchant, in recorded order; those after the refund's
 * own day are passed over.
 */
export function matchRefund(
  amountMinor: bigint,
  businessDate: BusinessDate,
  candidates: readonly StandingPurchase[],
): Match {
  let best: StandingPurchase | undefined;
  let sawAny = false;
  for (const candidate of candidates) {
    if (candidate.purchase.businessDate > businessDate || keptMinor(candidate) === 0n) continue;
    sawAny = true;
    if (keptMinor(candidate) < amountMinor) continue;
    if (best === undefined || isBetter(candidate, best, amountMinor)) best = candidate;
  }
  if (best !== undefined) {
    return {
      purchase: best,
      reason: keptMinor(best) === amountMinor ? 'MATCHED_EXACT_AMOUNT' : 'MATCHED_PART_OF_LARGER',
    };
  }
  return { reason: sawAny ? 'ORPHAN_ALL_PURCHASES_SMALLER' : 'ORPHAN_NO_PURCHASE_AT_MERCHANT' };
}

function isBetter(candidate: StandingPurchase, best: StandingPurchase, amountMinor: bigint): boolean {
  const candidateExact = keptMinor(candidate) === amountMinor;
  const bestExact = keptMinor(best) === amountMinor;
  if (candidateExact !== bestExact) return candidateExact;
  if (candidate.purchase.businessDate !== best.purchase.businessDate) {
    return candidate.purchase.businessDate > best.purchase.businessDate;
  }
  return candidate.id > best.id;
}

/** The open authorisation that a clearing without one most likely belongs to: same amount, the latest day. */
export function matchClearing(
  amountMinor: bigint,
  businessDate: BusinessDate,
  candidates: readonly StandingPurchase[],
): StandingPurchase | undefined {
  const earliest = addDays(businessDate, -CLEARING_HORIZON_DAYS);
  let best: StandingPurchase | undefined;
  for (const candidate of candidates) {
    const { businessDate: day } = candidate.purchase;
    if (candidate.status !== 'AUTHORISED' || day > businessDate || day < earliest) continue;
    if (
      candidate.purchase.amountMinor === amountMinor &&
      (best === undefined || isBetter(candidate, best, amountMinor))
    )
      best = candidate;
  }
  return best;
}
