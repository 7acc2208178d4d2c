/** Commission of whole statements, as the read side sees it. Written by commission.sql.ts. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const StatementCommissionEntity = defineEntity({
  name: 'StatementCommissionEntity',
  tableName: 'statement_commission',
  properties: {
    programmeNo: p.integer().primary().autoincrement(false),
    partyNo: p.integer().primary().autoincrement(false),
    afterWindow: p.integer().primary().autoincrement(false),
    throughWindow: p.integer(),
    since: p.date(),
    windowNo: p.integer().index('statement_commission_window_no_idx'),
    entryNo: p.bigint(),
    baseMinor: p.bigint(),
    commissionMinor: p.bigint(),
    taxMinor: p.bigint(),
  },
});
export type StatementCommissionEntity = InferEntity<typeof StatementCommissionEntity>;
