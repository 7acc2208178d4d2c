import { GraphQLError } from 'graphql';
import pg from 'pg';
import { Arg, Query, Resolver } from 'type-graphql';
import { ForbiddenError } from '../../src/domain/access/forbidden.js';
import { badUserInput } from '../../src/graphql/bad-user-input.js';
import { DecimalScalar } from '../../src/graphql/scalars.js';
import { Database } from '../../src/infrastructure/db/database.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

const SECRET = 'connection to 10.0.0.7 as hansa_writer failed';

@Resolver()
class FailingResolver {
  @Query(() => String, { nullable: true })
  fine(): string {
    return 'fine';
  }

  @Query(() => String, { nullable: true })
  bug(): string {
    throw new TypeError(SECRET);
  }

  @Query(() => String, { nullable: true })
  odd(): string {
    throw SECRET;
  }

  @Query(() => String, { nullable: true })
  leak(): string {
    throw new GraphQLError(SECRET);
  }

  @Query(() => String, { nullable: true })
  fake(): string {
    throw new GraphQLError(SECRET, { extensions: { code: 'MADE_UP', password: SECRET } });
  }

  @Query(() => String, { nullable: true })
  forbidden(): string {
    throw new ForbiddenError('A MEMBER may not settlement.close.');
  }

  @Query(() => String, { nullable: true })
  unreachable(): string {
    throw Object.assign(new Error(SECRET), { code: '57P01' });
  }

  @Query(() => String, { nullable: true })
  mistaken(): string {
    throw badUserInput('The cursor in "after" is not one of this list.');
  }

  @Query(() => DecimalScalar, { nullable: true })
  inexact(): unknown {
    return 0.1;
  }

  @Query(() => String, { nullable: true })
  takes(@Arg('amount', () => DecimalScalar) amount: string): string {
    return amount;
  }
}

let db: TestDatabase;
let edge: Edge;
let token: string;

beforeAll(async () => {
  db = await openTestDatabase();
  edge = await openEdge({ db, resolvers: [FailingResolver] });
  token = await edge.token({ principal: 'ADMIN' });
});
afterAll(async () => {
  await edge?.stop();
  await db?.close();
});

describe('a bug leaves as INTERNAL_SERVER_ERROR with an errorId and nothing else', () => {
  test.each(['bug', 'odd', 'leak', 'fake', 'inexact'])('%s', async (field) => {
    const before = edge.logged.length;
    const answer = await edge.ask(`{ ${field} }`, { token, headers: { 'x-request-id': `masking-${field}` } });
    const { errors } = answer;
    expect(errors).toEqual([
      {
        message: 'The gateway failed. The failure is on record under this errorId.',
        locations: [{ line: 1, column: 3 }],
        path: [field],
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ]);
    expect(JSON.stringify(answer)).not.toContain('hansa_writer');
    const records = edge.logged.slice(before).filter(({ level }) => level === 50);
    expect(records).toEqual([
      expect.objectContaining({
        errorId: errors?.[0]?.extensions.errorId,
        requestId: `masking-${field}`,
        err: expect.anything(),
      }),
    ]);
  });

  test('its siblings stand', async () => {
    const answer = await edge.ask('{ fine bug }', { token });
    expect(answer.data).toEqual({ fine: 'fine', bug: null });
  });
});

describe('a database that does not answer', () => {
  const SENTENCE = expect.stringMatching(
    /^The database does not answer just now\. .* send it again with the same keys\.$/,
  );

  test('leaves as SERVICE_UNAVAILABLE, worth asking again, and is no bug on record', async () => {
    const before = edge.logged.length;
    const answer = await edge.ask('{ fine one: unreachable two: unreachable }', { token });
    expect(answer.data).toEqual({ fine: 'fine', one: null, two: null });
    expect(answer.errors).toHaveLength(2);
    for (const error of answer.errors ?? [])
      expect(error).toMatchObject({ message: SENTENCE, extensions: { code: 'SERVICE_UNAVAILABLE' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(answer)).not.toContain('hansa_writer');
    const records = edge.logged.slice(before).filter(({ level }) => Number(level) > 30);
    expect(records).toEqual([expect.objectContaining({ level: 40, msg: 'database unavailable' })]);
  });

  test('while a token is looked up: 503 with Retry-After', async () => {
    const pool = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const cut = await openEdge({
      db: { ...db, database: new Database(pool, db.database.secrets) },
      resolvers: [FailingResolver],
    });
    try {
      const bearer = await cut.issuer.issue(
        { subject: 'x', scopes: new Set(), kind: 'PARTNER', partnerCode: 'shop' },
        60,
      );
      const answer = await cut.ask('{ fine }', { token: bearer });
      expect(answer).toMatchObject({
        status: 503,
        errors: [{ message: SENTENCE, extensions: { code: 'SERVICE_UNAVAILABLE' } }],
      });
      expect(answer.headers.get('retry-after')).toBe('1');
    } finally {
      await cut.stop();
      await pool.end();
    }
  });
});

describe('what the client did wrong leaves as it is', () => {
  test.each<[string, string, string, RegExp]>([
    ['something forbidden', '{ forbidden }', 'FORBIDDEN', /^A MEMBER may not settlement\.close\.$/],
    ['a mistake a resolver saw', '{ mistaken }', 'BAD_USER_INPUT', /^The cursor in "after"/],
    ['a fraction as a number', '{ takes(amount: 0.1) }', 'GRAPHQL_VALIDATION_FAILED', /not a Decimal: write digits/],
    ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED', /Cannot query field "nothing"/],
    ['no GraphQL', '{ fine', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
  ])('%s', async (_what, query, code, message) => {
    const before = edge.logged.length;
    const { errors } = await edge.ask(query, { token });
    expect(errors).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message), extensions: { code } }),
    ]);
    expect(edge.logged.slice(before).filter(({ level }) => level === 50)).toEqual([]);
  });

  test('a variable that does not fit', async () => {
    const answer = await edge.ask('query ($amount: Decimal!) { takes(amount: $amount) }', {
      token,
      variables: { amount: 0.1 },
    });
    expect(answer).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('0.1') }],
    });
  });
});

describe('what fails before GraphQL begins', () => {
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${edge.url}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${token}`, ...headers }, body });

  test.each<[string, string, Record<string, string>, number]>([
    ['broken JSON', '{"query": ', { 'content-type': 'application/json' }, 400],
    [
      'a form, as a foreign page could send it',
      'query={fine}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
    ],
    ['plain text, as a foreign page could send it', '{"query":"{fine}"}', { 'content-type': 'text/plain' }, 400],
    ['a list of operations', '[{"query":"{fine}"}]', { 'content-type': 'application/json' }, 400],
    [
      'a body above 4 MiB',
      JSON.stringify({ query: '{fine}', variables: { x: 'x'.repeat(4 * 1024 * 1024) } }),
      { 'content-type': 'application/json' },
      413,
    ],
  ])('%s', async (_what, body, headers, status) => {
    const response = await post(body, headers);
    const answer = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect({ status: response.status, code: answer.errors[0]?.extensions.code }).toEqual({
      status,
      code: 'BAD_REQUEST',
    });
  });

  test('a GET without a header that a foreign page cannot send', async () => {
    const address = `${edge.url}/graphql?query=${encodeURIComponent('{fine}')}`;
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(address, { headers })).status).toBe(400);
    expect((await fetch(address, { headers: { ...headers, 'apollo-require-preflight': '1' } })).status).toBe(200);
  });

  test('an address that is none', async () => {
    const response = await fetch(`${edge.url}/nowhere`);
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    ]);
  });
});

test('a request id is echoed and logged, and replaced when it is not plain', async () => {
  const kept = await edge.ask('{ fine }', { token, headers: { 'x-request-id': 'order-17' } });
  expect(kept.headers.get('x-request-id')).toBe('order-17');
  const replaced = await edge.ask('{ fine }', { token, headers: { 'x-request-id': 'a b"c' } });
  expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(edge.logged).toContainEqual(
    expect.objectContaining({ requestId: 'order-17', status: 200, kind: 'ADMIN', path: '/graphql' }),
  );
  expect(JSON.stringify(edge.logged)).not.toContain(token);
});
