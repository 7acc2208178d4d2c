/**
 * The issuers outside that this gateway believes, and what each may say: from a list of addresses, or from a file that
 * says more about each.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { SCOPES } from '../../domain/access/principal.js';
import { PRINCIPAL_KINDS } from './claims.js';
import type { IssuerKeys } from './issuer-keys.js';
import type { IssuerTrust } from './verifier.js';

export type TrustedIssuer = { readonly issuer: string; readonly trust: IssuerTrust } & Exclude<
  IssuerKeys,
  { readonly keys: unknown }
>;

/** Whoever may be an administrator is said by name, in a file: an address alone makes nobody one. */
const KINDS_BY_DEFAULT = PRINCIPAL_KINDS.filter((kind) => kind !== 'ADMIN');

const address = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with https://' });
const file = z
  .array(
    z.strictObject({
      issuer: address,
      jwksUri: address.optional(),
      kinds: z.array(z.enum(PRINCIPAL_KINDS)).min(1).default(KINDS_BY_DEFAULT),
      scopes: z.array(z.enum(SCOPES)).optional(),
      partners: z.array(z.string().min(1).max(64)).optional(),
    }),
  )
  .min(1);

/** Issuers named by address alone; `jwksUri` only when there is one. */
export function issuersNamed(issuers: readonly string[], jwksUri: string | undefined): readonly TrustedIssuer[] {
  const trust = { kinds: KINDS_BY_DEFAULT };
  return issuers.map((issuer) => ({ issuer, trust, ...(jwksUri ? { jwksUri } : { discovery: true as const }) }));
}

/** Reads the file's text, YAML or JSON; sentences when it cannot be read. */
export function readIssuerFile(text: string): readonly TrustedIssuer[] | { readonly complaints: readonly string[] } {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch {
    return { complaints: ['is not well-formed YAML or JSON'] };
  }
  const read = file.safeParse(value);
  if (!read.success)
    return { complaints: read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`) };
  return read.data.map(({ issuer, jwksUri, kinds, scopes, partners }) => ({
    issuer,
    trust: { kinds, ...(scopes && { scopes }), ...(partners && { partners }) },
    ...(jwksUri ? { jwksUri } : { discovery: true as const }),
  }));
}
