/** `hansa ledger verify` and `hansa ledger export` as processes, on the worker's database. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

const ledger = (...options: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'ledger', ...options],
      {
        cwd: loadConfig().projectFolder,
        env: { PATH: process.env.PATH, DATABASE_URL: db.urls.superuser, HANSA_ENV: 'test' },
      },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });

const verify = (...options: string[]): Promise<{ code: number; out: string }> => ledger('verify', ...options);

test('a sound ledger: a line per invariant and exit code 0', async () => {
  const { code, out } = await verify('--programme', 'coalition-test');
  expect(out.match(/^I\d+ +holds/gm)?.length).toBeGreaterThan(10);
  expect(out).toContain('The ledger holds.');
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

test('the journal as a file, with what it adds up to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hansa-export-'));
  const file = join(folder, 'journal.csv');
  const { code, out } = await ledger('export', '--programme', 'coalition-test', '--window', '1', '--out', file);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  rmSync(folder, { recursive: true });
  expect(code).toBe(0);
  expect(lines[0]).toMatch(/^date,entry,line,account,/);
  expect(out).toContain(`${lines.length - 1} lines.`);
  expect(out).toMatch(/Debits and credits are \d+\.\d\d GBP each\./);
  expect(out).toContain('more will come');
});

test.each([
  [['--programme', 'nowhere', '--window', '1'], 'There is no programme "nowhere"'],
  [['--programme', 'coalition-test'], 'Give either the number of a window'],
  [['--programme', 'coalition-test', '--from', 'yesterday'], 'Write a day as YYYY-MM-DD.'],
])('export %j is refused in a sentence', async (options, sentence) => {
  const { code, out } = await ledger('export', ...options);
  expect(code).toBe(1);
  expect(out).toContain(sentence);
  expect(out).not.toContain(' at ');
});
