/**
 * A database of its own for each Jest worker, cloned from the migrated template.
 *
 *     let db: TestDatabase;
 *     beforeAll(async () => { db = await openTestDatabase(); });
 *     afterAll(() => db.close());
 */
import pg from 'pg';
import { entities } from '../../src/entities.js';
import { type Databases, openDatabases } from '../../src/infrastructure/db/orm.js';
import { SecretBox } from '../../src/infrastructure/secret-box.js';
import { TEMPLATE, type TestServer } from './server.js';

/** A key as good as any. */
export const TEST_SECRETS = new SecretBox([{ id: 'test', key: Buffer.alloc(32, 7) }]);

export interface TestDatabase extends Databases {
  /** Sees and may do everything, for looking behind the curtain and for corrupting rows. */
  readonly superuser: pg.Client;
  /** Connection URLs to this database. */
  readonly urls: TestServer;
}

export function testServer(): TestServer {
  const server = process.env.HANSA_TEST_SERVER;
  if (!server) throw new Error('There is no test server: run the tests through Jest with its globalSetup.');
  return JSON.parse(server) as TestServer;
}

/** Drops the worker's database of the file before and clones the template anew. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const urls = await cloneTemplate(`w${process.env.JEST_WORKER_ID ?? '1'}`);
  const databases = await openDatabases({
    writerUrl: urls.writer,
    readerUrl: urls.reader,
    entities,
    secrets: TEST_SECRETS,
  });
  const superuser = await connectTo(urls.superuser);
  return {
    ...databases,
    superuser,
    urls,
    close: async () => {
      await databases.close();
      await superuser.end();
    },
  };
}

/** Makes the database anew from the template (or empty, with template1) and returns its URLs. */
export async function cloneTemplate(name: string, template = TEMPLATE): Promise<TestServer> {
  const server = testServer();
  const admin = await connectTo(`${server.superuser}postgres`);
  try {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name} template ${template} owner hansa_owner strategy file_copy`);
  } finally {
    await admin.end();
  }
  return {
    superuser: server.superuser + name,
    owner: server.owner + name,
    writer: server.writer + name,
    reader: server.reader + name,
  };
}

/** A plain connection; end it yourself. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a failed test's server ends before its connections do
  await client.connect();
  return client;
}
