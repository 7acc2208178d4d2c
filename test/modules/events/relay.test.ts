/** The outbox: what commits is told once, gets its number in the order in which it happened, and wakes who listens. */
import { statement } from '../../../src/infrastructure/db/database.js';
import { EventRelay, lastNumber, readEvents, recordEvents } from '../../../src/modules/events/index.js';
import { connectTo, openTestDatabase, type TestDatabase } from '../../support/database.js';
import { type LedgerFixture, openLedgerFixture } from '../../support/ledger-fixture.js';

let db: TestDatabase;
let demo: LedgerFixture;
beforeAll(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
});
afterAll(() => db.close());

const LOCK = statement('relay-test.lock', 'select pg_advisory_xact_lock($1)');
const OWN_NUMBER = statement('relay-test.own-number', 'select pg_current_xact_id()::text');

const tell = (memberNo: number, subjectId: string) => ({
  type: 'redemption.authorised' as const,
  programmeNo: demo.programmeNo,
  memberNo,
  subjectId,
});
const uuid = (no: number): string => `0190a000-0000-7000-8000-${String(no).padStart(12, '0')}`;
const relayed = (): Promise<number> => new EventRelay(db.database).run();
const readAll = (after: bigint) => db.database.command((tx) => readEvents(tx, after, 10_000));
const nothingWaits = async (): Promise<bigint> => {
  await relayed();
  return here();
};
const here = (): Promise<bigint> => db.database.command(lastNumber);

test('what is rolled back was never told, and what commits is told once', async () => {
  const before = await nothingWaits();
  const failed = db.database.command(async (tx) => {
    recordEvents(tx, [tell(1, uuid(1))]);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  await db.database.command(async (tx) => {
    recordEvents(tx, [tell(1, uuid(2))]);
    recordEvents(tx, [tell(1, uuid(3))]);
  });
  expect(await relayed()).toBe(2);
  expect(await relayed()).toBe(0);
  const events = await readAll(before);
  expect(events.map(({ number, subjectId }) => [number, subjectId])).toEqual([
    [before + 1n, uuid(2)],
    [before + 2n, uuid(3)],
  ]);
  expect(events[0]).toMatchObject({ type: 'redemption.authorised', programmeCode: 'demo', orderingKey: 'member/1' });
});

test('a transaction that began earlier and stays open holds nobody up, and its events come later', async () => {
  const before = await nothingWaits();
  let commit = (): void => undefined;
  const open = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const slow = db.database.command(async (tx) => {
    await tx.run(OWN_NUMBER);
    recordEvents(tx, [tell(1, uuid(10))]);
    await open;
  });
  await db.database.command(async (tx) => recordEvents(tx, [tell(2, uuid(11))]));
  expect(await relayed()).toBe(1);
  commit();
  await slow;
  expect(await relayed()).toBe(1);
  expect((await readAll(before)).map(({ subjectId }) => subjectId)).toEqual([uuid(11), uuid(10)]);
});

test('per key the order is that of the locks, though transaction numbers run the other way', async () => {
  const before = await nothingWaits();
  // The first to have a transaction number is the last to get the key's lock, and another one stays open beside.
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked = (): void => undefined;
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const late = db.database.command(async (tx) => {
    await tx.run(OWN_NUMBER);
    await isLocked;
    await tx.run(LOCK, [7]);
    recordEvents(tx, [tell(7, uuid(21))]);
  });
  const early = db.database.command(async (tx) => {
    await tx.run(LOCK, [7]);
    locked();
    await relayed();
    recordEvents(tx, [tell(7, uuid(20))]);
  });
  const bystander = db.database.command(async (tx) => {
    await tx.run(OWN_NUMBER);
    await released;
  });
  await Promise.all([early, late]);
  await relayed();
  release();
  await bystander;
  expect((await readAll(before)).map(({ subjectId }) => subjectId)).toEqual([uuid(20), uuid(21)]);
});

test('what two transactions tell of one partner waits for each other, though they hold no lock together', async () => {
  const before = await nothingWaits();
  const ofPartner = (no: number) => ({
    type: 'client.revoked' as const,
    programmeNo: 0,
    partnerNos: [7],
    subjectId: uuid(no),
  });
  let commit = (): void => undefined;
  const mayCommit = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let told = (): void => undefined;
  const isTold = new Promise<void>((resolve) => {
    told = resolve;
  });
  const first = db.database.command(async (tx) => {
    recordEvents(tx, [ofPartner(40)]);
    tx.beforeCommit(() => {
      told();
      return mayCommit;
    });
  });
  await isTold;
  const second = db.database.command(async (tx) => recordEvents(tx, [ofPartner(41)]));
  const ends = Date.now() + 10_000;
  let waiting = 0;
  while (waiting === 0 && Date.now() < ends) {
    const { rows } = await db.superuser.query(
      `select from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
    waiting = rows.length;
  }
  expect(waiting).toBe(1);
  commit();
  await Promise.all([first, second]);
  await relayed();
  expect((await readAll(before)).map(({ subjectId }) => subjectId)).toEqual([uuid(40), uuid(41)]);
});

test('several relays at once number everything once, without gaps, and in order per key', async () => {
  const before = await nothingWaits();
  let writing = true;
  const relays = Array.from({ length: 3 }, async () => {
    while (writing) await relayed();
  });
  const writers = Array.from({ length: 6 }, async (_, lane) => {
    for (let turn = 0; turn < 25; turn += 1) {
      await db.database.command(async (tx) => {
        const memberNo = (lane + turn) % 3;
        await tx.run(LOCK, [memberNo]);
        recordEvents(tx, [tell(memberNo, uuid(1_000 + lane)), tell(memberNo, uuid(2_000 + lane))]);
      });
    }
  });
  await Promise.all(writers);
  writing = false;
  await Promise.all(relays);
  await relayed();
  const events = await readAll(before);
  expect(events.map(({ number }) => number)).toEqual(
    Array.from({ length: 300 }, (_, index) => before + 1n + BigInt(index)),
  );
  const { rows } = await db.superuser.query<{ count: number }>(
    `select count(*)::integer as count from (
       select position, lag(position) over (partition by ordering_key order by number) as before from event
     ) e where before > position`,
  );
  expect(rows).toEqual([{ count: 0 }]);
});

test('one notification a pass carries the last number', async () => {
  await relayed();
  const listener = await connectTo(db.urls.superuser);
  const heard: string[] = [];
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await listener.query('listen hansa_events');
  await db.database.command(async (tx) => recordEvents(tx, [tell(1, uuid(30)), tell(2, uuid(31))]));
  await relayed();
  await listener.query('select 1'); // notifications of commits before it have been received with its answer
  await listener.end();
  expect(heard).toEqual([String(await here())]);
});
