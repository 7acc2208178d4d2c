import { existsSync, readFileSync } from 'node:fs';
import { Database, type DbTransaction } from '../../../src/infrastructure/db/database.js';
import { dryImport } from '../../../src/modules/imports/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  ADMIN,
  booksOf,
  csvOf,
  gzipped,
  importerOn,
  line,
  MAPPING,
  marketDays,
  monthly,
  type Places,
  PROGRAMME,
  SILENT,
  writeImport,
} from './feed-fixture.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.close());

const importMonthly = (places: Places, database?: Database) =>
  importerOn(db, database).run(ADMIN, monthly(places), SILENT);
const rows = async <Row>(query: string): Promise<Row[]> => (await db.superuser.query(query)).rows as Row[];
const one = async (query: string): Promise<number> =>
  Number((await rows<{ n: string }>(`select (${query}) as n`))[0]?.n);
const rejectsIn = (places: Places): unknown[] =>
  readFileSync(places.rejectsFile, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as unknown);

/** Rows of every table that an import may write. */
const stored = (): Promise<number> =>
  one(`(select count(*) from programme) + (select count(*) from partner) + (select count(*) from member) + (select count(*) from card)
       + (select count(*) from import_run) + (select count(*) from import_row) + (select count(*) from transaction_source)`);

describe('an import that cannot be right stores nothing', () => {
  const feed = csvOf([line({})]);
  test.each<[string, () => Places, object, RegExp]>([
    [
      'a column that the feed lacks',
      () => writeImport(feed, { mapping: MAPPING.replaceAll('ledger', 'leger') }),
      {},
      /mapping\.yaml:11:13 columns\.category: .*feed\.csv has no column "leger"\. Did you mean "ledger"\?/,
    ],
    [
      'a category that the programme lacks',
      () => writeImport(feed, { mapping: MAPPING.replace('food: [', 'fod: [') }),
      {},
      /mapping\.yaml:\d+:\d+ categories\.fod: The programme "market-day" has no category "fod"; did you mean "food"\?/,
    ],
    [
      'a programme with a wrong rate',
      () => writeImport(feed, { programme: PROGRAMME.replace('rate: 3%', 'rate: 300%') }),
      {},
      /programme\.yaml:\d+:\d+ rules\[1\]\.rate: 300 % is more than 100 %/,
    ],
    [
      'a payout with too many decimals',
      () => writeImport(feed, { mapping: MAPPING.replace('minimumPayout: 0.00', 'minimumPayout: 0.001') }),
      {},
      /contract\.minimumPayout: This is not an amount of EUR; it has at most 2 decimals/,
    ],
    [
      'an unknown issuer',
      () => writeImport(feed, { mapping: MAPPING.replace('issuer: market-bank', 'issuer: other-bank') }),
      {},
      /There is no partner "other-bank", which the mapping names as the issuer/,
    ],
    [
      'another programme than the mapping brings',
      () => writeImport(feed),
      { programmeCode: 'coalition-demo' },
      /The mapping brings the programme "market-day".*--programme says "coalition-demo"/,
    ],
    [
      'no programme',
      () => writeImport(feed, { mapping: MAPPING.replace('programme: programme.yaml\n', '') }),
      {},
      /names no programme file: say with --programme/,
    ],
    [
      'a programme that does not exist',
      () => writeImport(feed, { mapping: MAPPING.replace('programme: programme.yaml\n', '') }),
      { programmeCode: 'nowhere' },
      /There is no programme "nowhere"/,
    ],
    [
      'a feed that does not exist',
      () => ({ ...writeImport(feed), file: 'no-such-file.csv' }),
      {},
      /The feed file no-such-file\.csv does not exist/,
    ],
    [
      'a mapping that does not exist',
      () => ({ ...writeImport(feed), mappingFile: 'no-such-mapping.yaml' }),
      {},
      /The mapping file no-such-mapping\.yaml does not exist/,
    ],
  ])('%s', async (_, places, differs, sentence) => {
    await expect(importerOn(db).run(ADMIN, { ...monthly(places()), ...differs }, SILENT)).rejects.toThrow(sentence);
    expect(await stored()).toBe(0);
  });

  test('a feed that breaks off in the middle stages nothing, and imports once it is whole', async () => {
    const text = csvOf(
      Array.from({ length: 30_000 }, (_, index) =>
        line({ row: String(index), amount: `${(index % 90) + 1}.00`, delivery: `${index}` }),
      ),
    );
    const places = writeImport(gzipped(text).subarray(0, 30_000));
    await expect(importMonthly(places)).rejects.toThrow(/damaged or cut short/);
    expect(
      await one(
        '(select count(*) from member) + (select count(*) from import_row) + (select count(*) from transaction_source)',
      ),
    ).toBe(0);
  });

  test('a partner may not import', async () => {
    const partner = { kind: 'PARTNER', partnerNo: 1, partnerCode: 'x', subject: 'x', scopes: ADMIN.scopes } as const;
    await expect(importerOn(db).run(partner, monthly(writeImport(feed)), SILENT)).rejects.toThrow(/may/);
    expect(await stored()).toBe(0);
  });
});

test('rows are taken in, told apart and answered for', async () => {
  const places = writeImport(
    csvOf([
      line({ row: '1', day: '2020-02-03', shop: 'the fish stall', amount: '200.00' }),
      line({ row: '2', day: '2020-01-05' }),
      line({ row: '3', day: '2020-01-05' }), // equal within its delivery: another purchase
      line({ row: '4', day: '2020-01-05', delivery: 'b.csv' }), // delivered again
      line({ row: '5', day: 'never' }),
      line({ row: '6', day: '2020-01-07', amount: '-4.00' }),
      line({ row: '7', day: '2020-01-08', shop: 'tailor', amount: '-7.00' }), // a refund without its purchase
      line({ row: '8', day: '2999-01-01' }),
      line({ row: '9', day: '2020-01-09', currency: 'USD', amount: '12', billed: '11.50', card: '****9999' }),
    ]),
  );
  const summary = await importMonthly(places);
  expect(summary).toMatchObject({
    accepted: 6,
    duplicate: 1,
    rejected: 2,
    acceptedAmount: '220.50', // 200 + 10 + 10 - 4 - 7 + 11.50
    currencyCode: 'EUR',
    programme: 'market-day',
    rows: 9,
    settlements: 2,
    resumed: false,
    rejectsFile: places.rejectsFile,
  });
  expect(rejectsIn(places)).toEqual([
    { line: 6, code: 'MALFORMED_DATE', reason: 'The date "never" is not a day written YYYY-MM-DD.' },
    { line: 9, code: 'OCCURRED_IN_FUTURE', reason: expect.stringContaining('future') },
  ]);
  expect(await rows('select code from member order by code')).toEqual([
    { code: 'holder-1234' },
    { code: 'holder-9999' },
  ]);
  expect(
    await rows(
      `select p.code, count(*)::int as purchases from transaction t left join partner p on p.no = t.merchant_no group by 1 order by 1`,
    ),
  ).toEqual([
    { code: 'baker', purchases: 3 },
    { code: 'fishmonger', purchases: 1 },
    { code: null, purchases: 1 },
  ]);
  expect(await one('select count(*) from import_row')).toBe(0);
  expect(await rows('select state, total_rows, next_ordinal from import_run')).toEqual([
    { state: 'DONE', total_rows: 9, next_ordinal: 9 },
  ]);
});

test('a month is ended when the next begins: its window is closed with what was due by its last day', async () => {
  // Ten days of hold: the purchase of the 25th is due in February, and February is the last month.
  await importMonthly(
    writeImport(
      csvOf([
        line({ day: '2020-01-10' }),
        line({ row: '2', day: '2020-01-25' }),
        line({ row: '3', day: '2020-02-20' }),
      ]),
    ),
  );
  expect(
    await rows(
      `select w.place::int as month, sum(p.amount)::int as "bakerPays" from (select no, dense_rank() over (order by no) as place from settlement_window) w
       join posting p on p.window_no = w.no and p.account = 1100 and p.party = (select no from partner where code = 'baker')
       join journal_entry j on j.no = p.entry_no and j.kind <> 16 group by 1 order by 1`,
    ),
  ).toEqual([
    { month: 1, bakerPays: 34 }, // 30 for the 10th, commission 3, VAT 1
    { month: 2, bakerPays: 34 }, // the 25th of January; the 20th of February waits until the 1st of March
  ]);
  expect(await one('select count(*) from due')).toBe(2);
});

test('a month that is not over is neither confirmed ahead of time nor closed', async () => {
  const [today] = await rows<{ day: string }>(
    `select to_char(hansa_now() at time zone 'Europe/Lisbon', 'YYYY-MM-DD') as day`,
  );
  const summary = await importMonthly(writeImport(csvOf([line({ day: today?.day ?? '' })])));
  expect(summary).toMatchObject({ accepted: 1, settlements: 0 });
  expect(await one('select count(*) from settlement_window')).toBe(1);
});

test('without --close nothing is closed', async () => {
  const summary = await importerOn(db).run(ADMIN, { ...writeImport(csvOf(marketDays())), closePolicy: 'NONE' }, SILENT);
  expect(summary.settlements).toBe(0);
  expect(await rows('select state from settlement_window')).toEqual([{ state: 'OPEN' }]);
});

describe('the same feed in another dress', () => {
  test.each<[string, (text: string) => Places]>([
    ['gzip', (text) => writeImport(gzipped(text), { name: 'feed.csv.gz' })],
    [
      'NDJSON',
      (text) => {
        const [header = '', ...lines] = text.split('\n');
        const names = header.split(',');
        const objects = lines.map((cells) =>
          JSON.stringify(Object.fromEntries(cells.split(',').map((cell, index) => [names[index], cell]))),
        );
        return writeImport(objects.join('\n'), {
          mapping: MAPPING.replace('format: csv', 'format: ndjson'),
          name: 'feed.ndjson',
        });
      },
    ],
    [
      'other line order',
      (text) => writeImport([text.split('\n')[0], ...text.split('\n').slice(1).reverse()].join('\n')),
    ],
  ])('%s is a file of duplicates', async (_, dressed) => {
    const text = csvOf(marketDays());
    const first = await importMonthly(writeImport(text));
    const books = await booksOf(db);
    const again = await importMonthly(dressed(text));
    expect(again).toMatchObject({
      accepted: 0,
      duplicate: first.rows,
      rejected: 0,
      acceptedAmount: '0.00',
      settlements: 0,
    });
    expect(await booksOf(db)).toBe(books);
  });
});

test('imported again a feed accepts nothing and changes nothing, also with entries of others in the open window', async () => {
  const places = writeImport(csvOf(marketDays()));
  const first = await importMonthly(places);
  expect(first).toMatchObject({ accepted: 90, duplicate: 22, rejected: 0, settlements: 3 });
  await importerOn(db).run(
    ADMIN,
    { ...writeImport(csvOf([line({ day: '2020-06-02', card: '****1001' })])), closePolicy: 'NONE' },
    SILENT,
  );
  const books = await booksOf(db);
  expect(await importMonthly(places)).toMatchObject({
    accepted: 0,
    duplicate: 112,
    rejected: 0,
    settlements: 0,
    resumed: false,
  });
  expect(await booksOf(db)).toBe(books);
});

test('a feed with its own references needs no key; a reference on two cards goes to the first in order', async () => {
  const mapping = MAPPING.replace(/key:\n.*\n.*\n/, '').replace(
    '  category: ledger',
    '  category: ledger\n  reference: delivery',
  );
  const lines = Array.from({ length: 12 }, (_, index) =>
    line({ row: String(index), card: `****100${index}`.slice(-8), delivery: `ref-${index % 6}`, day: '2020-01-05' }),
  );
  const places = writeImport(csvOf(lines), { mapping });
  expect(await importMonthly(places)).toMatchObject({ accepted: 6, duplicate: 0, rejected: 6 });
  expect(rejectsIn(places)).toEqual(
    Array.from({ length: 6 }, (_, index) => ({
      line: index + 8,
      code: 'REFERENCE_CONFLICT',
      reason: expect.any(String),
    })),
  );
});

test('a dry run tells and stores nothing', async () => {
  const places = writeImport(csvOf([...marketDays(), line({ amount: 'x' })]));
  const told = await dryImport(places, () => Promise.reject(new Error('asked')), SILENT);
  expect(told).toMatchObject({ accepted: 90, duplicate: 22, rejected: 1, rows: 113, dryRun: true });
  expect(rejectsIn(places)).toHaveLength(1);
  expect(await stored()).toBe(0);
  const { acceptedAmount } = await importMonthly(places);
  expect(told.acceptedAmount).toBe(acceptedAmount);
});

test('the rejects file is written anew, and goes when there are none', async () => {
  const places = writeImport(csvOf([line({ day: 'x' })]));
  await importMonthly(places);
  expect(rejectsIn(places)).toHaveLength(1);
  await importMonthly({ ...writeImport(csvOf([line({})])), rejectsFile: places.rejectsFile });
  expect(existsSync(places.rejectsFile)).toBe(false);
});

test('of two importers of one file at once the second is refused', async () => {
  const places = writeImport(csvOf(marketDays()));
  const [a, b] = await Promise.allSettled([importMonthly(places), importMonthly(places)]);
  const refused = [a, b].filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toMatchObject({
    name: 'OperatorError',
    message: expect.stringMatching(/Another process is importing this file/),
  });
});

test('what exists already is used as it is: partners, contracts, members and cards', async () => {
  await importMonthly(writeImport(csvOf([line({})])));
  const mapping = MAPPING.replace('commission: 5%', 'commission: 50%').replace('name: Baker', 'name: Another Baker');
  await importMonthly(writeImport(csvOf([line({ day: '2020-03-01' })]), { mapping }));
  expect(await rows(`select name from partner where code = 'baker'`)).toEqual([{ name: 'Baker' }]);
  expect(await one('select count(*) from contract')).toBe(3);
  expect(await one('select count(*) from card')).toBe(1);
});

/** Dies after its n-th transaction: what was committed stays, and nothing more is done. */
class MortalDatabase extends Database {
  private dead = false;
  constructor(
    alive: Database,
    private left: number,
  ) {
    super(alive.pool, alive.secrets);
  }

  override async command<T>(work: (tx: DbTransaction) => Promise<T>): Promise<T> {
    if (this.dead) return new Promise(() => undefined);
    const answer = await super.command(work);
    this.left -= 1;
    if (this.left > 0) return answer;
    this.dead = true;
    throw new Error('killed');
  }
}

test('killed after each of its transactions in turn it ends in the same books', async () => {
  const places = writeImport(csvOf([...marketDays(), line({ row: '200', day: '2020-02-02', amount: 'x' })]));
  const whole = await importMonthly(places);
  const books = await booksOf(db);
  await db.close();
  db = await openTestDatabase();
  let deaths = 0;
  for (;;) {
    const mortal = new MortalDatabase(db.database, deaths + 1);
    const summary = await importMonthly(places, mortal).catch((error: Error) => error.message);
    if (typeof summary !== 'string') {
      const { accepted, duplicate, rejected, acceptedAmount, rows: count } = whole;
      expect(summary).toMatchObject({ rejected, rows: count });
      // A death in the very last transaction leaves a finished run; what follows is the file taken in again.
      expect([
        { accepted, duplicate, acceptedAmount, resumed: true },
        { accepted: 0, duplicate: accepted + duplicate, acceptedAmount: '0.00', resumed: false },
      ]).toContainEqual({
        accepted: summary.accepted,
        duplicate: summary.duplicate,
        acceptedAmount: summary.acceptedAmount,
        resumed: summary.resumed,
      });
      break;
    }
    expect(summary).toBe('killed');
    deaths += 1;
  }
  expect(deaths).toBeGreaterThan(15);
  expect(await booksOf(db)).toBe(books);
  expect(rejectsIn(places)).toHaveLength(1);
});
