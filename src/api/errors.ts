/**
 * What leaves when something fails.
 *
 * A client's mistake leaves as it is, with a code from the closed list below. A database that cannot be asked just now
 * leaves as SERVICE_UNAVAILABLE: what was asked for is worth asking again. Everything else is a bug of ours: it is
 * logged once under an errorId and leaves as INTERNAL_SERVER_ERROR with that id and nothing else.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import { ForbiddenError } from '../domain/access/forbidden.js';
import { isDatabaseUnavailable } from '../infrastructure/db/unavailable.js';
import type { EdgeContext } from './context.js';

/** Codes of errors whose message is meant for the client. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PARTNER_UNAVAILABLE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'QUERY_TOO_COSTLY',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
]);

/** The code, and which partner could not be asked. */
const publicExtensions = ({ extensions }: GraphQLFormattedError): Record<string, unknown> => ({
  code: extensions?.code,
  ...(extensions?.code === 'PARTNER_UNAVAILABLE' && { partnerCode: extensions.partnerCode, reason: extensions.reason }),
});

const isPublic = (error: unknown): boolean => error instanceof GraphQLError && PUBLIC_CODES.has(error.extensions.code);

const forbiddenBehind = (error: unknown): ForbiddenError | undefined => {
  const original = unwrapResolverError(error);
  return original instanceof ForbiddenError ? original : undefined;
};

/** An answer in GraphQL's own shape, for what fails before GraphQL begins. */
export const errorAnswer = (code: string, message: string, more: Record<string, unknown> = {}): object => ({
  errors: [{ message, extensions: { code, ...more } }],
});

export const INTERNAL_MESSAGE = 'The gateway failed. The failure is on record under this errorId.';

export const UNAVAILABLE_MESSAGE =
  'The database does not answer just now. What you sent may have been stored: send it again with the same keys.';

/** So long nobody need ask again. */
export const RETRY_AFTER_SECONDS = 1;

const isUnavailable = (error: unknown): boolean => isDatabaseUnavailable(unwrapResolverError(error));

export class ErrorMask {
  readonly #ids = new WeakMap<object, string>();

  constructor(private readonly log: Logger) {}

  /** Puts a bug on record and returns its errorId; the same error is recorded once. */
  record(error: unknown, about: Record<string, unknown> = {}): string {
    const key = typeof error === 'object' && error !== null ? error : new Error(String(error));
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const errorId = v7();
    this.#ids.set(key, errorId);
    this.log.error({ ...about, errorId, err: unwrapResolverError(error) }, 'request failed');
    return errorId;
  }

  /** Apollo's formatError. */
  readonly format = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const place = {
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
    };
    if (isPublic(error)) return { message: formatted.message, ...place, extensions: publicExtensions(formatted) };
    const forbidden = forbiddenBehind(error);
    if (forbidden) return { message: forbidden.message, ...place, extensions: { code: 'FORBIDDEN' } };
    if (isUnavailable(error))
      return { message: UNAVAILABLE_MESSAGE, ...place, extensions: { code: 'SERVICE_UNAVAILABLE' } };
    return {
      message: INTERNAL_MESSAGE,
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: this.record(error) },
    };
  };

  /** Says once in the log that the database could not be asked. */
  noteUnavailable(error: unknown, about: Record<string, unknown>): void {
    this.log.warn({ ...about, err: unwrapResolverError(error) }, 'database unavailable');
  }

  /** Puts those on record that are bugs, and the first one that says that the database could not be asked. */
  note(errors: readonly GraphQLError[], about: Record<string, unknown>): void {
    const ours = errors.filter((error) => !isPublic(error) && !forbiddenBehind(error));
    for (const error of ours) if (!isUnavailable(error)) this.record(error, { ...about, path: error.path });
    const unavailable = ours.find(isUnavailable);
    if (unavailable) this.noteUnavailable(unavailable, { ...about, path: unavailable.path });
  }

  /** Records bugs while it is still known whose request they broke. */
  plugin(): ApolloServerPlugin<EdgeContext> {
    return {
      requestDidStart: async () => ({
        didEncounterErrors: async ({ errors, contextValue, operationName }) => {
          this.note(errors, { requestId: contextValue.requestId, operationName });
        },
        willSendResponse: async ({ response: { body, http } }) => {
          const { errors = [] } = body.kind === 'single' ? body.singleResult : {};
          if (errors.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE'))
            http.headers.set('retry-after', String(RETRY_AFTER_SECONDS));
        },
      }),
    };
  }
}
