/** hansa connector run: fetches a partner's feed at once and says what came of it. */
import type { Command } from 'commander';
import { OperatorError } from '../infrastructure/operator-error.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';
import { withDatabases } from './with-databases.js';

const FILE_SETTLES_MS = 2_000;

export function register(program: Command): void {
  program
    .command('connector')
    .description('partners that the gateway asks')
    .command('run')
    .description('fetch what a partner reports, now and to its end')
    .argument('<code>', 'the connector')
    .action(run);
}

async function run(code: string): Promise<void> {
  const fetched = await withDatabases('hansa connector run', async ({ config, ...databases }) => {
    // Late: asking for help needs none of it.
    const { createServices } = await import('../services.js');
    const { createOutbound } = await import('../infrastructure/outbound/index.js');
    const outbound = createOutbound(config);
    try {
      const folders = { root: config.connectorDir, settleMs: FILE_SETTLES_MS };
      const { feeds } = createServices(databases, { outbound, folders });
      return await feeds.runNow(OPERATOR_AT_KEYBOARD, code, new AbortController().signal);
    } finally {
      await outbound.close();
    }
  });
  if (!fetched.ok) throw new OperatorError(fetched.failure.message);
  const { pages, accepted, duplicates, rejected, fault } = fetched.value;
  console.log(`${pages} pages: ${accepted} accepted, ${duplicates} known, ${rejected} rejected.`);
  if (fault !== undefined) throw new OperatorError(`It ended early: ${fault.code}. ${fault.detail}`);
}
