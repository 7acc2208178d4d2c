/** Events as rows, for reading. Written by the .sql.ts files alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Audience, EventType } from '../../domain/events/event-type.js';

export const EventEntity = defineEntity({
  name: 'EventEntity',
  tableName: 'event',
  properties: {
    position: p.bigint().primary().autoincrement().generated('by default as identity'),
    id: p.uuid(),
    number: p.bigint().nullable(),
    type: p.text().$type<EventType>(),
    programmeNo: p.integer(),
    orderingKey: p.text(),
    memberNo: p.integer().nullable(),
    partnerNos: p.array<number>().columnType('integer[]'),
    audience: p.text().$type<Audience>(),
    subjectId: p.uuid().nullable(),
    causeId: p.uuid().nullable(),
    recordedAt: p.datetime(6).defaultRaw('hansa_now()'),
  },
});
export type EventEntity = InferEntity<typeof EventEntity>;
