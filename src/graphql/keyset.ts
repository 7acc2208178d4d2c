/**
 * Keyset paging: a page starts after the last row seen, found by its ordering columns, so a list that grows
 * while it is read neither repeats nor skips. A list declares its Keyset once; the columns must be unique
 * together, must never be null, and sort in one direction (so that one index serves both ways).
 *
 * Instants are no keyset columns: the database keeps microseconds, JavaScript milliseconds. Order by the id
 * instead, which a UUIDv7 makes the order of creation.
 */
import { isBusinessDate } from '../domain/kernel/calendar.js';
import { badUserInput } from './bad-user-input.js';
import { isId } from './scalars.js';

type ColumnKind = 'text' | 'integer' | 'bigint' | 'date' | 'uuid';

export interface KeysetColumn {
  /** The property of the row, which is also what the ORM orders by. */
  readonly property: string;
  readonly kind: ColumnKind;
  /** The column in SQL, when it is not the property: "t.id". */
  readonly sql?: string;
}

export interface Keyset {
  /** Names the list in its cursors, so that the cursor of another list is refused. */
  readonly name: string;
  readonly columns: readonly KeysetColumn[];
  readonly direction: 'ASC' | 'DESC';
}

/** Rows in the order of recording, which a UUIDv7 keeps: the keyset of most lists. */
export const byId = (name: string, direction: Keyset['direction']): Keyset => ({
  name,
  columns: [{ property: 'id', kind: 'uuid' }],
  direction,
});

/** The ordering values of one row, as text, in the order of the columns. */
export type Position = readonly string[];

/** What to read: rows strictly after and strictly before these positions in list order. */
export interface Slice {
  readonly after?: Position | undefined;
  readonly before?: Position | undefined;
  /** From the end of the list towards its beginning; rows are then wanted in reverse order. */
  readonly backward: boolean;
  /** One more than the page holds: the extra row tells that there is another page. */
  readonly limit: number;
}

/** The cursor of a row: opaque to clients, its list and position inside. */
export function cursorOf(keyset: Keyset, row: object): string {
  const values = keyset.columns.map(({ property }) => String((row as Record<string, unknown>)[property]));
  return Buffer.from(JSON.stringify([keyset.name, ...values])).toString('base64url');
}

const LARGEST_CURSOR = 1_000;
const INTEGER = 2n ** 31n;
const BIGINT = 2n ** 63n;

function within(text: string, bound: bigint): boolean {
  if (!/^-?\d{1,19}$/.test(text)) return false;
  const value = BigInt(text);
  return value >= -bound && value < bound;
}

const IS_OF_KIND: Readonly<Record<ColumnKind, (text: string) => boolean>> = {
  text: (text) => !text.includes('\u0000'),
  integer: (text) => within(text, INTEGER),
  bigint: (text) => within(text, BIGINT),
  date: isBusinessDate,
  uuid: isId,
};

/** The position a cursor stands for. A cursor that this list did not give out is the client's error. */
export function readCursor(keyset: Keyset, cursor: string, argument: 'after' | 'before'): Position {
  const position = decodeCursor(keyset, cursor);
  if (position === undefined) {
    throw badUserInput(
      `The cursor in "${argument}" is not one of this list. Use an endCursor or startCursor it has answered.`,
    );
  }
  return position;
}

function decodeCursor(keyset: Keyset, cursor: string): Position | undefined {
  if (cursor.length > LARGEST_CURSOR) return undefined;
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(decoded) || decoded.length !== keyset.columns.length + 1 || decoded[0] !== keyset.name)
    return undefined;
  const position: unknown[] = decoded.slice(1);
  const fits = keyset.columns.every(({ kind }, index) => {
    const value = position[index];
    return typeof value === 'string' && IS_OF_KIND[kind](value);
  });
  return fits ? (position as string[]) : undefined;
}

/** Whether rows in list order rise, and so how "after" compares. */
const rises = (keyset: Keyset): boolean => keyset.direction === 'ASC';

/** The slice for MikroORM: `em.find(X, { $and: [own, slice.where] }, { orderBy: slice.orderBy, limit: slice.limit })`. */
export function ormSlice(
  keyset: Keyset,
  slice: Slice,
): { where: { $and: object[] }; orderBy: object[]; limit: number } {
  const $and: object[] = [];
  if (slice.after) $and.push(beyond(keyset, slice.after, rises(keyset) ? '$gt' : '$lt'));
  if (slice.before) $and.push(beyond(keyset, slice.before, rises(keyset) ? '$lt' : '$gt'));
  const order = rises(keyset) === slice.backward ? 'desc' : 'asc';
  return {
    where: { $and },
    orderBy: keyset.columns.map(({ property }) => ({ [property]: order })),
    limit: slice.limit,
  };
}

/** (a, b) > (x, y) as a > x or (a = x and b > y): the ORM has no row comparison. */
function beyond(keyset: Keyset, position: Position, operator: '$gt' | '$lt'): object {
  const values = keyset.columns.map(({ kind }, index) => ormValue(kind, position[index] as string));
  const $or = keyset.columns.map(({ property }, index) => ({
    ...Object.fromEntries(keyset.columns.slice(0, index).map((column, before) => [column.property, values[before]])),
    [property]: { [operator]: values[index] },
  }));
  return { $or };
}

function ormValue(kind: ColumnKind, text: string): unknown {
  if (kind === 'integer') return Number(text);
  return kind === 'bigint' ? BigInt(text) : text;
}

/**
 * The slice for SQL with `?` placeholders (`em.execute`), or with $n from the number given on (`read`):
 * `select ... where <own> and ${condition} order by ${orderBy} limit ${limit}`.
 */
export function sqlSlice(
  keyset: Keyset,
  slice: Slice,
  from?: number,
): { condition: string; values: string[]; orderBy: string; limit: number } {
  const names = keyset.columns.map(({ sql, property }) => sql ?? property);
  let next = from;
  const place = (): string => (next === undefined ? '?' : `$${next++}`);
  const compare = (operator: string): string =>
    `(${names.join(', ')}) ${operator} (${keyset.columns.map(({ kind }) => `${place()}::${kind}`).join(', ')})`;
  const conditions = ['true'];
  if (slice.after) conditions.push(compare(rises(keyset) ? '>' : '<'));
  if (slice.before) conditions.push(compare(rises(keyset) ? '<' : '>'));
  const order = rises(keyset) === slice.backward ? 'desc' : 'asc';
  return {
    condition: conditions.join(' and '),
    values: [...(slice.after ?? []), ...(slice.before ?? [])],
    orderBy: names.map((name) => `${name} ${order}`).join(', '),
    limit: slice.limit,
  };
}
