/**
 * How fast a back-test replays: 50,000 purchases of 500 members over ten months, taken in through the pipeline,
 * each decided twice, by the candidate and by the version that was in force.
 *
 * Run by `npm run bench`, or alone: node dist/test/bench/backtest-bench.js
 */
import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { createApp } from '../../src/app.js';
import { type Config, loadConfig } from '../../src/config.js';
import { BANK, PARTNERS, PROGRAMME } from '../../src/demo/cast.js';
import { playScriptedDay } from '../../src/demo/scripted-day.js';
import { addDays } from '../../src/domain/kernel/calendar.js';
import type { SubmitCommand } from '../../src/domain/transactions/model.js';
import { entities } from '../../src/entities.js';
import { type Databases, openDatabases } from '../../src/infrastructure/db/orm.js';
import { openServer } from '../../src/infrastructure/db/server.js';
import { openSecretBox } from '../../src/infrastructure/secret-keys.js';
import { linkCards } from '../../src/modules/cards/index.js';
import { enrolMembers } from '../../src/modules/members/index.js';
import { processBatch } from '../../src/modules/transactions/index.js';
import { createServices } from '../../src/services.js';
import { admin } from '../support/principals.js';

const MEMBERS = 500;
const PURCHASES = 50_000;
const BATCH = 1_000;
const DAYS = 300;
const FIRST_DAY = '2026-01-03';
const MERCHANT_IDS = PARTNERS.flatMap(({ outlets }) => outlets.map(({ merchantId }) => merchantId));

export interface BacktestFigure {
  readonly purchases: number;
  /** Purchases, each decided twice, reading and adding up included. */
  readonly perSecond: number;
}

/**
 * Takes the history in and replays it. The programme of the demonstration, its partners and their contracts are
 * there; members and cards are made.
 * @param yaml the programme as it is in force
 */
export async function benchBacktest(databases: Databases, yaml: string): Promise<BacktestFigure> {
  await takeHistoryIn(databases);
  const { backtests } = createServices(databases);
  // Its examples would say what the old rate gives.
  const candidate = yaml.slice(0, yaml.indexOf('\nexamples:')).replace('rate: 0.1%', 'rate: 0.2%');
  const command = { programmeCode: PROGRAMME, source: candidate, from: FIRST_DAY, idempotencyKey: v7() };
  const started = performance.now();
  const answer = await backtests.replayNow(
    admin('hansa-bench'),
    command,
    new AbortController().signal,
    () => undefined,
  );
  const milliseconds = performance.now() - started;
  if (!answer.ok) throw new Error(answer.failures[0].message);
  const purchases = answer.result?.purchases ?? 0;
  return { purchases, perSecond: Math.round((purchases * 1_000) / milliseconds) };
}

async function takeHistoryIn(databases: Databases): Promise<void> {
  const { database } = databases;
  const { references } = createServices(databases);
  const tokens = Array.from({ length: MEMBERS }, (_, index) => `bench-card-${String(index).padStart(6, '0')}`);
  const programmeNo = await database.command(async (tx) => {
    const { programmes, partners } = await references.current(tx);
    const no = programmes.byCode(PROGRAMME)?.no ?? 0;
    const issuerNo = partners.byCode(BANK)?.no ?? 0;
    const members = await enrolMembers(
      tx,
      no,
      tokens.map((code) => ({ id: v7(), code })),
    );
    await linkCards(
      tx,
      no,
      tokens.map((token) => ({
        id: v7(),
        memberNo: members.get(token)?.no ?? 0,
        token,
        lastFour: token.slice(-4),
        issuerNo,
      })),
    );
    return no;
  });
  for (let taken = 0; taken < PURCHASES; taken += BATCH) {
    const commands = Array.from({ length: BATCH }, (_, index) => purchase(taken + index, tokens));
    await database.command((tx) => processBatch(tx, references, programmeNo, commands));
  }
}

/** A stable spread of members, merchants, days and amounts; every tenth purchase is at no partner. */
function purchase(index: number, tokens: readonly string[]): SubmitCommand {
  const businessDate = addDays(FIRST_DAY, Math.floor((index * DAYS) / PURCHASES));
  const elsewhere = index % 10 === 0;
  return {
    partnerCode: BANK,
    kind: 'PURCHASE',
    reference: `bench-history-${index}`,
    payer: { cardToken: tokens[(index * 7_919) % MEMBERS] as string },
    amountMinor: BigInt(100 + ((index * 6_947) % 19_900)),
    currencyCode: 'EUR',
    occurredAt: new Date(`${businessDate}T12:00:00Z`),
    businessDate,
    ...(elsewhere ? { mcc: '5651' } : { merchantId: MERCHANT_IDS[index % MERCHANT_IDS.length] as string }),
  };
}

async function alone(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hansa-bench-'));
  const config: Config = { ...loadConfig(), dataDir, databaseUrl: undefined, port: 0, logLevel: 'silent' };
  const yaml = readFileSync(join(config.projectFolder, 'programmes', `${PROGRAMME}.yaml`), 'utf8');
  try {
    const app = createApp(config, { purpose: 'hansa bench', say: () => undefined });
    const { url } = await app.start();
    await playScriptedDay(url, yaml, new Date(), () => undefined);
    const server = await openServer({ ...config, purpose: 'hansa bench', exclusive: false, say: () => undefined });
    const urls = { writerUrl: server.url('hansa_writer'), readerUrl: server.url('hansa_reader') };
    const databases = await openDatabases({ ...urls, entities, secrets: openSecretBox(config) });
    const { purchases, perSecond } = await benchBacktest(databases, yaml);
    console.log(`${purchases} purchases replayed twice each, ${perSecond}/s`);
    await databases.close();
    await server.leave();
    await app.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) await alone();
