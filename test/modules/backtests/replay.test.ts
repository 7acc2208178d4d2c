/** What a replay finds: the same terms change nothing, other terms change exactly what they say. */
import { COST_VIEWS } from '../../../src/domain/backtest/cost.js';
import { COALITION_YAML, type Coalition, makeCoalition, purchase, refund } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { backtest, bankRate, linesOf, programmeYaml, shopRate, totalOf } from './replay-fixture.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.close());

const B = { cardToken: 'token-b-0001' };
const on = (businessDate: string) => ({ businessDate, occurredAt: new Date(`${businessDate}T12:00:00Z`) });

/** Member a: 100.00 in January, 200.00 in February; b: 50.00 in February. All at the shop. */
async function buyThrice(coalition: Coalition): Promise<void> {
  await coalition.submit(
    purchase({ ...on('2026-01-10') }),
    purchase({ ...on('2026-02-10'), amountMinor: 20_000n }),
    purchase({ ...on('2026-02-11'), amountMinor: 5_000n, payer: B }),
  );
}

const PLAIN = programmeYaml({ rules: `${bankRate('1%')}\n${shopRate('4%')}` });

test('the same terms: nobody gains, nobody loses, and it costs what stands', async () => {
  const coalition = await makeCoalition(db);
  const bought = [
    purchase({ ...on('2026-01-05'), mcc: '5541' }),
    purchase({ ...on('2026-02-01'), amountMinor: 60_000n }),
    purchase({ ...on('2026-02-20'), mcc: '5541', amountMinor: 33_333n }), // gold by now
    purchase({ ...on('2026-02-21'), payer: B, mcc: '5942', amountMinor: 12_345n }),
  ];
  await coalition.submit(...bought);
  await coalition.submit(
    refund({ ...on('2026-02-25'), refundOf: bought[3]?.reference as string, payer: B, amountMinor: 2_345n }),
  );
  const result = await backtest(coalition, COALITION_YAML);
  expect(result).toMatchObject({
    purchases: 4,
    members: 2,
    spendMinor: 10_000n + 60_000n + 33_333n + 10_000n,
    unchanged: 2,
  });
  expect([result.winners, result.losers]).toEqual([
    { members: 0, units: 0n },
    { members: 0, units: 0n },
  ]);
  expect(result.total.candidate).toEqual(result.total.baseline);
  expect(result.total.baseline).toEqual(result.total.recorded);
  const { rows } = await db.superuser.query<{ units: string }>('select sum(units) as units from lot');
  expect(result.total.recorded.units).toBe(BigInt(rows[0]?.units ?? ''));
  for (const view of COST_VIEWS) {
    for (const { recorded, baseline, candidate } of result.by[view])
      expect([baseline, candidate]).toEqual([recorded, recorded]);
  }
});

test('a doubled rate costs exactly twice as much, and only its payer', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  await buyThrice(coalition);
  const result = await backtest(coalition, programmeYaml({ rules: `${bankRate('2%')}\n${shopRate('4%')}` }));
  expect(linesOf(result, 'FUNDER')).toEqual([
    ['bank', 350n, 350n, 700n],
    ['shop', 1_400n, 1_400n, 1_400n],
  ]);
  expect(linesOf(result, 'RULE')).toEqual([
    ['bank-cashback', 350n, 350n, 700n],
    ['shop-rate', 1_400n, 1_400n, 1_400n],
  ]);
  expect(linesOf(result, 'MONTH')).toEqual([
    ['2026-01-01', 500n, 500n, 600n],
    ['2026-02-01', 1_250n, 1_250n, 1_500n],
  ]);
  expect(result.total.candidate).toEqual({ units: 2_100n, valueMinor: 2_100n, commissionMinor: 210n, taxMinor: 42n });
  expect(result.winners).toEqual({ members: 2, units: 350n });
  const { rows } = await db.superuser.query<{ id: string }>('select id from member order by no');
  expect(result.gainsMost).toEqual([
    { memberId: rows[0]?.id, baseline: 1_500n, candidate: 1_800n },
    { memberId: rows[1]?.id, baseline: 250n, candidate: 300n },
  ]);
  expect(result.deciles.map(({ units }) => units)).toEqual([50n, 300n]);
});

test('a rule that is new, one that is gone', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  await buyThrice(coalition);
  const gift = '  - { code: gift, name: Gift, funding: PROGRAMME, fixed: 7 }';
  const result = await backtest(coalition, programmeYaml({ rules: `${bankRate('1%')}\n${gift}` }));
  expect(linesOf(result, 'RULE')).toEqual([
    ['bank-cashback', 350n, 350n, 350n],
    ['gift', 0n, 0n, 21n],
    ['shop-rate', 1_400n, 1_400n, 0n],
  ]);
  expect(linesOf(result, 'FUNDER')).toEqual([
    ['PROGRAMME', 0n, 0n, 21n],
    ['bank', 350n, 350n, 350n],
    ['shop', 1_400n, 1_400n, 0n],
  ]);
  expect(result.losers).toEqual({ members: 2, units: 1_400n - 21n });
});

test('a cap binds month by month, and what it withholds is said', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  await buyThrice(coalition);
  await coalition.submit(purchase({ ...on('2026-02-20'), amountMinor: 10_000n }));
  const capped = programmeYaml({
    rules: `${bankRate('1%')}\n${shopRate('4%')}`,
    caps: '  - { code: all-month, per: month, max: 1200 }',
  });
  const result = await backtest(coalition, capped);
  // January 500; February 1,000 and then 200 of 500; member b stays below.
  expect(totalOf(result)).toEqual([2_250n, 2_250n, 500n + 1_200n + 250n]);
  expect(result.withheld).toEqual({ baseline: 0n, candidate: 300n });
});

test('what a refund took counts for neither side', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  const [whole, half] = [purchase({ ...on('2026-01-10') }), purchase({ ...on('2026-01-11') })];
  await coalition.submit(whole, half);
  await coalition.submit(
    refund({ ...on('2026-03-01'), refundOf: whole.reference }),
    refund({ ...on('2026-03-02'), refundOf: half.reference, amountMinor: 5_000n }),
  );
  const result = await backtest(coalition, programmeYaml({ rules: `${bankRate('2%')}\n${shopRate('4%')}` }));
  expect(result).toMatchObject({ purchases: 1, spendMinor: 5_000n });
  expect(totalOf(result)).toEqual([250n, 250n, 300n]);
});

test('what lies before the first day fills caps and tiers, and does not count', async () => {
  const yaml = programmeYaml({
    tiers: '    - { code: basic, name: Basic, from: 0 }\n    - { code: gold, name: Gold, from: 100 }',
    rules:
      '  - { code: bank-cashback, name: Bank, funding: ISSUER, matrix: { basic: { BASE: 1% }, gold: { BASE: 2% } } }',
    caps: '  - { code: all-month, per: month, max: 250 }',
  });
  const coalition = await makeCoalition(db, yaml);
  await coalition.submit(
    purchase({ ...on('2026-02-20') }), // makes gold
    purchase({ ...on('2026-03-01') }), // 200 of the month's 250
    purchase({ ...on('2026-03-15') }), // 50 are left
  );
  const result = await backtest(coalition, yaml, { days: { from: '2026-03-10' } });
  expect(result).toMatchObject({ purchases: 1, replayedFrom: '2026-02-20' });
  expect(totalOf(result)).toEqual([50n, 50n, 50n]);
  expect(linesOf(result, 'MONTH')).toEqual([['2026-03-01', 50n, 50n, 50n]]);
});

test('caps are used up in the order of recording, not of days', async () => {
  const yaml = programmeYaml({
    rules: bankRate('1%'),
    caps: '  - { code: fuel, category: fuel, per: month, max: 100 }',
  });
  const coalition = await makeCoalition(db, yaml);
  await coalition.submit(purchase({ ...on('2026-02-20'), mcc: '5541' }));
  await coalition.submit(purchase({ ...on('2026-02-02'), mcc: '5541', payer: { cardToken: 'token-a-0001' } })); // came late
  const result = await backtest(coalition, yaml, { days: { from: '2026-02-10' } });
  expect(totalOf(result)).toEqual([100n, 100n, 100n]);
});

test('months end with the newest purchase, and begin in the middle of one when it does', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  await buyThrice(coalition);
  const months = async (count: number) => (await backtest(coalition, PLAIN, { days: { months: count } })).purchases;
  expect([await months(1), await months(2)]).toEqual([2, 3]);
});

test('pages of any size give the same result', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  for (let day = 10; day < 30; day += 1)
    await coalition.submit(purchase({ ...on(`2026-01-${day}`) }), purchase({ ...on(`2026-01-${day}`), payer: B }));
  const candidate = programmeYaml({ rules: bankRate('3%'), caps: '  - { code: all-month, per: month, max: 2000 }' });
  const whole = await backtest(coalition, candidate);
  expect(whole).toMatchObject({ purchases: 40, members: 2, losers: { members: 2 } });
  for (const pageRows of [1, 2, 7, 20, 40]) expect(await backtest(coalition, candidate, { pageRows })).toEqual(whole);
});

test('of a basket what is left of each line is rewarded', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  const basket = purchase({
    ...on('2026-01-10'),
    lines: [
      { kind: 'GOODS', amountMinor: 6_000n, quantity: 1, tags: ['eco'], reference: 'soap' },
      { kind: 'GOODS', amountMinor: 4_000n, quantity: 2, tags: [], reference: 'bags' },
    ],
  });
  const [untouched] = [purchase({ ...on('2026-01-11'), lines: basket.lines ?? [] })];
  await coalition.submit(basket, untouched);
  await coalition.submit(
    refund({
      ...on('2026-01-12'),
      refundOf: basket.reference,
      amountMinor: 5_000n,
      returned: [{ reference: 'soap', amountMinor: 5_000n }],
    }),
  );
  const eco = '  - { code: eco, name: Eco, funding: PROGRAMME, when: { tags: [eco] }, rate: 10% }';
  const result = await backtest(coalition, programmeYaml({ rules: `${bankRate('1%')}\n${eco}` }));
  expect(linesOf(result, 'RULE')).toEqual([
    ['bank-cashback', 150n, 150n, 150n],
    ['eco', 0n, 0n, 100n + 600n],
    ['shop-rate', 600n, 600n, 0n],
  ]);
});

test('an action is replayed, and is no purchase', async () => {
  const review = (units: number): string =>
    `  - { code: review, name: Review, funding: PROGRAMME, when: { action: review }, fixed: ${units} }`;
  const coalition = await makeCoalition(db, programmeYaml({ rules: `${bankRate('1%')}\n${review(50)}` }));
  const { merchantId: _, ...action } = purchase({
    ...on('2026-01-10'),
    kind: 'ACTION',
    action: 'review',
    amountMinor: 0n,
  });
  await coalition.submit(purchase({ ...on('2026-01-09') }), action);
  const result = await backtest(coalition, programmeYaml({ rules: `${bankRate('1%')}\n${review(80)}` }));
  expect(result).toMatchObject({ purchases: 1, members: 1, spendMinor: 10_000n });
  expect(linesOf(result, 'RULE')).toEqual([
    ['bank-cashback', 100n, 100n, 100n],
    ['review', 50n, 50n, 80n],
  ]);
});

test('a candidate may ask for what the version of the day did not: hours, and another day that counts', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  await coalition.submit(
    purchase({ ...on('2026-01-31'), occurredAt: new Date('2026-01-31T19:30:00Z'), postedOn: '2026-02-02' }),
    purchase({ ...on('2026-01-30'), occurredAt: new Date('2026-01-30T09:30:00Z') }),
  );
  const evening =
    '  - { code: evening, name: Evening, funding: ISSUER, when: { hours: [{ from: "18:00", until: "22:00" }] }, rate: 3% }';
  const source = programmeYaml({ rules: evening }).replace('holdDays:', 'attribution: POSTING\nholdDays:');
  const result = await backtest(coalition, source);
  expect(linesOf(result, 'MONTH')).toEqual([
    ['2026-01-01', 1_000n, 1_000n, 0n],
    ['2026-02-01', 0n, 0n, 300n],
  ]);
});

test('marks and held tiers are counted as on the day', async () => {
  const third = `  - { code: third, name: Third, funding: ISSUER, when: { reaches: { purchases: 3, per: month } }, fixed: 30 }`;
  const yaml = programmeYaml({
    tiers: '    - { code: basic, name: Basic, from: 0 }\n    - { code: gold, name: Gold, from: 100 }',
    rules: `  - { code: bank-cashback, name: Bank, funding: ISSUER, matrix: { basic: { BASE: 1% }, gold: { BASE: 2% } } }\n${third}`,
  }).replace('  rollingDays: 30', '  calendar: month\n  downgrade: { to: EARNED, graceDays: 0 }');
  const coalition = await makeCoalition(db, yaml);
  for (const day of ['2026-01-10', '2026-01-11', '2026-01-12', '2026-02-20', '2026-03-20'])
    await coalition.submit(purchase({ ...on(day) }));
  const result = await backtest(coalition, yaml, { days: { from: '2026-02-01' } });
  expect(result.total.baseline).toEqual(result.total.recorded);
  expect(result.total.candidate).toEqual(result.total.recorded);
  expect(result.replayedFrom).toBe('2026-01-10');
  const whole = await backtest(coalition, yaml);
  expect(whole.total.baseline).toEqual(whole.total.recorded);
  expect(linesOf(whole, 'RULE')).toContainEqual(['third', 30n, 30n, 30n]);
});

describe('budgets', () => {
  const budgeted = (max: number): string =>
    programmeYaml({
      rules: bankRate('1%'),
      budgets: `  - { code: pool, per: lifetime, max: ${max}, rules: [bank-cashback] }`,
    });

  test('are used up in the order of time by all members together', async () => {
    const coalition = await makeCoalition(db, programmeYaml({ rules: bankRate('1%') }));
    await coalition.submit(
      purchase({ ...on('2026-01-10'), payer: B }),
      purchase({ ...on('2026-01-11') }),
      purchase({ ...on('2026-01-12'), payer: B }),
    );
    const { rows } = await db.superuser.query<{ id: string }>('select id from member order by no');
    const result = await backtest(coalition, budgeted(150));
    expect(result.budgetsApproximate).toBe(false);
    expect(totalOf(result)).toEqual([300n, 300n, 150n]);
    // b came first and got 100, a the rest, and nothing was left for b's second.
    expect(result.losesMost).toEqual([
      { memberId: rows[1]?.id, baseline: 200n, candidate: 100n },
      { memberId: rows[0]?.id, baseline: 100n, candidate: 50n },
    ]);
    for (const pageRows of [1, 2]) expect(await backtest(coalition, budgeted(150), { pageRows })).toEqual(result);
  });

  test('are approximate when there are too many members to follow at once, and it is said', async () => {
    const coalition = await makeCoalition(db, programmeYaml({ rules: bankRate('1%') }));
    await coalition.submit(purchase({ payer: B }), purchase());
    const result = await backtest(coalition, budgeted(150), { mostMembersInTimeOrder: 1 });
    expect(result.budgetsApproximate).toBe(true);
    expect(totalOf(result)).toEqual([200n, 200n, 150n]);
  });
});

test('nothing but the run itself is written', async () => {
  const coalition = await makeCoalition(db, PLAIN);
  await buyThrice(coalition);
  const before = await everything(db);
  await backtest(coalition, programmeYaml({ rules: bankRate('9%') }));
  expect(await everything(db)).toEqual(before);
});

/** Every table's rows as a digest, but for the runs themselves and the keys of commands. */
async function everything({ superuser }: TestDatabase): Promise<Record<string, string>> {
  const { rows: tables } = await superuser.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
       and relname not in ('backtest_run', 'command_key') order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await superuser.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${name} t`,
    );
    digests[name] = rows[0]?.digest ?? '';
  }
  return digests;
}
