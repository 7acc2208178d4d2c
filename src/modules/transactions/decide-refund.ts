/** Decides one refund: finds its purchase by name or by likeness, and takes back what is not kept. */
import { type Failure, fail } from '../../domain/kernel/result.js';
import { checkReturn } from '../../domain/transactions/basket.js';
import { purchaseState, toldBy } from '../../domain/transactions/lifecycle.js';
import { type MatchReason, matchRefund } from '../../domain/transactions/match.js';
import type { StandingPurchase, TransactionErrorCode } from '../../domain/transactions/model.js';
import { keptOf } from '../../domain/transactions/restate.js';
import type { BatchFacts, Verdict } from './decide.js';
import { waitFor } from './decide-purchase.js';
import { messageOf } from './message.js';
import { findNamed, isWhole, keptBy, refuseNamed } from './named.js';
import { orphan } from './orphan.js';
import type { Item } from './pipeline.js';
import { placeOfItem } from './purchase-of.js';
import { giveBack } from './revise.js';

export function decideRefund(item: Item, memberNo: number, facts: BatchFacts): Verdict {
  const { command } = item;
  const { state, reference } = facts;
  const match =
    command.refundOf === undefined
      ? matchRefund(
          command.amountMinor,
          command.businessDate,
          [...state.candidates(placeOfItem(item, reference))],
          item.teller?.side,
        )
      : namedPurchase(item, command.refundOf, memberNo, facts);
  if ('code' in match) return match;
  if (match.purchase === undefined) {
    const kept = orphan(item, memberNo, match.reason, facts);
    if (command.refundOf !== undefined) waitFor(item, memberNo, command.refundOf, kept.transactionId, facts);
    return kept;
  }
  const standing = match.purchase;
  const wrong = refuseLines(item, standing);
  if (wrong !== undefined) return wrong;
  return {
    item,
    memberNo,
    transactionId: standing.id,
    matchReason: match.reason,
    changes: giveBack(standing, messageOf(item), facts),
  };
}

function namedPurchase(
  item: Item,
  refundOf: string,
  memberNo: number,
  { state }: BatchFacts,
): { readonly purchase?: StandingPurchase; readonly reason: MatchReason } | Failure<TransactionErrorCode> {
  const named = findNamed(item.partner?.no ?? 0, refundOf, state);
  if (named === undefined) return { reason: 'ORPHAN_PURCHASE_NOT_SEEN' };
  const { standing } = named;
  const wrong = refuseNamed(standing, memberNo, item.command.businessDate, item.teller?.side);
  if (wrong !== undefined) return wrong;
  if (isWhole(standing, item.teller?.side) && item.command.amountMinor > keptBy(standing, item.teller?.side)) {
    return fail(
      'REFUND_LARGER_THAN_PURCHASE',
      'The refund is larger than what is left of the purchase after earlier refunds.',
      'amount',
    ).failure;
  }
  return { purchase: standing, reason: 'REFERENCE' };
}

function refuseLines({ command, teller }: Item, standing: StandingPurchase): Failure<TransactionErrorCode> | undefined {
  // A clearing that is still to come may bring the line.
  if (command.returned === undefined || !isWhole(standing, teller?.side)) return undefined;
  const own = purchaseState(toldBy(standing.messages, teller?.side));
  const { lines: _, ...bare } = standing.purchase;
  const left = keptOf({ ...bare, amountMinor: own.grossMinor, ...(own.lines && { lines: own.lines }) }, own);
  const checked = checkReturn(command.returned, left.lines);
  return checked.ok ? undefined : checked.failure;
}
