/** The accounting export: every line of the money book, once, in balance, and nobody's name in it. */
import { parse } from 'csv-parse/sync';
import { ForbiddenError } from '../../../src/domain/access/forbidden.js';
import { AccountingService } from '../../../src/modules/accounting/index.js';
import { confirmDue } from '../../../src/modules/earning/index.js';
import { resolverInstances } from '../../../src/resolver-instances.js';
import { resolvers } from '../../../src/resolvers.js';
import { createServices } from '../../../src/services.js';
import { openEdge } from '../../api/edge.js';
import { type Coalition, makeCoalition, purchase, refund } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { admin, partner } from '../../support/principals.js';

let db: TestDatabase;
let coalition: Coalition;
/** Numbers of the closed window and of the open one. */
let closed: number;
let today: string;

beforeAll(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db);
  await coalition.submit(
    purchase({ reference: '=HYPERLINK("x")' }),
    purchase({ payer: { cardToken: 'token-b-0001' }, amountMinor: 5_000n }),
  );
  await confirmDue(db.database, coalition.programmeNo, '2026-03-30');
  await coalition.submit(refund({ refundOf: '=HYPERLINK("x")', amountMinor: 2_000n }));
  const { settlement } = createServices(db);
  const settled = await settlement.closeAndSettle(admin(), { programmeCode: 'coalition-test', idempotencyKey: 'one' });
  if (!settled.ok || settled.value.window === undefined) throw new Error('nothing was settled');
  closed = settled.value.window.no;
  await coalition.submit(purchase());
  today = (await db.superuser.query<{ day: string }>(`select (now() at time zone 'Europe/London')::date::text as day`))
    .rows[0]?.day as string;
});
afterAll(() => db.close());

type Cells = Readonly<Record<string, string>>;

/** All pages of so many entries each, put together. */
async function exported(wish: object, pageSize?: number): Promise<{ csv: string; rows: Cells[]; pages: number }> {
  const accounting = new AccountingService(db.database, pageSize);
  const range = await accounting.range(admin(), { programmeCode: 'coalition-test', ...wish });
  if (!range.ok) throw new Error(range.failure.message);
  let page = await accounting.page(admin(), range.value);
  let csv = page.csv;
  let pages = 1;
  for (; page.next !== undefined; pages += 1) {
    page = await accounting.page(admin(), range.value, page.next);
    csv += page.csv;
  }
  return { csv, rows: parse(csv, { columns: true }) as Cells[], pages };
}

/** "12.30" -> 1230n */
const minor = (decimal: string | undefined): bigint => BigInt((decimal ?? '').replace('.', '') || '0');
const sum = (rows: readonly Cells[], column: 'debit' | 'credit'): bigint =>
  rows.reduce((total, row) => total + minor(row[column]), 0n);
const postings = async (where: string): Promise<number> =>
  (
    await db.superuser.query(
      `select p.entry_no from posting p join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no
       join unit u on u.no = p.unit and u.kind = 'MONEY' where ${where}`,
    )
  ).rowCount ?? 0;

test('a window: every posting of its money book but those of its settlement, in balance', async () => {
  const { rows } = await exported({ windowNo: closed });
  expect(rows).toHaveLength(await postings(`e.window_no = ${closed} and e.kind <> 16`));
  expect(sum(rows, 'debit')).toBe(sum(rows, 'credit'));
  expect(rows[0]).toEqual({
    date: today,
    entry: rows[0]?.entry,
    line: '2',
    account: '1105',
    account_name: 'Funding pending, partner',
    party: 'bank',
    debit: '1.00',
    credit: '',
    currency: 'GBP',
    text: 'Reward earned',
    business_date: '2026-03-10',
    window: String(closed),
    message_of: 'bank',
    reference: `'=HYPERLINK("x")`,
  });
});

test('days: with the settlement, and what came after it', async () => {
  const { rows } = await exported({ from: today, until: today });
  expect(rows).toHaveLength(await postings('true'));
  expect(rows.filter(({ text }) => text === 'Settlement').map(({ party }) => party)).toEqual(
    expect.arrayContaining(['bank', 'shop']),
  );
  expect(new Set(rows.map(({ window }) => window)).size).toBe(2);
  expect((await exported({ from: '2020-01-01', until: '2020-12-31' })).rows).toEqual([]);
});

test('pages put together are the same file', async () => {
  const whole = await exported({ from: today, until: today });
  const parts = await exported({ from: today, until: today }, 2);
  expect([whole.pages, parts.pages > 2, parts.csv]).toEqual([1, true, whole.csv]);
});

test('a member is an id, never a code', async () => {
  await db.superuser.query(
    `insert into journal_entry (no, member_no, programme_no, window_no, kind, business_date, recorded_at)
     select 900000001, $1, $2, max(no), 26, '2026-03-10', hansa_now() from settlement_window`,
    [coalition.members.a, coalition.programmeNo],
  );
  await db.superuser.query(
    `insert into posting (entry_no, member_no, line, account, party, unit, window_no, amount)
     select 900000001, $1, l.line, l.account, l.party, u.no, (select max(no) from settlement_window), l.amount
     from unit u cross join (values (1, 5010, 0, 70), (2, 1300, $1::int, -70)) l (line, account, party, amount) where u.kind = 'MONEY'`,
    [coalition.members.a],
  );
  const { rows } = await exported({ from: today, until: today });
  const id = (await db.superuser.query(`select id from member where no = $1`, [coalition.members.a])).rows[0]?.id;
  expect(rows.filter(({ account }) => account === '1300')).toMatchObject([{ party: id, credit: '0.70', debit: '' }]);
  await db.superuser.query('alter table posting disable trigger all; delete from posting where entry_no = 900000001');
  await db.superuser.query('alter table posting enable trigger all; alter table journal_entry disable trigger all');
  await db.superuser.query(
    'delete from journal_entry where no = 900000001; alter table journal_entry enable trigger all',
  );
});

test.each([
  ['neither', {}, 'Give either the number of a window, or the first and the last day.'],
  ['both', { windowNo: 1, from: '2026-01-01', until: '2026-01-31' }, 'Give either the number of a window'],
  ['half a period', { from: '2026-01-01' }, 'Give either the number of a window'],
  ['backwards', { from: '2026-02-01', until: '2026-01-31' }, 'The first day is after the last one.'],
  ['no window', { windowNo: 4711 }, 'The programme has no window 4711'],
  ['no programme', { programmeCode: 'none', windowNo: 1 }, 'There is no programme "none"'],
])('%s is refused in a sentence', async (_what, wish, sentence) => {
  const range = await new AccountingService(db.database).range(admin(), { programmeCode: 'coalition-test', ...wish });
  expect(range).toMatchObject({ ok: false, failure: { message: expect.stringContaining(sentence) } });
});

test('no partner exports the books', async () => {
  const wish = { programmeCode: 'coalition-test', windowNo: closed };
  await expect(new AccountingService(db.database).range(partner(coalition.shopNo), wish)).rejects.toThrow(
    ForbiddenError,
  );
});

test('through the API: sums by account and by currency, and the parts of the file', async () => {
  const edge = await openEdge({ db, resolvers, container: resolverInstances(db, createServices(db)) });
  const token = await edge.token({ principal: 'ADMIN' });
  const answer = await edge.ask(
    `{ accountingExport(programmeCode: "coalition-test", windowNumber: ${closed}) {
         isFinal accounts { account name lines debit { amount } credit { amount } }
         totals { lines debit { amount currencyCode } credit { amount currencyCode } } part { csv lines endCursor } } }`,
    { token },
  );
  await edge.stop();
  const { csv, rows } = await exported({ windowNo: closed });
  // biome-ignore lint/suspicious/noExplicitAny: what was asked for above
  const { isFinal, accounts, totals, part } = (answer.data as any).accountingExport;
  expect([isFinal, part]).toEqual([true, { csv, lines: rows.length, endCursor: null }]);
  expect(totals).toEqual([{ lines: rows.length, debit: totals[0].credit, credit: totals[0].credit }]);
  expect(minor(totals[0].debit.amount)).toBe(sum(rows, 'debit'));
  const positions = rows.filter(({ account }) => account === '1100');
  expect(accounts.find(({ account }: { account: number }) => account === 1100)).toMatchObject({
    name: 'Partner position, open',
    lines: positions.length,
  });
});
