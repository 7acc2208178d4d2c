import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { Ctx, Query, Resolver } from 'type-graphql';
import { v7 } from 'uuid';
import type { GatewayContext } from '../../src/graphql/context.js';
import { PRINCIPAL_KINDS } from '../../src/infrastructure/auth/index.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { AUDIENCE, type Edge, openEdge } from './edge.js';

@Resolver()
class WhoResolver {
  @Query(() => String)
  who(@Ctx() { principal }: GatewayContext): string {
    return JSON.stringify({ ...principal, scopes: [...principal.scopes] });
  }
}

const ISSUER = 'https://issuer.example';
let db: TestDatabase;
let edge: Edge;
let production: Edge;
let discovery: Server;
let discoveredIssuer: string;
let partnerNo: number;
const memberId = v7();
type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let key: Pair;
let stranger: Pair;
let rotated: Pair;
let published: JWK[];

beforeAll(async () => {
  db = await openTestDatabase();
  const partner = await db.superuser.query(
    `insert into partner (id, code, name, roles, onboarded_at) values ($1, 'corner-shop', 'Corner Shop', '{MERCHANT}', now()) returning no`,
    [v7()],
  );
  partnerNo = partner.rows[0].no;
  await db.superuser.query(
    `insert into partner (id, code, name, roles, status, onboarded_at) values ($1, 'closed-shop', 'Closed', '{MERCHANT}', 'SUSPENDED', now())`,
    [v7()],
  );
  await db.superuser.query(`insert into member (id, programme_no, code, enrolled_at) values ($1, 1, 'M-1', now())`, [
    memberId,
  ]);
  [key, stranger, rotated] = (await Promise.all([1, 2, 3].map(() => generateKeyPair('ES256')))) as [Pair, Pair, Pair];
  published = [{ ...(await exportJWK(key.publicKey)), kid: 'k1', alg: 'ES256' }];
  discovery = createServer((request, response) => {
    const answer =
      request.url === '/jwks'
        ? { keys: published }
        : { issuer: discoveredIssuer, jwks_uri: `${discoveredIssuer}/jwks` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => discovery.listen(0, '127.0.0.1', resolve));
  discoveredIssuer = `http://127.0.0.1:${(discovery.address() as AddressInfo).port}`;
  const trust = { kinds: PRINCIPAL_KINDS };
  const issuers = [
    { issuer: ISSUER, keys: createLocalJWKSet({ keys: published }), trust },
    { issuer: discoveredIssuer, discovery: true as const, trust },
    { issuer: 'http://127.0.0.1:9', discovery: true as const, trust },
  ];
  edge = await openEdge({ db, resolvers: [WhoResolver], issuers });
  production = await openEdge({ db, resolvers: [WhoResolver], issuers, environment: 'production' });
});

afterAll(async () => {
  await edge?.stop();
  await production?.stop();
  discovery?.closeAllConnections();
  discovery?.close();
  await db?.close();
});

const ALL_BUT_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

interface TokenParts {
  readonly claims?: Record<string, unknown>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresIn?: number | null;
  readonly notBefore?: number;
  readonly subject?: string | null;
  readonly by?: Pair;
  readonly kid?: string;
}

function sign(parts: TokenParts = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const jwt = new SignJWT({ hansa_kind: 'ADMIN', scope: 'members:read openid', ...parts.claims })
    .setProtectedHeader({ alg: 'ES256', kid: parts.kid ?? 'k1' })
    .setIssuer(parts.issuer ?? ISSUER)
    .setAudience(parts.audience ?? AUDIENCE);
  if (parts.expiresIn !== null) jwt.setExpirationTime(now + (parts.expiresIn ?? 60));
  if (parts.notBefore !== undefined) jwt.setNotBefore(now + parts.notBefore);
  if (parts.subject !== null) jwt.setSubject(parts.subject ?? 'somebody');
  return jwt.sign((parts.by ?? key).privateKey);
}

describe('a token that proves nothing is refused with 401 and a reason', () => {
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"iss":"${ISSUER}","aud":"${AUDIENCE}","sub":"x","exp":9999999999,"hansa_kind":"ADMIN"}`).toString('base64url')}.`;
  test.each<[string, () => Promise<string> | string, RegExp]>([
    ['not a JWT', () => 'nonsense', /not a JSON Web Token/],
    ['unsigned', () => unsigned, /must be signed with RS256, ES256, EdDSA/],
    ['expired', () => sign({ expiresIn: -31 }), /has expired/],
    ['without an end', () => sign({ expiresIn: null }), /"exp" is missing/],
    ['not valid yet', () => sign({ notBefore: 60 }), /"nbf"/],
    ['for another audience', () => sign({ audience: 'someone-else' }), /"aud"/],
    ['from an unknown issuer', () => sign({ issuer: 'https://other.example' }), /no issuer this gateway trusts/],
    ['signed by a stranger', () => sign({ by: stranger }), /signature does not hold/],
    ['signed by an unpublished key', () => sign({ kid: 'k9' }), /does not publish/],
    ['without a subject', () => sign({ subject: null }), /"sub"/],
    ['of no known kind', () => sign({ claims: { hansa_kind: 'GOD' } }), /"hansa_kind" must be one of ADMIN/],
    ['with a list of scopes', () => sign({ claims: { scope: ['members:read'] } }), /"scope" must be one string/],
    ['of a partner without its code', () => sign({ claims: { hansa_kind: 'PARTNER' } }), /must carry "hansa_partner"/],
    [
      'of an unknown partner',
      () => sign({ claims: { hansa_kind: 'PARTNER', hansa_partner: 'nobody' } }),
      /partner of this token is not active/,
    ],
    [
      'of a suspended partner',
      () => sign({ claims: { hansa_kind: 'PARTNER', hansa_partner: 'closed-shop' } }),
      /not active/,
    ],
    [
      'of an unknown member',
      () => sign({ claims: { hansa_kind: 'MEMBER', hansa_member: v7() } }),
      /member of this token is not active/,
    ],
    [
      'of a member whose id is none',
      () => sign({ claims: { hansa_kind: 'MEMBER', hansa_member: "'; --" } }),
      /not active/,
    ],
  ])('%s', async (_what, make, reason) => {
    const answer = await edge.ask('{ who }', { token: await make() });
    expect(answer).toMatchObject({
      status: 401,
      errors: [{ message: expect.stringMatching(reason), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(answer.data).toBeUndefined();
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('another scheme than Bearer', async () => {
    const answer = await edge.ask('{ who }', { headers: { authorization: 'Basic YTpi' } });
    expect(answer).toMatchObject({
      status: 401,
      errors: [{ message: expect.stringContaining('must read "Bearer <token>"') }],
    });
  });
});

describe('a good token', () => {
  test.each<[string, TokenParts, () => object]>([
    [
      'of an administrator; foreign scopes are left out',
      {},
      () => ({ kind: 'ADMIN', subject: `${ISSUER}|somebody`, scopes: ['members:read'] }),
    ],
    ['within the leeway', { expiresIn: -20, subject: 'late' }, () => ({ kind: 'ADMIN', subject: `${ISSUER}|late` })],
    [
      'of a partner',
      { claims: { hansa_kind: 'PARTNER', hansa_partner: 'corner-shop' } },
      () => ({ kind: 'PARTNER', partnerNo, partnerCode: 'corner-shop' }),
    ],
    [
      'of a member',
      { claims: { hansa_kind: 'MEMBER', hansa_member: memberId } },
      () => ({ kind: 'MEMBER', memberId, memberNo: expect.any(Number) }),
    ],
  ])('%s', async (_what, parts, expected) => {
    const answer = await edge.ask('{ who }', { token: await sign(parts) });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.data.who)).toMatchObject(expected());
  });

  test('of an issuer found by discovery, also signed by a key it publishes later', async () => {
    expect((await edge.ask('{ who }', { token: await sign({ issuer: discoveredIssuer }) })).status).toBe(200);
    const next = { issuer: discoveredIssuer, by: rotated, kid: 'k2' };
    expect((await edge.ask('{ who }', { token: await sign(next) })).status).toBe(401);
    published.push({ ...(await exportJWK(rotated.publicKey)), kid: 'k2', alg: 'ES256' });
    jest.useFakeTimers({ now: Date.now() + 31_000, doNotFake: [...ALL_BUT_DATE] }); // keys are asked for again after 30 s
    try {
      expect((await edge.ask('{ who }', { token: await sign(next) })).status).toBe(200);
    } finally {
      jest.useRealTimers();
    }
  });

  test('of an issuer that cannot be reached is not called invalid', async () => {
    const answer = await edge.ask('{ who }', { token: await sign({ issuer: 'http://127.0.0.1:9' }) });
    expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
  });
});

describe('without a token', () => {
  test('a field is refused', async () => {
    const answer = await edge.ask('{ who }');
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('a field hidden in a fragment beside introspection is refused', async () => {
    const answer = await edge.ask('query { __typename ...more } fragment more on Query { who }');
    expect(answer.status).toBe(401);
  });

  test('the schema can be looked at in development', async () => {
    const answer = await edge.ask('{ __schema { queryType { name } } }');
    expect(answer).toMatchObject({ status: 200, data: { __schema: { queryType: { name: 'Query' } } } });
  });

  test('not even the schema in production, and no hint of it', async () => {
    for (const query of ['{ __schema { queryType { name } } }', '{ whp }', 'nonsense']) {
      const answer = await production.ask(query);
      expect(answer).toMatchObject({
        status: 401,
        errors: [{ message: 'Send a token: "Authorization: Bearer <token>".' }],
      });
    }
  });
});

describe('the development sign-in', () => {
  const signIn = (body: object, headers: Record<string, string> = {}, url = edge.url) =>
    fetch(`${url}/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  test.each<[string, object, number, RegExp]>([
    ['an administrator', { principal: 'ADMIN' }, 200, /"token":"ey/],
    ['a partner', { principal: 'PARTNER', partner: 'corner-shop' }, 200, /"token":"ey/],
    ['a member by its code', { principal: 'MEMBER', member: 'M-1' }, 200, /"token":"ey/],
    ['an unknown kind', { principal: 'ROOT' }, 400, /one of ADMIN/],
    ['a partner without its code', { principal: 'PARTNER' }, 400, /Name the partner/],
    ['an unknown partner', { principal: 'PARTNER', partner: 'nobody' }, 400, /no active partner with the code nobody/],
    ['an unknown member', { principal: 'MEMBER', member: 'nobody' }, 400, /no active member/],
  ])('%s', async (_what, body, status, text) => {
    const response = await signIn(body);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(text);
  });

  test('gives tokens that work', async () => {
    const { token } = (await (await signIn({ principal: 'PARTNER', partner: 'corner-shop' })).json()) as {
      token: string;
    };
    const answer = await edge.ask('{ who }', { token });
    expect(JSON.parse(answer.data.who)).toMatchObject({
      kind: 'PARTNER',
      partnerNo,
      subject: 'development:partner:corner-shop',
    });
  });

  test('is not there in production', async () => {
    expect((await signIn({ principal: 'ADMIN' }, {}, production.url)).status).toBe(404);
  });
});
