/** Everything that can be refused about choices, activations and segments. */
import type { ChoiceErrorCode } from '../../domain/earning/choice.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type OfferErrorCode =
  | ChoiceErrorCode
  | CommandKeyErrorCode
  | 'UNKNOWN_PROGRAMME'
  | 'MEMBER_NOT_EXACTLY_ONE'
  | 'UNKNOWN_MEMBER'
  | 'MEMBER_CLOSED'
  | 'NOTHING_IN_FORCE'
  | 'UNKNOWN_CHOICE'
  | 'UNKNOWN_OFFER'
  | 'NOT_FOR_THIS_MEMBER'
  | 'NO_ACTIVATION_NEEDED'
  | 'CONSENT_MISSING'
  | 'MALFORMED_SEGMENT'
  | 'SEGMENT_IN_THE_PAST'
  | 'DAYS_OUT_OF_ORDER';

export const OFFER_ERRORS: Readonly<Record<OfferErrorCode, string>> = {
  UNKNOWN_PROGRAMME: 'There is no programme of that code, or none was named where one is needed.',
  MEMBER_NOT_EXACTLY_ONE: 'A member is named by its id, its code or the token of a card, and by one of them only.',
  UNKNOWN_MEMBER: 'There is no such member.',
  MEMBER_CLOSED: 'The member has left the programme.',
  NOTHING_IN_FORCE: 'No version of the programme is in force on the day.',
  UNKNOWN_CHOICE: 'The programme has no choice of that code in the period.',
  CHOICE_NOT_OPEN: 'The choice for the period has not opened yet.',
  CHOICE_LOCKED: 'The choice for the period has closed, or the member has locked it.',
  DUPLICATE_CATEGORY: 'A category is named twice.',
  CATEGORY_NOT_OFFERED: 'A category is not among those that the member may choose from in the period.',
  TOO_MANY_PICKED: 'More categories are named than make a choice.',
  TOO_FEW_PICKED: 'Fewer categories are named than make a choice.',
  UNKNOWN_OFFER: 'The programme has no rule of that code in force.',
  NOT_FOR_THIS_MEMBER: 'The offer is for other members, or for other days.',
  NO_ACTIVATION_NEEDED: 'The offer counts without being activated.',
  CONSENT_MISSING: 'The member does not consent to offers that are picked for it.',
  MALFORMED_SEGMENT: 'The segment is not a code.',
  SEGMENT_IN_THE_PAST: 'The first day is over: segments change from today on.',
  DAYS_OUT_OF_ORDER: 'The last day is before the first.',
  ...COMMAND_KEY_ERRORS,
};
