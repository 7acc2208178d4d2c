/** Members' rules of rounding up, as rows. Written by round-up.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const RoundUpEntity = defineEntity({
  name: 'RoundUpEntity',
  tableName: 'round_up',
  properties: {
    memberNo: p.integer().primary().autoincrement(false),
    programmeNo: p.integer(),
    charityNo: p.integer(),
    stepMinor: p.bigint(),
    setAt: p.datetime(6),
    seenId: p.uuid(),
    restMinor: p.bigint().defaultRaw('0'),
  },
  indexes: [{ name: 'round_up_programme_no_idx', properties: ['programmeNo', 'memberNo'] }],
});
export type RoundUpEntity = InferEntity<typeof RoundUpEntity>;
