/** The entry of an act commits with what it writes, whoever opens the transaction. */
import { v7 } from 'uuid';
import { ForbiddenError } from '../../../src/domain/access/forbidden.js';
import { fail, ok } from '../../../src/domain/kernel/result.js';
import { type Act, ActLog, inAct } from '../../../src/infrastructure/db/acts.js';
import { Batcher } from '../../../src/infrastructure/db/batcher.js';
import { type DbTransaction, statement } from '../../../src/infrastructure/db/database.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const WRITE = statement(
  'acts-test.write',
  `insert into command_key (client, key, operation, body_hash, answer) values ('test', $1, 'TEST', '', '{}')`,
);
const LOOK = statement('acts-test.look', 'select count(*) from command_key');

let db: TestDatabase;
let acts: ActLog;
beforeAll(async () => {
  db = await openTestDatabase();
  acts = new ActLog(db.database);
});
afterAll(() => db.close());

const actOf = (operation: string): Act => ({
  id: v7(),
  operation,
  actor: 'somebody',
  actorKind: 'ADMIN',
  requestId: 'r',
  subjects: [],
  input: { some: 'thing' },
});
const write = (key: string) => (tx: DbTransaction) => tx.run(WRITE, [key]);
const outcomes = async (operation: string): Promise<string[]> => {
  const { rows } = await db.superuser.query<{ text: string }>(
    `select outcome || coalesce(' ' || code, '') as text from audit_entry where operation = $1 order by id`,
    [operation],
  );
  return rows.map(({ text }) => text);
};
/** The entry and the write have one transaction when PostgreSQL gave both rows the same number. */
const together = async (operation: string, key: string): Promise<boolean> => {
  const { rows } = await db.superuser.query<{ same: boolean }>(
    'select a.xmin = k.xmin as same from audit_entry a, command_key k where a.operation = $1 and k.key = $2',
    [operation, key],
  );
  return rows[0]?.same ?? false;
};

test('with the transaction that writes, and once however many there are', async () => {
  await acts.run(actOf('several'), async () => {
    await db.database.command((tx) => tx.run(LOOK));
    await db.database.command(write('several-1'));
    await db.database.command(write('several-2'));
    await Promise.all(['a', 'b', 'c'].map((part) => db.database.command(write(`several-${part}`))));
  });
  expect(await outcomes('several')).toEqual(['DONE']);
  expect(await together('several', 'several-1')).toBe(true);
});

test('with a transaction of the ORM', async () => {
  await acts.run(actOf('by-orm'), () =>
    db.writer.em
      .fork()
      .transactional((em) =>
        em.execute(
          `insert into command_key (client, key, operation, body_hash, answer) values ('test', 'orm', 'TEST', '', '{}')`,
        ),
      ),
  );
  expect(await outcomes('by-orm')).toEqual(['DONE']);
  expect(await together('by-orm', 'orm')).toBe(true);
});

test('nothing of what is rolled back but that it failed', async () => {
  const attempt = acts.run(actOf('broken'), () =>
    db.database.command(async (tx) => {
      await write('broken')(tx);
      throw new Error('broken');
    }),
  );
  await expect(attempt).rejects.toThrow('broken');
  expect(await outcomes('broken')).toEqual(['FAILED']);
});

test.each<[string, () => unknown, string]>([
  ['looked', () => db.database.command((tx) => tx.run(LOOK)), 'UNCHANGED'],
  ['refused', () => ({ userErrors: [{ code: 'UNKNOWN_MEMBER' }] }), 'REFUSED UNKNOWN_MEMBER'],
  [
    'forbidden',
    () => {
      throw new ForbiddenError('no');
    },
    'FORBIDDEN',
  ],
  [
    'refused-with-locks',
    () =>
      db.database.command(async (tx) => {
        await write('refused')(tx);
        return fail('TOO_LATE', 'No.');
      }),
    'REFUSED TOO_LATE',
  ],
])('what wrote nothing is in it too: %s', async (operation, work, outcome) => {
  await acts.run(actOf(operation), async () => work()).catch(() => undefined);
  expect(await outcomes(operation)).toEqual([outcome]);
});

test('each for those whose commands are in a batch, and nothing for the others', async () => {
  const batcher = new Batcher<{ key: string; good: boolean }, unknown>(
    (batch) =>
      db.database.command(async (tx) => {
        for (const { key } of batch) await write(key)(tx);
        return batch.map(({ good }) => (good ? ok(1) : fail('BAD', 'No.')));
      }),
    { lanes: 1, maxBatch: 10, busy: () => 'busy', maxQueue: 100 },
  );
  const submit = (operation: string | undefined, ...commands: { key: string; good: boolean }[]) =>
    operation === undefined ? batcher.submit(commands) : acts.run(actOf(operation), () => batcher.submit(commands));
  await Promise.all([
    submit('first', { key: 'f', good: true }),
    submit('bad', { key: 'b', good: false }),
    submit(undefined, { key: 'n', good: true }),
    submit('mixed', { key: 'm1', good: false }, { key: 'm2', good: true }),
  ]);
  expect(await outcomes('first')).toEqual(['DONE']);
  expect(await outcomes('bad')).toEqual(['REFUSED BAD']);
  expect(await outcomes('mixed')).toEqual(['DONE']);
  expect(await together('mixed', 'n')).toBe(true);
});

test('a command leaves an entry only when it has written', async () => {
  await inAct(actOf('hansa look'), () => db.database.command((tx) => tx.run(LOOK)));
  await inAct(actOf('hansa write'), () => db.database.command(write('command')));
  expect(await outcomes('hansa look')).toEqual([]);
  expect(await outcomes('hansa write')).toEqual(['DONE']);
});

test.each([`update audit_entry set actor = 'x'`, 'delete from audit_entry', 'truncate audit_entry'])(
  'nobody changes it: %s',
  async (change) => {
    await expect(db.superuser.query(change)).rejects.toThrow('only ever added to');
    await expect(db.database.pool.query(change)).rejects.toThrow('permission denied');
  },
);
