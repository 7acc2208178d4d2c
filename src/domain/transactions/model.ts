/**
 * The words of intake: what a partner tells us about a purchase, and what stands of a purchase once it is
 * in. Amounts are minor units of the programme's currency, always positive; the kind carries the direction.
 */
import type { AccrualDecision, Channel, ContractTerms, EarningFacts, Purchase } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';

export type SourceKind = 'PURCHASE' | 'REFUND';

/** Stored in business_key.kind and transaction_source.kind; numbers are never reused. */
export const SOURCE_KIND_NO: Readonly<Record<SourceKind, number>> = { PURCHASE: 1, REFUND: 2 };

export type Payer = { readonly cardToken: string } | { readonly memberId: string } | { readonly memberCode: string };

/** One message about a purchase, parsed and normalised. (partner, kind, reference) names it for ever. */
export interface SubmitCommand {
  readonly partnerCode: string;
  readonly kind: SourceKind;
  readonly reference: string;
  readonly payer: Payer;
  readonly amountMinor: bigint;
  readonly currencyCode: string;
  readonly occurredAt: Date;
  /** Day of the purchase in the programme's zone: caps, tiers, contracts and holds count from it. */
  readonly businessDate: BusinessDate;
  readonly mcc?: string;
  /** Programme category the partner assigned itself, for feeds without merchant category codes. */
  readonly category?: string;
  /** The acquirer's merchant id, raw. */
  readonly merchantId?: string;
  readonly merchant?: { readonly partnerCode: string; readonly outletCode: string };
  readonly descriptor?: string;
  readonly channel?: Channel;
  /** Amount and currency at the till when they differ from the billing amount. */
  readonly original?: { readonly amount: string; readonly currencyCode: string };
  /** Reference of the purchase that a refund belongs to. */
  readonly refundOf?: string;
}

export const TRANSACTION_ERROR_CODES = [
  'UNKNOWN_PROGRAMME',
  'UNKNOWN_PARTNER',
  'PARTNER_NOT_ACTIVE',
  'MALFORMED_REFERENCE',
  'CARD_NUMBER_REFUSED',
  'TOO_MANY_DECIMALS',
  'AMOUNT_TOO_LARGE',
  'AMOUNT_NOT_POSITIVE',
  'CURRENCY_MISMATCH',
  'OCCURRED_IN_FUTURE',
  'NO_TERMS_IN_FORCE',
  'MALFORMED_MCC',
  'UNKNOWN_CATEGORY',
  'UNKNOWN_OUTLET',
  'TEXT_TOO_LONG',
  'PAYER_NOT_EXACTLY_ONE',
  'UNKNOWN_PAYER',
  'REFERENCE_CONFLICT',
  'REFUND_OF_ON_PURCHASE',
  'UNKNOWN_PURCHASE',
  'PAYER_MISMATCH',
  'REFUND_BEFORE_PURCHASE',
  'REFUND_LARGER_THAN_PURCHASE',
  'TOO_MANY_ITEMS',
  'BUSY',
] as const;
export type TransactionErrorCode = (typeof TRANSACTION_ERROR_CODES)[number];

/** An accrual with what is left of it; units and money are what stands after earlier refunds. */
export interface StandingAccrual extends AccrualDecision {
  readonly id: string;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  /** Not yet confirmed: a refund voids it instead of taking it back from the available balance. */
  readonly pending: boolean;
  /** Contract it was charged by; absent when the programme pays. */
  readonly contract?: ContractTerms;
}

/** A purchase as it stands: enough to re-run its own decision on what is kept. */
export interface StandingPurchase {
  readonly id: string;
  readonly memberNo: number;
  readonly cardId?: string;
  readonly merchantNo?: number;
  readonly descriptor?: string;
  readonly refundedMinor: bigint;
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly programmeVersion: number;
  readonly accruals: readonly StandingAccrual[];
}

export const keptMinor = (standing: StandingPurchase): bigint => standing.purchase.amountMinor - standing.refundedMinor;
