/**
 * How fast a back-test replays: purchases of 500 members over ten months, taken in through the pipeline,
 * each decided twice, by the candidate and by the version that was in force.
 */
import { v7 } from 'uuid';
import { BANK, PARTNERS, PROGRAMME } from '../../src/demo/cast.js';
import { addDays } from '../../src/domain/kernel/calendar.js';
import type { SubmitCommand } from '../../src/domain/transactions/model.js';
import type { Databases } from '../../src/infrastructure/db/orm.js';
import { linkCards } from '../../src/modules/cards/index.js';
import { enrolMembers } from '../../src/modules/members/index.js';
import { processBatch } from '../../src/modules/transactions/index.js';
import { createServices } from '../../src/services.js';
import { admin } from '../support/principals.js';
import { atLeast } from './figures.js';
import type { Workload } from './workload.js';

const MEMBERS = 500;
const BATCH = 1_000;
const DAYS = 300;
const FIRST_DAY = '2026-01-03';
const MERCHANT_IDS = PARTNERS.flatMap(({ outlets }) => outlets.map(({ merchantId }) => merchantId));

/** Takes the history in, with members and cards of its own, and replays it. */
export const benchBacktest: Workload = async ({ stage, options, yaml, report }) => {
  await takeHistoryIn(stage.databases, options.historyPurchases);
  // Its examples would say what the old rate gives.
  const candidate = yaml.slice(0, yaml.indexOf('\nexamples:')).replace('rate: 0.1%', 'rate: 0.2%');
  const command = { programmeCode: PROGRAMME, source: candidate, from: FIRST_DAY, idempotencyKey: v7() };
  const started = performance.now();
  const answer = await stage.services.backtests.replayNow(
    admin('hansa-bench'),
    command,
    new AbortController().signal,
    () => undefined,
  );
  const milliseconds = performance.now() - started;
  if (!answer.ok) throw new Error(answer.failures[0].message);
  const purchases = answer.result?.purchases ?? 0;
  report({
    name: 'back-test, purchases replayed',
    value: (purchases * 1_000) / milliseconds,
    unit: '/s',
    target: atLeast(20_000),
    note: `${purchases}, each decided by the candidate and by what was in force`,
  });
};

async function takeHistoryIn(databases: Databases, purchases: number): Promise<void> {
  const { database } = databases;
  const { references } = createServices(databases);
  const tokens = Array.from({ length: MEMBERS }, (_, index) => `history-card-${String(index).padStart(6, '0')}`);
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
  for (let taken = 0; taken < purchases; taken += BATCH) {
    const commands = Array.from({ length: BATCH }, (_, index) => purchase(taken + index, purchases, tokens));
    await database.command((tx) => processBatch(tx, references, programmeNo, commands));
  }
}

/** A stable spread of members, merchants, days and amounts; every tenth purchase is at no partner. */
function purchase(index: number, purchases: number, tokens: readonly string[]): SubmitCommand {
  const businessDate = addDays(FIRST_DAY, Math.floor((index * DAYS) / purchases));
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
