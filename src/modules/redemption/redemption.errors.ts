/** Everything that can be refused when units are spent. */
import type { OutflowErrorCode, ReviewErrorCode } from '../../domain/guards/outflow.js';
import type { Refusal } from '../../domain/redemption/limits.js';
import { MONEY_ERRORS, type MoneyErrorCode } from '../../graphql/money.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type RedemptionErrorCode =
  | CommandKeyErrorCode
  | MoneyErrorCode
  | Refusal
  | OutflowErrorCode
  | ReviewErrorCode
  | 'BUSY'
  | 'UNKNOWN_REVIEW'
  | 'MALFORMED_NOTE'
  | 'WAITS_FOR_REVIEW'
  | 'UNKNOWN_PROGRAMME'
  | 'NOTHING_IN_FORCE'
  | 'PAYER_NOT_EXACTLY_ONE'
  | 'UNKNOWN_PAYER'
  | 'MEMBER_CLOSED'
  | 'ANOTHER_MEMBERS_UNITS'
  | 'UNKNOWN_PARTNER'
  | 'PARTNER_NOT_ACTIVE'
  | 'NO_CONTRACT'
  | 'MALFORMED_REFERENCE'
  | 'REFERENCE_CONFLICT'
  | 'AMOUNT_NOT_POSITIVE'
  | 'DISCOUNT_ABOVE_PURCHASE'
  | 'UNITS_NOT_POSITIVE'
  | 'INSUFFICIENT_UNITS'
  | 'ABOVE_MAX_SHARE'
  | 'BELOW_MINIMUM_OWN'
  | 'UNKNOWN_PURCHASE'
  | 'UNKNOWN_REDEMPTION'
  | 'WRONG_PARTNER'
  | 'ALREADY_CAPTURED'
  | 'ALREADY_VOIDED'
  | 'AUTHORISATION_EXPIRED'
  | 'PART_NOT_EXACTLY_ONE'
  | 'CAPTURE_ABOVE_AUTHORISATION'
  | 'ITEM_IS_WHOLE'
  | 'NOT_CAPTURED'
  | 'NOT_A_BASKET'
  | 'RETURN_ABOVE_REDEMPTION'
  | 'CASH_OUT_NOT_OFFERED'
  | 'DONATION_NOT_OFFERED'
  | 'TRANSFER_NOT_OFFERED'
  | 'UNKNOWN_CARD'
  | 'NOT_A_CHARITY'
  | 'UNKNOWN_RECEIVER'
  | 'TRANSFER_TO_ITSELF';

const REFUSED: Readonly<Record<Refusal, string>> = {
  REDEMPTION_ENDED: 'The programme is being wound down, and the last day of redemption has passed.',
  BELOW_MINIMUM: 'What may be redeemed is less than the least that one redemption takes.',
  NOTHING_TO_REDEEM: 'Nothing may be redeemed: there are no units, or the purchase leaves no room for them.',
};

export const REDEMPTION_ERRORS: Readonly<Record<RedemptionErrorCode, string>> = {
  ...COMMAND_KEY_ERRORS,
  ...MONEY_ERRORS,
  ...REFUSED,
  DAY_LIMIT_EXCEEDED: 'More units would leave the member today than the programme allows.',
  MONTH_LIMIT_EXCEEDED: 'More units would leave the member this month than the programme allows.',
  REVIEW_DECIDED: 'Somebody has decided on it already.',
  SAME_PERSON: 'Whoever asked for units to leave may not decide on it.',
  BUSY: 'More is waiting than can be taken in; retry.',
  UNKNOWN_REVIEW: 'Nothing of that id waits for a decision.',
  MALFORMED_NOTE: 'The note is empty or too long.',
  WAITS_FOR_REVIEW: 'The units are held for a review and leave only by its decision.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  NOTHING_IN_FORCE: 'No version of the programme is in force today.',
  PAYER_NOT_EXACTLY_ONE: 'A member is named by its id, its code or the token of a card, and by one of them only.',
  UNKNOWN_PAYER: 'No member of the programme and no linked card is named so.',
  MEMBER_CLOSED: 'The member has left the programme.',
  ANOTHER_MEMBERS_UNITS: "The units are another member's: a member spends its own, a bank those of its card holders.",
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  PARTNER_NOT_ACTIVE: 'The partner is suspended or closed.',
  NO_CONTRACT: 'The partner has no contract with the programme that is in force today.',
  MALFORMED_REFERENCE: 'The reference is empty, longer than 64 characters or padded with spaces.',
  REFERENCE_CONFLICT: 'The partner has used the reference before, for another redemption.',
  AMOUNT_NOT_POSITIVE: 'The amount is zero or negative.',
  DISCOUNT_ABOVE_PURCHASE: 'The discounts are negative or more than the purchase.',
  UNITS_NOT_POSITIVE: 'The units are zero, negative, or have more decimals than the unit of the programme.',
  INSUFFICIENT_UNITS: 'The member has fewer units than are wanted.',
  ABOVE_MAX_SHARE: 'Units may pay only a part of a purchase, and more are wanted.',
  BELOW_MINIMUM_OWN: 'So many units would leave less to be paid in own money than the programme asks for.',
  UNKNOWN_PURCHASE: 'The member has no purchase of that id.',
  UNKNOWN_REDEMPTION: 'There is no such redemption.',
  WRONG_PARTNER: 'The redemption is at the till of another partner.',
  ALREADY_CAPTURED: 'The redemption was captured before.',
  ALREADY_VOIDED: 'The redemption was voided before, and its units have gone back.',
  AUTHORISATION_EXPIRED: 'Nobody captured the redemption in time, and its units have gone back.',
  PART_NOT_EXACTLY_ONE: 'A part is named by its units or by its amount, and by one of them only.',
  CAPTURE_ABOVE_AUTHORISATION: 'More would be captured than was authorised.',
  ITEM_IS_WHOLE: 'An item of the catalogue is delivered whole or not at all.',
  NOT_CAPTURED: 'The redemption was not captured, so that nothing can come back of it.',
  NOT_A_BASKET: 'No basket was paid with these units, so that none can be returned.',
  RETURN_ABOVE_REDEMPTION: 'More would come back than is left of the redemption.',
  CASH_OUT_NOT_OFFERED: 'The programme does not turn units into cash.',
  DONATION_NOT_OFFERED: 'The programme does not let units be donated.',
  TRANSFER_NOT_OFFERED: 'The programme does not let members give units to each other.',
  UNKNOWN_CARD: 'The member has no such card linked.',
  NOT_A_CHARITY: 'The partner is no charity.',
  UNKNOWN_RECEIVER: 'No active member of the programme has that code.',
  TRANSFER_TO_ITSELF: 'The member would give the units to itself.',
};
