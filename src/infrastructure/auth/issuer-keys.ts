/** Where the keys of an issuer are: at an address, at one that its own description names, or at hand. */
import type { JWTVerifyGetKey } from 'jose';
import { IssuerUnavailableError } from './errors.js';
import { remoteKeys } from './remote-keys.js';

export type IssuerKeys =
  | { readonly jwksUri: string }
  | { readonly discovery: true }
  | { readonly keys: JWTVerifyGetKey };

const FETCH_TIMEOUT_MS = 5_000;
const LARGEST_DOCUMENT_BYTES = 256 * 1024;

export function keysOfIssuer(config: { readonly issuer: string } & IssuerKeys): JWTVerifyGetKey {
  if ('keys' in config) return config.keys;
  if ('jwksUri' in config) return remoteKeys(() => fetchJson(config.jwksUri));
  return remoteKeys(async () => fetchJson(await discover(config.issuer)));
}

/** OpenID Connect Discovery 1.0, section 4: the document must name the very issuer it was asked of. */
async function discover(issuer: string): Promise<string> {
  const document = (await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)) as {
    readonly issuer?: unknown;
    readonly jwks_uri?: unknown;
  } | null;
  if (document?.issuer !== issuer) throw new IssuerUnavailableError('The description found is of another issuer.');
  const { jwks_uri: address } = document;
  const url = typeof address === 'string' ? URL.parse(address) : null;
  // An issuer that is trusted over HTTPS does not send us elsewhere without.
  const right = url?.protocol === 'https:' || (url?.protocol === 'http:' && issuer.startsWith('http:'));
  if (url === null || !right) throw new IssuerUnavailableError('The issuer does not say where its keys are.');
  return url.href;
}

/** One small document from where it was asked for: no redirects, five seconds, 256 KiB. */
async function fetchJson(address: string): Promise<unknown> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > LARGEST_DOCUMENT_BYTES) throw new Error('too large');
      parts.push(part);
    }
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw new IssuerUnavailableError(`${address} cannot be read.`, { cause });
  }
}
