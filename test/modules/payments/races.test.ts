/** Many at once, and large files: nothing is paid twice, no statement counts twice, and a long statement is one. */
import {
  BankAccountService,
  PaymentService,
  ReceiptService,
  ReportService,
  StatementService,
} from '../../../src/modules/payments/index.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { type Booking, statusReport, TestBank } from '../../support/bank.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { confirm, earn, type LedgerFixture, openLedgerFixture, takeBack } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

const CLEARING = 'GB29NWBK60161331926819';
const OF_M1 = 'DE89370400440532013000';

let db: TestDatabase;
let demo: LedgerFixture;
let bank: TestBank;

beforeEach(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  bank = new TestBank(CLEARING, 'GBP');
  const accounts = new BankAccountService(db.database);
  const { rows } = await db.superuser.query<{ code: string }>('select code from partner where no = $1', [demo.m1]);
  for (const owner of [
    { programmeCode: 'demo', iban: CLEARING },
    { partnerCode: rows[0]?.code, iban: OF_M1, bic: 'COBADEFF' },
  ]) {
    const proposed = await accounts.propose(admin(), { ...owner, holderName: 'Somebody' });
    if (!proposed.ok) throw new Error(proposed.failure.message);
    expect((await accounts.approve(admin('somebody-else'), proposed.value.id)).ok).toBe(true);
  }
});
afterEach(async () => {
  const verified = await db.database.command((tx) => verifyLedger(tx));
  const findings = verified
    .flatMap((one) => one.findings)
    .filter(({ invariant }) => !['I7', 'I18'].includes(invariant));
  expect(findings).toEqual([]);
  await db.close();
});

let keys = 0;
const key = (): { idempotencyKey: string } => {
  keys += 1;
  return { idempotencyKey: `key-${keys}` };
};
const settle = async (): Promise<void> => {
  const settled = await new SettlementService(db.database).closeAndSettle(admin(), { programmeCode: 'demo', ...key() });
  if (!settled.ok) throw new Error(settled.failure.message);
};
const instruct = () =>
  new PaymentService(db.database).instruct(admin(), { programmeCode: 'demo', retryRejected: false, ...key() });
const take = (content: string) => new StatementService(db.database).take(admin(), content);
const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, work));
const count = async (sql: string): Promise<number> =>
  (await db.superuser.query<{ count: number }>(`select count(*)::int as count from ${sql}`)).rows[0]?.count ?? 0;

/** m1 owes 13.44 in the first settlement; after the second it is owed 13.44. */
async function oweAndBeOwed(): Promise<void> {
  const parts = [{ funderNo: demo.m1, units: 1_200n }];
  const earned = await earn(db, demo, demo.members[0] as number, parts);
  await confirm(db, demo, earned);
  await settle();
  await takeBack(db, demo, earned, parts, 'CONFIRMED');
  await settle();
}

test('asked eight times at once, the bank is told once', async () => {
  await oweAndBeOwed();
  const answers = await times(8, instruct);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(new Set(answers.map((answer) => (answer.ok ? 'PAID' : answer.failure.code)))).toEqual(
    new Set(['PAID', 'NOTHING_TO_PAY']),
  );
  expect(await count('payment')).toBe(1);
  expect(await count('payment_file')).toBe(1);
});

test('a statement that is uploaded eight times at once counts once', async () => {
  await oweAndBeOwed();
  const content = bank.statement([{ amount: '13.44', iban: OF_M1 }, { amount: '7.00' }]);
  const answers = await times(8, () => take(content));
  expect(answers.filter((answer) => answer.ok && answer.value.isNew)).toHaveLength(1);
  expect(answers.every(({ ok }) => ok)).toBe(true);
  expect([await count('bank_statement'), await count('bank_movement')]).toEqual([1, 2]);
});

test('a bank that rejects and books at once is believed once', async () => {
  await oweAndBeOwed();
  const instructed = await instruct();
  if (!instructed.ok) throw new Error(instructed.failure.message);
  const { rows } = await db.superuser.query<{ messageId: string; endToEndId: string }>(
    `select message_id as "messageId", end_to_end_id as "endToEndId" from payment join payment_file f on f.id = file_id`,
  );
  const { messageId, endToEndId } = rows[0] as { messageId: string; endToEndId: string };
  const [report, statement] = await Promise.all([
    new ReportService(db.database).take(admin(), statusReport(messageId, { id: 'R', file: 'RJCT' })),
    take(bank.statement([{ amount: '-13.44', endToEndId }])),
  ]);
  expect(statement.ok).toBe(true);
  const states = await db.superuser.query(
    'select p.state, l.state as line, m.match from payment p join settlement_line l on l.id = line_id cross join bank_movement m',
  );
  expect(states.rows).toEqual([
    report.ok
      ? { state: 'REJECTED', line: 'REJECTED', match: 'UNMATCHED' }
      : { state: 'BOOKED', line: 'CONFIRMED', match: 'BOOKED' },
  ]);
});

test('a receipt is given away once, whoever asks at the same time', async () => {
  await earn(db, demo, demo.members[0] as number, [{ funderNo: demo.m1, units: 10_000n }]).then((earned) =>
    confirm(db, demo, earned),
  );
  await settle();
  await take(bank.statement([{ amount: '10.00' }]));
  const { rows } = await db.superuser.query<{ id: string; code: string }>(
    'select m.id, p.code from bank_movement m cross join partner p where p.no = $1',
    [demo.m1],
  );
  const { id: movementId, code: partnerCode } = rows[0] as { id: string; code: string };
  const amount = { amount: '4.00', currencyCode: 'GBP' };
  const answers = await times(6, () =>
    new ReceiptService(db.database).allocate(admin(), {
      movementId,
      partnerCode,
      purpose: 'SETTLEMENT',
      amount,
      ...key(),
    }),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
  expect(await count('receipt_allocation where amount_minor = 400')).toBe(2);
});

test('a long statement is taken in one go', async () => {
  await oweAndBeOwed();
  const bookings: Booking[] = Array.from({ length: 1_000 }, (_, index) => ({
    amount: '1.00',
    iban: OF_M1,
    remittance: `Invoice ${index}`,
  }));
  expect((await take(bank.statement(bookings))).ok).toBe(true);
  // 13.44 were owed: thirteen receipts and a part of the fourteenth pay them, the rest waits.
  expect(await count('receipt_allocation')).toBe(14);
  expect(await count(`bank_movement where match = 'RECEIVED' and unallocated_minor = 0`)).toBe(13);
  expect(await count(`bank_movement where match = 'RECEIVED' and unallocated_minor = 56`)).toBe(1);
  expect(await count(`bank_movement where reason = 'NOTHING_OWED' and unallocated_minor = 100`)).toBe(986);
});
