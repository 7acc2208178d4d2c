/** hansa keys rotate: seals everything with the current key, so that older ones can go. */
import type { Command } from 'commander';
import { resealAll } from '../modules/privacy/index.js';
import { withDatabases } from './with-databases.js';

export function register(program: Command): void {
  const keys = program.command('keys').description('the keys that encrypt personal fields and secrets at rest');
  keys
    .command('rotate')
    .description('encrypt everything with the first key of HANSA_SECRET_KEYS; a running gateway does so by itself')
    .action(rotate);
}

async function rotate(): Promise<void> {
  const total = await withDatabases('hansa keys rotate', ({ database }) =>
    resealAll(database, (table, count) => void process.stderr.write(`${table}: ${count} values\n`)),
  );
  console.log(`${total} values are now encrypted with the current key; the older keys can go.`);
}
