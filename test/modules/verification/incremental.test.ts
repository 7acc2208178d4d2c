/**
 * Incremental verification: what was found to hold is not read again, what came since is, and what does not hold is
 * found again until it is mended.
 */
import { ChainSealer } from '../../../src/modules/proofs/index.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { earn, type LedgerFixture, openLedgerFixture } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

let db: TestDatabase;
let demo: LedgerFixture;
let first: bigint;

beforeEach(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  first = await closeOne('first');
});
afterEach(() => db.close());

/** A purchase in a window that is closed and sealed; returns its entry. */
async function closeOne(idempotencyKey: string): Promise<bigint> {
  const { entryNo } = await earn(db, demo, demo.members[0] as number, [{ funderNo: demo.m1, units: 100n }]);
  const closed = await new SettlementService(db.database).closeWindow(admin(), {
    programmeCode: 'demo',
    idempotencyKey,
  });
  expect(closed.ok).toBe(true);
  await new ChainSealer(db.database).seal({ patienceMs: 20_000 });
  return entryNo;
}

const MARKED = new Set(['I1', 'I5', 'I8', 'I18', 'I20']);

async function broken(options: { incremental: boolean; programmeNo?: number }): Promise<string[]> {
  const verified = await db.database.command((tx) => verifyLedger(tx, options));
  return verified
    .filter(({ invariant, findings }) => MARKED.has(invariant) && findings.length > 0)
    .map(({ invariant }) => invariant);
}

async function corrupt(sql: string, ...values: unknown[]): Promise<void> {
  await db.superuser.query('set session_replication_role = replica');
  expect((await db.superuser.query(sql, values)).rowCount).toBe(1);
  await db.superuser.query('set session_replication_role = origin');
}

/** What came just before is looked at twice, lest something was under way; now it is long ago. */
async function anHourLater(): Promise<void> {
  await db.superuser.query(`update verified_upto set upto = upto + 300001 where invariant in ('I5', 'I16')`);
  await db.superuser.query(`update verified_upto set upto = upto + 60001 where invariant = 'I8'`);
}

const CORRUPTIONS: readonly [string, string, readonly string[]][] = [
  ['an amount', 'update posting set amount = amount + 1 where entry_no = $1 and line = 0', ['I1', 'I8', 'I18']],
  ['a line', 'update posting set line = 99 where entry_no = $1 and line = 0', ['I8', 'I18', 'I20']],
  [
    'a body',
    `update transaction_source set payload = '{}' where id = (select source_id from journal_entry where no = $1)`,
    ['I5'],
  ],
];

test.each(CORRUPTIONS)(
  '%s: of what came since it is found, of what was verified before by full verification alone',
  async (_, sql, found) => {
    expect(await broken({ incremental: false })).toEqual([]);
    await anHourLater();
    const second = await closeOne('second');
    await corrupt(sql, first);
    expect(await broken({ incremental: true })).toEqual([]);
    await corrupt(sql, second);
    expect(await broken({ incremental: false })).toEqual(found);
  },
);

test('what does not hold is found again, and verifying one programme marks nothing', async () => {
  expect(await broken({ incremental: true, programmeNo: demo.programmeNo })).toEqual([]);
  await corrupt('update posting set amount = amount + 1 where entry_no = $1 and line = 0', first);
  expect(await broken({ incremental: true })).toEqual(['I1', 'I8', 'I18']);
  expect(await broken({ incremental: true })).toEqual(['I1', 'I8', 'I18']);
});
