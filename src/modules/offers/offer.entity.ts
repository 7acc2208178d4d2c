/** What members chose and activated and the segments they are in, as rows. Written by offer.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const MemberChoiceEntity = defineEntity({
  name: 'MemberChoiceEntity',
  tableName: 'member_choice',
  properties: {
    memberNo: p.integer().primary().autoincrement(false),
    choiceCode: p.text().primary(),
    period: p.date().primary(),
    version: p.integer().primary().autoincrement(false),
    categories: p.array().$type<string[]>().columnType('text[]'),
    locked: p.boolean(),
    chosenAt: p.datetime(6),
    chosenOn: p.date(),
  },
});
export type MemberChoiceEntity = InferEntity<typeof MemberChoiceEntity>;

export const MemberActivationEntity = defineEntity({
  name: 'MemberActivationEntity',
  tableName: 'member_activation',
  properties: {
    memberNo: p.integer().primary().autoincrement(false),
    ruleCode: p.text().primary(),
    period: p.date().primary(),
    activatedAt: p.datetime(6),
    activatedOn: p.date(),
  },
});
export type MemberActivationEntity = InferEntity<typeof MemberActivationEntity>;

export const MemberSegmentEntity = defineEntity({
  name: 'MemberSegmentEntity',
  tableName: 'member_segment',
  properties: {
    memberNo: p.integer().primary().autoincrement(false),
    segment: p.text().primary(),
    fromDay: p.date().primary(),
    untilDay: p.date().nullable(),
  },
});
export type MemberSegmentEntity = InferEntity<typeof MemberSegmentEntity>;
