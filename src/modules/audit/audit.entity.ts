/** The audit log, as rows. Written by infrastructure/db/acts.ts; the ORM only reads it. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ActOutcome } from '../../infrastructure/db/acts.js';

export const AuditEntryEntity = defineEntity({
  name: 'AuditEntryEntity',
  tableName: 'audit_entry',
  indexes: [{ name: 'audit_entry_subjects_idx', properties: ['subjects'], type: 'gin' }],
  properties: {
    id: p.uuid().primary(),
    recordedAt: p.datetime(6),
    actor: p.text(),
    actorKind: p.text(),
    operation: p.text(),
    requestId: p.text(),
    outcome: p.text().$type<ActOutcome>(),
    code: p.text().nullable(),
    subjects: p.array(),
    input: p.json<object>(),
  },
});
export type AuditEntryEntity = InferEntity<typeof AuditEntryEntity>;
