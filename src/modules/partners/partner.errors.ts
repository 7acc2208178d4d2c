/** Everything that can be refused about partners, outlets and contracts. */
import type { ContractErrorCode } from '../../domain/partners/contract.js';
import type { PartnerDataErrorCode } from '../../domain/partners/partner.js';
import { MONEY_ERRORS, type MoneyErrorCode } from '../../graphql/money.js';

export type PartnerErrorCode =
  | PartnerDataErrorCode
  | ContractErrorCode
  | MoneyErrorCode
  | 'CODE_TAKEN'
  | 'OUTLET_TAKEN'
  | 'MERCHANT_ID_TAKEN'
  | 'UNKNOWN_PARTNER'
  | 'UNKNOWN_OUTLET'
  | 'UNKNOWN_PROGRAMME'
  | 'PARTNER_CLOSED'
  | 'TOO_MANY_UNIT_DECIMALS';

export const PARTNER_ERRORS: Readonly<Record<PartnerErrorCode, string>> = {
  ...MONEY_ERRORS,
  MALFORMED_CODE: 'A partner or outlet code has characters or a length that codes may not have.',
  MALFORMED_NAME: 'A name is empty, too long or not printable.',
  ROLES_MISSING: 'A partner needs at least one role.',
  OUTLET_REPEATED: 'An outlet code is given twice in one command.',
  MALFORMED_MCC: 'A merchant category code is not four digits.',
  MALFORMED_MERCHANT_ID: 'A merchant id is empty, too long or not printable.',
  MERCHANT_ID_REPEATED: 'A merchant id is given twice in one command.',
  CODE_TAKEN: 'Another partner has the code already.',
  OUTLET_TAKEN: 'The partner has an outlet of that code already.',
  MERCHANT_ID_TAKEN: 'A merchant id already names another outlet.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  UNKNOWN_OUTLET: 'The partner has no outlet of that code.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  PARTNER_CLOSED: 'The partner has left for good and takes no changes.',
  MALFORMED_DATE: 'A day does not exist or is not written YYYY-MM-DD.',
  FUNDING_PARTY_REPEATED: 'A party is named twice among the funding shares.',
  FUNDING_SHARE_ZERO: 'A funding share is zero.',
  FUNDING_SHARES_NOT_ONE: 'The funding shares do not sum to exactly one.',
  RATE_ABOVE_ONE: 'A commission, tax or fee rate is above 100 %.',
  PRICE_ZERO: "A unit's price is zero.",
  AMOUNT_NEGATIVE: 'An amount or limit is below zero.',
  DAYS_OUT_OF_RANGE: 'A number of days is negative or too large.',
  TOO_MANY_UNIT_DECIMALS: 'An amount of units has more decimals than the programme has.',
  MALFORMED_TAX_CODE: 'A tax code has characters or a length that tax codes may not have.',
  MINIMUM_PAYOUT_NEGATIVE: 'The minimum payout is below zero.',
  EFFECTIVE_FROM_NOT_LATER: 'The version does not count from a later day than the newest one.',
};
