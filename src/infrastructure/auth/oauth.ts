/**
 * The words of OAuth 2 between the edge, which speaks HTTP, and the module that decides (RFC 6749, 7009, 8693).
 */
import type { Result } from '../../domain/kernel/result.js';

/** As the protocols spell them. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target';

/** What a client proves itself with. */
export type ClientProof =
  | { readonly method: 'SECRET'; readonly clientId: string; readonly secret: string }
  | { readonly method: 'ASSERTION'; readonly assertion: string; readonly clientId?: string };

/** The parameters of a request, each given once. */
export type OAuthParameters = ReadonlyMap<string, string>;

/** A successful answer of the token endpoint, spelled as RFC 6749, section 5.1, does. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
  /** Of an exchange (RFC 8693). */
  readonly issued_token_type?: string;
}

export interface AuthorizationServer {
  readonly issuer: string;
  /** What /.well-known/oauth-authorization-server answers (RFC 8414). */
  metadata(): object;
  jwks(): Promise<{ readonly keys: readonly object[] }>;
  token(proof: ClientProof, parameters: OAuthParameters): Promise<Result<TokenAnswer, OAuthErrorCode>>;
  /** Done as well when the token is none of ours or over: nobody learns what is (RFC 7009, section 2.2). */
  revoke(proof: ClientProof, parameters: OAuthParameters): Promise<Result<undefined, OAuthErrorCode>>;
}

export const TOKEN_PATH = '/oauth/token';
export const REVOCATION_PATH = '/oauth/revoke';
export const JWKS_PATH = '/.well-known/jwks.json';
