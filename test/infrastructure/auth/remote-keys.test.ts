/** Keys that somebody publishes: how seldom they are asked for, whatever tokens come and whatever the publisher does. */
import { exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { IssuerUnavailableError, remoteKeys } from '../../../src/infrastructure/auth/index.js';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let old: Pair;
let young: Pair;
const jwk = async (pair: Pair, kid: string): Promise<JWK> => ({
  ...(await exportJWK(pair.publicKey)),
  kid,
  alg: 'ES256',
});

beforeAll(async () => {
  [old, young] = (await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])) as [Pair, Pair];
});

async function publisher() {
  const world = { asked: 0, nowMs: 0, answers: true, keys: [await jwk(old, 'old')] as unknown[] };
  const keys = remoteKeys(
    async () => {
      world.asked += 1;
      if (!world.answers) throw new Error('down');
      return { keys: world.keys };
    },
    () => world.nowMs,
  );
  const tries = async (kid = 'old', by = old): Promise<'good' | 'unknown' | 'unavailable'> => {
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(by.privateKey);
    return jwtVerify(token, keys).then(
      () => 'good',
      (error: unknown) => (error instanceof IssuerUnavailableError ? 'unavailable' : 'unknown'),
    );
  };
  return { world, tries };
}

test('one request serves all who ask, for ten minutes', async () => {
  const { world, tries } = await publisher();
  expect(await Promise.all([tries(), tries(), tries()])).toEqual(['good', 'good', 'good']);
  world.nowMs = 599_999;
  await tries();
  expect(world.asked).toBe(1);
  world.nowMs = 600_000;
  await tries();
  expect(world.asked).toBe(2);
});

test('a key that is not known is asked for, at most every thirty seconds', async () => {
  const { world, tries } = await publisher();
  await tries();
  world.keys.push(await jwk(young, 'young'));
  world.nowMs = 29_999;
  for (let count = 0; count < 1_000; count += 1) expect(await tries(`made-up-${count}`)).toBe('unknown');
  expect([await tries('young', young), world.asked]).toEqual(['unknown', 1]);
  world.nowMs = 30_000;
  expect([await tries('young', young), world.asked]).toEqual(['good', 2]);
  for (let count = 0; count < 100; count += 1) await tries(`made-up-${count}`);
  expect(world.asked).toBe(2);
});

test('a key that is withdrawn is out when the keys are read next', async () => {
  const { world, tries } = await publisher();
  await tries();
  world.keys = [await jwk(young, 'young')];
  world.nowMs = 600_000;
  expect(await tries()).toBe('unknown');
});

test('a publisher that fails is asked every five seconds, and its keys stay good for an hour', async () => {
  const { world, tries } = await publisher();
  await tries();
  world.answers = false;
  for (let second = 0; second < 10; second += 1) {
    world.nowMs = 600_000 + second * 1_000;
    expect(await tries()).toBe('good');
  }
  expect(world.asked).toBe(3);
  world.nowMs = 3_600_000;
  expect(await tries()).toBe('unavailable');
  world.answers = true;
  world.nowMs += 5_000;
  expect(await tries()).toBe('good');
});

test('nothing can be said while there were never any keys', async () => {
  const { world, tries } = await publisher();
  world.answers = false;
  for (let count = 0; count < 10; count += 1) expect(await tries()).toBe('unavailable');
  expect(world.asked).toBe(1);
});

test.each<[string, unknown]>([
  ['no object', 'keys'],
  ['no list', { keys: {} }],
])('a set that is %s is none', async (_what, set) => {
  const keys = remoteKeys(async () => set);
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).sign(old.privateKey);
  await expect(jwtVerify(token, keys)).rejects.toThrow(IssuerUnavailableError);
});

test('keys that are no objects, or share a secret, are as if they were not there', async () => {
  const { world, tries } = await publisher();
  world.keys.unshift(null, 'key', 7, { kty: 'oct', kid: 'old', k: 'c2VjcmV0' }, { kty: 'RSA', kid: 'old' });
  expect(await tries()).toBe('good');
});
