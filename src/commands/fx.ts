/** hansa fx import: reference rates of the European Central Bank. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { OperatorError } from '../infrastructure/operator-error.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';
import { withDatabases } from './with-databases.js';

/** Twenty times what the bank publishes in 2026. */
const MOST_BYTES = 64 * 1024 * 1024;

export function register(program: Command): void {
  const fx = program.command('fx').description('currencies other than the programme’s own');
  fx.command('import')
    .description('take in reference rates of the European Central Bank: eurofxref-hist.csv, plain or gzip')
    .argument('<file>', 'the file')
    .action(importRates);
}

async function importRates(path: string): Promise<void> {
  const text = await textOf(path);
  const imported = await withDatabases('hansa fx import', async (databases) => {
    const { createServices } = await import('../services.js'); // late: asking for help needs none of it
    return createServices(databases).fx.importRates(OPERATOR_AT_KEYBOARD, text);
  });
  if (!imported.ok) throw new OperatorError(`${path}: ${imported.failure.message}`);
  console.log(`${imported.value.imported} rates are new, ${imported.value.known} were there.`);
}

async function textOf(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new OperatorError(`${path} cannot be read: ${(error as Error).message}.`);
  }
  return bytes.toString('utf8');
}
