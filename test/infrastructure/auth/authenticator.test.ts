import { Authenticator } from '../../../src/infrastructure/auth/index.js';
import type { VerifiedToken } from '../../../src/infrastructure/auth/verifier.js';

const START = Date.parse('2026-01-01T00:00:00Z');

function setUp(tokenLastsMs: number) {
  const world = { nowMs: START, active: true, verified: 0 };
  const authenticator = new Authenticator(
    async (): Promise<VerifiedToken> => {
      world.verified += 1;
      const claims = { subject: 's', kind: 'PARTNER' as const, scopes: new Set<never>(), partnerCode: 'shop' };
      return { claims, expiresAt: new Date(START + tokenLastsMs) };
    },
    {
      partnerNo: async () => (world.active ? 7 : undefined),
      memberNo: async () => undefined,
      isInForce: async () => true,
    },
    () => new Date(world.nowMs),
  );
  return { world, authenticator };
}

test('a verified token is remembered, and a suspended partner is out within 60 seconds', async () => {
  const { world, authenticator } = setUp(3_600_000);
  await expect(authenticator.authenticate('token')).resolves.toMatchObject({ partnerNo: 7 });
  world.active = false;
  world.nowMs = START + 59_999;
  await expect(authenticator.authenticate('token')).resolves.toMatchObject({ partnerNo: 7 });
  expect(world.verified).toBe(1);
  world.nowMs = START + 60_000;
  await expect(authenticator.authenticate('token')).rejects.toThrow('The partner of this token is not active here.');
});

test('a token of ours, and the client that got it, are asked about again within 60 seconds, and at once where it was revoked', async () => {
  const world = { nowMs: START, inForce: true };
  const issued = { clientId: 'c', tokenId: 't' };
  const claims = { subject: 's', kind: 'ADMIN' as const, scopes: new Set<never>(), issued };
  const authenticator = new Authenticator(
    async () => ({ claims, expiresAt: new Date(START + 3_600_000) }),
    {
      partnerNo: async () => undefined,
      memberNo: async () => undefined,
      isInForce: async (asked) => asked === issued && world.inForce,
    },
    () => new Date(world.nowMs),
  );
  await authenticator.authenticate('one');
  await authenticator.authenticate('other');
  world.inForce = false;
  authenticator.forget('one');
  await expect(authenticator.authenticate('one')).rejects.toThrow(/was revoked/);
  world.nowMs = START + 59_999;
  await authenticator.authenticate('other');
  world.nowMs = START + 60_000;
  await expect(authenticator.authenticate('other')).rejects.toThrow(/was revoked/);
});

test('a token is not remembered past its own end and the leeway', async () => {
  const { world, authenticator } = setUp(5_000);
  await authenticator.authenticate('token');
  world.nowMs = START + 34_999;
  await authenticator.authenticate('token');
  expect(world.verified).toBe(1);
  world.nowMs = START + 35_000;
  await authenticator.authenticate('token');
  expect(world.verified).toBe(2);
});

test('at most 10,000 are remembered; the oldest goes first', async () => {
  const { world, authenticator } = setUp(3_600_000);
  for (let index = 0; index <= 10_000; index += 1) await authenticator.authenticate(`token ${index}`);
  await authenticator.authenticate('token 10000');
  await authenticator.authenticate('token 1');
  expect(world.verified).toBe(10_001);
  await authenticator.authenticate('token 0');
  expect(world.verified).toBe(10_002);
});
