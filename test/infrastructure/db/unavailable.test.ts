/** Errors as the driver and the ORM really throw them. */
import pg from 'pg';
import { isDatabaseUnavailable } from '../../../src/infrastructure/db/unavailable.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

async function withPool<T>(options: pg.PoolConfig, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: db.urls.writer, ...options });
  pool.on('error', () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

const slowly = `select pg_sleep(60)`;
const end = (pid: number): Promise<unknown> => db.superuser.query('select pg_terminate_backend($1)', [pid]);

test.each<[string, () => Promise<unknown>]>([
  [
    'nothing listens',
    () =>
      withPool({ connectionString: 'postgres://x@127.0.0.1:1/x' }, (pool) => thrownBy(() => pool.query('select 1'))),
  ],
  [
    'no connection is free',
    () =>
      withPool({ max: 1, connectionTimeoutMillis: 3_000 }, async (pool) => {
        const taken = await pool.connect();
        const error = await thrownBy(() => pool.query('select 1'));
        taken.release();
        return error;
      }),
  ],
  [
    'a statement takes too long',
    () => withPool({ statement_timeout: 50 }, (pool) => thrownBy(() => pool.query(slowly))),
  ],
  [
    'the connection is ended by the server',
    () =>
      withPool({ max: 1 }, async (pool) => {
        const { rows } = await pool.query('select pg_backend_pid() as pid');
        const [error] = await Promise.all([thrownBy(() => pool.query(slowly)), end(rows[0].pid)]);
        return error;
      }),
  ],
  [
    'the same, through the ORM',
    async () => {
      const em = db.reader.em.fork();
      return thrownBy(() =>
        em.transactional(async (em) => {
          const rows = await em.execute<{ pid: number }[]>('select pg_backend_pid() as pid');
          await end(rows[0]?.pid ?? 0);
          await em.execute('select 1');
        }),
      );
    },
  ],
  [
    'a connection that ended before',
    async () => {
      const client = new pg.Client({ connectionString: db.urls.writer });
      client.on('error', () => undefined);
      await client.connect();
      const { rows } = await client.query('select pg_backend_pid() as pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await end(rows[0].pid);
      await ended;
      return thrownBy(() => client.query('select 1'));
    },
  ],
])('%s: worth asking again', async (_what, fail) => {
  const error = await fail();
  expect([String(error), isDatabaseUnavailable(error)]).toEqual([expect.anything(), true]);
});

test.each<[string, () => Promise<unknown>]>([
  ['a mistake in SQL', () => thrownBy(() => db.superuser.query('selec 1'))],
  ['a broken constraint', () => thrownBy(() => db.superuser.query('insert into partner (code) values (null)'))],
  ['what may not be read', () => thrownBy(() => db.reader.em.fork().execute('select * from api_client_secret'))],
  ['a bug', async () => new TypeError('x is undefined')],
  ['a file that is not there', async () => Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' })],
  ['nothing', async () => undefined],
])('%s: ours to mend', async (_what, fail) => {
  expect(isDatabaseUnavailable(await fail())).toBe(false);
});

test('connections that are lost in transactions of the ORM give their places in the pool back', async () => {
  for (const orm of [db.reader, db.writer]) {
    const pool = (await orm.em.getConnection().getNativeClient()) as pg.Pool;
    for (let times = 0; times < 12; times += 1) {
      const em = orm.em.fork();
      const error = await thrownBy(() =>
        em.transactional(async (em) => {
          const rows = await em.execute<{ pid: number }[]>('select pg_backend_pid() as pid');
          await end(rows[0]?.pid ?? 0);
          await em.execute('select 1');
        }),
      );
      expect(isDatabaseUnavailable(error)).toBe(true);
      expect(pool.totalCount - pool.idleCount).toBe(0);
    }
    expect(await orm.em.fork().execute('select 1 as one')).toEqual([{ one: 1 }]);
  }
});

test('a rollback that fails for another reason does not put a transaction back into the pool', async () => {
  const pool = (await db.writer.em.getConnection().getNativeClient()) as pg.Pool;
  const error = await thrownBy(() =>
    db.writer.em.fork().transactional(async (em) => {
      await em.execute(`set local statement_timeout = '50ms'`);
      await em.execute('select pg_sleep(60)');
    }),
  );
  expect(isDatabaseUnavailable(error)).toBe(true);
  expect(pool.totalCount - pool.idleCount).toBe(0);
  const { rows } = await db.superuser.query(
    `select count(*)::int as open from pg_stat_activity where state like 'idle in transaction%' and application_name = 'hansa writer'
       and datname = current_database()`,
  );
  expect(rows).toEqual([{ open: 0 }]);
});
