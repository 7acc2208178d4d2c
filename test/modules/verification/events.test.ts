/** One row of the outbox is corrupted behind the product's back, and `verifyLedger` names it: I17. */
import { EventRelay } from '../../../src/modules/events/index.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { type Corruption, findingsAfter } from '../../support/corruption.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { confirm, type Earned, earn, openLedgerFixture } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

let db: TestDatabase;
let earned: Earned;

beforeAll(async () => {
  db = await openTestDatabase();
  const demo = await openLedgerFixture(db);
  const [member] = demo.members as [number];
  earned = await earn(db, demo, member, [{ funderNo: demo.m1, units: 100n }]);
  await confirm(db, demo, earned);
  const command = { programmeCode: 'demo', idempotencyKey: 'all' };
  const settled = await new SettlementService(db.database).closeAndSettle(admin(), command);
  if (!settled.ok) throw new Error(settled.failure.message);
  await new EventRelay(db.database).run();
  await earn(db, demo, member, [{ funderNo: demo.m1, units: 5n }]);
});
afterAll(() => db.close());

const afterwards = async (...corruptions: Corruption[]): Promise<string[]> =>
  (await findingsAfter(db, corruptions)).filter((finding) => finding.startsWith('I17'));
const one = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>> =>
  (await db.superuser.query(sql, values)).rows[0] as Record<string, unknown>;

test('an outbox that nobody touched holds, numbered or not yet', async () => {
  const i17 = (await db.database.command((tx) => verifyLedger(tx))).find(({ invariant }) => invariant === 'I17');
  expect(i17?.findings).toEqual([]);
  expect(i17?.sentence).toMatch(/^what happened is told by \d+ events in the outbox, each once,/);
});

test('a message whose event is gone, or that is told twice', async () => {
  const { id } = await one('select id from transaction_source where transaction_id = $1', earned.transactionId);
  const named = `I17 transaction_source id=${id} member_no=${earned.memberNo}`;
  expect(await afterwards(['update event set cause_id = null where cause_id = $1', id])).toEqual([named]);
  const again = `insert into event (id, type, programme_no, ordering_key, member_no, partner_nos, audience, cause_id)
                 select gen_random_uuid(), type, programme_no, ordering_key, member_no, partner_nos, audience, cause_id from event where cause_id = $1`;
  expect(await afterwards([again, id])).toEqual([named]);
});

test('a window and a settlement of which nothing tells', async () => {
  for (const [type, table] of [
    ['window.closed', 'settlement_window'],
    ['settlement.issued', 'settlement'],
  ] as const) {
    const { id } = await one('select subject_id as id from event where type = $1', type);
    expect(await afterwards(['update event set type = $2 where subject_id = $1', id, 'balance.changed'])).toEqual([
      `I17 ${table} id=${id}`,
    ]);
  }
});

test('a consent, a claim and a client of which nothing tells', async () => {
  const id = '0190a000-0000-7000-8000-00000000c0de';
  const { memberNo } = earned;
  const consent = `insert into consent_receipt (id, member_no, purpose, version, state, recorded_at, recorded_by, channel)
                   values ($1, $2, 'MARKETING', 1, 'WITHDRAWN', hansa_now(), 'nobody', 'APP')`;
  expect(await afterwards([consent, id, memberNo])).toEqual([`I17 consent_receipt id=${id}`]);
  const claim = `insert into purchase_claim (id, programme_no, member_no, partner_no, amount_minor, bought_at, business_date,
                   receipt, state, opened_by, opened_at, decide_by)
                 values ($1, $2, $3, $4, 1, hansa_now(), '2026-03-01', '7', 'OPEN', 'nobody', hansa_now(), '2026-04-01')`;
  expect(await afterwards([claim, id, 1, memberNo, 1])).toEqual([`I17 purchase_claim id=${id}`]);
  const client = `insert into api_client (id, name, kind, scopes, registered_by, registered_at)
                  values ($1, 'x', 'ADMIN', '{members:read}', 'nobody', hansa_now())`;
  expect(await afterwards([client, id])).toEqual([`I17 api_client id=${id}`]);
});

test('a balance that moved without a word', async () => {
  const { position } = await one(`select position from event where type = 'balance.changed' order by position limit 1`);
  expect(await afterwards([`update event set type = 'member.enrolled' where position = $1`, position])).toEqual([
    `I17 member_balance member_no=${earned.memberNo}`,
  ]);
});

test('events of a member that do not follow what happened', async () => {
  const { a, b } = await one(
    `select min(position) as a, max(position) as b from event where member_no = $1 and number is not null`,
    earned.memberNo,
  );
  const { rows } = await db.superuser.query(
    'select position, number from event where position in ($1, $2) order by 1',
    [a, b],
  );
  const swapped = await afterwards(
    ['update event set number = -1 where position = $1', a],
    ['update event set number = $2 where position = $1', b, rows[0].number],
    ['update event set number = $2 where position = $1', a, rows[1].number],
  );
  expect(swapped.length).toBeGreaterThan(0);
  for (const finding of swapped) expect(finding).toMatch(/^I17 event position=\d+$/);
});

test('a number that is missing, and one above the last', async () => {
  const { position, number } = await one(
    'select position, number from event where number = (select max(number) from event)',
  );
  expect(await afterwards(['update event set number = number + 1 where position = $1', position])).toEqual([
    `I17 event position=${position}`,
    'I17 event_head singleton=t',
  ]);
  const { position: next } = await one('select position from event where number = 2');
  expect(await afterwards(['delete from event where number = 1'])).not.toContain(`I17 event position=${next}`);
  expect(number).not.toBeNull();
});

test('a delivery that nobody would send, one that would overtake, and one whose event is gone', async () => {
  const waiting = (order: string, next: string): Corruption => [
    `insert into webhook_delivery (endpoint_no, number, ordering_key, next_at) select no, ${order}, 'member/1', ${next} from webhook_endpoint`,
  ];
  const endpoint: Corruption = [
    `insert into webhook_endpoint (no, id, url, event_types, status_at, created_by, created_at, cursor)
     values (7, gen_random_uuid(), 'https://hooks.example/', '{}', now(), 'somebody', now(), 3)`,
  ];
  expect(await afterwards(endpoint, waiting('1', 'now()'), waiting('2', 'null'))).toEqual([]);
  for (const [first, second, named] of [
    ['null', 'null', 1],
    ['now()', 'now()', 2],
  ] as const) {
    expect(await afterwards(endpoint, waiting('1', first), waiting('2', second))).toEqual([
      `I17 webhook_delivery endpoint_no=7 number=${named}`,
    ]);
  }
  expect(await afterwards(endpoint, waiting('-5', 'now()'))).toEqual(['I17 webhook_delivery endpoint_no=7 number=-5']);
  expect(await afterwards(endpoint, waiting('4', 'now()'))).toEqual(['I17 webhook_delivery endpoint_no=7 number=4']);
});
