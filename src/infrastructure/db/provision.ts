/**
 * Prepares a PostgreSQL server for Hansa, as its administrator: version, roles, database, rights. Repeatable.
 */
import pg from 'pg';
import { OperatorError } from '../operator-error.js';
import { lendRoles, makeLoginRoles, NOT_ALLOWED, ROLES, type RoleName } from './roles.js';

const OLDEST_VERSION = 15;
const NO_SUCH_DATABASE = '3D000';

export interface ProvisionOptions {
  /** The administrator's connection to Hansa's database. */
  readonly databaseUrl: string;
  /** The same to the maintenance database, for the time when there is no other. */
  readonly adminUrl: string;
  /** Given for a server of our own; on somebody else's server the roles are lent to the connecting user. */
  readonly passwords?: Readonly<Record<RoleName, string>>;
}

/** Makes what is missing. Throws OperatorError when the server is too old or the user may not do it. */
export async function provision(options: ProvisionOptions): Promise<void> {
  const database = databaseOf(options.databaseUrl);
  await asAdmin(options.databaseUrl, options.adminUrl, async (admin) => {
    await assertVersion(admin);
    if (options.passwords) await makeLoginRoles(admin, options.passwords);
    else await lendRoles(admin);
    await makeDatabase(admin, database);
  });
  await asAdmin(options.databaseUrl, undefined, (admin) => grantRights(admin, database));
}

export const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

/** Works on a connection to `url`, or to `otherwise` while the database of `url` does not exist. */
async function asAdmin(
  url: string,
  otherwise: string | undefined,
  work: (admin: pg.Client) => Promise<void>,
): Promise<void> {
  const admin = new pg.Client({
    connectionString: url,
    application_name: 'hansa provision',
    connectionTimeoutMillis: 10_000,
  });
  try {
    await admin.connect();
  } catch (error) {
    await admin.end().catch(() => undefined);
    if ((error as { code?: string }).code === NO_SUCH_DATABASE && otherwise !== undefined)
      return asAdmin(otherwise, undefined, work);
    throw new OperatorError(
      `The PostgreSQL server at ${admin.host}:${admin.port} cannot be used: ${(error as Error).message || 'it does not answer'}. Check that it runs and that DATABASE_URL names its address, user, password and database.`,
      { cause: error },
    );
  }
  try {
    await work(admin);
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_ALLOWED) throw error;
    throw new OperatorError(
      `The user ${admin.user} may not prepare the database (${(error as Error).message}). Let an administrator run hansa migrate once, or give the user CREATEROLE and the ownership of its database.`,
      { cause: error },
    );
  } finally {
    await admin.end().catch(() => undefined);
  }
}

async function assertVersion(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ number: string; name: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
  );
  if (Number(rows[0]?.number) >= OLDEST_VERSION * 10_000) return;
  throw new OperatorError(
    `The PostgreSQL server is version ${rows[0]?.name}; Hansa needs ${OLDEST_VERSION} or newer. Upgrade it, or point DATABASE_URL to a newer server.`,
  );
}

async function makeDatabase(admin: pg.Client, database: string): Promise<void> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [database]);
  if (rowCount === 0) await admin.query(`create database ${admin.escapeIdentifier(database)} owner hansa_owner`);
}

/** The owner may make tables, the other two may come in; everybody else stays outside. */
async function grantRights(admin: pg.Client, database: string): Promise<void> {
  const { rows } = await admin.query<{ done: boolean }>(
    `select has_schema_privilege('hansa_owner', 'public', 'create') and has_database_privilege('hansa_reader', $1, 'connect') as done`,
    [database],
  );
  if (rows[0]?.done) return;
  await admin.query('grant create, usage on schema public to hansa_owner');
  await admin.query(`grant connect on database ${admin.escapeIdentifier(database)} to ${ROLES.join(', ')}`);
}
