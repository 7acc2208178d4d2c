/** A PostgreSQL of one torture's own, fsync on, which dies and comes back; on a small disk of its own where that can be had. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { makeCluster, type Secrets, startServer, stopServer } from '../../src/infrastructure/db/cluster.js';
import { migrate } from '../../src/infrastructure/db/migrator.js';
import { findPlace, type Place } from '../../src/infrastructure/db/place.js';
import { provision } from '../../src/infrastructure/db/provision.js';
import { runningPort } from '../../src/infrastructure/db/recovery.js';
import { migrationsFolder, openTemporaryFolder } from '../support/server.js';

const TEMPLATE = 'torture_template';
/** What a world needs is a fifth of it. It is memory, and filled to the brim: a small machine must have it to spare. */
const DISK_MB = 640;
const MEGABYTE = Buffer.alloc(1_048_576);
const SETTINGS = {
  max_connections: '150',
  shared_buffers: '128MB',
  // Small, so that the disk can be; many checkpoints are what a crash should meet.
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  deadlock_timeout: '200ms',
  logging_collector: 'off',
  log_lock_waits: 'off',
};

const silent = (): void => undefined;

export class Cluster {
  /** Of the server that runs now, or of the last one. */
  port = 0;
  private databases = 0;

  private constructor(
    /** Where gateways keep their keys. */
    readonly folder: string,
    private readonly dataDir: string,
    private readonly place: Place,
    private readonly secrets: Secrets,
    /** Whether the data is on a disk of its own, which can be filled. */
    readonly ownDisk: boolean,
  ) {}

  static async open(): Promise<Cluster> {
    const folder = openTemporaryFolder('hansa-torture-');
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir, { mode: 0o755 });
    const ownDisk = mountDisk(dataDir);
    const place = await findPlace(dataDir, silent);
    const secrets = await makeCluster(place, dataDir);
    const cluster = new Cluster(folder, dataDir, place, secrets, ownDisk);
    await cluster.start();
    await provision({
      databaseUrl: cluster.url(TEMPLATE),
      adminUrl: cluster.url('postgres'),
      passwords: secrets,
    });
    const owner = new URL(cluster.url(TEMPLATE));
    owner.username = 'hansa_owner';
    owner.password = secrets.hansa_owner;
    await migrate({ ownerUrl: owner.href, folder: migrationsFolder(), environment: 'test' });
    return cluster;
  }

  /** Of the superuser. */
  url = (database: string, port = this.port): string =>
    `postgres://postgres:${this.secrets.superuser}@127.0.0.1:${port}/${database}`;

  /** A new, migrated database. */
  async newDatabase(): Promise<string> {
    // A round that failed may have left it stopped.
    await this.start();
    this.databases += 1;
    const name = `torture_${this.databases}`;
    // The last one goes: the disk is small.
    await this.ask('postgres', `drop database if exists torture_${this.databases - 1} with (force)`);
    await this.ask('postgres', `create database ${name} template ${TEMPLATE} owner hansa_owner`);
    return name;
  }

  /** Asks until the server answers, on a connection of its own that no fault is aimed at. */
  async ask<Row extends pg.QueryResultRow>(
    database: string,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    const deadline = performance.now() + 300_000;
    for (;;) {
      let client: pg.Client | undefined;
      try {
        client = await this.connect(database);
        return await client.query<Row>(text, [...values]);
      } catch (error) {
        if (!isConnectionLost(error) || performance.now() > deadline) throw error;
      } finally {
        await client?.end().catch(silent);
      }
      await delay(100);
    }
  }

  async connect(database: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url(database),
      application_name: 'torture',
      connectionTimeoutMillis: 10_000,
    });
    // The server dies under it; whoever asks hears of it.
    client.on('error', silent);
    await client.connect();
    // Time-outs are for the gateways.
    await client.query('set statement_timeout = 0');
    return client;
  }

  async start(): Promise<void> {
    // Clears away what a kill has left, as the product does it.
    const running = await runningPort(this.place, this.secrets, silent);
    this.port = running ?? (await startServer(this.place, SETTINGS));
  }

  postmaster(): number {
    return Number(readFileSync(join(this.place.cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async killAndRestart(): Promise<void> {
    process.kill(this.postmaster(), 'SIGKILL');
    await this.start();
  }

  async stopAtOnceAndRestart(): Promise<void> {
    // To the postmaster, SIGQUIT is an immediate shutdown.
    const pid = this.postmaster();
    process.kill(pid, 'SIGQUIT');
    while (existsSync(join(this.place.cluster, 'postmaster.pid')) && isRunning(pid)) await delay(20);
    await this.start();
  }

  /** Leaves nothing of the disk, for a while. */
  async fillDisk(milliseconds: number, database: string): Promise<void> {
    const ballast = join(this.dataDir, 'ballast');
    try {
      fill(ballast);
      // So that the log needs a new file now. A server that gives up at once may leave the question unanswered for good.
      void this.ask(database, 'select pg_switch_wal()').catch(silent);
      await delay(milliseconds);
    } finally {
      rmSync(ballast, { force: true });
    }
    // Without room for its log the server gives up; then it is started anew, as whoever runs it would.
    await this.start();
  }

  /** What the server has logged from this place on, and the place where it ends. */
  logged(from: number): { readonly text: string; readonly end: number } {
    const log = readFileSync(join(this.place.cluster, 'server.log'));
    return { text: log.subarray(from).toString('utf8'), end: log.length };
  }

  /** Everything that gateways and server have logged, for whoever looks into what went wrong. */
  keepLogs(into: string): void {
    mkdirSync(into, { recursive: true });
    const logs = readdirSync(this.folder).filter((name) => name.endsWith('.log'));
    for (const name of logs) copyFileSync(join(this.folder, name), join(into, name));
    copyFileSync(join(this.place.cluster, 'server.log'), join(into, 'server.log'));
  }

  async close(): Promise<void> {
    await stopServer(this.place).catch(silent);
    // Lazily: whoever still holds a file of it must not hide what the torture has found.
    if (this.ownDisk) execFileSync('umount', ['--lazy', this.dataDir]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes until there is no room left. */
function fill(file: string): void {
  const open = openSync(file, 'w');
  try {
    for (;;) writeSync(open, MEGABYTE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(open);
  }
}

/** Only root may, and not in every container. */
function mountDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0755`, 'hansa-torture', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Classes 08 and 57: connections, shutting down and starting up; the rest are the sockets'. */
const isConnectionLost = (error: unknown): boolean => {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return (
    /^(08|57P)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '53300', '53100'].includes(code) ||
    /Connection terminated|timeout expired|not queryable/.test(message)
  );
};
