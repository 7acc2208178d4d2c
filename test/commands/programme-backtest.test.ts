/** `hansa programme backtest` as a process, on the worker's database. */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { COALITION_YAML, makeCoalition, purchase } from '../support/coalition.js';
import { connectTo, openTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
let folder: string;
let candidate: string;
beforeAll(async () => {
  db = await openTestDatabase();
  const coalition = await makeCoalition(db);
  await coalition.submit(purchase(), purchase({ amountMinor: 20_000n, payer: { cardToken: 'token-b-0001' } }));
  folder = mkdtempSync(join(tmpdir(), 'hansa-backtest-'));
  candidate = join(folder, 'candidate.yaml');
  writeFileSync(candidate, COALITION_YAML.replace('rate: 4%', 'rate: 5%'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.close();
});

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function begin(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<Outcome> } {
  let child: ChildProcess | undefined;
  const ended = new Promise<Outcome>((resolve) => {
    child = execFile(
      process.execPath,
      [CLI, 'programme', 'backtest', ...args],
      {
        cwd: loadConfig().projectFolder,
        env: { PATH: process.env.PATH, DATABASE_URL: db.urls.superuser, HANSA_ENV: 'test' },
      },
      (_, stdout, stderr) => resolve({ code: child?.exitCode ?? -1, stdout, stderr }),
    );
  });
  return { child: child as ChildProcess, ended };
}

const backtest = (...args: string[]): Promise<Outcome> => begin(...args).ended;

const states = async (): Promise<string[]> =>
  (await db.superuser.query<{ state: string }>('select state from backtest_run order by id')).rows.map(
    ({ state }) => state,
  );

test('tables on standard output, progress on standard error', async () => {
  const { code, stdout, stderr } = await backtest(candidate, '--months', '1');
  expect(stderr).toContain('Replaying');
  expect(stdout).toContain('2 purchases of 2 members from 2026-02-11 to 2026-03-10, 300.00 GBP kept after refunds.');
  expect(stdout).toMatch(/^ {2}shop {2,}12\.00 +12\.00 +15\.00 +\+3\.00 +\+25\.0 %$/m);
  expect(stdout).toContain('Gaining: 2 members, 300 PTS. Losing: 0 members, 0 PTS. The same: 0 members.');
  expect(code).toBe(0);
});

test('--json is one line with everything', async () => {
  const { code, stdout } = await backtest(candidate, '--from', '2026-03-01', '--until', '2026-03-31', '--json');
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({
    from: '2026-03-01',
    until: '2026-03-31',
    purchases: 2,
    total: { candidate: { units: '1800' }, baseline: { units: '1500' }, recorded: { units: '1500' } },
    winners: { members: 2, units: '300' },
  });
  expect(code).toBe(0);
});

test('what is wrong with the file is said with its line, and nothing is begun', async () => {
  const before = await states();
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, COALITION_YAML.replace('holdDays: 14', 'holdDays: many'));
  const { code, stdout, stderr } = await backtest(broken, '--months', '1');
  expect(stdout).toMatch(/broken\.yaml:\d+:\d+ holdDays: "many" does not fit/);
  expect(stderr).toContain('was not replayed');
  expect(code).toBe(1);
  expect(await states()).toEqual(before);
});

test.each([
  ['no days', [], 'Give either a number of months or the first day to replay.'],
  ['a day that is none', ['--from', 'yesterday'], 'Write a day as YYYY-MM-DD.'],
  ['a number that is none', ['--months', 'some'], 'Write a number of months.'],
])('%s is a sentence, not a stack', async (_, args, sentence) => {
  const { code, stdout, stderr } = await backtest(candidate, ...args);
  expect(stdout + stderr).toContain(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});

test('Ctrl-C cancels the run', async () => {
  const holding = await connectTo(db.urls.superuser);
  await holding.query('begin');
  await holding.query('lock table accrual in access exclusive mode'); // it cannot get further than to what was recorded
  const { child, ended } = begin(candidate, '--months', '1');
  while (!(await states()).includes('RUNNING')) if (child.exitCode !== null) throw new Error('it ended too early');
  const heard = new Promise<void>((resolve) => {
    child.stderr?.on('data', (text: string) => {
      if (text.includes('Stopping')) resolve();
    });
  });
  child.kill('SIGINT');
  await heard;
  await holding.query('commit');
  await holding.end();
  const { code, stdout, stderr } = await ended;
  expect(stderr).toContain('The back-test was cancelled.');
  expect([code, stdout]).toEqual([1, '']);
  expect((await states()).at(-1)).toBe('CANCELLED');
});
