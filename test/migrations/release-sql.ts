/**
 * What a release says to its database, kept in recorded/<version>.json when the release is cut, so that later migrations
 * can be held to it: while an upgrade runs, gateways of the release before work on the new schema.
 */
import type pg from 'pg';

export interface ReleaseSql {
  /** The named statements of the writer, by name. */
  readonly statements: Readonly<Record<string, string>>;
  /** What the reader's ORM selects: the columns of each entity's table. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** The columns of every table, as the release's own migrations left them. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

export async function columnsOf(db: pg.Client): Promise<Record<string, string[]>> {
  const { rows } = await db.query<{ table: string; columns: string[] }>(
    `select table_name as table, array_agg(column_name::text order by column_name) as columns
     from information_schema.columns where table_schema = 'public' group by table_name order by table_name`,
  );
  return Object.fromEntries(rows.map(({ table, columns }) => [table, columns]));
}
