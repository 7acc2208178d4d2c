/** What waits for somebody to look, as rows. Written by review.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { HoldReason } from '../../domain/guards/outflow.js';
import type { OutflowKind, ReviewDecision } from './review.sql.js';

export const OutflowReviewEntity = defineEntity({
  name: 'OutflowReviewEntity',
  tableName: 'outflow_review',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    programmeNo: p.integer(),
    kind: p.text().$type<OutflowKind>(),
    reason: p.text().$type<HoldReason>(),
    bankNo: p.integer().nullable(),
    toMemberNo: p.integer().nullable(),
    requestedBy: p.text(),
    requestedAt: p.datetime(6),
    decision: p.text().$type<ReviewDecision>().nullable(),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime(6).nullable(),
    note: p.text().nullable(),
    noteSealed: p.blob().nullable(),
    outcomeId: p.uuid().nullable(),
  },
  indexes: [{ name: 'outflow_review_member_no_idx', properties: ['memberNo', 'id'] }],
});
export type OutflowReviewEntity = InferEntity<typeof OutflowReviewEntity>;
