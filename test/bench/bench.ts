/**
 * `npm run bench`: how fast it is, as figures and as ratios (absolute figures depend on the machine and on
 * what else it does; ratios hold). A fresh embedded PostgreSQL with fsync on; answers only after the commit.
 */
import 'reflect-metadata';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.js';
import { type Config, loadConfig } from '../../src/config.js';
import { BANK, MEMBERS, PROGRAMME } from '../../src/demo/cast.js';
import { GraphQLClient } from '../../src/demo/graphql-client.js';
import { playScriptedDay } from '../../src/demo/scripted-day.js';
import type { ProgrammeTerms } from '../../src/domain/earning/model.js';
import type { SubmitCommand } from '../../src/domain/transactions/model.js';
import { entities } from '../../src/entities.js';
import { statement } from '../../src/infrastructure/db/database.js';
import { type Databases, openDatabases } from '../../src/infrastructure/db/orm.js';
import { openServer } from '../../src/infrastructure/db/server.js';
import { openSecretBox } from '../../src/infrastructure/secret-keys.js';
import { ImportService } from '../../src/modules/imports/index.js';
import { checkProgramme } from '../../src/modules/programme-files/index.js';
import { processBatch } from '../../src/modules/transactions/index.js';
import { createServices } from '../../src/services.js';
import { admin } from '../support/principals.js';
import { benchBacktest } from './backtest-bench.js';
import { benchKernel } from './kernel-bench.js';
import { benchPartners } from './partner-bench.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const perSecond = (count: number, milliseconds: number): number => Math.round((count * 1_000) / milliseconds);
const show = (name: string, value: string, note = ''): void => say(`${name.padEnd(44)} ${value.padStart(12)}  ${note}`);
const count = (value: number): string => value.toLocaleString('en-GB');

const dataDir = mkdtempSync(join(tmpdir(), 'hansa-bench-'));
const config: Config = { ...loadConfig(), dataDir, databaseUrl: undefined, port: 0, logLevel: 'silent' };
const yaml = readFileSync(join(config.projectFolder, 'programmes', 'coalition-demo.yaml'), 'utf8');

function demoTerms(): ProgrammeTerms {
  const terms = checkProgramme(yaml, 'coalition-demo.yaml').sound?.terms;
  if (terms === undefined) throw new Error('the demonstration programme is not sound');
  return terms;
}

let references = 0;
const reference = (): string => {
  references += 1;
  return `bench-${references}`;
};
const memberOf = (index: number): string => MEMBERS[index % MEMBERS.length]?.token ?? '';

function command(index: number, today: Date): SubmitCommand {
  return {
    partnerCode: BANK,
    kind: 'PURCHASE',
    reference: reference(),
    payer: { cardToken: memberOf(index) },
    amountMinor: 100n,
    currencyCode: 'EUR',
    occurredAt: today,
    businessDate: today.toISOString().slice(0, 10),
    merchantId: 'HANSA-SG-001',
  };
}

const PLAIN_UPDATE = statement('bench.plain-update', 'update bench_account set balance = balance + 1 where id = $1');
const PLAIN_INSERT = statement('bench.plain-insert', 'insert into bench_history (account) values ($1)');

/** What a plain transaction of one update and one insert reaches on this machine, as the measure of the rest. */
async function benchPlain({ database }: Databases, url: string): Promise<number> {
  const { default: pg } = await import('pg');
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(`create table bench_account (id integer primary key, balance bigint not null default 0);
    create table bench_history (id bigint generated always as identity, account integer not null);
    insert into bench_account select generate_series(1, 1000);
    grant all on bench_account, bench_history to hansa_writer`);
  const until = performance.now() + 5_000;
  let done = 0;
  const client = async (no: number): Promise<void> => {
    for (let turn = 0; performance.now() < until; turn += 1) {
      const account = ((turn * 7 + no * 131) % 1_000) + 1;
      await database.command(async (tx) => {
        await tx.run(PLAIN_UPDATE, [account]);
        await tx.run(PLAIN_INSERT, [account]);
      });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, no) => client(no)));
  await owner.query('drop table bench_account, bench_history');
  await owner.end();
  return perSecond(done, 5_000);
}

async function benchPipeline(databases: Databases): Promise<number> {
  const { references: cache } = createServices(databases);
  const { database } = databases;
  const today = new Date(Date.now() - 60_000);
  const rows = 20_000;
  const programmeNo = await database.command(
    async (tx) => (await cache.current(tx)).programmes.byCode(PROGRAMME)?.no ?? 0,
  );
  const started = performance.now();
  for (let batch = 0; batch < rows / 1_000; batch += 1) {
    const commands = Array.from({ length: 1_000 }, (_, index) => command(index, today));
    await database.command((tx) => processBatch(tx, cache, programmeNo, commands));
  }
  return perSecond(rows, performance.now() - started);
}

const SUBMIT = `mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) { transaction { id } userErrors { code } } }`;
const SUBMIT_MANY = `mutation ($input: TransactionsSubmitInput!) { transactionsSubmit(input: $input) { results { userErrors { code } } userErrors { code } } }`;

const message = (index: number, today: Date): object => ({
  kind: 'PURCHASE',
  reference: reference(),
  payer: { cardToken: memberOf(index) },
  amount: { amount: '1.00', currencyCode: 'EUR' },
  occurredAt: today.toISOString(),
  merchantId: 'HANSA-SG-001',
});

async function benchApi(url: string): Promise<{ single: number; list: number }> {
  const bank = await GraphQLClient.signIn(url, { principal: 'PARTNER', partner: BANK });
  const today = new Date(Date.now() - 60_000);
  const during = async (
    clients: number,
    milliseconds: number,
    one: (no: number) => Promise<number>,
  ): Promise<number> => {
    const until = performance.now() + milliseconds;
    const started = performance.now();
    let done = 0;
    await Promise.all(
      Array.from({ length: clients }, async (_, no) => {
        while (performance.now() < until) {
          const more = await one(no); // not in one expression: += reads before it waits
          done += more;
        }
      }),
    );
    return perSecond(done, performance.now() - started);
  };
  const single = await during(64, 5_000, async (no) => {
    await bank.run(SUBMIT, { input: { programmeCode: PROGRAMME, transaction: message(no, today) } });
    return 1;
  });
  const list = await during(2, 5_000, async () => {
    const transactions = Array.from({ length: 500 }, (_, index) => message(index, today));
    await bank.run(SUBMIT_MANY, { input: { programmeCode: PROGRAMME, transactions } });
    return transactions.length;
  });
  return { single, list };
}

async function benchImport(databases: Databases): Promise<void> {
  const file = join(
    config.projectFolder,
    '..',
    'shared',
    'data',
    'cards',
    'birmingham_purchase_cards_2014_2018.csv.gz',
  );
  if (!existsSync(file)) return say('The file of real card transactions is not here: its import was not measured.');
  const importer = new ImportService({ ...databases, ...createServices(databases) } as never);
  const silent = { phase: () => undefined, progress: () => undefined, end: () => undefined };
  const summary = await importer.run(
    admin('hansa-bench'),
    {
      file,
      mappingFile: join(config.projectFolder, 'examples', 'birmingham', 'mapping.yaml'),
      closePolicy: 'MONTHLY',
      rejectsFile: join(dataDir, 'rejects.ndjson'),
    },
    silent as never,
  );
  show(
    'import of real card transactions',
    `${count(summary.rowsPerSecond)}/s`,
    `${count(summary.rows)} rows, staged, sorted, closed monthly`,
  );
}

try {
  benchKernel(demoTerms(), show);
  const app = createApp(config, { purpose: 'hansa bench', say: () => undefined });
  const { url } = await app.start();
  await playScriptedDay(url, yaml, new Date(), () => undefined);
  const server = await openServer({ ...config, purpose: 'hansa bench', exclusive: false, say: () => undefined });
  const databases = await openDatabases({
    writerUrl: server.url('hansa_writer'),
    readerUrl: server.url('hansa_reader'),
    entities,
    secrets: openSecretBox(config),
  });
  const plain = await benchPlain(databases, server.url('hansa_owner'));
  show('plain transactions (one update, one insert)', `${count(plain)}/s`, '8 connections, the measure of the rest');
  const ratio = (value: number): string => `${(value / plain).toFixed(1)} × plain`;
  const backtest = await benchBacktest(databases, yaml);
  show(
    'purchases replayed by a back-test',
    `${count(backtest.perSecond)}/s`,
    `${count(backtest.purchases)}, each by the candidate and by what was in force; target 20,000/s`,
  );
  const pipeline = await benchPipeline(databases);
  show(
    'purchases through the pipeline',
    `${count(pipeline)}/s`,
    `batches of 1,000, one connection, ${ratio(pipeline)}`,
  );
  const { single, list } = await benchApi(url);
  show(
    'purchases by single mutation over HTTP',
    `${count(single)}/s`,
    `64 at once, load and server in one process, ${ratio(single)}`,
  );
  show('purchases by list mutation over HTTP', `${count(list)}/s`, `500 a list, 2 at once, ${ratio(list)}`);
  const partners = await benchPartners(databases, PROGRAMME);
  show(
    'p99 of other partners while one hangs',
    `${partners.medianRatio.toFixed(2)} ×`,
    `median of ${partners.ratios.map((each) => each.toFixed(2)).join(', ')}; ${partners.wellMs.toFixed(1)} and ${partners.hangingMs.toFixed(1)} ms, ` +
      `${partners.faults} of ${count(partners.asked)} unanswered, at most ${partners.mostAtOnce} calls to the one; target 1.5`,
  );
  await benchImport(databases);
  await databases.close();
  await server.leave();
  await app.stop();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
