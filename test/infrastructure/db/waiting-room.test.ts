/** Nobody waits for a connection behind more than a bounded number of others. */
import pg from 'pg';
import { isDatabaseUnavailable } from '../../../src/infrastructure/db/unavailable.js';
import { boundWaiting } from '../../../src/infrastructure/db/waiting-room.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

it('refuses at once when enough are waiting, as something worth asking again, and serves those who wait', async () => {
  const pool = boundWaiting(new pg.Pool({ ...db.database.pool.options, max: 1 }), 2);
  const held = await pool.connect();
  const waiting = [pool.query('select 1 as one'), pool.query('select 2 as one')];
  const refused = await pool.connect().catch((error: unknown) => error);
  expect(isDatabaseUnavailable(refused)).toBe(true);
  await expect(pool.query('select 3')).rejects.toThrow('waiting for a connection');
  held.release();
  expect((await Promise.all(waiting)).map(({ rows }) => rows[0].one)).toEqual([1, 2]);
  expect((await pool.query('select 4 as one')).rows).toEqual([{ one: 4 }]);
  await pool.end();
});
