/** Units that pay for an item of the catalogue (35): all of its price, and nothing but units. */
import { ok, type Result } from '../../domain/kernel/result.js';
import { formatRate, ONE } from '../../domain/money/rate.js';
import { divideRounded } from '../../domain/money/rounding.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { authorise, capture, redemptionOf } from '../../domain/redemption/redeem.js';
import { newId } from '../../infrastructure/db/ids.js';
import { lockMembers } from '../members/index.js';
import { refusalOf } from './limits-exceeded.js';
import type { PayerRecord } from './payer.sql.js';
import { redeemedAt } from './redeemed.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { insertRedemptions, type RedemptionRecord } from './redemption.sql.js';
import { HOUR_MS, openLots, pricedFor, type Redeemer, storeChanged, type Till } from './till.js';

export interface ItemPrice {
  readonly units: bigint;
  /** There is nothing to wait for: the units are used in the same moment. */
  readonly deliveredAtOnce: boolean;
}

/**
 * Holds an item's price, or uses it at once. `reserve` takes the item itself when the member can pay: what it refuses
 * holds nothing.
 */
export async function payForItem<Code extends string>(
  till: Till,
  supplier: Redeemer,
  payer: PayerRecord,
  { units, deliveredAtOnce }: ItemPrice,
  reserve: (redemptionId: string) => Promise<Result<undefined, Code>>,
): Promise<Result<RedemptionRecord, RedemptionErrorCode | Code>> {
  const { tx, now, today, programme } = till;
  await lockMembers(tx, [payer.no]);
  const lots = await openLots(till, payer.no);
  const terms = unboundedFor(till, supplier);
  const id = newId();
  const wish = { purchaseMinor: priceOf(units, terms), discountMinor: 0n, unitsWanted: units };
  const { member: held, allowed } = authorise(lots.of(payer.no), { id, date: today, ...wish }, terms);
  const refused = refusalOf(allowed, units, programme);
  if (refused !== undefined) return { ok: false, failure: refused };
  const reserved = await reserve(id);
  if (!reserved.ok) return reserved;
  const at = redeemedAt(allowed.paysMinor, supplier.contract);
  const member = deliveredAtOnce ? capture(held, id, till.terms, { at, item: true }) : held;
  const redemption: RedemptionRecord = {
    ...{ id, memberNo: payer.no, programmeNo: programme.no, kind: 'ITEM', partnerNo: supplier.partner.no },
    ...{ contractNo: supplier.contract.no, reference: null, channel: null, transactionId: null },
    ...{ state: deliveredAtOnce ? 'CAPTURED' : 'AUTHORISED', priceMinor: formatRate(terms.priceMinor) },
    ...{ purchaseMinor: allowed.paysMinor, discountMinor: 0n, units, valueMinor: allowed.paysMinor },
    ...{ capturedUnits: deliveredAtOnce ? units : 0n, capturedMinor: deliveredAtOnce ? at.valueMinor : 0n },
    ...{ feeMinor: deliveredAtOnce ? at.feeMinor : 0n, feeTaxMinor: deliveredAtOnce ? at.feeTaxMinor : 0n },
    ...{ returnedUnits: 0n, returnedMinor: 0n, basketReturnedMinor: 0n, authorisedAt: now },
    expiresAt: new Date(now.getTime() + till.terms.authorisationHours * HOUR_MS),
    resolvedAt: deliveredAtOnce ? now : null,
  };
  insertRedemptions(tx, [{ record: redemption, decided: redemptionOf(member, id) }]);
  await storeChanged(till, lots, payer.no, member);
  return ok(redemption);
}

/** Limits on what units may pay of a purchase do not bind what is sold for units alone. */
const unboundedFor = (till: Till, supplier: Redeemer): RedemptionTerms => ({
  ...pricedFor(till, supplier),
  ...{ maxShare: ONE, discountsCount: false, minimumOwnMinor: 0n, minimumUnits: 0n },
});

/** The least money that leaves room for so many units. */
const priceOf = (units: bigint, { priceMinor: { numerator, denominator } }: RedemptionTerms): bigint =>
  divideRounded(units * numerator + denominator - 1n, denominator, 'FLOOR');
