/** hansa proof: the chain of blocks over the journal, and what is proved by it. */
import type { Command } from 'commander';
import { ChainSealer } from '../modules/proofs/index.js';
import { verifyProof } from './proof-verify.js';
import { withDatabases } from './with-databases.js';

/** Longer than anybody records in one transaction. */
const PATIENCE_MS = 120_000;

export function register(program: Command): void {
  const proof = program.command('proof').description('the chain of blocks over the journal, and what is proved by it');
  proof
    .command('seal')
    .description('seal now what is recorded; a running gateway does so every minute by itself')
    .action(seal);
  proof
    .command('verify')
    .argument('<file>', 'all parts of a settlementProof, memberProof or chainProof, one behind the other')
    .description('check a proof offline, with nothing but the file; exit code 1 when it does not hold')
    .option('--extends <older>', "an older proof: its head has to be in this one's chain")
    .option('--statement <csv>', 'the statement, downloaded by itself: it has to be the one that is proved')
    .action(verifyProof);
}

async function seal(): Promise<void> {
  const { entries, blocks, complete } = await withDatabases('hansa proof seal', ({ database }) =>
    new ChainSealer(database).seal({ patienceMs: PATIENCE_MS, heard: report }),
  );
  console.log(`Sealed ${entries} entries in ${blocks} blocks.`);
  if (complete) return;
  console.log('Somebody has been recording in one transaction for too long; what came since then waits. Try again.');
  process.exitCode = 1;
}

const report = (sealed: number, waiting: number): void =>
  void process.stderr.write(`${sealed} of ${waiting} entries sealed\n`);
