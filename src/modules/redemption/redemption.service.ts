/** Use cases at a till: how much units may pay, and holding them until the purchase is done. */
import type { Principal } from '../../domain/access/principal.js';
import { ok, type Result } from '../../domain/kernel/result.js';
import type { Redeemable } from '../../domain/redemption/limits.js';
import { allowedTo, available } from '../../domain/redemption/redeem.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type Authorise, type Basket, refuseBasket, refuseReference } from './authorising.js';
import { payerOf } from './payer.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { RedemptionRecord } from './redemption.sql.js';
import { findProgramme, openLots, openTill, partnerOf, pricedFor } from './till.js';
import type { TillQueue } from './till-queue.js';

/** A command whose decimals are still text; the programme's currency and unit decide how many are allowed. */
export type Translate<Command> = (programme: ProgrammeRecord) => Result<Command, RedemptionErrorCode>;

/** Who asks, and until when it waits for an answer. */
export interface Asker {
  readonly principal: Principal;
  readonly signal?: AbortSignal | undefined;
}

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
    private readonly tills: TillQueue,
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
      const partner = partnerOf(till.value, basket.value.partnerCode);
      if (!partner.ok) return partner;
      const payer = await payerOf(till.value, principal, basket.value.payer, partner.value.no);
      if (!payer.ok) return payer;
      const redeemer = refuseBasket(till.value, partner.value, payer.value, basket.value);
      if (!redeemer.ok) return redeemer;
      const lots = (await openLots(till.value, payer.value.no)).of(payer.value.no);
      const balanceUnits = available(lots);
      const { purchaseMinor, discountMinor, units: unitsWanted = balanceUnits } = basket.value;
      const terms = pricedFor(till.value, redeemer.value);
      const allowed = allowedTo(lots, { purchaseMinor, discountMinor, unitsWanted }, terms);
      return ok({ allowed, balanceUnits, programme: till.value.programme });
    });
  }

  /**
   * Holds units for a purchase until it is captured, voided, or its time is over. The same reference of the partner
   * with the same contents gives the first answer, for ever; with others it is a conflict.
   */
  async authorise(
    { principal, signal }: Asker,
    programmeCode: string,
    translate: Translate<Authorise>,
  ): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(principal, 'redemption.authorise', itself(principal));
    const programme = await findProgramme(this.database, this.references, programmeCode);
    if (!programme.ok) return programme;
    const command = translate(programme.value);
    if (!command.ok) return command;
    const malformed = refuseReference(command.value.reference);
    if (malformed !== undefined) return malformed;
    const asked = { kind: 'AUTHORISE', principal, command: command.value } as const;
    const answer = await this.tills.submit(programme.value.no, asked, signal);
    return answer.ok ? ok({ redemption: answer.value, programme: programme.value }) : answer;
  }
}
