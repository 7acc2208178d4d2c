/** What a token says about its bearer. */
import type { JWTPayload } from 'jose';
import { type PrincipalKind, SCOPES, type Scope } from '../../domain/access/principal.js';
import { InvalidTokenError } from './errors.js';

export interface TokenClaims {
  /** Whoever it is, in one name that nobody else has, whatever issuer it is from. */
  readonly subject: string;
  readonly kind: PrincipalKind;
  readonly scopes: ReadonlySet<Scope>;
  /** Given for PARTNER only. */
  readonly partnerCode?: string;
  /** Given for MEMBER only. */
  readonly memberId?: string;
  /** Of the gateway's own authorisation server: the client that got the token, and the token's own name. */
  readonly issued?: { readonly clientId: string; readonly tokenId: string };
}

export const PRINCIPAL_KINDS = [
  'ADMIN',
  'OPERATOR',
  'PARTNER',
  'MEMBER',
  'SERVICE',
] as const satisfies readonly PrincipalKind[];
export const isPrincipalKind = (value: unknown): value is PrincipalKind =>
  PRINCIPAL_KINDS.includes(value as PrincipalKind);
export const isScope = (value: string): value is Scope => SCOPES.includes(value as Scope);

const LONGEST_SUBJECT = 255;
const LONGEST_SCOPE = 2_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is those that are looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Reads a verified payload. Scopes that are not ours are left out (an issuer serves other audiences too);
 * everything else that is missing or odd makes the token invalid. A token says one thing about its bearer: one that
 * names a partner and a member, or either without being of that kind, is refused.
 */
export function readClaims(payload: JWTPayload): TokenClaims {
  const { sub, scope, hansa_kind: kind, hansa_partner: partnerCode, hansa_member: memberId } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_SUBJECT || CONTROL.test(sub))
    throw new InvalidTokenError('The token names no subject ("sub").');
  if (!isPrincipalKind(kind)) {
    throw new InvalidTokenError(`The token's "hansa_kind" must be one of ${PRINCIPAL_KINDS.join(', ')}.`);
  }
  if (scope !== undefined && (typeof scope !== 'string' || scope.length > LONGEST_SCOPE)) {
    throw new InvalidTokenError('The token\'s "scope" must be one string of scopes with spaces between.');
  }
  refuseOtherUses(payload);
  if (kind !== 'PARTNER' && partnerCode !== undefined) throw misplaced('hansa_partner', kind);
  if (kind !== 'MEMBER' && memberId !== undefined) throw misplaced('hansa_member', kind);
  const claims = { subject: sub, kind, scopes: new Set((scope ?? '').split(' ').filter(isScope)) };
  if (kind === 'PARTNER') return { ...claims, partnerCode: required(partnerCode, 'hansa_partner', kind) };
  if (kind === 'MEMBER') return { ...claims, memberId: required(memberId, 'hansa_member', kind) };
  return claims;
}

/** Tokens that issuers sign with the same keys for other uses, and those that are good only with a key of the bearer. */
function refuseOtherUses({ typ, nonce, at_hash: accessTokenHash, cnf: confirmation }: JWTPayload): void {
  if ((typ !== undefined && !/^bearer$/i.test(String(typ))) || nonce !== undefined || accessTokenHash !== undefined)
    throw new InvalidTokenError('The token is not an access token.');
  if (confirmation !== undefined)
    throw new InvalidTokenError('The token is bound to a key of its bearer, which this gateway does not check.');
}

const misplaced = (claim: string, kind: PrincipalKind): InvalidTokenError =>
  new InvalidTokenError(`A token of kind ${kind} must not carry "${claim}".`);

function required(value: unknown, claim: string, kind: PrincipalKind): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidTokenError(`A token of kind ${kind} must carry "${claim}".`);
}
