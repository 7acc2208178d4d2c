import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isAlive } from '../../../src/infrastructure/db/claim.js';
import { type EmbeddedServer, openEmbedded } from '../../../src/infrastructure/db/embedded.js';
import { OperatorError } from '../../../src/infrastructure/operator-error.js';
import { connectTo } from '../../support/database.js';
import { openTemporaryFolder } from '../../support/server.js';

const isRoot = process.getuid?.() === 0;
const holder = join(import.meta.dirname, '../../support/hold-server.js');

let folder: string;
let dataDir: string;
let said: string[];

beforeAll(() => {
  folder = openTemporaryFolder('hansa-embedded-');
  dataDir = join(folder, 'data');
});
beforeEach(() => {
  said = [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: { exclusive?: boolean; dataDir?: string } = {}): Promise<EmbeddedServer> =>
  openEmbedded({ dataDir, exclusive: true, purpose: 'a test', say: (sentence) => said.push(sentence), ...options });

const query = async (server: EmbeddedServer, text: string): Promise<unknown[]> => {
  const client = await connectTo(server.url('superuser', 'postgres'));
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const postmaster = (cluster: string): number =>
  Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);

const gone = async (pid: number): Promise<void> => {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** Another Hansa process on the directory; resolves when its server is open. */
const another = async (directory = dataDir): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [holder, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
};

const refusal = async (attempt: Promise<EmbeddedServer>): Promise<string> => {
  const error = await attempt.then(
    () => new Error('it opened'),
    (reason: Error) => reason,
  );
  expect(error).toBeInstanceOf(OperatorError);
  return error.message;
};

describe('a data directory', () => {
  it('is made at the first start, keeps its data, and hides its passwords', async () => {
    const first = await open();
    await query(first, 'create table kept (word text)');
    await query(first, `insert into kept values ('kept')`);
    const pid = postmaster(first.cluster);
    await first.leave();
    await gone(pid);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);

    const second = await open();
    expect(await query(second, 'select word from kept')).toEqual([{ word: 'kept' }]);
    await second.leave();
    expect(said).toEqual([]);
  });

  it('serves one gateway and any number of other commands; the last one out stops the server', async () => {
    const gateway = await open();
    const command = await open({ exclusive: false });
    expect(command.port).toBe(gateway.port);
    await gateway.leave();
    expect(await query(command, 'select 1 as one')).toEqual([{ one: 1 }]);
    const pid = postmaster(command.cluster);
    await command.leave();
    await gone(pid);
  });

  it('refuses a second gateway and names the first', async () => {
    const first = await another();
    expect(await refusal(open())).toBe(
      `Another gateway already serves from ${dataDir}: hold-server, process ${first.pid}. Stop it (Ctrl-C there, or kill ${first.pid}), or give this one a directory of its own with HANSA_DATA_DIR.`,
    );
    first.stdin?.end();
    await once(first, 'exit');
    await (await open()).leave();
  });

  it('uses the server on that a killed gateway left running', async () => {
    const killed = await another();
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const next = await open();
    expect(said).toEqual(['A database server left running by an earlier start was found and is used on.']);
    expect(await query(next, 'select word from kept')).toEqual([{ word: 'kept' }]);
    await next.leave();
  });

  it('recovers when gateway and server were both killed', async () => {
    const killed = await another();
    const pid = postmaster(realpathSync(join(dataDir, 'postgres')));
    killed.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await Promise.all([once(killed, 'exit'), gone(pid)]);
    const next = await open();
    expect(said).toEqual([
      `The database was not stopped properly (its lock names process ${pid}, which is gone); PostgreSQL recovers it now.`,
    ]);
    expect(await query(next, 'select word from kept')).toEqual([{ word: 'kept' }]);
    await next.leave();
  });

  it('recovers when the number in the lock of a crash belongs to another program by now', async () => {
    const cluster = realpathSync(join(dataDir, 'postgres'));
    const lock = join(cluster, 'postmaster.pid');
    writeFileSync(lock, `${process.pid}\n${cluster}\n1700000000\n1\n\n127.0.0.1\n\nready\n`);
    const next = await open();
    expect(said).toEqual([
      `The database was not stopped properly (its lock names process ${process.pid}, which is now another program); PostgreSQL recovers it now.`,
    ]);
    await next.leave();
  });

  it('refuses data of another PostgreSQL version', async () => {
    const file = join(realpathSync(join(dataDir, 'postgres')), 'PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '14\n');
    expect(await refusal(open())).toBe(
      `The database in ${dataDir} was made by PostgreSQL 14, this Hansa brings PostgreSQL ${version.trim()}. Use the Hansa that made it, move the data over with pg_dump and psql, or begin anew with another HANSA_DATA_DIR.`,
    );
    writeFileSync(file, version);
    await (await open()).leave();
  });

  it('refuses data whose passwords are lost', async () => {
    const file = join(dataDir, 'secrets.json');
    renameSync(file, `${file}.away`);
    expect(await refusal(open())).toContain(`cannot be read from ${file}`);
    renameSync(`${file}.away`, file);
  });

  it('says what the server says when it does not start', async () => {
    const file = join(realpathSync(join(dataDir, 'postgres')), 'postgresql.conf');
    const conf = readFileSync(file, 'utf8');
    writeFileSync(file, `${conf}\nno_such_setting = 1\n`);
    expect(await refusal(open())).toContain('does not start: ');
    writeFileSync(file, conf);
  });

  it('refuses a place that cannot be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(await refusal(open({ dataDir: join(file, 'data') }))).toBe(
      `The data directory ${file}/data cannot be written (ENOTDIR). Make it writable for this user, or name another one with HANSA_DATA_DIR.`,
    );
  });

  it('refuses a folder that holds something else', async () => {
    const other = join(folder, 'other');
    mkdirSync(join(other, 'postgres'), { recursive: true });
    writeFileSync(join(other, 'secrets.json'), '{}');
    if (isRoot)
      expect(await refusal(open({ dataDir: other }))).toContain(
        'belongs to root, and PostgreSQL refuses to run as root',
      );
    else expect(await refusal(open({ dataDir: other }))).toContain('is not a PostgreSQL data directory');
  });
});

(isRoot ? describe : describe.skip)('as root, in a folder that the database user cannot enter', () => {
  it('keeps the database elsewhere, says so at every start, and finds it again', async () => {
    const secret = join(folder, 'private');
    mkdirSync(secret, { mode: 0o700 });
    const hidden = join(secret, 'data');
    const first = await open({ dataDir: hidden });
    expect(said).toEqual([
      `The database's user cannot reach ${hidden}; the database is kept in ${first.cluster} instead.`,
    ]);
    await query(first, 'create table kept ()');
    await first.leave();
    said = [];
    const second = await open({ dataDir: hidden });
    expect(second.cluster).toBe(first.cluster);
    expect(said).toEqual([
      `The database lives in ${first.cluster}, because the database's user cannot reach ${hidden}.`,
    ]);
    await query(second, 'select from kept');
    await second.leave();

    rmSync(dirname(first.cluster), { recursive: true });
    expect(await refusal(open({ dataDir: hidden }))).toContain('which is gone. Put the database back there');
    expect(existsSync(join(hidden, 'gateway.lock'))).toBe(false);
  });
});
