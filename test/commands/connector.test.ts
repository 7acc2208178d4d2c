/** `hansa connector run` as a process: what it says, and that one that is killed loses and repeats nothing. */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { createServices } from '../../src/services.js';
import { makeCoalition } from '../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { admin } from '../support/principals.js';

let db: TestDatabase;
const folders = mkdtempSync(join(tmpdir(), 'hansa-folders-'));
const ROWS = 6_000;

beforeAll(async () => {
  db = await openTestDatabase();
  await makeCoalition(db);
  const made = await createServices(db).connectors.create(admin(), {
    ...{ code: 'shop-files', partnerCode: 'shop', programmeCode: 'coalition-test', secret: undefined },
    terms: {
      ...{ kind: 'FOLDER', address: 'shop', auth: { kind: 'NONE' }, everySeconds: 60 },
      endpoints: [{ capability: 'TRANSACTIONS', format: 'CSV', fields: [] }],
    },
  });
  expect(made.ok).toBe(true);
});
afterAll(async () => {
  await db.close();
  rmSync(folders, { recursive: true });
});

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');
const run = (code: string): { child: ChildProcess; done: Promise<{ code: number; out: string }> } => {
  let ended: (result: { code: number; out: string }) => void;
  const done = new Promise<{ code: number; out: string }>((resolve) => {
    ended = resolve;
  });
  const child = execFile(
    process.execPath,
    [CLI, 'connector', 'run', code],
    {
      cwd: loadConfig().projectFolder,
      env: { PATH: process.env.PATH, DATABASE_URL: db.urls.superuser, HANSA_ENV: 'test', HANSA_CONNECTOR_DIR: folders },
    },
    (error, stdout, stderr) => ended({ code: error === null ? 0 : 1, out: stdout + stderr }),
  );
  return { child, done };
};
const cursor = async (): Promise<string | null> =>
  (await db.superuser.query("select cursor from connector where code = 'shop-files'")).rows[0].cursor;

test('an unknown connector, and a folder that is not there, are sentences', async () => {
  expect(await run('nobody').done).toEqual({ code: 1, out: expect.stringContaining('There is no connector "nobody"') });
  const { code, out } = await run('shop-files').done;
  expect(code).toBe(1);
  expect(out).toContain('There is no folder of that name below HANSA_CONNECTOR_DIR');
}, 120_000);

test('a run that is killed within a file is finished by the next one, each row once', async () => {
  mkdirSync(join(folders, 'shop'));
  const rows = Array.from({ length: ROWS }, (_, row) => `kill-${row},a,1.00,2026-02-27T10:00:00Z`);
  writeFileSync(join(folders, 'shop', 'day.csv'), ['reference,memberCode,amount,occurredAt', ...rows, ''].join('\n'));
  const { child, done } = run('shop-files');
  const until = performance.now() + 60_000;
  while ((await cursor()) === null && performance.now() < until) await new Promise((rested) => setTimeout(rested, 10));
  child.kill('SIGKILL');
  await done;
  expect(await cursor()).toMatch(/:[1-5]000$/);
  // Whoever died held the connector for three minutes.
  expect((await run('shop-files').done).out).toContain('is being fetched right now');
  await db.superuser.query("select hansa_set_clock(interval '4 minutes')");
  expect((await run('shop-files').done).out).toMatch(/^\d pages: \d{4} accepted, 0 known, 0 rejected\.$/m);
  const { rows: found } = await db.superuser.query(
    "select count(*)::int as n, count(distinct reference)::int as once from business_key where reference like 'kill-%'",
  );
  expect(found).toEqual([{ n: ROWS, once: ROWS }]);
  expect(readdirSync(join(folders, 'shop'))).toEqual(['done']);
}, 240_000);
