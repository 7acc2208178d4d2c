/** I16: days, caps, budgets and tiers that are not what the purchases make of them are found and named. */
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { makeCoalition, purchase, refund } from '../../support/coalition.js';
import { type Corruption, findingsAfter } from '../../support/corruption.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const YAML = `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
tiers: { rollingDays: 30, downgrade: { to: EARNED, graceDays: 5 }, levels: [{ code: basic, name: Basic, from: 0 }, { code: gold, name: Gold, from: 50 }] }
rules:
  - { code: base, name: Base, funding: ISSUER, rate: 1% }
  - { code: shop, name: Shop, funding: MERCHANT, rate: 4% }
caps:
  - { code: month, per: month, max: 500 }
budgets:
  - { code: pool, max: 1000, rules: [shop], per: month }
  - { code: kept, max: 1000, rules: [base], per: month, refundReleases: false }
`;

let db: TestDatabase;
let memberNo: number;
let submit: Awaited<ReturnType<typeof makeCoalition>>['submit'];
beforeAll(async () => {
  db = await openTestDatabase();
  const coalition = await makeCoalition(db, YAML);
  memberNo = coalition.members.a;
  submit = coalition.submit;
  const bought = purchase();
  await coalition.submit(bought, refund({ refundOf: bought.reference, amountMinor: 2_500n }));
});
afterAll(() => db.close());

const afterwards = (...corruptions: readonly Corruption[]): Promise<string[]> => findingsAfter(db, corruptions);
const one = async (sql: string): Promise<Record<string, unknown>> =>
  (await db.superuser.query(sql)).rows[0] as Record<string, unknown>;

test('what nobody touched holds', async () => {
  expect(await afterwards()).toEqual([]);
});

test.each(['kept_minor', 'accrued_units', 'purchases'])('%s of a day', async (column) => {
  expect(await afterwards([`update member_spend_day set ${column} = ${column} + 1`])).toEqual([
    `I16 member_spend_day member_no=${memberNo} day=2026-03-10`,
  ]);
});
test('a day that is gone', async () => {
  expect(await afterwards(['delete from member_spend_day'])).toEqual([
    `I16 member_spend_day member_no=${memberNo} day=2026-03-10`,
  ]);
});
test('the use of a cap', async () => {
  const { cap_code } = await one('select cap_code from member_counter');
  expect(await afterwards(['update member_counter set used = used - 1'])).toEqual([
    `I16 member_counter member_no=${memberNo} cap_code=${cap_code} period=2026-03-01`,
  ]);
});
test.each([
  ['pool', 'used + 1'],
  ['pool', 'used - 1'],
  ['kept', 'used - 100'],
])('the use of the budget %s: %s', async (code, used) => {
  const { programme_no } = await one('select programme_no from budget_counter');
  expect(await afterwards([`update budget_counter set used = ${used} where code = $1`, code])).toEqual([
    `I16 budget_counter programme_no=${programme_no} code=${code} period=2026-03-01`,
  ]);
});
test('a tier that no change led to', async () => {
  expect(await afterwards([`update member_tier set tier_code = 'basic' where tier_code = 'gold'`])).toEqual([
    `I16 member_tier member_no=${memberNo}`,
  ]);
});

test('incremental verification looks at members with messages since, full verification at all', async () => {
  const verify = async (incremental: boolean): Promise<string[]> => {
    const verified = await db.database.command((tx) => verifyLedger(tx, { incremental }));
    return verified.flatMap(({ invariant, findings }) => (invariant === 'I16' ? findings.map(({ row }) => row) : []));
  };
  expect(await verify(false)).toEqual([]);
  await db.superuser.query(`update verified_upto set upto = upto + 300001 where invariant = 'I16'`);
  await db.superuser.query('update member_spend_day set purchases = purchases + 1');
  expect(await verify(true)).toEqual([]);
  expect(await verify(false)).toEqual([`member_no=${memberNo} day=2026-03-10`]);
  await submit(purchase());
  expect(await verify(true)).toEqual([`member_no=${memberNo} day=2026-03-10`]);
});
