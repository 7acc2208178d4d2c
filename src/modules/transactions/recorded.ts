/** What an accepted message left behind, for its answer: the rows as they would be read back, without reading them. */
import type { BatchState } from './batch-state.js';
import type { Accepted } from './decide.js';
import { sourceOf } from './store.js';
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
  const { transaction, transactionId } = accepted;
  const { kindNo, payload, ...row } = sourceOf(accepted);
  const source: TransactionSourceEntity = { ...row, kind: kindNo, payload: JSON.parse(payload), receivedAt: now };
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
