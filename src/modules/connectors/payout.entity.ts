/** What banks were told to pay out, as rows, for reading. Written by payout.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { PayoutState } from '../../domain/connectors/payout.js';
import { ConnectorEntity } from './connector.entity.js';

export const PartnerPayoutEntity = defineEntity({
  name: 'PartnerPayoutEntity',
  tableName: 'partner_payout',
  properties: {
    redemptionId: p.uuid().primary(),
    memberNo: p.integer().primary(),
    programmeNo: p.integer(),
    partnerNo: p.integer(),
    connectorId: () =>
      p
        .manyToOne(ConnectorEntity)
        .mapToPk()
        .fieldName('connector_id')
        .foreignKeyName('partner_payout_connector_id_fkey')
        .index('partner_payout_connector_id_idx'),
    cardId: p.uuid(),
    amountMinor: p.bigint(),
    currencyCode: p.character().length(3),
    state: p.text().$type<PayoutState>().default('PENDING'),
    asked: p.integer().default(0),
    nextAskAt: p.datetime(6),
    lastFaultCode: p.text().nullable(),
    bankReference: p.text().nullable(),
    bankReason: p.text().nullable(),
    madeAt: p.datetime(6),
    settledAt: p.datetime(6).nullable(),
  },
  indexes: [{ name: 'partner_payout_programme_no_idx', properties: ['programmeNo', 'redemptionId'] }],
});
export type PartnerPayoutEntity = InferEntity<typeof PartnerPayoutEntity>;
