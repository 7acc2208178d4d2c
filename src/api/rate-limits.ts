/**
 * How much may be asked for in a minute: by each client what its operations cost, by each address without a token so
 * many requests, and by each address so many sign-ins that prove nothing.
 *
 * A good token is never refused because others at its address send bad ones: what is limited is the answer to those.
 * Headers as in the IETF draft "RateLimit header fields for HTTP".
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Principal } from '../domain/access/principal.js';
import { Allowance, type Grant } from './allowance.js';
import { errorAnswer } from './errors.js';

export interface RateLimits {
  readonly clientCost: number;
  readonly strangerRequests: number;
  readonly failedSignIns: number;
}

/** A client's: a thousand of the cheapest requests a second, or a dozen of the dearest a minute. */
export const RATE_LIMITS: RateLimits = { clientCost: 600_000, strangerRequests: 300, failedSignIns: 30 };

/** What any request costs, also one that is not understood. */
export const LEAST_COST = 10;

/** The endpoints of OAuth are asked by clients that prove themselves; attempts that do not are failed sign-ins. */
const UNCOUNTED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics', '/oauth/token', '/oauth/revoke']);

/** Counts what one request costs its client. */
export interface Meter {
  charge(cost: number): Grant;
  /** How its client stood after the last charge. */
  readonly last: Grant | undefined;
}

export class RateLimiter {
  readonly #clients: Allowance;
  readonly #strangers: Allowance;
  readonly #failures: Allowance;

  constructor(limits: RateLimits, now?: () => number) {
    this.#clients = new Allowance('cost', limits.clientCost, now);
    this.#strangers = new Allowance('strangers', limits.strangerRequests, now);
    this.#failures = new Allowance('failed-sign-ins', limits.failedSignIns, now);
  }

  stranger(address: string): Grant {
    return this.#strangers.take(networkOf(address), 1);
  }

  /** Who counted as a stranger has signed in after all. */
  noStranger(address: string): void {
    this.#strangers.giveBack(networkOf(address), 1);
  }

  failedSignIn(address: string): Grant {
    return this.#failures.take(networkOf(address), 1);
  }

  meterFor({ kind, subject }: Principal): Meter {
    const meter = {
      last: undefined as Grant | undefined,
      charge: (cost: number) => {
        meter.last = this.#clients.take(`${kind} ${subject}`, cost);
        return meter.last;
      },
    };
    return meter;
  }
}

/** An IPv4 address, or the network of an IPv6 address: who has one has 2^64 of them. */
function networkOf(address: string): string {
  const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
  return parsed?.kind() === 'ipv6' ? parsed.toNormalizedString().split(':').slice(0, 4).join(':') : address;
}

export const tooMuch = ({ retryInSeconds }: Grant): string =>
  `Too much in too short a time. Try again in ${retryInSeconds} s.`;

export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';

  constructor(readonly grant: Grant) {
    super(tooMuch(grant));
  }
}

export function rateHeaders(grant: Grant): Record<string, string> {
  const { policy, quota, granted, remaining, fullInSeconds, retryInSeconds } = grant;
  if (quota === 0) return {};
  return {
    'ratelimit-policy': `"${policy}";q=${quota};w=60`,
    ratelimit: `"${policy}";r=${remaining};t=${fullInSeconds}`,
    ...(!granted && { 'retry-after': String(retryInSeconds) }),
  };
}

export function refuseForNow(reply: FastifyReply, { grant, message }: RateLimitedError): FastifyReply {
  return reply.code(429).headers(rateHeaders(grant)).send(errorAnswer('RATE_LIMITED', message));
}

/**
 * Whoever sends no token to /graphql, or anything to another address, counts as a stranger there; by WebSocket, until it
 * has signed in (see web-socket.ts). Programs that get
 * tokens are none: of them only those that fail are counted (see oauth.ts).
 */
export function limitStrangers(http: FastifyInstance, limiter: RateLimiter): void {
  http.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?')[0] as string;
    if (UNCOUNTED.has(path) || (path === '/graphql' && request.headers.authorization !== undefined)) return done();
    const grant = limiter.stranger(request.ip);
    if (!grant.granted) return done(new RateLimitedError(grant));
    reply.headers(rateHeaders(grant));
    done();
  });
}
