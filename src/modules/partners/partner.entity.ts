/** Partners, their outlets and the merchant ids that name them, as rows. Names of constraints are PostgreSQL's own. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Channel } from '../../domain/earning/model.js';
import type { PartnerRole, PartnerStatus } from '../../domain/partners/partner.js';

export const PartnerEntity = defineEntity({
  name: 'PartnerEntity',
  tableName: 'partner',
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('partner_no_key'),
    code: p.text().unique('partner_code_key'),
    name: p.text(),
    roles: p.array().$type<PartnerRole[]>().columnType('text[]'),
    status: p.text().$type<PartnerStatus>().default('ACTIVE'),
    onboardedAt: p.datetime(6),
  },
});
export type PartnerEntity = InferEntity<typeof PartnerEntity>;

export const OutletEntity = defineEntity({
  name: 'OutletEntity',
  tableName: 'outlet',
  uniques: [{ name: 'outlet_partner_id_code_key', properties: ['partnerId', 'code'] }],
  properties: {
    id: p.uuid().primary(),
    partnerId: () =>
      p
        .manyToOne(PartnerEntity)
        .mapToPk()
        .fieldName('partner_id')
        .foreignKeyName('outlet_partner_id_fkey')
        .index(false),
    code: p.text(),
    name: p.text(),
    channel: p.text().$type<Channel>(),
    mcc: p.character().length(4).nullable(),
  },
});
export type OutletEntity = InferEntity<typeof OutletEntity>;

export const OutletMerchantIdEntity = defineEntity({
  name: 'OutletMerchantIdEntity',
  tableName: 'outlet_merchant_id',
  properties: {
    merchantId: p.text().primary(),
    outletId: () =>
      p
        .manyToOne(OutletEntity)
        .mapToPk()
        .fieldName('outlet_id')
        .foreignKeyName('outlet_merchant_id_outlet_id_fkey')
        .index('outlet_merchant_id_outlet_id_idx'),
  },
});
export type OutletMerchantIdEntity = InferEntity<typeof OutletMerchantIdEntity>;
