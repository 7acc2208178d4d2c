/** hansa serve: the production entrance. It never seeds anything. */
import type { Command } from 'commander';
import { loadConfig } from '../config.js';
import { OperatorError } from '../infrastructure/operator-error.js';

export function register(program: Command): void {
  program
    .command('serve')
    .description('serve the API and run the periodic jobs until stopped; never seeds (see start for a demonstration)')
    .action(async () => {
      const config = loadConfig();
      if (config.environment === 'production' && config.databaseUrl === undefined) {
        throw new OperatorError(
          'hansa serve in production needs a PostgreSQL server of yours: set DATABASE_URL (the embedded one is for development).',
        );
      }
      if (config.environment === 'production' && !config.issuerUrl.startsWith('https:')) {
        throw new OperatorError(
          'hansa serve in production gives tokens in its own name: set HANSA_ISSUER_URL to its public address, https://.',
        );
      }
      const { serve } = await import('../main.js'); // late: no other command needs the API
      await serve(config);
    });
}
