import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { Arg, Query, Resolver } from 'type-graphql';
import { PersistedOperations, readPersistedOperations } from '../../src/api/persisted-operations.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

@Resolver()
class EchoResolver {
  @Query(() => String, { nullable: true })
  echo(@Arg('word', () => String) word: string): string {
    return word;
  }
}

const SCHEMA = buildSchema('type Query { echo(word: String!): String }');
const TEXT = 'query Echo($word: String!) {\n  echo(word: $word)\n}\n';
const ID = `sha256:${createHash('sha256').update(TEXT).digest('hex')}`;

let folder: string;
let db: TestDatabase;
let edge: Edge;
let admin: string;
let service: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hansa-operations-'));
  writeFileSync(join(folder, 'echo.graphql'), TEXT);
  writeFileSync(join(folder, 'README.md'), 'no operation');
  db = await openTestDatabase();
  edge = await openEdge({
    db,
    resolvers: [EchoResolver],
    persistedOperations: new PersistedOperations(await readPersistedOperations(folder, SCHEMA), new Set(['SERVICE'])),
  });
  admin = await edge.token({ principal: 'ADMIN' });
  service = await edge.token({ principal: 'SERVICE' });
});
afterAll(async () => {
  await edge?.stop();
  await db?.close();
  rmSync(folder, { recursive: true });
});

const post = async (token: string, body: object) => {
  const response = await fetch(`${edge.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  return [response.status, errors?.[0]?.extensions.code ?? data];
};

const variables = { word: 'hello' };
const ANSWER = { echo: 'hello' };

test.each<[string, () => string, object, number, unknown]>([
  ['by its id', () => service, { documentId: ID, variables }, 200, ANSWER],
  ['by its id without the prefix', () => service, { documentId: ID.slice(7), variables }, 200, ANSWER],
  ['by its text', () => service, { query: TEXT, variables }, 200, ANSWER],
  ['by its id, who may send others too', () => admin, { documentId: ID, variables }, 200, ANSWER],
  ['another text, who may', () => admin, { query: '{ echo(word: "x") }' }, 200, { echo: 'x' }],
  ['another text', () => service, { query: '{ echo(word: "x") }' }, 403, 'PERSISTED_OPERATION_REQUIRED'],
  ['its text with a space more', () => service, { query: `${TEXT} `, variables }, 403, 'PERSISTED_OPERATION_REQUIRED'],
  ['introspection', () => service, { query: '{ __schema { types { name } } }' }, 403, 'PERSISTED_OPERATION_REQUIRED'],
  ['nothing at all', () => service, { variables }, 403, 'PERSISTED_OPERATION_REQUIRED'],
  [
    'an id nobody registered',
    () => admin,
    { documentId: `sha256:${'0'.repeat(64)}` },
    404,
    'PERSISTED_OPERATION_NOT_FOUND',
  ],
  ['a name of every object', () => admin, { documentId: 'constructor' }, 404, 'PERSISTED_OPERATION_NOT_FOUND'],
  ['both', () => admin, { documentId: ID, query: TEXT, variables }, 400, 'BAD_REQUEST'],
  [
    'a text with its hash, to register it',
    () => admin,
    { query: TEXT, variables, extensions: { persistedQuery: { version: 1, sha256Hash: ID.slice(7) } } },
    200, // as Apollo's clients expect of a server without automatic persisted queries
    'PERSISTED_QUERY_NOT_SUPPORTED',
  ],
])('%s', async (_what, token, body, status, answer) => {
  expect(await post(token(), body)).toEqual([status, answer]);
});

test('by GET', async () => {
  const ask = async (token: string, search: Record<string, string>) => {
    const response = await fetch(`${edge.url}/graphql?${new URLSearchParams(search)}`, {
      headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': '1' },
    });
    return [response.status, ((await response.json()) as { data?: unknown }).data];
  };
  expect(await ask(service, { documentId: ID, variables: JSON.stringify(variables) })).toEqual([200, ANSWER]);
  expect(await ask(service, { query: '{ echo(word: "x") }' })).toEqual([403, undefined]);
});

test('a folder that does not fit the schema is refused at the start, with every file in it', async () => {
  const bad = mkdtempSync(join(tmpdir(), 'hansa-operations-'));
  writeFileSync(join(bad, 'a.graphql'), '{ echoes }');
  writeFileSync(join(bad, 'b.graphql'), '{ echo');
  await expect(readPersistedOperations(bad, SCHEMA)).rejects.toThrow(
    /a\.graphql: .*echoes.* b\.graphql: Syntax Error/s,
  );
  rmSync(bad, { recursive: true });
  await expect(readPersistedOperations(bad, SCHEMA)).rejects.toThrow('cannot be read');
});
