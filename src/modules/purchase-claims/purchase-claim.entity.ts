/** Claims of members as rows, for reading. Written by purchase-claim.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export type ClaimState = 'OPEN' | 'FOUND' | 'ATTACHED' | 'GRANTED' | 'REFUSED';

export const PurchaseClaimEntity = defineEntity({
  name: 'PurchaseClaimEntity',
  tableName: 'purchase_claim',
  indexes: [{ name: 'purchase_claim_programme_no_id_idx', properties: ['programmeNo', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    memberNo: p.integer().index('purchase_claim_member_no_idx'),
    partnerNo: p.integer(),
    outletCode: p.text().nullable(),
    amountMinor: p.bigint(),
    boughtAt: p.datetime(6),
    businessDate: p.date(),
    receipt: p.text().nullable(),
    receiptSealed: p.blob().nullable(),
    note: p.text().nullable(),
    noteSealed: p.blob().nullable(),
    state: p.text().$type<ClaimState>(),
    openedBy: p.text(),
    openedAt: p.datetime(6),
    decideBy: p.date(),
    overdueAt: p.datetime(6).nullable(),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime(6).nullable(),
    resolution: p.text().nullable(),
    resolutionSealed: p.blob().nullable(),
    transactionId: p.uuid().nullable(),
  },
});
export type PurchaseClaimEntity = InferEntity<typeof PurchaseClaimEntity>;
