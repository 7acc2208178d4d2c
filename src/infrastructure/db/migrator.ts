/**
 * Applies migrations/*.sql in the order of their names, each in one transaction, as the owner.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Migration, Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { OperatorError } from '../operator-error.js';
import { connectionOptions } from './orm.js';

export type Environment = 'development' | 'test' | 'production';

export interface MigrateOptions {
  /** The owner's connection. */
  readonly ownerUrl: string;
  /** The folder with the .sql files. */
  readonly folder: string;
  /** Written into the database once; a database of production never becomes anything else. */
  readonly environment: Environment;
  /** Stop after this migration (its name without .sql). */
  readonly upTo?: string;
}

/** Applies what is pending and returns the names. Several processes may try at once: one does it, the others wait. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const files = migrationNames(options.folder);
  const gate = new pg.Client({ connectionString: options.ownerUrl, application_name: 'hansa migrate' });
  await gate.connect();
  const orm = new MikroORM({
    ...connectionOptions(options.ownerUrl, { purpose: 'migrate', poolSize: 2, statementTimeoutMs: 0 }),
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: {
      migrationsList: files.map((name) => ({ name, class: migrationOf(join(options.folder, `${name}.sql`)) })),
      snapshot: false,
      silent: true,
      allOrNothing: false,
    },
  });
  try {
    await gate.query(`select pg_advisory_lock(hashtext('hansa migrate'))`);
    await refuseNewerDatabase(orm.migrator, files);
    const applied = await orm.migrator.up(options.upTo === undefined ? undefined : { to: options.upTo });
    await settleEnvironment(gate, options.environment);
    return applied.map(({ name }) => name);
  } finally {
    await orm.close(true);
    await gate.end();
  }
}

/** The migrations of a folder in their order, without .sql. */
export const migrationNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();

const migrationOf = (file: string) =>
  class extends Migration {
    override up(): void {
      this.addSql(readFileSync(file, 'utf8'));
    }
  };

async function refuseNewerDatabase(migrator: MikroORM['migrator'], files: readonly string[]): Promise<void> {
  const unknown = (await migrator.getExecuted()).map(({ name }) => name).filter((name) => !files.includes(name));
  if (unknown.length === 0) return;
  throw new OperatorError(
    `The database was made by a newer Hansa (it has the migration ${unknown.join(', ')}). Start that version, or use another database.`,
  );
}

async function settleEnvironment(gate: pg.Client, environment: Environment): Promise<void> {
  const { rows: tables } = await gate.query<{ made: boolean }>(`select to_regclass('deployment') is not null as made`);
  if (!tables[0]?.made) return; // stopped before its migration
  await gate.query('insert into deployment (environment) values ($1) on conflict do nothing', [environment]);
  const { rows } = await gate.query<{ environment: Environment }>('select environment from deployment');
  const settled = rows[0]?.environment;
  if (settled === environment || (settled !== 'production' && environment !== 'production')) return;
  throw new OperatorError(
    `This database was set up for ${settled}, and Hansa was started for ${environment}. Set HANSA_ENV=${settled}, or use another database.`,
  );
}
