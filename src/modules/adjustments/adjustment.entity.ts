/** Adjustments as rows, for reading. Written by adjustment.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { AdjustmentKind, AdjustmentState, Evidence } from '../../domain/adjustments/adjustment.js';

export const AdjustmentEntity = defineEntity({
  name: 'AdjustmentEntity',
  tableName: 'adjustment',
  indexes: [{ name: 'adjustment_programme_no_id_idx', properties: ['programmeNo', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    kind: p.text().$type<AdjustmentKind>(),
    memberNo: p.integer().nullable(),
    partnerNo: p.integer().nullable(),
    units: p.bigint().nullable(),
    amountMinor: p.bigint(),
    expiresOn: p.date().nullable(),
    reason: p.text().nullable(),
    reasonSealed: p.blob().nullable(),
    evidence: p.json<readonly Evidence[]>().nullable(),
    evidenceSealed: p.blob().nullable(),
    state: p.text().$type<AdjustmentState>().default('PENDING'),
    requestedBy: p.text(),
    requestedAt: p.datetime(6),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime(6).nullable(),
    decisionNote: p.text().nullable(),
    decisionNoteSealed: p.blob().nullable(),
    entryNo: p.bigint().nullable(),
  },
});
export type AdjustmentEntity = InferEntity<typeof AdjustmentEntity>;
