/** Lists inside lists: the same page of many parents is one statement, not one per parent. */
import type { EntityName } from '@mikro-orm/postgresql';
import type { GatewayContext, LoaderDefinition } from './context.js';
import { type Keyset, type Slice, sqlSlice } from './keyset.js';

export interface NestedList<Row extends object> {
  /** Unique among loaders. */
  readonly name: string;
  /** Its columns need `sql` where the property is not the column. */
  readonly keyset: Keyset;
  /** What the rows are. */
  readonly entity: EntityName<Row>;
  /** The column that names the parent, and its type. */
  readonly parent: { readonly column: string; readonly kind: 'uuid' | 'integer' };
}

/** Which page of which parent. */
export interface NestedPage {
  readonly parent: string | number;
  readonly slice: Slice;
}

/** Loader of one list of many parents; give its rows to `connection` as what `read` returns. */
export function nestedLoader<Row extends object>(list: NestedList<Row>): LoaderDefinition<NestedPage, readonly Row[]> {
  return {
    name: list.name,
    async load(pages, context) {
      const samePage = Map.groupBy(pages, ({ slice }) => JSON.stringify(slice));
      const rows = new Map<NestedPage, readonly Row[]>();
      for (const group of samePage.values()) {
        const byParent = await readPages<Row>(list, group, context);
        for (const page of group) rows.set(page, byParent.get(String(page.parent)) ?? []);
      }
      return pages.map((page) => rows.get(page) ?? []);
    },
  };
}

async function readPages<Row extends object>(
  { keyset, entity, parent }: NestedList<Row>,
  pages: readonly NestedPage[],
  { em }: GatewayContext,
): Promise<Map<string, Row[]>> {
  const { condition, values, orderBy, limit } = sqlSlice(keyset, (pages[0] as NestedPage).slice);
  const parents = JSON.stringify([...new Set(pages.map((page) => String(page.parent)))]);
  const rows = await em.execute<{ parent_key: string }[]>(
    `select given.key as parent_key, child.*
     from json_array_elements_text(?::json) as given (key)
     cross join lateral (
       select own.*, row_number() over (order by ${orderBy}) as place
       from ${em.getMetadata().get(entity).tableName} as own
       where own.${parent.column} = given.key::${parent.kind} and ${condition}
       order by ${orderBy}
       limit ${limit}
     ) as child
     order by given.key, child.place`,
    [parents, ...values],
  );
  const byParent = Map.groupBy(rows, ({ parent_key }) => parent_key);
  return new Map(
    Array.from(byParent, ([key, group]) => [key, group.map((row) => em.map(entity, row as never) as Row)]),
  );
}
