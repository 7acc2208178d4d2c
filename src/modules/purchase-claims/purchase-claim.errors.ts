/** Everything that can be refused about claims of members. */
import type { ClaimFaultCode } from '../../domain/transactions/claim.js';
import { MONEY_ERRORS, type MoneyErrorCode } from '../../graphql/money.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type PurchaseClaimErrorCode =
  | ClaimFaultCode
  | MoneyErrorCode
  | CommandKeyErrorCode
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_MEMBER'
  | 'UNKNOWN_OUTLET'
  | 'OUTSIDE_PROGRAMME'
  | 'CLAIMED_BEFORE'
  | 'UNKNOWN_CLAIM'
  | 'CLAIM_DECIDED'
  | 'SAME_PERSON'
  | 'MALFORMED_RESOLUTION'
  | 'PURCHASE_REFUSED';

export const PURCHASE_CLAIM_ERRORS: Readonly<Record<PurchaseClaimErrorCode, string>> = {
  ...MONEY_ERRORS,
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_MEMBER: 'There is no active member of that id in the programme.',
  UNKNOWN_OUTLET: 'The partner has no such outlet.',
  OUTSIDE_PROGRAMME: 'On that day nobody of that code took part in the programme as a merchant.',
  AMOUNT_NOT_POSITIVE: 'The amount is zero or below.',
  MALFORMED_RECEIPT: 'The number of the receipt is missing or too long.',
  MALFORMED_NOTE: 'The note is empty or too long.',
  BOUGHT_IN_FUTURE: 'The purchase lies in the future.',
  TOO_LONG_AGO: 'The purchase was too long ago to be claimed.',
  TOO_MANY_CLAIMS: 'Too many claims of the member wait for a decision.',
  CLAIMED_BEFORE: 'The same purchase was claimed before.',
  UNKNOWN_CLAIM: 'There is no claim of that id, or it is not yours to decide.',
  CLAIM_DECIDED: 'The claim was decided already.',
  SAME_PERSON: 'Whoever opened a claim may not decide on it.',
  MALFORMED_RESOLUTION: 'The resolution is empty or too long.',
  PURCHASE_REFUSED: 'Intake refused the purchase; the message says why.',
  ...COMMAND_KEY_ERRORS,
};
