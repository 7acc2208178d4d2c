/**
 * The schema as a Federation 2 subgraph: what a router asks for beside what everybody may ask.
 *
 * Every Node is an entity by its id, so another subgraph may add fields to any of them. The fields are put onto
 * the executable schema as it is, instead of building a second one from its text: nothing of it is lost on the way.
 * `_entities` is authorised as `node(id:)` is, and reads by the request's loaders: as many representations as come,
 * one read of each type.
 */
import {
  type ConstDirectiveNode,
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { badUserInput } from '../graphql/bad-user-input.js';
import type { GatewayContext } from '../graphql/context.js';
import { findVisible, type NodeSource } from '../graphql/node.js';
import { isId } from '../graphql/scalars.js';

/** The most representations that one `_entities` takes: as many as one batch of a loader reads. */
export const LARGEST_ENTITIES = 1_000;

const KEY = 'id';
/** Other subgraphs may define the same types, each for the values that it answers itself. */
const SHAREABLE: ReadonlySet<string> = new Set(['Money', 'PageInfo']);
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])\n\n';

interface Representation {
  readonly __typename: string;
  readonly [KEY]: string;
}

/** The schema with `_service` and `_entities`. */
export function asSubgraph(schema: GraphQLSchema, nodes: readonly NodeSource[]): GraphQLSchema {
  const { query, types, ...config } = schema.toConfig();
  if (!query) throw new Error('A subgraph needs a query type.');
  const { fields, ...named } = query.toConfig();
  const withFederation = new GraphQLObjectType({
    ...named,
    fields: { ...fields, ...serviceField(subgraphText(schema)), ...entitiesField(schema, nodes) },
  });
  return new GraphQLSchema({
    ...config,
    query: withFederation,
    types: types.map((type) => (type === query ? withFederation : type)),
  });
}

/** The text that a router composes from: the schema with the directives of federation, sorted. */
export function subgraphText(schema: GraphQLSchema): string {
  const document = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    ObjectTypeDefinition: (type) => {
      const directives = directivesOf(type);
      return directives.length === 0 ? false : { ...type, directives };
    },
  });
  return LINK + print(document);
}

function directivesOf({ name, interfaces }: ObjectTypeDefinitionNode): ConstDirectiveNode[] {
  if (SHAREABLE.has(name.value)) return [directive('shareable')];
  return interfaces?.some((each) => each.name.value === 'Node') ? [directive('key', { fields: KEY })] : [];
}

const directive = (name: string, given: Readonly<Record<string, string>> = {}): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: name },
  arguments: Object.entries(given).map(([argument, value]) => ({
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: argument },
    value: { kind: Kind.STRING, value },
  })),
});

function serviceField(sdl: string): GraphQLFieldConfigMap<unknown, GatewayContext> {
  const Service = new GraphQLObjectType({
    name: '_Service',
    description: 'The gateway as a subgraph.',
    fields: {
      sdl: { type: GraphQLString, description: 'The schema with the directives of federation, to compose from.' },
    },
  });
  return {
    _service: {
      type: new GraphQLNonNull(Service),
      description: 'The gateway as a subgraph, for routers.',
      resolve: () => ({ sdl }),
    },
  };
}

function entitiesField(
  schema: GraphQLSchema,
  nodes: readonly NodeSource[],
): GraphQLFieldConfigMap<unknown, GatewayContext> {
  if (nodes.length === 0) return {};
  const sources = new Map(nodes.map((source) => [source.type.name, source]));
  const Entity = new GraphQLUnionType({
    name: '_Entity',
    description: 'Everything that other subgraphs may refer to and add fields to.',
    types: [...sources.keys()].map((name) => schema.getType(name)).filter(isObjectType),
    resolveType: (found) => nodes.find(({ type }) => found instanceof type)?.type.name,
  });
  return {
    _entities: {
      type: new GraphQLNonNull(new GraphQLList(Entity)),
      description: 'The entities that a router refers to, in the order asked for; null where the caller may see none.',
      args: {
        representations: {
          type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(AnyScalar))),
          description: `Which ones, at most ${LARGEST_ENTITIES}.`,
        },
      },
      resolve: (_root, { representations }: { representations: readonly Representation[] }, context) => {
        if (representations.length > LARGEST_ENTITIES) {
          throw badUserInput(
            `Ask for at most ${LARGEST_ENTITIES} entities at once; these are ${representations.length}.`,
          );
        }
        return representations.map(({ __typename, id }) => {
          const source = sources.get(__typename);
          if (source === undefined) return badUserInput(`There is no entity of type ${__typename.slice(0, 60)}.`);
          return isId(id) ? findVisible(source, id, context) : null;
        });
      },
    },
  };
}

function representationOf(value: unknown): Representation {
  const { __typename, [KEY]: id } = (value ?? {}) as Partial<Record<keyof Representation, unknown>>;
  if (typeof __typename === 'string' && typeof id === 'string') return { __typename, id };
  throw badUserInput(
    'A representation is an object of __typename and id, such as { __typename: "Member", id: "..." }.',
  );
}

const AnyScalar = new GraphQLScalarType<Representation, unknown>({
  name: '_Any',
  description: 'How a router refers to an entity: { __typename, id }.',
  parseValue: representationOf,
  parseLiteral: (node, variables) => representationOf(valueFromASTUntyped(node, variables)),
});
