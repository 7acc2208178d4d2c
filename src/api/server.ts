/**
 * The HTTP server: GraphQL, health, and in development sign-in and playground.
 *
 * What happens before GraphQL begins is decided here: how large and how slow a request may be, what every answer
 * tells a browser, and what is logged.
 */
import { randomUUID } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { News } from '../graphql/news.js';
import type { Authenticator, AuthorizationServer } from '../infrastructure/auth/index.js';
import type { Background } from '../infrastructure/background.js';
import { listenAt } from '../infrastructure/listen.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { type AdmissionLimits, admitRequests, isQuestion } from './admission.js';
import { type DevelopmentSignIn, serveDevelopmentSignIn } from './development.js';
import { ErrorMask } from './errors.js';
import { answerBrokenRequest, answerUnknownAddresses, failureHandler, refuseExpectations } from './failures.js';
import { createApollo, serveGraphQL } from './graphql-route.js';
import { serveOAuth } from './oauth.js';
import { PersistedOperations } from './persisted-operations.js';
import { servePlayground } from './playground/playground.js';
import { limitStrangers, RATE_LIMITS, RateLimiter, type RateLimits } from './rate-limits.js';
import { logRequests } from './request-log.js';
import { securityHeaders, sendSecurityHeaders } from './security-headers.js';
import { SubscriptionDesk, type SubscriptionLimits } from './subscriptions/desk.js';
import { serveWebSocket } from './subscriptions/web-socket.js';
import { type MetricsAccess, serveMetrics, traceRequests } from './telemetry.js';

export interface ServerOptions {
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  readonly reader: MikroORM;
  /** What keeps the gateway from serving, as sentences; none when it is ready. */
  readonly ready: () => Promise<readonly string[]>;
  readonly log: Logger;
  readonly telemetry: MetricsAccess;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly environment: 'development' | 'test' | 'production';
  /** The gateway as authorisation server: clients get their tokens here. */
  readonly authorization?: AuthorizationServer;
  /** Tokens for whoever asks; refused in production. */
  readonly development?: DevelopmentSignIn;
  readonly patience?: Patience;
  readonly admission?: AdmissionLimits;
  /** What nobody waits for, and gives way to questions. */
  readonly background?: Background;
  readonly rateLimits?: RateLimits;
  readonly persistedOperations?: PersistedOperations;
  /** What subscriptions hear; without it there are none. */
  readonly news?: News;
  readonly subscriptionLimits?: SubscriptionLimits;
  /** Addresses or networks of proxies that are believed when they say for whom they ask; none when absent. */
  readonly trustedProxies?: readonly string[];
}

/** How long the server waits for a client, and a client for the server. */
export interface Patience {
  /** For a whole request to arrive, its headers within half of it. */
  readonly receiveMs: number;
  readonly answerMs: number;
}

export interface GatewayServer {
  /** Begins to listen and returns where: "http://127.0.0.1:4000". */
  start(): Promise<{ readonly url: string }>;
  /** Takes in nothing more, answers what it has accepted, then ends. */
  stop(): Promise<void>;
}

const PATIENCE: Patience = { receiveMs: 30_000, answerMs: 60_000 };
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;
const KEEP_ALIVE_MS = 72_000;
const REQUEST_ID = /^[\w.-]{1,64}$/;

export function createServer(options: ServerOptions): GatewayServer {
  if (options.environment === 'production' && options.development) {
    throw new OperatorError(
      'The development sign-in does not run in production. Configure an issuer of tokens instead.',
    );
  }
  const mask = new ErrorMask(options.log);
  const patience = options.patience ?? PATIENCE;
  const apollo = createApollo(options.schema, options.log, mask, options.telemetry.metrics);
  const limiter = new RateLimiter(options.rateLimits ?? RATE_LIMITS);
  const http = openHttp(options, failureHandler(mask, limiter), patience);
  sendSecurityHeaders(http, options.environment);
  traceRequests(http);
  logRequests(http, options.log);
  admitRequests(http, options.admission);
  if (options.background) tellOfQuestions(http, options.background);
  serveMetrics(http, options.telemetry, options.environment);
  limitStrangers(http, limiter);
  serveHealth(http, options.ready);
  servePlayground(http, { signIn: options.development !== undefined });
  if (options.authorization)
    serveOAuth(http, { server: options.authorization, authenticator: options.authenticator, limiter });
  if (options.development) serveDevelopmentSignIn(http, options.development, options.host);
  const { news, subscriptionLimits: limits, persistedOperations: persisted = new PersistedOperations() } = options;
  const desk = news && new SubscriptionDesk({ ...options, limiter, mask, news, persisted, limits });
  const { log, trustedProxies = [] } = options;
  const sockets = desk && serveWebSocket(http.server, { desk, limiter, mask, log, trustedProxies });
  serveGraphQL(http, {
    ...options,
    apollo,
    limiter,
    desk,
    persisted,
    answerWithinMs: patience.answerMs,
  });

  // A connection whose last answer is due when stopping must end with it, or closing would wait for its keep-alive.
  let stopping = false;
  http.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done();
  });

  return {
    async start() {
      await apollo.start();
      const { host, port } = options;
      return { url: await listenAt(host, port, () => http.listen({ host, port })) };
    },
    async stop() {
      stopping = true;
      await sockets?.stop();
      desk?.stop();
      await http.close();
      await apollo.stop();
    },
  };
}

function openHttp(
  { log, environment, trustedProxies = [] }: ServerOptions,
  answerFailure: ReturnType<typeof failureHandler>,
  patience: Patience,
): FastifyInstance {
  const http = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // logRequests writes our own line
    childLoggerFactory: (logger) => logger, // which names the request itself: a logger of its own costs every request
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: patience.receiveMs,
    // A socket on which nothing moves: longer than any answer takes, so that only who does not read loses it.
    connectionTimeout: 2 * patience.answerMs,
    http: {
      headersTimeout: patience.receiveMs / 2,
      // Node looks at slow requests this often, so they get at most so much more time.
      connectionsCheckingInterval: patience.receiveMs / 6,
    },
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    genReqId: requestIdOf,
    clientErrorHandler: answerBrokenRequest,
    // There are no hooks yet when an address cannot be read.
    frameworkErrors: (error, request, reply) =>
      answerFailure(error, request, reply.headers(securityHeaders(environment))),
  });
  http.setErrorHandler(answerFailure);
  answerUnknownAddresses(http);
  refuseExpectations(http, securityHeaders(environment));
  return http;
}

/** A client's own request id is kept when it is plain; it is echoed in the answer and in every log line. */
function requestIdOf({ headers }: { headers: Record<string, string | string[] | undefined> }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Of every question that has come in whole, until it is answered or nobody waits for the answer any more. */
function tellOfQuestions(http: FastifyInstance, background: Background): void {
  http.addHook('preValidation', async (request, reply) => {
    if (!isQuestion(request) || reply.raw.destroyed) return;
    background.asked();
    reply.raw.once('close', () => background.answered());
  });
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
