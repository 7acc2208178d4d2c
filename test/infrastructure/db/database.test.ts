import { readerFor } from '../../../src/infrastructure/db/orm.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

describe('the worker database', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  it('is migrated and knows that it is a test', async () => {
    const { rows } = await db.superuser.query('select environment from deployment');
    expect(rows).toEqual([{ environment: 'test' }]);
    expect(await readerFor(db.reader, {}).execute('select current_user')).toEqual([{ current_user: 'hansa_reader' }]);
    expect(await db.writer.em.fork().execute('select current_user')).toEqual([{ current_user: 'hansa_writer' }]);
  });
});
