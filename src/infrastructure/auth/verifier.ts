/**
 * JWT verification against the configured issuers, with jose.
 *
 * The token's own `iss` only chooses which issuer's keys are tried; it is believed after the signature holds.
 * Keys come from the issuer's JWKS, fetched on first use and again when a key id is unknown (rotation), at
 * most every 30 s.
 */
import { createRemoteJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { readClaims, type TokenClaims } from './claims.js';
import { InvalidTokenError, IssuerUnavailableError } from './errors.js';

/** Where an issuer's keys are: a JWKS address, OIDC discovery at the issuer's own, or the keys themselves. */
export type IssuerKeys =
  | { readonly jwksUri: string }
  | { readonly discovery: true }
  | { readonly keys: JWTVerifyGetKey };

export type IssuerConfig = { readonly issuer: string } & IssuerKeys;

export interface VerifiedToken {
  readonly claims: TokenClaims;
  readonly expiresAt: Date;
}

/** Throws InvalidTokenError, or IssuerUnavailableError when its keys cannot be fetched. */
export type TokenVerifier = (token: string, now: Date) => Promise<VerifiedToken>;

export const CLOCK_LEEWAY_SECONDS = 30;
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const FETCH_TIMEOUT_MS = 5_000;
const LARGEST_TOKEN = 8_192;

/** @param audience what `aud` must name: this gateway */
export function createTokenVerifier(issuers: readonly IssuerConfig[], audience: string): TokenVerifier {
  const keysOf = new Map(issuers.map((config) => [config.issuer, keyFinder(config)]));
  return async (token, now) => {
    if (token.length > LARGEST_TOKEN) throw new InvalidTokenError('The token is too large to be one.');
    const issuer = claimedIssuer(token);
    const keys = keysOf.get(issuer ?? '');
    if (keys === undefined || issuer === undefined)
      throw new InvalidTokenError('The token is from no issuer this gateway trusts.');
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_LEEWAY_SECONDS,
        currentDate: now,
        requiredClaims: ['sub', 'exp'],
      });
      return { claims: readClaims(payload), expiresAt: new Date((payload.exp as number) * 1_000) };
    } catch (error) {
      throw translated(error, issuer);
    }
  };
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw new InvalidTokenError('The token is not a JSON Web Token.');
  }
}

function keyFinder(config: IssuerConfig): JWTVerifyGetKey {
  if ('keys' in config) return config.keys;
  if ('jwksUri' in config) return remoteKeys(config.jwksUri);
  let discovered: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    discovered ??= discover(config.issuer).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return (await discovered)(header, token);
  };
}

const remoteKeys = (uri: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(uri), { timeoutDuration: FETCH_TIMEOUT_MS });

/** OpenID Connect Discovery 1.0, section 4: the document must name the very issuer it was asked of. */
async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = await fetchJson(address);
  if (document.issuer !== issuer) throw new IssuerUnavailableError(`${address} describes another issuer.`);
  if (typeof document.jwks_uri !== 'string') throw new IssuerUnavailableError(`${address} names no jwks_uri.`);
  return remoteKeys(document.jwks_uri);
}

async function fetchJson(address: string): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  } catch (cause) {
    throw new IssuerUnavailableError(`${address} cannot be read.`, { cause });
  }
}

/** jose's error codes -> sentences a client can act on. A code that is not here is a failure to fetch keys. */
const SENTENCES: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'The token has expired. Get a new one.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "The token's signature does not hold.",
  ERR_JWKS_NO_MATCHING_KEY: 'The token is signed by a key its issuer does not publish.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'The token does not say which of its issuer\'s keys signed it ("kid").',
  ERR_JOSE_ALG_NOT_ALLOWED: `The token must be signed with ${ALGORITHMS.join(', ')}.`,
  ERR_JOSE_NOT_SUPPORTED: `The token must be signed with ${ALGORITHMS.join(', ')}.`,
  ERR_JWS_INVALID: 'The token is not a JSON Web Token.',
  ERR_JWT_INVALID: 'The token is not a JSON Web Token.',
};

function translated(error: unknown, issuer: string): Error {
  if (error instanceof InvalidTokenError || error instanceof IssuerUnavailableError) return error;
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new InvalidTokenError(`The token's claim "${error.claim}" is missing or not acceptable here.`);
  }
  const sentence = error instanceof errors.JOSEError ? SENTENCES[error.code] : undefined;
  if (sentence !== undefined) return new InvalidTokenError(sentence);
  return new IssuerUnavailableError(`The keys of ${issuer} cannot be read.`, { cause: error });
}
