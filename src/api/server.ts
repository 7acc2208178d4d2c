/**
 * The HTTP server: GraphQL, health, and in development sign-in and playground.
 *
 * Apollo runs behind a Fastify route of our own: a fifth cheaper than the ready-made integration, and what
 * happens before GraphQL begins (limits on bodies and time, tokens) stands here in one place.
 */
import { randomUUID } from 'node:crypto';
import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { MikroORM } from '@mikro-orm/postgresql';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Principal } from '../domain/access/principal.js';
import { type Authenticator, InvalidTokenError, IssuerUnavailableError } from '../infrastructure/auth/index.js';
import { listenAt } from '../infrastructure/listen.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { anonymousPlugin, SIGN_IN } from './anonymous.js';
import { bearerToken, createContext, type EdgeContext } from './context.js';
import { type DevelopmentSignIn, serveDevelopmentSignIn } from './development.js';
import { ErrorMask, errorAnswer, INTERNAL_MESSAGE } from './errors.js';
import { LIMITS, limitsPlugin } from './limits.js';
import { servePlayground } from './playground/playground.js';
import { storableTextPlugin } from './storable-text.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asked, once the token is verified; for the request's log line. */
    principal: Principal | undefined;
  }
}

export interface ServerOptions {
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  readonly reader: MikroORM;
  /** What keeps the gateway from serving, as sentences; none when it is ready. */
  readonly ready: () => Promise<readonly string[]>;
  readonly log: Logger;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly environment: 'development' | 'test' | 'production';
  /** The gateway as its own issuer of tokens; refused in production. */
  readonly development?: DevelopmentSignIn;
}

export interface GatewayServer {
  /** Begins to listen and returns where: "http://127.0.0.1:4000". */
  start(): Promise<{ readonly url: string }>;
  /** Takes in nothing more, answers what it has accepted, then ends. */
  stop(): Promise<void>;
}

const LARGEST_BODY_BYTES = 4 * 1024 * 1024;
const ANSWER_WITHIN_MS = 60_000;
const RECEIVE_WITHIN_MS = 30_000;
const KEEP_ALIVE_MS = 72_000;
const HEALTH: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
const REQUEST_ID = /^[\w.-]{1,64}$/;

export function createServer(options: ServerOptions): GatewayServer {
  if (options.environment === 'production' && options.development) {
    throw new OperatorError(
      'The development sign-in does not run in production. Configure an issuer of tokens instead.',
    );
  }
  const mask = new ErrorMask(options.log);
  const apollo = createApollo(options, mask);
  const http = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // logRequests writes our own line
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: RECEIVE_WITHIN_MS,
    handlerTimeout: ANSWER_WITHIN_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    genReqId: requestIdOf,
  });
  answerErrors(http, mask);
  logRequests(http, options.log);
  serveHealth(http, options.ready);
  servePlayground(http, { signIn: options.development !== undefined });
  if (options.development) serveDevelopmentSignIn(http, options.development, options.host);
  http.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: (request, reply) => serveGraphQL(request, reply, apollo, options),
  });

  // A connection whose last answer is due when stopping must end with it, or closing would wait for its keep-alive.
  let stopping = false;
  http.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });

  return {
    async start() {
      await apollo.start();
      const { host, port } = options;
      return { url: await listenAt(host, port, () => http.listen({ host, port })) };
    },
    async stop() {
      stopping = true;
      await http.close();
      await apollo.stop();
    },
  };
}

function createApollo({ schema, log }: ServerOptions, mask: ErrorMask): ApolloServer<EdgeContext> {
  return new ApolloServer<EdgeContext>({
    schema,
    logger: log,
    nodeEnv: 'production', // else Apollo decides by NODE_ENV what leaks; every choice is made here instead
    introspection: true, // who may introspect is decided before: see anonymous.ts
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    formatError: mask.format,
    plugins: [mask.plugin(), anonymousPlugin(), limitsPlugin(), storableTextPlugin()],
  });
}

/** A client's own request id is kept when it is plain; it is echoed in the answer and in every log line. */
function requestIdOf({ headers }: { headers: Record<string, string | string[] | undefined> }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

async function serveGraphQL(
  request: FastifyRequest,
  reply: FastifyReply,
  apollo: ApolloServer<EdgeContext>,
  options: ServerOptions,
): Promise<FastifyReply> {
  const context = await contextOf(request, options);
  if (context === undefined) return refuse(reply, SIGN_IN);
  request.principal = context.principal;
  const answer = await apollo.executeHTTPGraphQLRequest({
    context: async () => context,
    httpGraphQLRequest: {
      method: request.method,
      headers: headersOf(request),
      body: request.body,
      search: new URL(request.url, 'http://gateway').search,
    },
  });
  return send(reply, answer);
}

/** Undefined when there is no token and nothing is to be had without one. */
async function contextOf(request: FastifyRequest, options: ServerOptions): Promise<EdgeContext | undefined> {
  const token = bearerToken(request.headers.authorization);
  if (token !== undefined)
    return createContext(await options.authenticator.authenticate(token), request.id, options.reader);
  return options.environment === 'production' ? undefined : { requestId: request.id };
}

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

function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(401).header('www-authenticate', 'Bearer').send(errorAnswer('UNAUTHENTICATED', message));
}

function serveHealth(http: FastifyInstance, ready: ServerOptions['ready']): void {
  http.get('/healthz', async () => ({ status: 'alive' }));
  http.get('/readyz', async (_request, reply) => {
    const problems = await ready();
    return reply
      .code(problems.length === 0 ? 200 : 503)
      .send({ status: problems.length === 0 ? 'ready' : 'not ready', problems });
  });
}

/** Everything that fails outside GraphQL answers in GraphQL's shape, as masked as the rest. */
function answerErrors(http: FastifyInstance, mask: ErrorMask): void {
  http.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof InvalidTokenError) return refuse(reply, error.message);
    if (error instanceof IssuerUnavailableError) {
      request.log.warn({ requestId: request.id, err: error }, 'issuer unavailable');
      return reply
        .code(503)
        .send(
          errorAnswer('SERVICE_UNAVAILABLE', 'Tokens of this issuer cannot be checked just now. Try again shortly.'),
        );
    }
    if (error.code === 'FST_ERR_HANDLER_TIMEOUT') {
      const message =
        'No answer within the time allowed. What you sent may have been stored: send it again with the same keys.';
      return reply.code(503).send(errorAnswer('SERVICE_UNAVAILABLE', message));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(errorAnswer('BAD_REQUEST', error.message));
    const errorId = mask.record(error, { requestId: request.id });
    return reply.code(500).send(errorAnswer('INTERNAL_SERVER_ERROR', INTERNAL_MESSAGE, { errorId }));
  });
  http.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorAnswer('NOT_FOUND', 'There is nothing at this address.')),
  );
}

/** One line per request, with its id and who asked; never a body, a token or a query. Health checks leave none. */
function logRequests(http: FastifyInstance, log: Logger): void {
  http.decorateRequest('principal');
  http.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  });
  http.addHook('onResponse', async (request, reply) => {
    const { principal } = request;
    if (HEALTH.has(request.url)) return;
    log.info(
      {
        requestId: request.id,
        method: request.method,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        ...(principal && { subject: principal.subject, kind: principal.kind }),
      },
      'request',
    );
  });
}
