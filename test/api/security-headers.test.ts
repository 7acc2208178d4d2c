/** Every answer carries the headers, whichever part of the edge gives it. */
import { Query, Resolver } from 'type-graphql';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

@Resolver()
class FineResolver {
  @Query(() => String, { nullable: true })
  fine(): string {
    return 'fine';
  }
}

let db: TestDatabase;
let development: Edge;
let production: Edge;
let token: string;
beforeAll(async () => {
  db = await openTestDatabase();
  development = await openEdge({ db, resolvers: [FineResolver] });
  production = await openEdge({ db, resolvers: [FineResolver], environment: 'production' });
  token = await development.token({ principal: 'ADMIN' });
});
afterAll(async () => {
  await development?.stop();
  await production?.stop();
  await db?.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const ANSWERS: readonly [string, string, RequestInit, number][] = [
  ['an answer', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{"query":"{__typename}"}' }, 200],
  ['a refusal by GraphQL', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{"query":"{"}' }, 400],
  ['a refusal before GraphQL', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{' }, 400],
  ['another method', '/graphql', { method: 'DELETE' }, 405],
  ['a page of another origin that asks first', '/graphql', { method: 'OPTIONS' }, 405],
  ['an address that is none', '/nowhere', {}, 404],
  ['an address that cannot be read', '/%E0%A4', {}, 400],
  ['the playground', '/playground', {}, 200],
  ['its saved operations', '/playground/operations', {}, 200],
  ['health', '/healthz', {}, 200],
];

test.each(ANSWERS)('%s', async (_what, path, init, status) => {
  const answer = await fetch(`${development.url}${path}`, init);
  expect(answer.status).toBe(status);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-security-policy': expect.stringMatching(/default-src 'none';.*frame-ancestors 'none'/),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  for (const absent of ['server', 'x-powered-by', 'access-control-allow-origin', 'strict-transport-security'])
    expect([absent, answer.headers.get(absent)]).toEqual([absent, null]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  if (answer.status >= 400) {
    expect(await answer.json()).toEqual({
      errors: [expect.objectContaining({ message: expect.any(String), extensions: { code: expect.any(String) } })],
    });
  }
});

test("the playground's scripts come from the gateway alone, and none stands in the page", async () => {
  const answer = await fetch(`${development.url}/playground`);
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe-eval|https?:/);
});

test('production asks browsers to come by HTTPS only', async () => {
  const answer = await fetch(`${production.url}/healthz`);
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
});

describe('strangers in production', () => {
  const INTROSPECTION = '{ __schema { types { name } } }';
  test.each<[string, string, RequestInit]>([
    ['a query', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{"query":"{ fine }"}' }],
    [
      'introspection',
      '/graphql',
      { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ query: INTROSPECTION }) },
    ],
    ['__typename', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{"query":"{ __typename }"}' }],
    ['a guess, for suggestions', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{"query":"{ fin }"}' }],
    ['what does not parse', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{"query":"{ fin"}' }],
    [
      'introspection by GET',
      `/graphql?query=${encodeURIComponent(INTROSPECTION)}`,
      { headers: { 'apollo-require-preflight': '1' } },
    ],
  ])('learn nothing from %s', async (_what, path, init) => {
    const answer = await fetch(`${production.url}${path}`, init);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { errors: [{ message: expect.stringContaining('Send a token'), extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
  });

  test('get no development tokens and no page of somebody else', async () => {
    const sign = await fetch(`${production.url}/dev/token`, { method: 'POST', headers: JSON_TYPE, body: '{}' });
    expect(sign.status).toBe(404);
    const page = await fetch(`${production.url}/graphql`, {
      headers: { accept: 'text/html', authorization: `Bearer ${token}` },
    });
    expect(await page.text()).not.toMatch(/<html|apollo/i);
  });
});

test('a list of operations is refused with the way out', async () => {
  const list = await fetch(`${development.url}/graphql`, {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
    body: '[{"query":"{fine}"},{"query":"{fine}"}]',
  });
  expect([list.status, await list.json()]).toMatchObject([
    400,
    { errors: [{ message: expect.stringContaining('Send one operation in each request') }] },
  ]);
});
