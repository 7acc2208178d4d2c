/**
 * The gateway as OAuth 2 authorisation server: tokens for clients (RFC 6749, section 4.4), tokens of members for their
 * bank's app (token exchange, RFC 8693), and revoking them (RFC 7009).
 *
 * A token never carries more than its client was granted, and nobody stays signed in by it: there are no refresh tokens.
 */
import { jwtVerify } from 'jose';
import { v7 } from 'uuid';
import type { Principal, PrincipalKind, Scope } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import {
  ALGORITHMS,
  type AuthorizationServer,
  type ClientProof,
  IssuerUnavailableError,
  isScope,
  JWKS_PATH,
  LARGEST_TOKEN,
  type OAuthErrorCode,
  type OAuthParameters,
  REVOCATION_PATH,
  remoteKeys,
  TOKEN_PATH,
  type TokenAnswer,
} from '../../infrastructure/auth/index.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { Outbound } from '../../infrastructure/outbound/index.js';
import { may, scopesFor } from '../access/index.js';
import type { ClientAccount } from '../clients/index.js';
import { authenticateClient, type ClientCheck } from './client-authentication.js';
import { LONGEST_LIFE_SECONDS, type SigningKeys } from './signing-keys.js';
import { findCardHolders, revokeToken } from './token.sql.js';

export interface TokenSettings {
  /** The gateway's public address, which is its name as an issuer too: https://gateway.example. */
  readonly issuer: string;
  /** What tokens' `aud` names. */
  readonly audience: string;
}

const CLIENT_CREDENTIALS = 'client_credentials';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
/** How a bank's app names the member: the bank has signed it in, and has no token of ours to show for it. */
const SUBJECT_TYPES: Readonly<Record<string, 'MEMBER_ID' | 'CARD_TOKEN'>> = {
  'urn:hansa:token-type:member-id': 'MEMBER_ID',
  'urn:hansa:token-type:card-token': 'CARD_TOKEN',
};
/** Short: whoever loses the card or the app gets no new one. */
const MEMBER_LIFE_SECONDS = 600;

const KEY_FETCH = { timeoutMs: 5_000, maxBytes: 256 * 1024 };
const MOST_KEY_ADDRESSES = 1_000;

type Answer = Promise<Result<TokenAnswer, OAuthErrorCode>>;

export class TokenService implements AuthorizationServer {
  readonly issuer: string;
  readonly #check: ClientCheck;
  readonly #published = new Map<string, ReturnType<typeof remoteKeys>>();

  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
    private readonly outbound: Outbound,
    private readonly settings: TokenSettings,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.issuer = settings.issuer;
    const audience = [settings.issuer, settings.issuer + TOKEN_PATH];
    this.#check = { database, audience, publishedKeys: (address) => this.publishedKeys(address), now };
  }

  metadata(): object {
    const { issuer } = this;
    const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
    return {
      issuer,
      token_endpoint: issuer + TOKEN_PATH,
      token_endpoint_auth_methods_supported: methods,
      token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
      revocation_endpoint: issuer + REVOCATION_PATH,
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
      jwks_uri: issuer + JWKS_PATH,
      grant_types_supported: [CLIENT_CREDENTIALS, TOKEN_EXCHANGE],
      response_types_supported: [],
      scopes_supported: scopesFor('ADMIN').concat('members:act'),
    };
  }

  jwks(): Promise<{ readonly keys: readonly object[] }> {
    return this.keys.published();
  }

  async token(proof: ClientProof, parameters: OAuthParameters): Answer {
    const grantType = parameters.get('grant_type');
    if (grantType === undefined) return fail('invalid_request', 'Say which grant_type.');
    if (grantType !== CLIENT_CREDENTIALS && grantType !== TOKEN_EXCHANGE)
      return fail('unsupported_grant_type', `There are ${CLIENT_CREDENTIALS} and ${TOKEN_EXCHANGE}.`);
    const client = await authenticateClient(proof, this.#check);
    if (!client.ok) return client;
    return grantType === TOKEN_EXCHANGE
      ? this.forMember(client.value, parameters)
      : this.forItself(client.value, parameters);
  }

  async revoke(proof: ClientProof, parameters: OAuthParameters): Promise<Result<undefined, OAuthErrorCode>> {
    const client = await authenticateClient(proof, this.#check);
    if (!client.ok) return client;
    const token = parameters.get('token');
    if (token === undefined) return fail('invalid_request', 'Give the token that is to be revoked.');
    const issued = await this.issuedToken(token);
    if (issued === undefined) return ok(undefined);
    if (issued.clientId !== client.value.id)
      return fail('unauthorized_client', 'The token was given to another client, which alone may revoke it.');
    await this.database.command((tx) => revokeToken(tx, issued.tokenId, issued.expiresAt));
    return ok(undefined);
  }

  private async forItself(client: ClientAccount, parameters: OAuthParameters): Answer {
    const scopes = narrowed(parameters.get('scope'), client.scopes);
    if (!scopes.ok) return scopes;
    const { kind, partner } = client;
    const claims = { hansa_kind: kind, ...(partner && { hansa_partner: partner.code }) };
    return ok(await this.answer(client, { ...claims, sub: `client:${client.id}` }, scopes.value, LONGEST_LIFE_SECONDS));
  }

  /** A token of a member for the app of a bank whose card it holds. Its `act` says who speaks for the member. */
  private async forMember(client: ClientAccount, parameters: OAuthParameters): Answer {
    const { partner } = client;
    const principal = principalOf(client);
    if (partner === undefined || !partner.roles.includes('BANK') || !may(principal, 'member.act', ownCards(partner.no)))
      return fail('unauthorized_client', 'Only a client of a bank with the scope members:act may act for a member.');
    const wrong = refusedExchange(parameters, this.settings);
    if (wrong !== undefined) return wrong;
    const by = SUBJECT_TYPES[parameters.get('subject_token_type') ?? ''];
    const subject = parameters.get('subject_token');
    if (by === undefined || subject === undefined)
      return fail('invalid_request', `Name the member by subject_token and subject_token_type, one of ${NAMES}.`);
    const granted = client.scopes.filter((scope) => scopesFor('MEMBER').includes(scope));
    const scopes = narrowed(parameters.get('scope'), granted);
    if (!scopes.ok) return scopes;
    const memberId = await this.cardHolder(by, subject, partner.no);
    if (memberId === undefined)
      return fail('invalid_request', 'No one active member of that name holds a card of this bank now.');
    const claims = { sub: `member:${memberId}`, hansa_kind: 'MEMBER' satisfies PrincipalKind, hansa_member: memberId };
    const acting = { ...claims, act: { sub: `client:${client.id}` } };
    const answer = await this.answer(client, acting, scopes.value, MEMBER_LIFE_SECONDS);
    return ok({ ...answer, issued_token_type: ACCESS_TOKEN });
  }

  private async cardHolder(
    by: 'MEMBER_ID' | 'CARD_TOKEN',
    name: string,
    issuerNo: number,
  ): Promise<string | undefined> {
    if (by === 'MEMBER_ID' && !isId(name)) return undefined;
    const found = await this.database.command((tx) => findCardHolders(tx, by, name, issuerNo));
    return found.length === 1 ? found[0] : undefined;
  }

  private async answer(
    client: ClientAccount,
    claims: Readonly<Record<string, unknown>>,
    scopes: readonly Scope[],
    seconds: number,
  ): Promise<TokenAnswer> {
    const issuedAt = Math.floor(this.now().getTime() / 1_000);
    const scope = scopes.join(' ');
    const { issuer: iss, audience: aud } = this.settings;
    const times = { iat: issuedAt, exp: issuedAt + seconds };
    const token = await this.keys.sign({ iss, aud, ...times, jti: v7(), client_id: client.id, scope, ...claims });
    return { access_token: token, token_type: 'Bearer', expires_in: seconds, scope };
  }

  /** A token of ours that is not over; undefined for anything else. */
  private async issuedToken(
    token: string,
  ): Promise<{ readonly clientId: string; readonly tokenId: string; readonly expiresAt: Date } | undefined> {
    if (token.length > LARGEST_TOKEN) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.keys.find, {
        issuer: this.issuer,
        audience: this.settings.audience,
        algorithms: ALGORITHMS,
        currentDate: this.now(),
      });
      const { client_id: clientId, jti: tokenId, exp } = payload;
      return { clientId: clientId as string, tokenId: tokenId as string, expiresAt: new Date((exp as number) * 1_000) };
    } catch {
      return undefined;
    }
  }

  private publishedKeys(address: string): ReturnType<typeof remoteKeys> {
    let keys = this.#published.get(address);
    if (keys === undefined) {
      if (this.#published.size >= MOST_KEY_ADDRESSES) this.#published.clear();
      keys = remoteKeys(
        () => this.fetchKeys(address),
        () => this.now().getTime(),
      );
      this.#published.set(address, keys);
    }
    return keys;
  }

  /** From addresses that clients name, so with all the checks of calls to partners. */
  private async fetchKeys(url: string): Promise<unknown> {
    const { status, body } = await this.outbound.call({ url, method: 'GET', ...KEY_FETCH });
    if (status !== 200) throw new IssuerUnavailableError('The keys of the client cannot be read.');
    return JSON.parse(body.toString('utf8'));
  }
}

const NAMES = Object.keys(SUBJECT_TYPES).join(', ');

const ownCards = (partnerNo: number) => ({ partnerNos: [partnerNo] });

/** What of RFC 8693 is not spoken here: other actors than the client, other tokens than ours. */
function refusedExchange(
  parameters: OAuthParameters,
  { issuer, audience }: TokenSettings,
): ReturnType<typeof fail<OAuthErrorCode>> | undefined {
  if (parameters.has('actor_token') || parameters.has('actor_token_type'))
    return fail('invalid_request', 'The client itself acts for the member; leave actor_token out.');
  const wanted = parameters.get('requested_token_type');
  if (wanted !== undefined && wanted !== ACCESS_TOKEN)
    return fail('invalid_request', `requested_token_type can only be ${ACCESS_TOKEN}.`);
  const forWhom = [parameters.get('audience'), parameters.get('resource')].filter((given) => given !== undefined);
  if (forWhom.some((given) => given !== audience && given !== issuer))
    return fail('invalid_target', 'Tokens are for this gateway alone; leave audience and resource out.');
  return undefined;
}

/** What is asked for, when all of it was granted; all that was granted when nothing is asked for. */
function narrowed(wanted: string | undefined, granted: readonly Scope[]): Result<readonly Scope[], OAuthErrorCode> {
  const scopes = wanted === undefined ? granted : [...new Set(wanted.split(' ').filter((scope) => scope !== ''))];
  if (scopes.length === 0) return fail('invalid_scope', 'The client was granted no scope that is of use here.');
  const allowed = scopes.filter(isScope).filter((scope) => granted.includes(scope));
  return allowed.length === scopes.length
    ? ok(allowed)
    : fail('invalid_scope', 'The client was not granted all of these scopes.');
}

function principalOf({ id, kind, scopes, partner }: ClientAccount): Principal {
  const who = { subject: `client:${id}`, scopes: new Set(scopes) };
  if (kind !== 'PARTNER') return { ...who, kind };
  return { ...who, kind, partnerNo: partner?.no ?? -1, partnerCode: partner?.code ?? '' };
}
