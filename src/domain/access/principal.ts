/**
 * Who is calling, after the token was verified. Numbers are the ledger's small integers.
 */
export type PrincipalKind = 'ADMIN' | 'OPERATOR' | 'PARTNER' | 'MEMBER' | 'SERVICE';

export const SCOPES = [
  'transactions:write',
  'transactions:read',
  'members:write',
  'members:read',
  'redemptions:write',
  'redemptions:read',
  'partners:write',
  'partners:read',
  'programme:admin',
  'programme:read',
  'settlement:write',
  'settlement:read',
  'ledger:read',
  'clients:write',
  'clients:read',
  'members:act',
  'events:read',
  'webhooks:write',
] as const;
export type Scope = (typeof SCOPES)[number];

interface PrincipalBase {
  /** The token's `sub`: names the client in idempotency keys and logs. */
  readonly subject: string;
  readonly scopes: ReadonlySet<Scope>;
}

export type Principal =
  | (PrincipalBase & { readonly kind: 'ADMIN' | 'OPERATOR' | 'SERVICE' })
  | (PrincipalBase & { readonly kind: 'PARTNER'; readonly partnerNo: number; readonly partnerCode: string })
  | (PrincipalBase & { readonly kind: 'MEMBER'; readonly memberNo: number; readonly memberId: string });
