/**
 * The composition root: opens everything once, and says in which order it starts and stops.
 */
import type { Logger } from 'pino';
import { asSubgraph } from './api/federation.js';
import { PersistedOperations, readPersistedOperations } from './api/persisted-operations.js';
import { createSchema } from './api/schema.js';
import { createServer, type GatewayServer } from './api/server.js';
import type { Config } from './config.js';
import { entities } from './entities.js';
import { watch } from './gauges.js';
import {
  Authenticator,
  createTokenVerifier,
  type DevelopmentIssuer,
  openDevelopmentIssuer,
} from './infrastructure/auth/index.js';
import { ActLog } from './infrastructure/db/acts.js';
import { statement } from './infrastructure/db/database.js';
import { type Databases, openDatabases } from './infrastructure/db/orm.js';
import { type DatabaseServer, openServer } from './infrastructure/db/server.js';
import { createLogger } from './infrastructure/log.js';
import { Metrics } from './infrastructure/metrics.js';
import { createOutbound } from './infrastructure/outbound/index.js';
import type { SecretBox } from './infrastructure/secret-box.js';
import { openSecretBox } from './infrastructure/secret-keys.js';
import { openTracing } from './infrastructure/tracing.js';
import { jobsOf } from './jobs.js';
import { developmentClaims, PrincipalDirectory } from './modules/access/index.js';
import { TokenService } from './modules/tokens/index.js';
import { resolverInstances } from './resolver-instances.js';
import { nodes, resolvers } from './resolvers.js';
import { createServices, type Services } from './services.js';
import { startWorker, type Worker } from './worker.js';

export interface App {
  /** Opens the database, migrates it, and serves. Throws OperatorError with the way out. */
  start(): Promise<{ readonly url: string; readonly database: string }>;
  /** Answers what was accepted, lets the jobs end, and closes everything. */
  stop(): Promise<void>;
}

export interface AppOptions {
  /** The command, as other processes will name it. */
  readonly purpose?: string;
  /** Hears one sentence for everything that is not as usual at the start. */
  readonly say?: (sentence: string) => void;
}

export function createApp(config: Config, options: AppOptions = {}): App {
  const log = createLogger(config.logLevel);
  const say = options.say ?? ((sentence: string) => log.info(sentence));
  // What was opened, to be closed in the opposite order, also when a later step of the start fails.
  const closing: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  const start = async (): Promise<{ url: string; database: string }> => {
    const server = await openServer({ ...config, purpose: options.purpose ?? 'hansa serve', exclusive: true, say });
    closing.push(() => server.leave());
    if (config.tracesEndpoint !== undefined) {
      const tracing = openTracing(config.tracesEndpoint, config.version);
      closing.push(() => tracing.close());
    }
    const databases = await openPools(server, openSecretBox(config));
    closing.push(() => databases.close());
    const outbound = createOutbound(config);
    closing.push(() => outbound.close());
    const services = createServices(databases, {
      outbound,
      eventDays: config.eventDays,
      folders: { root: config.connectorDir, settleMs: FILE_SETTLES_MS },
    });
    const metrics = new Metrics();
    watch(metrics, databases, services);
    const gateway = await openGateway(config, databases, services, { log, metrics });
    const { url } = await gateway.start();
    closing.push(async () => {
      await gateway.stop();
      await Promise.all([services.transactions.drained(), services.tills.drained()]);
    });
    const worker: Worker = startWorker(jobsOf(services), log, metrics);
    closing.push(() => worker.stop());
    return { url, database: server.description };
  };
  return {
    start: async () => {
      try {
        return await start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}

const openPools = (server: DatabaseServer, secrets: SecretBox): Promise<Databases> =>
  openDatabases({ writerUrl: server.url('hansa_writer'), readerUrl: server.url('hansa_reader'), entities, secrets });

async function openGateway(
  config: Config,
  databases: Databases,
  services: Services,
  { log, metrics }: { readonly log: Logger; readonly metrics: Metrics },
): Promise<GatewayServer> {
  const directory = new PrincipalDirectory(databases.database);
  const { issuerUrl, tokenAudience } = config;
  const { signingKeys, outbound } = services;
  await signingKeys.open();
  const settings = { issuer: issuerUrl, audience: tokenAudience };
  const own = { issuer: issuerUrl, keys: signingKeys.find, own: 'AUTHORIZATION_SERVER' } as const;
  const issuer = config.environment === 'production' ? undefined : await openOwnIssuer(config);
  const schema = asSubgraph(
    await createSchema(resolvers, resolverInstances(databases, services), new ActLog(databases.database)),
    nodes,
  );
  const { folder, restricted } = config.persistedOperations;
  return createServer({
    schema,
    authenticator: new Authenticator(
      createTokenVerifier([...config.tokenIssuers, own, ...(issuer ? [issuer.config] : [])], tokenAudience),
      directory,
    ),
    authorization: new TokenService(databases.database, signingKeys, outbound, settings),
    reader: databases.reader,
    news: services.news,
    ready: () => problemsOf(databases),
    background: databases.database.background,
    log,
    telemetry: { metrics, token: config.metricsToken },
    host: config.host,
    port: config.port,
    environment: config.environment,
    rateLimits: config.rateLimits,
    persistedOperations: new PersistedOperations(
      folder === undefined ? new Map() : await readPersistedOperations(folder, schema),
      restricted,
    ),
    trustedProxies: config.trustedProxies,
    ...(issuer && { development: { issuer, claimsFor: (request) => developmentClaims(directory, request) } }),
  });
}

const openOwnIssuer = ({ dataDir, environment, tokenAudience }: Config): Promise<DevelopmentIssuer> =>
  openDevelopmentIssuer({ dataDirectory: dataDir, environment, audience: tokenAudience });

/** Files of partners that have not changed for so long are complete; better senders rename them when they are. */
const FILE_SETTLES_MS = 2_000;

const PING = statement('app.ping', 'select environment from deployment');

/** The start has migrated; what can be missing later is the database itself. */
async function problemsOf({ database }: Databases): Promise<readonly string[]> {
  try {
    await database.command((tx) => tx.run(PING));
    return [];
  } catch {
    return ['The database does not answer.'];
  }
}
