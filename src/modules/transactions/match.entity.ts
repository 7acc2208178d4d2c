/** Purchases that may be one, as rows, for reading. Written by match.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Likeness } from '../../domain/transactions/same-purchase.js';

export type MatchState = 'PROPOSED' | 'CONFIRMED' | 'REJECTED' | 'SUPERSEDED';

export const PurchaseMatchEntity = defineEntity({
  name: 'PurchaseMatchEntity',
  tableName: 'purchase_match',
  indexes: [{ name: 'purchase_match_programme_no_id_idx', properties: ['programmeNo', 'id'] }],
  uniques: [{ name: 'purchase_match_earlier_id_later_id_key', properties: ['earlierId', 'laterId'] }],
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    memberNo: p.integer(),
    earlierId: p.uuid(),
    laterId: p.uuid().index('purchase_match_later_id_idx'),
    likeness: p.json().$type<Likeness>(),
    state: p.text().$type<MatchState>().default('PROPOSED'),
    proposedAt: p.datetime(6),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime(6).nullable(),
  },
});
export type PurchaseMatchEntity = InferEntity<typeof PurchaseMatchEntity>;
