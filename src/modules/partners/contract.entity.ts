/** Contract versions, as rows: written once, never changed. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ContractShare, ContractTerms } from '../../domain/earning/model.js';
import type { SettlementTerms } from '../../domain/partners/settlement-terms.js';
import { ProgrammeEntity } from '../programmes/index.js';
import { PartnerEntity } from './partner.entity.js';

export interface StoredShare {
  readonly party: ContractShare['party'];
  /** n/d */
  readonly share: string;
}

export const ContractEntity = defineEntity({
  name: 'ContractEntity',
  tableName: 'contract',
  uniques: [
    { name: 'contract_partner_id_programme_id_version_key', properties: ['partnerId', 'programmeId', 'version'] },
    {
      name: 'contract_partner_id_programme_id_effective_from_key',
      properties: ['partnerId', 'programmeId', 'effectiveFrom'],
    },
  ],
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('contract_no_key'),
    partnerId: () =>
      p
        .manyToOne(PartnerEntity)
        .mapToPk()
        .fieldName('partner_id')
        .foreignKeyName('contract_partner_id_fkey')
        .index(false),
    programmeId: () =>
      p
        .manyToOne(ProgrammeEntity)
        .mapToPk()
        .fieldName('programme_id')
        .foreignKeyName('contract_programme_id_fkey')
        .index('contract_programme_id_idx'),
    version: p.integer(),
    effectiveFrom: p.date(),
    fundingShares: p.json().$type<StoredShare[]>(),
    commissionRate: p.text(),
    taxCode: p.text(),
    taxRate: p.text(),
    taxTreatment: p.text().$type<ContractTerms['taxTreatment']>(),
    minimumPayoutMinor: p.bigint().defaultRaw('0'),
    model: p.text().$type<ContractTerms['model']>(),
    refundReturnsCommission: p.boolean().default(true),
    agreedAt: p.datetime(6),
    issuePrice: p.text().nullable(),
    redemptionPrice: p.text().nullable(),
    acceptanceFeeRate: p.text().default('0/1'),
    returnReversesFee: p.boolean().default(true),
    breakageOwner: p.text().$type<SettlementTerms['breakageOwner']>().default('PROGRAMME'),
    clawbackPolicy: p.text().$type<SettlementTerms['clawbackPolicy']>().default('MEMBER_OWES'),
    clawbackLimitUnits: p.bigint().nullable(),
    cycle: p.text().$type<SettlementTerms['cycle']>().default('ON_DEMAND'),
    netting: p.text().$type<SettlementTerms['netting']>().default('NET'),
    commissionPer: p.text().$type<SettlementTerms['commissionPer']>().default('ACCRUAL'),
    settlementCurrencyCode: p.character().length(3).nullable(),
    paymentDays: p.integer().default(14),
    disputeDays: p.integer().default(30),
    depositMinor: p.bigint().defaultRaw('0'),
    exposureCapMinor: p.bigint().nullable(),
    exposureAction: p.text().$type<SettlementTerms['exposureAction']>().default('REJECT'),
    prepaid: p.boolean().default(false),
    prepaidReorderMinor: p.bigint().nullable(),
  },
});
export type ContractEntity = InferEntity<typeof ContractEntity>;
