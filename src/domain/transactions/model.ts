/**
 * The words of intake: what a partner tells us about a purchase, and what stands of a purchase once it is
 * in. Amounts are minor units of the programme's currency, always positive; the kind carries the direction.
 */
import type { AccrualDecision, Channel, ContractTerms, EarningFacts, Purchase } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import type { NamedLine, ReturnedLine } from './basket.js';
import type { PurchaseMessage, PurchaseStatus } from './lifecycle.js';

/**
 * PURCHASE is authorisation and clearing in one message. ACTION is an event that is not a purchase. CLAIM is a
 * purchase by the word of the member, after somebody granted it; no partner sends one.
 */
export const SOURCE_KINDS = ['PURCHASE', 'REFUND', 'AUTHORISATION', 'CLEARING', 'REVERSAL', 'ACTION', 'CLAIM'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Stored in business_key.kind and transaction_source.kind; numbers are never reused. */
export const SOURCE_KIND_NO: Readonly<Record<SourceKind, number>> = {
  PURCHASE: 1,
  REFUND: 2,
  AUTHORISATION: 3,
  CLEARING: 4,
  REVERSAL: 5,
  ACTION: 6,
  CLAIM: 7,
};

export function sourceKindOf(no: number): SourceKind {
  const kind = SOURCE_KINDS.find((name) => SOURCE_KIND_NO[name] === no);
  invariant(kind, `there is no message kind ${no}`);
  return kind;
}

export type Payer = { readonly cardToken: string } | { readonly memberId: string } | { readonly memberCode: string };

/** One message about a purchase or an action, parsed and normalised. (partner, kind, reference) names it for ever. */
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
  /** By which the issuer approved the payment: told to the merchant and to the bank alike. */
  readonly approvalCode?: string;
  /** Amount and currency at the till when they differ from the billing amount. */
  readonly original?: { readonly amount: string; readonly currencyCode: string };
  /** Refunds: reference of the purchase, its authorisation or its clearing. */
  readonly refundOf?: string;
  /** Clearings and reversals: reference of the authorisation. */
  readonly authorisation?: string;
  /** Purchases: reference of the one that was exchanged for this one; what is left of that one is refunded. */
  readonly exchangeOf?: string;
  /** Day on which it was posted, when that is not the day of the purchase. */
  readonly postedOn?: BusinessDate;
  /** Actions: what happened, such as "review". */
  readonly action?: string;
  /** The basket of a purchase. */
  readonly lines?: readonly NamedLine[];
  /** Refunds: the lines of the basket that went back. */
  readonly returned?: readonly ReturnedLine[];
  /** Reward by the partner's own sum, steps of the unit; compared with ours and never paid. */
  readonly claimedUnits?: bigint;
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
  'FUNDER_EXHAUSTED',
  'MALFORMED_MCC',
  'UNKNOWN_CATEGORY',
  'UNKNOWN_OUTLET',
  'TEXT_TOO_LONG',
  'PAYER_NOT_EXACTLY_ONE',
  'UNKNOWN_PAYER',
  'REFERENCE_CONFLICT',
  'REFUND_OF_ON_PURCHASE',
  'FIELD_NOT_OF_KIND',
  'CLAIM_NOT_GRANTED',
  'AUTHORISATION_NOT_NAMED',
  'NOT_AN_AUTHORISATION',
  'ACTION_NOT_NAMED',
  'ACTION_HAS_NO_AMOUNT',
  'POSTED_BEFORE_PURCHASE',
  'MALFORMED_LINE',
  'TOO_MANY_LINES',
  'BASKET_DOES_NOT_ADD_UP',
  'UNKNOWN_LINE',
  'NOT_A_PURCHASE',
  'ALREADY_EXCHANGED',
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
  /** 0 for what the purchase earned at first, 1 and on for what an amount that rose added. */
  readonly part: number;
  readonly availableOn: BusinessDate;
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
  readonly status: PurchaseStatus;
  /** Every message about it that was taken in, in no order. */
  readonly messages: readonly PurchaseMessage[];
}

export const keptMinor = (standing: StandingPurchase): bigint => standing.purchase.amountMinor - standing.refundedMinor;
