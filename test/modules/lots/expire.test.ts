/** What takes units by itself: the last day of a lot, idleness, dormancy, and the end of a programme. */
import { ForbiddenError } from '../../../src/domain/access/forbidden.js';
import { authorise, redemptionOf } from '../../../src/domain/redemption/redeem.js';
import { expireLots, LotService, type LotsExpired } from '../../../src/modules/lots/index.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { admin, partner } from '../../support/principals.js';
import { expectSoundLots, type LotsFixture, openLotsFixture } from './lots-fixture.js';

let f: LotsFixture;
afterEach(async () => {
  await expectSoundLots(f);
  await expectSoundLedger(f.db, ['I11']);
  await f.db.close();
});

const pass = async (today: string): Promise<LotsExpired> =>
  expireLots(f.db.database, { programmeNo: f.programmeNo, terms: await f.terms(today), today });
const gone = (members: number, expiredUnits = 0n, feeUnits = 0n, writtenOffUnits = 0n): LotsExpired => ({
  ...{ members, expiredUnits, feeUnits, writtenOffUnits },
});
const NOTHING = gone(0);

test('units are there on their last day and gone on the next, once, however many look', async () => {
  f = await openLotsFixture('expiry: { days: 180 }');
  await f.buy('2026-03-10', 100);
  await f.buy('2026-03-11', 100, 'b');
  await f.confirm('2026-03-25');
  expect(await pass('2026-09-19')).toEqual(NOTHING);
  expect(await pass('2026-09-20')).toEqual(gone(1, 500n));
  const at = ['2026-09-21', '2026-09-21', '2026-09-21'].map(pass);
  expect((await Promise.all(at)).map(({ expiredUnits }) => expiredUnits).toSorted()).toEqual([0n, 0n, 500n]);
  expect([await f.balance(f.members.a), await f.balance(f.members.b)]).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(
    await f.query(`select kind, business_date::text from journal_entry where kind = 15 order by business_date`),
  ).toEqual([
    { kind: 15, business_date: '2026-09-20' },
    { kind: 15, business_date: '2026-09-21' },
  ]);
});

test('what is still pending waits, and goes as soon as it is confirmed after its last day', async () => {
  f = await openLotsFixture('expiry: { days: 10, from: ACCRUAL }');
  await f.buy('2026-03-10', 100);
  expect(await pass('2026-03-21')).toEqual(NOTHING);
  await f.confirm('2026-03-24');
  expect(await pass('2026-03-24')).toEqual(gone(1, 500n));
});

test('what is held is not touched, and what the purchase gave is backed by its funders all the same', async () => {
  f = await openLotsFixture('expiry: { days: 180 }');
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  await f.change('2026-03-24', [{ memberNo: f.members.a }], (lots, terms) => {
    const wish = { id: 'e8a0a2c5-0a1f-7000-8000-000000000001', date: '2026-03-24', purchaseMinor: 10_000n };
    const { member } = authorise(lots.of(f.members.a), { ...wish, discountMinor: 0n, unitsWanted: 60n }, terms);
    expect(redemptionOf(member, wish.id).takes).toHaveLength(1);
    lots.put(f.members.a, member);
  });
  expect(await pass('2026-10-01')).toEqual(gone(1, 440n));
  expect(await f.balance()).toEqual([0, 60]);
});

test('rolling units live on with every purchase, but not with a return', async () => {
  f = await openLotsFixture('expiry: { rolling: 100 }');
  await f.buy('2026-01-01', 100);
  await f.buy('2026-03-01', 200);
  await f.confirm('2026-03-15');
  expect(
    await f.query(`select last_activity_on::text as day from member_balance where last_activity_on is not null`),
  ).toEqual([{ day: '2026-03-01' }]);
  expect(await pass('2026-06-08')).toEqual(NOTHING);
  await f.buy('2026-06-01', 1);
  await f.confirm('2026-06-08');
  expect(await pass('2026-06-09')).toEqual(NOTHING);
  expect(await pass('2026-09-08')).toEqual(NOTHING);
  await f.confirm('2026-09-08');
  expect(await pass('2026-09-09')).toEqual(gone(1, 1_505n));
  expect(await pass('2026-09-09')).toEqual(NOTHING);
});

test('a dormancy fee is taken every month from the day after, never twice and never below zero', async () => {
  f = await openLotsFixture('dormancy: { afterDays: 90, fee: 299 }');
  await f.buy('2025-11-01', 100);
  await f.confirm('2025-11-15');
  expect(await pass('2026-01-30')).toEqual(NOTHING);
  expect(await pass('2026-01-31')).toEqual(gone(1, 0n, 299n));
  expect(await pass('2026-02-27')).toEqual(NOTHING);
  expect(
    await f.query('select fees_taken_to::text as day from member_balance where fees_taken_to is not null'),
  ).toEqual([{ day: '2026-01-31' }]);
  // The last day of a shorter month.
  expect(await pass('2026-02-28')).toEqual(gone(1, 0n, 201n));
  expect(await f.balance()).toEqual([0, 0]);
  expect(await pass('2026-03-31')).toEqual(NOTHING);
});

test('fees that were missed are caught up with, and a purchase stops them', async () => {
  f = await openLotsFixture('dormancy: { afterDays: 30, fee: 10 }');
  await f.buy('2026-01-01', 100);
  await f.confirm('2026-01-15');
  expect(await pass('2026-05-10')).toEqual(gone(1, 0n, 40n));
  await f.buy('2026-05-09', 1);
  expect(await pass('2026-06-08')).toEqual(NOTHING);
  expect(await pass('2026-06-09')).toEqual(gone(1, 0n, 10n));
});

test('after the last day of a programme what is available is written off, and what is pending when it has come', async () => {
  f = await openLotsFixture('windDown: { earningEnds: 2026-07-01, redemptionUntil: 2026-09-30 }');
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  await f.buy('2026-06-20', 10, 'b');
  expect(await pass('2026-09-30')).toEqual(NOTHING);
  expect(await pass('2026-10-01')).toEqual(gone(1, 0n, 0n, 500n));
  await f.confirm('2026-10-01');
  expect(await pass('2026-10-01')).toEqual(gone(1, 0n, 0n, 50n));
  expect(await f.query('select kind from journal_entry where kind = 31')).toHaveLength(2);
});

test('breakage goes back to a funder whose contract says so', async () => {
  f = await openLotsFixture('expiry: { days: 10 }');
  await f.query(
    `update contract set breakage_owner = 'FUNDER' where partner_id = (select id from partner where no = $1)`,
    [f.shopNo],
  );
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  await pass('2026-04-03');
  expect(
    await f.query(`select account, party, amount::int from posting p join journal_entry e on e.no = p.entry_no
                   where e.kind = 15 and account in (4010, 1100) order by account`),
  ).toEqual([
    { account: 1100, party: f.shopNo, amount: -400 },
    { account: 4010, party: 0, amount: -100 },
  ]);
});

test('the use case: who may, which programme, and never a day to come', async () => {
  f = await openLotsFixture('expiry: { days: 10 }');
  const service = new LotService(f.db.database, async () => (await f.cache.fresh(f.db.database)).programmes);
  await expect(service.expire(partner(f.shopNo), 'coalition-test', undefined)).rejects.toThrow(ForbiddenError);
  const codeOf = async (code: string, asOf?: string) => {
    const result = await service.expire(admin(), code, asOf);
    return result.ok ? result.value.expired : result.failure.code;
  };
  expect(await codeOf('nothing')).toBe('UNKNOWN_PROGRAMME');
  expect(await codeOf('coalition-test', '2100-01-01')).toBe('AS_OF_IN_FUTURE');
  expect(await codeOf('coalition-test', '2019-12-31')).toBe('NOT_RUNNING');
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  expect(await codeOf('coalition-test', '2026-04-02')).toEqual(NOTHING);
  await service.expireAll(new AbortController().signal);
  expect(await f.balance()).toEqual([0, 0]);
});
