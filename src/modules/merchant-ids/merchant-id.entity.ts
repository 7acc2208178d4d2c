/** What a merchant id is not, as rows. Written by merchant-id.sql.ts alone. */
import { defineEntity, p } from '@mikro-orm/core';
import { OutletEntity } from '../partners/index.js';

export const MerchantIdRejectionEntity = defineEntity({
  name: 'MerchantIdRejectionEntity',
  tableName: 'merchant_id_rejection',
  properties: {
    merchantId: p.text().primary(),
    outletId: () =>
      p
        .manyToOne(OutletEntity)
        .primary()
        .mapToPk()
        .fieldName('outlet_id')
        .foreignKeyName('merchant_id_rejection_outlet_id_fkey')
        .index('merchant_id_rejection_outlet_id_idx'),
    rejectedBy: p.text(),
    rejectedAt: p.datetime(6),
  },
});
