/** Lists inside lists: the same page of many parents is one statement, not one per parent. */
import type { GatewayContext, LoaderDefinition } from './context.js';
import { type Keyset, type Slice, sqlSlice } from './keyset.js';

export interface NestedList {
  /** Unique among loaders. */
  readonly name: string;
  readonly keyset: Keyset;
  readonly table: string;
  /** What to read of each row, aliased to the properties that are wanted: `id, last_four as "lastFour"`. */
  readonly columns: string;
  /** The column that names the parent, and its type. */
  readonly parent: { readonly column: string; readonly kind: 'uuid' | 'integer' };
}

/** Which page of which parent. */
export interface NestedPage {
  readonly parent: string | number;
  readonly slice: Slice;
}

/** Loader of one list of many parents; give its rows to `connection` as what `read` returns. */
export function nestedLoader<Row extends object>(list: NestedList): LoaderDefinition<NestedPage, readonly Row[]> {
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
  { keyset, table, columns, parent }: NestedList,
  pages: readonly NestedPage[],
  { em }: GatewayContext,
): Promise<Map<string, Row[]>> {
  const { condition, values, orderBy, limit } = sqlSlice(keyset, (pages[0] as NestedPage).slice);
  const parents = JSON.stringify([...new Set(pages.map((page) => String(page.parent)))]);
  const rows = await em.execute<(Row & { parentKey: string })[]>(
    `select given.key as "parentKey", child.*
     from json_array_elements_text(?::json) as given (key)
     cross join lateral (
       select ${columns}, row_number() over (order by ${orderBy}) as place
       from ${table}
       where ${parent.column} = given.key::${parent.kind} and ${condition}
       order by ${orderBy}
       limit ${limit}
     ) as child
     order by given.key, child.place`,
    [parents, ...values],
  );
  return Map.groupBy(rows, ({ parentKey }) => parentKey);
}
