/** Keys change under values that stay. */
import { Database } from '../../../src/infrastructure/db/database.js';
import { rowsOf } from '../../../src/infrastructure/db/entity-rows.js';
import { readerFor } from '../../../src/infrastructure/db/orm.js';
import { SecretBox } from '../../../src/infrastructure/secret-box.js';
import { lockMember } from '../../../src/modules/members/index.js';
import { MemberEntity } from '../../../src/modules/members/member.entity.js';
import { resealAll, SEALED_COLUMNS } from '../../../src/modules/privacy/sealed-columns.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const OLD = { id: 'old', key: Buffer.alloc(32, 1) };
const NEW = { id: 'new', key: Buffer.alloc(32, 2) };
const place = (rowId: string) => ({ table: 'signing_key', column: 'private_sealed', rowId });

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('every column of bytes that is named after a secret is in the list', async () => {
  const { rows } = await db.superuser.query<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea' and (column_name ~ 'seal' or column_name = 'secret')`,
  );
  const listed = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
  expect(
    rows
      .map(({ name }) => name)
      .filter((name) => name !== 'chain_secret.secret')
      .sort(),
  ).toEqual(listed.sort());
});

test('rotating seals what the old key had sealed with the new one, once, and leaves the rest', async () => {
  const [before, after] = [new SecretBox([OLD]), new SecretBox([NEW, OLD])];
  const columns = await db.superuser.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_name = 'signing_key' and is_nullable = 'NO'`,
  );
  expect(columns.rows.map(({ name }) => name)).toContain('private_sealed');
  for (const [kid, box] of [
    ['one', before],
    ['two', before],
    ['three', after],
  ] as const) {
    await db.superuser.query(
      `insert into signing_key (kid, public_jwk, private_sealed, created_at, signs_from) values ($1, '{}', $2, now(), now())`,
      [kid, box.seal(`key ${kid}`, place(kid))],
    );
  }
  const sealed = async (): Promise<Map<string, Buffer>> => {
    const { rows } = await db.superuser.query<{ kid: string; bytes: Buffer }>(
      'select kid, private_sealed as bytes from signing_key',
    );
    return new Map(rows.map(({ kid, bytes }) => [kid, bytes]));
  };
  const untouched = (await sealed()).get('three') as Buffer;
  const rotating = new Database(db.database.pool, after);
  const heard: string[] = [];
  expect(await resealAll(rotating, (table, count) => heard.push(`${table} ${count}`))).toBe(2);
  expect(heard).toEqual(['signing_key 2']);
  expect(await resealAll(rotating)).toBe(0);
  const newOnly = new SecretBox([NEW]);
  const now = await sealed();
  for (const kid of ['one', 'two', 'three'])
    expect(newOnly.open(now.get(kid) as Buffer, place(kid))).toBe(`key ${kid}`);
  expect(now.get('three')?.equals(untouched)).toBe(true);
});

test('a key that is missing is named, and nothing is changed', async () => {
  const gone = new SecretBox([{ id: 'gone', key: Buffer.alloc(32, 3) }]);
  await db.superuser.query('update signing_key set private_sealed = $1 where kid = $2', [
    gone.seal('x', place('one')),
    'one',
  ]);
  await expect(resealAll(new Database(db.database.pool, new SecretBox([NEW, OLD])))).rejects.toThrow('the key "gone"');
});

test('a birthday that an older release wrote is sealed, and read as before', async () => {
  await db.superuser.query('delete from signing_key');
  const id = '01890000-0000-7000-8000-0000000000b1';
  await db.superuser.query(
    `insert into member (id, programme_no, code, enrolled_at, birthday) values ($1, 1, 'b', now(), '02-29')`,
    [id],
  );
  const read = async () => (await readerFor(db.reader, { seesAll: true }).findOneOrFail(MemberEntity, { id })).birthday;
  expect(await read()).toBe('02-29');
  expect(await resealAll(db.database)).toBe(1);
  const { rows } = await db.superuser.query('select birthday, birthday_sealed from member where id = $1', [id]);
  expect(rows[0].birthday).toBeNull();
  expect(rows[0].birthday_sealed.toString('latin1')).not.toContain('02-29');
  expect(await read()).toBe('02-29');
  const plain = await rowsOf(readerFor(db.reader, { seesAll: true }), MemberEntity, 'where id = $1', [id]);
  expect(plain).toMatchObject([{ birthday: '02-29' }]);
  expect(await db.database.command((tx) => lockMember(tx, id))).toMatchObject({ birthday: '02-29' });
});
