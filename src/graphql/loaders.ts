/** Batched reads: one DataLoader per definition and request. */
import type { EntityName } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import type { GatewayContext, LoaderDefinition } from './context.js';
import { isId } from './scalars.js';

/** The most keys one batch reads; more become several statements. */
const MAX_BATCH = 1_000;

const GIVEN_UP = 'The answer was given up: nobody waits for it any more.';

/** The `loader` of one request's context. `context` is asked late, because it holds the function made here. */
export function createLoaders(context: () => GatewayContext): GatewayContext['loader'] {
  const made = new Map<LoaderDefinition<never, unknown>, DataLoader<unknown, unknown>>();
  return <Key, Value>(definition: LoaderDefinition<Key, Value>): DataLoader<Key, Value> => {
    let loader = made.get(definition as never);
    if (loader === undefined) {
      loader = new DataLoader<unknown, unknown>(
        async (keys) => {
          // What was given up reads nothing more; the statement that runs ends by its own time-out.
          if (context().signal?.aborted)
            throw new GraphQLError(GIVEN_UP, { extensions: { code: 'SERVICE_UNAVAILABLE' } });
          return definition.load(keys as Key[], context()) as Promise<unknown[]>;
        },
        {
          name: definition.name,
          maxBatchSize: MAX_BATCH,
        },
      );
      made.set(definition as never, loader);
    }
    return loader as DataLoader<Key, Value>;
  };
}

/**
 * Loader of an entity's rows by id: `const CARD_ROW = rowsById('cards.row-by-id', CardEntity)`. Text that is no id is
 * one that nothing has: the database would refuse to read it.
 */
export const rowsById = <Row extends { readonly id: string }>(
  name: string,
  entity: EntityName<Row>,
): LoaderDefinition<string, Row | undefined> => ({
  name,
  async load(ids, { em }) {
    const wanted = ids.filter(isId);
    const found = wanted.length === 0 ? [] : await em.find(entity, { id: { $in: wanted } } as never);
    return inOrderOf(ids, found as Row[], ({ id }) => id);
  },
});

/** Rows in the order of the keys they answer, undefined where there is none. */
export function inOrderOf<Key, Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): (Row | undefined)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key));
}

/** All rows of each key, in the order of the keys; the rows of one key keep their order. */
export function groupedBy<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): Row[][] {
  const byKey = new Map<Key, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) byKey.get(keyOf(row))?.push(row);
  return keys.map((key) => byKey.get(key) ?? []);
}
