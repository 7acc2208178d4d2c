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
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OperatorError } from '../operator-error.js';
import { type Claim, claim, claimWithin, enrol, enrolled, isClaim } from './claim.js';
import {
  makeCluster,
  mustBeOurVersion,
  readSecrets,
  START_TIMEOUT_MS,
  SUPERUSER,
  startServer,
  stopServer,
} from './cluster.js';
import { findPlace, type Place } from './place.js';
import { runningPort } from './recovery.js';
import type { RoleName } from './roles.js';

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
      if (port === undefined) port = await startServer(place, options.settings ?? {});
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

async function leave(
  dataDir: string,
  place: Place,
  purpose: string,
  entry: Claim,
  gateway: Claim | undefined,
): Promise<void> {
  await whileNobodyElse(dataDir, purpose, async () => {
    entry.release();
    if (enrolled(join(dataDir, 'processes')).length === 0) await stopServer(place);
  });
  gateway?.release();
}
