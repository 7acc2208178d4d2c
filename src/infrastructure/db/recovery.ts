/**
 * Finds the live server of a cluster, and clears away what a crash left.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { OperatorError } from '../operator-error.js';
import { isAlive } from './claim.js';
import { type Secrets, START_TIMEOUT_MS, SUPERUSER } from './cluster.js';
import type { Place } from './place.js';

/** The port of the directory's live server. Clears away what a crash left. */
export async function runningPort(
  place: Place,
  secrets: Secrets,
  say: (sentence: string) => void,
): Promise<number | undefined> {
  const file = join(place.cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pidLine, , , portLine] = readFileSync(file, 'utf8').split('\n');
  const pid = Number(pidLine);
  const port = Number(portLine);
  const recovering = (why: string) =>
    say(
      `The database was not stopped properly (its lock names process ${pid}, which is ${why}); PostgreSQL recovers it now.`,
    );
  if (!isAlive(pid)) {
    recovering('gone');
    await clearAfter(pid, file, place.cluster);
    return undefined;
  }
  const deadline = Date.now() + START_TIMEOUT_MS;
  do {
    const answer = await whoAnswers(port, secrets, place.cluster);
    if (answer === 'ours') return port;
    if (answer === 'nobody' && !mayBeServer(pid, place.cluster)) {
      recovering('now another program');
      rmSync(file);
      return undefined;
    }
    await delay(100);
  } while (isAlive(pid) && Date.now() < deadline);
  if (!isAlive(pid)) {
    // It was dying when we came.
    await clearAfter(pid, file, place.cluster);
    return undefined;
  }
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

/**
 * Waits for the last children of a killed server, then removes its lock: PostgreSQL would do so itself, but
 * not while its former process waits to be buried (in a container without init it waits for ever).
 */
async function clearAfter(pid: number, lock: string, cluster: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (orphans(cluster).length > 0) {
    if (Date.now() > deadline) {
      throw new OperatorError(
        `The database server ${pid} of ${cluster} is gone, but its children still run: ${orphans(cluster).join(', ')}. Stop them (kill) and start again.`,
      );
    }
    await delay(50);
  }
  rmSync(lock, { force: true });
}

/** Processes that still work in the cluster. Where there is no /proc none is known, and PostgreSQL's own check remains. */
const orphans = (cluster: string): number[] =>
  existsSync('/proc')
    ? readdirSync('/proc')
        .map(Number)
        .filter((pid) => pid > 0 && mayBeServer(pid, cluster) && isAlive(pid))
    : [];

/** Whether the process may be of this cluster's server, whose working directory is the cluster; in doubt it may. */
function mayBeServer(pid: number, cluster: string): boolean {
  try {
    return resolve(readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(cluster);
  } catch {
    try {
      const sameUser = statSync(`/proc/${pid}`).uid === statSync(cluster).uid;
      return sameUser && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
    } catch {
      return true;
    }
  }
}
