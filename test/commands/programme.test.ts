import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');
const DEMO = 'programmes/coalition-demo.yaml';

const hansa = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { cwd: loadConfig().projectFolder }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hansa-programme-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('check runs the examples of every file and prints how many', async () => {
  const { code, stdout } = await hansa('programme', 'check', DEMO, DEMO);
  expect(stdout).toBe(
    `${DEMO}: 13 examples run, 0 problems\n${DEMO}: 13 examples run, 0 problems\n26 examples in 2 files, 0 problems\n`,
  );
  expect(code).toBe(0);
});

test('check names file, line, column and field, looks at the other files too, and fails', async () => {
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, 'programme: x\nholdDays: many\n');
  const { code, stdout } = await hansa('programme', 'check', broken, DEMO);
  expect(stdout).toContain(`${broken}:2:11 holdDays: "many" does not fit; write a whole number from 0 to 3650.\n`);
  expect(stdout).toContain(`${DEMO}: 13 examples run, 0 problems\n`);
  expect(code).toBe(1);
});

test.each([
  ['a file that is not there', ['check', 'no-such.yaml'], 'no-such.yaml cannot be read'],
  ['a day that is none', ['apply', DEMO, '--effective-from', 'tomorrow'], 'Write a day as YYYY-MM-DD.'],
  ['a version that is none', ['show', 'coalition-demo', 'two'], 'Write the number of a version.'],
])('%s is a sentence, not a stack', async (_, args, sentence) => {
  const { code, stderr } = await hansa('programme', ...args);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});
