/** `hansa ledger verify` as a process, on the worker's database. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { makeCoalition, purchase } from '../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  const coalition = await makeCoalition(db);
  await coalition.submit(purchase(), purchase({ amountMinor: 2_500n }));
});
afterAll(() => db.close());

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');

const verify = (...options: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'ledger', 'verify', ...options],
      {
        cwd: loadConfig().projectFolder,
        env: { PATH: process.env.PATH, DATABASE_URL: db.urls.superuser, HANSA_ENV: 'test' },
      },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });

test('a sound ledger: a line per invariant and exit code 0', async () => {
  const { code, out } = await verify('--programme', 'coalition-test');
  expect(out.match(/^I\d+ +holds/gm)).toHaveLength(11);
  expect(code).toBe(0);
});

test('a corrupted balance: the invariant and the row are named, exit code 1', async () => {
  await db.superuser.query('update account_balance set balance = balance + 1 where account = 2000');
  const { code, out } = await verify();
  expect(code).toBe(1);
  expect(out).toMatch(/I2 .*account_balance/s);
  expect(out).toContain('2000');
  await db.superuser.query('update account_balance set balance = balance - 1 where account = 2000');
});

test('an unknown programme is a sentence, not a stack', async () => {
  const { code, out } = await verify('--programme', 'nowhere');
  expect(code).toBe(1);
  expect(out).toContain('nowhere');
  expect(out).not.toContain(' at ');
});
