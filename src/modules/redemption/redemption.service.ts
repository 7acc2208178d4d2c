/** Use cases at a till: how much units may pay, and holding them until the purchase is done. */
import { v7 } from 'uuid';
import type { Principal } from '../../domain/access/principal.js';
import type { Channel } from '../../domain/earning/model.js';
import { canonicalDigest } from '../../domain/kernel/canonical.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { formatRate } from '../../domain/money/rate.js';
import type { Redeemable } from '../../domain/redemption/limits.js';
import { allowedTo, authorise, available, redemptionOf } from '../../domain/redemption/redeem.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import { lockMembers } from '../members/index.js';
import type { PartnerRecord } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { refusalOf } from './limits-exceeded.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import {
  claimReference,
  hasPurchase,
  insertRedemption,
  type PayerRecord,
  type RedemptionRecord,
} from './redemption.sql.js';
import {
  findProgramme,
  HOUR_MS,
  type NamedPayer,
  openLots,
  openTill,
  partnerOf,
  payerOf,
  pricedFor,
  type Redeemer,
  redeemerOf,
  refuseClosed,
  storeChanged,
  type Till,
} from './till.js';

const LONGEST_REFERENCE = 64;

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

/** A command whose decimals are still text; the programme's currency and unit decide how many are allowed. */
export type Translate<Command> = (programme: ProgrammeRecord) => Result<Command, RedemptionErrorCode>;

export interface Redeemed {
  readonly redemption: RedemptionRecord;
  readonly programme: ProgrammeRecord;
}

export interface Quoted {
  readonly allowed: Redeemable;
  readonly balanceUnits: bigint;
  readonly programme: ProgrammeRecord;
}

export class RedemptionService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  /** How many units may pay, what they pay, and every limit; nothing is held. */
  async quote(
    principal: Principal,
    programmeCode: string,
    translate: Translate<Basket>,
  ): Promise<Result<Quoted, RedemptionErrorCode>> {
    authorize(principal, 'redemption.authorise', itself(principal));
    const programme = await findProgramme(this.database, this.references, programmeCode);
    if (!programme.ok) return programme;
    const basket = translate(programme.value);
    if (!basket.ok) return basket;
    return this.database.command(async (tx) => {
      const till = await openTill(tx, this.references, programme.value.no);
      if (!till.ok) return till;
      const asked = await askedAt(till.value, principal, basket.value);
      if (!asked.ok) return asked;
      const { redeemer, payer } = asked.value;
      const refused = refuse(till.value, redeemer, payer, basket.value);
      if (!refused.ok) return refused;
      const lots = (await openLots(till.value, payer.no)).of(payer.no);
      const balanceUnits = available(lots);
      const { purchaseMinor, discountMinor, units: unitsWanted = balanceUnits } = basket.value;
      const terms = pricedFor(till.value, refused.value);
      const allowed = allowedTo(lots, { purchaseMinor, discountMinor, unitsWanted }, terms);
      return ok({ allowed, balanceUnits, programme: till.value.programme });
    });
  }

  /**
   * Holds units for a purchase until it is captured, voided, or its time is over. The same reference of the partner
   * with the same contents gives the first answer, for ever; with others it is a conflict.
   */
  async authorise(
    principal: Principal,
    programmeCode: string,
    translate: Translate<Authorise>,
  ): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(principal, 'redemption.authorise', itself(principal));
    const programme = await findProgramme(this.database, this.references, programmeCode);
    if (!programme.ok) return programme;
    const command = translate(programme.value);
    if (!command.ok) return command;
    const { reference } = command.value;
    if (reference === '' || reference.length > LONGEST_REFERENCE || reference !== reference.trim()) {
      return fail(
        'MALFORMED_REFERENCE',
        `A reference is 1 to ${LONGEST_REFERENCE} characters without spaces around it.`,
        'reference',
      );
    }
    return this.database.command(async (tx) => {
      const till = await openTill(tx, this.references, programme.value.no);
      if (!till.ok) return till;
      const asked = await askedAt(till.value, principal, command.value);
      if (!asked.ok) return asked;
      const { redeemer, payer } = asked.value;
      const bodyHash = bodyHashOf(command.value, payer);
      const known = await claimReference(tx, redeemer.no, reference);
      if (known?.bodyHash.equals(bodyHash) === false) {
        return fail(
          'REFERENCE_CONFLICT',
          `"${reference}" was used before for another redemption; choose a new reference.`,
          'reference',
        );
      }
      if (known !== undefined) return ok({ redemption: known, programme: till.value.programme });
      const refused = refuse(till.value, redeemer, payer, command.value);
      if (!refused.ok) return refused;
      return hold(till.value, refused.value, payer, command.value, bodyHash);
    });
  }
}

/** Where and by whom it is asked for, as far as the caller may. */
async function askedAt(
  till: Till,
  principal: Principal,
  { partnerCode, payer: named }: Basket,
): Promise<Result<{ redeemer: PartnerRecord; payer: PayerRecord }, RedemptionErrorCode>> {
  const redeemer = partnerOf(till, partnerCode);
  if (!redeemer.ok) return redeemer;
  const payer = await payerOf(till, principal, named, redeemer.value.no);
  return payer.ok ? ok({ redeemer: redeemer.value, payer: payer.value }) : payer;
}

/** Everything that is wrong whatever the member has, or the redeemer with its contract. */
function refuse(
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

const bodyHashOf = (
  { programmeCode, purchaseMinor, discountMinor, units, channel, transactionId }: Authorise,
  payer: PayerRecord,
) => canonicalDigest({ programmeCode, purchaseMinor, discountMinor, units, channel, transactionId, member: payer.id });

async function hold(
  till: Till,
  redeemer: Redeemer,
  payer: PayerRecord,
  command: Authorise,
  bodyHash: Buffer,
): Promise<Result<Redeemed, RedemptionErrorCode>> {
  const { tx, now, today, programme } = till;
  const { purchaseMinor, discountMinor, units, transactionId } = command;
  await lockMembers(tx, [payer.no]);
  if (transactionId !== undefined && !(await hasPurchase(tx, transactionId, payer.no)))
    return fail(
      'UNKNOWN_PURCHASE',
      'The member has no such purchase; take the id from transactionSubmit.',
      'transactionId',
    );
  const lots = await openLots(till, payer.no);
  const before = lots.of(payer.no);
  const terms = pricedFor(till, redeemer);
  const id = v7();
  const request = { id, date: today, purchaseMinor, discountMinor, unitsWanted: units ?? available(before) };
  const { member, allowed } = authorise(before, request, terms);
  const refused = refusalOf(allowed, units, programme);
  if (refused !== undefined) return { ok: false, failure: refused };
  const redemption: RedemptionRecord = {
    ...{ id, memberNo: payer.no, programmeNo: programme.no, kind: 'PURCHASE', partnerNo: redeemer.partner.no },
    ...{ contractNo: redeemer.contract.no, reference: command.reference, channel: command.channel ?? null },
    ...{ transactionId: transactionId ?? null, state: 'AUTHORISED', priceMinor: formatRate(terms.priceMinor) },
    ...{ purchaseMinor, discountMinor, units: allowed.units, valueMinor: allowed.paysMinor },
    ...{ capturedUnits: 0n, capturedMinor: 0n, feeMinor: 0n, feeTaxMinor: 0n },
    ...{ returnedUnits: 0n, returnedMinor: 0n, basketReturnedMinor: 0n, authorisedAt: now },
    ...{ expiresAt: new Date(now.getTime() + till.terms.authorisationHours * HOUR_MS), resolvedAt: null },
  };
  await insertRedemption(tx, redemption, bodyHash, redemptionOf(member, id));
  await storeChanged(till, lots, payer.no, member);
  return ok({ redemption, programme });
}
