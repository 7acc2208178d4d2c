/** Clients: registering, changing what they prove themselves with, and reading that when they sign in. */
import type { ClientKind } from '../../domain/access/client.js';
import type { Scope } from '../../domain/access/principal.js';
import type { PublicKey } from '../../domain/access/public-key.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface ClientRecord {
  readonly id: string;
  readonly kind: ClientKind;
  readonly partnerNo: number | null;
  readonly scopes: readonly Scope[];
  readonly jwksUri: string | null;
  readonly revoked: boolean;
}

const COLUMNS = `id, kind, partner_no as "partnerNo", scopes, jwks_uri as "jwksUri", revoked_at is not null as revoked`;

const FIND = statement('clients.find', `select ${COLUMNS} from api_client where id = $1`);
const LOCK = statement('clients.lock', `select ${COLUMNS} from api_client where id = $1 for update`);

export async function findClient(tx: DbTransaction, id: string): Promise<ClientRecord | undefined> {
  const [row] = await tx.run<ClientRecord>(FIND, [id]);
  return row;
}

/** Changes of one client follow each other. */
export async function lockClient(tx: DbTransaction, id: string): Promise<ClientRecord | undefined> {
  const [row] = await tx.run<ClientRecord>(LOCK, [id]);
  return row;
}

const INSERT = statement(
  'clients.insert',
  `insert into api_client (id, name, kind, partner_no, scopes, jwks_uri, registered_by, registered_at)
   values ($1, $2, $3, $4, $5, $6, $7, hansa_now())`,
);

export interface ClientRow extends Omit<ClientRecord, 'revoked'> {
  readonly name: string;
  readonly registeredBy: string;
}

export async function insertClient(tx: DbTransaction, row: ClientRow): Promise<void> {
  const { id, name, kind, partnerNo, scopes, jwksUri, registeredBy } = row;
  await tx.run(INSERT, [id, name, kind, partnerNo, scopes, jwksUri, registeredBy]);
}

const REVOKE = statement(
  'clients.revoke',
  'update api_client set revoked_by = $2, revoked_at = hansa_now() where id = $1 and revoked_at is null',
);

export async function revokeClient(tx: DbTransaction, id: string, by: string): Promise<void> {
  await tx.run(REVOKE, [id, by]);
}

const COUNT_SECRETS = statement(
  'clients.count-secrets',
  'select count(*)::int as count from client_secret where client_id = $1 and (ends_at is null or ends_at > hansa_now())',
);

/** How many secrets of a client are good now. */
export async function countSecrets(tx: DbTransaction, clientId: string): Promise<number> {
  const [row] = await tx.run<{ count: number }>(COUNT_SECRETS, [clientId]);
  return row?.count ?? 0;
}

const END_SECRETS = statement(
  'clients.end-secrets',
  `update client_secret set ends_at = hansa_now() + make_interval(mins => $2)
   where client_id = $1 and (ends_at is null or ends_at > hansa_now() + make_interval(mins => $2))`,
);

/** Lets every secret of a client end in so many minutes, unless it ends before. */
export async function endSecrets(tx: DbTransaction, clientId: string, minutes: number): Promise<void> {
  await tx.run(END_SECRETS, [clientId, minutes]);
}

const END_SECRET = statement(
  'clients.end-secret',
  `update client_secret set ends_at = least(ends_at, hansa_now()) where id = $2 and client_id = $1 returning id`,
);

/** Ends one secret now. False when the client has none of that id. */
export async function endSecret(tx: DbTransaction, clientId: string, secretId: string): Promise<boolean> {
  return (await tx.run(END_SECRET, [clientId, secretId])).length > 0;
}

const INSERT_SECRET = statement(
  'clients.insert-secret',
  'insert into client_secret (id, client_id, hash, created_at) values ($1, $2, $3, hansa_now())',
);

export async function insertSecret(tx: DbTransaction, id: string, clientId: string, hash: Buffer): Promise<void> {
  await tx.run(INSERT_SECRET, [id, clientId, hash]);
}

const LIST_KIDS = statement(
  'clients.list-kids',
  'select kid from client_key where client_id = $1 and removed_at is null',
);

export async function listKids(tx: DbTransaction, clientId: string): Promise<string[]> {
  return (await tx.run<{ kid: string }>(LIST_KIDS, [clientId])).map(({ kid }) => kid);
}

const INSERT_KEY = statement(
  'clients.insert-key',
  'insert into client_key (id, client_id, kid, algorithm, jwk, added_at) values ($1, $2, $3, $4, $5, hansa_now())',
);

export async function insertKey(
  tx: DbTransaction,
  id: string,
  clientId: string,
  { kid, algorithm, jwk }: PublicKey & { readonly kid: string },
): Promise<void> {
  await tx.run(INSERT_KEY, [id, clientId, kid, algorithm, JSON.stringify(jwk)]);
}

const REMOVE_KEY = statement(
  'clients.remove-key',
  'update client_key set removed_at = coalesce(removed_at, hansa_now()) where id = $2 and client_id = $1 returning id',
);

/** False when the client has no key of that id. */
export async function removeKey(tx: DbTransaction, clientId: string, keyId: string): Promise<boolean> {
  return (await tx.run(REMOVE_KEY, [clientId, keyId])).length > 0;
}
