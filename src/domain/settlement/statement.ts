/**
 * The statement of one party and settlement: why its net is what it is, as frozen bytes with their hash.
 *
 * The CSV is rectangular: every line repeats whose and which statement it is, so that files of many settlements can be
 * put together. Item says what the line is; OPENING and the items add up to CLOSING, the items alone to NET, side by
 * side where a partner is settled gross. TAX says of which code and rate their commission and tax is, CARRIED what of
 * CLOSING is not paid and opens the next statement. Only codes, numbers, days and ids, no personal data; lines end with
 * CR LF (RFC 4180), and nothing needs quoting.
 */
import { createHash } from 'node:crypto';
import type { BusinessDate } from '../kernel/calendar.js';
import { EntryKind, type EntryKindCode } from '../ledger/entry.js';
import { formatDecimal } from '../money/decimal.js';
import type { TaxLine } from './invoice.js';
import type { LineSide, LineState } from './netting.js';

/** The words of statements for kinds of journal entry. */
export const STATEMENT_EVENTS = {
  [EntryKind.ACCRUAL]: 'ACCRUED',
  [EntryKind.CONFIRMATION]: 'CONFIRMED',
  [EntryKind.VOID]: 'VOIDED',
  [EntryKind.REFUND]: 'REFUNDED',
  [EntryKind.CLAWBACK]: 'CLAWED_BACK',
  [EntryKind.REPAYMENT]: 'REPAID',
  [EntryKind.AUTHORISATION]: 'AUTHORISED',
  [EntryKind.CAPTURE]: 'REDEEMED',
  [EntryKind.RELEASE]: 'RELEASED',
  [EntryKind.RETURN]: 'RETURNED',
  [EntryKind.CASH_OUT]: 'CASHED_OUT',
  [EntryKind.DONATION]: 'DONATED',
  [EntryKind.EXPIRY]: 'EXPIRED',
  [EntryKind.SETTLEMENT]: 'SETTLED',
  [EntryKind.PAYOUT_INSTRUCTED]: 'PAYOUT_INSTRUCTED',
  [EntryKind.PAYOUT_BOOKED]: 'PAYOUT_BOOKED',
  [EntryKind.PAYOUT_REJECTED]: 'PAYOUT_REJECTED',
  [EntryKind.RECEIPT]: 'RECEIVED',
  [EntryKind.DISPUTE_OPENED]: 'DISPUTED',
  [EntryKind.DISPUTE_RESOLVED]: 'DISPUTE_RESOLVED',
  [EntryKind.GOODWILL]: 'GOODWILL',
  [EntryKind.BAD_DEBT]: 'BAD_DEBT',
  [EntryKind.NEGATIVE_WRITTEN_OFF]: 'NEGATIVE_WRITTEN_OFF',
  [EntryKind.SERVICE_CHARGE]: 'SERVICE_CHARGED',
  [EntryKind.FX]: 'CONVERTED',
  [EntryKind.TRANSFER]: 'TRANSFERRED',
  [EntryKind.DORMANCY_FEE]: 'DORMANCY_FEE',
  [EntryKind.WIND_DOWN]: 'WOUND_DOWN',
  [EntryKind.PREPAID]: 'PREPAID',
  [EntryKind.DEPOSIT]: 'DEPOSIT',
  [EntryKind.CHARITY_PAID]: 'CHARITY_PAID',
  [EntryKind.ITEM]: 'ITEM_REDEEMED',
  [EntryKind.STATEMENT_COMMISSION]: 'COMMISSION',
} as const satisfies Record<EntryKindCode, string>;
export type StatementEvent = (typeof STATEMENT_EVENTS)[EntryKindCode];

export interface StatementHead {
  readonly settlementNo: number;
  readonly programmeCode: string;
  /** The partner's code, or the programme's for its own line. */
  readonly partyCode: string;
  readonly currencyCode: string;
  readonly currencyScale: number;
  readonly unitScale: number;
  /** Opening of the first and closing of the last window. */
  readonly from: Date;
  readonly until: Date;
  /** Null on the programme's own statement. */
  readonly number: string | null;
  readonly issuedOn: BusinessDate;
  readonly dueOn: BusinessDate | null;
}

/** Sums of one kind of event on one account and side. Units are reward steps, the rest minor units; + owes, - is owed. */
export interface StatementItem {
  readonly entryKind: EntryKindCode;
  readonly account: number;
  /** What the programme supplied to the party, or the party to the programme. */
  readonly side: Exclude<LineSide, 'NET'>;
  readonly entryCount: bigint;
  readonly units: bigint;
  readonly rewardMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  /** What this adds to the net; zero for what is only reported (accrued, not yet charged). */
  readonly amountMinor: bigint;
}

/** The totals of a line: of everything, or of one side of a partner settled gross. */
export interface StatementTotals {
  readonly side: LineSide;
  readonly openingMinor: bigint;
  readonly netMinor: bigint;
  readonly closingMinor: bigint;
  /** CARRIED: it opens the next statement instead of being paid. */
  readonly state: LineState;
}

const COLUMNS = [
  'settlement',
  'programme',
  'party',
  'currency',
  'from',
  'until',
  'number',
  'issued',
  'due',
  'tax_code',
  'tax_rate',
  'item',
  'side',
  'account',
  'entries',
  'units',
  'reward',
  'commission',
  'tax',
  'amount',
];

/** The statement's bytes. The same input gives the same bytes for ever. */
export function statementCsv(
  head: StatementHead,
  items: readonly StatementItem[],
  totals: readonly StatementTotals[],
  taxes: readonly TaxLine[],
): string {
  const money = (minor: bigint): string => formatDecimal(minor, head.currencyScale);
  const own = [
    String(head.settlementNo),
    head.programmeCode,
    head.partyCode,
    head.currencyCode,
    head.from.toISOString(),
    head.until.toISOString(),
    head.number ?? '',
    head.issuedOn,
    head.dueOn ?? '',
  ];
  const total = (name: string, side: LineSide, minor: bigint): string[] => [
    ...own,
    '',
    '',
    name,
    side,
    ...['', '', '', '', '', ''],
    money(minor),
  ];
  const lines = items.map((item) => [
    ...own,
    '',
    '',
    STATEMENT_EVENTS[item.entryKind],
    item.side,
    String(item.account),
    String(item.entryCount),
    formatDecimal(item.units, head.unitScale),
    money(item.rewardMinor),
    money(item.commissionMinor),
    money(item.taxMinor),
    money(item.amountMinor),
  ]);
  const taxRows = taxes.map(({ code, rate, baseMinor, taxMinor }) => [
    ...own,
    code,
    rate,
    'TAX',
    'OWES',
    ...['', '', '', ''],
    money(BigInt(baseMinor)),
    money(BigInt(taxMinor)),
    money(BigInt(baseMinor) + BigInt(taxMinor)),
  ]);
  const rows = [
    COLUMNS,
    ...totals.map(({ side, openingMinor }) => total('OPENING', side, openingMinor)),
    ...lines,
    ...taxRows,
    ...totals.map(({ side, netMinor }) => total('NET', side, netMinor)),
    ...totals.map(({ side, closingMinor }) => total('CLOSING', side, closingMinor)),
    ...totals
      .filter(({ state }) => state === 'CARRIED')
      .map(({ side, closingMinor }) => total('CARRIED', side, closingMinor)),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

/** SHA-256 of the bytes, in hexadecimal: what is frozen with them and can be checked with sha256sum. */
export const statementSha256 = (csv: string): string => createHash('sha256').update(csv).digest('hex');
