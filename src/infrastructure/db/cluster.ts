/**
 * One PostgreSQL cluster on disk: making it, starting and stopping its server with the package's own programs.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.js';
import { OperatorError } from '../operator-error.js';
import type { Place } from './place.js';
import type { RoleName } from './roles.js';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';
export const START_TIMEOUT_MS = 60_000;

/** Passwords of the cluster, by user. */
export type Secrets = Readonly<Record<'superuser' | RoleName, string>>;

/** Makes the cluster beside its final place and moves it there when it is whole, so that a kill leaves no half one. */
export async function makeCluster(place: Place, dataDir: string): Promise<Secrets> {
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

export function readSecrets(dataDir: string, cluster: string): Secrets {
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

export function mustBeOurVersion(place: Place, dataDir: string): void {
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

/** Room for what a file of a few hundred thousand rows writes, and statistics that keep up with it. */
const FOR_FILES = { shared_buffers: '256MB', max_wal_size: '4GB', autovacuum_naptime: '15s' };

/** Starts the server of a place on a free port of the loopback address and returns the port when it answers. */
export async function startServer(place: Place, given: Readonly<Record<string, string>>): Promise<number> {
  const log = join(place.cluster, 'server.log');
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const port = await freePort();
    const settings = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      ...FOR_FILES,
      ...given,
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

/** Stops the server of a place, whoever started it. */
export async function stopServer(place: Place): Promise<void> {
  const values = ['stop', '-D', place.cluster, '-m', 'fast', '-w', '-s'];
  await run(join(place.programs, 'pg_ctl'), values, childOptions(place)).catch((error: Error) => {
    if (existsSync(join(place.cluster, 'postmaster.pid'))) throw error; // otherwise it had stopped by itself
  });
}
