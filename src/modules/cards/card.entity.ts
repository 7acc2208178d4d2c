/** Linked cards, as rows. Written by card.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const CardEntity = defineEntity({
  name: 'CardEntity',
  tableName: 'card',
  uniques: [{ name: 'card_programme_no_token_key', properties: ['programmeNo', 'token'] }],
  indexes: [{ name: 'card_member_no_idx', properties: ['memberNo'] }],
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary().autoincrement(false),
    programmeNo: p.integer(),
    token: p.text(),
    lastFour: p.character().length(4),
    issuerNo: p.integer(),
    linkedAt: p.datetime(6),
    unlinkedAt: p.datetime(6).nullable(),
    product: p.text().nullable(),
    account: p.text().nullable(),
    statementDay: p.smallint().nullable(),
  },
});
export type CardEntity = InferEntity<typeof CardEntity>;
