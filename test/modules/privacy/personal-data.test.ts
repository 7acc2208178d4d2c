/** Every column of every table that is about members is decided upon: a new one fails here until it is. */
import { PERSONAL_DATA } from '../../../src/modules/privacy/personal-data.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('of each column of each table that names a member it is written what becomes of it', async () => {
  const { rows } = await db.superuser.query<{ name: string; columns: string[] }>(
    `select table_name as name, array_agg(column_name::text order by column_name) as columns
     from information_schema.columns c where table_schema = 'public'
       and (table_name in ('member', 'import_row') or exists (select from information_schema.columns o
         where o.table_schema = 'public' and o.table_name = c.table_name and o.column_name ~ '(^|_)member_no$'))
     group by table_name order by table_name`,
  );
  const found = Object.fromEntries(rows.map(({ name, columns }) => [name, columns.sort()]));
  const written = Object.fromEntries(
    PERSONAL_DATA.map(({ table, kept, erased }) => [table, [...Object.values(kept).flat(), ...erased].sort()]),
  );
  expect(written).toEqual(found);
});
