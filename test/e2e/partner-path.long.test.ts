/** README's way of a partner, from an empty folder to its first accrual, run word by word. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { freePort } from '../../src/infrastructure/free-port.js';
import { openTemporaryFolder } from '../support/server.js';

const { projectFolder } = loadConfig();
const NOT_OF_THE_PROJECT = /^(node_modules|dist|\.hansa|\.git)(\/|$)/;

// It installs the product, as a newcomer would.
jest.setTimeout(600_000);

/** The commands of the section, one a line. */
function commandsOfReadme(): string[] {
  const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');
  const section = /\n## From nothing to the first accrual\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  return section.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** What is checked out here, as a repository to clone. */
function repositoryIn(folder: string): string {
  const repository = join(folder, 'origin');
  cpSync(projectFolder, repository, {
    recursive: true,
    filter: (path) => !NOT_OF_THE_PROJECT.test(relative(projectFolder, path)),
  });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'As it is');
  return repository;
}

/** The machine's own settings, without those of this test run. */
const ofTheMachine = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(HANSA_|JEST_|NODE_ENV$|NODE_OPTIONS$|DATABASE_URL$)/.test(name)),
  );

test('is at most twelve commands', () => {
  const commands = commandsOfReadme();
  expect(commands.length).toBeGreaterThan(4);
  expect(commands.length).toBeLessThanOrEqual(12);
});

test('leads to an accrual in the example shop', async () => {
  const folder = openTemporaryFolder('hansa-newcomer-');
  const script = join(folder, 'path.sh');
  writeFileSync(script, ['set -euo pipefail', ...commandsOfReadme(), 'kill %1', 'wait'].join('\n'));
  const newcomer = spawn('bash', [script], {
    cwd: folder,
    env: {
      ...ofTheMachine(),
      HANSA_REPOSITORY: repositoryIn(folder),
      PORT: String(await freePort()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    const ended = new Promise((code) => newcomer.once('exit', code));
    const [out, err] = await Promise.all([text(newcomer.stdout), text(newcomer.stderr)]);
    await ended;
    expect(`${out}\n${err}`).toContain('The integration passes.');
    expect(out).toMatch(/^ {2}accrual: [\d.]+ by "card-cashback", paid by hanse-bank, PENDING, available on \d{4}-/m);
  } finally {
    try {
      process.kill(-(newcomer.pid as number), 'SIGKILL');
    } catch {
      // it has ended with all it began
    }
    rmSync(folder, { recursive: true, force: true });
  }
});
