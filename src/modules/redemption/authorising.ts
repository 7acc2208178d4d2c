/** Authorising: what is wrong with a basket, and how many units are held for it. */
import type { Channel } from '../../domain/earning/model.js';
import { canonicalDigest } from '../../domain/kernel/canonical.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { formatRate } from '../../domain/money/rate.js';
import { mostFor } from '../../domain/redemption/limits.js';
import type { MemberLots } from '../../domain/redemption/member-lots.js';
import { authorise, available } from '../../domain/redemption/redeem.js';
import { newId } from '../../infrastructure/db/ids.js';
import type { PartnerRecord } from '../partners/index.js';
import { refusalOf } from './limits-exceeded.js';
import { type NamedPayer, refuseClosed } from './payer.js';
import type { PayerRecord } from './payer.sql.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { RedemptionRecord } from './redemption.sql.js';
import { HOUR_MS, pricedFor, type Redeemer, redeemerOf, type Till } from './till.js';

/** What units shall pay a part of. */
export interface Basket {
  readonly programmeCode: string;
  readonly partnerCode: string;
  readonly payer: NamedPayer;
  readonly purchaseMinor: bigint;
  readonly discountMinor: bigint;
  /** Exactly so many; as many as may be when absent. */
  readonly units?: bigint | undefined;
}

export interface Authorise extends Basket {
  readonly reference: string;
  readonly channel?: Channel | undefined;
  readonly transactionId?: string | undefined;
}

const LONGEST_REFERENCE = 64;

export const refuseReference = (reference: string): Result<never, RedemptionErrorCode> | undefined =>
  reference === '' || reference.length > LONGEST_REFERENCE || reference !== reference.trim()
    ? fail(
        'MALFORMED_REFERENCE',
        `A reference is 1 to ${LONGEST_REFERENCE} characters without spaces around it.`,
        'reference',
      )
    : undefined;

/** Everything that is wrong whatever the member has, or the redeemer with its contract. */
export function refuseBasket(
  till: Till,
  partner: PartnerRecord,
  payer: PayerRecord,
  { purchaseMinor, discountMinor, units }: Basket,
): Result<Redeemer, RedemptionErrorCode> {
  if (purchaseMinor <= 0n)
    return fail('AMOUNT_NOT_POSITIVE', 'A purchase is above zero; check the amount.', 'purchase.amount');
  if (discountMinor < 0n || discountMinor > purchaseMinor) {
    return fail(
      'DISCOUNT_ABOVE_PURCHASE',
      'Discounts are zero or more, and at most the purchase; give the purchase before discounts.',
      'discounts.amount',
    );
  }
  if (units !== undefined && units <= 0n)
    return fail('UNITS_NOT_POSITIVE', 'Give units above zero, or leave them out for as many as may be.', 'units');
  const closed = refuseClosed(payer);
  return closed.ok ? redeemerOf(till, partner) : closed;
}

/** What stands for a reference: the same again gives the first answer. */
export const bodyHashOf = (
  { programmeCode, purchaseMinor, discountMinor, units, channel, transactionId }: Authorise,
  payer: PayerRecord,
): Buffer =>
  canonicalDigest({ programmeCode, purchaseMinor, discountMinor, units, channel, transactionId, member: payer.id });

/** The most units that are held for it, whatever the member has. */
export const mostHeld = (
  till: Till,
  redeemer: Redeemer,
  { purchaseMinor, discountMinor, units: unitsWanted }: Basket,
): bigint => mostFor({ purchaseMinor, discountMinor, unitsWanted }, pricedFor(till, redeemer));

export interface Held {
  readonly record: RedemptionRecord;
  readonly member: MemberLots;
}

/** @param before the member's lots of this day; `hasPurchase` knows those that commands name */
export function hold(
  till: Till,
  redeemer: Redeemer,
  payer: PayerRecord,
  command: Authorise,
  { before, hasPurchase }: { readonly before: MemberLots; hasPurchase(id: string): boolean },
): Result<Held, RedemptionErrorCode> {
  const { now, today, programme } = till;
  const { purchaseMinor, discountMinor, units, transactionId } = command;
  if (transactionId !== undefined && !hasPurchase(transactionId))
    return fail(
      'UNKNOWN_PURCHASE',
      'The member has no such purchase; take the id from transactionSubmit.',
      'transactionId',
    );
  const terms = pricedFor(till, redeemer);
  const id = newId();
  const request = { id, date: today, purchaseMinor, discountMinor, unitsWanted: units ?? available(before) };
  const { member, allowed } = authorise(before, request, terms);
  const refused = refusalOf(allowed, units, programme);
  if (refused !== undefined) return { ok: false, failure: refused };
  const record: RedemptionRecord = {
    ...{ id, memberNo: payer.no, programmeNo: programme.no, kind: 'PURCHASE', partnerNo: redeemer.partner.no },
    ...{ contractNo: redeemer.contract.no, reference: command.reference, channel: command.channel ?? null },
    ...{ transactionId: transactionId ?? null, state: 'AUTHORISED', priceMinor: formatRate(terms.priceMinor) },
    ...{ purchaseMinor, discountMinor, units: allowed.units, valueMinor: allowed.paysMinor },
    ...{ capturedUnits: 0n, capturedMinor: 0n, feeMinor: 0n, feeTaxMinor: 0n },
    ...{ returnedUnits: 0n, returnedMinor: 0n, basketReturnedMinor: 0n, authorisedAt: now },
    ...{ expiresAt: new Date(now.getTime() + till.terms.authorisationHours * HOUR_MS), resolvedAt: null },
  };
  return ok({ record, member });
}
