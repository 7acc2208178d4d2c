/**
 * A partner's server as a connector describes it: how a call proves who we are, and an answer in JSON. Every call goes
 * through the port, in the lane of its connector and capability.
 */
import { createHmac } from 'node:crypto';
import type { Capability, ConnectorAuth } from '../../domain/connectors/connector.js';
import { placeIn, textOf } from '../../domain/connectors/fields.js';
import { parseVerbatim } from '../../domain/kernel/verbatim-json.js';
import type { Outbound, OutboundAnswer } from '../../infrastructure/outbound/index.js';
import {
  type Attempt,
  type LanePolicy,
  type PartnerAnswer,
  PartnerFault,
  type PartnerPort,
  partnerFaultOf,
  type Question,
} from '../../infrastructure/partner-port/index.js';

/** A connector as calls need it: its secret is open. */
export interface Reachable {
  readonly id: string;
  readonly address: string;
  readonly auth: ConnectorAuth;
  readonly secret: string | undefined;
  /** Changes with everything above. */
  readonly changedAt: Date;
}

export interface PartnerRequest<T> {
  readonly capability: Capability;
  readonly policy: LanePolicy;
  /** Below the address; the address itself when absent. */
  readonly path?: string;
  /** Posted as JSON; the call is a GET without it. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly repeatable: boolean;
  readonly cache?: NonNullable<Question<unknown>['cache']>;
  /** Makes of the answer what was asked for; throws PartnerFault where it is not what was agreed. */
  readonly read: (answer: unknown) => T;
  readonly signal?: AbortSignal;
}

interface Token {
  readonly value: string;
  readonly goodUntilMs: number;
}

const SECOND_MS = 1_000;
/** A token is not used in the last moments of its life. */
const TOKEN_MARGIN_SECONDS = 30;
const TOKEN_SECONDS = 300;
const MOST_TOKEN_BYTES = 64 * 1024;

export class PartnerClient {
  /** Of client credentials, one for each state of a connector. */
  private readonly tokens = new Map<string, { readonly changedAt: number; readonly token: Token }>();

  constructor(
    private readonly outbound: Outbound,
    private readonly port: PartnerPort,
  ) {}

  /** What the partner answers; its JSON has numbers as text. Throws PartnerFault. */
  async ask<T>(connector: Reachable, request: PartnerRequest<T>): Promise<PartnerAnswer<T>> {
    const { capability, policy, repeatable, cache, signal } = request;
    return this.port.ask({
      lane: `${connector.id}/${capability}`,
      policy,
      repeatable,
      work: (attempt) => this.call(connector, request, attempt),
      ...(cache && { cache: { ...cache, key: `${connector.changedAt.getTime()}/${cache.key}` } }),
      ...(signal && { signal }),
    });
  }

  private async call<T>(connector: Reachable, request: PartnerRequest<T>, attempt: Attempt): Promise<T> {
    const url = urlOf(connector.address, request.path);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const method = body === undefined ? 'GET' : 'POST';
    const headers = {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
      ...(await this.proof(connector, { method, url, body: body ?? '' }, attempt)),
    };
    const answer = await this.send(
      { url, method, headers, maxBytes: request.maxBytes, ...(body !== undefined && { body }) },
      attempt,
    );
    if (answer.status === 401) this.tokens.delete(connector.id);
    return request.read(jsonOf(answer));
  }

  private async send(
    call: Omit<Parameters<Outbound['call']>[0], 'timeoutMs' | 'signal'>,
    attempt: Attempt,
  ): Promise<OutboundAnswer> {
    try {
      return await this.outbound.call({ ...call, ...attempt });
    } catch (error) {
      throw partnerFaultOf(error);
    }
  }

  /** The headers by which the partner knows us. */
  private async proof(
    connector: Reachable,
    { method, url, body }: { method: string; url: string; body: string },
    attempt: Attempt,
  ): Promise<Readonly<Record<string, string>>> {
    const { auth, secret = '' } = connector;
    switch (auth.kind) {
      case 'NONE':
        return {};
      case 'BEARER':
        return { authorization: `Bearer ${secret}` };
      case 'HMAC': {
        const { pathname, search } = new URL(url);
        const timestamp = Math.floor(Date.now() / SECOND_MS).toString();
        const signed = `${timestamp}.${method}.${pathname}${search}.${body}`;
        const signature = createHmac('sha256', secret).update(signed).digest('base64');
        return { 'hansa-timestamp': timestamp, 'hansa-signature': signature };
      }
      case 'CLIENT_CREDENTIALS':
        return { authorization: `Bearer ${await this.token(connector, attempt)}` };
    }
  }

  private async token(connector: Reachable, attempt: Attempt): Promise<string> {
    const changedAt = connector.changedAt.getTime();
    const known = this.tokens.get(connector.id);
    if (known !== undefined && known.changedAt === changedAt && known.token.goodUntilMs > performance.now())
      return known.token.value;
    const token = await this.fetchToken(connector, attempt);
    this.tokens.set(connector.id, { changedAt, token });
    return token.value;
  }

  /** OAuth 2 client credentials (RFC 6749, 4.4). It is part of the attempt that needs it. */
  private async fetchToken({ auth, secret = '' }: Reachable, attempt: Attempt): Promise<Token> {
    const { tokenUrl = '', clientId = '', scope } = auth;
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) });
    const name = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
    const answer = await this.send(
      {
        url: tokenUrl,
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(name).toString('base64')}`,
        },
        body: form.toString(),
        maxBytes: MOST_TOKEN_BYTES,
      },
      attempt,
    );
    const said = jsonOf(answer);
    const value = textOf(placeIn(said, 'access_token'));
    if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) throw new PartnerFault('MALFORMED', 'It gave no token.');
    const seconds = Number(textOf(placeIn(said, 'expires_in')) ?? TOKEN_SECONDS);
    const goodFor = Number.isFinite(seconds) ? Math.max(0, seconds - TOKEN_MARGIN_SECONDS) : 0;
    return { value, goodUntilMs: performance.now() + goodFor * SECOND_MS };
  }
}

/** The address with a path below it; what the path says cannot lead to another server. */
function urlOf(address: string, path: string | undefined): string {
  if (path === undefined) return address;
  const base = new URL(address);
  const below = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${path}`);
  if (below.origin !== base.origin) throw new PartnerFault('ADDRESS_REFUSED');
  return below.href;
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

function jsonOf({ status, body }: OutboundAnswer): unknown {
  if (status === TOO_MANY_REQUESTS || status >= SERVER_ERROR)
    throw new PartnerFault('FAILED', `It answered with status ${status}.`);
  if (status < 200 || status >= 300) throw new PartnerFault('REJECTED', `It answered with status ${status}.`);
  try {
    return parseVerbatim(body.toString('utf8'));
  } catch {
    throw new PartnerFault('MALFORMED', 'Its answer is not JSON.');
  }
}

/** What a GraphQL server has answered; answers with errors are not used in part. */
export function graphqlData(answer: unknown): unknown {
  const errors = placeIn(answer, 'errors');
  if (Array.isArray(errors) && errors.length > 0)
    throw new PartnerFault('FAILED', `Its GraphQL server answered with ${errors.length} errors.`);
  const data = placeIn(answer, 'data');
  if (typeof data !== 'object' || data === null) throw new PartnerFault('MALFORMED', 'Its answer has no data.');
  return answer;
}
