import { Args, ArgsType, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { LIMITS } from '../../src/api/limits.js';
import { type Connection, ConnectionArguments, connectionOf } from '../../src/graphql/connection.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

@ObjectType({ simpleResolvers: true })
class Leaf {
  @Field(() => String)
  name!: string;

  @Field(() => [Leaf])
  leaves!: Leaf[];

  @Field(() => Leaf, { nullable: true })
  next!: Leaf | null;
}
const LeafConnection = connectionOf('Leaf', () => Leaf);

@ArgsType()
class LeavesArguments extends ConnectionArguments {}

let reads = 0;

@Resolver()
class LeafResolver {
  @Query(() => Leaf, { nullable: true })
  leaf(): Leaf {
    reads += 1;
    return { name: 'x', leaves: [], next: null };
  }

  @Query(() => LeafConnection, { nullable: true })
  leaves(@Args(() => LeavesArguments) _args: LeavesArguments): Connection<Leaf> {
    reads += 1;
    return {
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    };
  }
}

let db: TestDatabase;
let edge: Edge;
let token: string;
beforeAll(async () => {
  db = await openTestDatabase();
  edge = await openEdge({ db, resolvers: [LeafResolver] });
  token = await edge.token({ principal: 'ADMIN' });
});
afterAll(async () => {
  await edge?.stop();
  await db?.close();
});

const nested = (levels: number): string => (levels === 1 ? 'name' : `next { ${nested(levels - 1)} }`);
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

/** f0 spreads f1 twice, f1 spreads f2 twice ...: 2^30 fields written in 30 lines. */
const doubling = `{ leaf { ...f0 } } ${times(30, (i) => `fragment f${i} on Leaf { a: next { ...f${i + 1} } next { ...f${i + 1} } }`)} fragment f30 on Leaf { name }`;

describe('what asks for too much is refused before anything is read', () => {
  test.each<[string, string, RegExp]>([
    ['too deep', `{ leaf { ${nested(LIMITS.depth)} } }`, /nested too deeply \(depth 21, at most 20\)/],
    [
      'too many aliases',
      `{ leaf { ${times(LIMITS.aliases + 1, (i) => `a${i}: name`)} } }`,
      /too many aliases \(aliases 51, at most 50\)/,
    ],
    [
      'too many directives',
      `{ leaf { ${times(26, () => 'name @include(if: true) @skip(if: false)')} } }`,
      /too many directives \(directives 52, at most 50\)/,
    ],
    [
      'too many root fields',
      `{ ${times(LIMITS.rootFields + 1, () => 'leaf { name }')} }`,
      /too many root fields \(rootFields 21, at most 20\)/,
    ],
    [
      'root fields in fragments',
      `{ ...r ...r } fragment r on Query { ${times(11, () => 'leaf { name }')} }`,
      /rootFields 22/,
    ],
    [
      'lists in lists',
      '{ leaves(first: 250) { nodes { leaves { leaves { leaves { name } } } } } }',
      /asks for too much at once.*\(cost 278001, at most 50000\)/,
    ],
    ['fragments that double', doubling, /asks for too much|too deeply|too many/],
    ['too many tokens', `{ leaf { ${times(LIMITS.tokens, () => 'name')} } }`, /token/],
  ])('%s', async (_what, query, message) => {
    reads = 0;
    const answer = await edge.ask(query, { token });
    expect(answer).toMatchObject({ status: 400, errors: [{ message: expect.stringMatching(message) }] });
    expect(answer.data).toBeUndefined();
    expect(reads).toBe(0);
  });
});

test('a refusal says what was asked for and what is the most', async () => {
  const answer = await edge.ask('{ leaves(first: 250) { nodes { leaves { leaves { leaves { name } } } } } }', {
    token,
  });
  expect(answer.extensions).toEqual({ cost: { requested: 278_001, limit: LIMITS.cost } });
});

describe('the cost is echoed', () => {
  test.each<[string, string, object, number]>([
    ['one for each field', '{ leaf { name next { name } } }', {}, 4],
    ['a page counts its size', '{ leaves(first: 3) { nodes { name } } }', {}, 1 + 3 * 2],
    ['fifty without one', '{ leaves { nodes { name } } }', {}, 1 + 50 * 2],
    ['a size in a variable', 'query ($n: Int) { leaves(last: $n) { edges { node { name } } } }', { n: 4 }, 1 + 4 * 3],
    ['ten for another list', '{ leaf { leaves { name } } }', {}, 1 + 1 + 10],
    ['one for each item in the variables', '{ leaf { name } }', { lines: [{ tags: ['a', 'b'] }, {}] }, 2 + 4],
    ['introspection is free', '{ __typename leaf { __typename name } __schema { types { name } } }', {}, 2],
  ])('%s', async (_what, query, variables, requested) => {
    const answer = await edge.ask(query, { token, variables });
    expect(answer.errors).toBeUndefined();
    expect(answer.extensions).toEqual({ cost: { requested, limit: LIMITS.cost } });
  });
});
