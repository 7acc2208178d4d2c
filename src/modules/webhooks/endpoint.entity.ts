/** Webhook endpoints and how their attempts went, as rows. Written by the .sql.ts files; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { EventType } from '../../domain/events/event-type.js';

export type EndpointStatus = 'ACTIVE' | 'PAUSED' | 'DISABLED';
/** Somebody asked for it, nothing could be delivered for days, or the receiver has answered 410. */
export type StatusReason = 'REQUESTED' | 'FAILING' | 'GONE';

export const WebhookEndpointEntity = defineEntity({
  name: 'WebhookEndpointEntity',
  tableName: 'webhook_endpoint',
  properties: {
    no: p.integer().primary().autoincrement().generated('by default as identity'),
    id: p.uuid().unique('webhook_endpoint_id_key'),
    partnerNo: p.integer().nullable().index('webhook_endpoint_partner_no_idx'),
    url: p.text(),
    description: p.text().nullable(),
    eventTypes: p.array<EventType>().columnType('text[]'),
    status: p.text().$type<EndpointStatus>().default('ACTIVE'),
    statusReason: p.text().$type<StatusReason>().nullable(),
    statusAt: p.datetime(6),
    createdBy: p.text(),
    createdAt: p.datetime(6),
    cursor: p.bigint(),
    failingSince: p.datetime(6).nullable(),
    failedRounds: p.integer().default(0),
    restsUntil: p.datetime(6).nullable(),
    lease: p.uuid().nullable(),
    leasedUntil: p.datetime(6).nullable(),
    servedAt: p.datetime(6).nullable(),
  },
});
export type WebhookEndpointEntity = InferEntity<typeof WebhookEndpointEntity>;

export type AttemptOutcome = 'DELIVERED' | 'FAILED' | 'GIVEN_UP';

export const WebhookAttemptEntity = defineEntity({
  name: 'WebhookAttemptEntity',
  tableName: 'webhook_attempt',
  indexes: [{ name: 'webhook_attempt_endpoint_no_id_idx', properties: ['endpointNo', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    endpointNo: () =>
      p
        .manyToOne(WebhookEndpointEntity)
        .mapToPk()
        .fieldName('endpoint_no')
        .foreignKeyName('webhook_attempt_endpoint_no_fkey')
        .deleteRule('cascade'),
    number: p.bigint(),
    eventId: p.uuid(),
    eventType: p.text().$type<EventType>(),
    attempt: p.smallint(),
    attemptedAt: p.datetime(6),
    latencyMs: p.integer(),
    outcome: p.text().$type<AttemptOutcome>(),
    status: p.smallint().nullable(),
    fault: p.text().nullable(),
  },
});
export type WebhookAttemptEntity = InferEntity<typeof WebhookAttemptEntity>;
