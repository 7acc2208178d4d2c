/** `hansa programme approve | reject`: the second person's word on a proposed version. */
import type { Command } from 'commander';
import { OperatorError } from '../infrastructure/operator-error.js';
import { openProgrammeBooks } from '../modules/ledger/index.js';
import { ProgrammeEntity, ProgrammeProposalEntity, ProgrammeService } from '../modules/programmes/index.js';
import { operatorNamed, readName } from './operator-principal.js';
import { withDatabases } from './with-databases.js';

export function registerApprove(programme: Command): void {
  programme
    .command('approve')
    .description('approve the version of a programme that waits for a second person')
    .argument('<code>', 'the code of the programme')
    .requiredOption('--as <name>', 'who approves; somebody else than who proposed it', readName)
    .action((code: string, options: { readonly as: string }) => decide('approve', code, options.as));
  programme
    .command('reject')
    .description('turn down the version of a programme that waits, or withdraw your own')
    .argument('<code>', 'the code of the programme')
    .requiredOption('--as <name>', 'who rejects; the one who proposed it withdraws it', readName)
    .action((code: string, options: { readonly as: string }) => decide('reject', code, options.as));
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  PENDING: 'left waiting',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  WITHDRAWN: 'withdrawn',
};

async function decide(what: 'approve' | 'reject', code: string, name: string): Promise<void> {
  await withDatabases(
    `hansa programme ${what}`,
    async ({ writer, database }) => {
      const em = writer.em.fork();
      const programme = await em.findOne(ProgrammeEntity, { code });
      if (programme === null)
        throw new OperatorError(`There is no programme "${code}". Publish it with: hansa programme apply FILE`);
      const waiting = await em.findOne(ProgrammeProposalEntity, { programmeId: programme.id, state: 'PENDING' });
      if (waiting === null)
        throw new OperatorError(`Nothing of "${code}" waits for approval. Propose it with: hansa programme apply FILE`);
      const { publication } = new ProgrammeService(writer, database, openProgrammeBooks);
      const decided = await publication[what](operatorNamed(name), waiting.id);
      if (!decided.ok) throw new OperatorError(decided.failure.message);
      const { proposal, version } = decided.value;
      const proposed = `the version of ${code} from ${proposal.effectiveFrom} that ${proposal.proposedBy} proposed (SHA-256 ${proposal.digest})`;
      process.stdout.write(`${STATE_WORDS[proposal.state]} ${proposed}\n`);
      if (version !== undefined)
        process.stdout.write(
          `published ${code} version ${version.version}, which counts from ${version.effectiveFrom}\n`,
        );
    },
    operatorNamed(name),
  );
}
