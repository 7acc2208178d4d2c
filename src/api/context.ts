/** Room 1 of a request: token -> Principal, and what its resolvers may reach. */
import type { IncomingMessage } from 'node:http';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Principal } from '../domain/access/principal.js';
import type { GatewayContext } from '../graphql/context.js';
import { createLoaders } from '../graphql/loaders.js';
import { InvalidTokenError } from '../infrastructure/auth/index.js';
import { readerFor, type Visibility } from '../infrastructure/db/orm.js';
import type { Meter } from './rate-limits.js';

/** Nobody signed in: may look at the schema in development, and at nothing else. */
export interface AnonymousContext {
  readonly principal?: undefined;
  readonly meter?: undefined;
  readonly requestId: string;
}

/** A request of somebody who is known: what it costs is counted. */
export interface SignedInContext extends GatewayContext {
  readonly meter: Meter;
}

export type EdgeContext = SignedInContext | AnonymousContext;

/** The rows a principal's reads see; what it may do beyond seeing is `authorize`'s matter. */
export function visibilityOf(principal: Principal): Visibility {
  if (principal.kind === 'PARTNER') return { partnerNo: principal.partnerNo };
  if (principal.kind === 'MEMBER') return { memberNo: principal.memberNo };
  return { seesAll: true };
}

type Request = Required<Pick<SignedInContext, 'requestId' | 'signal' | 'meter'>>;

/** Apollo copies a context and reads every property of it, but not those of its class: whoever reads nothing makes no reader. */
class RequestContext implements SignedInContext {
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly loader: SignedInContext['loader'];

  constructor(
    readonly principal: Principal,
    { requestId, signal, meter }: Request,
    /** Of the copy too: what one reader is asked in one tick travels together. */
    private readonly emOf: () => EntityManager,
  ) {
    this.requestId = requestId;
    this.signal = signal;
    this.meter = meter;
    this.loader = createLoaders(() => this);
  }

  get em(): EntityManager {
    return this.emOf();
  }
}

export function createContext(principal: Principal, request: Request, reader: MikroORM): SignedInContext {
  let em: EntityManager | undefined;
  return new RequestContext(principal, request, () => {
    em ??= readerFor(reader, visibilityOf(principal));
    return em;
  });
}

/** The token of the Authorization header; undefined when there is no header. Throws InvalidTokenError. */
export function bearerToken({ headersDistinct }: IncomingMessage): string | undefined {
  const [header, ...others] = headersDistinct.authorization ?? [];
  if (header === undefined) return undefined;
  // Node hands on the first of several; whoever stands before us may have looked at another one.
  if (others.length > 0) throw new InvalidTokenError('Send one Authorization header.');
  return tokenIn(header);
}

/** The token of the text "Bearer <token>". Throws InvalidTokenError. */
export function tokenIn(header: string): string {
  const match = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header);
  if (match) return match[1] as string;
  throw new InvalidTokenError('The Authorization header must read "Bearer <token>".');
}
