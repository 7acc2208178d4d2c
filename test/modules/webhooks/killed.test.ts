/**
 * The process that sends is killed in the middle: another one sends what was not settled, and nothing is lost or out of
 * order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createOutbound } from '../../../src/infrastructure/outbound/index.js';
import { EventRelay, recordEvents } from '../../../src/modules/events/index.js';
import { WebhookDispatcher, WebhookService } from '../../../src/modules/webhooks/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { admin } from '../../support/principals.js';
import { Receiver } from '../../support/receiver.js';

const KEYS = 20;
const EACH = 10;
const outbound = createOutbound({ allowLoopback: true });
let db: TestDatabase;
let receiver: Receiver;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  db = await openTestDatabase();
  receiver = await Receiver.open();
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await receiver.close();
  await outbound.close();
  await db.close();
});

it('loses nothing when it is killed again and again', async () => {
  const made = await new WebhookService(db.database, outbound).create(admin(), { url: receiver.url, eventTypes: [] });
  if (!made.ok) throw new Error(made.failure.message);
  receiver.secrets.push(made.value.secret);
  await db.database.command(async (tx) => {
    const numbers = Array.from({ length: KEYS * EACH }, (_, index) => (index % KEYS) + 1);
    const type = 'contract.agreed' as const;
    recordEvents(
      tx,
      numbers.map((no) => ({ type, programmeNo: 0, partnerNos: [no], subjectId: randomUUID() })),
    );
  });
  await new EventRelay(db.database).run();
  for (let kill = 1; kill <= 2; kill += 1) {
    const already = receiver.taken.length;
    // It is in the middle of a round when it dies: some are taken, some are on their way, nothing is settled.
    receiver.behaviour = () => (receiver.taken.length < already + 10 ? undefined : 'HANG');
    worker = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../support/webhook-worker.js'), db.urls.writer, db.urls.reader],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const ended = new Promise((resolve) => worker?.once('exit', resolve));
    while (receiver.taken.length < already + 10 && worker.exitCode === null) await delay(5);
    expect(worker.exitCode).toBeNull();
    worker.kill('SIGKILL');
    await ended;
    await db.superuser.query('update webhook_endpoint set leased_until = hansa_now()'); // its minute passes
  }
  receiver.behaviour = () => undefined;
  await new WebhookDispatcher(db.database, outbound).run();
  expect(receiver.taken.length).toBe(KEYS * EACH + 20);
  const { rows } = await db.superuser.query<{ ordering_key: string; ids: string[] }>(
    'select ordering_key, array_agg(id::text order by position) as ids from event group by 1 order by 1',
  );
  expect(rows).toHaveLength(KEYS);
  for (const { ids } of rows) {
    expect(ids).toHaveLength(EACH);
    expect(receiver.orderOf(ids)).toEqual(ids);
  }
  expect(receiver.taken.every(({ verifiedBy }) => verifiedBy === 0)).toBe(true);
  const { rowCount } = await db.superuser.query('select from webhook_delivery');
  expect(rowCount).toBe(0);
}, 60_000);
