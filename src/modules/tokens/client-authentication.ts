/**
 * Who a client is, by what it proves itself with: a secret (RFC 6749, section 2.3.1) or an assertion that it has signed
 * (RFC 7523, private_key_jwt), each good once and for minutes.
 */
import { createHash } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import {
  ALGORITHMS,
  CLOCK_LEEWAY_SECONDS,
  type ClientProof,
  IssuerUnavailableError,
  LARGEST_TOKEN,
  type LocalKeys,
  localKeys,
  type OAuthErrorCode,
} from '../../infrastructure/auth/index.js';
import type { Database } from '../../infrastructure/db/database.js';
import { type ClientAccount, findAccount, listPublicKeys, markKeyUsed, useSecret } from '../clients/index.js';
import { useAssertion } from './token.sql.js';

export interface ClientCheck {
  readonly database: Database;
  /** What an assertion's `aud` must name, one of them. */
  readonly audience: readonly string[];
  /** The keys that a client publishes at an address of its own. */
  readonly publishedKeys: (address: string) => LocalKeys;
  readonly now: () => Date;
}

type Checked = Result<ClientAccount, OAuthErrorCode>;

const LONGEST_ASSERTION_SECONDS = 300;
const LONGEST_JTI = 200;

/** One sentence whatever is wrong, so that nobody learns which clients there are. */
const unproven = () =>
  fail('invalid_client', 'The client is unknown or revoked, or what it sent does not prove that it is the one.');

export async function authenticateClient(proof: ClientProof, check: ClientCheck): Promise<Checked> {
  const checked = proof.method === 'SECRET' ? await bySecret(proof, check) : await byAssertion(proof, check);
  if (!checked.ok) return checked;
  if (checked.value.kind === 'PARTNER' && checked.value.partner?.active !== true)
    return fail('unauthorized_client', 'The partner of this client is not active here.');
  return checked;
}

async function bySecret(
  { clientId, secret }: Extract<ClientProof, { method: 'SECRET' }>,
  { database }: ClientCheck,
): Promise<Checked> {
  if (!isId(clientId)) return unproven();
  return database.command(async (tx) => {
    const client = await findAccount(tx, clientId);
    return client !== undefined && (await useSecret(tx, clientId, secret)) ? ok(client) : unproven();
  });
}

async function byAssertion(
  { assertion, clientId: named }: Extract<ClientProof, { method: 'ASSERTION' }>,
  { database, audience, publishedKeys, now }: ClientCheck,
): Promise<Checked> {
  const clientId = assertion.length > LARGEST_TOKEN ? undefined : claimedClient(assertion);
  if (!isId(clientId ?? '') || clientId === undefined || (named !== undefined && named !== clientId)) return unproven();
  const found = await database.command(async (tx) => {
    const client = await findAccount(tx, clientId);
    return client && { client, registered: await listPublicKeys(tx, clientId) };
  });
  if (found === undefined) return unproven();
  const { client, registered } = found;
  const keys = client.jwksUri === null ? localKeys(registered) : publishedKeys(client.jwksUri);
  const verified = await verifiedAssertion(assertion, keys, { clientId, audience, now: now() });
  if (verified === undefined) return unproven();
  const jtiHash = createHash('sha256').update(verified.jti).digest();
  return database.command(async (tx) => {
    if (!(await useAssertion(tx, clientId, jtiHash, verified.expiresAt)))
      return fail('invalid_client', 'The assertion was used before; sign a new one with another jti.');
    if (verified.kid !== undefined) await markKeyUsed(tx, clientId, verified.kid);
    return ok(client);
  });
}

function claimedClient(assertion: string): string | undefined {
  try {
    const { iss } = decodeJwt(assertion);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

interface Assertion {
  readonly jti: string;
  readonly kid: string | undefined;
  /** Until when it must be remembered. */
  readonly expiresAt: Date;
}

async function verifiedAssertion(
  assertion: string,
  keys: LocalKeys,
  { clientId, audience, now }: { clientId: string; audience: readonly string[]; now: Date },
): Promise<Assertion | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, keys, {
      issuer: clientId,
      subject: clientId,
      audience: [...audience],
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_LEEWAY_SECONDS,
      currentDate: now,
      requiredClaims: ['exp', 'jti'],
    });
    const { jti, exp } = payload;
    const seconds = now.getTime() / 1_000;
    const short = Number.isFinite(exp) && (exp as number) <= seconds + LONGEST_ASSERTION_SECONDS + CLOCK_LEEWAY_SECONDS;
    // A token of ours would never do: it names us as its issuer. Its type says so once more.
    if (!short || protectedHeader.typ?.toLowerCase().endsWith('at+jwt')) return undefined;
    if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return undefined;
    const expiresAt = new Date(((exp as number) + CLOCK_LEEWAY_SECONDS) * 1_000);
    return { jti, kid: protectedHeader.kid, expiresAt };
  } catch (error) {
    if (error instanceof IssuerUnavailableError) throw error;
    return undefined;
  }
}
