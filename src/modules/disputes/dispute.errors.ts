/** Everything that can be refused about a dispute. */
import type { ReasonFaultCode } from '../../domain/adjustments/adjustment.js';
import type { DisputeFaultCode } from '../../domain/settlement/dispute.js';
import { MONEY_ERRORS, type MoneyErrorCode } from '../../graphql/money.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type DisputeErrorCode =
  | DisputeFaultCode
  | ReasonFaultCode
  | MoneyErrorCode
  | CommandKeyErrorCode
  | 'UNKNOWN_LINE'
  | 'UNKNOWN_DISPUTE'
  | 'DISPUTE_RESOLVED'
  | 'SAME_PERSON'
  | 'MALFORMED_RESOLUTION';

export const DISPUTE_ERRORS: Readonly<Record<DisputeErrorCode, string>> = {
  UNKNOWN_LINE: 'There is no settlement line of that id, or it is not yours.',
  UNKNOWN_DISPUTE: 'There is no dispute of that id.',
  AMOUNT_NOT_POSITIVE: 'The amount is zero or below.',
  AMOUNT_ABOVE_LINE: 'The amount is more than the line says, less what is disputed of it already.',
  DEADLINE_PASSED: 'The last day on which the line could be disputed has passed.',
  LINE_NOT_DISPUTABLE: 'Nothing of the line is open to a dispute now: it is carried, under way, zero or given up.',
  MALFORMED_REASON: 'The reason is empty or too long.',
  MALFORMED_EVIDENCE: 'A piece of evidence is not described, or its address or hash is none.',
  TOO_MUCH_EVIDENCE: 'There are more pieces of evidence than may be named.',
  MALFORMED_RESOLUTION: 'The resolution is empty or too long.',
  DISPUTE_RESOLVED: 'The dispute was resolved already.',
  SAME_PERSON: 'Whoever opened a dispute may not resolve it.',
  ...MONEY_ERRORS,
  ...COMMAND_KEY_ERRORS,
};
