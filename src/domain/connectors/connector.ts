/**
 * A connector: how the gateway asks a partner. Where it is, how we prove who we are, what it can be asked, and which
 * of its fields mean what. Types, and everything that can be wrong with one.
 */
import { fail, ok, type Result } from '../kernel/result.js';
import { type FieldMapping, faultOfFields } from './fields.js';

export const CONNECTOR_KINDS = ['HTTP_JSON', 'GRAPHQL', 'FOLDER'] as const;
export type ConnectorKind = (typeof CONNECTOR_KINDS)[number];

export const CAPABILITIES = ['TRANSACTIONS', 'OFFERS', 'STOCK', 'PAYOUT'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const AUTH_KINDS = ['NONE', 'BEARER', 'HMAC', 'CLIENT_CREDENTIALS'] as const;
export type AuthKind = (typeof AUTH_KINDS)[number];

export type ConnectorStatus = 'ACTIVE' | 'PAUSED' | 'REMOVED';

/** How a partner is told who we are; the secret lies apart, sealed. */
export interface ConnectorAuth {
  readonly kind: AuthKind;
  /** CLIENT_CREDENTIALS: where tokens are given out, and to whom. */
  readonly tokenUrl?: string;
  readonly clientId?: string;
  readonly scope?: string;
}

/** One thing that a partner can be asked. */
export interface Endpoint {
  readonly capability: Capability;
  /** HTTP_JSON: below the address, such as "/transactions?sort=asc". */
  readonly path?: string;
  /** GRAPHQL: the query; it gets the variables cursor and first, or items. */
  readonly query?: string;
  /** FOLDER: what its files hold. */
  readonly format?: FileFormat;
  /** Where the list stands in the answer: "data.items"; the answer itself when absent. */
  readonly itemsAt?: string;
  /** Where the cursor of the next page stands; without it there is one page only. */
  readonly nextCursorAt?: string;
  /** HTTP_JSON: names of the parameters. */
  readonly cursorParameter?: string;
  readonly sizeParameter?: string;
  readonly pageSize?: number;
  /** How days are written where the field is no instant. */
  readonly dateFormat?: DayFormat;
  readonly fields: readonly FieldMapping[];
}

export const FILE_FORMATS = ['CSV', 'NDJSON'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export const DAY_FORMATS = ['RFC3339', 'YYYY-MM-DD', 'YYYYMMDD', 'DD/MM/YYYY', 'MM/DD/YYYY'] as const;
export type DayFormat = (typeof DAY_FORMATS)[number];

/** All that people decide about a connector. */
export interface ConnectorTerms {
  readonly kind: ConnectorKind;
  /** The partner's server, https://; or the name of the folder. */
  readonly address: string;
  readonly auth: ConnectorAuth;
  readonly endpoints: readonly Endpoint[];
  readonly everySeconds: number;
}

export type ConnectorFaultCode =
  | 'MALFORMED_CODE'
  | 'MALFORMED_ADDRESS'
  | 'MALFORMED_ENDPOINT'
  | 'MALFORMED_FIELD'
  | 'MALFORMED_AUTH'
  | 'CAPABILITY_TWICE'
  | 'CAPABILITY_NOT_OF_KIND'
  | 'INTERVAL_OUT_OF_RANGE';

const CODE = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** One folder below the one that the operator has opened to connectors: no way out of it. */
const FOLDER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const PARAMETER = /^[A-Za-z_][A-Za-z0-9_.[\]-]{0,62}$/;
const PLACE = /^[^.\s]{1,100}(\.[^.\s]{1,100}){0,9}$/;
const LONGEST_PATH = 1_000;
const LONGEST_QUERY = 10_000;
const LONGEST_NAME = 200;
export const MOST_ITEMS = 1_000;
export const DEFAULT_PAGE_SIZE = 500;
const INTERVAL = { least: 5, most: 86_400 };

/** What each kind can be asked. A payout needs an answer to each call, so a folder takes none, and its protocol is one. */
const ABLE: Readonly<Record<ConnectorKind, readonly Capability[]>> = {
  HTTP_JSON: ['TRANSACTIONS', 'OFFERS', 'STOCK', 'PAYOUT'],
  GRAPHQL: ['TRANSACTIONS', 'OFFERS', 'STOCK'],
  FOLDER: ['TRANSACTIONS'],
};

export const isConnectorCode = (code: string): boolean => CODE.test(code);

/** The first thing that is wrong with the terms, or nothing. The address itself is looked up elsewhere. */
export function checkConnector(terms: ConnectorTerms): Result<undefined, ConnectorFaultCode> {
  const { kind, address, auth, endpoints, everySeconds } = terms;
  if (kind === 'FOLDER' && !FOLDER.test(address))
    return fail(
      'MALFORMED_ADDRESS',
      'A folder is named by 1 to 63 letters, digits, dashes and underscores.',
      'address',
    );
  if (!Number.isInteger(everySeconds) || everySeconds < INTERVAL.least || everySeconds > INTERVAL.most)
    return fail('INTERVAL_OUT_OF_RANGE', 'Fetch every 5 to 86,400 seconds.', 'everySeconds');
  const wrongAuth = faultOfAuth(kind, auth);
  if (wrongAuth !== undefined) return fail('MALFORMED_AUTH', wrongAuth, 'auth');
  if (endpoints.length === 0)
    return fail('MALFORMED_ENDPOINT', 'Name at least one thing that the partner can be asked.', 'endpoints');
  const seen = new Set<Capability>();
  for (const [index, endpoint] of endpoints.entries()) {
    const { capability } = endpoint;
    const field = `endpoints.${index}`;
    if (seen.has(capability))
      return fail('CAPABILITY_TWICE', `${capability} stands here twice; make a second connector.`, field);
    seen.add(capability);
    if (!ABLE[kind].includes(capability))
      return fail('CAPABILITY_NOT_OF_KIND', `A ${kind} connector cannot be asked for ${capability}.`, field);
    const wrong = faultOfEndpoint(kind, endpoint);
    if (wrong !== undefined) return fail('MALFORMED_ENDPOINT', wrong, field);
    const wrongField = faultOfFields(capability, endpoint.fields);
    if (wrongField !== undefined) return fail('MALFORMED_FIELD', wrongField, `${field}.fields`);
  }
  return ok(undefined);
}

function faultOfAuth(
  kind: ConnectorKind,
  { kind: auth, tokenUrl, clientId, scope }: ConnectorAuth,
): string | undefined {
  if (kind === 'FOLDER' && auth !== 'NONE') return 'A folder needs no authentication: leave it NONE.';
  const named = auth === 'CLIENT_CREDENTIALS';
  if (named !== (tokenUrl !== undefined) || named !== (clientId !== undefined))
    return 'Client credentials need tokenUrl and clientId, and nothing else has them.';
  if (!named && scope !== undefined) return 'Only client credentials have a scope.';
  if ([clientId, scope].some((text) => text !== undefined && (text === '' || text.length > LONGEST_NAME)))
    return 'The client id and the scope have 1 to 200 characters.';
  return undefined;
}

function faultOfEndpoint(kind: ConnectorKind, endpoint: Endpoint): string | undefined {
  const { path, query, format, cursorParameter, sizeParameter, nextCursorAt, itemsAt, pageSize } = endpoint;
  if ((kind === 'HTTP_JSON') !== (path !== undefined)) return 'HTTP_JSON endpoints have a path, and no others do.';
  if ((kind === 'GRAPHQL') !== (query !== undefined)) return 'GRAPHQL endpoints have a query, and no others do.';
  if ((kind === 'FOLDER') !== (format !== undefined)) return 'FOLDER endpoints have a format, and no others do.';
  if (path !== undefined && (!path.startsWith('/') || path.startsWith('//') || path.length > LONGEST_PATH))
    return 'A path begins with one slash and has at most 1,000 characters.';
  if (query !== undefined && (query.trim() === '' || query.length > LONGEST_QUERY))
    return 'A query has 1 to 10,000 characters.';
  if ([itemsAt, nextCursorAt].some((place) => place !== undefined && !PLACE.test(place)))
    return 'A place in the answer is written like data.items.';
  if ([cursorParameter, sizeParameter].some((name) => name !== undefined && !PARAMETER.test(name)))
    return 'A parameter is named by a letter and up to 62 letters, digits and signs.';
  if (kind === 'HTTP_JSON' && endpoint.capability === 'TRANSACTIONS' && !nextCursorAt !== !cursorParameter)
    return 'Give both nextCursorAt and cursorParameter, or none of them.';
  if (endpoint.dateFormat !== undefined && !DAY_FORMATS.includes(endpoint.dateFormat))
    return `Days are written ${DAY_FORMATS.join(', ')}.`;
  if (pageSize !== undefined && (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MOST_ITEMS))
    return `A page has 1 to ${MOST_ITEMS} items.`;
  return undefined;
}

export const endpointOf = ({ endpoints }: Pick<ConnectorTerms, 'endpoints'>, capability: Capability) =>
  endpoints.find((endpoint) => endpoint.capability === capability);
