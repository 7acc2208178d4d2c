/** hansa ledger verify: recompute everything the ledger promises and name each row that breaks a promise; hansa ledger export. */
import type { Command } from 'commander';
import { OperatorError } from '../infrastructure/operator-error.js';
import { findProgrammeNo } from '../modules/members/index.js';
import { ChainSealer } from '../modules/proofs/index.js';
import { type Verified, verifyLedger } from '../modules/verification/index.js';
import { exportJournal, readDay, readWindow } from './ledger-export.js';
import { withDatabases } from './with-databases.js';

export function register(program: Command): void {
  const ledger = program.command('ledger').description('the journal and what can be proved of it');
  ledger
    .command('verify')
    .description('check the invariants of the ledger and name every row that breaks one; exit code 1 when any does')
    .option('--programme <code>', 'one programme only')
    .option('--incremental', 'only what came since the last time, where that can be told')
    .action(verify);
  ledger
    .command('export')
    .description('journal lines of the money book as CSV: a window, or the days on which they were recorded')
    .requiredOption('--programme <code>', 'the programme')
    .option('--window <number>', 'a window, without the entry of its settlement', readWindow)
    .option('--from <day>', 'the first day, YYYY-MM-DD', readDay)
    .option('--until <day>', 'the last day, YYYY-MM-DD', readDay)
    .option('--out <file>', 'where to write it; standard output when absent')
    .action(exportJournal);
}

async function verify(options: { readonly programme?: string; readonly incremental?: boolean }): Promise<void> {
  const verified = await withDatabases('hansa ledger verify', async ({ database }) => {
    // A gateway that was not running has not sealed: what is left unsealed after this is what cannot be.
    await new ChainSealer(database).seal();
    return database.command(async (tx) => {
      const programmeNo = options.programme === undefined ? undefined : await findProgrammeNo(tx, options.programme);
      if (options.programme !== undefined && programmeNo === undefined) {
        throw new OperatorError(`There is no programme "${options.programme}"; hansa programme show lists them.`);
      }
      const incremental = options.incremental ?? false;
      return verifyLedger(tx, { heard: report, incremental, ...(programmeNo !== undefined && { programmeNo }) });
    });
  });
  const broken = verified.filter(({ findings }) => findings.length > 0).map(({ invariant }) => invariant);
  if (broken.length === 0) {
    console.log('The ledger holds.');
    return;
  }
  console.log(`The ledger does not hold: ${broken.join(', ')}.`);
  process.exitCode = 1;
}

function report({ invariant, sentence, findings, milliseconds }: Verified): void {
  const seconds = `${(milliseconds / 1_000).toFixed(1)} s`;
  console.log(`${invariant.padEnd(4)}${findings.length === 0 ? 'holds ' : 'BROKEN'}  ${sentence} (${seconds})`);
  for (const { table, row, message } of findings) console.log(`      ${table} ${row}: ${message}`);
}
