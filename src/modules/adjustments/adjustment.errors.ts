/** Everything that can be refused about an adjustment. */
import type {
  AdjustmentDecisionCode,
  AdjustmentFaultCode,
  OwedCode,
  PartnerBalanceCode,
} from '../../domain/adjustments/adjustment.js';
import { MONEY_ERRORS, type MoneyErrorCode } from '../../graphql/money.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type AdjustmentErrorCode =
  | AdjustmentFaultCode
  | AdjustmentDecisionCode
  | OwedCode
  | PartnerBalanceCode
  | MoneyErrorCode
  | CommandKeyErrorCode
  | 'NOT_EXACTLY_ONE'
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_PARTNER'
  | 'MEMBER_NOT_EXACTLY_ONE'
  | 'UNKNOWN_MEMBER'
  | 'MALFORMED_UNITS'
  | 'NO_TERMS_IN_FORCE'
  | 'UNKNOWN_ADJUSTMENT'
  | 'MALFORMED_NOTE';

export const ADJUSTMENT_ERRORS: Readonly<Record<AdjustmentErrorCode, string>> = {
  NOT_EXACTLY_ONE: 'It is not said what to adjust, or more than one thing.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_PARTNER: 'There is no partner of that code with a contract in the programme.',
  MEMBER_NOT_EXACTLY_ONE: 'The member is not named, or by its id and its code.',
  UNKNOWN_MEMBER: 'The programme has no such member.',
  MALFORMED_UNITS: 'The units have more decimals than the unit, or are too many.',
  NO_TERMS_IN_FORCE: 'The programme has no terms in force today.',
  NOTHING_OWED: 'The member owes nothing.',
  OWES_MORE: 'The member owes more by now than was asked for.',
  UNKNOWN_ADJUSTMENT: 'There is no adjustment of that id.',
  AMOUNT_NOT_POSITIVE: 'The amount is zero, or below zero where only a correction may be.',
  EXPIRY_IN_THE_PAST: 'The last day of the units has passed.',
  MALFORMED_REASON: 'The reason is empty or too long.',
  MALFORMED_EVIDENCE: 'A piece of evidence is not described, or its address or hash is none.',
  TOO_MUCH_EVIDENCE: 'There are more pieces of evidence than may be named.',
  MALFORMED_NOTE: 'The note is empty or too long.',
  ADJUSTMENT_DECIDED: 'The adjustment was approved, rejected or withdrawn already.',
  SAME_PERSON: 'Whoever asked for an adjustment may not approve it: it takes two people.',
  MORE_THAN_OWED: 'The partner owes less than that of what was settled.',
  MORE_THAN_DEPOSITED: 'The deposit of the partner is smaller than that.',
  ...MONEY_ERRORS,
  ...COMMAND_KEY_ERRORS,
};
