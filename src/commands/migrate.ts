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
  const lines = server.migrated.map((name) => `applied ${name}\n`);
  const count = server.migrated.length;
  process.stdout.write(
    `${lines.join('')}${count === 0 ? 'The database is up to date.' : `${count} migrations applied.`}\n`,
  );
}
