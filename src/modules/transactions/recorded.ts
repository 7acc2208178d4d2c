/** What an accepted message left behind, for its answer: the rows as they would be read back, without reading them. */
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import type { BatchState } from './batch-state.js';
import type { Accepted } from './decide.js';
import { bitOf } from './placed.js';
import type { TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';

export interface Recorded {
  readonly source: TransactionSourceEntity;
  /** Absent where the message joined a purchase that was there, or another message of the batch changed it since. */
  readonly transaction?: TransactionEntity;
}

export interface StoredBatch {
  readonly programmeNo: number;
  readonly now: Date;
  readonly state: BatchState;
}

/** Asked after the batch was stored. */
export function recordedOf(accepted: Accepted, { programmeNo, now, state }: StoredBatch): Recorded {
  const { item, memberNo, transactionId, matchReason, likeness, transaction } = accepted;
  const source: TransactionSourceEntity = {
    id: item.sourceId,
    memberNo,
    transactionId,
    partnerNo: item.key?.partnerNo ?? 0,
    kind: SOURCE_KIND_NO[item.command.kind],
    reference: item.command.reference,
    bodyHash: item.bodyHash,
    amountMinor: item.command.amountMinor,
    matchReason: matchReason ?? null,
    payload: JSON.parse(item.payload),
    receivedAt: now,
    side: bitOf(item),
    likeness: likeness ?? null,
  };
  if (transaction === undefined || state.hasChanged(transactionId)) return { source };
  return {
    source,
    transaction: {
      ...transaction,
      programmeNo,
      recordedAt: now,
      refundedMinor: 0n,
      joinedId: null,
      joinReason: null,
      coSubmitterNo: null,
    } as TransactionEntity,
  };
}
