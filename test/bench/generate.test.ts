/** What the generator makes is what the product would have made: every invariant holds for it, and members go on from there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { BANK, PROGRAMME } from '../../src/demo/cast.js';
import { GraphQLClient } from '../../src/demo/graphql-client.js';
import { playScriptedDay } from '../../src/demo/scripted-day.js';
import { type Gateway, openGateway } from '../e2e/gateway.js';
import { expectSoundLedger } from '../e2e/sound-ledger.js';
import { copyTemplate, generateMembers } from './generate.js';
import { runLoad } from './load.js';
import { codeOf } from './requests.js';
import { makeTemplate } from './template.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
beforeAll(async () => {
  const yaml = readFileSync(join(loadConfig().projectFolder, 'programmes', `${PROGRAMME}.yaml`), 'utf8');
  await playScriptedDay(gateway.edge.url, yaml, new Date(), () => undefined);
});
afterAll(() => gateway.close());

test('copies of members are as sound as their template', async () => {
  const { db, services } = gateway;
  const stage = { databases: db, services, owner: db.superuser };
  const shape = { members: 2, daysAgo: [20, 18, 3], confirmed: false };
  const busy = await makeTemplate(stage, 'busy', { ...shape, confirmed: true });
  const ripe = await makeTemplate(stage, 'ripe', shape);
  const elsewhere = await makeTemplate(stage, 'elsewhere', { ...shape, daysAgo: [2], atNoPartner: true });
  expect(elsewhere.accruals).toBe(2);
  let number = await copyTemplate(db.superuser, busy, { times: 3, firstNumber: 0 });
  number += await copyTemplate(db.superuser, ripe, { times: 2, firstNumber: number });
  const expiring = { times: 1, firstNumber: number, instead: { 'lot.expires_on': 'current_date - 1' } };
  number += await copyTemplate(db.superuser, busy, expiring);
  number += await copyTemplate(db.superuser, elsewhere, { times: 5, firstNumber: number });
  await generateMembers(db.superuser, number, number + 4);
  expect(number).toBe(22);
  await expectSoundLedger(db);
});

test('copies buy, are confirmed, and what has expired of them goes', async () => {
  const { db, edge } = gateway;
  const bank = await edge.token({ principal: 'PARTNER', partner: BANK });
  const report = await runLoad({
    ...{ kind: 'HTTP', url: edge.url, asker: 'submit', connections: 2, milliseconds: 300 },
    parameters: { token: bank, run: 'test', members: 26, instant: new Date(Date.now() - 60_000).toISOString() },
  });
  expect(report.operations).toBeGreaterThan(0);
  const admin = new GraphQLClient(edge.url, gateway.admin);
  const input = { programmeCode: PROGRAMME };
  const { accrualsConfirm } = await admin.run<{ accrualsConfirm: { confirmed: number } }>(
    'mutation ($input: AccrualsConfirmInput!) { accrualsConfirm(input: $input) { confirmed } }',
    { input },
  );
  expect(accrualsConfirm.confirmed).toBeGreaterThan(0);
  const { lotsExpire } = await admin.run<{ lotsExpire: { members: number } }>(
    'mutation ($input: LotsExpireInput!) { lotsExpire(input: $input) { members } }',
    { input },
  );
  expect(lotsExpire.members).toBe(2);
  const { member } = await admin.run<{ member: { lots: { nodes: unknown[] } } }>(
    `{ member(programmeCode: "${PROGRAMME}", code: "${codeOf(0)}") { lots(first: 20) { nodes { id } } } }`,
  );
  expect(member.lots.nodes.length).toBeGreaterThan(3);
  await expectSoundLedger(db);
});
