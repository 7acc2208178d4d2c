/**
 * The fence under fire: windows are closed while writers record. With it no closed window ever changes; the
 * same writers without it prove that the test would notice.
 */
import { v7 } from 'uuid';
import { accrualEntry } from '../../../src/domain/ledger/rewards.js';
import { type DbTransaction, statement } from '../../../src/infrastructure/db/database.js';
import { type OpenWindow, openWindows, recordEntries, WindowParts } from '../../../src/modules/ledger/index.js';
import { WINDOW_DIGESTS } from '../../../src/modules/ledger/window-digest.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { BUSINESS_DATE, type LedgerFixture, openLedgerFixture, shareOf } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

const WRITERS = 3;
const BATCH = 50;
const CLOSES = 34;
/** Between two closes, so that each window gets something. */
const PAUSE_MS = 30;

let db: TestDatabase;
let service: SettlementService;
beforeAll(async () => {
  db = await openTestDatabase();
  service = new SettlementService(db.database);
});
afterAll(() => db.close());

type Enter = (tx: DbTransaction, programmeNo: number) => Promise<{ now: Date; window: OpenWindow }>;

const throughFence: Enter = async (tx, programmeNo) => {
  const { now, windows } = await openWindows(tx, [programmeNo]);
  return { now, window: windows.get(programmeNo) as OpenWindow };
};

const READ_WINDOW = statement(
  'test.read-open-window',
  `select w.no, w.programme_no as "programmeNo", r.no as "rewardUnit", m.no as "moneyUnit", hansa_now() as now
   from settlement_window w
   join unit r on r.kind = 'REWARD' and r.programme_no = w.programme_no
   join unit m on m.kind = 'MONEY' and m.programme_no = w.programme_no
   where w.state = 'OPEN' and w.programme_no = $1`,
);
/** What a writer would do that knew nothing of the fence. */
const pastFence: Enter = async (tx, programmeNo) => {
  const [row] = await tx.run<OpenWindow & { now: Date }>(READ_WINDOW, [programmeNo]);
  const { now, ...window } = row as OpenWindow & { now: Date };
  return { now, window };
};

interface Outcome {
  readonly closed: number;
  readonly changed: number;
  readonly accrualsPerSecond: number;
  readonly entries: bigint;
  readonly parts: number;
}

async function closeUnderFire(demo: LedgerFixture, enter: Enter): Promise<Outcome> {
  let stopped = false;
  let accruals = 0;
  const write = async (writer: number): Promise<void> => {
    const memberNo = demo.members[writer] as number;
    const shares = [shareOf({ funderNo: demo.m1, units: 45n }), shareOf({ funderNo: demo.bank, units: 10n })];
    const entries = Array.from({ length: BATCH }, () =>
      accrualEntry({ memberNo, businessDate: BUSINESS_DATE, shares }),
    );
    while (!stopped) {
      await db.database.command(async (tx) => {
        const { now, window } = await enter(tx, demo.programmeNo);
        await recordEntries(tx, window, now, entries);
      });
      accruals += BATCH;
    }
  };
  // Meanwhile what lies behind is digested, in parts so small that each window gets some.
  const parts = new WindowParts(db.database);
  let made = 0;
  const digest = async (): Promise<void> => {
    while (!stopped) made += (await parts.digest({ smallest: 1, largest: 2 * BATCH })) ?? 0;
  };
  const started = performance.now();
  const writers = [digest(), ...Array.from({ length: WRITERS }, (_, writer) => write(writer))];
  const digests = new Map<number, string>();
  let entries = 0n;
  try {
    for (let close = 0; close < CLOSES; close += 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const result = await service.closeWindow(admin(), { programmeCode: demo.programmeCode, idempotencyKey: v7() });
      if (!result.ok) throw new Error(result.failure.message);
      digests.set(result.value.no, (result.value.digest as Buffer).toString('hex'));
      entries += result.value.entryCount as bigint;
    }
  } finally {
    stopped = true;
    await Promise.all(writers);
  }
  const accrualsPerSecond = (accruals / (performance.now() - started)) * 1_000;
  const { rows } = await db.superuser.query<{ window_no: number; digest: Buffer }>(
    `select window_no, digest from (${WINDOW_DIGESTS}) d`,
    [[...digests.keys()]],
  );
  const changed = rows.filter(({ window_no, digest }) => digests.get(window_no) !== digest.toString('hex')).length;
  return { closed: rows.length, changed, accrualsPerSecond, entries, parts: made };
}

test('no closed window changes while writers record more than 1,000 accruals a second', async () => {
  const outcome = await closeUnderFire(await openLedgerFixture(db, 'fenced'), throughFence);
  expect(outcome).toMatchObject({ closed: CLOSES, changed: 0 });
  expect(outcome.entries).toBeGreaterThan(0n);
  expect(outcome.parts).toBeGreaterThan(0);
  expect(outcome.accrualsPerSecond).toBeGreaterThan(1_000);
});

test('without the fence closed windows do change, and this test would see it', async () => {
  const outcome = await closeUnderFire(await openLedgerFixture(db, 'unfenced'), pastFence);
  expect(outcome.closed).toBe(CLOSES);
  expect(outcome.changed).toBeGreaterThan(0);
});
