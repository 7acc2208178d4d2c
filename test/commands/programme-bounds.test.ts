import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');
const DEMO = join(loadConfig().projectFolder, 'programmes', 'coalition-demo.yaml');

const bounds = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, 'programme', 'bounds', ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hansa-bounds-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The demo with other caps: what stands between `caps:` and `examples:`. */
function demoWith(name: string, caps: string): string {
  const file = join(folder, name);
  writeFileSync(file, readFileSync(DEMO, 'utf8').replace(/^caps:\n[\s\S]*?^examples:\n[\s\S]*/m, caps));
  return file;
}

test('every rule has a line with its highest rate, its limit and the cap that makes it', async () => {
  const { code, stdout } = await bounds(DEMO);
  expect(stdout).toContain(
    'card-cashback       deckhand 1 %, mate 2 %, captain 3 %  150.00 PTS a month (cap programme-month)\n',
  );
  expect(stdout).toContain(
    'cap programme-month is shared by 10 rules: together they pay no more than it allows\n10 rules, all bounded\n',
  );
  expect(code).toBe(0);
});

test('without caps everything is unbounded, and the cap printed for it bounds it', async () => {
  const { stdout } = await bounds(demoWith('open.yaml', ''));
  expect(stdout).toContain('10 rules, 10 without a bound for one member\n');
  const suggested = [...stdout.matchAll(/would be bounded by, for instance: (- \{.*\}) #/g)].map(
    ([, line]) => `  ${line}\n`,
  );
  expect(suggested).toHaveLength(10);
  const { stdout: bounded } = await bounds(demoWith('bounded.yaml', `caps:\n${suggested.join('')}`));
  expect(bounded).toContain('10 rules, all bounded\n');
});

test('for programs: JSON with decimals and exact rates', async () => {
  const { stdout } = await bounds(DEMO, '--json');
  expect(JSON.parse(stdout)[1]).toEqual({
    rule: 'everywhere',
    name: 'Base cashback everywhere',
    bounded: 'MEMBER',
    unit: 'PTS',
    limits: [{ per: 'MONTH', holder: 'MEMBER', caps: ['programme-month'], most: '150.00', mostRoundedUp: '150.00' }],
    rates: ['deckhand', 'mate', 'captain'].map((tier) => ({ tier, rate: '1/1000' })),
  });
});

test.each([
  ['a file that is not there', () => 'no-such.yaml', 'no-such.yaml cannot be read'],
  ['a file that is no programme', () => demoWith('broken.yaml', 'caps: many\n'), 'broken.yaml is no programme:\n'],
])('%s is a sentence, not a stack', async (_, file, sentence) => {
  const { code, stderr, stdout } = await bounds(file());
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect([code, stdout]).toEqual([1, '']);
});
