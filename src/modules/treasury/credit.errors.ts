/** Everything that can be refused about blocks that are bought in advance. */
import { MONEY_ERRORS, type MoneyErrorCode } from '../../graphql/money.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type CreditErrorCode =
  | MoneyErrorCode
  | CommandKeyErrorCode
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_PARTNER'
  | 'NOT_PREPAID'
  | 'AMOUNT_NOT_POSITIVE';

export const CREDIT_ERRORS: Readonly<Record<CreditErrorCode, string>> = {
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  NOT_PREPAID: 'No contract of the partner that is in force says that it pays in advance.',
  AMOUNT_NOT_POSITIVE: 'A block is worth more than nothing.',
  ...MONEY_ERRORS,
  ...COMMAND_KEY_ERRORS,
};
