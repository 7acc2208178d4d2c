/** Rate limits over HTTP: who has had enough is told so, with headers, and nobody else is. */
import { Query, Resolver } from 'type-graphql';
import WebSocket from 'ws';
import type { News } from '../../src/graphql/news.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

@Resolver()
class FineResolver {
  @Query(() => [String], { nullable: true })
  fine(): string[] {
    return ['fine'];
  }
}

let db: TestDatabase;
let edge: Edge;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(async () => {
  edge = await openEdge({
    db,
    resolvers: [FineResolver],
    rateLimits: { clientCost: 100, strangerRequests: 3, failedSignIns: 2 },
    trustedProxies: ['127.0.0.0/8'],
    news: {} as News,
  });
});
afterEach(() => edge?.stop());
afterAll(() => db?.close());

const FINE = '{ fine }';
/** 19 points. */
const DEAR = `{ ${Array.from({ length: 19 }, () => 'fine').join(' ')} }`;

test('a client by what its operations cost; another one is not its brother', async () => {
  const [admin, operator] = [await edge.token({ principal: 'ADMIN' }), await edge.token({ principal: 'OPERATOR' })];
  const seen = [];
  for (let times = 0; times < 7; times += 1) seen.push(await edge.ask(DEAR, { token: admin }));
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200].fill(429, 5));
  expect(seen[0]?.headers.get('ratelimit-policy')).toBe('"cost";q=100;w=60');
  expect(seen[0]?.headers.get('ratelimit')).toMatch(/^"cost";r=81;t=1[12]$/);
  expect(seen[0]?.headers.get('retry-after')).toBeNull();
  expect(seen[6]).toMatchObject({
    errors: [
      { message: expect.stringMatching(/^Too much .* Try again in \d+ s\.$/), extensions: { code: 'RATE_LIMITED' } },
    ],
  });
  expect(Number(seen[6]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await edge.ask(FINE, { token: operator })).status).toBe(200);
});

test('what is not understood costs too', async () => {
  const token = await edge.token({ principal: 'ADMIN' });
  const statuses = [];
  for (let times = 0; times < 11; times += 1) statuses.push((await edge.ask('{', { token })).status);
  expect(statuses).toEqual([...Array(10).fill(400), 429]);
});

test('the refusal of a dear operation says what it costs, the items of its variables too', async () => {
  const token = await edge.token({ principal: 'ADMIN' });
  const variables = { lots: Array.from({ length: 60 }, () => 'x') };
  expect(await edge.ask(FINE, { token, variables })).toMatchObject({ status: 200, data: { fine: ['fine'] } });
  const refused = await edge.ask(FINE, { token, variables });
  expect(refused).toMatchObject({
    status: 429,
    errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    extensions: { cost: { requested: 61, limit: 50_000 } },
  });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await edge.ask(FINE, { token })).status).toBe(200);
});

const stranger = (address: string, path = '/graphql') =>
  fetch(`${edge.url}${path}`, {
    method: path === '/graphql' ? 'POST' : 'GET',
    headers: { 'x-forwarded-for': address, ...(path === '/graphql' && { 'content-type': 'application/json' }) },
    ...(path === '/graphql' && { body: JSON.stringify({ query: '{ __typename }' }) }),
  });

test('strangers by address, at any of our addresses but health', async () => {
  expect((await stranger('192.0.2.1')).headers.get('ratelimit')).toBe('"strangers";r=2;t=20');
  expect((await stranger('192.0.2.1', '/playground')).status).toBe(200);
  expect((await stranger('192.0.2.1', '/nowhere')).status).toBe(404);
  for (const path of ['/graphql', '/playground', '/nowhere']) {
    const refused = await stranger('192.0.2.1', path);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '20']);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  }
  expect((await stranger('192.0.2.1', '/healthz')).status).toBe(200);
  expect((await stranger('192.0.2.2')).status).toBe(200);
});

test('a network of IPv6 is one stranger, and only a trusted proxy says for whom it asks', async () => {
  for (const address of ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:ffff::3'])
    expect((await stranger(address)).status).toBe(200);
  expect((await stranger('2001:db8:1:2::4')).status).toBe(429);
  expect((await stranger('2001:db8:1:3::1')).status).toBe(200);
  // The nearest address that is no proxy of ours counts, not what the client wrote before it.
  expect((await stranger('203.0.113.9, 2001:db8:1:2::5')).status).toBe(429);
});

test('bad tokens by address; a good one from there is still taken', async () => {
  const statuses = [];
  for (let times = 0; times < 4; times += 1) {
    const answer = await edge.ask(FINE, { token: `guess.${times}.x` });
    statuses.push(answer.status);
    if (answer.status === 429) expect(answer.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  }
  expect(statuses).toEqual([401, 401, 429, 429]);
  expect((await edge.ask(FINE, { token: await edge.token({ principal: 'ADMIN' }) })).status).toBe(200);
});

describe('by WebSocket', () => {
  /** How an attempt ended: the status of a refused upgrade, else the code that the socket was closed with, or "signed in". */
  const attempt = (address: string, token?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${edge.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: { 'x-forwarded-for': address },
      });
      socket.on('unexpected-response', (_request, { statusCode, headers }) => {
        resolve(`${statusCode} ${headers['retry-after']} ${headers.ratelimit}`);
        socket.terminate();
      });
      socket.on('error', reject);
      socket.on('open', () => {
        if (token === undefined) return socket.close();
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
      });
      socket.on('message', () => {
        resolve('signed in');
        socket.close();
      });
      socket.on('close', (code) => resolve(String(code)));
    });

  const LEFT = '1005';

  test('who upgrades is a stranger until it has signed in, by the address that a trusted proxy names', async () => {
    const token = await edge.token({ principal: 'ADMIN' });
    for (let times = 0; times < 5; times += 1) expect(await attempt('192.0.2.7', token)).toBe('signed in');
    for (let times = 0; times < 3; times += 1) expect(await attempt('192.0.2.7')).toBe(LEFT);
    expect(await attempt('192.0.2.7', token)).toMatch(/^429 \d+ "strangers";r=0;t=\d+$/);
    expect((await stranger('192.0.2.7')).status).toBe(429);
    expect(await attempt('192.0.2.8', token)).toBe('signed in');
  });

  test('sign-ins that prove nothing count by the same address', async () => {
    const closings = [];
    for (const address of ['192.0.2.7', '192.0.2.7', '192.0.2.7, 192.0.2.9'])
      closings.push(await attempt(address, 'x.y.z'));
    expect(closings).toEqual(['4401', '4401', '4401']);
    expect(await attempt('192.0.2.7', 'x.y.z')).toBe('4401');
    expect((await edge.ask(FINE, { token: 'x.y.z', headers: { 'x-forwarded-for': '192.0.2.7' } })).status).toBe(429);
    expect((await edge.ask(FINE, { token: 'x.y.z', headers: { 'x-forwarded-for': '192.0.2.9' } })).status).toBe(401);
  });
});
