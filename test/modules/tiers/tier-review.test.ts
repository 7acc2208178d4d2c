/** Standings in the database: what is stored, what the daily review makes of it, and what stays for ever. */
import { metricWindow } from '../../../src/domain/tiers/qualify.js';
import type { TierStanding } from '../../../src/domain/tiers/standing.js';
import { loadDays, loadMetric } from '../../../src/modules/earning/index.js';
import { loadStandings, reviewTiers, storeStandings, TierService } from '../../../src/modules/tiers/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { change, enrol, programmesOf, publish, setToday, spend, type TieredProgramme } from './tier-fixture.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.close());

const put = (programme: TieredProgramme, standings: Readonly<Record<number, TierStanding>>): Promise<void> =>
  db.database.command(async (tx) =>
    storeStandings(
      tx,
      programme.no,
      Object.entries(standings).map(([memberNo, standing]) => ({ memberNo: Number(memberNo), moves: [{ standing }] })),
    ),
  );
const standingsOf = async (...nos: readonly number[]): Promise<(TierStanding | undefined)[]> => {
  const found = await db.database.command((tx) => loadStandings(tx, nos));
  return nos.map((no) => found.get(no));
};
const history = async (memberNo: number): Promise<unknown[]> =>
  (
    await db.superuser.query(
      `select changed_on::text as on, from_code as "from", to_code as "to", metric::int, because
       from member_tier_change where member_no = $1 order by id`,
      [memberNo],
    )
  ).rows;

const review = (programme: TieredProgramme, today: string) =>
  reviewTiers(db.database, programme.no, programme.terms.tiers, today);

describe('what each day adds', () => {
  test('all three metrics are summed over their windows, and what is taken lowers its own day', async () => {
    const { no } = await publish(db, 'sums', 'rollingDays: 30');
    const [a = 0, b = 0] = await enrol(db, no, ['a', 'b']);
    const day = (memberNo: number, date: string, keptMinor: bigint, accruedUnits: bigint, purchases: number) => ({
      memberNo,
      day: date,
      keptMinor,
      accruedUnits,
      purchases,
    });
    await change(
      db,
      day(a, '2026-03-01', 1_000n, 10n, 1),
      day(a, '2026-03-02', 500n, 5n, 2),
      day(b, '2026-03-01', 7n, 0n, 1),
    );
    // Two refunds and a further purchase on the first day; an action that gives units on a day without purchases.
    await change(db, day(a, '2026-03-01', -400n, -4n, 0), day(a, '2026-03-05', 0n, 50n, 0));
    const window = { memberNo: a, first: '2026-03-01', last: '2026-03-05' };
    const metrics = await db.database.command(async (tx) => [
      ...(await loadMetric(tx, 'KEPT_SPEND', [window, { ...window, first: '2026-03-02' }])),
      ...(await loadMetric(tx, 'REWARDS_ACCRUED', [window])),
      ...(await loadMetric(tx, 'PURCHASES', [window, { ...window, memberNo: b }, { ...window, last: '2026-02-28' }])),
    ]);
    expect(metrics).toEqual([1_100n, 500n, 61n, 3n, 1n, 0n]);
    const days = await db.database.command((tx) => loadDays(tx, [{ ...window, last: '2026-03-02' }]));
    expect(days.sort((x, y) => (x.day < y.day ? -1 : 1))).toEqual([
      day(a, '2026-03-01', 600n, 6n, 1),
      day(a, '2026-03-02', 500n, 5n, 2),
    ]);
  });

  test('nothing is below zero', async () => {
    const { no } = await publish(db, 'sums', 'rollingDays: 30');
    const [a = 0] = await enrol(db, no, ['a']);
    await change(db, spend(a, '2026-03-01', 1));
    await expect(change(db, spend(a, '2026-03-01', -2))).rejects.toThrow('member_spend_day');
  });
});

describe('standings', () => {
  test('are stored by member, the last move of each, and every change is noted in its order', async () => {
    const programme = await publish(db, 'stored', 'rollingDays: 30');
    const [a = 0, b = 0] = await enrol(db, programme.no, ['a', 'b']);
    await db.database.command(async (tx) =>
      storeStandings(tx, programme.no, [
        {
          memberNo: a,
          moves: [
            {
              standing: { tier: 'silver', since: '2026-03-01', reviewOn: '2026-04-01' },
              change: { on: '2026-03-01', to: 'silver', metric: 300n, because: 'FIRST' },
            },
            {
              standing: { tier: 'gold', since: '2026-03-02', reviewOn: '2026-04-02' },
              change: { on: '2026-03-02', from: 'silver', to: 'gold', metric: 1_000n, because: 'UP' },
            },
          ],
        },
        { memberNo: b, moves: [] },
      ]),
    );
    expect(await standingsOf(a, b)).toEqual([{ tier: 'gold', since: '2026-03-02', reviewOn: '2026-04-02' }, undefined]);
    await put(programme, { [a]: { tier: 'gold', since: '2026-03-02' } });
    expect(await standingsOf(a)).toEqual([{ tier: 'gold', since: '2026-03-02' }]);
    expect(await history(a)).toEqual([
      { on: '2026-03-01', from: null, to: 'silver', metric: 300, because: 'FIRST' },
      { on: '2026-03-02', from: 'silver', to: 'gold', metric: 1_000, because: 'UP' },
    ]);
  });

  test('history is never edited', async () => {
    for (const sql of ['update member_tier_change set metric = 0', 'delete from member_tier_change']) {
      await expect(db.database.pool.query(sql)).rejects.toThrow('permission denied');
    }
  });
});

describe('the daily review', () => {
  test('a held tier falls on its day and not before, or is confirmed', async () => {
    const programme = await publish(db, 'held', 'calendar: quarter\n  downgrade: { to: EARNED }');
    const [falls = 0, stays = 0, lowest = 0] = await enrol(db, programme.no, ['falls', 'stays', 'lowest']);
    const held: TierStanding = { tier: 'gold', since: '2025-11-01', reviewOn: '2026-04-01' };
    await put(programme, { [falls]: held, [stays]: held, [lowest]: { tier: 'basic', since: '2025-11-01' } });
    await change(db, spend(falls, '2026-02-01', 300), spend(stays, '2026-03-31', 1_000), spend(stays, '2026-04-02', 5));
    expect(await review(programme, '2026-03-31')).toEqual({ members: 0, changed: 0 });
    expect(await review(programme, '2026-04-01')).toEqual({ members: 2, changed: 1 });
    expect(await standingsOf(falls, stays, lowest)).toEqual([
      { tier: 'silver', since: '2026-04-01', reviewOn: '2026-07-01' },
      { tier: 'gold', since: '2025-11-01', reviewOn: '2026-07-01' },
      { tier: 'basic', since: '2025-11-01' },
    ]);
    expect(await history(falls)).toEqual([
      { on: '2026-04-01', from: 'gold', to: 'silver', metric: 30_000, because: 'DOWN' },
    ]);
    expect(await history(stays)).toEqual([]);
    expect(await review(programme, '2026-04-01')).toEqual({ members: 0, changed: 0 });
  });

  test('several reviews that nobody made are made up for, a step each', async () => {
    const programme = await publish(db, 'steps', 'calendar: month\n  downgrade: { to: ONE_STEP, graceDays: 5 }');
    const [a = 0] = await enrol(db, programme.no, ['a']);
    await put(programme, { [a]: { tier: 'gold', since: '2026-01-10', reviewOn: '2026-02-06' } });
    await change(db, spend(a, '2026-01-10', 1_000));
    await review(programme, '2026-06-01');
    // January confirmed it, February took one step, March the other.
    expect(await standingsOf(a)).toEqual([{ tier: 'basic', since: '2026-04-06' }]);
    expect(await history(a)).toEqual([{ on: '2026-04-06', from: 'gold', to: 'basic', metric: 0, because: 'DOWN' }]);
  });

  test('an immediate tier falls when its days leave the window, for who does nothing', async () => {
    const programme = await publish(db, 'immediate', 'rollingDays: 30');
    const [a = 0, b = 0] = await enrol(db, programme.no, ['a', 'b']);
    await put(programme, { [a]: { tier: 'gold', since: '2026-03-10' }, [b]: { tier: 'silver', since: '2026-03-10' } });
    await change(db, spend(a, '2026-03-10', 700), spend(a, '2026-03-20', 300), spend(b, '2026-03-20', 300));
    expect(await review(programme, '2026-04-08')).toEqual({ members: 2, changed: 0 });
    expect(await review(programme, '2026-04-09')).toEqual({ members: 2, changed: 1 });
    expect(await standingsOf(a, b)).toEqual([
      { tier: 'silver', since: '2026-04-09' },
      { tier: 'silver', since: '2026-03-10' },
    ]);
    expect(await review(programme, '2026-04-19')).toEqual({ members: 2, changed: 2 });
    expect(await review(programme, '2026-04-19')).toEqual({ members: 0, changed: 0 });
  });

  test('a tier that never falls is never looked at', async () => {
    const programme = await publish(db, 'never', 'rollingDays: 30\n  downgrade: { to: NEVER }');
    const [a = 0] = await enrol(db, programme.no, ['a']);
    await put(programme, { [a]: { tier: 'gold', since: '2020-01-01', reviewOn: '2020-02-01' } });
    expect(await review(programme, '2026-04-08')).toEqual({ members: 0, changed: 0 });
  });

  test('a tier that was immediate is held from its first day when the programme says so', async () => {
    const programme = await publish(db, 'changed', 'calendar: year\n  downgrade: { to: EARNED }');
    const [a = 0, b = 0] = await enrol(db, programme.no, ['a', 'b']);
    await put(programme, { [a]: { tier: 'gold', since: '2026-03-10' }, [b]: { tier: 'gold', since: '2024-03-10' } });
    expect(await review(programme, '2026-04-08')).toEqual({ members: 2, changed: 1 });
    expect(await standingsOf(a, b)).toEqual([
      { tier: 'gold', since: '2026-03-10', reviewOn: '2027-01-01' },
      { tier: 'basic', since: '2025-01-01' },
    ]);
  });

  test('more members than fit one transaction, and two reviews at once: each change is noted once', async () => {
    const programme = await publish(db, 'many', 'calendar: month\n  downgrade: { to: EARNED }');
    const other = await publish(db, 'other', 'calendar: month\n  downgrade: { to: EARNED }');
    const nos = await enrol(
      db,
      programme.no,
      Array.from({ length: 1_203 }, (_, index) => `m-${index}`),
    );
    const [stranger = 0] = await enrol(db, other.no, ['stranger']);
    const held: TierStanding = { tier: 'gold', since: '2026-02-10', reviewOn: '2026-03-01' };
    await put(programme, Object.fromEntries(nos.map((no) => [no, held])));
    await put(other, { [stranger]: held });
    const both = await Promise.all([review(programme, '2026-03-01'), review(programme, '2026-03-01')]);
    expect(both[0].changed + both[1].changed).toBe(1_203);
    const { rows } = await db.superuser.query(
      `select count(*)::int as changes, count(distinct member_no)::int as members from member_tier_change`,
    );
    expect(rows).toEqual([{ changes: 1_203, members: 1_203 }]);
    expect(await standingsOf(stranger)).toEqual([held]);
  });

  test('the job reviews every programme once on each of its days', async () => {
    const programme = await publish(db, 'job', 'calendar: month\n  downgrade: { to: EARNED }');
    const [a = 0] = await enrol(db, programme.no, ['a']);
    const held: TierStanding = { tier: 'gold', since: '2026-02-10', reviewOn: '2026-03-01' };
    await put(programme, { [a]: held });
    const service = new TierService(db.database, () => programmesOf(db));
    const run = () => service.reviewAll(new AbortController().signal);
    await setToday(db, '2026-02-28');
    await run();
    expect(await standingsOf(a)).toEqual([held]);
    await setToday(db, '2026-03-01');
    await run();
    expect(await standingsOf(a)).toEqual([{ tier: 'basic', since: '2026-03-01' }]);
    await put(programme, { [a]: held });
    await run();
    expect(await standingsOf(a)).toEqual([held]);
    await setToday(db, '2026-03-02');
    await run();
    expect(await standingsOf(a)).toEqual([{ tier: 'basic', since: '2026-03-01' }]);
  });

  test('the stored metric of an immediate ladder is that of its window', async () => {
    const programme = await publish(db, 'by-count', 'metric: PURCHASES\n  rollingDays: 30');
    const { tiers } = programme.terms;
    const [a = 0] = await enrol(db, programme.no, ['a']);
    await put(programme, { [a]: { tier: 'gold', since: '2026-03-10' } });
    await change(db, { ...spend(a, '2026-03-10', 1), purchases: 300 });
    await review(programme, '2026-03-11');
    expect(metricWindow(tiers, '2026-03-11').first).toBe('2026-02-10');
    expect(await history(a)).toEqual([{ on: '2026-03-11', from: 'gold', to: 'silver', metric: 300, because: 'DOWN' }]);
  });
});
