/**
 * Rows of an entity by a plain select (reads.ts): the values an ORM's find would give, without its work for each row.
 * Lazy properties are left out as by a find; what is sealed is opened by whoever opens it for the ORM (orm.ts).
 */
import { type EntityManager, type EntityMetadata, type EntityName, EventType } from '@mikro-orm/postgresql';
import { read } from './reads.js';

interface Shape {
  readonly isSealed: boolean;
  readonly select: string;
  revive(row: Record<string, unknown>): void;
}

const shapes = new WeakMap<object, Shape>();

/** What is read instead of all that an entity has; a constant, by which it is known again. */
export interface Columns {
  /** Properties of the entity. */
  readonly only: readonly string[];
  /** Columns beside them, as JSON has them: "exists (…) as "isPending"". */
  readonly more: string;
}

/**
 * @param tail what follows `from <table>`: "where member_no = any($1::int[]) order by day"
 * @param values of $1, $2 …
 */
export async function rowsOf<Row extends object, Found extends object = Row>(
  em: EntityManager,
  entity: EntityName<Row>,
  tail: string,
  values: readonly unknown[],
  columns?: Columns,
): Promise<Found[]> {
  const metadata = em.getMetadata().get(entity) as EntityMetadata;
  const known = columns ?? metadata;
  let shape = shapes.get(known);
  if (shape === undefined) {
    shape = shapeOf(metadata, columns);
    shapes.set(known, shape);
  }
  const rows = await read<Record<string, unknown>>(em, `${shape.select} ${tail}`, values);
  for (const row of rows) {
    shape.revive(row);
    if (shape.isSealed)
      await em.getEventManager().dispatchEvent(EventType.onLoad, { entity: row, meta: metadata, em }, metadata);
  }
  return rows as Found[];
}

/**
 * The order by id of one member's rows, told so that they are found by the member and then sorted. By `id` itself the
 * planner would walk all members' rows from the last one on, because a page may end early.
 */
export const sorted = (orderById: string): string => orderById.replace('id', 'array[id]');

type Revive = (text: string) => unknown;

/** What JSON has no word for, by the column's type: how it is written, and how it is read again. */
const KINDS: readonly (readonly [RegExp, (column: string) => string, Revive])[] = [
  [/^(bigint|bigserial)$/, (column) => `${column}::text`, BigInt],
  [/^numeric/, (column) => `${column}::text`, (text) => text],
  [/^timestamptz/, (column) => column, (text) => new Date(text)],
  [/^bytea$/, (column) => `encode(${column}, 'hex')`, (text) => Buffer.from(text, 'hex')],
];

function shapeOf({ tableName, props }: EntityMetadata, columns?: Columns): Shape {
  const revived: (readonly [string, Revive])[] = [];
  const written: string[] = [];
  for (const { name, fieldNames, columnTypes, runtimeType, lazy } of props) {
    if (columns === undefined ? lazy === true : !columns.only.includes(String(name))) continue;
    const column = `"${fieldNames[0]}"`;
    const [, write, revive] = KINDS.find(([type]) => type.test(columnTypes[0] ?? '')) ?? [];
    if (revive !== undefined) revived.push([String(name), runtimeType === 'bigint' ? BigInt : revive]);
    written.push(`${write?.(column) ?? column} as "${String(name)}"`);
  }
  return {
    isSealed: props.some(({ name }) => String(name).endsWith('Sealed')),
    select: `select ${[...written, ...(columns === undefined ? [] : [columns.more])].join(', ')} from "${tableName}"`,
    revive(row) {
      for (const [name, revive] of revived) {
        const value = row[name];
        if (value !== null) row[name] = revive(value as string);
      }
    },
  };
}
