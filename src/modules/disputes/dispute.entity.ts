/** Disputes as rows, for reading. Written by dispute.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Evidence } from '../../domain/adjustments/adjustment.js';
import type { DisputeState } from '../../domain/settlement/dispute.js';
import { SettlementLineEntity } from '../settlement/index.js';

export const DisputeEntity = defineEntity({
  name: 'DisputeEntity',
  tableName: 'dispute',
  indexes: [{ name: 'dispute_programme_no_id_idx', properties: ['programmeNo', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    lineId: () =>
      p
        .manyToOne(SettlementLineEntity)
        .mapToPk()
        .fieldName('line_id')
        .foreignKeyName('dispute_line_id_fkey')
        .index('dispute_line_id_idx'),
    programmeNo: p.integer(),
    partyNo: p.integer(),
    amountMinor: p.bigint(),
    reason: p.text().nullable(),
    reasonSealed: p.blob().nullable(),
    evidence: p.json<readonly Evidence[]>().nullable(),
    evidenceSealed: p.blob().nullable(),
    state: p.text().$type<DisputeState>().default('OPEN'),
    openedBy: p.text(),
    openedAt: p.datetime(6),
    openingEntryNo: p.bigint(),
    resolvedBy: p.text().nullable(),
    resolvedAt: p.datetime(6).nullable(),
    resolution: p.text().nullable(),
    resolutionSealed: p.blob().nullable(),
    resolvingEntryNo: p.bigint().nullable(),
  },
});
export type DisputeEntity = InferEntity<typeof DisputeEntity>;
