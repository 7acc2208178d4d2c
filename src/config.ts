/**
 * The settings, from the environment: the only reader of process.env. Parsed once, then frozen.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { RATE_LIMITS, type RateLimits } from './api/rate-limits.js';
import type { PrincipalKind } from './domain/access/principal.js';
import { PRINCIPAL_KINDS } from './infrastructure/auth/index.js';
import { issuersNamed, readIssuerFile, type TrustedIssuer } from './infrastructure/auth/trusted-issuers.js';
import type { Environment } from './infrastructure/db/migrator.js';
import { OperatorError } from './infrastructure/operator-error.js';
import type { SecretKey } from './infrastructure/secret-box.js';
import { parseSecretKeys } from './infrastructure/secret-keys.js';

export type { Environment };

export interface Config {
  readonly environment: Environment;
  /** Where the embedded PostgreSQL, its passwords and the development keys live. */
  readonly dataDir: string;
  /** A PostgreSQL server to use instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly logLevel: string;
  /** The gateway's public address, and its name as the issuer of tokens. */
  readonly issuerUrl: string;
  /** Whom we believe besides ourselves. */
  readonly tokenIssuers: readonly TrustedIssuer[];
  /** What a token's `aud` must name. */
  readonly tokenAudience: string;
  /** Whether webhooks and connectors may call this machine itself, over plain HTTP; never in production. */
  readonly allowLoopback: boolean;
  /** The folder in which partners' folders lie that connectors watch. */
  readonly connectorDir: string;
  /** For how many days events are kept at least, for polling and replay. */
  readonly eventDays: number;
  /** Encrypt personal fields and secrets at rest, the current one first; without them development makes its own. */
  readonly secretKeys: readonly SecretKey[] | undefined;
  /** What clients and strangers may ask for in a minute; 0 is without bound. */
  readonly rateLimits: RateLimits;
  /** The folder of operations that clients may name instead of sending them, and who may send nothing else. */
  readonly persistedOperations: {
    readonly folder: string | undefined;
    readonly restricted: ReadonlySet<PrincipalKind>;
  };
  /** Proxies that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly string[];
  /** What who reads /metrics must send as a bearer token; without it production serves none. */
  readonly metricsToken: string | undefined;
  /** Where OpenTelemetry traces go (OTLP over HTTP); none when absent. */
  readonly tracesEndpoint: string | undefined;
  /** As whom this machine's own programs sign in: hansa partner check. */
  readonly clientCredentials: { readonly clientId: string; readonly clientSecret: string } | undefined;
  /** Of the package. */
  readonly version: string;
  /** The folder that holds package.json, migrations/ and programmes/. */
  readonly projectFolder: string;
  readonly migrationsFolder: string;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const environment = z.enum(['development', 'test', 'production'], 'must be development, test or production');
const postgresUrl = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1;
}, 'must look like postgres://user:password@host:5432/database');
const perMinute = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number a minute, or 0 for no limit')
  .transform(Number);
const isAddressOrNetwork = (text: string): boolean => ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
const webUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with https://' });

const settings = z.object({
  HANSA_ENV: environment.optional(),
  NODE_ENV: z.string().optional(),
  HANSA_DATA_DIR: z.string().optional(),
  DATABASE_URL: postgresUrl.optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a number from 0 to 65535')
    .default(4000),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  HANSA_ISSUER_URL: webUrl
    .refine((text) => new URL(text).href === `${new URL(text).origin}/`, 'must be an address without a path')
    .transform((text) => new URL(text).origin)
    .optional(),
  HANSA_JWT_ISSUER: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine(
      (parts) => parts.every((part) => webUrl.safeParse(part).success),
      'must be a URL that begins with https://, or several with commas between',
    )
    .optional(),
  HANSA_JWT_ISSUERS_FILE: z.string().optional(),
  HANSA_JWT_AUDIENCE: z.string().default('hansa'),
  HANSA_JWKS_URI: webUrl.optional(),
  HANSA_CONNECTOR_DIR: z.string().optional(),
  HANSA_ALLOW_LOOPBACK: z.enum(['true', 'false'], 'must be true or false').default('false'),
  HANSA_EVENT_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number of days from 1 to 9999')
    .transform(Number)
    .default(30),
  HANSA_RATE_COST: perMinute.default(RATE_LIMITS.clientCost),
  HANSA_RATE_STRANGERS: perMinute.default(RATE_LIMITS.strangerRequests),
  HANSA_RATE_FAILED_SIGN_INS: perMinute.default(RATE_LIMITS.failedSignIns),
  HANSA_PERSISTED_OPERATIONS: z.string().optional(),
  HANSA_PERSISTED_ONLY: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(
      z.array(
        z.enum(PRINCIPAL_KINDS, `must be kinds of principals with commas between: ${PRINCIPAL_KINDS.join(', ')}`),
      ),
    )
    .default([]),
  HANSA_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine(
      (parts) => parts.every(isAddressOrNetwork),
      'must be addresses or networks such as 10.0.0.0/8 with commas between',
    )
    .default([]),
  HANSA_CLIENT_ID: z.string().optional(),
  HANSA_CLIENT_SECRET: z.string().optional(),
  HANSA_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: webUrl.optional(),
  HANSA_SECRET_KEYS: z
    .string()
    .transform((text, context) => {
      const ring = parseSecretKeys(text);
      if (typeof ring !== 'string') return ring;
      context.addIssue({ code: 'custom', message: ring });
      return z.NEVER;
    })
    .optional(),
});

/** Reads the settings of an environment. Throws OperatorError that names the variable and what to do. */
export function parseConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is one that was not set: docker compose and shells write them so.
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new OperatorError(`${wrong.join('; ')}. Change it or leave it out, and start again.`);
  }
  const read = parsed.data;
  const complaints: string[] = [];
  if (read.HANSA_PERSISTED_ONLY.length > 0 && read.HANSA_PERSISTED_OPERATIONS === undefined) {
    complaints.push(
      'HANSA_PERSISTED_ONLY is set without HANSA_PERSISTED_OPERATIONS. Name the folder of the operations that they may run.',
    );
  }
  const runsAs = read.HANSA_ENV ?? environment.safeParse(read.NODE_ENV).data ?? 'development';
  const allowLoopback = read.HANSA_ALLOW_LOOPBACK === 'true';
  if (allowLoopback && runsAs === 'production') {
    complaints.push(
      'HANSA_ALLOW_LOOPBACK is true in production, where partners could then call this machine from within. Leave it out.',
    );
  }
  const issuerUrl = read.HANSA_ISSUER_URL ?? `http://${read.HOST}:${read.PORT}`;
  const tokenIssuers = trustedIssuers(read, issuerUrl, runsAs, complaints);
  if (complaints.length > 0) throw new OperatorError(complaints.join('\n'));
  const projectFolder = findProject();
  const dataDir = resolve(read.HANSA_DATA_DIR ?? join(projectFolder, '.hansa'));
  return Object.freeze({
    environment: runsAs,
    dataDir,
    databaseUrl: read.DATABASE_URL,
    host: read.HOST,
    port: read.PORT,
    logLevel: read.LOG_LEVEL,
    issuerUrl,
    tokenIssuers: Object.freeze(tokenIssuers),
    tokenAudience: read.HANSA_JWT_AUDIENCE,
    allowLoopback,
    connectorDir: resolve(read.HANSA_CONNECTOR_DIR ?? join(dataDir, 'connectors')),
    eventDays: read.HANSA_EVENT_DAYS,
    rateLimits: Object.freeze({
      clientCost: read.HANSA_RATE_COST,
      strangerRequests: read.HANSA_RATE_STRANGERS,
      failedSignIns: read.HANSA_RATE_FAILED_SIGN_INS,
    }),
    persistedOperations: Object.freeze({
      folder: read.HANSA_PERSISTED_OPERATIONS && resolve(read.HANSA_PERSISTED_OPERATIONS),
      restricted: new Set(read.HANSA_PERSISTED_ONLY),
    }),
    trustedProxies: Object.freeze(read.HANSA_TRUSTED_PROXIES),
    secretKeys: read.HANSA_SECRET_KEYS,
    clientCredentials:
      read.HANSA_CLIENT_ID === undefined || read.HANSA_CLIENT_SECRET === undefined
        ? undefined
        : Object.freeze({ clientId: read.HANSA_CLIENT_ID, clientSecret: read.HANSA_CLIENT_SECRET }),
    metricsToken: read.HANSA_METRICS_TOKEN,
    tracesEndpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    version: (JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string }).version,
    projectFolder,
    migrationsFolder: join(projectFolder, 'migrations'),
  });
}

/** Adds to `complaints` what is wrong with them. */
function trustedIssuers(
  { HANSA_JWT_ISSUER: named = [], HANSA_JWT_ISSUERS_FILE: path, HANSA_JWKS_URI: jwksUri }: z.infer<typeof settings>,
  issuerUrl: string,
  runsAs: Environment,
  complaints: string[],
): TrustedIssuer[] {
  if (jwksUri !== undefined && named.length !== 1) {
    complaints.push(
      'HANSA_JWKS_URI is set without HANSA_JWT_ISSUER naming one issuer. Name the issuer whose keys those are, or list several in HANSA_JWT_ISSUERS_FILE.',
    );
  }
  const issuers = [...issuersNamed(named, jwksUri), ...(path === undefined ? [] : issuersOf(path, complaints))];
  const addresses = issuers.map(({ issuer }) => issuer);
  const twice = addresses.find((issuer, index) => issuer === issuerUrl || addresses.indexOf(issuer) !== index);
  if (twice !== undefined) complaints.push(`The issuer ${twice} is named twice. Name each once.`);
  const all = issuers.flatMap((each) => ('jwksUri' in each ? [each.issuer, each.jwksUri] : [each.issuer]));
  const unsafe = all.find((address) => !address.startsWith('https:'));
  if (runsAs === 'production' && unsafe !== undefined) {
    complaints.push(`${unsafe} is named as an issuer of tokens. In production use https:// for each.`);
  }
  return issuers;
}

function issuersOf(path: string, complaints: string[]): readonly TrustedIssuer[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    complaints.push(`HANSA_JWT_ISSUERS_FILE names ${path}, which cannot be read. Mend the path and start again.`);
    return [];
  }
  const issuers = readIssuerFile(text);
  if (!('complaints' in issuers)) return issuers;
  complaints.push(`${path}: ${issuers.complaints.join('; ')}.`);
  return [];
}

let config: Config | undefined;

/** The process's settings. */
export function loadConfig(): Config {
  config ??= parseConfig(process.env);
  return config;
}

function findProject(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
