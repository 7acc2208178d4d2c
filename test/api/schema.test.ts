import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { createSchema, printSorted } from '../../src/api/schema.js';
import { resolvers } from '../../src/resolvers.js';
import { RULES } from './conventions.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema(resolvers);
});

test('schema.graphql is the printed schema; "npm run schema" writes it', () => {
  const committed = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8');
  expect(printSorted(schema)).toBe(committed);
});

test('no resolver class is forgotten in src/resolvers.ts', () => {
  const modules = new URL('../../../src/modules/', import.meta.url);
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.resolver.ts'),
  );
  const written = files.flatMap((file) =>
    [...readFileSync(new URL(file, modules), 'utf8').matchAll(/^export class (\w+Resolver)\b/gm)].map(
      ([, name]) => name,
    ),
  );
  expect(written.length).toBeGreaterThan(0);
  expect(written.filter((name) => !resolvers.some((resolver) => resolver.name === name))).toEqual([]);
});

test.each(Object.keys(RULES))('%s', (rule) => {
  expect(RULES[rule]?.(schema)).toEqual([]);
});

describe('each convention finds what breaks it', () => {
  const payload =
    'type Query { x: String } type APayload { userErrors: [AUserError!]! } type AUserError { code: String! }';
  const breaches: readonly [rule: string, schema: string, found: string[]][] = [
    ['everything is described', 'type Query { "Said." a("Said." b: Int): E } enum E { V }', ['Query', 'E', 'E.V']],
    [
      'there is no Float',
      'type Query { a(b: Float): [Float!]! } input I { c: Float! }',
      ['Query.a', 'Query.a(b:)', 'I.c'],
    ],
    ['minor units stay inside', 'type Query { amountMinor: Int minority: Int }', ['Query.amountMinor']],
    ['names are spelled alike', 'type Query { Bad_one: e } enum e { Low HIGH }', ['e', 'Query.Bad_one', 'e.Low']],
    ['lists have no holes', 'type Query { a: [Int]! b: [Int!] }', ['Query.a']],
    ['root fields are nullable', 'type Query { a: Int! b: Int }', ['Query.a']],
    [
      'mutations take one input',
      'type Query { x: Int } input AInput { y: Int } type Mutation { a(input: AInput!, z: Int): Int b(id: ID!): Int c(input: AInput): Int d(input: AInput!): Int }',
      ['Mutation.a', 'Mutation.b', 'Mutation.c'],
    ],
    ['mutations answer payloads with userErrors', `${payload} type Mutation { a: APayload b: String }`, ['Mutation.b']],
    ['user errors have a closed code', `${payload}`, ['AUserError']],
    [
      'connections are Relay connections',
      'type Query { a: AConnection } type AConnection { edges: [AEdge!]! nodes: [A!]! } type AEdge { node: A! } type A { id: ID! }',
      ['AConnection', 'Query.a'],
    ],
    ['root lists are connections', 'type Query { a: [A!] b: [String!] } type A { id: ID! }', ['Query.a']],
    ['ids are ID!', 'type Query { a: A } type A { id: String! }', ['A.id']],
  ];

  test.each(breaches)('%s', (rule, text, found) => {
    expect(RULES[rule]?.(buildSchema(text))).toEqual(found);
  });

  test('and none is without such a proof', () => {
    expect(breaches.map(([rule]) => rule)).toEqual(Object.keys(RULES));
  });
});
