/** Everything that can be refused about the catalogue; claiming may be refused like any other redemption. */
import { REDEMPTION_ERRORS, type RedemptionErrorCode } from '../redemption/index.js';

export type CatalogueErrorCode =
  | RedemptionErrorCode
  | 'MALFORMED_ITEM_CODE'
  | 'ITEM_EXISTS'
  | 'NAME_NOT_OF_LENGTH'
  | 'FIELD_NOT_OF_KIND'
  | 'DISCOUNT_OUT_OF_RANGE'
  | 'DAYS_OUT_OF_RANGE'
  | 'DAYS_OUT_OF_ORDER'
  | 'STOCK_OUT_OF_RANGE'
  | 'UNKNOWN_ITEM'
  | 'ITEM_NOT_OFFERED'
  | 'SOLD_OUT'
  | 'SUPPLIER_UNAVAILABLE'
  | 'UNKNOWN_CLAIM'
  | 'NOT_A_DISCOUNT'
  | 'UNKNOWN_CODE'
  | 'CODE_USED'
  | 'CODE_EXPIRED';

export const CATALOGUE_ERRORS: Readonly<Record<CatalogueErrorCode, string>> = {
  ...REDEMPTION_ERRORS,
  MALFORMED_ITEM_CODE: 'The code of an item is 1 to 63 small letters, digits and dashes.',
  ITEM_EXISTS: 'The programme has an item of that code.',
  NAME_NOT_OF_LENGTH: 'The name is empty or longer than 200 characters, or the description longer than 2,000.',
  FIELD_NOT_OF_KIND: 'A field is missing that this kind of item needs, or given that it does not have.',
  DISCOUNT_OUT_OF_RANGE: 'The discount is zero, negative or more than everything.',
  DAYS_OUT_OF_RANGE: 'The days are not 1 to 3660.',
  DAYS_OUT_OF_ORDER: 'The last day is before the first.',
  STOCK_OUT_OF_RANGE: 'The stock is negative or too large.',
  UNKNOWN_ITEM: 'The programme has no such item.',
  ITEM_NOT_OFFERED: 'The item was withdrawn, or today is not one of its days.',
  SOLD_OUT: 'Nothing is left of the item.',
  SUPPLIER_UNAVAILABLE: 'The supplier cannot say now whether it has any left.',
  UNKNOWN_CLAIM: 'There is no such claim of this member.',
  NOT_A_DISCOUNT: 'The item is no discount and has no code.',
  UNKNOWN_CODE: 'The supplier has given out no such code.',
  CODE_USED: 'The code was used before.',
  CODE_EXPIRED: 'The last day of the code is over.',
};
