/** Receipts of erasures, as rows. Written by erasure.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const ErasureEntity = defineEntity({
  name: 'ErasureEntity',
  tableName: 'erasure',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary().unique('erasure_member_no_key'),
    memberId: p.uuid(),
    programmeNo: p.integer(),
    erasedAt: p.datetime(6),
    requestedBy: p.text(),
    forfeitedUnits: p.bigint(),
    rows: p.json<Readonly<Record<string, number>>>(),
  },
});
export type ErasureEntity = InferEntity<typeof ErasureEntity>;
