/** Redemptions, the lots they take, and transfers, as rows. Written by redemption.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Channel } from '../../domain/earning/model.js';

export type RedemptionKind = 'PURCHASE' | 'ITEM' | 'CASH_OUT' | 'DONATION' | 'REVIEW';
export type RedemptionState = 'AUTHORISED' | 'CAPTURED' | 'VOIDED' | 'EXPIRED';

export const RedemptionEntity = defineEntity({
  name: 'RedemptionEntity',
  tableName: 'redemption',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    programmeNo: p.integer(),
    kind: p.text().$type<RedemptionKind>(),
    partnerNo: p.integer(),
    contractNo: p.integer().nullable(),
    reference: p.text().nullable(),
    bodyHash: p.blob().nullable().lazy(),
    channel: p.text().$type<Channel>().nullable(),
    transactionId: p.uuid().nullable(),
    state: p.text().$type<RedemptionState>(),
    priceMinor: p.text().nullable(),
    purchaseMinor: p.bigint(),
    discountMinor: p.bigint(),
    units: p.bigint(),
    valueMinor: p.bigint(),
    capturedUnits: p.bigint().defaultRaw('0'),
    capturedMinor: p.bigint().defaultRaw('0'),
    feeMinor: p.bigint().defaultRaw('0'),
    feeTaxMinor: p.bigint().defaultRaw('0'),
    returnedUnits: p.bigint().defaultRaw('0'),
    returnedMinor: p.bigint().defaultRaw('0'),
    basketReturnedMinor: p.bigint().defaultRaw('0'),
    authorisedAt: p.datetime(6),
    expiresAt: p.datetime(6),
    resolvedAt: p.datetime(6).nullable(),
  },
  indexes: [
    { name: 'redemption_member_no_idx', properties: ['memberNo', 'id'] },
    { name: 'redemption_partner_no_idx', properties: ['partnerNo', 'id'] },
  ],
});
export type RedemptionEntity = InferEntity<typeof RedemptionEntity>;

export const RedemptionTakeEntity = defineEntity({
  name: 'RedemptionTakeEntity',
  tableName: 'redemption_take',
  properties: {
    redemptionId: p.uuid().primary(),
    memberNo: p.integer().primary(),
    line: p.smallint().primary(),
    lotId: p.uuid(),
    units: p.bigint(),
    valueMinor: p.bigint(),
    commissionMinor: p.bigint(),
    taxMinor: p.bigint(),
    backUnits: p.bigint().defaultRaw('0'),
    backValueMinor: p.bigint().defaultRaw('0'),
    backCommissionMinor: p.bigint().defaultRaw('0'),
    backTaxMinor: p.bigint().defaultRaw('0'),
  },
});
export type RedemptionTakeEntity = InferEntity<typeof RedemptionTakeEntity>;

export const UnitTransferEntity = defineEntity({
  name: 'UnitTransferEntity',
  tableName: 'unit_transfer',
  properties: {
    id: p.uuid().primary(),
    fromMemberNo: p.integer().primary(),
    toMemberNo: p.integer(),
    programmeNo: p.integer(),
    units: p.bigint(),
    transferredAt: p.datetime(6),
  },
  indexes: [
    { name: 'unit_transfer_from_member_no_idx', properties: ['fromMemberNo', 'id'] },
    { name: 'unit_transfer_to_member_no_idx', properties: ['toMemberNo', 'id'] },
  ],
});
export type UnitTransferEntity = InferEntity<typeof UnitTransferEntity>;
