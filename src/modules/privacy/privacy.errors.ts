/** Everything that can be refused about a member's data. */
import type { OpenMoneyCode } from '../../domain/privacy/open-money.js';

export type PrivacyErrorCode =
  | OpenMoneyCode
  | 'UNKNOWN_MEMBER'
  | 'NOTHING_IN_FORCE'
  | 'GROUND_REQUIRED'
  | 'MALFORMED_CURSOR';

export const PRIVACY_ERRORS: Readonly<Record<PrivacyErrorCode, string>> = {
  UNKNOWN_MEMBER: 'There is no member of that id.',
  PENDING_UNITS: 'Rewards of the member are on hold.',
  HELD_UNITS: 'Units of the member are held.',
  AVAILABLE_UNITS: 'The member has units to spend, and has not given them up.',
  OPEN_DEBT: 'The member owes something.',
  OPEN_ADJUSTMENT: 'A change by hand of the member waits to be decided on.',
  OPEN_PAYOUT: 'A cash-out of the member is not paid yet.',
  NOTHING_IN_FORCE: 'The programme has no version in force.',
  GROUND_REQUIRED: 'Who asks for the data of somebody else says on what ground.',
  MALFORMED_CURSOR: 'The cursor is not one of this export.',
};
