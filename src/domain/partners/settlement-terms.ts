/** What a contract says about redeeming, settling and risk, beside what it says about earning. */
import { fail, ok, type Result } from '../kernel/result.js';
import { compareRates, describeRate, ONE, type Rate, ZERO_RATE } from '../money/rate.js';

export const SETTLEMENT_CYCLES = ['DAILY', 'WEEKLY', 'MONTHLY', 'ON_DEMAND'] as const;
export const NETTINGS = ['NET', 'GROSS'] as const;
export const COMMISSION_PERIODS = ['ACCRUAL', 'STATEMENT'] as const;
export const EXPOSURE_ACTIONS = ['REJECT', 'FLAG'] as const;
export const BREAKAGE_OWNERS = ['PROGRAMME', 'FUNDER'] as const;
export const CLAWBACK_POLICIES = ['MEMBER_OWES', 'MERCHANT_BEARS', 'PROGRAMME_BEARS'] as const;

export interface SettlementTerms {
  /**
   * Money, in whole units of the programme's currency, that one whole reward unit is issued at; the programme's price
   * when absent.
   */
  readonly issuePrice?: Rate;
  /** The same when units are redeemed at this partner. */
  readonly redemptionPrice?: Rate;
  /** Part of the redemption value that a redeemer pays the programme; the contract's tax is on top. */
  readonly acceptanceFeeRate: Rate;
  /** Whether a returned basket gives the acceptance fee back. */
  readonly returnReversesFee: boolean;
  /** Who gets what expires of the units that this partner funded. */
  readonly breakageOwner: (typeof BREAKAGE_OWNERS)[number];
  /** Who bears a refund whose units are spent (LEDGER 2: entries 7, 7b, 7c). */
  readonly clawbackPolicy: (typeof CLAWBACK_POLICIES)[number];
  /** Most units per member and calendar year that the merchant or the programme bears; beyond it the member owes. */
  readonly clawbackLimitUnits?: bigint;
  /** How often the partner is settled. */
  readonly cycle: (typeof SETTLEMENT_CYCLES)[number];
  /** One payment of the difference, or one in each direction. */
  readonly netting: (typeof NETTINGS)[number];
  /** Whether commission is computed for each accrual or once for a statement. */
  readonly commissionPer: (typeof COMMISSION_PERIODS)[number];
  /** The currency in which it pays and is paid; the programme's when absent. */
  readonly settlementCurrency?: string;
  /** Days from a statement to when its payment is due. */
  readonly paymentDays: number;
  /** Days from a statement during which a line may be disputed. */
  readonly disputeDays: number;
  /** Deposit to be held, minor units of the programme's currency. */
  readonly depositMinor: bigint;
  /** Most that the partner may owe and have pending, less its deposit. Minor units; no cap when absent. */
  readonly exposureCapMinor?: bigint;
  readonly exposureAction: (typeof EXPOSURE_ACTIONS)[number];
  /** Rewards are paid from a block bought before. */
  readonly prepaid: boolean;
  /** Alert when the block falls below, minor units. */
  readonly prepaidReorderMinor?: bigint;
}

/** What nobody has said otherwise. */
export const DEFAULT_SETTLEMENT_TERMS: SettlementTerms = {
  acceptanceFeeRate: ZERO_RATE,
  returnReversesFee: true,
  breakageOwner: 'PROGRAMME',
  clawbackPolicy: 'MEMBER_OWES',
  cycle: 'ON_DEMAND',
  netting: 'NET',
  commissionPer: 'ACCRUAL',
  paymentDays: 14,
  disputeDays: 30,
  depositMinor: 0n,
  exposureAction: 'REJECT',
  prepaid: false,
};

export type SettlementTermsErrorCode = 'RATE_ABOVE_ONE' | 'PRICE_ZERO' | 'AMOUNT_NEGATIVE' | 'DAYS_OUT_OF_RANGE';

const MOST_DAYS = 365;

/** The first fault in the order of the fields. */
export function checkSettlementTerms(terms: SettlementTerms): Result<undefined, SettlementTermsErrorCode> {
  for (const field of ['issuePrice', 'redemptionPrice'] as const) {
    if (terms[field] !== undefined && compareRates(terms[field], ZERO_RATE) === 0)
      return fail('PRICE_ZERO', "A unit's price must be above zero; leave it out to use the programme's.", field);
  }
  if (compareRates(terms.acceptanceFeeRate, ONE) > 0) {
    return fail(
      'RATE_ABOVE_ONE',
      `The rate is ${describeRate(terms.acceptanceFeeRate)}; it may be at most 100 %. Write two percent as "2%" or "0.02".`,
      'acceptanceFeeRate',
    );
  }
  if (terms.clawbackLimitUnits !== undefined && terms.clawbackLimitUnits < 0n)
    return fail('AMOUNT_NEGATIVE', 'The limit must be zero or more; leave it out for no limit.', 'clawbackLimit');
  for (const field of ['paymentDays', 'disputeDays'] as const) {
    if (terms[field] < 0 || terms[field] > MOST_DAYS)
      return fail('DAYS_OUT_OF_RANGE', `Give 0 to ${MOST_DAYS} days.`, field);
  }
  const amounts = {
    deposit: terms.depositMinor,
    exposureCap: terms.exposureCapMinor,
    prepaidReorder: terms.prepaidReorderMinor,
  };
  for (const [field, amountMinor] of Object.entries(amounts)) {
    if (amountMinor !== undefined && amountMinor < 0n)
      return fail('AMOUNT_NEGATIVE', 'The amount must be zero or more.', `${field}.amount`);
  }
  return ok(undefined);
}
