/**
 * The past as it was told then: after every step the live balances are noted with the instant, and asked for again when
 * everything is over. The clock is moved a day before each step, so that no two share an instant.
 */
import type { Principal } from '../../../src/domain/access/principal.js';
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind, type JournalEntry } from '../../../src/domain/ledger/entry.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { TimeMachineService } from '../../../src/modules/time-machine/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  BUSINESS_DATE,
  confirm,
  earn,
  type LedgerFixture,
  openLedgerFixture,
  PROGRAMME,
  record,
  takeBack,
} from '../../support/ledger-fixture.js';
import { admin, partner } from '../../support/principals.js';

interface Noted {
  readonly at: Date;
  readonly members: readonly object[];
  readonly positions: readonly object[];
}

let db: TestDatabase;
let demo: LedgerFixture;
let service: TimeMachineService;
let began: Date;
let a: number;
let b: number;
let days = 0;
const noted: Noted[] = [];

const clock = async (): Promise<Date> => (await db.superuser.query('select hansa_now() as now')).rows[0].now;

/** Does something a day later than what was done before, and notes what holds then. */
async function step<T>(work: () => Promise<T>): Promise<T> {
  days += 1;
  await db.superuser.query('update clock_offset set shift = make_interval(days => $1)', [days]);
  const done = await work();
  noted.push({ at: await clock(), members: [await memberNow(a), await memberNow(b)], positions: await positionsNow() });
  return done;
}

async function memberNow(memberNo: number): Promise<object> {
  const { rows } = await db.superuser.query(
    `select pending_units::text, available_units::text, held_units::text, receivable_minor::text from member_balance where member_no = $1`,
    [memberNo],
  );
  return Object.values(rows[0]);
}

async function positionsNow(): Promise<object[]> {
  const { rows } = await db.superuser.query(
    `select b.party, coalesce(sum(b.balance) filter (where w.state = 'OPEN'), 0)::text as open,
            coalesce(sum(b.balance) filter (where w.state = 'CLOSED'), 0)::text as closed,
            coalesce(sum(b.balance) filter (where w.no is null), 0)::text as unpaid
     from account_balance b join partner p on p.no = b.party left join settlement_window w on w.no = b.window_no
     where b.account in (1100, 1200) group by b.party, p.code order by p.code`,
  );
  return rows.map((row) => Object.values(row));
}

async function memberThen(memberNo: number, when: { asKnownAt?: Date; effectiveOn?: string }): Promise<object> {
  const result = await service.balanceOf(admin(), memberNo, when);
  if (!result.ok) throw new Error(result.failure.message);
  const { pendingUnits, availableUnits, heldUnits, owedMinor } = result.value;
  return [pendingUnits, availableUnits, heldUnits, owedMinor].map(String);
}

async function positionsThen(
  when: { asKnownAt?: Date; effectiveOn?: string },
  principal: Principal = admin(),
): Promise<(number | string)[][]> {
  const result = await service.positionsOf(principal, demo.programmeCode, when);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value.map(({ partyNo, openMinor, closedMinor, unpaidMinor }) => [
    partyNo,
    ...[openMinor, closedMinor, unpaidMinor].map(String),
  ]);
}

const transfer = (units: bigint): JournalEntry => ({
  kind: EntryKind.TRANSFER,
  memberNo: a,
  businessDate: '2026-04-01',
  postings: [
    { book: 'REWARD', account: Account.MEMBER_AVAILABLE, party: a, amount: units },
    { book: 'REWARD', account: Account.MEMBER_AVAILABLE, party: b, amount: -units },
  ],
});

beforeAll(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  service = new TimeMachineService(db.database);
  [a, b] = demo.members as [number, number];
  await db.superuser.query(
    `insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at)
     select gen_random_uuid(), id, 1, '2026-01-01', '', '', 'test', now() from programme`,
  );
  began = await clock();
  const parts = [
    { funderNo: demo.m1, units: 5_000n },
    { funderNo: demo.bank, units: 1_000n },
    { funderNo: PROGRAMME, units: 300n },
  ];
  const settle = (idempotencyKey: string) =>
    new SettlementService(db.database).closeAndSettle(admin(), { programmeCode: 'demo', idempotencyKey });
  const first = await step(() => earn(db, demo, a, parts));
  await step(() => confirm(db, demo, first));
  await step(() => record(db, demo.programmeNo, [transfer(700n)]));
  await step(() => settle('one'));
  await step(() => takeBack(db, demo, first, [{ funderNo: demo.m1, units: 1_000n }], 'CONFIRMED'));
  const second = await step(() => earn(db, demo, b, parts));
  await step(() => confirm(db, demo, second));
  await step(() => settle('two'));
});
afterAll(() => db.close());

test('as known at an instant is what was told then, for members and for partners', async () => {
  expect(noted).toHaveLength(8);
  for (const { at, members, positions } of noted) {
    expect([await memberThen(a, { asKnownAt: at }), await memberThen(b, { asKnownAt: at })]).toEqual(members);
    expect(await positionsThen({ asKnownAt: at })).toEqual(positions);
  }
});

test('just before something was recorded nobody knew it', async () => {
  const { rows } = await db.superuser.query(`select recorded_at from journal_entry where kind = $1`, [
    EntryKind.TRANSFER,
  ]);
  const at = rows[0].recorded_at as Date;
  expect(await memberThen(b, { asKnownAt: new Date(at.getTime() - 1) })).toEqual(['0', '0', '0', '0']);
  expect(await memberThen(b, { asKnownAt: at })).toEqual(['0', '700', '0', '0']);
});

test('as effective on a day: whatever was recorded later counts on its own day', async () => {
  // Everything but the transfer and the settlements is dated BUSINESS_DATE.
  expect(await memberThen(a, { effectiveOn: BUSINESS_DATE })).toEqual(['0', '5300', '0', '0']);
  expect(await memberThen(b, { effectiveOn: BUSINESS_DATE })).toEqual(['0', '6300', '0', '0']);
  expect(await memberThen(b, { effectiveOn: '2026-04-01' })).toEqual(['0', '7000', '0', '0']);
  expect(await memberThen(b, { effectiveOn: '2026-01-30' })).toEqual(['0', '0', '0', '0']);
});

test('both: what was known at an instant about a day', async () => {
  const asKnownAt = (noted[2] as Noted).at;
  expect(await memberThen(b, { asKnownAt, effectiveOn: BUSINESS_DATE })).toEqual(['0', '0', '0', '0']);
  expect(await memberThen(b, { asKnownAt, effectiveOn: '2026-04-01' })).toEqual(['0', '700', '0', '0']);
  const settled = (noted[3] as Noted).at;
  // The charges are of BUSINESS_DATE; that they were settled is of the day of the settlement.
  const charged = (await positionsThen({ asKnownAt: settled, effectiveOn: BUSINESS_DATE })).find(
    ([no]) => no === demo.m1,
  );
  expect(charged).toEqual([demo.m1, '0', '5600', '0']);
  expect((await positionsThen({ asKnownAt: settled })).find(([no]) => no === demo.m1)).toEqual([
    demo.m1,
    '0',
    '0',
    '5600',
  ]);
});

test('a time without records is refused by name, never answered with nothing', async () => {
  const now = await clock();
  const member = async (when: object) => service.balanceOf(admin(), a, when);
  const partners = async (when: object) => service.positionsOf(admin(), 'demo', when);
  const later = { asKnownAt: new Date(now.getTime() + 3_600_000) };
  const cases: readonly [object, string][] = [
    [{}, 'WHEN_MISSING'],
    [{ asKnownAt: new Date(began.getTime() - 3_600_000) }, 'BEFORE_RECORDS'],
    [{ effectiveOn: '2025-12-31' }, 'BEFORE_RECORDS'],
    [{ asKnownAt: now, effectiveOn: '2025-12-31' }, 'BEFORE_RECORDS'],
    [later, 'IN_THE_FUTURE'],
    [{ effectiveOn: '2999-01-01' }, 'IN_THE_FUTURE'],
  ];
  for (const [when, code] of cases) {
    expect(await member(when)).toMatchObject({ ok: false, failure: { code } });
    expect(await partners(when)).toMatchObject({ ok: false, failure: { code } });
  }
  expect(await service.positionsOf(admin(), 'nowhere', { asKnownAt: now })).toMatchObject({
    ok: false,
    failure: { code: 'UNKNOWN_PROGRAMME' },
  });
});

test('a partner is told its own position alone', async () => {
  const asKnownAt = (noted[1] as Noted).at;
  expect((await positionsThen({ asKnownAt })).map(([no]) => no)).toEqual([demo.bank, demo.m1]);
  expect(await positionsThen({ asKnownAt }, partner(demo.m1))).toEqual([[demo.m1, '5600', '0', '0']]);
  expect(await positionsThen({ asKnownAt }, partner(demo.m2))).toEqual([]);
});

test('before a member was enrolled there are no records of it', async () => {
  await db.superuser.query('update member set enrolled_at = $2 where no = $1', [
    demo.members[2],
    (noted[4] as Noted).at,
  ]);
  const third = demo.members[2] as number;
  expect(await service.balanceOf(admin(), third, { asKnownAt: (noted[3] as Noted).at })).toMatchObject({
    ok: false,
    failure: { code: 'BEFORE_RECORDS' },
  });
  expect(await memberThen(third, { asKnownAt: (noted[5] as Noted).at })).toEqual(['0', '0', '0', '0']);
});
