/** How large the database is: tables with their indexes and TOAST, without what a file was staged in. */
import type pg from 'pg';

export async function databaseBytes(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(c.oid)) as bytes
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'import_row'`,
  );
  return Number(rows[0]?.bytes);
}
