/** Clients over HTTP: what is told once, what is kept, and who may hand which power on. */
import { generateKeyPairSync } from 'node:crypto';
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { onboard } from '../../support/module-fixture.js';

let gateway: Gateway;
const tokens = new Map<string, string>();
let keys = 0;

beforeAll(async () => {
  gateway = await openGateway();
  await onboard(gateway.services.partners, { shop: ['MERCHANT'], bank: ['BANK'] });
  tokens.set('admin', gateway.admin);
  tokens.set(
    'narrow admin',
    await gateway.edge.token({ principal: 'ADMIN', scopes: ['clients:write', 'clients:read'] }),
  );
  tokens.set('operator', await gateway.edge.token({ principal: 'OPERATOR' }));
  tokens.set('shop', await gateway.edge.token({ principal: 'PARTNER', partner: 'shop' }));
  tokens.set('bank', await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' }));
});
afterAll(() => gateway.close());

const FIELDS = `{ client { id name kind scopes revokedAt partner { code } secrets { id endsAt } keys { id kid algorithm } }
  secret userErrors { code field } }`;

async function change(who: string, what: string, input: object) {
  const type = `${what.charAt(0).toUpperCase()}${what.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${what}(input: $input) ${FIELDS} }`;
  const answer = await gateway.edge.ask(query, { token: tokens.get(who) as string, variables: { input } });
  expect(answer.errors).toBeUndefined();
  return answer.data[what];
}

const register = (who: string, but: object = {}) => {
  keys += 1;
  const input = { name: 'Till', kind: 'PARTNER', partnerCode: 'shop', scopes: ['transactions:write'] };
  return change(who, 'clientRegister', { ...input, idempotencyKey: `register-${keys}`, ...but });
};
const rotate = (who: string, clientId: string, but: object = {}) => {
  keys += 1;
  return change(who, 'clientSecretRotate', { clientId, idempotencyKey: `rotate-${keys}`, ...but });
};

describe('registering', () => {
  test('tells the secret once, and keeps no part of it', async () => {
    const first = await register('admin', { idempotencyKey: 'once' });
    expect(first).toMatchObject({
      client: {
        name: 'Till',
        kind: 'PARTNER',
        partner: { code: 'shop' },
        scopes: ['transactions:write'],
        revokedAt: null,
      },
      secret: expect.stringMatching(/^hansa_secret_[\w-]{43}$/),
      userErrors: [],
    });
    const again = await register('admin', { idempotencyKey: 'once' });
    expect(again).toMatchObject({ client: { id: first.client.id }, secret: null });
    const { rows } = await gateway.db.superuser.query(
      `select (select json_agg(c)::text from command_key c) || (select json_agg(s)::text from client_secret s) as stored`,
    );
    expect(rows[0].stored).toContain(first.client.id);
    expect(rows[0].stored).not.toContain(first.secret.slice(-20));
  });

  test.each<[string, string, object, string]>([
    ['an unknown scope', 'admin', { scopes: ['transactions:write', 'everything'] }, 'UNKNOWN_SCOPE'],
    ['a scope of another kind', 'admin', { scopes: ['programme:admin'] }, 'SCOPE_NOT_USABLE'],
    ['an unknown partner', 'admin', { partnerCode: 'nobody' }, 'UNKNOWN_PARTNER'],
    ['keys at an open address', 'admin', { jwksUri: 'http://169.254.169.254/' }, 'MALFORMED_JWKS_URI'],
    [
      'more than the own token has',
      'narrow admin',
      { kind: 'ADMIN', partnerCode: null, scopes: ['programme:admin'] },
      'MORE_THAN_YOURS',
    ],
    [
      'an administrator by an operator',
      'operator',
      { kind: 'ADMIN', partnerCode: null, scopes: ['clients:write'] },
      'MORE_THAN_YOURS',
    ],
  ])('refuses %s', async (_what, who, but, code) => {
    expect(await register(who, but)).toMatchObject({ client: null, secret: null, userErrors: [{ code }] });
  });
});

describe('secrets', () => {
  test('a new one, while those before it end within the overlap', async () => {
    const { client } = await register('admin');
    const rotated = await rotate('admin', client.id, { overlapMinutes: 10 });
    expect(rotated.secret).toMatch(/^hansa_secret_/);
    expect(rotated.client.secrets).toEqual([
      { id: expect.any(String), endsAt: null },
      { id: client.secrets[0].id, endsAt: expect.any(String) },
    ]);
    const gone = await rotate('admin', client.id, { overlapMinutes: 0 });
    const { rows } = await gateway.db.superuser.query(
      'select count(*)::int as good from client_secret where client_id = $1 and (ends_at is null or ends_at > hansa_now())',
      [client.id],
    );
    expect([gone.client.secrets.length, rows[0].good]).toEqual([3, 1]);
  });

  test('at most five at once, and no overlap that nobody meant', async () => {
    const { client } = await register('admin');
    for (let count = 1; count < 5; count += 1) expect((await rotate('admin', client.id)).userErrors).toEqual([]);
    expect(await rotate('admin', client.id)).toMatchObject({
      secret: null,
      userErrors: [{ code: 'TOO_MANY_SECRETS' }],
    });
    expect((await rotate('admin', client.id, { overlapMinutes: -1 })).userErrors).toMatchObject([
      { code: 'MALFORMED_OVERLAP' },
    ]);
    const [{ id: secretId }] = (await rotate('admin', client.id, { overlapMinutes: 0 })).client.secrets;
    const ended = await change('admin', 'clientSecretEnd', { clientId: client.id, secretId });
    expect(ended.client.secrets[0].endsAt).not.toBeNull();
    expect(await change('admin', 'clientSecretEnd', { clientId: client.id, secretId: client.id })).toMatchObject({
      userErrors: [{ code: 'UNKNOWN_SECRET' }],
    });
  });

  test('a partner rotates its own, and never gets hold of more than its token carries', async () => {
    const own = await register('admin');
    expect((await rotate('shop', own.client.id)).secret).toMatch(/^hansa_secret_/);
    expect((await rotate('bank', own.client.id)).userErrors).toMatchObject([{ code: 'UNKNOWN_CLIENT' }]);
    tokens.set(
      'narrow shop',
      await gateway.edge.token({ principal: 'PARTNER', partner: 'shop', scopes: ['clients:write'] }),
    );
    expect((await rotate('narrow shop', own.client.id)).userErrors).toMatchObject([{ code: 'MORE_THAN_YOURS' }]);
    expect((await change('narrow shop', 'clientRevoke', { clientId: own.client.id })).client.revokedAt).not.toBeNull();
  });

  test('an operator gets hold of no administrator, and cannot revoke one', async () => {
    const { client } = await register('admin', { kind: 'ADMIN', partnerCode: null, scopes: ['clients:write'] });
    expect((await rotate('operator', client.id)).userErrors).toMatchObject([{ code: 'MORE_THAN_YOURS' }]);
    expect((await change('operator', 'clientRevoke', { clientId: client.id })).userErrors).toMatchObject([
      { code: 'MORE_THAN_YOURS' },
    ]);
  });

  test('the reader role cannot read a hash', async () => {
    const em = gateway.db.reader.em.fork();
    await expect(em.execute('select hash from client_secret')).rejects.toThrow(/permission denied/);
  });
});

describe('keys', () => {
  const jwk = (kid?: string) =>
    JSON.stringify({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid });

  test('are added by name, else by thumbprint, and removed', async () => {
    const { client } = await register('admin', { withSecret: false });
    expect(client.secrets).toEqual([]);
    const named = await change('shop', 'clientKeyAdd', { clientId: client.id, publicKey: jwk('2026-11') });
    expect(named.client.keys).toEqual([{ id: expect.any(String), kid: '2026-11', algorithm: 'ES256' }]);
    const nameless = await change('shop', 'clientKeyAdd', { clientId: client.id, publicKey: jwk() });
    expect(nameless.client.keys[0].kid).toMatch(/^[\w-]{43}$/);
    const keyId = named.client.keys[0].id;
    expect((await change('shop', 'clientKeyRemove', { clientId: client.id, keyId })).client.keys).toHaveLength(1);
    expect(
      (await change('shop', 'clientKeyAdd', { clientId: client.id, publicKey: jwk('2026-11') })).userErrors,
    ).toEqual([]);
  });

  test('are refused by name', async () => {
    const { client } = await register('admin', { withSecret: false });
    const add = async (publicKey: string, clientId = client.id) =>
      (await change('admin', 'clientKeyAdd', { clientId, publicKey })).userErrors[0]?.code;
    expect(await add('none')).toBe('MALFORMED_KEY');
    expect(await add(jwk('k'))).toBeUndefined();
    expect(await add(jwk('k'))).toBe('KEY_TAKEN');
    for (let count = 1; count < 10; count += 1) await add(jwk());
    expect(await add(jwk())).toBe('TOO_MANY_KEYS');
    const published = await register('admin', { jwksUri: 'https://shop.example/jwks' });
    expect(await add(jwk(), published.client.id)).toBe('KEYS_ARE_PUBLISHED');
    expect(await change('admin', 'clientKeyRemove', { clientId: client.id, keyId: 'none' })).toMatchObject({
      userErrors: [{ code: 'UNKNOWN_KEY' }],
    });
  });
});

test('a revoked client is revoked for good', async () => {
  const { client } = await register('admin');
  const { client: revoked } = await change('admin', 'clientRevoke', { clientId: client.id });
  expect((await change('admin', 'clientRevoke', { clientId: client.id })).client.revokedAt).toBe(revoked.revokedAt);
  expect((await rotate('admin', client.id)).userErrors).toMatchObject([{ code: 'CLIENT_REVOKED' }]);
});

test('a partner lists its own clients alone', async () => {
  await register('admin', { kind: 'SERVICE', partnerCode: null, scopes: ['ledger:read'] });
  const partnersOf = async (who: string, args = '') => {
    const { data } = await gateway.edge.ask(`{ clients${args} { nodes { partner { code } } } }`, {
      token: tokens.get(who) as string,
    });
    return [...new Set(data.clients.nodes.map((node: { partner: { code: string } | null }) => node.partner?.code))];
  };
  expect(await partnersOf('shop')).toEqual(['shop']);
  expect(await partnersOf('bank')).toEqual([]);
  expect(await partnersOf('admin', '(partnerCode: "shop")')).toEqual(['shop']);
  expect((await partnersOf('operator')).length).toBeGreaterThan(1);
});

test('a partner hears what is done with its own clients, once, and nobody else does', async () => {
  const { client } = await register('admin', { idempotencyKey: 'told' });
  await register('admin', { idempotencyKey: 'told' });
  await rotate('shop', client.id);
  await change('admin', 'clientRevoke', { clientId: client.id });
  await change('admin', 'clientRevoke', { clientId: client.id });
  await gateway.services.relay.run();
  const heard = async (who: string): Promise<string[]> => {
    const { data } = await gateway.edge.ask(
      '{ events(last: 100, types: [CLIENT_REGISTERED, CLIENT_ROTATED, CLIENT_REVOKED]) { nodes { type subjectId } } }',
      { token: tokens.get(who) as string },
    );
    const own = data.events.nodes.filter(({ subjectId }: { subjectId: string }) => subjectId === client.id);
    return own.map(({ type }: { type: string }) => type);
  };
  for (const who of ['admin', 'operator', 'shop'])
    expect([who, await heard(who)]).toEqual([who, ['CLIENT_REGISTERED', 'CLIENT_ROTATED', 'CLIENT_REVOKED']]);
  expect(await heard('bank')).toEqual([]);
  await expectSoundLedger(gateway.db);
});
