/**
 * Use cases on API clients: registering, rotating what they prove themselves with, revoking.
 *
 * A secret is told once. A repeated command answers with the same client and without the secret; who lost it rotates.
 */
import { calculateJwkThumbprint } from 'jose';
import { type ClientKind, checkClient, mayHandOn, mayTakeFrom } from '../../domain/access/client.js';
import type { Principal } from '../../domain/access/principal.js';
import { readPublicKey } from '../../domain/access/public-key.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { isScope } from '../../infrastructure/auth/index.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { type Action, authorize, itself, scopesFor } from '../access/index.js';
import { recordEvents } from '../events/index.js';
import { findPartner } from '../partners/index.js';
import type { ClientErrorCode } from './client.errors.js';
import {
  type ClientRecord,
  countSecrets,
  endSecret,
  endSecrets,
  insertClient,
  insertKey,
  insertSecret,
  listKids,
  lockClient,
  removeKey,
  revokeClient,
} from './client.sql.js';
import { newSecret, secretHash } from './client-secret.js';

export interface RegisterClient {
  readonly name: string;
  readonly kind: ClientKind;
  readonly partnerCode?: string;
  readonly scopes: readonly string[];
  readonly jwksUri?: string;
  /** Whether it gets a first secret; a client that signs with keys needs none. */
  readonly withSecret: boolean;
  readonly idempotencyKey: string;
}

export interface RotateSecret {
  readonly clientId: string;
  /** How long the secrets before it stay good. */
  readonly overlapMinutes: number;
  readonly idempotencyKey: string;
}

/** The client that was changed, and a new secret the first time that it is told. */
export interface Changed {
  readonly clientId: string;
  readonly secret?: string;
}
type Answer = Promise<Result<Changed, ClientErrorCode>>;

const MOST_SECRETS = 5;
const MOST_KEYS = 10;
const LONGEST_OVERLAP_MINUTES = 30 * 24 * 60;

export class ClientService {
  constructor(private readonly database: Database) {}

  /** Takes a client in. Nobody grants more than it may do itself. */
  async register(principal: Principal, command: RegisterClient): Answer {
    authorize(principal, 'client.register');
    const { name, kind, partnerCode, jwksUri, withSecret, idempotencyKey } = command;
    const unknown = command.scopes.find((scope) => !isScope(scope));
    if (unknown !== undefined)
      return fail('UNKNOWN_SCOPE', `There is no such scope; choose from ${scopesFor(kind).join(', ')}.`, 'scopes');
    const scopes = command.scopes.filter(isScope);
    const given = { name, kind, scopes, ...(partnerCode && { partnerCode }), ...(jwksUri && { jwksUri }) };
    const checked = checkClient(given, scopesFor(kind));
    if (!checked.ok) return checked;
    if (!mayHandOn(principal, given)) return moreThanYours();
    return this.once(principal, idempotencyKey, 'REGISTER_CLIENT', { ...checked.value, withSecret }, async (tx) => {
      const partner = partnerCode === undefined ? undefined : await findPartner(tx, partnerCode);
      if (partnerCode !== undefined && partner === undefined)
        return fail('UNKNOWN_PARTNER', 'There is no such partner; onboard it first.', 'partnerCode');
      const clientId = newId();
      await insertClient(tx, {
        ...checked.value,
        id: clientId,
        partnerNo: partner?.no ?? null,
        jwksUri: jwksUri ?? null,
        registeredBy: principal.subject,
      });
      tell(tx, { id: clientId, partnerNo: partner?.no ?? null }, 'client.registered');
      return ok(withSecret ? await giveSecret(tx, clientId) : { clientId });
    });
  }

  /** Gives a new secret; those before it stay good for a while, so that every machine can be told in turn. */
  async rotateSecret(principal: Principal, { clientId, overlapMinutes, idempotencyKey }: RotateSecret): Answer {
    if (!Number.isInteger(overlapMinutes) || overlapMinutes < 0 || overlapMinutes > LONGEST_OVERLAP_MINUTES) {
      const message = `Let older secrets stay good for 0 to ${LONGEST_OVERLAP_MINUTES} minutes.`;
      return fail('MALFORMED_OVERLAP', message, 'overlapMinutes');
    }
    return this.handOn(principal, clientId, (tx, client) =>
      answerWithoutSecret(tx, principal, idempotencyKey, 'ROTATE_SECRET', { clientId, overlapMinutes }, async () => {
        await endSecrets(tx, client.id, overlapMinutes);
        if ((await countSecrets(tx, client.id)) >= MOST_SECRETS) {
          const message = `At most ${MOST_SECRETS} secrets are good at once; end one, or rotate with a shorter overlap.`;
          return fail('TOO_MANY_SECRETS', message);
        }
        tell(tx, client, 'client.rotated');
        return ok(await giveSecret(tx, client.id));
      }),
    );
  }

  /** Ends one secret at once. Tokens it has got end by themselves; revoke the client to end them too. */
  endSecret(principal: Principal, clientId: string, secretId: string): Answer {
    return this.takeFrom(principal, clientId, async (tx, client) => {
      if (!isId(secretId) || !(await endSecret(tx, clientId, secretId)))
        return fail('UNKNOWN_SECRET', 'The client has no such secret; read its secrets.', 'secretId');
      tell(tx, client, 'client.rotated');
      return ok({ clientId });
    });
  }

  /** Registers a public key for private_key_jwt (RFC 7523). */
  async addKey(principal: Principal, clientId: string, publicKey: string): Answer {
    const key = readPublicKey(publicKey);
    if (!key.ok) return key;
    const kid = key.value.kid ?? (await calculateJwkThumbprint(key.value.jwk));
    return this.handOn(principal, clientId, async (tx, client) => {
      if (client.jwksUri !== null)
        return fail('KEYS_ARE_PUBLISHED', 'Publish the key at the address of the client’s keys instead.', 'publicKey');
      const kids = await listKids(tx, clientId);
      if (kids.includes(kid))
        return fail('KEY_TAKEN', 'Give the key another "kid", or remove the one before.', 'publicKey');
      if (kids.length >= MOST_KEYS)
        return fail('TOO_MANY_KEYS', `A client has at most ${MOST_KEYS} keys; remove one that is used no more.`);
      await insertKey(tx, newId(), clientId, { ...key.value, kid });
      tell(tx, client, 'client.rotated');
      return ok({ clientId });
    });
  }

  /** Nothing signed with the key is believed from then on. */
  removeKey(principal: Principal, clientId: string, keyId: string): Answer {
    return this.takeFrom(principal, clientId, async (tx, client) => {
      if (!isId(keyId) || !(await removeKey(tx, clientId, keyId)))
        return fail('UNKNOWN_KEY', 'The client has no such key; read its keys.', 'keyId');
      tell(tx, client, 'client.rotated');
      return ok({ clientId });
    });
  }

  /** Ends the client for good: it gets no token any more, and those it has are refused within a minute. */
  revoke(principal: Principal, clientId: string): Answer {
    return this.takeFrom(principal, clientId, async (tx, client) => {
      await revokeClient(tx, clientId, principal.subject);
      if (!client.revoked) tell(tx, client, 'client.revoked');
      return ok({ clientId });
    });
  }

  /** Inside a transaction with a client that whoever asks may get hold of, locked. */
  private handOn(
    principal: Principal,
    clientId: string,
    work: (tx: DbTransaction, client: ClientRecord) => Answer,
  ): Answer {
    return this.change(principal, 'client.rotate', clientId, async (tx, client) => {
      if (client.revoked)
        return fail('CLIENT_REVOKED', 'Register a new client; this one is revoked for good.', 'clientId');
      return mayHandOn(principal, client) ? work(tx, client) : moreThanYours();
    });
  }

  private takeFrom(
    principal: Principal,
    clientId: string,
    work: (tx: DbTransaction, client: ClientRecord) => Answer,
  ): Answer {
    return this.change(principal, 'client.revoke', clientId, async (tx, client) =>
      mayTakeFrom(principal, client.kind) ? work(tx, client) : moreThanYours(),
    );
  }

  private async change(
    principal: Principal,
    action: Action,
    clientId: string,
    work: (tx: DbTransaction, client: ClientRecord) => Answer,
  ): Answer {
    authorize(principal, action, itself(principal));
    return this.database.command(async (tx) => {
      const client = isId(clientId) ? await lockClient(tx, clientId) : undefined;
      const own = principal.kind !== 'PARTNER' || client?.partnerNo === principal.partnerNo;
      if (client === undefined || !own)
        return fail('UNKNOWN_CLIENT', 'There is no such client; read the list of clients.', 'clientId');
      return work(tx, client);
    });
  }

  private once(
    principal: Principal,
    idempotencyKey: string,
    operation: string,
    body: object,
    work: (tx: DbTransaction) => Answer,
  ): Answer {
    return this.database.command((tx) =>
      answerWithoutSecret(tx, principal, idempotencyKey, operation, body, () => work(tx)),
    );
  }
}

/** Stores an answer for its key without the secret, which nobody can read twice. */
async function answerWithoutSecret(
  tx: DbTransaction,
  principal: Principal,
  key: string,
  operation: string,
  body: object,
  work: () => Answer,
): Answer {
  let secret: string | undefined;
  const answer = await answerOnce<{ clientId: string }, ClientErrorCode>(
    tx,
    { client: principal.subject, key, operation, body },
    async () => {
      const changed = await work();
      if (!changed.ok) return changed;
      secret = changed.value.secret;
      return ok({ clientId: changed.value.clientId });
    },
  );
  return answer.ok ? ok({ ...answer.value, ...(secret !== undefined && { secret }) }) : answer;
}

async function giveSecret(tx: DbTransaction, clientId: string): Promise<Changed> {
  const secret = newSecret();
  await insertSecret(tx, newId(), clientId, secretHash(secret));
  return { clientId, secret };
}

/** To whoever runs the programmes, and to the partner whose client it is. */
const tell = (
  tx: DbTransaction,
  { id, partnerNo }: Pick<ClientRecord, 'id' | 'partnerNo'>,
  type: 'client.registered' | 'client.rotated' | 'client.revoked',
): void =>
  recordEvents(tx, [{ type, programmeNo: 0, partnerNos: partnerNo === null ? [] : [partnerNo], subjectId: id }]);

const moreThanYours = () =>
  fail('MORE_THAN_YOURS', 'The client may do what your own token may not; ask an administrator.');
