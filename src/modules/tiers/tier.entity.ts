/** Standings and their history, as the read side sees them. Written by tier.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { TierChangeReason } from '../../domain/tiers/change.js';

export const MemberTierEntity = defineEntity({
  name: 'MemberTierEntity',
  tableName: 'member_tier',
  indexes: [{ name: 'member_tier_programme_no_idx', properties: ['programmeNo', 'memberNo'] }],
  properties: {
    memberNo: p.integer().primary().autoincrement(false),
    programmeNo: p.integer(),
    tierCode: p.text(),
    since: p.date(),
    reviewOn: p.date().nullable(),
  },
});
export type MemberTierEntity = InferEntity<typeof MemberTierEntity>;

export const MemberTierChangeEntity = defineEntity({
  name: 'MemberTierChangeEntity',
  tableName: 'member_tier_change',
  properties: {
    memberNo: p.integer().primary(),
    id: p.uuid().primary(),
    changedOn: p.date(),
    recordedAt: p.datetime(6),
    fromCode: p.text().nullable(),
    toCode: p.text(),
    metric: p.bigint(),
    because: p.text().$type<TierChangeReason>(),
  },
});
export type MemberTierChangeEntity = InferEntity<typeof MemberTierChangeEntity>;
