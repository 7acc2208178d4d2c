/**
 * Backup of the embedded PostgreSQL while it serves, and its restore: PostgreSQL's own low-level base backup ("Making a Base
 * Backup Using the Low Level API" of its manual), because the package brings no pg_basebackup. A server of one's own is backed
 * up by its own tools (docs/OPERATIONS.md).
 *
 *     <folder>/hansa-backup.json   written last: what the backup holds, with the SHA-256 of every file
 *     <folder>/data/               the data directory's own files: passwords and keys
 *     <folder>/postgres/           the cluster, with the journal (WAL) that makes it whole when it starts
 */
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { OperatorError } from '../operator-error.js';
import type { EmbeddedServer } from './embedded.js';
import { findPlace, type ServerUser } from './place.js';

const MANIFEST = 'hansa-backup.json';
const CHUNK_BYTES = 1024 * 1024;
/** Their contents mean nothing to another server; the folders themselves must be there. */
const EMPTIED = /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\//;
const LEFT_OUT = /^(postmaster\.(pid|opts)|server\.log|backup_label)$|(^|\/)(pgsql_tmp.*|pg_internal\.init.*)$/;
/** Beside the cluster: who uses it now. Everything else in the data directory is passwords, keys and files of partners. */
const NOT_DATA = /^(postgres|processes)(\/|$)|^\.|\.lock$/;
const WAL_SEGMENT = /^[0-9A-F]{24}$/;

export interface BackupManifest {
  readonly madeAt: string;
  readonly postgres: string;
  /** Where recovery begins and may end at the earliest, as positions in the journal. */
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
  /** Path in the backup -> SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Copies the cluster of a running server. Everything committed before the call is in the backup, and whatever commits
 * before the copying ends is either wholly in it or not at all.
 * @param folder is made; must be empty when it exists
 */
export async function backUp(
  server: EmbeddedServer,
  dataDir: string,
  folder: string,
  progress: (bytes: number) => void = () => undefined,
): Promise<BackupManifest> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new OperatorError(`${folder} is not empty. Name a folder of its own for each backup.`);
  const client = new pg.Client({ connectionString: server.url('superuser', 'postgres') });
  await client.connect();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const copier = new Copier(progress);
    // Keeps the server from recycling journal that the backup needs; it ends with the connection.
    await client.query(`select pg_create_physical_replication_slot('hansa_backup_' || pg_backend_pid(), true, true)`);
    const from = await one(client, `select pg_backup_start('hansa backup', fast => true)::text as lsn`);
    await copier.tree(server.cluster, join(folder, 'postgres'), (path) => !EMPTIED.test(path) && !LEFT_OUT.test(path));
    const { rows } = await client.query<{ lsn: string; labelfile: string }>(
      'select lsn::text, labelfile from pg_backup_stop(wait_for_archive => false)',
    );
    const [stopped] = rows as [{ lsn: string; labelfile: string }];
    await copier.write(join(folder, 'postgres', 'backup_label'), stopped.labelfile);
    await copier.tree(join(server.cluster, 'pg_wal'), join(folder, 'postgres', 'pg_wal'), (path) =>
      WAL_SEGMENT.test(path),
    );
    await copier.tree(dataDir, join(folder, 'data'), (path) => !NOT_DATA.test(path));
    const manifest: BackupManifest = {
      madeAt: new Date().toISOString(),
      postgres: readFileSync(join(server.cluster, 'PG_VERSION'), 'utf8').trim(),
      from,
      to: stopped.lsn,
      bytes: copier.bytes,
      files: copier.digests(folder),
    };
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600, flush: true });
    return manifest;
  } finally {
    await client.end();
  }
}

async function one(client: pg.Client, sql: string): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>(sql);
  return (rows[0] as { lsn: string }).lsn;
}

/** Puts a backup into a data directory that has no database yet; the next start recovers it. */
export async function restore(
  folder: string,
  dataDir: string,
  say: (sentence: string) => void,
): Promise<BackupManifest> {
  const manifest = readManifest(folder);
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  if (readdirSync(dataDir).length > 0)
    throw new OperatorError(
      `${dataDir} is not empty. Stop whatever uses it and move it away, or name another folder with HANSA_DATA_DIR.`,
    );
  const place = await findPlace(dataDir, say);
  if (place.major !== manifest.postgres)
    throw new OperatorError(
      `The backup is of PostgreSQL ${manifest.postgres}, this Hansa brings PostgreSQL ${place.major}. Restore it with the Hansa that made it.`,
    );
  const half = `${place.cluster}.new`;
  const copier = new Copier(() => undefined);
  try {
    await copier.tree(join(folder, 'postgres'), half, () => true);
    mustBeWhole(manifest, 'postgres', copier.digests(half));
    own(half, place.user);
    renameSync(half, place.cluster);
    if (place.cluster !== place.link) symlinkSync(place.cluster, place.link);
    const keys = new Copier(() => undefined);
    await keys.tree(join(folder, 'data'), dataDir, () => true);
    mustBeWhole(manifest, 'data', keys.digests(dataDir));
  } catch (error) {
    for (const path of [half, place.link, place.cluster]) rmSync(path, { recursive: true, force: true });
    throw error;
  }
  return manifest;
}

function readManifest(folder: string): BackupManifest {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as BackupManifest;
  } catch (error) {
    throw new OperatorError(
      `${folder} is no whole backup: ${MANIFEST}, which is written last, cannot be read. Use another backup.`,
      { cause: error },
    );
  }
}

/** Every file of the manifest, and none that was changed on the way. */
function mustBeWhole({ files }: BackupManifest, part: string, found: Readonly<Record<string, string>>): void {
  for (const [path, digest] of Object.entries(files)) {
    if (!path.startsWith(`${part}/`)) continue;
    const now = found[path.slice(part.length + 1)];
    if (now === digest) continue;
    throw new OperatorError(
      `${path} of the backup is ${now === undefined ? 'missing' : 'not what was backed up'}. Nothing was restored; use another copy of the backup.`,
    );
  }
}

/** PostgreSQL wants its files to itself. */
function own(cluster: string, { uid, gid }: ServerUser): void {
  if (uid === undefined) return;
  chownSync(cluster, uid, gid ?? uid);
  for (const path of readdirSync(cluster, { recursive: true, encoding: 'utf8' }))
    chownSync(join(cluster, path), uid, gid ?? uid);
}

/** Copies files and remembers what each came to. */
class Copier {
  bytes = 0;
  readonly #digests = new Map<string, string>();

  constructor(private readonly progress: (bytes: number) => void) {}

  /** Copies the files and folders below `from` whose paths are wanted. */
  async tree(from: string, to: string, wanted: (path: string) => boolean, below = ''): Promise<void> {
    await mkdir(to, { recursive: true, mode: 0o700 });
    for (const entry of await readdir(join(from, below), { withFileTypes: true })) {
      const path = below + entry.name;
      if (!wanted(path)) continue;
      if (entry.isDirectory()) {
        await mkdir(join(to, path), { recursive: true, mode: 0o700 });
        await this.tree(from, to, wanted, `${path}/`);
      } else if (entry.isFile()) {
        await this.file(join(from, path), join(to, path));
      }
    }
  }

  /** A table that is dropped meanwhile takes its file with it; recovery knows. */
  private async file(from: string, to: string): Promise<void> {
    const source = await open(from).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (source === undefined) return;
    const hash = createHash('sha256');
    const target = await open(to, 'w', 0o600);
    try {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES);
        if (bytesRead === 0) break;
        const part = chunk.subarray(0, bytesRead);
        hash.update(part);
        await target.writeFile(part);
        this.bytes += bytesRead;
        this.progress(this.bytes);
      }
      await target.sync();
    } finally {
      await Promise.all([source.close(), target.close()]);
    }
    this.#digests.set(to, hash.digest('hex'));
  }

  async write(path: string, text: string): Promise<void> {
    await writeFile(path, text, { mode: 0o600, flush: true });
    this.bytes += Buffer.byteLength(text);
    this.#digests.set(path, createHash('sha256').update(text).digest('hex'));
  }

  /** Of everything copied so far, by path below the folder. */
  digests(folder: string): Record<string, string> {
    return Object.fromEntries([...this.#digests].map(([path, digest]) => [path.slice(folder.length + 1), digest]));
  }
}
