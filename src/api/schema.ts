/** Resolver classes -> executable schema, and its printed form. */
import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, type ContainerType, type NonEmptyArray, type PubSub } from 'type-graphql';

import type { ActLog } from '../infrastructure/db/acts.js';
import { auditMutations } from './audited-mutations.js';
import { resolveDirectly } from './direct-resolvers.js';

type ResolverClass = abstract new (...dependencies: never[]) => object;

/** For looking at the schema only: nothing of it can run. */
const NO_INSTANCES: ContainerType = {
  get(resolver: { name: string }) {
    throw new Error(`${resolver.name} has no instance: this schema is only for looking at`);
  },
};

/** type-graphql asks for one; ours hear by themselves (graphql/news.ts), with the rights of who subscribes. */
const NO_TOPICS: PubSub = {
  publish: () => undefined,
  subscribe() {
    throw new Error('A subscription needs a `subscribe` of its own.');
  },
};

/**
 * @param acts records what administrators do; without it nothing is recorded
 * @param container gives the one instance of each resolver class; the composition root has made them
 */
export async function createSchema(
  resolvers: readonly ResolverClass[],
  container: ContainerType = NO_INSTANCES,
  acts?: ActLog,
): Promise<GraphQLSchema> {
  const classes = resolvers as unknown as NonEmptyArray<ResolverClass>;
  const schema = await buildSchema({ resolvers: classes, container, validate: false, pubSub: NO_TOPICS });
  describe(
    schema.getQueryType(),
    'Everything that can be read. Root fields are nullable, so that one failure leaves its siblings standing.',
  );
  describe(
    schema.getMutationType(),
    'Everything that can be done: business verbs, object first. Each runs after the one before it.',
  );
  describe(
    schema.getSubscriptionType(),
    'Everything that can be followed while it happens: by WebSocket (graphql-transport-ws) or as server-sent events.',
  );
  resolveDirectly(schema, resolvers, container);
  if (acts !== undefined) auditMutations(schema, acts);
  return schema;
}

/** type-graphql makes the root types without a description. */
function describe(type: { description: string | null | undefined } | null | undefined, description: string): void {
  if (type) type.description = description;
}

/** The text of schema.graphql. */
export const printSorted = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
