/** A gateway's edge over real HTTP, with its own development issuer and the worker's database behind it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import type { ContainerType } from 'type-graphql';
import type { AdmissionLimits } from '../../src/api/admission.js';
import { asSubgraph } from '../../src/api/federation.js';
import type { PersistedOperations } from '../../src/api/persisted-operations.js';
import type { RateLimits } from '../../src/api/rate-limits.js';
import { createSchema } from '../../src/api/schema.js';
import { createServer, type Patience } from '../../src/api/server.js';
import type { SubscriptionLimits } from '../../src/api/subscriptions/desk.js';
import type { News } from '../../src/graphql/news.js';
import type { NodeSource } from '../../src/graphql/node.js';
import {
  Authenticator,
  type AuthorizationServer,
  createTokenVerifier,
  type DevelopmentIssuer,
  type IssuerConfig,
  openDevelopmentIssuer,
} from '../../src/infrastructure/auth/index.js';
import type { Background } from '../../src/infrastructure/background.js';
import { ActLog } from '../../src/infrastructure/db/acts.js';
import { Metrics } from '../../src/infrastructure/metrics.js';
import { type ClaimsRequest, developmentClaims, PrincipalDirectory } from '../../src/modules/access/index.js';
import type { TestDatabase } from '../support/database.js';

export const AUDIENCE = 'hansa-test';

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: unknown;
    readonly extensions: Record<string, unknown>;
  }[];
  readonly extensions?: Record<string, unknown>;
}

export interface Edge {
  readonly url: string;
  readonly issuer: DevelopmentIssuer;
  /** What the gateway has logged so far, one object per line. */
  readonly logged: readonly Record<string, unknown>[];
  token(request: ClaimsRequest, seconds?: number): Promise<string>;
  ask(
    query: string,
    options?: { token?: string; variables?: object; headers?: Record<string, string> },
  ): Promise<GraphQLAnswer>;
  stop(): Promise<void>;
}

export interface EdgeOptions {
  readonly db: TestDatabase;
  readonly resolvers: Parameters<typeof createSchema>[0];
  readonly container?: ContainerType;
  /** What other subgraphs may refer to; nothing when absent. */
  readonly nodes?: readonly NodeSource[];
  readonly news?: News;
  readonly subscriptionLimits?: SubscriptionLimits;
  /** By which tokens are judged. */
  readonly now?: () => Date;
  readonly environment?: 'test' | 'production';
  readonly issuers?: readonly IssuerConfig[];
  readonly authorization?: AuthorizationServer;
  readonly ready?: () => Promise<readonly string[]>;
  readonly patience?: Patience;
  readonly admission?: AdmissionLimits;
  readonly background?: Background;
  /** Without bound when absent: a test asks more in a second than a client in a minute. */
  readonly rateLimits?: RateLimits;
  readonly persistedOperations?: PersistedOperations;
  readonly trustedProxies?: readonly string[];
  readonly metricsToken?: string;
}

/** Instances without dependencies, for the resolvers of a test. */
export const plainContainer: ContainerType = { get: (resolver: new () => object) => new resolver() };

export async function openEdge(options: EdgeOptions): Promise<Edge> {
  const { db, environment = 'test', issuers = [] } = options;
  const dataDirectory = mkdtempSync(join(tmpdir(), 'hansa-edge-'));
  const issuer = await openDevelopmentIssuer({ dataDirectory, environment: 'test', audience: AUDIENCE });
  const directory = new PrincipalDirectory(db.database);
  const logged: Record<string, unknown>[] = [];
  const log = pino(
    { level: 'info' },
    new Writable({ write: (chunk, _encoding, done) => done(void logged.push(JSON.parse(chunk))) }),
  );
  const server = createServer({
    schema: asSubgraph(
      await createSchema(options.resolvers, options.container ?? plainContainer, new ActLog(db.database)),
      options.nodes ?? [],
    ),
    authenticator: new Authenticator(
      createTokenVerifier([issuer.config, ...issuers], AUDIENCE),
      directory,
      options.now,
    ),
    reader: db.reader,
    ...(options.authorization && { authorization: options.authorization }),
    ...(options.news && { news: options.news }),
    ...(options.background && { background: options.background }),
    ...(options.subscriptionLimits && { subscriptionLimits: options.subscriptionLimits }),
    ready: options.ready ?? (async () => []),
    log,
    telemetry: { metrics: new Metrics(), token: options.metricsToken },
    host: '127.0.0.1',
    port: 0,
    environment,
    rateLimits: options.rateLimits ?? { clientCost: 0, strangerRequests: 0, failedSignIns: 0 },
    trustedProxies: options.trustedProxies ?? [],
    ...(options.persistedOperations && { persistedOperations: options.persistedOperations }),
    ...(options.patience && { patience: options.patience }),
    ...(options.admission && { admission: options.admission }),
    ...(environment !== 'production' && {
      development: { issuer, claimsFor: (request) => developmentClaims(directory, request) },
    }),
  });
  const { url } = await server.start();
  return {
    url,
    issuer,
    logged,
    async token(request, seconds = 600) {
      const claims = await developmentClaims(directory, request);
      if (!claims.ok) throw new Error(claims.failure.message);
      return issuer.issue(claims.value, seconds);
    },
    async ask(query, { token, variables, headers } = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
    },
    async stop() {
      await server.stop();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}
