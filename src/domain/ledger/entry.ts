/**
 * Journal entries as decided, before they are stored. An entry sums to zero per unit; it is never changed.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { AccountCode } from './accounts.js';

/** What happened; numbers are the rows of LEDGER 2, stored as journal_entry.kind. */
export const EntryKind = {
  ACCRUAL: 1,
  CONFIRMATION: 4,
  VOID: 5,
  REFUND: 6,
  CLAWBACK: 7,
  REPAYMENT: 8,
  AUTHORISATION: 9,
  CAPTURE: 10,
  RELEASE: 11,
  RETURN: 12,
  CASH_OUT: 13,
  DONATION: 14,
  EXPIRY: 15,
  SETTLEMENT: 16,
  PAYOUT_INSTRUCTED: 17,
  PAYOUT_BOOKED: 18,
  PAYOUT_REJECTED: 19,
  RECEIPT: 20,
  DISPUTE_OPENED: 22,
  DISPUTE_RESOLVED: 23,
  GOODWILL: 24,
  BAD_DEBT: 25,
  NEGATIVE_WRITTEN_OFF: 26,
  SERVICE_CHARGE: 27,
  FX: 28,
  TRANSFER: 29,
  DORMANCY_FEE: 30,
  WIND_DOWN: 31,
  PREPAID: 32,
  DEPOSIT: 33,
  CHARITY_PAID: 34,
  ITEM: 35,
  /** Commission of a whole statement, where the contract says so; no row of its own in the design. */
  STATEMENT_COMMISSION: 36,
} as const;
export type EntryKindCode = (typeof EntryKind)[keyof typeof EntryKind];

export type Book = 'REWARD' | 'MONEY';

export interface Posting {
  readonly book: Book;
  readonly account: AccountCode;
  /** Partner number, member number, or 0 for the programme's own accounts. */
  readonly party: number;
  /** + debit, - credit; reward steps or money minor units; never zero. */
  readonly amount: bigint;
  /** Of money that is not in the programme's own currency. */
  readonly currencyCode?: string;
}

export interface JournalEntry {
  readonly kind: EntryKindCode;
  /** Member the entry belongs to; 0 (the system member) for entries between partners only. */
  readonly memberNo: number;
  readonly businessDate: BusinessDate;
  /** Message that caused it, when one did. */
  readonly sourceId?: string;
  readonly postings: readonly Posting[];
}

/** The member the programme's own entries belong to. */
export const SYSTEM_MEMBER = 0;
