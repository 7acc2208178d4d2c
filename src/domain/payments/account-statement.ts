/** Whether a bank's statement is the next one of its account. Minor units; + is the account's own money. */
import type { BusinessDate } from '../kernel/calendar.js';
import { fail, ok, type Result } from '../kernel/result.js';

export interface StatementTotals {
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly closedOn: BusinessDate;
  readonly sequenceNumber?: number;
}

export type StatementErrorCode = 'STATEMENT_DOES_NOT_ADD_UP' | 'STATEMENT_GAP';

/**
 * Opening and what was booked must come to closing, and opening must be what the one before closed with. Numbers that
 * both carry within a year must follow each other: balances alone would not notice a lost statement that adds up to nothing.
 */
export function checkNextStatement(
  statement: StatementTotals,
  bookedMinor: bigint,
  previous: StatementTotals | undefined,
): Result<undefined, StatementErrorCode> {
  if (statement.openingMinor + bookedMinor !== statement.closingMinor) {
    return fail(
      'STATEMENT_DOES_NOT_ADD_UP',
      'The opening balance and what was booked do not come to the closing balance; ask the bank for a correct statement.',
      'content',
    );
  }
  if (previous === undefined) return ok(undefined);
  if (statement.openingMinor !== previous.closingMinor) {
    return fail(
      'STATEMENT_GAP',
      `The statement opens with another balance than the one before it closed with on ${previous.closedOn}; upload the statements between them first.`,
      'content',
    );
  }
  const { sequenceNumber: before } = previous;
  const { sequenceNumber: now } = statement;
  const sameYear = statement.closedOn.slice(0, 4) === previous.closedOn.slice(0, 4);
  if (before !== undefined && now !== undefined && sameYear && now !== before + 1) {
    return fail(
      'STATEMENT_GAP',
      `The statement is number ${now} of the year, and the one before was ${before}; upload number ${before + 1} first.`,
      'content',
    );
  }
  return ok(undefined);
}
