/**
 * A refund that names no purchase is matched to an earlier one of the same card at the same merchant, or
 * stays an orphan that takes nothing. The reason is stored either way, so that a person can follow it.
 */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { purchaseState, returnRoom, toldBy } from './lifecycle.js';
import { keptMinor, type StandingPurchase } from './model.js';
import type { Side } from './teller.js';

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
  | 'MATCHED_AUTHORISATION'
  /** Another side had told of the same purchase. */
  | 'SAME_PURCHASE';

/** A clearing that names no authorisation belongs to none that is older. */
export const CLEARING_HORIZON_DAYS = 30;

export type Match =
  | { readonly purchase: StandingPurchase; readonly reason: MatchReason }
  | { readonly purchase?: undefined; readonly reason: MatchReason };

/**
 * The purchase a refund most likely belongs to: first one of which another side has told the same return, then one
 * whose kept amount is exactly the refund's, else one that is larger; among equals the latest day, then the last
 * recorded.
 *
 * `candidates` are purchases of the same card and merchant, in recorded order; those after the refund's
 * own day are passed over.
 */
export function matchRefund(
  amountMinor: bigint,
  businessDate: BusinessDate,
  candidates: readonly StandingPurchase[],
  side?: Side,
): Match {
  let best: Returnable | undefined;
  let sawAny = false;
  for (const purchase of candidates) {
    const { keptMinor: kept, toldByOthersMinor } = roomOf(purchase, side);
    if (purchase.purchase.businessDate > businessDate || kept === 0n) continue;
    sawAny = true;
    if (kept < amountMinor) continue;
    const returnable = { purchase, told: toldByOthersMinor === amountMinor, exact: kept === amountMinor };
    if (best === undefined || isBetterReturn(returnable, best)) best = returnable;
  }
  if (best !== undefined) {
    return {
      purchase: best.purchase,
      reason: best.exact ? 'MATCHED_EXACT_AMOUNT' : 'MATCHED_PART_OF_LARGER',
    };
  }
  return { reason: sawAny ? 'ORPHAN_ALL_PURCHASES_SMALLER' : 'ORPHAN_NO_PURCHASE_AT_MERCHANT' };
}

/** A purchase of which the amount can go back. */
interface Returnable {
  readonly purchase: StandingPurchase;
  /** Another side has told of a return of just this amount. */
  readonly told: boolean;
  /** It is all that is left. */
  readonly exact: boolean;
}

/** What this side may still return of it. One whose purchases are not told by side has only one. */
const roomOf = (standing: StandingPurchase, side: Side | undefined) =>
  standing.messages.length === 0
    ? { keptMinor: keptMinor(standing), toldByOthersMinor: 0n }
    : returnRoom(standing.messages, side);

function isBetterReturn(candidate: Returnable, best: Returnable): boolean {
  if (candidate.told !== best.told) return candidate.told;
  if (candidate.exact !== best.exact) return candidate.exact;
  return isLater(candidate.purchase, best.purchase);
}

function isLater(candidate: StandingPurchase, best: StandingPurchase): boolean {
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
  side?: Side,
): StandingPurchase | undefined {
  const earliest = addDays(businessDate, -CLEARING_HORIZON_DAYS);
  let best: StandingPurchase | undefined;
  for (const candidate of candidates) {
    const { businessDate: day } = candidate.purchase;
    if (day > businessDate || day < earliest) continue;
    const { status, grossMinor } = purchaseState(toldBy(candidate.messages, side));
    if (status === 'AUTHORISED' && grossMinor === amountMinor && (best === undefined || isLater(candidate, best)))
      best = candidate;
  }
  return best;
}
