/** `hansa programme diff` as a process; against what is published, on the worker's database. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');
const DEMO = join(loadConfig().projectFolder, 'programmes', 'coalition-demo.yaml');

let db: TestDatabase;
let folder: string;
let changed: string;
beforeAll(async () => {
  db = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'hansa-diff-'));
  changed = join(folder, 'changed.yaml');
  const text = readFileSync(DEMO, 'utf8')
    .replace('holdDays: 14', 'holdDays: 20')
    .replace('mcc: [5541, 5542, 5552]', 'mcc: [5541, 5552]')
    .replace('per: month, max: 30 }', 'per: month, max: 20 }')
    .replace(/^examples:\n[\s\S]*/m, '');
  writeFileSync(changed, text);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.close();
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const hansa = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: db.urls.superuser, HANSA_ENV: 'test' };
    const child = execFile(process.execPath, [CLI, 'programme', ...args], { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

const SENTENCES = `~ The hold goes from 14 to 20 days.
- Category fuel loses 5542.
~ Cap groceries-month falls from 30.00 to 20.00.
`;

test('two files: a sentence for every change, and exit code 1', async () => {
  const { code, stdout } = await hansa('diff', DEMO, changed);
  expect(stdout).toBe(`${DEMO} -> ${changed}: 3 changes\n${SENTENCES}`);
  expect(code).toBe(1);
});

test('the same terms: exit code 0, whatever the examples say', async () => {
  const same = join(folder, 'same.yaml');
  writeFileSync(same, readFileSync(DEMO, 'utf8').replace(/^examples:\n[\s\S]*/m, ''));
  const { code, stdout } = await hansa('diff', DEMO, same);
  expect([code, stdout]).toEqual([0, `${DEMO} -> ${same}: no change\n`]);
});

test('for programs: JSON with places and kinds', async () => {
  const { stdout } = await hansa('diff', DEMO, changed, '--json');
  expect(JSON.parse(stdout)[2]).toEqual({
    path: 'caps.groceries-month.max',
    kind: 'CHANGED',
    text: 'Cap groceries-month falls from 30.00 to 20.00.',
  });
});

test('one file: against the newest version that is published, with the day it was published for', async () => {
  const unpublished = await hansa('diff', changed);
  expect(unpublished).toMatchObject({ code: 2, stdout: '' });
  expect(unpublished.stderr).toContain('No version of "coalition-demo" is published.');
  expect((await hansa('apply', DEMO)).code).toBe(0);
  expect((await hansa('diff', DEMO)).code).toBe(0);
  expect((await hansa('apply', changed, '--effective-from', '2028-01-01')).code).toBe(0);
  expect(await hansa('diff', changed)).toMatchObject({
    code: 1,
    stdout: `coalition-demo version 2 -> ${changed}: 1 change\n~ The first day of the terms changes from 2028-01-01 to 2026-01-01.\n`,
  });
});

test.each([
  ['a file that is not there', () => ['no-such.yaml', DEMO], 'no-such.yaml cannot be read'],
  ['a file that is no programme', () => [DEMO, join(folder, 'broken.yaml')], 'broken.yaml is no programme:\n'],
])('%s is a sentence and exit code 2', async (_, files, sentence) => {
  writeFileSync(join(folder, 'broken.yaml'), 'programme: x\nholdDays: many\n');
  const { code, stdout, stderr } = await hansa('diff', ...files());
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect([code, stdout]).toEqual([2, '']);
});
