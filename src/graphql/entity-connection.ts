/** Lists of entities: most lists of the schema are one page of one table, as far as the caller may see it. */
import type { EntityManager, EntityName } from '@mikro-orm/postgresql';
import { type Connection, type ConnectionArguments, connection } from './connection.js';
import { type Keyset, ormSlice } from './keyset.js';

export interface EntityList<Row extends object> {
  /** The request's own: row-level security narrows what it finds. */
  readonly em: EntityManager;
  readonly entity: EntityName<Row>;
  /** Which rows the list is of. */
  readonly where: object;
}

/** One page of a list of entities. `present` turns the rows of the page, in its order, into their GraphQL objects. */
export async function entityConnection<Row extends object, Node>(
  args: ConnectionArguments,
  keyset: Keyset,
  { em, entity, where }: EntityList<Row>,
  present: (rows: readonly Row[]) => readonly Node[] | Promise<readonly Node[]>,
): Promise<Connection<Node>> {
  const page = await connection(
    args,
    keyset,
    (slice) => {
      const { where: beyond, orderBy, limit } = ormSlice(keyset, slice);
      return em.find(entity, { $and: [where, beyond] } as never, { orderBy: orderBy as never, limit });
    },
    (row) => row as Row,
  );
  const nodes = await present(page.nodes);
  return {
    edges: page.edges.map(({ cursor }, index) => ({ cursor, node: nodes[index] as Node })),
    nodes,
    pageInfo: page.pageInfo,
  };
}
