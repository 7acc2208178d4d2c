/** What a contract says, and what is wrong with it before it is agreed. */
import type { ContractShare, ContractTerms } from '../earning/model.js';
import { type BusinessDate, isBusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { addRates, compareRates, describeRate, ONE, parseRate, type Rate, ZERO_RATE } from '../money/rate.js';
import { checkSettlementTerms, type SettlementTerms, type SettlementTermsErrorCode } from './settlement-terms.js';

export const TAX_TREATMENTS = [
  'DISCOUNT',
  'MARKETING',
  'SERVICE',
] as const satisfies readonly ContractTerms['taxTreatment'][];
export const SETTLEMENT_MODELS = [
  'SETTLE_AT_ISSUANCE',
  'SETTLE_AT_REDEMPTION',
] as const satisfies readonly ContractTerms['model'][];
export const FUNDING_PARTIES = [
  'SELF',
  'MERCHANT',
  'ISSUER',
  'PROGRAMME',
] as const satisfies readonly ContractShare['party'][];

/** The terms two parties agree on; who they are and the version's numbers come with storing it. */
export interface AgreedTerms {
  readonly effectiveFrom: BusinessDate;
  readonly fundingShares: readonly ContractShare[];
  readonly commissionRate: Rate;
  readonly taxCode: string;
  readonly taxRate: Rate;
  readonly taxTreatment: ContractTerms['taxTreatment'];
  /** Programme currency, minor units. */
  readonly minimumPayoutMinor: bigint;
  readonly model: ContractTerms['model'];
  readonly refundReturnsCommission: boolean;
  readonly settlement: SettlementTerms;
}

export type ContractErrorCode =
  | SettlementTermsErrorCode
  | 'MALFORMED_DATE'
  | 'FUNDING_PARTY_REPEATED'
  | 'FUNDING_SHARE_ZERO'
  | 'FUNDING_SHARES_NOT_ONE'
  | 'MALFORMED_TAX_CODE'
  | 'MINIMUM_PAYOUT_NEGATIVE'
  | 'EFFECTIVE_FROM_NOT_LATER';

const TAX_CODE = /^[A-Z0-9][A-Z0-9-]{0,31}$/;

/**
 * The first fault in the order of the input. `newest` is the effective_from of the newest version that the
 * same parties have agreed: terms are only ever agreed forward, so that no version can come between an
 * earlier one and the purchases it has decided.
 */
export function checkContract(
  terms: AgreedTerms,
  newest: BusinessDate | undefined,
): Result<undefined, ContractErrorCode> {
  if (!isBusinessDate(terms.effectiveFrom))
    return fail('MALFORMED_DATE', 'A day is written YYYY-MM-DD and must exist.', 'effectiveFrom');
  if (newest !== undefined && terms.effectiveFrom <= newest) {
    return fail(
      'EFFECTIVE_FROM_NOT_LATER',
      `The newest version counts from ${newest}; a new one must count from a later day.`,
      'effectiveFrom',
    );
  }
  const shares = checkShares(terms.fundingShares);
  if (!shares.ok) return shares;
  for (const field of ['commissionRate', 'taxRate'] as const) {
    if (compareRates(terms[field], ONE) > 0) {
      return fail(
        'RATE_ABOVE_ONE',
        `The rate is ${describeRate(terms[field])}; it may be at most 100 %. Write five percent as "5%" or "0.05".`,
        field,
      );
    }
  }
  if (!TAX_CODE.test(terms.taxCode)) {
    return fail(
      'MALFORMED_TAX_CODE',
      'A tax code is 1 to 32 capital letters, digits and dashes, such as "VAT-20".',
      'taxCode',
    );
  }
  if (terms.minimumPayoutMinor < 0n) {
    return fail(
      'MINIMUM_PAYOUT_NEGATIVE',
      'The minimum payout must be zero or more; give zero to pay every amount.',
      'minimumPayout.amount',
    );
  }
  const settlement = checkSettlementTerms(terms.settlement);
  if (settlement.ok) return settlement;
  return { ok: false, failure: { ...settlement.failure, field: `settlement.${settlement.failure.field}` } };
}

function checkShares(shares: readonly ContractShare[]): Result<undefined, ContractErrorCode> {
  const seen = new Set<string>();
  for (const [index, { party, share }] of shares.entries()) {
    if (seen.has(party))
      return fail(
        'FUNDING_PARTY_REPEATED',
        `${party} is given twice; add its shares up.`,
        `fundingShares.${index}.party`,
      );
    seen.add(party);
    if (compareRates(share, ZERO_RATE) === 0) {
      return fail('FUNDING_SHARE_ZERO', `${party} has a share of zero; leave it out.`, `fundingShares.${index}.share`);
    }
  }
  const total = shares.reduce((sum, { share }) => addRates(sum, share), ZERO_RATE);
  if (compareRates(total, ONE) === 0) return ok(undefined);
  return fail(
    'FUNDING_SHARES_NOT_ONE',
    `The funding shares sum to ${describeRate(total)}; they must sum to exactly 100 %. Thirds are written "1/3".`,
    'fundingShares',
  );
}

/** A rate as contracts are stored ("n/d", by formatRate). Anything else is a bug of whoever wrote it. */
export function storedRate(text: string): Rate {
  const value = parseRate(text);
  invariant(value !== undefined, `"${text}" is not a stored rate`);
  return value;
}
