import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { openTemporaryFolder } from './support/server.js';

const cli = join(import.meta.dirname, '../src/cli.js');

let dataDir: string;
beforeAll(() => {
  dataDir = join(openTemporaryFolder('hansa-cli-'), 'data');
});
afterAll(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

const start = (args: readonly string[], settings: Readonly<Record<string, string>> = {}): ChildProcess =>
  spawn(process.execPath, [cli, ...args], {
    env: { HANSA_ENV: 'test', HANSA_DATA_DIR: dataDir, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const outcomeOf = async (child: ChildProcess): Promise<Outcome> => {
  const [out, err, [code]] = await Promise.all([
    text(child.stdout as NonNullable<ChildProcess['stdout']>),
    text(child.stderr as NonNullable<ChildProcess['stderr']>),
    once(child, 'exit'),
  ]);
  return { code, out, err };
};

const hansa = (args: readonly string[], settings?: Readonly<Record<string, string>>): Promise<Outcome> =>
  outcomeOf(start(args, settings));

/** The address that a serving process logs when it listens. */
const addressOf = (child: ChildProcess): Promise<string> =>
  new Promise((found, failed) => {
    let seen = '';
    child.stderr?.on('data', (chunk) => {
      seen += chunk;
      const address = /Server listening at (http:\/\/[\d.:]+)/.exec(seen)?.[1];
      if (address) found(address);
    });
    child.once('exit', () => failed(new Error(`it ended: ${seen}`)));
  });

// Each case is a process of its own, or several.
jest.setTimeout(60_000);

describe('hansa', () => {
  it('shows every command and setting', async () => {
    const { code, out } = await hansa(['--help']);
    expect(code).toBe(0);
    for (const word of [
      'start',
      'serve',
      'migrate',
      'programme',
      'import',
      'token',
      'client',
      'signing-key',
      'schema',
      'ledger',
    ]) {
      expect(out).toMatch(new RegExp(`^ {2}${word}\\b`, 'm'));
    }
    for (const name of [
      'HANSA_DATA_DIR',
      'DATABASE_URL',
      'HOST, PORT',
      'HANSA_ENV',
      'HANSA_ISSUER_URL',
      'HANSA_JWT_ISSUER',
      'LOG_LEVEL',
    ]) {
      expect(out).toContain(name);
    }
  });

  it.each([
    ['an unknown command', ['serv'], {}, /^error: unknown command 'serv'\n\(Did you mean serve\?\)\n/],
    [
      'a wrong setting',
      ['migrate'],
      { PORT: 'x' },
      /^hansa: PORT must be a number from 0 to 65535\. .+ start again\.\n$/,
    ],
    [
      'all that production lacks',
      ['serve'],
      { HANSA_ENV: 'production' },
      /^hansa: .+ set DATABASE_URL .+\nand .+ set HANSA_ISSUER_URL .+\nand .+ set HANSA_SECRET_KEYS .+\n$/,
    ],
    [
      'a server that does not answer',
      ['migrate'],
      { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/hansa' },
      /^hansa: The PostgreSQL server at 127\.0\.0\.1:1 cannot be used: .+\n$/,
    ],
  ])('ends with 1 and one clear sentence for %s', async (_what, args, settings, sentence) => {
    const { code, out, err } = await hansa(args, settings);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(sentence);
  });

  it('shows an error id and the stack for a bug', async () => {
    const broken = `data:text/javascript,JSON.parse = () => { throw new TypeError('broken') }`;
    const { code, err } = await hansa(['--help'], { NODE_OPTIONS: `--import="${broken}"` });
    expect(code).toBe(1);
    expect(err).toMatch(/^hansa: this is a bug \(error [0-9a-f-]{36}\)\..+\nTypeError: broken\n {4}at /);
  });
});

describe('hansa serve', () => {
  it('prepares the database, lets other commands join, refuses a second one, and stops when told', async () => {
    const migrated = await hansa(['migrate']);
    expect(migrated).toMatchObject({ code: 0, err: '' });
    expect(migrated.out).toMatch(/^applied 0001_clock_and_access\n(?:applied \w+\n)+\d+ migrations applied\.\n$/);

    const serving = start(['serve']);
    const ended = once(serving, 'exit');
    const url = await addressOf(serving);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    expect(await hansa(['migrate'])).toEqual({ code: 0, out: 'The database is up to date.\n', err: '' });
    const second = await hansa(['serve'], { LOG_LEVEL: 'error' });
    expect(second.code).toBe(1);
    expect(second.err).toContain(
      `Another gateway already serves from ${dataDir}: hansa serve, process ${serving.pid}.`,
    );

    serving.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('names a taken port and leaves no database server behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, err } = await hansa(['serve'], { PORT: String(port), LOG_LEVEL: 'error' });
    other.close();
    expect(code).toBe(1);
    expect(err).toBe(
      `hansa: Port ${port} of 127.0.0.1 is taken by another program. Stop that program, or choose another port: PORT=${port + 1}.\n`,
    );
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});
