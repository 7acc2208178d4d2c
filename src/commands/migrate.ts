/** hansa migrate: prepare the database (roles, database, migrations) and leave. */
import type { Command } from 'commander';
import { loadConfig } from '../config.js';
import { openServer } from '../infrastructure/db/server.js';

export function register(program: Command): void {
  program
    .command('migrate')
    .description('make the roles and the database where missing and apply pending migrations')
    .action(migrate);
}

async function migrate(): Promise<void> {
  const say = (sentence: string) => process.stderr.write(`${sentence}\n`);
  const server = await openServer({ ...loadConfig(), purpose: 'hansa migrate', exclusive: false, say });
  await server.leave();
  for (const name of server.migrated) console.log(`applied ${name}`);
  console.log(
    server.migrated.length === 0 ? 'The database is up to date.' : `${server.migrated.length} migrations applied.`,
  );
}
