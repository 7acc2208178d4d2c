/** `hansa signing-key`: the keys with which the gateway signs tokens. */
import type { Command } from 'commander';
import { SigningKeys } from '../modules/tokens/index.js';
import { withDatabases } from './with-databases.js';

export function register(program: Command): void {
  program
    .command('signing-key')
    .description('replace the key that signs tokens')
    .command('rotate')
    .description(
      'make a new key: it is published now, signs in 15 minutes, and the one before verifies until its tokens end',
    )
    .option('--at-once', 'after a leak: sign with it now, and believe nothing that was signed before')
    .action(async ({ atOnce = false }: { readonly atOnce?: boolean }) => {
      const { kid, signsFrom } = await withDatabases('hansa signing-key', ({ database }) =>
        new SigningKeys(database).rotate(atOnce),
      );
      process.stdout.write(`${kid} signs from ${signsFrom.toISOString()}\n`);
    });
}
