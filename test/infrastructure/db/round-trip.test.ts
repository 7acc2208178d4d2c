/** Statements that travel together: order, answers, and what fails. */
import { jest } from '@jest/globals';
import type { DbTransaction } from '../../../src/infrastructure/db/database.js';
import type { Statement } from '../../../src/infrastructure/db/statement.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.superuser.query('create table jotted (no bigint primary key, word text)');
  await db.superuser.query('grant all on jotted to hansa_writer');
});
beforeEach(() => db.superuser.query('delete from jotted'));
afterAll(() => db.close());

const of = (name: string, text: string): Statement => ({ name: `test.${name}`, text });
const JOT = of('jot', 'insert into jotted (no, word) values ($1, $2)');
const READ = of('read', 'select no, word from jotted order by no');
const COUNT = of('count', 'select count(*) as count from jotted');
const WRONG = of('wrong', 'select 1 / $1::integer as wrong');
const UNKNOWN = of('unknown', 'select nothing_of_the_kind');

const jotted = async (): Promise<unknown[]> =>
  (await db.superuser.query('select no::integer, word from jotted order by no')).rows;

describe('statements of one tick', () => {
  it('run in their order, each seeing what those before it did', async () => {
    const answers = await db.database.command((tx) =>
      Promise.all([tx.run(COUNT), tx.run(JOT, [1n, 'one']), tx.run(COUNT), tx.run(JOT, [2n, null]), tx.run(READ)]),
    );
    const both = [
      { no: 1n, word: 'one' },
      { no: 2n, word: null },
    ];
    expect(answers).toEqual([[{ count: 0n }], [], [{ count: 1n }], [], both]);
  });

  it('answer the same when the connection knows them already', async () => {
    const twice = (tx: DbTransaction) => Promise.all([tx.run(COUNT), tx.run(COUNT)]);
    const first = await db.database.command(twice);
    expect(await db.database.command(twice)).toEqual(first);
  });

  it('take one message, and one answer, of the server', async () => {
    const sent = await db.database.command(async (tx) => {
      const client = await tx.connection();
      const asked = jest.spyOn(client, 'query');
      for (let no = 1; no <= 20; no += 1) tx.send(JOT, [no, 'one of many']);
      await tx.run(COUNT);
      const messages = asked.mock.calls.length;
      asked.mockRestore();
      return messages;
    });
    expect(sent).toBe(1);
  });
});

describe('what is sent', () => {
  it('is there when the transaction has committed', async () => {
    await db.database.command(async (tx) => tx.send(JOT, [1, 'sent']));
    expect(await jotted()).toEqual([{ no: 1, word: 'sent' }]);
  });

  it('goes before what is asked after it', async () => {
    const seen = await db.database.command((tx) => {
      tx.send(JOT, [1, 'sent']);
      return tx.run(COUNT);
    });
    expect(seen).toEqual([{ count: 1n }]);
  });

  it('fails the commit when it fails, and nothing stays', async () => {
    const failed = db.database.command(async (tx) => {
      tx.send(JOT, [1, 'first']);
      tx.send(JOT, [1, 'again']);
    });
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(await jotted()).toEqual([]);
  });

  it('is dropped when the work throws', async () => {
    const failed = db.database.command(async (tx) => {
      tx.send(JOT, [1, 'sent']);
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await jotted()).toEqual([]);
  });
});

describe('when one fails', () => {
  it('all that travelled with it are refused by its error', async () => {
    const outcomes = await db.database
      .command(async (tx) => {
        const settled = await Promise.allSettled([tx.run(JOT, [1, 'a']), tx.run(WRONG, [0]), tx.run(COUNT)]);
        throw new AggregateError(settled.map((each) => (each.status === 'rejected' ? each.reason : 'no error')));
      })
      .catch((error: AggregateError) => error.errors as { code?: string }[]);
    expect(outcomes.map(({ code }) => code)).toEqual(['22012', '22012', '22012']);
    expect(await jotted()).toEqual([]);
  });

  it('nothing is told to be committed, even if nobody heard of the error', async () => {
    const deaf = db.database.command(async (tx) => {
      await tx.run(JOT, [1, 'a']);
      await tx.run(WRONG, [0]).catch(() => undefined);
      return 'all is well';
    });
    await expect(deaf).rejects.toThrow('it was rolled back, not committed');
  });

  it('the connection stays of use, also for statements that had just been told to it', async () => {
    for (const bad of [WRONG, UNKNOWN]) {
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        const failed = db.database.command((tx) => {
          const after = of(`after-${bad.name}`, 'select 3 as three');
          tx.send(of(`before-${bad.name}`, 'select 2 as two'));
          return Promise.all([tx.run(bad, bad === WRONG ? [0] : []), tx.run(after)]);
        });
        await expect(failed).rejects.toThrow();
        const two = await db.database.command((tx) => tx.run(of(`before-${bad.name}`, 'select 2 as two')));
        expect(two).toEqual([{ two: 2 }]);
      }
      const three = await db.database.command((tx) => tx.run(of(`after-${bad.name}`, 'select 3 as three')));
      expect(three).toEqual([{ three: 3 }]);
    }
    expect(await db.database.command((tx) => tx.run(WRONG, [1]))).toEqual([{ wrong: 1 }]);
  });
});

it('carries every kind of value', async () => {
  const echo = of(
    'echo',
    'select $1::bigint as big, $2::text as text, $3::timestamptz as at, $4::jsonb as json, $5::bytea as bytes, $6::boolean as yes, $7::text[] as texts, $8::bytea[] as many, $9::date as day, $10::bigint[] as bigs',
  );
  const at = new Date('2026-03-01T10:11:12.345Z');
  const values = {
    big: 2n ** 60n,
    text: 'ü "quoted" \\ {,}',
    at,
    json: { a: [1, 'x'] },
    bytes: Buffer.from([0, 255, 10]),
    yes: true,
    texts: ['a,b', '"', '\\', null, ''],
    many: [Buffer.from([1, 2])],
    day: '2026-03-01',
    bigs: [1n, -2n],
  };
  const [row] = await db.database.command((tx) => tx.run(echo, Object.values(values)));
  expect(row).toEqual(values);
});
