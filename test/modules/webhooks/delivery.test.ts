/** Sending to a receiver that fails, hangs, comes back and dies: nothing is lost, and each member's events come in order. */
import { randomUUID } from 'node:crypto';
import { createOutbound, type Outbound } from '../../../src/infrastructure/outbound/index.js';
import { EventRelay, recordEvents } from '../../../src/modules/events/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { forgetOld, WebhookDispatcher, WebhookService } from '../../../src/modules/webhooks/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { type LedgerFixture, openLedgerFixture } from '../../support/ledger-fixture.js';
import { admin, partner } from '../../support/principals.js';
import { Receiver } from '../../support/receiver.js';

let db: TestDatabase;
let demo: LedgerFixture;
let outbound: Outbound;
let service: WebhookService;
let dispatcher: WebhookDispatcher;
const receivers: Receiver[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  outbound = createOutbound({ allowLoopback: true });
  service = new WebhookService(db.database, outbound);
  dispatcher = new WebhookDispatcher(db.database, outbound, { chance: () => 0 });
});
afterEach(async () => {
  await db.superuser.query('delete from webhook_endpoint');
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});
afterAll(async () => {
  await outbound.close();
  await db.close();
});

const done = <T>(result: { ok: true; value: T } | { ok: false; failure: { message: string } }): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

/** A receiver of the programme's own, unless a partner is named. */
async function hook(partnerNo?: number, eventTypes: readonly string[] = []) {
  const receiver = await Receiver.open();
  receivers.push(receiver);
  const owner = partnerNo === undefined ? admin() : partner(partnerNo);
  const command = { url: receiver.url, eventTypes: eventTypes as never };
  const { id, secret } = done(await service.create(owner, command));
  receiver.secrets.push(secret);
  return { receiver, id };
}

/** Something happens to a member, told to a partner. */
async function happen(memberNo: number, times = 1, partnerNo = demo.m1): Promise<void> {
  await db.database.command(async (tx) => {
    const { programmeNo } = demo;
    const events = Array.from({ length: times }, () => ({
      type: 'transaction.recorded' as const,
      programmeNo,
      memberNo,
      partnerNos: [partnerNo],
      subjectId: randomUUID(),
    }));
    recordEvents(tx, events);
  });
  await new EventRelay(db.database).run();
}

/** The ids of a member's events in the order in which they happened, above a number. */
async function idsOf(memberNo: number, after = 0n): Promise<string[]> {
  const { rows } = await db.superuser.query<{ id: string }>(
    'select id from event where member_no = $1 and number > $2 order by position',
    [memberNo, after],
  );
  return rows.map(({ id }) => id);
}

const head = async (): Promise<bigint> =>
  BigInt((await db.superuser.query<{ n: string }>('select last_number::text as n from event_head')).rows[0]?.n ?? 0);

/** Time passes, as far as what waits can tell. */
const pass = (hours: number): Promise<unknown> =>
  db.superuser.query(
    `with d as (update webhook_delivery set next_at = next_at - make_interval(hours => $1) where next_at is not null)
     update webhook_endpoint set rests_until = rests_until - make_interval(hours => $1),
       failing_since = failing_since - make_interval(hours => $1), leased_until = leased_until - make_interval(hours => $1)`,
    [hours],
  );

const standing = async (id: string): Promise<Record<string, unknown>> => {
  const { rows } = await db.superuser.query(
    `select e.status, e.status_reason as reason,
            (select count(*)::integer from webhook_delivery d where d.endpoint_no = e.no and d.state = 'WAITING') as waiting
     from webhook_endpoint e where e.id = $1`,
    [id],
  );
  return rows[0] as Record<string, unknown>;
};

test('a receiver gets what happens from its making on, signed, in order of each member', async () => {
  const [a, b] = demo.members as [number, number];
  await happen(a);
  const before = await head();
  const { receiver } = await hook();
  await happen(a, 30);
  await happen(b, 30);
  await happen(a, 3);
  await dispatcher.run();
  for (const no of [a, b]) {
    const ids = await idsOf(no, before);
    expect(receiver.orderOf(ids)).toEqual(ids);
  }
  expect(receiver.taken).toHaveLength(63);
  expect(receiver.taken.every(({ verifiedBy }) => verifiedBy === 0)).toBe(true);
  expect(Object.keys(receiver.taken[0]?.data ?? {}).sort()).toEqual([
    'cursor',
    'memberId',
    'programmeCode',
    'transactionId',
  ]);
});

test('one that fails at random and comes back loses nothing and sees every member in order', async () => {
  const before = await head();
  const { receiver, id } = await hook();
  let turn = 0;
  receiver.behaviour = () => {
    turn += 1;
    return turn % 3 === 0 ? { status: [500, 404, 302, 429][turn % 4] as number } : undefined;
  };
  for (const no of demo.members) await happen(no, 12);
  await dispatcher.run();
  for (let tries = 0; (await standing(id)).waiting !== 0 && tries < 200; tries += 1) {
    await pass(1);
    await dispatcher.run();
  }
  for (const no of demo.members) {
    const ids = await idsOf(no, before);
    expect(receiver.orderOf(ids)).toEqual(ids);
  }
  expect(receiver.seen.length).toBeGreaterThan(receiver.taken.length);
});

test('the next event of a member waits for the one that fails; others do not wait', async () => {
  const [a, b] = demo.members as [number, number];
  const before = await head();
  const { receiver } = await hook();
  await happen(a, 2);
  await happen(b, 2);
  const first = await idsOf(a, before);
  receiver.behaviour = ({ id }) => (id === first[0] ? { status: 503 } : undefined);
  await dispatcher.run();
  expect(receiver.orderOf(first)).toEqual([]);
  const other = await idsOf(b, before);
  expect(receiver.orderOf(other)).toEqual(other);
  receiver.behaviour = () => undefined;
  await dispatcher.run();
  expect(receiver.orderOf(first)).toEqual([]);
  await pass(1);
  await dispatcher.run();
  expect(receiver.orderOf(first)).toEqual(first);
});

test('a receiver that is back gets at once what waited for later', async () => {
  const [a, b] = demo.members as [number, number];
  const before = await head();
  const { receiver } = await hook();
  receiver.behaviour = () => ({ status: 500 });
  await happen(a);
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await dispatcher.run();
    await pass(3);
  }
  await happen(b);
  await db.superuser.query(`update webhook_delivery set next_at = hansa_now() + interval '9 hours' where attempts > 0`);
  receiver.behaviour = () => undefined;
  await dispatcher.run();
  const ids = await idsOf(a, before);
  expect(receiver.orderOf(ids)).toEqual(ids);
});

test('Retry-After is honoured', async () => {
  const [a] = demo.members as [number];
  const { receiver } = await hook();
  receiver.behaviour = () => ({ status: 429, headers: { 'retry-after': '36000' } });
  await happen(a);
  await dispatcher.run();
  receiver.behaviour = () => undefined;
  await pass(9);
  await dispatcher.run();
  expect(receiver.taken).toHaveLength(0);
  await pass(2);
  await dispatcher.run();
  expect(receiver.taken).toHaveLength(1);
});

test('one that hangs keeps nobody else waiting, and is tried again', async () => {
  const [a] = demo.members as [number];
  const slow = await hook();
  const quick = await hook(demo.m1);
  slow.receiver.behaviour = () => 'HANG';
  await happen(a, 5);
  const ending = new AbortController();
  const running = dispatcher.run(ending.signal);
  while (slow.receiver.seen.length === 0 || quick.receiver.taken.length < 5)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await happen(a, 5);
  while (quick.receiver.taken.length < 10) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(slow.receiver.taken).toHaveLength(0);
  ending.abort(); // the process stops: nothing is settled, so everything is sent again
  await running;
  slow.receiver.behaviour = () => undefined;
  await dispatcher.run();
  expect(slow.receiver.taken).toHaveLength(10);
});

test('one that hangs holds its places for one time-out, whatever waits for it', async () => {
  const { receiver, id } = await hook();
  receiver.behaviour = () => 'HANG';
  await db.database.command(async (tx) => {
    const all = Array.from({ length: 40 }, (_, no) => ({
      type: 'partner.onboarded' as const,
      programmeNo: 0,
      partnerNos: [no],
    }));
    recordEvents(tx, all);
  });
  await new EventRelay(db.database).run();
  await new WebhookDispatcher(db.database, outbound, { timeoutMs: 100, roundMs: 50 }).run();
  expect(receiver.seen).toHaveLength(8);
  const { rows } = await db.superuser.query('select fault, count(*)::integer as count from webhook_attempt group by 1');
  expect(rows).toEqual([{ fault: 'TIMED_OUT', count: 8 }]);
  expect(await standing(id)).toMatchObject({ status: 'ACTIVE', waiting: 40 });
});

test('a worker that dies between sending and settling: another one sends again, with the same ids, in order', async () => {
  const [a] = demo.members as [number];
  const before = await head();
  const { receiver, id } = await hook();
  await happen(a, 3);
  // What the dead one leaves: dealt out, leased, sent, not settled.
  receiver.behaviour = (_, response) => {
    response.destroy();
    return 'HANG';
  };
  await dispatcher.run();
  await db.superuser.query(
    `update webhook_endpoint set lease = gen_random_uuid(), leased_until = hansa_now() + interval '1 minute', rests_until = null`,
  );
  receiver.behaviour = () => undefined;
  await pass(0);
  await dispatcher.run();
  expect(receiver.taken).toHaveLength(0);
  await pass(1);
  await dispatcher.run();
  const ids = await idsOf(a, before);
  expect(receiver.orderOf(ids)).toEqual(ids);
  expect(receiver.seen[0]?.id).toBe(ids[0]);
  expect(await standing(id)).toMatchObject({ waiting: 0 });
});

test('two workers share the work: nothing twice, nothing out of order', async () => {
  const before = await head();
  const hooks = [await hook(), await hook(demo.m1), await hook(demo.m1)];
  for (const no of demo.members) await happen(no, 20);
  const workers = [dispatcher, new WebhookDispatcher(db.database, outbound, { chance: () => 0 })];
  await Promise.all(workers.map((worker) => worker.run()));
  for (const { receiver } of hooks) {
    expect(receiver.seen).toHaveLength(20 * demo.members.length);
    for (const no of demo.members) {
      const ids = await idsOf(no, before);
      expect(receiver.orderOf(ids)).toEqual(ids);
    }
  }
});

test('over a rotation of secrets every message verifies by the old one and by the new one; then by the new one alone', async () => {
  const [a] = demo.members as [number];
  const { receiver, id } = await hook();
  const rotated = done(await service.rotateSecret(admin(), id, 1));
  await happen(a);
  await dispatcher.run();
  expect(receiver.taken[0]).toMatchObject({ signatures: 2, verifiedBy: 0 });
  receiver.secrets.splice(0, 1, rotated.secret);
  await happen(a);
  await dispatcher.run();
  expect(receiver.taken[1]).toMatchObject({ signatures: 2, verifiedBy: 0 });
  await db.superuser.query(`update webhook_secret set expires_at = expires_at - interval '2 hours'`);
  await happen(a);
  await dispatcher.run();
  expect(receiver.taken[2]).toMatchObject({ signatures: 1, verifiedBy: 0 });
  const { rows } = await db.superuser.query('select sealed from webhook_secret');
  for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toContain('whsec_');
});

test('410 disables, and who owns the endpoint is told; resuming goes on where it was left', async () => {
  const [a] = demo.members as [number];
  const { receiver, id } = await hook(demo.m1);
  receiver.behaviour = () => ({ status: 410 });
  await happen(a, 2);
  await dispatcher.run();
  expect(await standing(id)).toMatchObject({ status: 'DISABLED', reason: 'GONE' });
  const { rows } = await db.superuser.query(
    `select partner_nos from event where type = 'webhook.paused' and subject_id = $1`,
    [id],
  );
  expect(rows).toEqual([{ partner_nos: [demo.m1] }]);
  await happen(a);
  await pass(100);
  await dispatcher.run();
  expect(receiver.seen).toHaveLength(1);
  receiver.behaviour = () => undefined;
  done(await service.resume(partner(demo.m1), id));
  await dispatcher.run();
  expect(receiver.taken.filter(({ type }) => type === 'transaction.recorded')).toHaveLength(3);
});

test('one that takes nothing for three days is paused before anything is given up, and loses nothing', async () => {
  const [a] = demo.members as [number];
  const before = await head();
  const { receiver, id } = await hook();
  receiver.behaviour = () => ({ status: 500 });
  await happen(a, 4);
  for (let hours = 0; hours < 96; hours += 3) {
    await dispatcher.run();
    await pass(3);
  }
  expect(await standing(id)).toMatchObject({ status: 'PAUSED', reason: 'FAILING', waiting: 4 });
  receiver.behaviour = () => undefined;
  await happen(a, 2);
  await dispatcher.run();
  expect(receiver.taken).toHaveLength(0);
  done(await service.resume(admin(), id));
  await dispatcher.run();
  const ids = await idsOf(a, before);
  expect(receiver.orderOf(ids)).toEqual(ids);
});

test('an event that alone fails is given up after days, and the next of its member follows', async () => {
  const [a, b] = demo.members as [number, number];
  const before = await head();
  const { receiver, id } = await hook();
  await happen(a, 2);
  const ids = await idsOf(a, before);
  receiver.behaviour = (message) => (message.id === ids[0] ? { status: 400 } : undefined);
  for (let tries = 0; tries < 12; tries += 1) {
    await happen(b);
    await dispatcher.run();
    await pass(25);
  }
  expect(receiver.orderOf(ids)).toEqual(ids.slice(1));
  const { rows } = await db.superuser.query(`select attempt, status from webhook_attempt where outcome = 'GIVEN_UP'`);
  expect(rows).toEqual([{ attempt: 10, status: 400 }]);
  expect(await standing(id)).toMatchObject({ status: 'ACTIVE', waiting: 0 });
});

test('a replay sends everything after a cursor again, in order and with the same ids', async () => {
  const [a] = demo.members as [number];
  const { receiver, id } = await hook();
  const before = await head();
  await happen(a, 6);
  await dispatcher.run();
  const ids = await idsOf(a, before);
  done(await service.replay(admin(), id, before + 2n));
  await dispatcher.run();
  expect(receiver.seen.map((message) => message.id)).toEqual([...ids, ...ids.slice(2)]);
});

test('a partner hears what is told to it and no more, and only the types it has asked for', async () => {
  const [a] = demo.members as [number];
  const mine = await hook(demo.m1);
  const others = await hook(demo.m2);
  const closings = await hook(demo.m1, ['window.closed']);
  await happen(a, 1, demo.m1);
  await db.database.command(async (tx) =>
    recordEvents(tx, [
      { type: 'balance.changed', programmeNo: demo.programmeNo, memberNo: a },
      { type: 'window.closed', programmeNo: demo.programmeNo },
    ]),
  );
  await new EventRelay(db.database).run();
  await dispatcher.run();
  const types = ({ receiver }: { receiver: Receiver }): string[] => receiver.taken.map(({ type }) => type).sort();
  expect(types(mine)).toEqual(['transaction.recorded', 'window.closed']);
  expect(types(others)).toEqual(['window.closed']);
  expect(types(closings)).toEqual(['window.closed']);
});

test('a name that leads elsewhere since the endpoint was made is not called', async () => {
  const [a] = demo.members as [number];
  const { id } = await hook();
  let addresses = ['93.184.216.34'];
  const moving = createOutbound({ allowLoopback: false, resolve: async () => addresses });
  const command = { endpointId: id, url: 'https://hooks.example/' };
  done(await new WebhookService(db.database, moving).update(admin(), command));
  addresses = ['169.254.169.254'];
  await happen(a);
  await new WebhookDispatcher(db.database, moving, { chance: () => 0 }).run();
  await moving.close();
  const { rows } = await db.superuser.query('select outcome, status, fault from webhook_attempt');
  expect(rows).toEqual([{ outcome: 'FAILED', status: null, fault: 'ADDRESS_REFUSED' }]);
});

test('old events are forgotten when nobody waits for them, and not before', async () => {
  const [a] = demo.members as [number];
  const { receiver, id } = await hook();
  await happen(a, 3);
  done(await service.pause(admin(), id));
  await db.superuser.query(`update event set recorded_at = recorded_at - interval '40 days'`);
  await forgetOld(db.database, 30);
  await dispatcher.run();
  expect(receiver.taken).toHaveLength(0);
  done(await service.resume(admin(), id));
  await dispatcher.run();
  expect(receiver.taken).toHaveLength(3);
  expect(await forgetOld(db.database, 30)).toBeGreaterThanOrEqual(3);
  expect((await db.superuser.query('select from event')).rowCount).toBe(0);
  await happen(a);
  await dispatcher.run();
  expect(receiver.taken).toHaveLength(4);
  const i17 = (await db.database.command((tx) => verifyLedger(tx))).find(({ invariant }) => invariant === 'I17');
  expect(i17?.findings).toEqual([]);
});
