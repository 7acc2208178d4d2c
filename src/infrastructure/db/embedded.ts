/**
 * A real PostgreSQL of our own, for development, tests and a first look: started in a data directory, shared
 * by every Hansa process on it, stopped by the last one that leaves.
 *
 *     <dataDir>/postgres       the cluster, or a link to it (see place.ts)
 *     <dataDir>/secrets.json   passwords of the superuser and of the three roles, 0600
 *     <dataDir>/gateway.lock   who serves from here; at most one
 *     <dataDir>/database.lock  held for moments, while the server is being started or stopped
 *     <dataDir>/processes/     who uses the server now
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { OperatorError } from '../operator-error.js';
import { type Claim, claim, claimWithin, enrol, enrolled, isAlive, isClaim } from './claim.js';
import { findPlace, type Place } from './place.js';
import type { RoleName } from './roles.js';

const run = promisify(execFile);

const SUPERUSER = 'postgres';
const START_TIMEOUT_MS = 60_000;

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** What this process is, for the sentence another one reads: "hansa start". */
  readonly purpose: string;
  /** A gateway serves from the directory alone; other commands join it. */
  readonly exclusive: boolean;
  /** Server settings, given when this process is the one that starts the server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Hears one full sentence for everything that is not as usual. */
  readonly say: (sentence: string) => void;
}

export interface EmbeddedServer {
  readonly port: number;
  /** The cluster's directory. */
  readonly cluster: string;
  /** Connection URL of the superuser or of a role, to a database of the server. */
  url(role: 'superuser' | RoleName, database: string): string;
  readonly passwords: Readonly<Record<RoleName, string>>;
  /** Leaves; the last process that leaves stops the server. */
  leave(): Promise<void>;
}

type Secrets = Readonly<Record<'superuser' | RoleName, string>>;

/** Starts the directory's server, or joins the one that runs. Throws OperatorError with the way out. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  makeDataDirectory(dataDir);
  const gateway = options.exclusive ? await beTheGateway(dataDir, options.purpose) : undefined;
  try {
    return await whileNobodyElse(dataDir, options.purpose, async () => {
      const processes = join(dataDir, 'processes');
      const others = enrolled(processes);
      const place = await findPlace(dataDir, options.say);
      const secrets = place.isNew ? await makeCluster(place, dataDir) : readSecrets(dataDir, place.cluster);
      mustBeOurVersion(place, dataDir);
      let port = await runningPort(place, secrets, options.say);
      if (port === undefined) port = await start(place, options);
      else if (others.length === 0)
        options.say('A database server left running by an earlier start was found and is used on.');
      const entry = enrol(processes, options.purpose);
      return {
        port,
        cluster: place.cluster,
        passwords: secrets,
        url: (role, database) =>
          `postgres://${role === 'superuser' ? SUPERUSER : role}:${secrets[role]}@127.0.0.1:${port}/${database}`,
        leave: () => leave(dataDir, place, options.purpose, entry, gateway),
      };
    });
  } catch (error) {
    gateway?.release();
    throw error;
  }
}

function makeDataDirectory(dataDir: string): void {
  try {
    if (!existsSync(dataDir)) {
      mkdirSync(dataDir, { recursive: true });
      chmodSync(dataDir, 0o755); // whatever the umask is: the database's user must pass through
    }
    const probe = join(dataDir, `.write-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new OperatorError(
      `The data directory ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). Make it writable for this user, or name another one with HANSA_DATA_DIR.`,
      { cause: error },
    );
  }
}

async function beTheGateway(dataDir: string, purpose: string): Promise<Claim> {
  const answer = await claim(join(dataDir, 'gateway.lock'), purpose);
  if (isClaim(answer)) return answer;
  throw new OperatorError(
    `Another gateway already serves from ${dataDir}: ${answer.purpose}, process ${answer.pid}. Stop it (Ctrl-C there, or kill ${answer.pid}), or give this one a directory of its own with HANSA_DATA_DIR.`,
  );
}

async function whileNobodyElse<T>(dataDir: string, purpose: string, work: () => Promise<T>): Promise<T> {
  const lock = await claimWithin(join(dataDir, 'database.lock'), purpose, START_TIMEOUT_MS);
  if (!isClaim(lock)) {
    throw new OperatorError(
      `Process ${lock.pid} (${lock.purpose}) has been starting or stopping the database in ${dataDir} for over a minute. Stop that process and start again.`,
    );
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Makes the cluster beside its final place and moves it there when it is whole, so that a kill leaves no half one. */
async function makeCluster(place: Place, dataDir: string): Promise<Secrets> {
  const { user, cluster, link } = place;
  const password = () => randomBytes(18).toString('hex');
  const secrets: Secrets = {
    superuser: password(),
    hansa_owner: password(),
    hansa_writer: password(),
    hansa_reader: password(),
  };
  writeFileSync(join(dataDir, 'secrets.json'), `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  const half = `${cluster}.new`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  const passwordFile = `${half}.password`;
  writeFileSync(passwordFile, secrets.superuser, { mode: 0o600 });
  if (user.uid !== undefined) for (const path of [half, passwordFile]) chownSync(path, user.uid, user.gid ?? user.uid);
  const values = [
    '-D',
    half,
    '-U',
    SUPERUSER,
    `--pwfile=${passwordFile}`,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
  ];
  try {
    await run(join(place.programs, 'initdb'), values, childOptions(place));
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw new OperatorError(
      `The database could not be made in ${cluster}: ${lastLine((error as { stderr?: string }).stderr ?? String(error))} Mend that, or name another folder with HANSA_DATA_DIR.`,
      { cause: error },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(half, cluster);
  if (cluster !== link) symlinkSync(cluster, link);
  return secrets;
}

const childOptions = ({ user }: Place) => ({ ...user, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } });

function readSecrets(dataDir: string, cluster: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch (error) {
    throw new OperatorError(
      `The passwords of the database in ${cluster} cannot be read from ${file} (${(error as Error).message}). Put the file back, start as the user who made it, or begin anew with another HANSA_DATA_DIR.`,
      { cause: error },
    );
  }
}

function mustBeOurVersion(place: Place, dataDir: string): void {
  let version: string;
  try {
    version = readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw new OperatorError(
      `${place.cluster} is not a PostgreSQL data directory (it has no readable PG_VERSION). Move it away, or name another folder with HANSA_DATA_DIR.`,
      { cause: error },
    );
  }
  if (version === place.major) return;
  throw new OperatorError(
    `The database in ${dataDir} was made by PostgreSQL ${version}, this Hansa brings PostgreSQL ${place.major}. Use the Hansa that made it, move the data over with pg_dump and psql, or begin anew with another HANSA_DATA_DIR.`,
  );
}

/** The port of the directory's live server. Clears away what a crash left. */
async function runningPort(
  place: Place,
  secrets: Secrets,
  say: (sentence: string) => void,
): Promise<number | undefined> {
  const file = join(place.cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pidLine, , , portLine] = readFileSync(file, 'utf8').split('\n');
  const pid = Number(pidLine);
  const port = Number(portLine);
  if (!isAlive(pid)) {
    say(
      `The database was not stopped properly (its lock names process ${pid}, which is gone); PostgreSQL recovers it now.`,
    );
    return undefined; // PostgreSQL itself clears a lock whose process is gone
  }
  const deadline = Date.now() + START_TIMEOUT_MS;
  do {
    const answer = await whoAnswers(port, secrets, place.cluster);
    if (answer === 'ours') return port;
    if (answer === 'nobody' && !mayBeServer(pid, place.cluster)) {
      say(
        `The database was not stopped properly (its lock names process ${pid}, which is now another program); PostgreSQL recovers it now.`,
      );
      rmSync(file);
      return undefined;
    }
    await delay(100);
  } while (isAlive(pid) && Date.now() < deadline);
  if (!isAlive(pid)) return undefined;
  throw new OperatorError(
    `PostgreSQL process ${pid} holds ${place.cluster} but does not answer on port ${port}. Stop it (kill -INT ${pid}) and start again.`,
  );
}

async function whoAnswers(port: number, secrets: Secrets, cluster: string): Promise<'ours' | 'nobody' | 'not yet'> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: secrets.superuser,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return resolve(rows[0]?.data_directory ?? '') === resolve(cluster) ? 'ours' : 'nobody';
  } catch (error) {
    // 57P03: it is just starting, or recovering after a crash
    return (error as { code?: string }).code === '57P03' ? 'not yet' : 'nobody';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the process may be this cluster's server (its working directory is the cluster); in doubt it may. */
function mayBeServer(pid: number, cluster: string): boolean {
  try {
    return resolve(readlinkSync(`/proc/${pid}/cwd`)) === resolve(cluster);
  } catch {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
    } catch {
      return true;
    }
  }
}

async function start(place: Place, options: EmbeddedOptions): Promise<number> {
  const log = join(place.cluster, 'server.log');
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const port = await freePort();
    const settings = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      ...options.settings,
    };
    const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
    const values = [
      'start',
      '-D',
      place.cluster,
      '-l',
      log,
      '-w',
      '-t',
      String(START_TIMEOUT_MS / 1000),
      '-s',
      '-o',
      flags.join(' '),
    ];
    const from = existsSync(log) ? readFileSync(log).length : 0;
    try {
      await run(join(place.programs, 'pg_ctl'), values, childOptions(place));
      return port;
    } catch (error) {
      const said = existsSync(log) ? readFileSync(log).subarray(from).toString('utf8') : String(error);
      // Both pass by themselves: somebody took the port first; the last children of a killed server still leave.
      const passing = /Address already in use|pre-existing shared memory block/.test(said);
      if (passing && Date.now() < deadline) {
        await delay(200);
        continue;
      }
      throw new OperatorError(
        `The database in ${place.cluster} does not start: ${lastLine(said)} Its log is ${log}; mend what it names, or begin anew with another HANSA_DATA_DIR.`,
        { cause: error },
      );
    }
  }
}

/** The last thing the server found fatal, or its last words. */
function lastLine(text: string): string {
  const lines = text.trim().split('\n');
  const line = lines.findLast((each) => /FATAL|PANIC|error:/.test(each)) ?? lines.at(-1) ?? '';
  const words = line.replace(/^.*?(FATAL|PANIC|error): +/, '').trim();
  return words.endsWith('.') ? words : `${words}.`;
}

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });

async function leave(
  dataDir: string,
  place: Place,
  purpose: string,
  entry: Claim,
  gateway: Claim | undefined,
): Promise<void> {
  await whileNobodyElse(dataDir, purpose, async () => {
    entry.release();
    if (enrolled(join(dataDir, 'processes')).length === 0) await stop(place);
  });
  gateway?.release();
}

/** Stops the server of a place, whoever started it. */
async function stop(place: Place): Promise<void> {
  const values = ['stop', '-D', place.cluster, '-m', 'fast', '-w', '-s'];
  await run(join(place.programs, 'pg_ctl'), values, childOptions(place)).catch((error: Error) => {
    if (existsSync(join(place.cluster, 'postmaster.pid'))) throw error; // otherwise it had stopped by itself
  });
}
