/**
 * The PostgreSQL server of this process, whichever it is: the embedded one of the data directory or the one
 * that DATABASE_URL names. After `openServer` it is provisioned and migrated.
 */
import { type EmbeddedServer, openEmbedded } from './embedded.js';
import { type Environment, migrate } from './migrator.js';
import { provision } from './provision.js';
import { type RoleName, urlAs } from './roles.js';

const DATABASE = 'hansa';

export interface ServerOptions {
  /** A PostgreSQL server to use instead of the embedded one. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  readonly migrationsFolder: string;
  readonly environment: Environment;
  /** What this process is: "hansa start". */
  readonly purpose: string;
  /** True for a gateway, which wants the data directory for itself; other commands join. */
  readonly exclusive: boolean;
  readonly say: (sentence: string) => void;
}

export interface DatabaseServer {
  readonly kind: 'EMBEDDED' | 'EXTERNAL';
  /** One sentence that says where the data is, without secrets. */
  readonly description: string;
  /** Connection URL of a role to Hansa's database. */
  url(role: RoleName): string;
  /** Migrations that were applied just now. */
  readonly migrated: readonly string[];
  /** Leaves the server; an embedded one that nobody else uses stops. */
  leave(): Promise<void>;
}

/** Opens, provisions and migrates. Throws OperatorError with the way out. */
export async function openServer(options: ServerOptions): Promise<DatabaseServer> {
  return options.databaseUrl === undefined ? openOwn(options) : openExternal(options, options.databaseUrl);
}

async function openOwn(options: ServerOptions): Promise<DatabaseServer> {
  const server: EmbeddedServer = await openEmbedded(options);
  try {
    await provision({
      adminUrl: server.url('superuser', 'postgres'),
      databaseUrl: server.url('superuser', DATABASE),
      passwords: server.passwords,
    });
    const migrated = await migrateAs(server.url('hansa_owner', DATABASE), options);
    return {
      kind: 'EMBEDDED',
      description: `embedded PostgreSQL in ${server.cluster}, port ${server.port}`,
      url: (role) => server.url(role, DATABASE),
      migrated,
      leave: () => server.leave(),
    };
  } catch (error) {
    await server.leave();
    throw error;
  }
}

async function openExternal(options: ServerOptions, databaseUrl: string): Promise<DatabaseServer> {
  const { host, pathname } = new URL(databaseUrl);
  const maintenance = new URL(databaseUrl);
  maintenance.pathname = '/postgres';
  await provision({ adminUrl: maintenance.href, databaseUrl });
  const migrated = await migrateAs(urlAs(databaseUrl, 'hansa_owner'), options);
  return {
    kind: 'EXTERNAL',
    description: `PostgreSQL at ${host}${pathname}`,
    url: (role) => urlAs(databaseUrl, role),
    migrated,
    leave: async () => undefined,
  };
}

const migrateAs = (ownerUrl: string, options: ServerOptions): Promise<string[]> =>
  migrate({ ownerUrl, folder: options.migrationsFolder, environment: options.environment });
