/** hansa audit export: the audit log as CSV. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { AUDIT_HEADER, csvOfEntries, readEntries } from '../modules/audit/index.js';
import { readDay } from './ledger-export.js';
import { withDatabases } from './with-databases.js';

export function register(program: Command): void {
  const audit = program.command('audit').description('the log of what administrators did');
  audit
    .command('export')
    .description('the entries of some days as CSV')
    .option('--from <day>', 'first day, UTC', readDay)
    .option('--until <day>', 'last day, UTC', readDay)
    .option('--out <file>', 'a file instead of standard output')
    .action(exportAudit);
}

interface ExportOptions {
  readonly from?: string;
  readonly until?: string;
  readonly out?: string;
}

async function exportAudit({ from, until, out }: ExportOptions): Promise<void> {
  await withDatabases('hansa audit export', async ({ database }) => {
    const target = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 });
    target.write(AUDIT_HEADER);
    for await (const page of readEntries((work) => database.command(work), from, until)) {
      if (!target.write(csvOfEntries(page))) await once(target, 'drain');
    }
    if (out === undefined) return;
    target.end();
    await finished(target);
  });
}
