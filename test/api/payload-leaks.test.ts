/**
 * What a mutation answers to those who have the least rights is no more than they read by queries: everything its
 * payload offers is selected, and each object in it asked for once more by `node(id:)`. Nor does anything of the other
 * world come back, whatever is asked of it and however it is refused. The same of what subscriptions tell.
 */
import { isDeepStrictEqual } from 'node:util';
import { type GraphQLObjectType, type GraphQLSchema, isInterfaceType, isObjectType, OperationTypeNode } from 'graphql';
import { createSchema } from '../../src/api/schema.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { resolvers } from '../../src/resolvers.js';
import type { Gateway } from '../e2e/gateway.js';
import { ROOT_FIELDS } from './permission-table.js';
import { openTwoWorlds, secretsOf } from './two-worlds.js';
import { ANTS, askAs, candidatesFrom, idsOf, leaksIn, principalOf } from './two-worlds-asking.js';
import { type Walk, walk } from './walk.js';
import { type Before, DEEDS, idIn, MADE_BY_THE_CALLER, NOT_DONE } from './what-ants-do.js';

/** At what is the other world's, of each mutation. */
const ATTEMPTS = 100;

let gateway: Gateway;
let schema: GraphQLSchema;
let walked: Walk;
let attempts: readonly string[];
let secrets: Map<string, string>;
let before: Before = {};
beforeAll(async () => {
  gateway = await openTwoWorlds();
  schema = await createSchema(resolvers, resolverInstances(gateway.db, gateway.services));
  secrets = await secretsOf(gateway, 'zebra');
  const ids = await idsOf(gateway, [secrets, await secretsOf(gateway, 'ant')]);
  walked = walk(schema, candidatesFrom(ids), OperationTypeNode.MUTATION);
  attempts = someOf(walked.questions);
}, 180_000);
afterAll(() => gateway?.close());

type Shown = Readonly<Record<string, unknown>>;
const isShown = (value: unknown): value is Shown =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const idOf = (one: Shown): string | undefined => {
  const [node, type] = [schema.getType('Node'), schema.getType(String(one.__typename))];
  const isNode = isInterfaceType(node) && isObjectType(type) && schema.isSubType(node, type);
  return isNode ? String(one[`${type.name}_id`]) : undefined;
};

/** Objects that have an id, wherever they stand. */
function nodesIn(answer: unknown): Shown[] {
  if (Array.isArray(answer)) return answer.flatMap(nodesIn);
  if (!isShown(answer)) return [];
  const below = Object.values(answer).flatMap(nodesIn);
  return idOf(answer) === undefined ? below : [answer, ...below];
}

/** Where `told` says what `read` does not; what was not asked of `read` is not compared. */
function moreIn(told: unknown, read: unknown, place: string): string[] {
  if (told === null || read === undefined) return [];
  if (Array.isArray(told)) {
    if (!Array.isArray(read) || read.length < told.length) return [`${place} is read as ${JSON.stringify(read)}`];
    return told.flatMap((one, index) => moreIn(one, read[index], place));
  }
  if (!isShown(told)) return isDeepStrictEqual(told, read) ? [] : [`${place}: ${told} is read as ${read}`];
  if (!isShown(read)) return [`${place}: ${told.__typename} is not read`];
  const inside = place !== '' && idOf(told) !== undefined; // compared for itself
  if (inside) return idOf(told) === idOf(read) ? [] : [`${place} is another one`];
  return Object.entries(told).flatMap(([name, value]) => moreIn(value, read[name], name));
}

/** As it was asked for, without the walk's aliases. */
const plain = (answer: unknown): unknown =>
  Array.isArray(answer)
    ? answer.map(plain)
    : isShown(answer)
      ? Object.fromEntries(
          Object.entries(answer).map(([name, value]) => [name.replace(/^[A-Z]\w*?_(?=\w)/, ''), plain(value)]),
        )
      : answer;

test.each(DEEDS)('$name answers no more than $who reads', async ({ name, kind, who, input }) => {
  const principal = await principalOf(gateway, kind, who);
  const field = schema.getMutationType()?.getFields()[name];
  if (field === undefined) throw new Error(`there is no mutation ${name}`);
  const selection = walked.selectionOf(field.type);
  const question = `mutation ($input: ${field.args[0]?.type}) { ${name}(input: $input)${selection} }`;
  const { data, errors } = await askAs(gateway, schema, principal, question, {
    input: await input(before, idIn(gateway)),
  });
  before = { ...before, [name]: (plain(data) as Before)?.[name] };
  expect({ errors, userErrors: before[name]?.userErrors ?? [] }).toEqual({ errors: undefined, userErrors: [] });
  const more = new Set<string>();
  for (const told of nodesIn(data)) {
    const type = schema.getType(String(told.__typename)) as GraphQLObjectType;
    const again = `{ node(id: "${idOf(told)}") { __typename ... on ${type.name}${walked.selectionOf(type)} } }`;
    const read = await askAs(gateway, schema, principal, again);
    for (const each of moreIn(told, read.data?.node, '')) more.add(`${type.name} ${each}`);
  }
  expect([...more].filter(() => MADE_BY_THE_CALLER[name] === undefined)).toEqual([]);
  expect(more.size > 0).toBe(MADE_BY_THE_CALLER[name] !== undefined);
  expect(leaksIn(secrets, question, data)).toEqual([]);
});

test('whatever partners and members may ask for is done, or it is written down why not', () => {
  const theirs = Object.entries(ROOT_FIELDS).flatMap(([place, { yes, nothing = '' }]) =>
    place.startsWith('Mutation.') && /BANK|SHOP|OTHER|MEMBER|STRANGER/.test(`${yes} ${nothing}`)
      ? [place.slice('Mutation.'.length)]
      : [],
  );
  const done = new Set([...DEEDS.map(({ name }) => name), ...Object.keys(NOT_DONE)]);
  expect([...done].sort()).toEqual(theirs.sort());
});

test.each(ANTS)(
  'a %s of the one world that asks for changes of the other learns nothing of it: %s',
  async (kind, code) => {
    const who = await principalOf(gateway, kind, code);
    const leaks = new Set<string>();
    for (const question of attempts) {
      for (const leak of leaksIn(secrets, question, await askAs(gateway, schema, who, question))) leaks.add(leak);
    }
    expect([...leaks].slice(0, 20)).toEqual([]);
  },
  300_000,
);

/** Of each mutation some of the walk's questions, evenly, each with a key of its own: the walk knows thousands. */
function someOf(questions: readonly string[]): string[] {
  const byName = Map.groupBy(questions, (question) => /\w+(?=\()/.exec(question)?.[0]);
  return [...byName.values()]
    .flatMap((all) => all.filter((_, index) => index % Math.ceil(all.length / ATTEMPTS) === 0))
    .map((question, index) => question.replace(/idempotencyKey: "\w+"/, `idempotencyKey: "attempt-${index}"`));
}
