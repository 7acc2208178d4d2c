/** What a client proves itself with, as it is read when it signs in. */
import type { PartnerRole } from '../../domain/partners/partner.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { type ClientRecord, findClient } from './client.sql.js';
import { isSecretOf } from './client-secret.js';

export interface ClientPartner {
  readonly no: number;
  readonly code: string;
  readonly active: boolean;
  readonly roles: readonly PartnerRole[];
}

/** A client that has not been revoked. */
export interface ClientAccount extends ClientRecord {
  /** Of the kind PARTNER only. */
  readonly partner?: ClientPartner;
}

const FIND_PARTNER = statement(
  'clients.find-partner',
  `select no, code, status = 'ACTIVE' as active, roles from partner where no = $1`,
);

export async function findAccount(tx: DbTransaction, clientId: string): Promise<ClientAccount | undefined> {
  const client = await findClient(tx, clientId);
  if (client === undefined || client.revoked) return undefined;
  const [partner] = client.partnerNo === null ? [] : await tx.run<ClientPartner>(FIND_PARTNER, [client.partnerNo]);
  return { ...client, ...(partner && { partner }) };
}

const LIST_SECRETS = statement(
  'clients.list-secrets',
  'select id, hash from client_secret where client_id = $1 and (ends_at is null or ends_at > hansa_now())',
);
const MARK_SECRET = statement(
  'clients.mark-secret-used',
  `update client_secret set last_used_at = hansa_now()
   where id = $1 and (last_used_at is null or last_used_at < hansa_now() - interval '1 minute')`,
);

/** Whether a secret of the client is this one; notes that it was used, to the minute. */
export async function useSecret(tx: DbTransaction, clientId: string, secret: string): Promise<boolean> {
  const good = await tx.run<{ id: string; hash: Buffer }>(LIST_SECRETS, [clientId]);
  const used = good.filter(({ hash }) => isSecretOf(secret, hash));
  for (const { id } of used) await tx.run(MARK_SECRET, [id]);
  return used.length > 0;
}

const LIST_KEYS = statement(
  'clients.list-keys',
  'select kid, algorithm as alg, jwk from client_key where client_id = $1 and removed_at is null',
);
const MARK_KEY = statement(
  'clients.mark-key-used',
  `update client_key set last_used_at = hansa_now() where client_id = $1 and kid = $2 and removed_at is null
   and (last_used_at is null or last_used_at < hansa_now() - interval '1 minute')`,
);

/** The keys a client has registered, as a set of JSON Web Keys. */
export async function listPublicKeys(tx: DbTransaction, clientId: string): Promise<Record<string, string>[]> {
  const rows = await tx.run<{ kid: string; alg: string; jwk: Record<string, string> }>(LIST_KEYS, [clientId]);
  return rows.map(({ kid, alg, jwk }) => ({ ...jwk, kid, alg }));
}

export async function markKeyUsed(tx: DbTransaction, clientId: string, kid: string): Promise<void> {
  await tx.run(MARK_KEY, [clientId, kid]);
}
