/** Looking for a text in the whole database, as whoever steals a copy of it would. */
import type pg from 'pg';

/** Tables in which it stands anywhere. */
export async function whereIs(superuser: pg.Client, text: string): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const hits = await superuser.query(`select from ${name} t where strpos(to_jsonb(t)::text, $1) > 0 limit 1`, [text]);
    if (hits.rowCount !== 0) found.push(name);
  }
  return found;
}
