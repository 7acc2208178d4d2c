/**
 * JWT verification against the issuers that are trusted, with jose.
 *
 * The token's own `iss` only chooses which issuer's keys are tried; it is believed after the signature holds. Keys come
 * from the issuer alone: what a token says about where its key is (jku, x5u, jwk, x5c) is never looked at.
 */
import { decodeJwt, errors, type JWTHeaderParameters, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { PrincipalKind, Scope } from '../../domain/access/principal.js';
import { readClaims, type TokenClaims } from './claims.js';
import { InvalidTokenError, IssuerUnavailableError } from './errors.js';
import { type IssuerKeys, keysOfIssuer } from './issuer-keys.js';

/** What tokens of an issuer outside may say. Whatever else they say makes them invalid. */
export interface IssuerTrust {
  readonly kinds: readonly PrincipalKind[];
  /** All scopes when absent; others are left out of its tokens. */
  readonly scopes?: readonly Scope[];
  /** For which partners it may speak; for all when absent. */
  readonly partners?: readonly string[];
}

export type IssuerConfig = { readonly issuer: string } & (
  | (IssuerKeys & { readonly trust: IssuerTrust })
  /** The gateway itself: its subjects are ours, and its tokens name the client that got them. */
  | { readonly keys: JWTVerifyGetKey; readonly own: 'AUTHORIZATION_SERVER' | 'DEVELOPMENT' }
);

export interface VerifiedToken {
  readonly claims: TokenClaims;
  readonly expiresAt: Date;
}

/** Throws InvalidTokenError, or IssuerUnavailableError when its keys cannot be fetched. */
export type TokenVerifier = (token: string, now: Date) => Promise<VerifiedToken>;

export const CLOCK_LEEWAY_SECONDS = 30;
/** Asymmetric ones alone: a public key never verifies what anybody who knows it could have made. */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
export const LARGEST_TOKEN = 8_192;
/** Tokens of issuers outside cannot be revoked here, so they must be over within a day. */
const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/** @param audience what `aud` must name: this gateway */
export function createTokenVerifier(issuers: readonly IssuerConfig[], audience: string): TokenVerifier {
  const known = new Map(issuers.map((config) => [config.issuer, { config, keys: keysOfIssuer(config) }]));
  return async (token, now) => {
    if (token.length > LARGEST_TOKEN) throw new InvalidTokenError('The token is too large to be one.');
    const from = known.get(claimedIssuer(token) ?? '');
    if (from === undefined) throw new InvalidTokenError('The token is from no issuer this gateway trusts.');
    const { config, keys } = from;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: config.issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_LEEWAY_SECONDS,
        currentDate: now,
        requiredClaims: ['sub', 'exp'],
      });
      checkType(protectedHeader, config);
      checkTimes(payload, now, config);
      const expiresAt = new Date((payload.exp as number) * 1_000);
      return { claims: claimsFrom(config, payload), expiresAt };
    } catch (error) {
      throw translated(error);
    }
  };
}

function claimedIssuer(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    throw new InvalidTokenError('The token is not a JSON Web Token.');
  }
}

/** `typ` says what a token is for (RFC 8725, section 3.11). Issuers outside may leave it out. */
function checkType({ typ }: JWTHeaderParameters, config: IssuerConfig): void {
  const type = typ?.toLowerCase().replace(/^application\//, '');
  const right =
    'own' in config
      ? type === (config.own === 'DEVELOPMENT' ? 'jwt' : 'at+jwt')
      : type === undefined || type === 'jwt' || type === 'at+jwt';
  if (!right) throw new InvalidTokenError('The token is not an access token.');
}

/** What jose leaves open: JSON can spell numbers that never come to pass, such as 1e999. */
function checkTimes({ exp, iat }: JWTPayload, now: Date, config: IssuerConfig): void {
  const seconds = now.getTime() / 1_000;
  if (!Number.isFinite(exp)) throw new InvalidTokenError('The token\'s claim "exp" is missing or not acceptable here.');
  if (iat !== undefined && !(Number.isFinite(iat) && iat <= seconds + CLOCK_LEEWAY_SECONDS))
    throw new InvalidTokenError('The token\'s claim "iat" is not acceptable here.');
  if (!('own' in config) && (exp as number) > seconds + LONGEST_LIFE_SECONDS + CLOCK_LEEWAY_SECONDS)
    throw new InvalidTokenError('The token is good for more than a day. Let its issuer give shorter ones.');
}

function claimsFrom(config: IssuerConfig, payload: JWTPayload): TokenClaims {
  const claims = readClaims(payload);
  if ('trust' in config) return asTrusted(claims, config);
  return config.own === 'DEVELOPMENT' ? claims : asIssued(claims, payload);
}

/** Two issuers may call different people alike, so the issuer is part of the name. */
function asTrusted(claims: TokenClaims, { issuer, trust }: { issuer: string; trust: IssuerTrust }): TokenClaims {
  if (!trust.kinds.includes(claims.kind))
    throw new InvalidTokenError(`The issuer of the token may not speak for anybody of the kind ${claims.kind} here.`);
  if (claims.partnerCode !== undefined && trust.partners?.includes(claims.partnerCode) === false)
    throw new InvalidTokenError('The issuer of the token may not speak for this partner here.');
  const scopes = trust.scopes ?? [...claims.scopes];
  return {
    ...claims,
    subject: `${issuer}|${claims.subject}`,
    scopes: new Set(scopes.filter((scope) => claims.scopes.has(scope))),
  };
}

/** Who acts for somebody else is part of the name: two banks' apps are two clients, also for one member. */
function asIssued(claims: TokenClaims, { client_id: clientId, jti: tokenId, act: actor }: JWTPayload): TokenClaims {
  if (typeof clientId !== 'string' || typeof tokenId !== 'string')
    throw new InvalidTokenError('The token names no client.');
  const subject = actor === undefined ? claims.subject : `client:${clientId}/${claims.subject}`;
  return { ...claims, subject, issued: { clientId, tokenId } };
}

/** jose's error codes -> sentences a client can act on. */
const SENTENCES: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'The token has expired. Get a new one.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "The token's signature does not hold.",
  ERR_JWKS_NO_MATCHING_KEY: 'The token is signed by a key its issuer does not publish.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'The token does not say which of its issuer\'s keys signed it ("kid").',
  ERR_JOSE_ALG_NOT_ALLOWED: `The token must be signed with ${ALGORITHMS.join(', ')}.`,
  ERR_JOSE_NOT_SUPPORTED: `The token must be signed with ${ALGORITHMS.join(', ')}.`,
};
const NO_TOKEN = 'The token is not a JSON Web Token.';

/** Whatever of a token cannot be worked with is the token's fault; only keys that cannot be had are not. */
function translated(error: unknown): unknown {
  if (error instanceof errors.JWTClaimValidationFailed)
    return new InvalidTokenError(`The token's claim "${error.claim}" is missing or not acceptable here.`);
  if (error instanceof errors.JOSEError) return new InvalidTokenError(SENTENCES[error.code] ?? NO_TOKEN);
  if (error instanceof InvalidTokenError || error instanceof IssuerUnavailableError) return error;
  if (error instanceof TypeError || error instanceof DOMException)
    return new InvalidTokenError('The token is signed in a way that cannot be checked.');
  return error;
}
