/** What model and product answer to an operation, and when they say the same. */
import type { Outcome } from './life.js';

/** What the product says where the model refuses. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  NOT_ENOUGH_UNITS: ['INSUFFICIENT_UNITS', 'NOTHING_TO_REDEEM'],
  NOT_AUTHORISED: ['ALREADY_CAPTURED', 'ALREADY_VOIDED', 'AUTHORISATION_EXPIRED'],
  ABOVE_THE_AUTHORISATION: ['CAPTURE_ABOVE_AUTHORISATION'],
  NOT_CAPTURED: ['NOT_CAPTURED'],
  ABOVE_WHAT_WAS_CAPTURED: ['RETURN_ABOVE_REDEMPTION'],
  ABOVE_WHAT_IS_KEPT: ['REFUND_LARGER_THAN_PURCHASE'],
  NOTHING_IS_OWED: ['NOTHING_OWED'],
  REDEMPTION_ENDED: ['REDEMPTION_ENDED', 'INSUFFICIENT_UNITS', 'NOTHING_TO_REDEEM'],
  ABOVE_WHAT_IS_OWED: ['MORE_THAN_OWED', 'AMOUNT_ABOVE_OWED'],
  ABOVE_THE_DEPOSIT: ['MORE_THAN_DEPOSITED'],
  ABOVE_WHAT_WAITS: ['AMOUNT_ABOVE_UNALLOCATED'],
  IN_ANOTHER_CURRENCY: ['CURRENCY_MISMATCH'],
  NOT_IN_ADVANCE: ['NOT_PREPAID'],
  BLOCK_EMPTY: ['FUNDER_EXHAUSTED'],
  NOTHING_TO_REVALUE: ['NOTHING_TO_REVALUE'],
  NOTHING_TO_PAY: ['NOTHING_TO_PAY'],
};

export const agree = (model: Outcome, product: Outcome): boolean =>
  model === 'ACCEPTED' || product === 'ACCEPTED'
    ? model === product
    : CODES[model.rejected]?.includes(product.rejected) === true;
