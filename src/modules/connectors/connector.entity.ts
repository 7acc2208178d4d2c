/** Connectors, their runs and what they rejected as rows, for reading. Written by connector.sql.ts and feed.sql.ts. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ConnectorAuth, ConnectorKind, ConnectorStatus, Endpoint } from '../../domain/connectors/connector.js';

export const ConnectorEntity = defineEntity({
  name: 'ConnectorEntity',
  tableName: 'connector',
  indexes: [{ name: 'connector_partner_no_idx', properties: ['partnerNo', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    code: p.text().unique('connector_code_key'),
    partnerNo: p.integer(),
    programmeNo: p.integer(),
    kind: p.text().$type<ConnectorKind>(),
    address: p.text(),
    auth: p.json<ConnectorAuth>(),
    secret: p.blob().nullable().lazy(),
    endpoints: p.json<readonly Endpoint[]>(),
    everySeconds: p.integer(),
    status: p.text().$type<ConnectorStatus>().default('ACTIVE'),
    createdBy: p.text(),
    createdAt: p.datetime(6),
    changedAt: p.datetime(6),
    cursor: p.text().nullable(),
    nextRunAt: p.datetime(6),
    runId: p.uuid().nullable(),
    runUntil: p.datetime(6).nullable(),
    failures: p.integer().default(0),
    lastRunAt: p.datetime(6).nullable(),
    lastSuccessAt: p.datetime(6).nullable(),
    lastFaultCode: p.text().nullable(),
    lastFaultDetail: p.text().nullable(),
    newestAt: p.datetime(6).nullable(),
  },
});
export type ConnectorEntity = InferEntity<typeof ConnectorEntity>;

export const ConnectorRunEntity = defineEntity({
  name: 'ConnectorRunEntity',
  tableName: 'connector_run',
  properties: {
    id: p.uuid().primary(),
    connectorId: () =>
      p
        .manyToOne(ConnectorEntity)
        .mapToPk()
        .fieldName('connector_id')
        .foreignKeyName('connector_run_connector_id_fkey')
        .index(false),
    partnerNo: p.integer(),
    startedAt: p.datetime(6),
    endedAt: p.datetime(6).nullable(),
    pages: p.integer().default(0),
    accepted: p.integer().default(0),
    duplicates: p.integer().default(0),
    rejected: p.integer().default(0),
    faultCode: p.text().nullable(),
    faultDetail: p.text().nullable(),
  },
  indexes: [{ name: 'connector_run_connector_id_idx', properties: ['connectorId', 'id'] }],
});
export type ConnectorRunEntity = InferEntity<typeof ConnectorRunEntity>;

export const ConnectorRejectEntity = defineEntity({
  name: 'ConnectorRejectEntity',
  tableName: 'connector_reject',
  properties: {
    id: p.uuid().primary(),
    connectorId: () =>
      p
        .manyToOne(ConnectorEntity)
        .mapToPk()
        .fieldName('connector_id')
        .foreignKeyName('connector_reject_connector_id_fkey')
        .index(false),
    partnerNo: p.integer(),
    runId: p.uuid(),
    itemHash: p.blob().lazy(),
    reference: p.text().nullable(),
    fileName: p.text().nullable(),
    line: p.integer().nullable(),
    code: p.text(),
    reason: p.text(),
    rejectedAt: p.datetime(6),
  },
  indexes: [{ name: 'connector_reject_connector_id_idx', properties: ['connectorId', 'id'] }],
  uniques: [{ name: 'connector_reject_connector_id_item_hash_key', properties: ['connectorId', 'itemHash'] }],
});
export type ConnectorRejectEntity = InferEntity<typeof ConnectorRejectEntity>;
