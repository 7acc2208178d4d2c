/**
 * `interface Node` and `node(id:)`.
 *
 * Ids carry no type, so every module says of each of its Node types how one is found by id (a NodeSource), and the
 * sources are asked in turn. A source authorises like any other read, and reads by a loader, because other subgraphs
 * ask for many at once (api/federation.ts); what the caller may not read does not exist.
 */
import { Arg, Ctx, Field, ID, InterfaceType, Query, Resolver } from 'type-graphql';
import { ForbiddenError } from '../domain/access/forbidden.js';
import type { GatewayContext } from './context.js';
import { isId } from './scalars.js';

@InterfaceType('Node', { description: 'Anything that has an id of its own and can be fetched again by `node(id:)`.' })
export abstract class NodeInterface {
  @Field(() => ID, { description: 'The id, a UUID made by the gateway. It never changes and is never used again.' })
  readonly id!: string;
}

/** How a module finds the nodes of one type. */
export interface NodeSource {
  /** The GraphQL class, named as the type is. */
  readonly type: abstract new (
    ...parts: never[]
  ) => NodeInterface;
  /** Returns an instance of the class, or nothing. */
  find(id: string, context: GatewayContext): Promise<NodeInterface | null | undefined>;
}

/** The resolver class of `node(id:)` over these sources; the composition root lists them. */
export function nodeResolverOf(sources: readonly NodeSource[]): new () => object {
  @Resolver()
  class NodeResolver {
    @Query(() => NodeInterface, {
      nullable: true,
      description: 'One object by its id; null when there is none that the caller may see.',
    })
    async node(
      @Arg('id', () => ID, { description: 'The id of any Node.' }) id: string,
      @Ctx() context: GatewayContext,
    ): Promise<NodeInterface | null> {
      if (!isId(id)) return null;
      for (const source of sources) {
        const found = await findVisible(source, id, context);
        if (found) return found;
      }
      return null;
    }
  }
  return NodeResolver;
}

/** What the caller may see of this id, among the nodes of one type. */
export async function findVisible(
  source: NodeSource,
  id: string,
  context: GatewayContext,
): Promise<NodeInterface | null | undefined> {
  try {
    return await source.find(id, context);
  } catch (error) {
    if (error instanceof ForbiddenError) return null;
    throw error;
  }
}
