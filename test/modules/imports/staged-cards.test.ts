/** The cards of a feed are told where they first stand, and read back in pieces: no feed has too many of them. */
import { openStage, stagedCards } from '../../../src/modules/imports/import.sql.js';
import { readMapping } from '../../../src/modules/imports/mapping-file.js';
import { Translator } from '../../../src/modules/imports/translate.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { type Line, line, MAPPING } from './feed-fixture.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

function translator() {
  const reading = readMapping('mapping.yaml', MAPPING);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  const made = new Translator(reading.value, { currencyCode: 'EUR', timeZone: 'Europe/Lisbon' });
  return (differs: Line) => {
    const row = made.translate(made.columns.map((column) => (line(differs) as Record<string, string>)[column] ?? ''));
    return 'code' in row ? row.code : row.newCard?.token;
  };
}

it('a card is told with the first row that can be taken in, and again when it has been forgotten', () => {
  const tokenOf = translator();
  expect(tokenOf({ card: '****1111', amount: 'none' })).toBe('MALFORMED_AMOUNT');
  const token = tokenOf({ card: '****1111' });
  expect(token).toContain('1111');
  expect(tokenOf({ card: '****1111' })).toBeUndefined();
  for (let card = 0; card < 20_000; card += 1) tokenOf({ card: `many-${10_000 + card}` });
  expect(tokenOf({ card: '****1111' })).toBe(token);
});

it('all of them are read, also where pages end and where two rows have one line', async () => {
  await db.database.command(async (tx) => {
    await openStage(tx);
    const connection = await tx.connection();
    for (const [index, card] of ['a', null, 'b', 'c', null, 'd', 'e', null].entries())
      await connection.query('insert into import_stage (line_no, card) values ($1, $2)', [index >> 1, card]);
    for (const atOnce of [1, 2, 5, 9]) {
      const pages: (readonly string[])[] = [];
      for await (const page of stagedCards(tx, atOnce)) pages.push(page);
      expect(pages.flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(atOnce);
      await connection.query('drop index import_stage_card');
    }
  });
});
