/**
 * Entries 17 to 20 and 34: money that really moves (LEDGER 2). They touch no partner position of any window, so that
 * no settlement counts them again; the bank account itself (1000) follows the bank's statements and nothing else.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { Account, type AccountCode } from './accounts.js';
import { EntryKind, type EntryKindCode, type JournalEntry, SYSTEM_MEMBER } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

/** What a payout pays off: what a settled partner is owed, what members gave to a charity, or a deposit that goes back. */
export type PayoutPurpose = 'SETTLEMENT' | 'CHARITY' | 'DEPOSIT';

export interface Payout {
  readonly purpose: PayoutPurpose;
  readonly partnerNo: number;
  readonly amountMinor: bigint;
}

/** Party of accounts that are the programme's own. */
const PROGRAMME = 0;

/** Where a payout stands before it is instructed. What a deposit gave back stands in transit since that was approved. */
function owed({ purpose, partnerNo }: Payout): readonly [AccountCode, number] {
  switch (purpose) {
    case 'SETTLEMENT':
      return [Account.SETTLED_UNPAID, partnerNo];
    case 'CHARITY':
      return [Account.DONATIONS_PAYABLE, partnerNo];
    case 'DEPOSIT':
      return [Account.PAYMENTS_IN_TRANSIT, PROGRAMME];
  }
}

/** Entries 17 and 34: the bank is told to pay. None for a deposit, which is in transit already. */
export function payoutInstructed(payout: Payout, businessDate: BusinessDate): JournalEntry[] {
  const amount = positive(payout.amountMinor);
  if (payout.purpose === 'DEPOSIT') return [];
  const kind = payout.purpose === 'CHARITY' ? EntryKind.CHARITY_PAID : EntryKind.PAYOUT_INSTRUCTED;
  return [
    entry(kind, businessDate, (sheet) =>
      sheet.debit(...owed(payout), amount).credit(Account.PAYMENTS_IN_TRANSIT, PROGRAMME, amount),
    ),
  ];
}

/** Entry 18: the bank has paid. */
export function payoutBooked(payout: Payout, accountNo: number, businessDate: BusinessDate): JournalEntry {
  const amount = positive(payout.amountMinor);
  return entry(EntryKind.PAYOUT_BOOKED, businessDate, (sheet) =>
    sheet.debit(Account.PAYMENTS_IN_TRANSIT, PROGRAMME, amount).credit(Account.BANK, accountNo, amount),
  );
}

/** Entry 19: the bank refuses to pay, and the amount is owed again. None for a deposit, which stays in transit. */
export function payoutRejected(payout: Payout, businessDate: BusinessDate): JournalEntry[] {
  const amount = positive(payout.amountMinor);
  if (payout.purpose === 'DEPOSIT') return [];
  return [
    entry(EntryKind.PAYOUT_REJECTED, businessDate, (sheet) =>
      sheet.debit(Account.PAYMENTS_IN_TRANSIT, PROGRAMME, amount).credit(...owed(payout), amount),
    ),
  ];
}

/** Entry 19 of a payment that was booked and came back: from the bank account, because it is there again. */
export function payoutReturned(payout: Payout, accountNo: number, businessDate: BusinessDate): JournalEntry {
  const amount = positive(payout.amountMinor);
  return entry(EntryKind.PAYOUT_REJECTED, businessDate, (sheet) =>
    sheet.debit(Account.BANK, accountNo, amount).credit(...owed(payout), amount),
  );
}

/**
 * Entry 20: something was booked that the gateway has not asked for. What a partner owes is paid off by it, the rest
 * waits until somebody knows whose it is. Negative amounts are debits nobody knows, such as the bank's fees.
 */
export function receipt(
  booked: {
    readonly amountMinor: bigint;
    readonly partnerNo: number;
    /** The part of it that pays what the partner owes. */
    readonly paidMinor: bigint;
  },
  accountNo: number,
  businessDate: BusinessDate,
): JournalEntry {
  const { amountMinor, partnerNo, paidMinor } = booked;
  invariant(paidMinor >= 0n && (paidMinor === 0n || paidMinor <= amountMinor), 'a receipt pays no more than it is');
  return entry(EntryKind.RECEIPT, businessDate, (sheet) =>
    sheet
      .debit(Account.BANK, accountNo, amountMinor)
      .credit(Account.SETTLED_UNPAID, partnerNo, paidMinor)
      .credit(Account.UNALLOCATED_RECEIPTS, PROGRAMME, amountMinor - paidMinor),
  );
}

/** What a receipt that waited is for: to pay off what is settled, as a deposit, or for a block of rewards in advance. */
export type ReceiptPurpose = 'SETTLEMENT' | 'DEPOSIT' | 'PREPAID';

const RECEIVED_FOR: Readonly<Record<ReceiptPurpose, readonly [EntryKindCode, AccountCode]>> = {
  SETTLEMENT: [EntryKind.RECEIPT, Account.SETTLED_UNPAID],
  DEPOSIT: [EntryKind.DEPOSIT, Account.PARTNER_DEPOSIT],
  PREPAID: [EntryKind.PREPAID, Account.PREPAID_BLOCK],
};

/** Entry 20, allocated: what waited is a partner's. Entries 33 and 32 when it is a deposit or a prepaid block. */
export function receiptAllocated(
  purpose: ReceiptPurpose,
  partnerNo: number,
  amountMinor: bigint,
  businessDate: BusinessDate,
): JournalEntry {
  const [kind, account] = RECEIVED_FOR[purpose];
  const amount = positive(amountMinor);
  return entry(kind, businessDate, (sheet) =>
    sheet.debit(Account.UNALLOCATED_RECEIPTS, PROGRAMME, amount).credit(account, partnerNo, amount),
  );
}

function positive(amountMinor: bigint): bigint {
  invariant(amountMinor > 0n, 'a payment is of more than nothing');
  return amountMinor;
}

function entry(
  kind: EntryKindCode,
  businessDate: BusinessDate,
  fill: (sheet: PostingSheet) => PostingSheet,
): JournalEntry {
  return { kind, memberNo: SYSTEM_MEMBER, businessDate, postings: fill(new PostingSheet()).postings() };
}
