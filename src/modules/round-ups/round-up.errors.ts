/** Everything that can be refused about rounding up; the member and the charity as with a donation. */
import { REDEMPTION_ERRORS, type RedemptionErrorCode } from '../redemption/index.js';

export type RoundUpErrorCode = RedemptionErrorCode | 'STEP_OUT_OF_RANGE';

export const ROUND_UP_ERRORS: Readonly<Record<RoundUpErrorCode, string>> = {
  ...REDEMPTION_ERRORS,
  STEP_OUT_OF_RANGE: 'The step is zero, negative or more than 100.',
};
