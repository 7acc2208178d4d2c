/** Clients and what they prove themselves with, as rows for reading. Written by client.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ClientKind } from '../../domain/access/client.js';
import type { Scope } from '../../domain/access/principal.js';
import type { KeyAlgorithm } from '../../domain/access/public-key.js';

export const ApiClientEntity = defineEntity({
  name: 'ApiClientEntity',
  tableName: 'api_client',
  indexes: [{ name: 'api_client_partner_no_idx', properties: ['partnerNo'] }],
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    kind: p.text().$type<ClientKind>(),
    partnerNo: p.integer().nullable(),
    scopes: p.array().$type<Scope[]>().columnType('text[]'),
    jwksUri: p.text().nullable(),
    registeredBy: p.text(),
    registeredAt: p.datetime(6),
    revokedBy: p.text().nullable(),
    revokedAt: p.datetime(6).nullable(),
  },
});
export type ApiClientEntity = InferEntity<typeof ApiClientEntity>;

export const ClientSecretEntity = defineEntity({
  name: 'ClientSecretEntity',
  tableName: 'client_secret',
  properties: {
    id: p.uuid().primary(),
    clientId: () =>
      p
        .manyToOne(ApiClientEntity)
        .mapToPk()
        .fieldName('client_id')
        .foreignKeyName('client_secret_client_id_fkey')
        .index('client_secret_client_id_idx'),
    /** The reader may not select it. */
    hash: p.blob().lazy(),
    createdAt: p.datetime(6),
    endsAt: p.datetime(6).nullable(),
    lastUsedAt: p.datetime(6).nullable(),
  },
});
export type ClientSecretEntity = InferEntity<typeof ClientSecretEntity>;

export const ClientKeyEntity = defineEntity({
  name: 'ClientKeyEntity',
  tableName: 'client_key',
  properties: {
    id: p.uuid().primary(),
    clientId: () =>
      p
        .manyToOne(ApiClientEntity)
        .mapToPk()
        .fieldName('client_id')
        .foreignKeyName('client_key_client_id_fkey')
        .index('client_key_client_id_idx'),
    kid: p.text(),
    algorithm: p.text().$type<KeyAlgorithm>(),
    jwk: p.json<Readonly<Record<string, string>>>(),
    addedAt: p.datetime(6),
    removedAt: p.datetime(6).nullable(),
    lastUsedAt: p.datetime(6).nullable(),
  },
});
export type ClientKeyEntity = InferEntity<typeof ClientKeyEntity>;
