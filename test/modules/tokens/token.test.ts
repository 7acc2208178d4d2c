/** The gateway as authorisation server, over HTTP: how clients get tokens, members' tokens too, and how both end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { v7 } from 'uuid';
import { TokenService } from '../../../src/modules/tokens/index.js';
import { resolverInstances } from '../../../src/resolver-instances.js';
import { nodes, resolvers } from '../../../src/resolvers.js';
import { AUDIENCE, openEdge } from '../../api/edge.js';
import { GATEWAY_ISSUER, type Gateway, openGateway } from '../../e2e/gateway.js';
import { addProgramme, onboard } from '../../support/module-fixture.js';
import { admin } from '../../support/principals.js';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
interface Account {
  readonly id: string;
  readonly secret: string;
}

let gateway: Gateway;
const clients = new Map<string, Account>();
let key: Pair;
let memberId: string;
let strangerId: string;
let closedId: string;

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MEMBER_ID = 'urn:hansa:token-type:member-id';
const CARD_TOKEN = 'urn:hansa:token-type:card-token';

async function register(name: string, but: object): Promise<Account> {
  const result = await gateway.services.clients.register(admin(), {
    name,
    kind: 'PARTNER',
    scopes: ['transactions:write', 'members:read'],
    withSecret: true,
    idempotencyKey: v7(),
    ...but,
  });
  if (!result.ok) throw new Error(result.failure.message);
  const account = { id: result.value.clientId, secret: result.value.secret ?? '' };
  clients.set(name, account);
  return account;
}

async function holder(code: string, issuerNo: number, token: string, unlinked = false): Promise<string> {
  const id = v7();
  await gateway.db.superuser.query(
    `with taken as (insert into member (id, programme_no, code, enrolled_at) values ($1, 1, $2, now()) returning no)
     insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at, unlinked_at)
     select $1, no, 1, $3, '4321', $4, now(), case when $5 then now() end from taken`,
    [id, code, token, issuerNo, unlinked],
  );
  return id;
}

beforeAll(async () => {
  gateway = await openGateway();
  await addProgramme(gateway.db, 'demo');
  await onboard(gateway.services.partners, {
    shop: ['MERCHANT'],
    bank: ['BANK'],
    rival: ['BANK'],
    closed: ['MERCHANT'],
  });
  const { rows } = await gateway.db.superuser.query<{ code: string; no: number }>('select code, no from partner');
  const no = new Map(rows.map((row) => [row.code, row.no]));
  memberId = await holder('anna', no.get('bank') as number, 'card-anna-01');
  strangerId = await holder('bruno', no.get('rival') as number, 'card-bruno-01');
  closedId = await holder('clara', no.get('bank') as number, 'card-clara-01', true);
  key = await generateKeyPair('ES256', { extractable: true });
  await register('shop', { partnerCode: 'shop' });
  await register('bank', {
    partnerCode: 'bank',
    scopes: ['members:act', 'members:read', 'redemptions:read', 'settlement:read'],
  });
  await register('plain bank', { partnerCode: 'bank' });
  await register('acting shop', { partnerCode: 'shop', scopes: ['members:act', 'members:read'] });
  await register('admin', { kind: 'ADMIN', scopes: ['programme:admin', 'members:read'] });
  const signer = await register('signer', { partnerCode: 'shop', withSecret: false });
  const publicKey = JSON.stringify({ ...(await exportJWK(key.publicKey)), kid: 'k1' });
  await gateway.services.clients.addKey(admin(), signer.id, publicKey);
});
afterAll(() => gateway.close());

const basic = (name: string, secret = clients.get(name)?.secret): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${clients.get(name)?.id}:${secret}`).toString('base64')}`,
});

async function post(path: string, form: Record<string, string> | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.edge.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as any };
}
const grant = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  post('/oauth/token', { grant_type: 'client_credentials', ...form }, headers);
const exchange = (form: Record<string, string>, name = 'bank') =>
  post('/oauth/token', { grant_type: EXCHANGE, ...form }, basic(name));
const accepted = async (token: string): Promise<boolean> =>
  (await gateway.edge.ask('{ __typename }', { token })).status === 200;

interface AssertionParts {
  readonly but?: Record<string, unknown>;
  readonly by?: Pair;
  readonly header?: object;
  readonly seconds?: number;
}
async function assertion({ but = {}, by = key, header = {}, seconds = 60 }: AssertionParts = {}): Promise<string> {
  const id = clients.get('signer')?.id as string;
  const exp = Math.floor(Date.now() / 1_000) + seconds;
  return new SignJWT({ iss: id, sub: id, aud: GATEWAY_ISSUER, jti: v7(), exp, ...but })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
    .sign(by.privateKey);
}
const asserted = async (parts?: AssertionParts) => ({
  client_assertion_type: ASSERTION,
  client_assertion: await assertion(parts),
});

describe('client credentials', () => {
  test('in the header give a token of the client, with all that it was granted', async () => {
    const { status, body, headers } = await grant({}, basic('shop'));
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3_600,
        scope: 'transactions:write members:read',
      },
    });
    expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
    const { id } = clients.get('shop') as Account;
    expect(decodeJwt(body.access_token)).toMatchObject({
      iss: GATEWAY_ISSUER,
      sub: `client:${id}`,
      client_id: id,
      hansa_kind: 'PARTNER',
      hansa_partner: 'shop',
    });
    expect(await accepted(body.access_token)).toBe(true);
  });

  test('in the body, for less than was granted', async () => {
    const { id, secret } = clients.get('admin') as Account;
    const { body } = await grant({ client_id: id, client_secret: secret, scope: 'members:read' });
    expect(body.scope).toBe('members:read');
    const answer = await gateway.edge.ask('{ members { nodes { id } } }', { token: body.access_token });
    expect(answer.errors).toBeUndefined();
    const refused = await gateway.edge.ask(
      'mutation { clockShift(input: { to: "2030-01-01T00:00:00Z" }) { userErrors { code } } }',
      {
        token: body.access_token,
      },
    );
    expect(refused.data?.clockShift ?? null).toBeNull();
  });

  test('of an old secret are good until the overlap of its rotation is over', async () => {
    const { id, secret } = await register('rotating', { partnerCode: 'shop' });
    const rotate = (overlapMinutes: number) =>
      gateway.services.clients.rotateSecret(admin(), { clientId: id, overlapMinutes, idempotencyKey: v7() });
    const next = await rotate(10);
    expect((await grant({}, basic('rotating', secret))).status).toBe(200);
    expect((await grant({}, basic('rotating', next.ok ? next.value.secret : ''))).status).toBe(200);
    await rotate(0);
    expect((await grant({}, basic('rotating', secret))).status).toBe(401);
    const { rows } = await gateway.db.superuser.query(
      'select count(last_used_at)::int as used, count(*)::int as made from client_secret where client_id = $1',
      [id],
    );
    expect(rows).toEqual([{ used: 2, made: 3 }]);
  });

  test.each<[string, () => Promise<[Record<string, string> | string, Record<string, string>]>, number, string]>([
    ['no grant type', async () => [{}, basic('shop')], 400, 'invalid_request'],
    ['another grant type', async () => [{ grant_type: 'password' }, basic('shop')], 400, 'unsupported_grant_type'],
    ['no client', async () => [{ grant_type: 'client_credentials' }, {}], 401, 'invalid_client'],
    [
      'another secret',
      async () => [{ grant_type: 'client_credentials' }, basic('shop', 'hansa_secret_x')],
      401,
      'invalid_client',
    ],
    [
      "another client's secret",
      async () => [{ grant_type: 'client_credentials' }, basic('shop', clients.get('admin')?.secret)],
      401,
      'invalid_client',
    ],
    [
      'a client that is none',
      async () => [{ grant_type: 'client_credentials', client_id: "x' or true --", client_secret: 'x' }, {}],
      401,
      'invalid_client',
    ],
    [
      'a client that signs with an empty secret',
      async () => [
        {
          grant_type: 'client_credentials',
          client_id: clients.get('signer')?.id as string,
          client_secret: 'undefined',
        },
        {},
      ],
      401,
      'invalid_client',
    ],
    [
      'another scheme',
      async () => [{ grant_type: 'client_credentials' }, { authorization: 'Bearer x' }],
      401,
      'invalid_client',
    ],
    [
      'Basic that is none',
      async () => [{ grant_type: 'client_credentials' }, { authorization: 'Basic OmI=' }],
      401,
      'invalid_client',
    ],
    [
      'two ways at once',
      async () => [{ grant_type: 'client_credentials', client_id: 'x', client_secret: 'x' }, basic('shop')],
      400,
      'invalid_request',
    ],
    [
      'another client in the body',
      async () => [{ grant_type: 'client_credentials', client_id: 'x' }, basic('shop')],
      400,
      'invalid_request',
    ],
    [
      'a parameter twice',
      async () => ['grant_type=client_credentials&grant_type=client_credentials', basic('shop')],
      400,
      'invalid_request',
    ],
    [
      'too many parameters',
      async () => [Array.from({ length: 30 }, (_, index) => `p${index}=1`).join('&'), basic('shop')],
      400,
      'invalid_request',
    ],
    [
      'JSON',
      async () => ['{"grant_type":"client_credentials"}', { ...basic('shop'), 'content-type': 'application/json' }],
      400,
      'invalid_request',
    ],
    [
      'a body too large',
      async () => [{ grant_type: 'client_credentials', padding: 'x'.repeat(20_000) }, basic('shop')],
      400,
      'invalid_request',
    ],
    [
      'more than was granted',
      async () => [{ grant_type: 'client_credentials', scope: 'members:read programme:admin' }, basic('shop')],
      400,
      'invalid_scope',
    ],
    [
      'a scope that is none',
      async () => [{ grant_type: 'client_credentials', scope: 'everything' }, basic('shop')],
      400,
      'invalid_scope',
    ],
    [
      'scopes that are only spaces',
      async () => [{ grant_type: 'client_credentials', scope: '   ' }, basic('shop')],
      400,
      'invalid_scope',
    ],
  ])('%s is refused in the words of RFC 6749', async (_what, make, status, error) => {
    const [form, headers] = await make();
    const answer = await post('/oauth/token', form, headers);
    expect([answer.status, answer.body]).toEqual([
      status,
      { error, error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+\.$/) },
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="hansa"' : null);
  });

  test('of a suspended partner are refused, and its tokens within a minute', async () => {
    await register('closing', { partnerCode: 'closed' });
    const { body } = await grant({}, basic('closing'));
    await gateway.services.partners.suspend(admin(), 'closed');
    expect((await grant({}, basic('closing'))).body.error).toBe('unauthorized_client');
    expect(await accepted(body.access_token)).toBe(false);
  });
});

describe('an assertion that the client signed', () => {
  test('gives a token, for the token endpoint as audience too', async () => {
    expect((await grant(await asserted())).status).toBe(200);
    const but = { aud: [`${GATEWAY_ISSUER}/oauth/token`] };
    expect((await grant({ ...(await asserted({ but })), client_id: clients.get('signer')?.id as string })).status).toBe(
      200,
    );
    const { rows } = await gateway.db.superuser.query('select last_used_at from client_key');
    expect(rows[0].last_used_at).not.toBeNull();
  });

  test('is good once, also when it comes twice at once', async () => {
    const form = await asserted();
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => grant(form)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 401, 401, 401]);
  });

  const now = () => Math.floor(Date.now() / 1_000);
  test.each<[string, () => Promise<AssertionParts>]>([
    ['by another key', async () => ({ by: await generateKeyPair('ES256') })],
    ['by a key that it does not name', async () => ({ header: { kid: 'k2' } })],
    ['for somebody else', async () => ({ but: { aud: 'https://elsewhere.example' } })],
    ['for nobody', async () => ({ but: { aud: undefined } })],
    ['about another client', async () => ({ but: { sub: clients.get('shop')?.id } })],
    ['as another client', async () => ({ but: { iss: clients.get('shop')?.id, sub: clients.get('shop')?.id } })],
    ['as no client', async () => ({ but: { iss: 'x', sub: 'x' } })],
    ['without an end', async () => ({ but: { exp: undefined } })],
    ['good for an hour', async () => ({ seconds: 3_600 })],
    ['good for ever', async () => ({ but: { exp: 1e300 } })],
    ['that is over', async () => ({ seconds: -31 })],
    ['that is not good yet', async () => ({ but: { nbf: now() + 120 } })],
    ['without a name', async () => ({ but: { jti: undefined } })],
    ['with a name that is no text', async () => ({ but: { jti: 7 } })],
    ['with a name too long', async () => ({ but: { jti: 'x'.repeat(201) } })],
    ['that calls itself an access token', async () => ({ header: { typ: 'at+jwt' } })],
  ])('%s is refused', async (_what, parts) => {
    const answer = await grant(await asserted(await parts()));
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
  });

  test.each<[string, (form: Record<string, string>) => Record<string, string>, number, string]>([
    [
      'of another type',
      (form) => ({ ...form, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }),
      400,
      'invalid_request',
    ],
    ['beside another client_id', (form) => ({ ...form, client_id: v7() }), 401, 'invalid_client'],
    ['that is none', (form) => ({ ...form, client_assertion: 'x.y.z' }), 401, 'invalid_client'],
    ['that is huge', (form) => ({ ...form, client_assertion: 'x'.repeat(9_000) }), 401, 'invalid_client'],
    [
      'that nobody signed',
      (form) => ({
        ...form,
        client_assertion: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${form.client_assertion?.split('.')[1]}.`,
      }),
      401,
      'invalid_client',
    ],
  ])('%s is refused', async (_what, change, status, error) => {
    const answer = await grant(change(await asserted()));
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  test('is believed no more once its key is removed', async () => {
    const own = await generateKeyPair('ES256', { extractable: true });
    const id = clients.get('signer')?.id as string;
    const publicKey = JSON.stringify({ ...(await exportJWK(own.publicKey)), kid: 'leaving' });
    await gateway.services.clients.addKey(admin(), id, publicKey);
    const sign = () => asserted({ by: own, header: { kid: 'leaving' } });
    expect((await grant(await sign())).status).toBe(200);
    const { rows } = await gateway.db.superuser.query("select id from client_key where kid = 'leaving'");
    await gateway.services.clients.removeKey(admin(), id, rows[0].id);
    expect((await grant(await sign())).status).toBe(401);
  });

  describe('with keys that the client publishes', () => {
    let server: Server;
    let asked = 0;
    let status = 200;
    beforeAll(async () => {
      const keys = [{ ...(await exportJWK(key.publicKey)), kid: 'k1', alg: 'ES256' }];
      server = createServer((_request, response) => {
        asked += 1;
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => server.close());

    /** Registering takes https:// alone; here the receiver of the test is put in its place. */
    async function publishing(path: string): Promise<string> {
      const { id } = await register(path, { partnerCode: 'shop', withSecret: false });
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
      await gateway.db.superuser.query('update api_client set jwks_uri = $2 where id = $1', [id, address]);
      return id;
    }

    test('they are fetched once', async () => {
      const id = await publishing('published');
      for (let count = 0; count < 3; count += 1)
        expect((await grant(await asserted({ but: { iss: id, sub: id } }))).status).toBe(200);
      expect(asked).toBe(1);
    });

    test('an address that does not answer is nobody’s lie', async () => {
      const id = await publishing('broken');
      status = 500;
      const answer = await grant(await asserted({ but: { iss: id, sub: id } }));
      expect([answer.status, answer.body.error]).toEqual([503, 'temporarily_unavailable']);
    });
  });
});

describe('token exchange', () => {
  test.each([
    ['id', () => ({ subject_token: memberId, subject_token_type: MEMBER_ID })],
    ['card', () => ({ subject_token: 'card-anna-01', subject_token_type: CARD_TOKEN })],
  ])(
    'gives the app of a bank a short token of a member that holds its card, named by its %s',
    async (_what, subject) => {
      const { status, body } = await exchange(subject());
      expect([status, body]).toEqual([
        200,
        {
          access_token: expect.any(String),
          token_type: 'Bearer',
          expires_in: 600,
          scope: 'members:read redemptions:read',
          issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        },
      ]);
      expect(decodeJwt(body.access_token)).toMatchObject({
        sub: `member:${memberId}`,
        hansa_kind: 'MEMBER',
        hansa_member: memberId,
        act: { sub: `client:${clients.get('bank')?.id}` },
      });
      const answer = await gateway.edge.ask('{ members { nodes { id } } }', { token: body.access_token });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      const line = gateway.edge.logged.find(({ subject: who }) => String(who).endsWith(`/member:${memberId}`));
      expect(line).toMatchObject({ kind: 'MEMBER', subject: `client:${clients.get('bank')?.id}/member:${memberId}` });
    },
  );

  const named = () => ({ subject_token: memberId, subject_token_type: MEMBER_ID });
  test.each<[string, string, () => Promise<Record<string, string>> | Record<string, string>, string]>([
    ['a bank without the scope', 'plain bank', named, 'unauthorized_client'],
    ['a shop with the scope', 'acting shop', named, 'unauthorized_client'],
    ['an administrator', 'admin', named, 'unauthorized_client'],
    ["another bank's member", 'bank', () => ({ ...named(), subject_token: strangerId }), 'invalid_request'],
    [
      "another bank's card",
      'bank',
      () => ({ subject_token: 'card-bruno-01', subject_token_type: CARD_TOKEN }),
      'invalid_request',
    ],
    ['a member whose card is unlinked', 'bank', () => ({ ...named(), subject_token: closedId }), 'invalid_request'],
    [
      'a card that is unlinked',
      'bank',
      () => ({ subject_token: 'card-clara-01', subject_token_type: CARD_TOKEN }),
      'invalid_request',
    ],
    ['a member that there is none of', 'bank', () => ({ ...named(), subject_token: v7() }), 'invalid_request'],
    ['a name that is none', 'bank', () => ({ ...named(), subject_token: "' or true --" }), 'invalid_request'],
    ['no member', 'bank', () => ({ subject_token_type: MEMBER_ID }), 'invalid_request'],
    [
      'a token as the member',
      'bank',
      async () => ({
        subject_token: (await exchange(named())).body.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }),
      'invalid_request',
    ],
    [
      'an id token as the member',
      'bank',
      () => ({ subject_token: 'x.y.z', subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }),
      'invalid_request',
    ],
    [
      'a type that is a property of every object',
      'bank',
      () => ({ ...named(), subject_token_type: '__proto__' }),
      'invalid_request',
    ],
    [
      "a member's token as the actor",
      'bank',
      async () => ({
        ...named(),
        actor_token: (await exchange(named())).body.access_token,
        actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }),
      'invalid_request',
    ],
    [
      'a refresh token',
      'bank',
      () => ({ ...named(), requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }),
      'invalid_request',
    ],
    [
      'a token for somebody else',
      'bank',
      () => ({ ...named(), audience: 'https://elsewhere.example' }),
      'invalid_target',
    ],
    [
      'a scope of the client that no member has',
      'bank',
      () => ({ ...named(), scope: 'settlement:read' }),
      'invalid_scope',
    ],
    [
      'a scope of members that the client lacks',
      'bank',
      () => ({ ...named(), scope: 'redemptions:write' }),
      'invalid_scope',
    ],
    ['to act on', 'bank', () => ({ ...named(), scope: 'members:act' }), 'invalid_scope'],
  ])('%s is refused', async (_what, name, form, error) => {
    const answer = await exchange(await form(), name);
    expect([answer.status, answer.body]).toEqual([
      400,
      { error, error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+\.$/) },
    ]);
  });

  test("a member's token proves no client", async () => {
    const { body } = await exchange(named());
    const answer = await grant({}, { authorization: `Bearer ${body.access_token}` });
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
  });
});

describe('revoking', () => {
  const revoke = (token: string, name = 'shop') => post('/oauth/revoke', { token }, basic(name));

  test('a token ends it at once here, and by its name everywhere', async () => {
    const { body } = await grant({}, basic('shop'));
    expect(await accepted(body.access_token)).toBe(true);
    expect((await revoke(body.access_token)).status).toBe(200);
    expect(await accepted(body.access_token)).toBe(false);
    expect((await revoke(body.access_token)).status).toBe(200);
  });

  test.each<[string, string, () => Promise<string> | string, number]>([
    ['of another client is refused', 'admin', async () => (await grant({}, basic('shop'))).body.access_token, 400],
    ['that is none changes nothing', 'shop', () => 'nonsense', 200],
    ['of another issuer changes nothing', 'shop', () => gateway.admin, 200],
    ['that is not given is refused', 'shop', () => '', 400],
  ])('one %s', async (_what, name, token, status) => {
    expect((await revoke(await token(), name)).status).toBe(status);
  });

  test('takes a client that proves itself', async () => {
    expect((await post('/oauth/revoke', { token: 'x' })).status).toBe(401);
  });

  test('a client ends its tokens, those of members too, within a minute', async () => {
    await register('leaving', { partnerCode: 'bank', scopes: ['members:act', 'members:read'] });
    const own = await grant({}, basic('leaving'));
    const members = await exchange({ subject_token: memberId, subject_token_type: MEMBER_ID }, 'leaving');
    await gateway.services.clients.revoke(admin(), clients.get('leaving')?.id as string);
    expect((await grant({}, basic('leaving'))).body.error).toBe('invalid_client');
    expect([await accepted(own.body.access_token), await accepted(members.body.access_token)]).toEqual([false, false]);
  });

  test('what is over is forgotten', async () => {
    await gateway.db.superuser.query(`update revoked_token set expires_at = now() - interval '1 hour'`);
    await gateway.db.superuser.query(`update used_assertion set expires_at = now() - interval '1 hour'`);
    await gateway.services.signingKeys.forgetOver();
    const { rows } = await gateway.db.superuser.query(
      'select (select count(*)::int from revoked_token) as tokens, (select count(*)::int from used_assertion) as assertions',
    );
    expect(rows).toEqual([{ tokens: 0, assertions: 0 }]);
  });
});

test('attempts that prove nothing are bounded for each address, and refuse nobody who proves itself', async () => {
  const { db, services } = gateway;
  const settings = { issuer: GATEWAY_ISSUER, audience: AUDIENCE };
  const bounded = await openEdge({
    db,
    resolvers,
    nodes,
    container: resolverInstances(db, services),
    authorization: new TokenService(db.database, services.signingKeys, services.outbound, settings),
    rateLimits: { clientCost: 0, strangerRequests: 5, failedSignIns: 5 },
  });
  const attempt = (headers: Record<string, string>) =>
    fetch(`${bounded.url}/oauth/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
  const statuses: number[] = [];
  for (let count = 0; count < 10; count += 1) statuses.push((await attempt(basic('shop', 'guessed'))).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
  const refused = await attempt(basic('shop', 'guessed'));
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ error: 'invalid_client' });
  for (let count = 0; count < 10; count += 1) expect((await attempt(basic('shop'))).status).toBe(200);
  await bounded.stop();
});

test('describes itself and publishes its keys', async () => {
  const described = await fetch(`${gateway.edge.url}/.well-known/oauth-authorization-server`);
  expect(await described.json()).toMatchObject({
    issuer: GATEWAY_ISSUER,
    token_endpoint: `${GATEWAY_ISSUER}/oauth/token`,
    jwks_uri: `${GATEWAY_ISSUER}/.well-known/jwks.json`,
    grant_types_supported: ['client_credentials', EXCHANGE],
  });
  const { keys } = (await (await fetch(`${gateway.edge.url}/.well-known/jwks.json`)).json()) as { keys: object[] };
  expect(keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })]);
  expect(keys[0]).not.toHaveProperty('d');
});

test('no secret and no token stands in the log', () => {
  const text = JSON.stringify(gateway.edge.logged);
  expect(text).toContain('/oauth/token');
  for (const { secret } of clients.values()) if (secret !== '') expect(text).not.toContain(secret);
  expect(text).not.toContain('eyJ');
});
