/** I18: what a superuser changes behind the chain's back is found and named, in full and in incremental mode. */
import { accrualEntry } from '../../../src/domain/ledger/rewards.js';
import { ChainSealer } from '../../../src/modules/proofs/index.js';
import { type Finding, verifyLedger } from '../../../src/modules/verification/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { BUSINESS_DATE, type LedgerFixture, openLedgerFixture, record, shareOf } from '../../support/ledger-fixture.js';

let db: TestDatabase;
let demo: LedgerFixture;
let nos: readonly bigint[];

beforeEach(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  nos = await recordSome(6);
  await seal();
});
afterEach(() => db.close());

const seal = () => new ChainSealer(db.database).seal({ patienceMs: 20_000, largestBlock: 2 });
const recordSome = (count: number) =>
  record(
    db,
    demo.programmeNo,
    Array.from({ length: count }, (_, index) =>
      accrualEntry({
        memberNo: demo.members[0] as number,
        businessDate: BUSINESS_DATE,
        shares: [shareOf({ funderNo: demo.m1, units: BigInt(index + 1) })],
      }),
    ),
  );

async function findings(incremental = false): Promise<string[]> {
  const verified = await db.database.command((tx) => verifyLedger(tx, { incremental }));
  const found = verified.flatMap((invariant) => invariant.findings as Finding[]);
  return found.filter(({ invariant }) => invariant === 'I18').map(({ table, row }) => `${table} ${row}`);
}

async function corrupt(sql: string, ...values: unknown[]): Promise<void> {
  await db.superuser.query('set session_replication_role = replica');
  const { rowCount } = await db.superuser.query(sql, values);
  await db.superuser.query('set session_replication_role = origin');
  expect(rowCount).toBeGreaterThan(0);
}

const entry = (no: bigint | undefined): string => `journal_entry no=${no} member_no=${demo.members[0]}`;

test('what nobody touched holds, also when more comes', async () => {
  expect(await findings()).toEqual([]);
  await recordSome(3);
  await seal();
  expect(await findings(true)).toEqual([]);
  expect(await findings()).toEqual([]);
});

test.each([
  ['an amount', 'update posting set amount = amount + 1 where entry_no = $1 and line = 0'],
  ['a party', 'update posting set party = party + 1 where entry_no = $1 and line = 0'],
  ['a posting that is gone', 'delete from posting where entry_no = $1 and line = 0'],
  ['a day', 'update journal_entry set business_date = business_date - 1 where no = $1'],
  ['an instant', `update journal_entry set recorded_at = recorded_at - interval '1 microsecond' where no = $1`],
  ['a kind', 'update journal_entry set kind = 5 where no = $1'],
])('%s of a sealed entry', async (_, sql) => {
  await corrupt(sql, nos[3]);
  expect(await findings()).toEqual([entry(nos[3])]);
});

test('an entry that was slipped in below the head', async () => {
  await corrupt(
    'insert into journal_entry select no, 0, programme_no, window_no, kind, null, business_date, recorded_at from journal_entry where no = $1',
    nos[2],
  );
  expect(await findings()).toEqual([`journal_entry no=${nos[2]} member_no=0`]);
});

test('an entry that was taken out', async () => {
  await corrupt('delete from journal_entry where no = $1', nos[2]);
  expect(await findings()).toEqual(['chain_block sequence=2']);
});

test.each([
  ['a root', 'update chain_block set root = sha256(root) where sequence = 2', ['2']],
  ['a hash', 'update chain_block set hash = sha256(hash) where sequence = 2', ['2', '2', '3']],
  ['a time', `update chain_block set sealed_at = sealed_at + interval '1 second' where sequence = 2`, ['2']],
  ['a block that is gone', 'delete from chain_block where sequence = 2', ['3', '3', '3']],
])('%s of a block', async (_, sql, sequences) => {
  await corrupt(sql);
  const found = await findings();
  for (const sequence of sequences) expect(found).toContain(`chain_block sequence=${sequence}`);
});

test('the newest block, verified before, is gone', async () => {
  expect(await findings()).toEqual([]);
  await corrupt('delete from chain_block where sequence = 3');
  expect(await findings(true)).toContain('chain_block sequence=3');
});

test('an entry that nobody sealed for too long', async () => {
  const [no] = await recordSome(1);
  expect(await findings()).toEqual([]);
  await corrupt(`update journal_entry set recorded_at = recorded_at - interval '61 minutes' where no = $1`, no);
  expect(await findings(true)).toEqual([entry(no)]);
});

test('incremental mode looks at what came since, and full mode at everything', async () => {
  expect(await findings()).toEqual([]);
  const [later] = await recordSome(1);
  await seal();
  await corrupt('update posting set amount = amount + 1 where entry_no = $1 and line = 0', nos[0]);
  expect(await findings(true)).toEqual([]);
  await corrupt('update posting set amount = amount + 1 where entry_no = $1 and line = 0', later);
  // What was verified stays as it was, because the run before found nothing and went on.
  expect(await findings()).toEqual([entry(nos[0]), entry(later)]);
});
