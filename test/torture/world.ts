/** A world to be tortured: its database, two gateways with their workers on it, and the model that lives the same life. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, SignJWT } from 'jose';
import { entities } from '../../src/entities.js';
import { type DevelopmentIssuer, openDevelopmentIssuer } from '../../src/infrastructure/auth/index.js';
import { type Databases, openDatabases } from '../../src/infrastructure/db/orm.js';
import { urlAs } from '../../src/infrastructure/db/roles.js';
import { SecretBox } from '../../src/infrastructure/secret-box.js';
import { developmentClaims, PrincipalDirectory } from '../../src/modules/access/index.js';
import { ChainSealer } from '../../src/modules/proofs/index.js';
import { verifyLedger } from '../../src/modules/verification/index.js';
import { createServices } from '../../src/services.js';
import type { Gateway } from '../e2e/gateway.js';
import { GatewayDriver } from '../model/gateway-driver.js';
import { type Random, randomFrom } from '../model/random.js';
import { drawWorld, type World } from '../model/world.js';
import { PatientClient, Violation } from './client.js';
import type { Cluster } from './cluster.js';
import { GatewayProcess } from './gateway-process.js';
import { Listener } from './listener.js';
import { inLists } from './lists.js';
import { Lives } from './lives.js';
import { BreakingProxy } from './proxy.js';

const DAYS = 30;
const AUDIENCE = 'hansa';
const DAY_MS = 86_400_000;
/** Of the purchases; the others are told one by one. */
const LISTED_PERCENT = 40;
const JOB_PATIENCE_MS = 300_000;

export class TorturedWorld {
  private constructor(
    readonly cluster: Cluster,
    readonly database: string,
    readonly gateways: readonly GatewayProcess[],
    /** Between gateways and PostgreSQL. */
    readonly line: BreakingProxy,
    readonly client: PatientClient,
    readonly lives: Lives,
    readonly listener: Listener,
    private readonly databases: Databases,
    private readonly services: ReturnType<typeof createServices>,
  ) {}

  /** @param product the folder of what is tortured */
  static async open(cluster: Cluster, product: string, seed: number): Promise<TorturedWorld> {
    const random = randomFrom(seed);
    const database = await cluster.newDatabase();
    const line = await BreakingProxy.open(() => cluster.port, 'BOTH');
    const databaseUrl = cluster.url(database, line.port);
    // A gateway's own clock says nothing: here they are a day apart from the database's.
    const shifts = random.chance(50) ? [-DAY_MS, DAY_MS] : [0, random.pick([-DAY_MS, DAY_MS])];
    const gateways = await Promise.all(
      shifts.map((clockShiftMs, nth) =>
        GatewayProcess.start({
          ...{ name: `gateway-${nth + 1}`, product, folder: cluster.folder, databaseUrl, clockShiftMs },
        }),
      ),
    );
    const databases = await openDatabases({
      writerUrl: urlAs(databaseUrl, 'hansa_writer'),
      readerUrl: urlAs(databaseUrl, 'hansa_reader'),
      entities,
      secrets: new SecretBox([{ id: 'torture', key: randomBytes(32) }]),
    });
    const services = createServices(databases);
    const client = new PatientClient(gateways, randomFrom(seed + 1));
    const issuer = await openDevelopmentIssuer({
      ...{ dataDirectory: cluster.folder, environment: 'test', audience: AUDIENCE },
    });
    const ask = inLists(client.ask, randomFrom(seed + 2), LISTED_PERCENT);
    const gateway = await facade(cluster, database, databases, services, ask, issuer);
    const listener = await Listener.open(cluster, database, ask, gateway.admin);
    const drawn = inOneWindow(drawWorld(random, DAYS));
    const driver = await GatewayDriver.open(gateway, drawn);
    client.begin();
    const lives = new Lives(gateway.db, driver, random, drawn);
    return new TorturedWorld(cluster, database, gateways, line, client, lives, listener, databases, services);
  }

  /** Every invariant of the ledger, after what waits to be sealed is sealed. */
  async expectSound(): Promise<void> {
    const { database } = this.databases;
    await persist(() => new ChainSealer(database).seal({ patienceMs: 20_000 }));
    const verified = await persist(() => database.command((tx) => verifyLedger(tx)));
    const findings = verified.flatMap((each) => each.findings);
    if (findings.length === 0) return;
    const lines = findings.map(({ invariant, table, row, message }) => `${invariant} ${table} ${row}: ${message}`);
    throw new Violation(`The ledger does not hold:\n${lines.slice(0, 20).join('\n')}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.close()));
    await this.databases.close().catch(() => undefined);
    await this.services.outbound.close();
    await this.listener.close();
    this.line.close();
  }
}

/**
 * Commission on a whole statement makes a settlement close a second window; what other operations record in between
 * is settled with the first, at a moment that the model has no name for.
 */
const inOneWindow = (world: World): World => ({
  ...world,
  contracts: new Map([...world.contracts].map(([code, terms]) => [code, { ...terms, commissionPer: 'ACCRUAL' }])),
});

/** Until it is done: what a job could not do, its next run does. */
async function persist<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + JOB_PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(200);
    }
  }
}

/** The gateways as the model's driver knows one: asked by a patient client, and with jobs that two workers run at once. */
async function facade(
  cluster: Cluster,
  database: string,
  databases: Databases,
  services: ReturnType<typeof createServices>,
  ask: PatientClient['ask'],
  issuer: DevelopmentIssuer,
): Promise<Gateway> {
  const directory = new PrincipalDirectory(databases.database);
  const token: Gateway['edge']['token'] = async (request) => {
    const claims = await persist(() => developmentClaims(directory, request));
    if (!claims.ok) throw new Error(claims.failure.message);
    return beforeToday(await issuer.issue(claims.value, 7 * 86_400), cluster.folder);
  };
  const twice = <Values extends readonly unknown[]>(job: (...values: Values) => Promise<unknown>) => {
    return (...values: Values) => persist(() => Promise.all([job(...values), job(...values)]));
  };
  const { earning, resolutions, lots, fx } = services;
  const part = {
    ask,
    admin: await token({ principal: 'ADMIN' }),
    edge: { token },
    db: {
      superuser: { query: (text: string, values?: readonly unknown[]) => cluster.ask(database, text, values) },
    },
    services: {
      earning: { confirmAll: twice((signal: AbortSignal) => earning.confirmAll(signal)) },
      resolutions: { expireAuthorisations: twice(() => resolutions.expireAuthorisations()) },
      lots: { expireAll: twice((signal: AbortSignal) => lots.expireAll(signal)) },
      fx: { convertWaiting: twice((signal: AbortSignal) => fx.convertWaiting(signal)) },
    },
  };
  return part as unknown as Gateway;
}

/** The same token, issued so early that a gateway whose clock is slow believes it too. */
async function beforeToday(token: string, folder: string): Promise<string> {
  const { iat = 0, ...claims } = decodeJwt(token);
  const { alg = '', ...header } = decodeProtectedHeader(token);
  const key = JSON.parse(readFileSync(join(folder, 'development-issuer.jwk'), 'utf8')) as JWK;
  return new SignJWT({ ...claims, iat: iat - 2 * 86_400 })
    .setProtectedHeader({ ...header, alg })
    .sign(await importJWK(key, alg));
}

export const drawSeed = (random: Random): number => random.below(2 ** 31);
