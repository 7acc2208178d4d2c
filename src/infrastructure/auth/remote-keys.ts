/**
 * Sets of keys: those at hand, and those that somebody publishes, fetched seldom and within bounds.
 *
 * A set is kept for ten minutes. A key that is not in it may be a new one, so the set is asked for again, but at most
 * every thirty seconds: a flood of tokens with made-up key ids costs its issuer one request. When the issuer does not
 * answer, the keys of before stay good for an hour, and it is asked again after five seconds at the earliest.
 */
import { createLocalJWKSet, errors, type FlattenedJWSInput, type JWK, type JWTHeaderParameters } from 'jose';
import { IssuerUnavailableError } from './errors.js';

export type LocalKeys = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

const MOST_KEYS = 100;
const LEAST_RSA_BYTES = 256;

/** The keys of a set that verify signatures and are long enough; the others are as if they were not there. */
export function localKeys(keys: readonly unknown[]): LocalKeys {
  return createLocalJWKSet({ keys: keys.slice(0, MOST_KEYS).filter(isUsable) });
}

function isUsable(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, n } = key as JWK;
  if (kty === 'RSA')
    return typeof n === 'string' && withoutZeros(Buffer.from(n, 'base64url')).length >= LEAST_RSA_BYTES;
  return kty === 'EC' || kty === 'OKP';
}

/** A number may be written with zero bytes before it, which make it no larger. */
function withoutZeros(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
}

const FRESH_MS = 10 * 60_000;
const USABLE_MS = 60 * 60_000;
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
const FAILURE_COOLDOWN_MS = 5_000;

/**
 * The keys that somebody publishes.
 * @param fetchSet brings the JSON Web Key Set; throws when it cannot be had
 */
export function remoteKeys(fetchSet: () => Promise<unknown>, now: () => number = () => Date.now()): LocalKeys {
  let known: { readonly keys: LocalKeys; readonly fetchedAt: number } | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<LocalKeys> | undefined;

  const fetchKeys = async (): Promise<LocalKeys> => {
    try {
      const keys = localKeys(keysOf(await fetchSet()));
      known = { keys, fetchedAt: now() };
      return keys;
    } catch (cause) {
      failedAt = now();
      if (known !== undefined && now() - known.fetchedAt < USABLE_MS) return known.keys;
      throw cause instanceof IssuerUnavailableError
        ? cause
        : new IssuerUnavailableError('The keys cannot be read.', { cause });
    }
  };
  /** All who ask meanwhile wait for the same request. */
  const refresh = (): Promise<LocalKeys> => {
    pending ??= fetchKeys().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  const current = async (): Promise<LocalKeys> => {
    const age = known === undefined ? Number.POSITIVE_INFINITY : now() - known.fetchedAt;
    if (known !== undefined && age < FRESH_MS) return known.keys;
    if (now() - failedAt >= FAILURE_COOLDOWN_MS) return refresh();
    if (known !== undefined && age < USABLE_MS) return known.keys;
    throw new IssuerUnavailableError('The keys could not be read a moment ago.');
  };

  return async (header, token) => {
    const keys = await current();
    try {
      return await keys(header, token);
    } catch (error) {
      const askedAt = Math.max(known?.fetchedAt ?? Number.NEGATIVE_INFINITY, failedAt);
      if (!(error instanceof errors.JWKSNoMatchingKey) || now() - askedAt < UNKNOWN_KEY_COOLDOWN_MS) throw error;
      return (await refresh())(header, token);
    }
  };
}

function keysOf(set: unknown): readonly unknown[] {
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined;
  if (!Array.isArray(keys)) throw new IssuerUnavailableError('The keys are not a JSON Web Key Set.');
  return keys;
}
