/** Relay connections: how every list of the schema looks and is asked for. */
import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { badUserInput } from './bad-user-input.js';
import { cursorOf, type Keyset, readCursor, type Slice } from './keyset.js';

export const DEFAULT_PAGE = 50;
export const LARGEST_PAGE = 250;

@ObjectType({ description: 'Where a page lies in its list.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there is more before this page.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Give it as `before` for the previous page; null when the page is empty.',
  })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Give it as `after` for the next page; null when the page is empty.',
  })
  readonly endCursor!: string | null;
}

/** The arguments of every list; a list with filters extends this class. */
@ArgsType()
export class ConnectionArguments {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the beginning, at most ${LARGEST_PAGE}; ${DEFAULT_PAGE} when neither first nor last is given.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many from the end, at most ${LARGEST_PAGE}. Not together with first.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
}

/** Makes `<name>Connection` and `<name>Edge`: `export const MemberConnection = connectionOf('Member', () => Member)`. */
export function connectionOf<Node extends object>(
  name: string,
  node: () => ClassType<Node>,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} and its place in the list.`, simpleResolvers: true })
  class NodeEdge implements Edge<Node> {
    @Field(() => String, { description: 'The place in the list, for `after` or `before`.' })
    readonly cursor!: string;

    @Field(() => node(), { description: `The ${name} itself.` })
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.`, simpleResolvers: true })
  class NodeConnection implements Connection<Node> {
    @Field(() => [NodeEdge], { description: 'The page with the place of each.' })
    readonly edges!: readonly Edge<Node>[];

    @Field(() => [node()], { description: 'The page without the places.' })
    readonly nodes!: readonly Node[];

    @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
    readonly pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/** Checks the arguments of a list and says what to read. */
export function sliceOf(keyset: Keyset, args: ConnectionArguments): Slice {
  const { first, last, after, before } = args;
  if (isGiven(first) && isGiven(last)) throw badUserInput('Give either first or last, not both.');
  const size = first ?? last ?? DEFAULT_PAGE;
  if (size < 1 || size > LARGEST_PAGE) {
    throw badUserInput(
      `${isGiven(last) ? 'last' : 'first'} must be from 1 to ${LARGEST_PAGE}; page on with cursors for more.`,
    );
  }
  return {
    after: isGiven(after) ? readCursor(keyset, after, 'after') : undefined,
    before: isGiven(before) ? readCursor(keyset, before, 'before') : undefined,
    backward: isGiven(last),
    limit: size + 1,
  };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/**
 * One page of a list. `read` returns the rows of the slice in its order (ormSlice and sqlSlice say it for the
 * ORM and for SQL), `present` turns a row into its GraphQL object.
 */
export async function connection<Row extends object, Node>(
  args: ConnectionArguments,
  keyset: Keyset,
  read: (slice: Slice) => Promise<readonly Row[]>,
  present: (row: Row) => Node,
): Promise<Connection<Node>> {
  const slice = sliceOf(keyset, args);
  const found = await read(slice);
  const hasMore = found.length === slice.limit;
  const rows = hasMore ? found.slice(0, -1) : [...found];
  if (slice.backward) rows.reverse();
  // Cursors are written when they are asked for: most clients read the nodes.
  const edges = rows.map((row) => ({
    get cursor() {
      return cursorOf(keyset, row);
    },
    node: present(row),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: slice.backward ? slice.before !== undefined : hasMore,
      hasPreviousPage: slice.backward ? hasMore : slice.after !== undefined,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
  };
}
