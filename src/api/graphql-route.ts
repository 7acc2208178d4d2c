/**
 * /graphql: token -> context, then Apollo.
 *
 * Apollo runs behind a Fastify route of our own: a fifth cheaper than the ready-made integration, and what comes
 * before it (who asks, how long it may take) stands here in one place.
 */
import {
  ApolloServer,
  type ApolloServerPlugin,
  HeaderMap,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Metrics } from '../infrastructure/metrics.js';
import { anonymousPlugin, SIGN_IN } from './anonymous.js';
import { bearerToken, createContext, type EdgeContext } from './context.js';
import { type ErrorMask, errorAnswer } from './errors.js';
import { AnswerTimeoutError, refuse } from './failures.js';
import { KnownDocuments } from './known-documents.js';
import { LIMITS, limitsPlugin } from './limits.js';
import type { PersistedOperations } from './persisted-operations.js';
import { LEAST_COST, RateLimitedError, type RateLimiter, rateHeaders } from './rate-limits.js';
import type { ServerOptions } from './server.js';
import { storableTextPlugin } from './storable-text.js';
import type { SubscriptionDesk } from './subscriptions/desk.js';
import { sendEventStream, wantsEventStream } from './subscriptions/event-stream.js';
import { telemetryPlugin } from './telemetry.js';

export function createApollo(
  schema: GraphQLSchema,
  logger: Logger,
  mask: ErrorMask,
  metrics: Metrics,
): ApolloServer<EdgeContext> {
  return new ApolloServer<EdgeContext>({
    schema,
    logger,
    nodeEnv: 'production', // else Apollo decides by NODE_ENV what leaks; every choice is made here instead
    introspection: true, // who may introspect is decided before: see anonymous.ts
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    documentStore: new KnownDocuments(),
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    formatError: mask.format,
    plugins: [
      ...NOT_OURS,
      mask.plugin(),
      anonymousPlugin(),
      subscriptionsPlugin(),
      limitsPlugin(),
      storableTextPlugin(),
      telemetryPlugin(metrics),
    ],
  });
}

/** A subscription has no single answer; executed as if it had, it fails in ways that are nobody's fault. */
const subscriptionsPlugin = (): ApolloServerPlugin<EdgeContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== 'subscription') return;
      const message =
        'Subscribe by graphql-ws or server-sent events; a plain request answers queries and mutations only.';
      throw new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
    },
  }),
});

/** What Apollo would add by itself: a page from its own servers, reports to them, and traces for whoever asks. */
const NOT_OURS = [
  ApolloServerPluginCacheControlDisabled(),
  ApolloServerPluginInlineTraceDisabled(),
  ApolloServerPluginLandingPageDisabled(),
  ApolloServerPluginSchemaReportingDisabled(),
  ApolloServerPluginUsageReportingDisabled(),
];

export interface GraphQLRouteOptions extends Pick<ServerOptions, 'authenticator' | 'reader' | 'environment'> {
  readonly apollo: ApolloServer<EdgeContext>;
  /** Absent when nothing can be subscribed to. */
  readonly desk: SubscriptionDesk | undefined;
  readonly limiter: RateLimiter;
  readonly persisted: PersistedOperations;
  readonly answerWithinMs: number;
}

export function serveGraphQL(http: FastifyInstance, options: GraphQLRouteOptions): void {
  http.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) => {
      if (options.desk && wantsEventStream(request)) return sendEventStream(request, reply, options.desk);
      if (Array.isArray(request.body)) return reply.code(400).send(errorAnswer('BAD_REQUEST', ONE_OPERATION));
      const answer = await withinTime(reply, options.answerWithinMs, async (signal) => {
        const context = await contextOf(request, options, signal);
        if (context === undefined) return undefined;
        request.principal = context.principal;
        const grant = context.meter?.charge(LEAST_COST);
        if (grant?.granted === false) throw new RateLimitedError(grant);
        const answered = await options.apollo.executeHTTPGraphQLRequest({
          context: async () => context,
          httpGraphQLRequest: options.persisted.resolve(graphQLRequestOf(request), context.principal?.kind),
        });
        if (context.meter?.last) reply.headers(rateHeaders(context.meter.last));
        return answered;
      });
      return answer === undefined ? refuse(reply, SIGN_IN) : send(reply, answer);
    },
  });
}

const ONE_OPERATION = 'Send one operation in each request, not a list; ask for several root fields instead.';

/**
 * Gives up when the time is over, and tells the work when nobody waits for it any more. (Fastify's own time-out for
 * handlers ends when the body has been read: it never comes for a POST.)
 */
async function withinTime<T>(
  reply: FastifyReply,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const nobodyWaits = new AbortController();
  const gone = () => nobodyWaits.abort();
  reply.raw.once('close', gone);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      nobodyWaits.abort();
      reject(new AnswerTimeoutError());
    }, milliseconds);
  });
  try {
    return await Promise.race([work(nobodyWaits.signal), late]);
  } finally {
    clearTimeout(timer);
    reply.raw.off('close', gone); // every answer ends in a close, and an abort makes an error with its stack
  }
}

/** Undefined when there is no token and nothing is to be had without one. */
async function contextOf(
  request: FastifyRequest,
  { authenticator, reader, limiter, environment }: GraphQLRouteOptions,
  signal: AbortSignal,
): Promise<EdgeContext | undefined> {
  const token = bearerToken(request.raw);
  if (token !== undefined) {
    const principal = await authenticator.authenticate(token);
    return createContext(principal, { requestId: request.id, signal, meter: limiter.meterFor(principal) }, reader);
  }
  return environment === 'production' ? undefined : { requestId: request.id };
}

const graphQLRequestOf = (request: FastifyRequest): HTTPGraphQLRequest => ({
  method: request.method,
  headers: headersOf(request),
  body: request.body,
  search: request.method === 'GET' ? new URL(request.url, 'http://gateway').search : '',
});

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

function send(reply: FastifyReply, { status, headers, body }: HTTPGraphQLResponse): FastifyReply {
  for (const [name, value] of headers) reply.header(name, value);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(status ?? 200).header('cache-control', 'no-store');
  return reply.send(body.kind === 'complete' ? body.string : body.asyncIterator);
}
