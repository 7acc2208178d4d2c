/** hansa serve: the production entrance. It never seeds anything. */
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.js';
import { OperatorError } from '../infrastructure/operator-error.js';

export function register(program: Command): void {
  program
    .command('serve')
    .description('serve the API and run the periodic jobs until stopped; never seeds (see start for a demonstration)')
    .action(async () => {
      const config = loadConfig();
      const gaps = config.environment === 'production' ? gapsOf(config) : [];
      if (gaps.length > 0) throw new OperatorError(`hansa serve in production ${gaps.join('\nand ')}`);
      const { serve } = await import('../main.js'); // late: no other command needs the API
      await serve(config);
    });
}

/** What production needs and has no default, all of it at once. */
function gapsOf({ databaseUrl, issuerUrl, secretKeys }: Config): string[] {
  const gaps: string[] = [];
  if (databaseUrl === undefined)
    gaps.push('needs a PostgreSQL server of yours: set DATABASE_URL (the embedded one is for development).');
  if (!issuerUrl.startsWith('https:'))
    gaps.push('gives tokens in its own name: set HANSA_ISSUER_URL to its public address, https://.');
  if (secretKeys === undefined)
    gaps.push('encrypts personal fields: set HANSA_SECRET_KEYS to k1: and what openssl rand -base64 32 prints.');
  return gaps;
}
