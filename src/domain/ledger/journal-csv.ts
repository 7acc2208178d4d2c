/**
 * The money book as a bookkeeper takes it over: one line for each posting, debit and credit in columns of their own.
 * Members are ids, never names or codes.
 */
import { csvCell, csvLine } from '../kernel/csv.js';
import { currencyScale } from '../money/currency.js';
import { formatDecimal } from '../money/decimal.js';
import { ACCOUNT_NAMES } from './account-names.js';
import type { AccountCode } from './accounts.js';
import { EntryKind, type EntryKindCode } from './entry.js';

export const ENTRY_TEXTS: Readonly<Record<EntryKindCode, string>> = {
  [EntryKind.ACCRUAL]: 'Reward earned',
  [EntryKind.CONFIRMATION]: 'Reward confirmed',
  [EntryKind.VOID]: 'Reward voided',
  [EntryKind.REFUND]: 'Purchase returned',
  [EntryKind.CLAWBACK]: 'Purchase returned after spending',
  [EntryKind.REPAYMENT]: 'Member debt repaid',
  [EntryKind.AUTHORISATION]: 'Redemption authorised',
  [EntryKind.CAPTURE]: 'Redemption captured',
  [EntryKind.RELEASE]: 'Redemption released',
  [EntryKind.RETURN]: 'Redeemed basket returned',
  [EntryKind.CASH_OUT]: 'Units paid out',
  [EntryKind.DONATION]: 'Units donated',
  [EntryKind.EXPIRY]: 'Units expired',
  [EntryKind.SETTLEMENT]: 'Settlement',
  [EntryKind.PAYOUT_INSTRUCTED]: 'Payment instructed',
  [EntryKind.PAYOUT_BOOKED]: 'Payment booked',
  [EntryKind.PAYOUT_REJECTED]: 'Payment rejected',
  [EntryKind.RECEIPT]: 'Payment received',
  [EntryKind.DISPUTE_OPENED]: 'Dispute opened',
  [EntryKind.DISPUTE_RESOLVED]: 'Dispute resolved',
  [EntryKind.GOODWILL]: 'Goodwill',
  [EntryKind.BAD_DEBT]: 'Partner bad debt or use of deposit',
  [EntryKind.NEGATIVE_WRITTEN_OFF]: 'Member debt written off',
  [EntryKind.SERVICE_CHARGE]: 'Service charge',
  [EntryKind.FX]: 'Foreign exchange',
  [EntryKind.TRANSFER]: 'Units given to another member',
  [EntryKind.DORMANCY_FEE]: 'Dormancy fee',
  [EntryKind.WIND_DOWN]: 'Write-off at the end of the programme',
  [EntryKind.PREPAID]: 'Prepaid block',
  [EntryKind.DEPOSIT]: 'Deposit',
  [EntryKind.CHARITY_PAID]: 'Charity paid',
  [EntryKind.ITEM]: 'Catalogue item',
  [EntryKind.STATEMENT_COMMISSION]: 'Commission of a statement',
};

export interface JournalLine {
  /** The day on which it was recorded, in the programme's zone. */
  readonly date: string;
  readonly businessDate: string;
  readonly windowNo: number;
  readonly entryNo: bigint;
  readonly line: number;
  readonly kind: EntryKindCode;
  readonly account: AccountCode;
  /** Code of a partner, id of a member, IBAN of a bank account; empty for the programme. */
  readonly party: string;
  readonly currencyCode: string;
  /** + debit, - credit, minor units. */
  readonly amount: bigint;
  /** What the partner calls the message that caused it, and which partner. */
  readonly reference?: string;
  readonly toldBy?: string;
}

const COLUMNS = [
  'date',
  'entry',
  'line',
  'account',
  'account_name',
  'party',
  'debit',
  'credit',
  'currency',
  'text',
  'business_date',
  'window',
  'message_of',
  'reference',
];

export const JOURNAL_CSV_HEADER = csvLine(COLUMNS);

export const journalCsv = (lines: readonly JournalLine[]): string => lines.map(rowOf).join('');

function rowOf(line: JournalLine): string {
  const { amount, currencyCode } = line;
  const money = (minor: bigint): string => formatDecimal(minor, currencyScale(currencyCode));
  return csvLine([
    line.date,
    String(line.entryNo),
    String(line.line),
    String(line.account),
    csvCell(ACCOUNT_NAMES[line.account]),
    csvCell(line.party),
    amount > 0n ? money(amount) : '',
    amount < 0n ? money(-amount) : '',
    currencyCode,
    ENTRY_TEXTS[line.kind],
    line.businessDate,
    String(line.windowNo),
    csvCell(line.toldBy ?? ''),
    csvCell(line.reference ?? ''),
  ]);
}
