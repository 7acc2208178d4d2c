/**
 * The one PostgreSQL of a test run: in a temporary folder, on a free port, with a migrated template database
 * that every Jest worker clones. It trades durability for speed and dies with the run, even with a killed one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openEmbedded } from '../../src/infrastructure/db/embedded.js';
import { migrate } from '../../src/infrastructure/db/migrator.js';
import { provision } from '../../src/infrastructure/db/provision.js';

export const TEMPLATE = 'hansa_template';
const PREFIX = 'hansa-test-';

/** What the workers need; goes to them through the environment. */
export interface TestServer {
  /** URLs without a database: append its name. */
  readonly superuser: string;
  readonly owner: string;
  readonly writer: string;
  readonly reader: string;
}

export interface RunningTestServer {
  readonly server: TestServer;
  stop(): Promise<void>;
}

const FAST_AND_FORGETFUL = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  autovacuum: 'off',
};

export async function startTestServer(): Promise<RunningTestServer> {
  const dataDir = openTemporaryFolder(PREFIX);
  const embedded = await openEmbedded({
    dataDir,
    purpose: 'jest',
    exclusive: true,
    settings: FAST_AND_FORGETFUL,
    say: () => undefined,
  });
  const watch = outlive(embedded.cluster, dataDir);
  await provision({
    databaseUrl: embedded.url('superuser', TEMPLATE),
    adminUrl: embedded.url('superuser', 'postgres'),
    passwords: embedded.passwords,
  });
  await migrate({ ownerUrl: embedded.url('hansa_owner', TEMPLATE), folder: migrationsFolder(), environment: 'test' });
  return {
    server: {
      superuser: embedded.url('superuser', ''),
      owner: embedded.url('hansa_owner', ''),
      writer: embedded.url('hansa_writer', ''),
      reader: embedded.url('hansa_reader', ''),
    },
    stop: async () => {
      watch.kill('SIGKILL');
      await embedded.leave();
      remove(embedded.cluster, dataDir);
    },
  };
}

/** A new temporary folder that the database's user may enter when root runs the tests. */
export function openTemporaryFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
}

/** The repository's migrations, found from the build's place. */
export function migrationsFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'migrations');
}

function remove(cluster: string, dataDir: string): void {
  rmSync(cluster, { recursive: true, force: true });
  if (dirname(cluster) !== dataDir) rmSync(dirname(cluster), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** A watchman in a session of its own: when this process is gone its pipe ends, and it clears up after it. */
function outlive(cluster: string, dataDir: string): ChildProcess {
  const pid = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const script = 'read _; kill -QUIT "$1"; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf "$2" "$3"';
  const watch = spawn('/bin/sh', ['-c', script, 'sh', pid, cluster, dataDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.unref();
  (watch.stdin as unknown as { unref(): void }).unref();
  return watch;
}
