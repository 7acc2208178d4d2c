/**
 * The one PostgreSQL of a test run: in a temporary folder, on a free port, with a migrated template database
 * that every Jest worker clones. It trades durability for speed and dies with the run, even with a killed one.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
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
      await embedded.leave();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * A new temporary folder that the database's user may enter when root runs the tests. When this process is
 * gone, however it went, the servers that still run in the folder are stopped and the folder is removed.
 */
export function openTemporaryFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  const watch = spawn('/bin/sh', ['-c', CLEAR_UP, 'sh', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.unref();
  (watch.stdin as unknown as { unref(): void }).unref();
  return folder;
}

/** Run by a watchman in a session of its own, whose standard input ends with this process. */
const CLEAR_UP = `
read _
for lock in $(find -L "$1" -name postmaster.pid 2>/dev/null); do
  pid=$(head -n 1 "$lock")
  kill -QUIT "$pid"
  tries=0
  while kill -0 "$pid" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
done
umount "$1"/data 2>/dev/null
rm -rf "$1"
`;

/** The repository's migrations, found from the build's place. */
export function migrationsFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'migrations');
}
