import { rmSync } from 'node:fs';
import { entities } from '../../../src/entities.js';
import { openEmbedded } from '../../../src/infrastructure/db/embedded.js';
import { openDatabases, readerFor } from '../../../src/infrastructure/db/orm.js';
import { openServer, type ServerOptions } from '../../../src/infrastructure/db/server.js';
import { connectTo, TEST_SECRETS, testServer } from '../../support/database.js';
import { migrationsFolder, openTemporaryFolder } from '../../support/server.js';

const worker = process.env.JEST_WORKER_ID ?? '1';
const database = `lent_${worker}`;
const lender = `lender_${worker}`;

const options = (databaseUrl: string | undefined, dataDir = '/nowhere'): ServerOptions => ({
  databaseUrl,
  dataDir,
  migrationsFolder: migrationsFolder(),
  environment: 'test',
  purpose: 'a test',
  exclusive: true,
  say: () => undefined,
});

/** The test server's URL for another user and database. */
const urlOf = (user: string, password: string, name: string): string => {
  const url = new URL(`${testServer().superuser}${name}`);
  url.username = user;
  url.password = password;
  return url.href;
};

const asSuperuser = async (...statements: string[]): Promise<void> => {
  const superuser = await connectTo(`${testServer().superuser}postgres`);
  for (const statement of statements) await superuser.query(statement);
  await superuser.end();
};

const clearAway = () =>
  asSuperuser(`drop database if exists ${database} with (force)`, `drop role if exists ${lender}`);

beforeEach(clearAway);
afterAll(clearAway);

describe('a PostgreSQL server of somebody else', () => {
  it('lends its three roles to the user of DATABASE_URL, again and again', async () => {
    await asSuperuser(
      `create role ${lender} login createdb createrole password 'p w+d'`,
      `grant hansa_owner, hansa_writer, hansa_reader to ${lender} with admin option`,
    );
    const first = await openServer(options(urlOf(lender, 'p w+d', database)));
    expect(first.kind).toBe('EXTERNAL');
    expect(first.description).not.toContain('p%20w');
    expect(first.migrated.length).toBeGreaterThan(0);
    const second = await openServer(options(urlOf(lender, 'p w+d', database)));
    expect(second.migrated).toEqual([]);

    const opened = await openDatabases({
      writerUrl: second.url('hansa_writer'),
      readerUrl: second.url('hansa_reader'),
      entities,
      secrets: TEST_SECRETS,
    });
    const who = 'select current_user as me, session_user as lender';
    expect((await opened.database.pool.query(who)).rows).toEqual([{ me: 'hansa_writer', lender }]);
    expect(await readerFor(opened.reader, {}).execute(who)).toEqual([{ me: 'hansa_reader', lender }]);
    await opened.close();
    const reader = await connectTo(second.url('hansa_reader'));
    await reader.query('reset role');
    expect((await reader.query(who)).rows).toEqual([{ me: 'hansa_reader', lender }]);
    await reader.end();
  });

  it('is prepared from nothing by a user that is no superuser, as in docker-compose.yml', async () => {
    const dataDir = openTemporaryFolder('hansa-bare-');
    const bare = await openEmbedded({ dataDir, purpose: 'a test', exclusive: true, say: () => undefined });
    const superuser = await connectTo(bare.url('superuser', 'postgres'));
    await superuser.query(`create role hansa login createrole password 'p'`);
    await superuser.query('create database hansa owner hansa');
    await superuser.end();
    const server = await openServer(options(`postgres://hansa:p@127.0.0.1:${bare.port}/hansa`));
    const writer = await connectTo(server.url('hansa_writer'));
    expect((await writer.query('select current_user as me')).rows).toEqual([{ me: 'hansa_writer' }]);
    await writer.end();
    await bare.leave();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each([
    [
      'does not answer',
      () => 'postgres://u:p@127.0.0.1:1/hansa',
      /^The PostgreSQL server at 127\.0\.0\.1:1 cannot be used: .+ Check that it runs/,
    ],
    [
      'refuses the password',
      () => urlOf('postgres', 'wrong', 'postgres'),
      /password authentication failed.+ Check that it runs/,
    ],
  ])('is named when it %s', async (_what, url, sentence) => {
    await expect(openServer(options(url()))).rejects.toThrow(sentence);
  });

  it('says who must act when the user may not prepare it', async () => {
    await asSuperuser(`create role ${lender} login password 'p'`, `create database ${database}`);
    await expect(openServer(options(urlOf(lender, 'p', database)))).rejects.toThrow(
      new RegExp(`^The user ${lender} may not prepare the database .+ Let an administrator run hansa migrate once`),
    );
  });
});

describe('the server of our own', () => {
  it('is provisioned and migrated once, and keeps what it has', async () => {
    const dataDir = openTemporaryFolder('hansa-own-');
    const first = await openServer(options(undefined, dataDir));
    expect(first.kind).toBe('EMBEDDED');
    expect(first.migrated.length).toBeGreaterThan(0);
    const writer = await connectTo(first.url('hansa_writer'));
    await writer.query(`insert into unit (kind, code, scale) values ('MONEY', 'EUR', 2)`);
    await writer.end();
    await first.leave();

    const second = await openServer(options(undefined, dataDir));
    expect(second.migrated).toEqual([]);
    const reader = await connectTo(second.url('hansa_reader'));
    expect((await reader.query('select code from unit')).rows).toEqual([{ code: 'EUR' }]);
    await reader.end();
    await second.leave();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
