/** Keys that sign tokens: shared through the database, sealed there, replaced without a gap. */
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { Database, type DbTransaction } from '../../../src/infrastructure/db/database.js';
import { SecretBox } from '../../../src/infrastructure/secret-box.js';
import { SigningKeys } from '../../../src/modules/tokens/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
const clock = { now: new Date() };
const open = (database = db.database) => new SigningKeys(database, () => clock.now);
function wait(minutes: number): void {
  clock.now = new Date(clock.now.getTime() + minutes * 60_000);
}
const kidOf = async (keys: SigningKeys) => decodeProtectedHeader(await keys.sign({ sub: 'x' })).kid;
const publishedBy = async (keys: SigningKeys) => (await keys.published()).keys.map(({ kid }) => kid);

beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(async () => {
  await db.superuser.query('delete from signing_key');
});
afterAll(() => db.close());

test('of many gateways that start at once, one makes the key', async () => {
  const kids = await Promise.all(Array.from({ length: 8 }, () => kidOf(open())));
  expect(new Set(kids).size).toBe(1);
  const { rows } = await db.superuser.query('select public_jwk, private_sealed from signing_key');
  expect(rows).toHaveLength(1);
  expect(Object.keys(rows[0].public_jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  expect(rows[0].private_sealed.toString('latin1')).not.toContain('"d"');
});

test('a new key is known everywhere before it signs, and the old one is believed until its tokens are over', async () => {
  const [here, there] = [open(), open()];
  const first = await kidOf(here);
  const token = await here.sign({ sub: 'x' });
  const { kid: second } = await here.rotate();
  expect([await kidOf(here), await publishedBy(here)]).toEqual([first, [first, second]]);
  wait(2);
  expect(await publishedBy(there)).toEqual([first, second]);
  wait(14);
  expect([await kidOf(here), await kidOf(there)]).toEqual([second, second]);
  await jwtVerify(token, there.find);
  wait(62);
  expect(await publishedBy(there)).toEqual([second]);
  await expect(jwtVerify(token, there.find)).rejects.toThrow(/no applicable key/);
  await here.forgetOver();
  expect((await db.superuser.query('select kid from signing_key')).rows).toEqual([{ kid: second }]);
});

test('after a leak nothing signed before is believed', async () => {
  const [here, there] = [open(), open()];
  const token = await here.sign({ sub: 'x' });
  await jwtVerify(token, there.find);
  const { kid } = await here.rotate(true);
  expect(await kidOf(here)).toBe(kid);
  await expect(jwtVerify(token, here.find)).rejects.toThrow(/no applicable key/);
  wait(1);
  await expect(jwtVerify(token, there.find)).rejects.toThrow(/no applicable key/);
});

test('a key of another gateway is asked for at once, made-up ones at most every five seconds', async () => {
  const [here, there] = [open(), open()];
  await there.published();
  const token = await here.sign({ sub: 'x' }); // made after the other one has read
  wait(0.1);
  await jwtVerify(token, there.find);
  let asked = 0;
  class Counting extends Database {
    override command<T>(work: (tx: DbTransaction) => Promise<T>): Promise<T> {
      asked += 1;
      return super.command(work);
    }
  }
  const counted = open(new Counting(db.database.pool, db.database.secrets));
  await counted.published();
  const [header, ...rest] = token.split('.');
  const forged = JSON.parse(Buffer.from(header as string, 'base64url').toString());
  for (let count = 0; count < 1_000; count += 1) {
    const made = Buffer.from(JSON.stringify({ ...forged, kid: `k${count}` })).toString('base64url');
    await jwtVerify([made, ...rest].join('.'), counted.find).catch(() => undefined);
  }
  expect(asked).toBe(1);
});

test('a key that cannot be decrypted says what to do', async () => {
  await open().open();
  const other = new SecretBox([{ id: 'other', key: Buffer.alloc(32, 1) }]);
  await expect(open(new Database(db.database.pool, other)).open()).rejects.toThrow(
    /HANSA_SECRET_KEYS is not what it was/,
  );
});
