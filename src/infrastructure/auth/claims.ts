/** What a token of ours says about its bearer. */
import type { JWTPayload } from 'jose';
import { type PrincipalKind, SCOPES, type Scope } from '../../domain/access/principal.js';
import { InvalidTokenError } from './errors.js';

export interface TokenClaims {
  readonly subject: string;
  readonly kind: PrincipalKind;
  readonly scopes: ReadonlySet<Scope>;
  /** Given for PARTNER only. */
  readonly partnerCode?: string;
  /** Given for MEMBER only. */
  readonly memberId?: string;
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

/**
 * Reads a verified payload. Scopes that are not ours are left out (an issuer serves other audiences too);
 * everything else that is missing or odd makes the token invalid.
 */
export function readClaims(payload: JWTPayload): TokenClaims {
  const { sub, scope, hansa_kind: kind, hansa_partner: partnerCode, hansa_member: memberId } = payload;
  if (typeof sub !== 'string' || sub === '') throw new InvalidTokenError('The token names no subject ("sub").');
  if (!isPrincipalKind(kind)) {
    throw new InvalidTokenError(`The token's "hansa_kind" must be one of ${PRINCIPAL_KINDS.join(', ')}.`);
  }
  if (scope !== undefined && typeof scope !== 'string') {
    throw new InvalidTokenError('The token\'s "scope" must be one string of scopes with spaces between.');
  }
  const claims = { subject: sub, kind, scopes: new Set((scope ?? '').split(' ').filter(isScope)) };
  if (kind === 'PARTNER') return { ...claims, partnerCode: required(partnerCode, 'hansa_partner', kind) };
  if (kind === 'MEMBER') return { ...claims, memberId: required(memberId, 'hansa_member', kind) };
  return claims;
}

function required(value: unknown, claim: string, kind: PrincipalKind): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidTokenError(`A token of kind ${kind} must carry "${claim}".`);
}
