/**
 * What every workload runs on: an embedded PostgreSQL of our own as hansa ships it (fsync on), `hansa serve` as a
 * process beside it, the demonstration programme with its partners, and a program that makes the load, also a process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Config, loadConfig } from '../../src/config.js';
import { BANK, PROGRAMME } from '../../src/demo/cast.js';
import { developmentToken, type Who } from '../../src/demo/graphql-client.js';
import { playScriptedDay } from '../../src/demo/scripted-day.js';
import { entities } from '../../src/entities.js';
import { type Databases, openDatabases } from '../../src/infrastructure/db/orm.js';
import { openServer } from '../../src/infrastructure/db/server.js';
import { freePort } from '../../src/infrastructure/free-port.js';
import { openSecretBox } from '../../src/infrastructure/secret-keys.js';
import { createServices, type Services } from '../../src/services.js';
import { LoadProcess } from './load-process.js';
import { cpuOf, cpuOfServer } from './processes.js';

export { BANK, PROGRAMME };

/** Migrated, and nothing is in it. */
export const EMPTY_DATABASE = 'bench_empty';

/** CPU milliseconds so far. */
export interface CpuReading {
  readonly gateway: number | undefined;
  readonly postgres: number | undefined;
}

export interface Stage {
  readonly config: Config;
  readonly url: string;
  readonly gatewayPid: number;
  readonly databases: Databases;
  readonly services: Services;
  /** The administrator of the server: sees and may do everything. */
  readonly owner: pg.Client;
  readonly load: LoadProcess;
  /** URL of the administrator to a database of the server. */
  adminUrl(database: string): string;
  token(who: Who): Promise<string>;
  cpu(): CpuReading;
  /** Runs `hansa` with the same settings and returns what it printed; throws when it fails. */
  hansa(values: readonly string[], onStart?: (pid: number) => void): Promise<string>;
  close(): Promise<void>;
}

/** Signing keys of a gateway on this machine; anything else of the environment is left as it ships. */
const environmentOf = (dataDir: string, port: number): NodeJS.ProcessEnv => ({
  ...process.env,
  HANSA_DATA_DIR: dataDir,
  PORT: String(port),
  HANSA_RATE_COST: '0',
  HANSA_RATE_STRANGERS: '0',
});

export async function openStage(say: (text: string) => void): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hansa-bench-'));
  chmodSync(dataDir, 0o755); // the database's own user must pass through
  const config: Config = { ...loadConfig(), dataDir, databaseUrl: undefined, logLevel: 'silent' };
  const cli = join(config.projectFolder, 'bin', 'hansa.js');
  const port = await freePort();
  const env = environmentOf(dataDir, port);
  const closing: (() => Promise<void> | void)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
  const closeAll = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  // Once, whoever asks first: a signal, or what failed because of it.
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= closeAll();
    return closed;
  };
  try {
    // First the server, then the gateway joins it: whoever starts it first says how it is set up, and both say the same.
    const server = await openServer({ ...config, purpose: 'hansa bench', exclusive: false, say: () => undefined });
    closing.push(() => server.leave());
    const adminUrl = adminOf(dataDir, server.url('hansa_owner'));
    await copyEmpty(adminUrl('postgres'), new URL(server.url('hansa_owner')).pathname.slice(1));
    const databases = await openDatabases({
      writerUrl: server.url('hansa_writer'),
      readerUrl: server.url('hansa_reader'),
      entities,
      secrets: openSecretBox(config),
    });
    closing.push(() => databases.close());
    const owner = new pg.Client({ connectionString: adminUrl('hansa') });
    await owner.connect();
    closing.push(() => owner.end());
    const logFile = join(dataDir, 'gateway.log');
    const log = openSync(logFile, 'a');
    const gateway = spawn(process.execPath, [cli, 'serve'], { env, stdio: ['ignore', log, log] });
    closing.push(() => ended(gateway));
    const url = `http://127.0.0.1:${port}`;
    await isReady(url, gateway, logFile);
    const yaml = readFileSync(join(config.projectFolder, 'programmes', `${PROGRAMME}.yaml`), 'utf8');
    await playScriptedDay(url, yaml, new Date(), () => undefined);
    say(`${server.description}; gateway at ${url}, process ${gateway.pid}`);
    const load = new LoadProcess();
    closing.push(() => load.close());
    const postmaster = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const gatewayPid = gateway.pid ?? 0;
    return {
      ...{ config, url, gatewayPid, databases, owner, load, adminUrl, close },
      services: createServices(databases),
      token: (who) => developmentToken(url, who),
      cpu: () => ({ gateway: cpuOf(gatewayPid), postgres: cpuOfServer(postmaster) }),
      hansa: (values, onStart) => runHansa(cli, values, env, onStart),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The database as migrations leave it, before anything is in it. */
async function copyEmpty(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`create database ${EMPTY_DATABASE} template ${database}`);
  await client.end();
}

function adminOf(dataDir: string, ownerUrl: string): (database: string) => string {
  const { superuser } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { superuser: string };
  return (database) => {
    const url = new URL(ownerUrl);
    url.username = 'postgres';
    url.password = superuser;
    url.pathname = `/${database}`;
    return url.href;
  };
}

async function isReady(url: string, gateway: ChildProcess, logFile: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (gateway.exitCode !== null)
      throw new Error(`the gateway ended with ${gateway.exitCode}: ${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await delay(200);
  }
  throw new Error('the gateway was not ready within two minutes');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await end;
}

function runHansa(
  cli: string,
  values: readonly string[],
  env: NodeJS.ProcessEnv,
  onStart?: (pid: number) => void,
): Promise<string> {
  const child = spawn(process.execPath, [cli, ...values], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onStart?.(child.pid ?? 0);
  let [out, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  return new Promise((resolve, reject) =>
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`hansa ${values.join(' ')} ended with ${code}: ${errors}${out}`)),
    ),
  );
}
