/** Everything that can be refused about a reconciliation. */
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type ListErrorCode =
  | 'NOT_EXACTLY_ONE_LIST'
  | 'MALFORMED_FILE'
  | 'COLUMN_MISSING'
  | 'MALFORMED_ROW'
  | 'UNKNOWN_WORD'
  | 'FILE_OF_ANOTHER_PARTNER'
  | 'LIST_TOO_LONG';

export type ReconciliationErrorCode =
  | ListErrorCode
  | CommandKeyErrorCode
  | 'NOT_EXACTLY_ONE_SUBJECT'
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_PARTNER'
  | 'UNKNOWN_SETTLEMENT'
  | 'MALFORMED_PERIOD'
  | 'TOO_MUCH_HERE';

export const RECONCILIATION_ERRORS: Readonly<Record<ReconciliationErrorCode, string>> = {
  NOT_EXACTLY_ONE_SUBJECT: 'It is not said what to compare with, or more than one thing.',
  NOT_EXACTLY_ONE_LIST: 'Neither a file nor rows are given, or both.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_PARTNER: 'There is no partner of that code with a contract in the programme.',
  UNKNOWN_SETTLEMENT: 'There is no settlement of that id, or the partner has no line in it.',
  MALFORMED_PERIOD: 'The period ends before it begins, or is longer than may be compared at once.',
  MALFORMED_FILE: 'The file is no CSV.',
  COLUMN_MISSING: 'The file lacks a column that the mapping names, or has it twice.',
  MALFORMED_ROW: 'A row has no reference, or its amount is none.',
  UNKNOWN_WORD: 'A row has a kind that the mapping does not explain.',
  FILE_OF_ANOTHER_PARTNER: 'The list is that of another partner.',
  LIST_TOO_LONG: 'The list has more rows than may be compared at once.',
  TOO_MUCH_HERE: 'There is more on our side than may be compared at once.',
  ...COMMAND_KEY_ERRORS,
};
