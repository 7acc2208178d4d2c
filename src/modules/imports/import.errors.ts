/** Why a row of a feed is not taken in. Closed; what the pipeline refuses keeps the pipeline's own code. */
import type { TransactionErrorCode } from '../../domain/transactions/model.js';

export type RowErrorCode =
  | 'MALFORMED_ROW'
  | 'MALFORMED_DATE'
  | 'MALFORMED_ORDER'
  | 'MALFORMED_CARD'
  | 'MALFORMED_AMOUNT'
  | 'AMOUNT_IS_ZERO'
  | 'AMOUNT_IS_NEGATIVE'
  | 'SIGNS_DIFFER'
  | 'UNKNOWN_CURRENCY'
  | 'BILLING_AMOUNT_MISSING';

export type RejectCode = RowErrorCode | TransactionErrorCode;

/** What happens to a row that cannot be taken in: it is counted, written to the rejects file, and forgotten. */
export interface Reject {
  readonly code: RejectCode;
  /** A full sentence; never repeats a card number. */
  readonly reason: string;
}

export const reject = (code: RejectCode, reason: string): Reject => ({ code, reason });
