/** I21: a bank account that holds something else than its last statement says is found and named. */
import { BankAccountService, StatementService } from '../../../src/modules/payments/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { TestBank } from '../../support/bank.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { openLedgerFixture } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

let db: TestDatabase;
let statements: readonly string[];

beforeEach(async () => {
  db = await openTestDatabase();
  await openLedgerFixture(db);
  const iban = 'GB29NWBK60161331926819';
  const accounts = new BankAccountService(db.database);
  const proposed = await accounts.propose(admin(), { programmeCode: 'demo', holderName: 'Clearing', iban });
  if (!proposed.ok) throw new Error(proposed.failure.message);
  expect((await accounts.approve(admin('somebody-else'), proposed.value.id)).ok).toBe(true);
  const bank = new TestBank(iban, 'GBP', '100.00');
  const service = new StatementService(db.database);
  for (const amount of ['5.00', '-1.00']) {
    expect((await service.take(admin(), bank.statement([{ amount }]))).ok).toBe(true);
  }
  const { rows } = await db.superuser.query<{ id: string }>('select id from bank_statement order by no');
  statements = rows.map(({ id }) => id);
});
afterEach(() => db.close());

async function findings(): Promise<string[]> {
  const verified = await db.database.command((tx) => verifyLedger(tx));
  return verified
    .flatMap(({ findings }) => findings)
    .map(({ invariant, table, row }) => `${invariant} ${table} ${row}`);
}

test('what it held before the first statement, and what was booked since', async () => {
  expect(await findings()).toEqual([]);
  const { rows } = await db.superuser.query('select account, balance::int from account_balance order by account');
  expect(rows).toEqual([
    { account: 1000, balance: 10_400 },
    { account: 1020, balance: -10_400 },
  ]);
});

test('a payment file that nobody asked for', async () => {
  await db.superuser.query(
    `insert into payment_file (id, programme_no, account_no, message_id, currency_code, execution_date, payment_count,
       amount_minor, created_by, created_at, content, sha256)
     values ($1, 1, 1, 'M1', 'GBP', '2026-03-01', 1, 1, 'nobody', now(), '', '')`,
    [statements[0]],
  );
  expect(await findings()).toEqual([`I19 payment_file id=${statements[0]}`]);
});

test.each<[string, string, (ids: readonly string[]) => string[]]>([
  [
    'a balance',
    'update account_balance set balance = balance + 1 where account = 1000',
    () => ['I2 account_balance unit=2 account=1000 party=1 window_no=0', 'I21 account_balance account=1000 party=1'],
  ],
  [
    'what waits of a movement',
    `update bank_movement set unallocated_minor = 400 where amount_minor = 500`,
    () => ['I21 account_balance account=1020 programme_no=1 currency_code=GBP'],
  ],
  [
    'a payment that nobody instructed',
    `insert into payment (id, file_id, programme_no, partner_no, purpose, line_id, bank_account_id, amount_minor,
       currency_code, end_to_end_id, attempt, entry_no, instructed_at, changed_at)
     select id, id, 1, 1, 'SETTLEMENT', id, id, 100, 'GBP', 'E1', 1, 1, now(), now() from bank_account`,
    () => ['I21 account_balance account=1010 programme_no=1 currency_code=GBP'],
  ],
  [
    'a closing balance',
    `update bank_statement set closing_minor = closing_minor + 1 where statement_id = 'S-1'`,
    ([one, two]) => [`I21 bank_statement id=${one}`, `I21 bank_statement id=${two}`],
  ],
  [
    'the last closing balance',
    `update bank_statement set closing_minor = closing_minor + 1 where statement_id = 'S-2'`,
    ([, two]) => ['I21 account_balance account=1000 party=1', `I21 bank_statement id=${two}`],
  ],
  [
    'an amount',
    `update bank_movement set amount_minor = amount_minor + 1 where amount_minor = 500`,
    ([one]) => [`I21 bank_statement id=${one}`],
  ],
  [
    'a movement that is gone',
    `delete from bank_movement where match = 'OPENING'`,
    ([one]) => ['I21 account_balance account=1020 programme_no=1 currency_code=GBP', `I21 bank_statement id=${one}`],
  ],
])('%s', async (_, sql, expected) => {
  await db.superuser.query('set session_replication_role = replica');
  const { rowCount } = await db.superuser.query(sql);
  await db.superuser.query('set session_replication_role = origin');
  expect(rowCount).toBe(1);
  expect((await findings()).sort()).toEqual(expected(statements).sort());
});
