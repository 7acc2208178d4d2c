/**
 * The same schema and the same edge (HTTP, tokens, limits, validation, serialising), and a resolver that answers from
 * memory: what a query costs when nothing has to be looked up. Run by BareGateway.
 */
import 'reflect-metadata';
import { isObjectType } from 'graphql';
import { createSchema } from '../../src/api/schema.js';
import { createServer } from '../../src/api/server.js';
import { loadConfig } from '../../src/config.js';
import { entities } from '../../src/entities.js';
import { Authenticator, createTokenVerifier, openDevelopmentIssuer } from '../../src/infrastructure/auth/index.js';
import { openDatabases } from '../../src/infrastructure/db/orm.js';
import { openServer } from '../../src/infrastructure/db/server.js';
import { createLogger } from '../../src/infrastructure/log.js';
import { Metrics } from '../../src/infrastructure/metrics.js';
import { openSecretBox } from '../../src/infrastructure/secret-keys.js';
import { developmentClaims, PrincipalDirectory } from '../../src/modules/access/index.js';
import { resolvers } from '../../src/resolvers.js';

async function serve(answer: Readonly<Record<string, unknown>>): Promise<void> {
  const config = loadConfig();
  const server = await openServer({ ...config, purpose: 'hansa bench', exclusive: false, say: () => undefined });
  const urls = { writerUrl: server.url('hansa_writer'), readerUrl: server.url('hansa_reader') };
  const databases = await openDatabases({ ...urls, entities, secrets: openSecretBox(config) });
  const directory = new PrincipalDirectory(databases.database);
  const { environment, tokenAudience: audience } = config;
  const issuer = await openDevelopmentIssuer({ dataDirectory: config.dataDir, environment, audience });
  const schema = await createSchema(resolvers);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (type === schema.getQueryType()) field.resolve = () => answer[field.name];
      else delete field.resolve;
    }
  }
  const gateway = createServer({
    ...{ schema, environment, host: '127.0.0.1', port: 0, rateLimits: config.rateLimits, reader: databases.reader },
    authenticator: new Authenticator(createTokenVerifier([issuer.config], audience), directory),
    ready: () => Promise.resolve([]),
    log: createLogger(config.logLevel),
    telemetry: { metrics: new Metrics(), token: undefined },
    development: { issuer, claimsFor: (request) => developmentClaims(directory, request) },
  });
  const { url } = await gateway.start();
  process.on('disconnect', async () => {
    await gateway.stop();
    await databases.close();
    await server.leave();
    process.exit(0);
  });
  process.send?.(url);
}

process.once('message', ({ answer }: { answer: Readonly<Record<string, unknown>> }) => void serve(answer));
