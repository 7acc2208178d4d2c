/** Everything that can be refused about bank accounts, payments and what banks report. */
import type { StatementErrorCode } from '../../domain/payments/account-statement.js';
import type { ReportErrorCode } from '../../domain/payments/status-report.js';
import type { MoneyErrorCode } from '../../graphql/money.js';
import { MONEY_ERRORS } from '../../graphql/money.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';
import {
  ACCOUNT_NUMBER_ERRORS,
  type AccountNumberErrorCode,
  BANK_FILE_ERRORS,
  PAYMENT_FILE_ERRORS,
  type PaymentFileErrorCode,
  type BankFileErrorCode as UnreadableFileErrorCode,
} from '../bank-files/index.js';

export type BankAccountErrorCode =
  | AccountNumberErrorCode
  | PaymentFileErrorCode
  | 'NAME_TOO_LONG'
  | 'OWNER_UNCLEAR'
  | 'UNKNOWN_PARTNER'
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_ACCOUNT'
  | 'ACCOUNT_UNCHANGED'
  | 'ACCOUNT_TAKEN'
  | 'PROPOSAL_PENDING'
  | 'ALREADY_DECIDED'
  | 'SECOND_PERSON_NEEDED';

export const BANK_ACCOUNT_ERRORS: Readonly<Record<BankAccountErrorCode, string>> = {
  ...ACCOUNT_NUMBER_ERRORS,
  ...PAYMENT_FILE_ERRORS,
  NAME_TOO_LONG: 'The name of the holder is longer than banks keep it.',
  OWNER_UNCLEAR: 'The account is of a partner or of a programme; exactly one has to be named.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_ACCOUNT: 'There is no bank account of that id.',
  ACCOUNT_UNCHANGED: 'This is the account in use already.',
  ACCOUNT_TAKEN: 'A programme uses or used this account: its number names one account for ever.',
  PROPOSAL_PENDING: 'Another account waits for a second person.',
  ALREADY_DECIDED: 'The account was approved or declined before.',
  SECOND_PERSON_NEEDED: 'Whoever proposed the account may not approve it.',
};

export type PaymentErrorCode =
  | CommandKeyErrorCode
  | 'UNKNOWN_PROGRAMME'
  | 'NO_SETTLEMENT_ACCOUNT'
  | 'NOTHING_TO_PAY'
  | 'EXECUTION_DATE_OUT_OF_RANGE';

export const PAYMENT_ERRORS: Readonly<Record<PaymentErrorCode, string>> = {
  ...COMMAND_KEY_ERRORS,
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  NO_SETTLEMENT_ACCOUNT: 'The programme has no bank account in use that it could pay from.',
  NOTHING_TO_PAY: 'Nobody is owed anything that could be paid now.',
  EXECUTION_DATE_OUT_OF_RANGE: 'The day of execution is past or more than a year ahead.',
};

export type BankFileErrorCode =
  | UnreadableFileErrorCode
  | ReportErrorCode
  | StatementErrorCode
  | 'MESSAGE_CONFLICT'
  | 'UNKNOWN_FILE'
  | 'UNKNOWN_ACCOUNT'
  | 'SEVERAL_PROGRAMMES'
  | 'CURRENCY_MISMATCH'
  | 'STATEMENT_INCOMPLETE'
  | 'STATEMENT_KNOWN';

export const BANK_FILE_UPLOAD_ERRORS: Readonly<Record<BankFileErrorCode, string>> = {
  ...BANK_FILE_ERRORS,
  UNKNOWN_PAYMENT: 'The report names a payment that its file does not have.',
  PAYMENT_ALREADY_BOOKED: 'The report rejects a payment that a statement has booked.',
  STATEMENT_DOES_NOT_ADD_UP: 'Opening balance and movements do not come to the closing balance.',
  STATEMENT_GAP: 'A statement between this one and the one before it is missing.',
  MESSAGE_CONFLICT: 'Another message of this id was taken before.',
  UNKNOWN_FILE: 'The report is about a payment file that the gateway has not written.',
  UNKNOWN_ACCOUNT: 'The statement is of an account that no programme has.',
  SEVERAL_PROGRAMMES: 'The file has statements of several programmes.',
  CURRENCY_MISMATCH: 'The statement is in another currency than its account.',
  STATEMENT_INCOMPLETE: 'The statement has no opening or no closing balance.',
  STATEMENT_KNOWN: 'The statement was taken before, in another message.',
};

export type ReceiptErrorCode =
  | CommandKeyErrorCode
  | MoneyErrorCode
  | 'UNKNOWN_MOVEMENT'
  | 'UNKNOWN_PARTNER'
  | 'NOTHING_UNALLOCATED'
  | 'NOTHING_OWED'
  | 'AMOUNT_NOT_POSITIVE'
  | 'AMOUNT_ABOVE_UNALLOCATED'
  | 'AMOUNT_ABOVE_OWED';

export const RECEIPT_ERRORS: Readonly<Record<ReceiptErrorCode, string>> = {
  ...COMMAND_KEY_ERRORS,
  ...MONEY_ERRORS,
  UNKNOWN_MOVEMENT: 'There is no movement of that id.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  NOTHING_UNALLOCATED: 'Nothing of the movement waits for an owner, or it went out.',
  NOTHING_OWED: 'The partner owes the programme nothing that a payment could pay off.',
  AMOUNT_NOT_POSITIVE: 'The amount is zero or negative.',
  AMOUNT_ABOVE_UNALLOCATED: 'Less of the movement waits for an owner.',
  AMOUNT_ABOVE_OWED: 'The partner owes less than that.',
};
