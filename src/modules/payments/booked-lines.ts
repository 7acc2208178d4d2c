/** A statement as payments need it: its totals, and each booked line or each payment that a line sums up. Pure. */
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { StatementTotals } from '../../domain/payments/account-statement.js';
import type { BankMovement } from '../../domain/payments/match.js';
import type { AccountStatement, BankEntry, EntryDetail, StatementBalance } from '../bank-files/index.js';
import type { BankFileErrorCode } from './payments.errors.js';

export interface BookedLine extends BankMovement {
  readonly bookedOn: string;
  readonly counterpartyName?: string;
}

/** A line with the statement it stands on. */
export interface PlacedLine extends BookedLine {
  readonly statementId: string;
  readonly line: number;
  readonly accountNo: number;
  readonly currencyCode: string;
  /** What the account held before its first statement. */
  readonly isOpening: boolean;
}

export interface BookedStatement {
  readonly statementId: string;
  readonly totals: StatementTotals;
  readonly lines: readonly BookedLine[];
}

/** Reads what was booked, in the currency of the account. Pending and informational lines have moved nothing. */
export function bookedStatement(
  statement: AccountStatement,
  currencyCode: string,
): Result<BookedStatement, BankFileErrorCode> {
  const opening = balanceOf(statement, 'OPBD') ?? balanceOf(statement, 'PRCD');
  const closing = statement.balances.findLast(({ code }) => code === 'CLBD');
  if (opening === undefined || closing === undefined) {
    return fail(
      'STATEMENT_INCOMPLETE',
      'The statement has no opening balance (OPBD or PRCD) or no closing balance (CLBD); ask the bank for the whole one.',
      'content',
    );
  }
  const booked = statement.entries.filter(({ status, amountMinor }) => status === 'BOOKED' && amountMinor !== 0n);
  const currencies = [opening, closing, ...booked].map((part) => part.currencyCode);
  const other = [...currencies, statement.currencyCode ?? currencyCode].find((code) => code !== currencyCode);
  if (other !== undefined) {
    return fail(
      'CURRENCY_MISMATCH',
      `The statement has amounts in ${other}, and the account is kept in ${currencyCode}; upload the statement of that account.`,
      'content',
    );
  }
  return ok({
    statementId: statement.statementId,
    totals: {
      openingMinor: opening.amountMinor,
      closingMinor: closing.amountMinor,
      closedOn: closing.date,
      ...(statement.sequenceNumber === undefined ? {} : { sequenceNumber: statement.sequenceNumber }),
    },
    lines: booked.flatMap((entry) => linesOf(entry, closing.date)),
  });
}

const balanceOf = ({ balances }: AccountStatement, code: string): StatementBalance | undefined =>
  balances.find((balance) => balance.code === code);

/** One line for each payment in it when they come to its amount, else one for the whole. */
function linesOf(entry: BankEntry, closedOn: string): BookedLine[] {
  const { details, amountMinor, currencyCode } = entry;
  const bookedOn = entry.bookedOn ?? entry.valueOn ?? closedOn;
  const sum = details.reduce((total, detail) => total + (detail.amountMinor ?? 0n), 0n);
  const isSum = sum === amountMinor && details.every((detail) => detail.currencyCode === currencyCode);
  if (details.length > 1 && isSum) {
    return details
      .filter((detail) => detail.amountMinor !== 0n)
      .map((detail) => lineOf(entry, detail, detail.amountMinor as bigint, bookedOn));
  }
  return [lineOf(entry, details.length === 1 ? details[0] : undefined, amountMinor, bookedOn)];
}

function lineOf(
  { batch, text }: BankEntry,
  detail: EntryDetail | undefined,
  amountMinor: bigint,
  bookedOn: string,
): BookedLine {
  const fileReference =
    batch?.messageId ?? batch?.paymentInformationId ?? detail?.messageId ?? detail?.paymentInformationId;
  return {
    amountMinor,
    bookedOn,
    remittance: detail?.remittance.length ? detail.remittance : text === undefined ? [] : [text],
    ...(fileReference === undefined ? {} : { fileReference }),
    ...(detail?.endToEndId === undefined ? {} : { endToEndId: detail.endToEndId }),
    ...(detail?.counterpartyIban === undefined ? {} : { counterpartyIban: detail.counterpartyIban }),
    ...(detail?.counterpartyName === undefined ? {} : { counterpartyName: detail.counterpartyName }),
  };
}
