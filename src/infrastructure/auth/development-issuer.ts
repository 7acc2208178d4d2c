/**
 * In development the gateway is its own issuer: a key pair made at first start and kept in the data directory,
 * so that tokens outlive a restart. It refuses to exist in production, where anyone who could reach it would
 * be an administrator.
 */
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose';
import { v7 } from 'uuid';
import { OperatorError } from '../operator-error.js';
import type { TokenClaims } from './claims.js';
import type { IssuerConfig } from './verifier.js';

export const DEVELOPMENT_ISSUER = 'urn:hansa:development';
const ALGORITHM = 'ES256';
const FILE = 'development-issuer.jwk';

export interface DevelopmentIssuer {
  /** For createTokenVerifier. */
  readonly config: IssuerConfig;
  /** What /.well-known/jwks.json answers: the public half. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** Signs a token that this gateway accepts for `seconds`. */
  issue(claims: TokenClaims, seconds: number): Promise<string>;
}

/** Opens the issuer of a data directory, making its key pair when there is none. Throws in production. */
export async function openDevelopmentIssuer(options: {
  readonly dataDirectory: string;
  readonly environment: string;
  readonly audience: string;
}): Promise<DevelopmentIssuer> {
  if (options.environment === 'production') {
    throw new OperatorError(
      'The development issuer does not run in production. Configure an issuer of tokens instead.',
    );
  }
  const privateJwk = await keyOf(options.dataDirectory);
  const { kty, crv, x, y } = privateJwk as { kty: string; crv: string; x: string; y: string };
  const kid = await calculateJwkThumbprint(privateJwk);
  const jwks = { keys: [{ kty, crv, x, y, kid, alg: ALGORITHM, use: 'sig' }] };
  const key = await importJWK(privateJwk, ALGORITHM);
  return {
    config: { issuer: DEVELOPMENT_ISSUER, keys: createLocalJWKSet(jwks), own: 'DEVELOPMENT' },
    jwks,
    issue: (claims, seconds) =>
      new SignJWT(payloadOf(claims))
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid })
        .setIssuer(DEVELOPMENT_ISSUER)
        .setAudience(options.audience)
        .setSubject(claims.subject)
        .setIssuedAt()
        .setExpirationTime(new Date(Date.now() + seconds * 1_000))
        .setJti(v7())
        .sign(key),
  };
}

const payloadOf = ({ kind, scopes, partnerCode, memberId }: TokenClaims): Record<string, string> => ({
  scope: [...scopes].join(' '),
  hansa_kind: kind,
  ...(partnerCode !== undefined && { hansa_partner: partnerCode }),
  ...(memberId !== undefined && { hansa_member: memberId }),
});

async function keyOf(directory: string): Promise<JWK> {
  const path = join(directory, FILE);
  return (await readKey(path)) ?? (await makeKey(directory, path));
}

async function readKey(path: string): Promise<JWK | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  await chmod(path, 0o600);
  return JSON.parse(text) as JWK;
}

/** Two processes may start at once: the whole file is linked into place, and who comes second takes the first's. */
async function makeKey(directory: string, path: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  await mkdir(directory, { recursive: true });
  const draft = `${path}.${v7()}`;
  await writeFile(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  return (await readKey(path)) as JWK;
}
