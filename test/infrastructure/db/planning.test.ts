import { statement } from '../../../src/infrastructure/db/database.js';
import { planForWholeTables, planForWindows } from '../../../src/infrastructure/db/planning.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const PLANNING = statement(
  'test.planning',
  `select current_setting('enable_seqscan') as seqscan, current_setting('enable_nestloop') as nestloop,
          current_setting('enable_hashjoin') as hashjoin,
          current_setting('max_parallel_workers_per_gather')::int as helpers`,
);
const seen = (): Promise<unknown> => db.database.command(async (tx) => (await tx.run(PLANNING))[0]);

const BY_KEY = { seqscan: 'off', nestloop: 'on', hashjoin: 'off', helpers: 0 };

test('commands are planned by key, whatever a transaction before them asked for', async () => {
  expect(await seen()).toEqual(BY_KEY);
  const asked = await db.database.command(async (tx) => {
    await planForWindows(tx);
    const windows = (await tx.run(PLANNING))[0];
    await planForWholeTables(tx);
    return [windows, (await tx.run(PLANNING))[0]];
  });
  expect(asked).toEqual([
    { seqscan: 'off', nestloop: 'off', hashjoin: 'on', helpers: 0 },
    { seqscan: 'on', nestloop: 'off', hashjoin: 'on', helpers: 2 },
  ]);
  expect(await Promise.all([seen(), seen(), seen()])).toEqual([BY_KEY, BY_KEY, BY_KEY]);
});

test('reads are planned by the statistics', async () => {
  const [row] = await db.reader.em.fork().execute("select current_setting('enable_seqscan') as seqscan");
  expect(row).toEqual({ seqscan: 'on' });
});
