/** What a development token says: made for `hansa token` and for the playground's sign-in. */
import { type PrincipalKind, SCOPES, type Scope } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { TokenClaims } from '../../infrastructure/auth/index.js';
import type { PrincipalDirectory } from './access.sql.js';
import { ACTIONS } from './authorize.js';

export interface ClaimsRequest {
  readonly principal: PrincipalKind;
  /** Code of an active partner; for PARTNER. */
  readonly partner?: string | undefined;
  /** Id or code of an active member; for MEMBER. */
  readonly member?: string | undefined;
  /** All that the kind of principal can use when not given. */
  readonly scopes?: readonly Scope[] | undefined;
}

export type ClaimsErrorCode =
  | 'PARTNER_REQUIRED'
  | 'PARTNER_UNKNOWN'
  | 'MEMBER_REQUIRED'
  | 'MEMBER_UNKNOWN'
  | 'MEMBER_AMBIGUOUS';

/** Every scope that grants this kind of principal something. */
export function scopesFor(kind: PrincipalKind): Scope[] {
  const used = new Set<Scope>(Object.values(ACTIONS).flatMap(({ scope, grants }) => (kind in grants ? [scope] : [])));
  return SCOPES.filter((scope) => used.has(scope));
}

/** The claims of a token for this principal, or why it cannot be had. */
export async function developmentClaims(
  directory: PrincipalDirectory,
  { principal: kind, partner, member, scopes = scopesFor(kind) }: ClaimsRequest,
): Promise<Result<TokenClaims, ClaimsErrorCode>> {
  const claims = { kind, scopes: new Set(scopes) };
  if (kind === 'PARTNER') {
    if (!partner) return fail('PARTNER_REQUIRED', 'Name the partner by its code.', 'partner');
    const known = (await directory.partnerNo(partner)) !== undefined;
    if (!known) return fail('PARTNER_UNKNOWN', `There is no active partner with the code ${partner}.`, 'partner');
    return ok({ ...claims, subject: `development:partner:${partner}`, partnerCode: partner });
  }
  if (kind === 'MEMBER') {
    if (!member) return fail('MEMBER_REQUIRED', 'Name the member by its id or code.', 'member');
    const [found, other] = await directory.members(member);
    if (!found) return fail('MEMBER_UNKNOWN', `There is no active member with the id or code ${member}.`, 'member');
    if (other)
      return fail(
        'MEMBER_AMBIGUOUS',
        `Several programmes have a member with the code ${member}. Give the id.`,
        'member',
      );
    return ok({ ...claims, subject: `development:member:${found.id}`, memberId: found.id });
  }
  return ok({ ...claims, subject: `development:${kind.toLowerCase()}` });
}
