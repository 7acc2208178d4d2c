/**
 * Bearer token -> Principal, remembered for a minute.
 *
 * Verifying a signature and looking up the partner or member costs more than everything else at the edge, so
 * answers are kept by the token's hash, never the token: at most 10,000, at most 60 s and never past the
 * token's own end. A revoked token, client or key, a suspended partner or a closed member is so out within a minute.
 */
import { createHash } from 'node:crypto';
import type { Principal } from '../../domain/access/principal.js';
import type { TokenClaims } from './claims.js';
import { InvalidTokenError } from './errors.js';
import { CLOCK_LEEWAY_SECONDS, type TokenVerifier } from './verifier.js';

/** How tokens' names become the ledger's numbers. Undefined when there is none or it may not sign in. */
export interface PrincipalLookups {
  partnerNo(code: string): Promise<number | undefined>;
  memberNo(id: string): Promise<number | undefined>;
  /** Whether a token of our own, and the client that got it, are still good. */
  isInForce(issued: { readonly clientId: string; readonly tokenId: string }): Promise<boolean>;
}

const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 10_000;

export class Authenticator {
  readonly #remembered = new Map<string, { readonly principal: Principal; readonly until: number }>();

  constructor(
    private readonly verify: TokenVerifier,
    private readonly lookups: PrincipalLookups,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Throws InvalidTokenError, or IssuerUnavailableError when nothing can be said about the token. */
  async authenticate(token: string): Promise<Principal> {
    const now = this.now();
    const key = keyOf(token);
    const known = this.#remembered.get(key);
    if (known !== undefined && now.getTime() < known.until) return known.principal;
    this.#remembered.delete(key);
    const { claims, expiresAt } = await this.verify(token, now);
    const principal = await this.resolve(claims);
    const end = expiresAt.getTime() + CLOCK_LEEWAY_SECONDS * 1_000;
    this.remember(key, principal, Math.min(now.getTime() + REMEMBERED_MS, end));
    return principal;
  }

  /** A token that was revoked here is out here at once. */
  forget(token: string): void {
    this.#remembered.delete(keyOf(token));
  }

  private async resolve(claims: TokenClaims): Promise<Principal> {
    const { subject, scopes, kind, partnerCode, memberId, issued } = claims;
    if (issued !== undefined && !(await this.lookups.isInForce(issued)))
      throw new InvalidTokenError('The token, or the client that got it, was revoked.');
    if (kind === 'PARTNER') {
      const partnerNo = partnerCode === undefined ? undefined : await this.lookups.partnerNo(partnerCode);
      if (partnerNo === undefined || partnerCode === undefined)
        throw new InvalidTokenError('The partner of this token is not active here.');
      return { subject, scopes, kind, partnerNo, partnerCode };
    }
    if (kind === 'MEMBER') {
      const memberNo = memberId === undefined ? undefined : await this.lookups.memberNo(memberId);
      if (memberNo === undefined || memberId === undefined)
        throw new InvalidTokenError('The member of this token is not active here.');
      return { subject, scopes, kind, memberNo, memberId };
    }
    return { subject, scopes, kind };
  }

  private remember(key: string, principal: Principal, until: number): void {
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size >= MOST_REMEMBERED && !oldest.done) this.#remembered.delete(oldest.value);
    this.#remembered.set(key, { principal, until });
  }
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');
