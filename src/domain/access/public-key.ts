/**
 * Public keys as clients register them: a JSON Web Key (RFC 7517) that verifies signatures, nothing else.
 */
import { fail, ok, type Result } from '../kernel/result.js';

export type KeyAlgorithm = 'ES256' | 'RS256' | 'EdDSA';

export interface PublicKey {
  readonly algorithm: KeyAlgorithm;
  /** Only what a verifier needs. */
  readonly jwk: Readonly<Record<string, string>>;
  /** The client's own name of it. */
  readonly kid?: string;
}

export type PublicKeyFaultCode = 'MALFORMED_KEY' | 'PRIVATE_KEY' | 'WEAK_KEY';

const SECRET_PARTS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const LONGEST_TEXT = 4_000;
const LONGEST_KID = 200;
const LEAST_RSA_BITS = 2_048;
/** Larger ones only make us slow. */
const MOST_RSA_BITS = 8_192;

/** Reads the text of a JWK. */
export function readPublicKey(text: string): Result<PublicKey, PublicKeyFaultCode> {
  const given = text.length > LONGEST_TEXT ? undefined : parsed(text);
  if (given === undefined) return fail('MALFORMED_KEY', EXPECTED, 'publicKey');
  if (SECRET_PARTS.some((part) => Object.hasOwn(given, part))) {
    const message = 'This is a private key. Treat it as lost, make another, and send only its public half.';
    return fail('PRIVATE_KEY', message, 'publicKey');
  }
  const { kid } = given;
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > LONGEST_KID))
    return fail('MALFORMED_KEY', `"kid" is a text of 1 to ${LONGEST_KID} characters.`, 'publicKey');
  const key = keyOf(given);
  if (key === undefined) return fail('MALFORMED_KEY', EXPECTED, 'publicKey');
  if (key.algorithm === 'RS256') {
    const bits = bitsOf(key.jwk.n as string);
    if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS)
      return fail('WEAK_KEY', `An RSA key has ${LEAST_RSA_BITS} to ${MOST_RSA_BITS} bits.`, 'publicKey');
  }
  return ok({ ...key, ...(kid !== undefined && { kid }) });
}

const EXPECTED =
  'Send the public key as a JSON Web Key: kty EC with crv P-256, kty OKP with crv Ed25519, or kty RSA, for signing.';

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(given: Record<string, unknown>): PublicKey | undefined {
  const { kty, crv, use, alg } = given;
  if (use !== undefined && use !== 'sig') return undefined;
  const algorithm =
    kty === 'EC' && crv === 'P-256' ? 'ES256' : kty === 'OKP' && crv === 'Ed25519' ? 'EdDSA' : undefined;
  const found: KeyAlgorithm | undefined = kty === 'RSA' ? 'RS256' : algorithm;
  if (found === undefined || (alg !== undefined && alg !== found && !(found === 'EdDSA' && alg === 'Ed25519')))
    return undefined;
  const parts = { ES256: ['x', 'y'], EdDSA: ['x'], RS256: ['n', 'e'] }[found];
  const jwk: Record<string, string> = { kty: kty as string, ...(typeof crv === 'string' && { crv }) };
  for (const part of parts) {
    const value = given[part];
    if (typeof value !== 'string' || !BASE64URL.test(value)) return undefined;
    jwk[part] = value;
  }
  return { algorithm: found, jwk };
}

/** Bits of an unsigned number in base64url: leading zero bytes do not count. */
function bitsOf(base64url: string): number {
  const trimmed = base64url.replace(/^A+/, '');
  return trimmed.length * 6;
}
