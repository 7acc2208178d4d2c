/**
 * A database made the way a long-lived one was made: each migration runs over the rows of all before it.
 * The rows of test/migrations/rows/<migration>.sql are those that its tables could hold when it was new.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, migrationNames } from '../../src/infrastructure/db/migrator.js';
import { cloneTemplate, connectTo } from './database.js';
import { migrationsFolder, type TestServer } from './server.js';

const ROWS = join(migrationsFolder(), '../test/migrations/rows');

/** Makes it under this name and returns its URLs and the migrations in the order they were applied. */
export async function migrateOverRows(name: string): Promise<{ urls: TestServer; applied: string[] }> {
  const urls = await cloneTemplate(name, 'template0');
  const superuser = await connectTo(urls.superuser);
  const folder = migrationsFolder();
  const applied: string[] = [];
  try {
    for (const upTo of migrationNames(folder)) {
      applied.push(...(await migrate({ ownerUrl: urls.owner, folder, environment: 'test', upTo })));
      const rows = join(ROWS, `${upTo}.sql`);
      if (existsSync(rows)) await superuser.query(readFileSync(rows, 'utf8'));
    }
  } finally {
    await superuser.end();
  }
  return { urls, applied };
}

/** Every table of ours, by name; the migrator's own is left out. */
export async function tablesOf(client: {
  query(text: string): Promise<{ rows: { name: string }[] }>;
}): Promise<string[]> {
  const { rows } = await client.query(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'mikro_orm_migrations' order by 1`,
  );
  return rows.map(({ name }) => name);
}
