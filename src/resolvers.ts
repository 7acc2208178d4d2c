/** Every resolver of the schema and every kind of Node: one list for the server, the schema file and its tests. */
import 'reflect-metadata';
import { type NodeSource, nodeResolverOf } from './graphql/node.js';

/** Asked in turn by `node(id:)`; the most often refetched first. */
const nodes: readonly NodeSource[] = [];

export const resolvers = [nodeResolverOf(nodes)] as const;
