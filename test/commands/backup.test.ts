/** The embedded database is copied while purchases come in, put back elsewhere, and has everything that was answered before. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { BANK } from '../../src/demo/cast.js';
import { GraphQLClient } from '../../src/demo/graphql-client.js';
import { openTemporaryFolder } from '../support/server.js';

const CLI = join(import.meta.dirname, '../../src/cli.js');
const run = promisify(execFile);

let folder: string;
let backup: string;
beforeAll(() => {
  folder = openTemporaryFolder('hansa-backup-');
  backup = join(folder, 'backup');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// Each case is a process of its own, or several with a database.
jest.setTimeout(300_000);

const settings = (data: string) => ({ HANSA_ENV: 'test', HANSA_DATA_DIR: join(folder, data), PORT: '0' });
const hansa = (data: string, ...args: string[]): Promise<{ stdout: string }> =>
  run(process.execPath, [CLI, ...args], { env: settings(data) });
const refused = (data: string, ...args: string[]): Promise<string> =>
  hansa(data, ...args).then(
    ({ stdout }) => `it did not refuse: ${stdout}`,
    ({ stderr }: { stderr: string }) => stderr,
  );

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts the demonstration and resolves with its address when it serves. */
function serve(data: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [CLI, 'start'], { env: settings(data), stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  return new Promise((found, failed) => {
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      const url = /^GraphQL +(http:\S+)\/graphql$/m.exec(said)?.[1];
      if (url !== undefined) found({ child, url });
    });
    child.once('exit', () => {
      children.delete(child);
      failed(new Error(`it ended: ${said}`));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const SUBMIT = `mutation M($input: TransactionSubmitInput!) {
  transactionSubmit(input: $input) { transaction { id } userErrors { code message } } }`;

async function purchase(client: GraphQLClient, no: number): Promise<string> {
  const { transactionSubmit } = await client.run<{
    transactionSubmit: { transaction: { id: string } | null; userErrors: readonly { message: string }[] };
  }>(SUBMIT, {
    input: {
      programmeCode: 'coalition-demo',
      transaction: {
        kind: 'PURCHASE',
        reference: `while-copied-${no}`,
        payer: { cardToken: 'demo-card-bruno-0815' },
        amount: { amount: '12.00', currencyCode: 'EUR' },
        occurredAt: '2026-11-01T12:00:00Z',
        merchantId: 'HANSA-AK-001',
      },
    },
  });
  return transactionSubmit.transaction?.id ?? JSON.stringify(transactionSubmit.userErrors);
}

it('keeps everything that was answered before it began', async () => {
  const first = await serve('first');
  const bank = await GraphQLClient.signIn(first.url, { principal: 'PARTNER', partner: BANK });
  const answered: string[] = [];
  for (let no = 0; no < 20; no += 1) answered.push(await purchase(bank, no));

  let copying = true;
  const meanwhile = (async () => {
    for (let no = 20; copying; no += 1) await purchase(bank, no);
  })();
  const { stdout } = await hansa('first', 'backup', backup);
  copying = false;
  await meanwhile;
  await stop(first.child);
  expect(stdout).toMatch(/^\d+ files, [\d.]+ MB, are in .+\. They hold passwords and keys: /);

  expect((await hansa('second', 'restore', backup)).stdout).toMatch(/^The backup of .+ is in .+second\. /);
  // What is sealed in the database is of no use without its keys.
  const keys = (data: string) => readFileSync(join(folder, data, 'secret-keys'), 'utf8');
  expect(keys('second')).toBe(keys('first'));
  const second = await serve('second');
  expect((await hansa('second', 'ledger', 'verify')).stdout).toMatch(/The ledger holds\.\n$/);
  const again = await GraphQLClient.signIn(second.url, { principal: 'PARTNER', partner: BANK });
  const repeated: string[] = [];
  for (let no = 0; no < 20; no += 1) repeated.push(await purchase(again, no));
  await stop(second.child);
  expect(repeated).toEqual(answered);
});

describe('what is refused', () => {
  it('a folder that holds something', async () => {
    expect(await refused('first', 'backup', backup)).toMatch(
      /is not empty\. Name a folder of its own for each backup\.\n$/,
    );
  });

  it('a data directory that holds something', async () => {
    expect(await refused('first', 'restore', backup)).toMatch(/first is not empty\. Stop whatever uses it /);
  });

  it('a database server of ones own', async () => {
    const attempt = run(process.execPath, [CLI, 'backup', join(folder, 'x')], {
      env: { ...settings('first'), DATABASE_URL: 'postgres://u:p@127.0.0.1:1/hansa' },
    });
    await expect(attempt).rejects.toThrow('back it up with pg_basebackup');
  });

  it('a backup in which a byte has changed', async () => {
    const label = join(backup, 'postgres', 'global', 'pg_control');
    const bytes = readFileSync(label);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(100) ^ 1, 100);
    writeFileSync(label, changed);
    expect(await refused('third', 'restore', backup)).toContain(
      'postgres/global/pg_control of the backup is not what was backed up. Nothing was restored',
    );
    expect(readdirSync(join(folder, 'third'))).toEqual([]);
    writeFileSync(label, bytes);
  });

  it('a backup that was not finished', async () => {
    rmSync(join(backup, 'hansa-backup.json'));
    expect(await refused('third', 'restore', backup)).toContain('is no whole backup: hansa-backup.json');
    expect(existsSync(join(folder, 'third', 'postgres'))).toBe(false);
  });
});
