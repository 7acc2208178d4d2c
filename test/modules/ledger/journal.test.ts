import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind, type JournalEntry } from '../../../src/domain/ledger/entry.js';
import { accrualEntry, confirmationEntry, voidEntry } from '../../../src/domain/ledger/rewards.js';
import { DbTransaction } from '../../../src/infrastructure/db/database.js';
import { type OpenWindow, openProgrammeBooks, openWindows, recordEntries } from '../../../src/modules/ledger/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  BUSINESS_DATE,
  type LedgerFixture,
  openLedgerFixture,
  type Part,
  record,
  shareOf,
} from '../../support/ledger-fixture.js';

let db: TestDatabase;
let demo: LedgerFixture;
beforeAll(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
});
afterAll(() => db.close());

const event = (memberNo: number, ...parts: Part[]) => ({
  memberNo,
  businessDate: BUSINESS_DATE,
  shares: parts.map(shareOf),
});
const balancesOf = async (memberNo: number) =>
  (
    await db.superuser.query('select pending_units, available_units from member_balance where member_no = $1', [
      memberNo,
    ])
  ).rows[0];

describe('recordEntries', () => {
  test('refuses an entry that does not balance, and stores nothing of its batch', async () => {
    const [memberNo] = demo.members as [number];
    const good = accrualEntry(event(memberNo, { funderNo: demo.m1, units: 5n }));
    const bad: JournalEntry = { ...good, postings: good.postings.slice(1) };
    const before = (await db.superuser.query('select count(*) from journal_entry')).rows;
    await expect(record(db, demo.programmeNo, [good, bad])).rejects.toMatchObject({ code: 'HA002' });
    expect((await db.superuser.query('select count(*) from journal_entry')).rows).toEqual(before);
  });

  test('refuses a member without a balance row', async () => {
    await expect(
      record(db, demo.programmeNo, [accrualEntry(event(999_999, { funderNo: demo.m1, units: 5n }))]),
    ).rejects.toThrow('every member has a balance row');
  });

  test('refuses to take more than is pending', async () => {
    const [, memberNo] = demo.members as [number, number];
    const taken = voidEntry(event(memberNo, { funderNo: demo.m1, units: 5n }));
    await expect(record(db, demo.programmeNo, [taken])).rejects.toMatchObject({ code: '23514' });
  });

  test('refuses an entry without postings', async () => {
    const empty: JournalEntry = { kind: EntryKind.ACCRUAL, memberNo: 0, businessDate: BUSINESS_DATE, postings: [] };
    await expect(record(db, demo.programmeNo, [empty])).rejects.toThrow('a journal entry moves something');
  });

  test('nothing to record is nothing', async () => {
    expect(await record(db, demo.programmeNo, [])).toEqual([]);
  });

  test('moves member balances, partner positions by window, and everything else in one row per account', async () => {
    const [, , memberNo] = demo.members as [number, number, number];
    const parts = [
      { funderNo: demo.m2, units: 2333n },
      { funderNo: 0, units: 333n },
    ] as const;
    const numbers = await record(db, demo.programmeNo, [
      accrualEntry(event(memberNo, ...parts)),
      confirmationEntry(event(memberNo, ...parts)),
      accrualEntry(event(memberNo, parts[0])),
    ]);
    expect(new Set(numbers).size).toBe(3);
    expect(await balancesOf(memberNo)).toEqual({ pending_units: '2333', available_units: '2666' });
    const { rows } = await db.superuser.query(
      `select b.account, b.party, b.window_no = w.no as own_window, b.balance
       from account_balance b join unit u on u.no = b.unit and u.programme_no = $1, settlement_window w
       where w.programme_no = $1 and b.party in (0, $2) order by b.account, b.party`,
      [demo.programmeNo, demo.m2],
    );
    expect(
      rows.map(({ account, party, own_window, balance }) => [account, party, own_window, BigInt(balance)]),
    ).toEqual([
      [Account.ISSUED, 0, false, 333n],
      [Account.ISSUED, demo.m2, false, 4666n],
      [Account.POSITION, demo.m2, true, 2613n],
      [Account.FUNDING_PENDING, demo.m2, false, 2333n],
      [Account.PROGRAMME_FUNDING_PENDING, 0, false, 0n],
      [Account.LIABILITY_PENDING, 0, false, -2333n],
      [Account.LIABILITY_AVAILABLE, 0, false, -2666n],
      [Account.OUTPUT_TAX, demo.m2, false, -47n],
      [Account.COMMISSION, demo.m2, false, -233n],
      [Account.PROGRAMME_REWARDS, 0, false, 333n],
    ]);
  });

  test('stores each entry as decided', async () => {
    const [memberNo] = demo.members as [number];
    const sourceId = '0199c0de-0000-7000-8000-000000000001';
    const entry = { ...accrualEntry(event(memberNo, { funderNo: demo.bank, units: 7n })), sourceId };
    const [no] = await record(db, demo.programmeNo, [entry]);
    const stored = await db.superuser.query(
      `select e.kind, e.source_id, to_char(e.business_date, 'YYYY-MM-DD') as day, p.line, p.account, p.party, p.amount, u.kind as book, p.window_no = w.no as in_window
       from journal_entry e join posting p on p.entry_no = e.no and p.member_no = e.member_no join unit u on u.no = p.unit
       join settlement_window w on w.no = e.window_no and w.state = 'OPEN' where e.no = $1 order by p.line`,
      [no],
    );
    expect(stored.rows).toEqual(
      entry.postings.map(({ account, party, amount, book }, line) => ({
        kind: EntryKind.ACCRUAL,
        source_id: sourceId,
        day: BUSINESS_DATE,
        line,
        account,
        party,
        amount: String(amount),
        book,
        in_window: true,
      })),
    );
  });

  test('concurrent batches of more than one block share no number', async () => {
    const [memberNo] = demo.members as [number];
    const entries = Array.from({ length: 1_200 }, () =>
      accrualEntry(event(memberNo, { funderNo: demo.m1, units: 1n })),
    );
    const batches = await Promise.all([1, 2, 3, 4].map(() => record(db, demo.programmeNo, entries)));
    expect(new Set(batches.flat()).size).toBe(4_800);
    for (const numbers of batches) expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
  });

  test('what is recorded is never changed, not even by the owner', async () => {
    await record(db, demo.programmeNo, [
      accrualEntry(event(demo.members[0] as number, { funderNo: demo.m1, units: 1n })),
    ]);
    await expect(db.superuser.query('update posting set amount = 2')).rejects.toMatchObject({ code: 'HA003' });
    await expect(db.superuser.query('delete from journal_entry')).rejects.toMatchObject({ code: 'HA003' });
  });
});

describe('openWindows', () => {
  test('refuses a programme without books', async () => {
    await expect(db.database.command((tx) => openWindows(tx, [demo.programmeNo, 4_711]))).rejects.toThrow(
      'programme 4711 has an open window',
    );
  });

  test('refuses a transaction whose snapshot could be older than the fence', async () => {
    const repeatable = db.database.command(async (tx) => {
      await (await tx.connection()).query('set transaction isolation level repeatable read');
      return openWindows(tx, [demo.programmeNo]);
    });
    await expect(repeatable).rejects.toThrow('the fence needs READ COMMITTED');
  });

  test('gives each programme its own window and units', async () => {
    const other = await openLedgerFixture(db, 'other', 1);
    const { windows, now } = await db.database.command((tx) => openWindows(tx, [other.programmeNo, demo.programmeNo]));
    const [one, two] = [windows.get(demo.programmeNo), windows.get(other.programmeNo)];
    expect(one).toMatchObject({ programmeNo: demo.programmeNo });
    expect(new Set([one?.rewardUnit, one?.moneyUnit, two?.rewardUnit, two?.moneyUnit]).size).toBe(4);
    expect(one?.no).not.toBe(two?.no);
    expect(now).toBeInstanceOf(Date);
  });
});

test('opening books again changes nothing', async () => {
  const state =
    'select (select json_agg(u order by no) from unit u) as units, (select json_agg(w order by no) from settlement_window w) as windows';
  const before = (await db.superuser.query(state)).rows;
  const books = { no: demo.programmeNo, currencyCode: 'GBP', currencyScale: 2, unitCode: 'PTS', unitScale: 0 };
  await db.database.command((tx) => openProgrammeBooks(tx, books));
  expect((await db.superuser.query(state)).rows).toEqual(before);
});

test('batches that name the same members in opposite orders never deadlock', async () => {
  const entries = demo.members.map((no) => accrualEntry(event(no, { funderNo: demo.m1, units: 1n })));
  const recordOnce = async (batch: readonly JournalEntry[]): Promise<void> => {
    const client = await db.database.pool.connect(); // no command runner: it would retry a deadlock
    try {
      await client.query('begin');
      const tx = new DbTransaction(client, db.database.secrets);
      const { now, windows } = await openWindows(tx, [demo.programmeNo]);
      await recordEntries(tx, windows.get(demo.programmeNo) as OpenWindow, now, batch);
      await tx.flush();
    } finally {
      await client.query('rollback');
      client.release();
    }
  };
  const rounds = Array.from({ length: 40 }, (_, round) => recordOnce(round % 2 ? entries : entries.toReversed()));
  expect(await Promise.all(rounds)).toHaveLength(40);
});
