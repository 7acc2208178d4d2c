/**
 * The command line: `npx hansa <command>`. One file per command in commands/.
 *
 * What the operator can mend is one sentence on standard error; a bug is an error id and its stack. Either
 * way the exit code is 1.
 */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import * as audit from './commands/audit.js';
import * as backup from './commands/backup.js';
import * as client from './commands/client.js';
import * as connector from './commands/connector.js';
import * as fx from './commands/fx.js';
import * as importFile from './commands/import.js';
import * as keys from './commands/keys.js';
import * as ledger from './commands/ledger.js';
import * as migrate from './commands/migrate.js';
import * as partner from './commands/partner.js';
import * as programme from './commands/programme.js';
import * as proof from './commands/proof.js';
import * as schema from './commands/schema.js';
import * as serve from './commands/serve.js';
import * as signingKey from './commands/signing-key.js';
import * as start from './commands/start.js';
import * as token from './commands/token.js';
import { OperatorError } from './infrastructure/operator-error.js';

const STANDARD_ERROR = 2;

/** Every command, in the order of the help text. */
const COMMANDS = [
  start,
  serve,
  migrate,
  programme,
  partner,
  importFile,
  connector,
  fx,
  ledger,
  proof,
  audit,
  backup,
  keys,
  token,
  client,
  signingKey,
  schema,
];

function buildProgram(): Command {
  const program = new Command('hansa')
    .description('Open partner-network gateway: one GraphQL API for a coalition of merchants and banks.')
    .version(versionOf())
    .showHelpAfterError('(hansa --help shows what there is)')
    .addHelpText(
      'after',
      `
Settings come from the environment:
  HANSA_DATA_DIR     where the embedded PostgreSQL keeps its data (default: .hansa in the project)
  DATABASE_URL       a PostgreSQL server (15 or newer) to use instead
  HOST, PORT         where to listen (default: 127.0.0.1, 4000)
  HANSA_ENV          development, test or production (default: NODE_ENV, else development)
  HANSA_ISSUER_URL   the gateway's public address, its name as issuer of tokens (needed in production)
  HANSA_JWT_ISSUER   whose tokens are believed besides; HANSA_JWT_AUDIENCE (default: hansa), HANSA_JWKS_URI,
                     HANSA_JWT_ISSUERS_FILE (says what each issuer may say)
  HANSA_SECRET_KEYS  id:base64,… of 32 bytes: encrypt personal fields at rest, the current one first
  HANSA_METRICS_TOKEN  what who reads /metrics sends; OTEL_EXPORTER_OTLP_ENDPOINT: where traces go
  LOG_LEVEL          trace, debug, info, warn, error, fatal or silent (default: info)`,
    );
  for (const { register } of COMMANDS) register(program);
  return program;
}

function versionOf(): string {
  const manifest = join(import.meta.dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** Says what went wrong and ends the process: pools of an interrupted command must not keep it alive. */
function fail(error: unknown): never {
  const text =
    error instanceof OperatorError
      ? `hansa: ${error.message}\n`
      : `hansa: this is a bug (error ${randomUUID()}). Please report it with what follows.\n${describe(error)}\n`;
  writeSync(STANDARD_ERROR, text);
  process.exit(1);
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

try {
  await buildProgram().parseAsync();
} catch (error) {
  fail(error);
}
