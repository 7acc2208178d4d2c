import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { readMapping } from '../../../src/modules/imports/mapping-file.js';
import { MerchantNames } from '../../../src/modules/imports/merchant-names.js';
import { checkProgramme } from '../../../src/modules/programme-files/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { recomputeDecisions } from '../../support/recompute.js';
import { birmingham, birminghamRows, describeWithData, MAPPING_FILE } from './birmingham-feed.js';
import { ADMIN, booksOf, importerOn, monthly, type Places, SILENT } from './feed-fixture.js';
import { endOf, killWhen, startImport } from './importer-process.js';

jest.setTimeout(180_000);

const mapping = () => {
  const reading = readMapping(MAPPING_FILE, readFileSync(MAPPING_FILE, 'utf8'));
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return reading.value;
};

test('the example is sound: its programme, and at least 35 partners known by name', () => {
  const file = join(dirname(MAPPING_FILE), 'programme.yaml');
  expect(checkProgramme(readFileSync(file, 'utf8'), file)).toMatchObject({ problems: [], examples: 4 });
  expect(mapping().partners.filter(({ names }) => names !== undefined).length).toBeGreaterThanOrEqual(35);
});

test.each<[string, string | undefined]>([
  ['bp snax 24 weoley castle', 'bp'],
  ['bpma limited', undefined],
  ['amazon uk marketplace', 'amazon'],
  ['paypal amazon', undefined],
  ['b  q 1302', 'b-and-q'],
  ['asdan', undefined],
  ['kasda daily store', undefined],
  ['iceland', 'iceland'],
  ['icelandair', undefined],
  ['applegreen', undefined],
  ['itunes.com/bill', 'apple'],
  ['hiltons fish bar ltd', undefined],
  ['viking industrial product', undefined],
  ['js online grocery', 'sainsburys'],
])('in the example %j is %s', (name, code) => {
  expect(new MerchantNames(mapping().partners).outletOf(name)?.partnerCode).toBe(code);
});

describeWithData('a slice of the real feed', () => {
  let db: TestDatabase;
  let places: Places;
  beforeAll(async () => {
    places = birmingham();
    const lines: string[] = [];
    for await (const row of birminghamRows()) {
      if (lines.length === 0) lines.push(Object.keys(row).join(','));
      const wanted = /5$/.test(row.card_number ?? '') && (row.trans_date ?? '') < '2014-10-01';
      if (wanted)
        lines.push(
          Object.values(row)
            .map((cell) => `"${cell.replaceAll('"', '""')}"`)
            .join(','),
        );
    }
    const file = join(dirname(places.rejectsFile), 'slice.csv');
    writeFileSync(file, lines.join('\n'));
    places = { ...places, file };
  });
  afterEach(() => db.close());

  test('killed again and again, by the process, it ends in the books of an import that nothing disturbed', async () => {
    db = await openTestDatabase();
    const whole = await importerOn(db).run(ADMIN, monthly(places), SILENT);
    expect(whole).toMatchObject({ rejected: 0, settlements: 6 });
    const books = await booksOf(db);
    const again = await recomputeDecisions(db);
    expect(again.faults).toEqual([]);
    expect(again.decisions).toBeGreaterThan(1_000);
    await db.close();

    db = await openTestDatabase();
    const moments = [
      `r.state = 'STAGING'`,
      `r.next_ordinal > 0`,
      `r.next_ordinal > 500 and r.lanes_done <> 0`,
      `exists (select from settlement_window where state = 'CLOSED' and settlement_id is null) and r.next_ordinal > 700`,
      `r.state = 'RUNNING' and r.next_ordinal > r.total_rows / 2`,
    ];
    const killed: boolean[] = [];
    for (const moment of moments) killed.push(await killWhen(db, places, moment));
    expect(killed.filter(Boolean).length).toBeGreaterThanOrEqual(3);
    const { summary, err } = await endOf(startImport(db, places));
    expect(err).not.toMatch(/hansa:/);
    const { accepted, duplicate, rejected, acceptedAmount, rows } = whole;
    expect(summary).toMatchObject({ accepted, duplicate, rejected, acceptedAmount, rows });
    expect(await booksOf(db)).toBe(books);
  });
});
