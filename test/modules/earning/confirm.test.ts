import { confirmDue } from '../../../src/modules/earning/index.js';
import { type Coalition, makeCoalition, purchase, refund } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
let coalition: Coalition;
beforeEach(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db);
});
afterEach(() => db.close());

const AS_OF = '2026-04-30';
const sums = async (): Promise<unknown> =>
  (
    await db.superuser.query(`
      select (select sum(pending_units)::int from member_balance) as pending,
             (select sum(available_units)::int from member_balance) as available,
             (select count(*)::int from due) as due,
             (select sum(units)::int from lot) as lots`)
  ).rows[0];

/**
 * More than one chunk: each member's first 400 purchases of 1.00 earn 1 and 4 units, then the month's cap of 2,000 is
 * used up.
 */
async function buyMuch(): Promise<void> {
  for (let batch = 0; batch < 2; batch += 1) {
    const payer = { cardToken: batch === 0 ? 'token-a-0001' : 'token-b-0001' };
    await coalition.submit(...Array.from({ length: 550 }, () => purchase({ payer, amountMinor: 100n })));
  }
}

test('nothing due is confirmed, and nothing twice', async () => {
  expect(await confirmDue(db.database, coalition.programmeNo, AS_OF)).toEqual({ confirmed: 0 });
  await coalition.submit(purchase({ amountMinor: 100n }));
  expect(await confirmDue(db.database, coalition.programmeNo, AS_OF)).toEqual({ confirmed: 2 });
  expect(await confirmDue(db.database, coalition.programmeNo, AS_OF)).toEqual({ confirmed: 0 });
});

test('several chunks, several confirmers at once: each lot exactly once', async () => {
  await buyMuch();
  expect(await sums()).toEqual({ pending: 4_000, available: 0, due: 1_600, lots: 4_000 });
  const counts = await Promise.all([1, 2, 3].map(() => confirmDue(db.database, coalition.programmeNo, AS_OF)));
  expect(counts.reduce((sum, { confirmed }) => sum + confirmed, 0)).toBe(1_600);
  expect(await sums()).toEqual({ pending: 0, available: 4_000, due: 0, lots: 4_000 });
});

test('a refund that races with confirming takes its own part, voided or taken back', async () => {
  const bought = Array.from({ length: 40 }, () => purchase({ amountMinor: 1_000n }));
  await coalition.submit(...bought);
  await Promise.all([
    confirmDue(db.database, coalition.programmeNo, AS_OF),
    ...bought
      .slice(0, 20)
      .map(({ reference }) => coalition.submit(refund({ refundOf: reference, amountMinor: 1_000n }))),
  ]);
  await confirmDue(db.database, coalition.programmeNo, AS_OF);
  expect(await sums()).toEqual({ pending: 0, available: 20 * 50, due: 0, lots: 20 * 50 });
});
