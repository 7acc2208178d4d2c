/** The whole real feed, end to end. What is expected of it is computed here, from the file, by other means. */
import { jest } from '@jest/globals';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { recomputeDecisions } from '../../support/recompute.js';
import { birmingham, birminghamRows, describeWithData } from './birmingham-feed.js';
import { ADMIN, booksOf, importerOn, monthly, SILENT } from './feed-fixture.js';
import { endOf, killWhen, startImport } from './importer-process.js';

jest.setTimeout(30 * 60_000);

const KEY = [
  'card_number',
  'trans_date',
  'merchant_name',
  'original_gross_amt',
  'original_cur',
  'billing_gross_amt',
  'billing_cur_code',
  'trans_cac_code_1',
  'trans_cac_code_2',
  'trans_cac_code_3',
] as const;

/** Pence of a decimal, through its text. */
function penceOf(text: string): bigint {
  const [whole = '0', pence = ''] = text.replace('-', '').split('.');
  const amount = BigInt(whole) * 100n + BigInt(pence.padEnd(2, '0'));
  return text.startsWith('-') ? -amount : amount;
}

/** How many different purchases and refunds there are, and what they come to. */
async function expectedOfFile() {
  const inDelivery = new Map<string, number>();
  const messages = new Set<string>();
  const cards = new Set<string>();
  const months = new Set<string>();
  let rows = 0;
  let pence = 0n;
  for await (const row of birminghamRows()) {
    rows += 1;
    cards.add(row.card_number as string);
    months.add((row.trans_date as string).slice(0, 7));
    const key = KEY.map((column) => row[column]).join('|');
    const delivery = `${row.source_file}|${key}`;
    const occurrence = (inDelivery.get(delivery) ?? 0) + 1;
    inDelivery.set(delivery, occurrence);
    const message = `${key}|${occurrence}`;
    if (messages.has(message)) continue;
    messages.add(message);
    const isForeign = row.original_cur !== '' && row.original_cur !== 'GBP';
    pence += penceOf((isForeign ? row.billing_gross_amt : row.original_gross_amt) as string);
  }
  const amount = `${pence / 100n}.${String(pence % 100n).padStart(2, '0')}`;
  return { rows, messages: messages.size, amount, cards: cards.size, months: months.size };
}

describeWithData('the whole feed of examples/birmingham', () => {
  let db: TestDatabase;
  let books: string;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  const findings = async () => (await db.database.command((tx) => verifyLedger(tx))).flatMap((one) => one.findings);
  const numbers = async (query: string): Promise<number[]> =>
    (await db.superuser.query<{ n: string }>(query)).rows.map(({ n }) => Number(n));

  test('is taken in to the last row, and the books are sound', async () => {
    const expected = await expectedOfFile();
    expect(expected).toMatchObject({ rows: 185_908, messages: 181_300, cards: 1_523 });
    const summary = await importerOn(db).run(ADMIN, monthly(birmingham()), SILENT);
    console.info(`${summary.rowsPerSecond} rows/s, ${summary.seconds} s`);
    expect(summary).toMatchObject({
      accepted: expected.messages,
      duplicate: expected.rows - expected.messages,
      rejected: 0,
      acceptedAmount: expected.amount,
      rows: expected.rows,
    });
    expect(await numbers('select count(*) as n from member')).toEqual([expected.cards]);
    expect(await numbers('select count(*) as n from import_row')).toEqual([0]);
    expect(await findings()).toEqual([]);
    books = await booksOf(db);
  });

  test('settles nearly every month with most of its partners', async () => {
    const lines = await numbers(
      'select count(*) filter (where party_no > 0 and net_minor <> 0) as n from settlement_line group by settlement_id',
    );
    expect(lines.filter((count) => count >= 20).length).toBeGreaterThanOrEqual(40);
    const openPositions = await numbers(
      `select count(*) as n from account_balance b join settlement_window w on w.no = b.window_no
       where b.account = 1100 and b.balance <> 0 and w.settlement_id is not null`,
    );
    expect(openPositions).toEqual([0]);
  });

  test('says of every refund what it was matched to, and no refund takes more than was earned', async () => {
    const reasons = await numbers(
      `select count(*) as n from transaction_source where kind = 2 and match_reason is null`,
    );
    expect(reasons).toEqual([0]);
    const overdrawn = await numbers(
      `select count(*) as n from accrual a
       join (select accrual_id, sum(units) as units from accrual_reversal group by 1) r on r.accrual_id = a.id where r.units > a.units`,
    );
    expect(overdrawn).toEqual([0]);
  });

  test('every decision comes out again: the same accruals, the same digest, the same that refunds left', async () => {
    const { decisions, accruals, faults } = await recomputeDecisions(db);
    console.info(`${decisions} decisions and ${accruals} accruals computed again`);
    expect(faults).toEqual([]);
    expect(await numbers('select count(*) as n from accrual')).toEqual([accruals]);
  });

  test('accepts nothing and changes nothing the second time', async () => {
    const again = await importerOn(db).run(ADMIN, monthly(birmingham()), SILENT);
    expect(again).toMatchObject({
      accepted: 0,
      duplicate: 185_908,
      rejected: 0,
      acceptedAmount: '0.00',
      settlements: 0,
    });
    expect(await booksOf(db)).toBe(books);
  });

  test('killed in the middle and started again it ends in the same books, balance for balance', async () => {
    await db.close();
    db = await openTestDatabase();
    const places = birmingham();
    for (const share of [3, 2])
      expect(await killWhen(db, places, `r.state = 'RUNNING' and r.next_ordinal > r.total_rows / ${share}`)).toBe(true);
    const { summary } = await endOf(startImport(db, places));
    expect(summary).toMatchObject({ accepted: 181_300, duplicate: 4_608, rejected: 0, resumed: true });
    expect(await booksOf(db)).toBe(books);
    expect(await findings()).toEqual([]);
  });
});
