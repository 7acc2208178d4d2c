/** Windows that are digested while they are open come to the same as windows that are not. */
import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';
import { accrualEntry } from '../../../src/domain/ledger/rewards.js';
import { openWindows, recordEntries, WindowParts } from '../../../src/modules/ledger/index.js';
import { WINDOW_DIGESTS } from '../../../src/modules/ledger/window-digest.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { BUSINESS_DATE, type LedgerFixture, openLedgerFixture, shareOf } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

let db: TestDatabase;
let service: SettlementService;
let demo: LedgerFixture;
let parts: WindowParts;
beforeAll(async () => {
  db = await openTestDatabase();
  service = new SettlementService(db.database);
});
afterAll(() => db.close());
beforeEach(async () => {
  demo = await openLedgerFixture(db, `parts-${v7()}`);
  parts = new WindowParts(db.database);
});

const SMALL = { smallest: 2, largest: 5 };

/** A test of another file may have an older transaction on the same server; it ends soon. */
async function digest(): Promise<void> {
  while ((await parts.digest(SMALL)) === undefined) await delay(5);
}

const record = (count: number): Promise<unknown> =>
  db.database.command(async (tx) => {
    const { now, windows } = await openWindows(tx, [demo.programmeNo]);
    const window = windows.get(demo.programmeNo);
    if (window === undefined) throw new Error('there is an open window');
    const shares = [shareOf({ funderNo: demo.m1, units: 45n }), shareOf({ funderNo: demo.bank, units: 10n })];
    const memberNo = demo.members[0] as number;
    return recordEntries(
      tx,
      window,
      now,
      Array.from({ length: count }, () => accrualEntry({ memberNo, businessDate: BUSINESS_DATE, shares })),
    );
  });

async function close() {
  const closed = await service.closeWindow(admin(), { programmeCode: demo.programmeCode, idempotencyKey: v7() });
  if (!closed.ok) throw new Error(closed.failure.message);
  return closed.value;
}

const partsOf = async (windowNo: number): Promise<number[]> => {
  const { rows } = await db.superuser.query<{ entries: number }>(
    'select entry_count::int as entries from window_part where window_no = $1 order by part_no',
    [windowNo],
  );
  return rows.map(({ entries }) => entries);
};

const positionsOf = async (windowNo: number): Promise<unknown[]> => {
  const { rows } = await db.superuser.query(
    'select party_no, net_minor, gross_minor from window_position where window_no = $1 order by 1',
    [windowNo],
  );
  return rows;
};

const recomputed = async (windowNo: number): Promise<object | undefined> => {
  const { rows } = await db.superuser.query<object>(`select * from (${WINDOW_DIGESTS}) d`, [[windowNo]]);
  return rows[0];
};

test('a closed window is its parts and the rest, and recomputing it from its entries says the same', async () => {
  await record(12);
  await digest();
  await record(4);
  const window = await close();
  expect(await partsOf(window.no)).toEqual([5, 5, 2]);
  expect(window).toMatchObject({ entryCount: 16n });
  expect(await recomputed(window.no)).toEqual({
    window_no: window.no,
    entry_count: String(window.entryCount),
    posting_count: String(window.postingCount),
    debit_sum: window.debitSum,
    digest: window.digest,
  });
});

test('partners come to the same with parts and without, also those who appear in one part alone', async () => {
  await record(6);
  const whole = await close();
  await record(2);
  await digest();
  await record(2);
  await digest();
  await record(2);
  const inParts = await close();
  expect(await partsOf(whole.no)).toEqual([]);
  expect(await partsOf(inParts.no)).toEqual([2, 2]);
  expect(await positionsOf(inParts.no)).toEqual(await positionsOf(whole.no));
  expect(await positionsOf(whole.no)).not.toEqual([]);
  expect(inParts).toMatchObject({ postingCount: whole.postingCount, debitSum: whole.debitSum });
});

test('a window whose parts hold all of it has an empty rest', async () => {
  await record(5);
  await digest();
  const window = await close();
  expect(await partsOf(window.no)).toEqual([5]);
  expect(await recomputed(window.no)).toMatchObject({ digest: window.digest, entry_count: '5' });
});

test('nothing is digested that somebody who is still recording could come among', async () => {
  await record(3);
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let begun = (): void => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = db.database.command(async (tx) => {
    const { now, windows } = await openWindows(tx, [demo.programmeNo]);
    const window = windows.get(demo.programmeNo);
    if (window === undefined) throw new Error('there is an open window');
    const shares = [shareOf({ funderNo: demo.m1, units: 45n })];
    const entry = accrualEntry({ memberNo: demo.members[1] as number, businessDate: BUSINESS_DATE, shares });
    await recordEntries(tx, window, now, [entry]);
    begun();
    await finished;
  });
  await hasBegun;
  expect(await parts.digest(SMALL)).toBeUndefined();
  finish();
  await slow;
  await digest();
  const window = await close();
  expect(await partsOf(window.no)).toEqual([4]);
});

test('few entries wait for the close, and each window begins after the ones before', async () => {
  await record(1);
  await digest();
  const before = await close();
  await record(4);
  await digest();
  const after = await close();
  expect([await partsOf(before.no), await partsOf(after.no)]).toEqual([[], [4]]);
});

test('what is changed after its part was digested is found', async () => {
  await record(5);
  await digest();
  await db.superuser.query('set session_replication_role = replica');
  await db.superuser.query(
    `update journal_entry set business_date = business_date + 1 where (no, member_no) = (
       select no, member_no from journal_entry where programme_no = $1 order by no limit 1)`,
    [demo.programmeNo],
  );
  await db.superuser.query('set session_replication_role = origin');
  await record(3);
  const { no } = await close();
  const verified = await db.database.command((tx) => verifyLedger(tx, { programmeNo: demo.programmeNo }));
  const found = verified.find(({ invariant }) => invariant === 'I8')?.findings ?? [];
  expect(found).toMatchObject([{ message: expect.stringMatching(new RegExp(`Window ${no} .* the digest differs`)) }]);
});
