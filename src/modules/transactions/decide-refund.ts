/** Decides one refund: finds its purchase by name or by likeness, and takes back what is not kept. */
import { classify } from '../../domain/earning/classify.js';
import { explanationDigest, reason } from '../../domain/earning/explain.js';
import { UNCATEGORISED } from '../../domain/earning/model.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { type Failure, fail } from '../../domain/kernel/result.js';
import { type MatchReason, matchRefund } from '../../domain/transactions/match.js';
import {
  keptMinor,
  SOURCE_KIND_NO,
  type StandingPurchase,
  type TransactionErrorCode,
} from '../../domain/transactions/model.js';
import { decideRefund as takeBack } from '../../domain/transactions/refund.js';
import type { Accepted, BatchFacts, Verdict } from './decide.js';
import { merchantOf, placeOfItem } from './load.js';
import { type Item, keyText } from './pipeline.js';
import { transactionRow } from './placed.js';

export function decideRefund(
  item: Item,
  memberNo: number,
  facts: BatchFacts,
  acceptedByKey: ReadonlyMap<string, Accepted>,
): Verdict {
  const { command } = item;
  const { state, reference } = facts;
  const match =
    command.refundOf === undefined
      ? matchRefund(command.amountMinor, command.businessDate, [...state.candidates(placeOfItem(item, reference))])
      : namedPurchase(item, command.refundOf, memberNo, facts, acceptedByKey);
  if ('code' in match) return match;
  if (match.purchase === undefined) return orphan(item, memberNo, match.reason, facts);
  const standing = match.purchase;
  const terms = reference.programmes.version(facts.programmeNo, standing.programmeVersion)?.terms;
  invariant(terms, `version ${standing.programmeVersion} of the programme is gone`);
  const decision = takeBack(standing, command.amountMinor, terms);
  for (const release of decision.releases) {
    state.changeUse({ memberNo, capCode: release.capCode, period: release.period }, -release.units);
  }
  if (classify(standing.purchase, terms).excluded === undefined) {
    state.changeSpend(memberNo, standing.purchase.businessDate, -command.amountMinor);
  }
  state.putPurchase(decision.after);
  state.refunded.add(standing.id);
  return {
    item,
    memberNo,
    transactionId: standing.id,
    matchReason: match.reason,
    accruals: [],
    availableOn: command.businessDate,
    reversals: decision.reversals,
  };
}

function namedPurchase(
  item: Item,
  refundOf: string,
  memberNo: number,
  { state }: BatchFacts,
  acceptedByKey: ReadonlyMap<string, Accepted>,
): { readonly purchase: StandingPurchase; readonly reason: MatchReason } | Failure<TransactionErrorCode> {
  const key = keyText({ partnerNo: item.partner?.no ?? 0, kindNo: SOURCE_KIND_NO.PURCHASE, reference: refundOf });
  const id = acceptedByKey.get(key)?.transactionId ?? state.named.get(key);
  const purchase = id === undefined ? undefined : state.purchase(id);
  if (purchase === undefined) {
    return fail(
      'UNKNOWN_PURCHASE',
      `No purchase of this partner has the reference "${refundOf}"; send the purchase first or leave refundOf out.`,
      'refundOf',
    ).failure;
  }
  if (purchase.memberNo !== memberNo) {
    return fail(
      'PAYER_MISMATCH',
      'The purchase belongs to another member; a refund goes to the payer of its purchase.',
      'payer',
    ).failure;
  }
  if (item.command.businessDate < purchase.purchase.businessDate) {
    return fail('REFUND_BEFORE_PURCHASE', 'The refund is dated before its purchase; check occurredAt.', 'occurredAt')
      .failure;
  }
  if (item.command.amountMinor > keptMinor(purchase)) {
    return fail(
      'REFUND_LARGER_THAN_PURCHASE',
      'The refund is larger than what is left of the purchase after earlier refunds.',
      'amount',
    ).failure;
  }
  return { purchase, reason: 'REFERENCE' };
}

/** Kept for the record and for people to look at; it takes nothing, because nothing was found that earned. */
function orphan(item: Item, memberNo: number, matchReason: MatchReason, { reference, newId }: BatchFacts): Accepted {
  const id = newId();
  const merchant = merchantOf(item, reference);
  return {
    item,
    memberNo,
    transactionId: id,
    matchReason,
    accruals: [],
    availableOn: item.command.businessDate,
    reversals: [],
    transaction: {
      ...transactionRow(item, memberNo, id, merchant?.outlet),
      kind: 'ORPHAN_REFUND',
      merchantNo: merchant?.partnerNo ?? null,
      mcc: item.command.mcc ?? null,
      channel: item.command.channel ?? null,
      categoryCode: item.command.category ?? UNCATEGORISED,
      facts: {},
      explanationDigest: explanationDigest(reason('ORPHAN_REFUND', { reason: matchReason })),
    },
  };
}
