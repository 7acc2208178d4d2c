/**
 * Two purchases that are one: all that was told of the later one is told of the earlier one, which is decided again,
 * and what the later one earned is taken back.
 */
import { explanationDigest, reason } from '../../domain/earning/explain.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { Failure } from '../../domain/kernel/result.js';
import { described, describing, type PurchaseMessage } from '../../domain/transactions/lifecycle.js';
import type { StandingPurchase, TransactionErrorCode } from '../../domain/transactions/model.js';
import { takenBack } from '../../domain/transactions/parts.js';
import type { BatchFacts } from './decide.js';
import { describe, retell } from './join.js';
import type { Merged } from './lifecycle.sql.js';
import type { Item } from './pipeline.js';
import { type RewardChange, takeOut, termsOf } from './revise.js';

export interface MergeOf {
  readonly kept: StandingPurchase;
  readonly gone: StandingPurchase;
  readonly by: Merged['reason'];
  /** A message about either that comes just now. */
  readonly news?: readonly PurchaseMessage[];
}

export function mergePurchases(
  { kept, gone, by, news = [] }: MergeOf,
  facts: BatchFacts,
): RewardChange[] | Failure<TransactionErrorCode> {
  const { state } = facts;
  const [first, ...others] = [...news, ...gone.messages];
  invariant(first, 'a purchase has messages');
  const nobody = silent(kept, [first, ...others]);
  const fault = describe(kept, nobody, [...kept.messages, first, ...others], facts);
  if ('code' in fault) return fault;
  takeOut(gone, facts);
  state.putMerged(gone.id, {
    id: gone.id,
    memberNo: gone.memberNo,
    keptId: kept.id,
    reason: by,
    explanationDigest: explanationDigest(duplicateReason(by)),
  });
  const retold = retell(kept, nobody, [first, ...others], facts, gone);
  if ('code' in retold) return retold;
  const { reversals } = takenBack(gone.accruals, [], termsOf(gone, facts));
  return [{ transactionId: gone.id, accruals: [], reversals, moved: [] }, ...retold];
}

export const duplicateReason = (by: string) => reason('SAME_PURCHASE', () => ({ by }));

/** Nobody sends anything: who pays is known, and the rest is in the messages. */
function silent({ memberNo }: StandingPurchase, told: readonly PurchaseMessage[]): Item {
  const [first] = describing(told);
  invariant(first, 'a purchase was told');
  return {
    command: {
      partnerCode: '',
      kind: 'PURCHASE',
      reference: '',
      payer: { memberId: '' },
      currencyCode: '',
      amountMinor: first.amountMinor,
      occurredAt: described(told).occurredAt,
      businessDate: first.businessDate,
    },
    sourceId: '',
    payload: '',
    bodyHash: Buffer.alloc(0),
    member: { no: memberNo },
  };
}
