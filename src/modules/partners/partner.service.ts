/**
 * Use cases on partners and their outlets. Written through the ORM: reference data is small, changes
 * seldom, and every change is one unit of work.
 */
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Principal } from '../../domain/access/principal.js';
import type { EventType, NewEvent } from '../../domain/events/event-type.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import {
  checkMerchantId,
  checkOutlet,
  checkPartner,
  type NewOutlet,
  type NewPartner,
  type PartnerStatus,
} from '../../domain/partners/partner.js';
import { databaseTime } from '../../infrastructure/db/clock.js';
import { newId } from '../../infrastructure/db/ids.js';
import { administer } from '../../infrastructure/db/orm.js';
import { authorize } from '../access/index.js';
import { recordEventByOrm } from '../events/index.js';
import { type AgreeContract, type AgreedContract, decideTerms, storeContract } from './contract.service.js';
import { OutletEntity, OutletMerchantIdEntity, PartnerEntity } from './partner.entity.js';
import type { PartnerErrorCode } from './partner.errors.js';

export interface OnboardPartner extends NewPartner {
  /** A first contract, agreed in the same transaction. */
  readonly contract?: AgreeContract;
}

export class PartnerService {
  /** @param orm connections of the writer role */
  constructor(private readonly orm: MikroORM) {}

  /** Takes a partner in with its outlets and, when given, its first contract: all of it or nothing. */
  async onboard(principal: Principal, command: OnboardPartner): Promise<Result<PartnerEntity, PartnerErrorCode>> {
    authorize(principal, 'partner.onboard');
    const checked = checkPartner(command);
    if (!checked.ok) return checked;
    return this.write(async (em) => {
      if ((await em.count(PartnerEntity, { code: command.code })) > 0) {
        return fail('CODE_TAKEN', `There is a partner "${command.code}" already; choose another code.`, 'code');
      }
      const free = await checkMerchantIdsAreFree(em, command.outlets, (index) => `outlets.${index}.`);
      if (!free.ok) return free;
      const terms = command.contract && (await decideTerms(em, undefined, command.contract, 'contract'));
      if (terms?.ok === false) return terms;
      const now = await databaseTime(em);
      const { code, name, roles } = command;
      const partner = em.create(PartnerEntity, {
        id: newId(),
        code,
        name,
        roles: [...new Set(roles)],
        onboardedAt: now,
      });
      for (const outlet of command.outlets) storeOutlet(em, partner, outlet);
      const agreed = terms && storeContract(em, partner, terms.value, now);
      await em.flush(); // gives the partner its number
      await recordEventByOrm(em, eventOf('partner.onboarded', partner, partner.id));
      if (agreed) await recordEventByOrm(em, contractEvent(partner, agreed));
      return ok(partner);
    });
  }

  /** Adds one outlet with its merchant ids. */
  async addOutlet(
    principal: Principal,
    partnerCode: string,
    outlet: NewOutlet,
  ): Promise<Result<OutletEntity, PartnerErrorCode>> {
    authorize(principal, 'partner.update');
    const checked = checkOutlet(outlet);
    if (!checked.ok) return checked;
    return this.change(partnerCode, async (em, partner) => {
      if ((await em.count(OutletEntity, { partnerId: partner.id, code: outlet.code })) > 0) {
        return fail('OUTLET_TAKEN', `The partner has an outlet "${outlet.code}" already; choose another code.`, 'code');
      }
      const free = await checkMerchantIdsAreFree(em, [outlet]);
      return free.ok ? ok(storeOutlet(em, partner, outlet)) : free;
    });
  }

  /** An outlet is known by a further merchant id from now on. The same again changes nothing. */
  async addMerchantId(
    principal: Principal,
    partnerCode: string,
    outletCode: string,
    merchantId: string,
  ): Promise<Result<undefined, PartnerErrorCode>> {
    authorize(principal, 'partner.update');
    const checked = checkMerchantId(merchantId, 'merchantId');
    if (!checked.ok) return checked;
    return this.change(partnerCode, async (em, partner) => {
      const outlet = await em.findOne(OutletEntity, { partnerId: partner.id, code: outletCode });
      if (outlet === null) {
        return fail('UNKNOWN_OUTLET', `Partner "${partnerCode}" has no outlet "${outletCode}".`, 'outletCode');
      }
      if ((await em.count(OutletMerchantIdEntity, { merchantId, outletId: outlet.id })) > 0) return ok(undefined);
      const free = await checkMerchantIdsAreFree(em, [{ merchantIds: [merchantId] }]);
      if (!free.ok) return { ok: false, failure: { ...free.failure, field: 'merchantId' } };
      em.create(OutletMerchantIdEntity, { merchantId, outletId: outlet.id });
      return ok(undefined);
    });
  }

  /** Agrees a new contract version; it counts from a later day than every version before it. */
  async agreeContract(
    principal: Principal,
    partnerCode: string,
    command: AgreeContract,
  ): Promise<Result<AgreedContract, PartnerErrorCode>> {
    authorize(principal, 'contract.agree');
    return this.change(partnerCode, async (em, partner) => {
      const terms = await decideTerms(em, partner, command);
      if (!terms.ok) return terms;
      const agreed = storeContract(em, partner, terms.value, await databaseTime(em));
      await recordEventByOrm(em, contractEvent(partner, agreed));
      return ok(agreed);
    });
  }

  /** Nothing of the partner is taken in until it is reactivated. Suspending twice is suspending once. */
  async suspend(principal: Principal, partnerCode: string): Promise<Result<PartnerEntity, PartnerErrorCode>> {
    return this.setStatus(principal, partnerCode, 'SUSPENDED');
  }

  async reactivate(principal: Principal, partnerCode: string): Promise<Result<PartnerEntity, PartnerErrorCode>> {
    return this.setStatus(principal, partnerCode, 'ACTIVE');
  }

  private async setStatus(
    principal: Principal,
    partnerCode: string,
    status: PartnerStatus,
  ): Promise<Result<PartnerEntity, PartnerErrorCode>> {
    authorize(principal, 'partner.update');
    return this.change(partnerCode, async (em, partner) => {
      if (partner.status !== status) {
        const type = status === 'SUSPENDED' ? 'partner.suspended' : 'partner.reactivated';
        await recordEventByOrm(em, eventOf(type, partner, partner.id));
      }
      partner.status = status;
      return ok(partner);
    });
  }

  /** Changes one partner under its lock, so that two changes of it follow each other. */
  private change<T>(
    partnerCode: string,
    work: (em: EntityManager, partner: PartnerEntity) => Promise<Result<T, PartnerErrorCode>>,
  ): Promise<Result<T, PartnerErrorCode>> {
    return this.write(async (em) => {
      const partner = await em.findOne(PartnerEntity, { code: partnerCode }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (partner === null)
        return fail('UNKNOWN_PARTNER', `There is no partner "${partnerCode}"; onboard it first.`, 'partnerCode');
      if (partner.status === 'CLOSED') {
        return fail(
          'PARTNER_CLOSED',
          `The partner "${partnerCode}" has left and takes no changes; onboard it anew under another code.`,
          'partnerCode',
        );
      }
      return work(em, partner);
    });
  }

  /**
   * One transaction. Work that fails has stored nothing, because it creates only after it has decided. When
   * another command took the same code or merchant id meanwhile, it runs again and then sees who has it.
   */
  private async write<T>(
    work: (em: EntityManager) => Promise<Result<T, PartnerErrorCode>>,
  ): Promise<Result<T, PartnerErrorCode>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await administer(this.orm, work);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !(error instanceof UniqueConstraintViolationException)) throw error;
      }
    }
  }
}

const MAX_ATTEMPTS = 3;

const eventOf = (type: EventType, { no }: PartnerEntity, subjectId: string, programmeNo = 0): NewEvent => ({
  type,
  programmeNo,
  partnerNos: [no],
  subjectId,
});

const contractEvent = (partner: PartnerEntity, { contract, programme }: AgreedContract): NewEvent =>
  eventOf('contract.agreed', partner, contract.id, programme.no);

function storeOutlet(em: EntityManager, partner: PartnerEntity, outlet: NewOutlet): OutletEntity {
  const { code, name, channel, mcc = null, merchantIds } = outlet;
  const stored = em.create(OutletEntity, { id: newId(), partnerId: partner.id, code, name, channel, mcc });
  for (const merchantId of merchantIds) em.create(OutletMerchantIdEntity, { merchantId, outletId: stored.id });
  return stored;
}

async function checkMerchantIdsAreFree(
  em: EntityManager,
  outlets: readonly Pick<NewOutlet, 'merchantIds'>[],
  path: (index: number) => string = () => '',
): Promise<Result<undefined, PartnerErrorCode>> {
  const wanted = outlets.flatMap(({ merchantIds }, index) =>
    merchantIds.map((merchantId, position) => ({ merchantId, field: `${path(index)}merchantIds.${position}` })),
  );
  const found = await em.find(OutletMerchantIdEntity, {
    merchantId: { $in: wanted.map(({ merchantId }) => merchantId) },
  });
  const taken = wanted.find(({ merchantId }) => found.some((row) => row.merchantId === merchantId));
  if (taken === undefined) return ok(undefined);
  const message = `The merchant id "${taken.merchantId}" already names another outlet; ask its acquirer which of the two is right.`;
  return fail('MERCHANT_ID_TAKEN', message, taken.field);
}
