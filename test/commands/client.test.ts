/** Production from nothing: the first administrator is registered at the keyboard, signs in, rotates, and is revoked. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { connectTo, testServer } from '../support/database.js';

const CLI = join(import.meta.dirname, '../../src/cli.js');
const run = promisify(execFile);
const database = `production_${process.env.JEST_WORKER_ID ?? '1'}`;
const settings = {
  HANSA_ENV: 'production',
  DATABASE_URL: testServer().superuser + database,
  HANSA_ISSUER_URL: 'https://gateway.example',
  HANSA_SECRET_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  PORT: '0',
};
jest.setTimeout(300_000);

let serving: ChildProcess;
let url: string;

async function asSuperuser(statement: string): Promise<void> {
  const superuser = await connectTo(`${testServer().superuser}postgres`);
  await superuser.query(statement);
  await superuser.end();
}
const drop = () => asSuperuser(`drop database if exists ${database} with (force)`);

beforeAll(async () => {
  await drop();
  await asSuperuser(`create database ${database} owner hansa_owner`);
  serving = spawn(process.execPath, [CLI, 'serve'], { env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
  url = await new Promise((found, failed) => {
    let said = '';
    const hear = (part: unknown): void => {
      said += part;
      const address = /Server listening at (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (address !== undefined) found(address);
    };
    serving.stdout?.on('data', hear);
    serving.stderr?.on('data', hear);
    serving.once('exit', () => failed(new Error(`it ended: ${said}`)));
  });
});
afterAll(async () => {
  if (serving?.exitCode === null) {
    const ended = once(serving, 'exit');
    serving.kill('SIGTERM');
    await ended;
  }
  await drop();
});

const hansa = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [CLI, ...args], { env: settings })).stdout;
const refused = (...args: string[]): Promise<string> =>
  hansa(...args).then(
    (out) => `it did not refuse: ${out}`,
    ({ stderr }: { stderr: string }) => stderr,
  );
/** What was printed, one setting a line. */
const printed = (out: string): Record<string, string> =>
  Object.fromEntries(
    out
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );

async function signIn(id: string, secret: string): Promise<{ status: number; token: string }> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return { status: response.status, token: ((await response.json()) as { access_token: string }).access_token };
}

const clientsSeen = async (token: string): Promise<unknown> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ clients { nodes { name kind } } }' }),
  });
  return response.json();
};

test('the first administrator of a production gateway', async () => {
  const out = await hansa('client', 'register', '--kind', 'ADMIN', '--name', 'first');
  expect(out).toMatch(/^HANSA_CLIENT_ID=[0-9a-f-]{36}\nHANSA_CLIENT_SECRET=hansa_secret_[\w-]{43}\n$/);
  const [id, secret] = Object.values(printed(out)) as [string, string];

  const first = await signIn(id, secret);
  expect(first.status).toBe(200);
  expect(await clientsSeen(first.token)).toMatchObject({
    data: { clients: { nodes: [{ name: 'first', kind: 'ADMIN' }] } },
  });

  const [, next] = Object.values(printed(await hansa('client', 'rotate', id, '--overlap', '0'))) as [string, string];
  expect([(await signIn(id, secret)).status, (await signIn(id, next)).status]).toEqual([401, 200]);

  const kid = /^(\S+) signs from /.exec(await hansa('signing-key', 'rotate'))?.[1];
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
  expect(kid).toMatch(/^[\w-]{43}$/);
  expect(keys.map((key) => key.kid)).toContain(decodeProtectedHeader(first.token).kid);

  await hansa('client', 'revoke', id);
  expect((await signIn(id, next)).status).toBe(401);
});

test('there is no other way in', async () => {
  expect((await fetch(`${url}/dev/token`, { method: 'POST' })).status).toBe(404);
});

test('what cannot be registered is refused in one sentence', async () => {
  expect(await refused('client', 'register', '--partner', 'nobody')).toBe(
    'hansa: There is no such partner; onboard it first.\n',
  );
});
