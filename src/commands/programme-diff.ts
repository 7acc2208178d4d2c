/** `hansa programme diff`: what changes between two versions of a programme, in words. */
import { writeSync } from 'node:fs';
import type { Command } from 'commander';
import { type Change, diffTerms } from '../domain/earning/diff.js';
import type { ProgrammeTerms } from '../domain/earning/model.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { checkProgramme } from '../modules/programme-files/index.js';
import { ProgrammeEntity, ProgrammeVersionEntity } from '../modules/programmes/index.js';
import { termsOfFile } from './named-file.js';
import { withDatabases } from './with-databases.js';

/** As diff(1) ends: 0 no difference, 1 some, 2 trouble. */
const [DIFFERENT, TROUBLE] = [1, 2];

export function registerDiff(programme: Command): void {
  programme
    .command('diff')
    .description('say what changes between two programme files, or from the newest published version to a file')
    .argument('<file>', 'YAML file: the older one of two, or the one to compare with what is published')
    .argument('[newer]', 'YAML file: the newer one of two; needs no database then')
    .option('--json', 'print a list of { path, kind, text } for programs')
    .addHelpText('after', '\nEnds with 0 when nothing changes, 1 when something does, 2 when they cannot be compared.')
    .action(diff);
}

interface Version {
  readonly name: string;
  readonly terms: ProgrammeTerms;
}

async function diff(file: string, newer: string | undefined, { json }: { readonly json?: true }): Promise<void> {
  const [before, after] = await bothOf(file, newer);
  const changes = diffTerms(before.terms, after.terms);
  process.stdout.write(json ? `${JSON.stringify(changes, null, 2)}\n` : report(before, after, changes));
  if (changes.length > 0) process.exitCode = DIFFERENT;
}

/** Trouble has an exit code of its own here, so that a script does not take it for a difference. */
async function bothOf(file: string, newer: string | undefined): Promise<readonly [Version, Version]> {
  try {
    const given = ofFile(file);
    return newer === undefined ? [await published(given.terms), given] : [given, ofFile(newer)];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    writeSync(process.stderr.fd, `hansa: ${error.message}\n`);
    process.exit(TROUBLE);
  }
}

const ofFile = (file: string): Version => ({ name: file, terms: termsOfFile(file) });

/** The version with the highest number; its first day is the one it was published for, whatever its text says. */
const published = ({ code }: ProgrammeTerms): Promise<Version> =>
  withDatabases('hansa programme diff', async ({ writer }) => {
    const em = writer.em.fork();
    const programme = await em.findOne(ProgrammeEntity, { code });
    if (programme === null)
      throw new OperatorError(
        `No version of "${code}" is published. Name two files, or publish with: hansa programme apply FILE`,
      );
    const [newest] = await em.find(
      ProgrammeVersionEntity,
      { programmeId: programme.id },
      { orderBy: { version: 'desc' }, limit: 1 },
    );
    if (newest === undefined) throw new OperatorError(`"${code}" has no published version. Name two files.`);
    const name = `${code} version ${newest.version}`;
    const { sound } = checkProgramme(newest.source, name);
    if (sound === undefined) throw new OperatorError(`${name} cannot be read by this release any more.`);
    return { name, terms: { ...sound.terms, effectiveFrom: newest.effectiveFrom } };
  });

const MARKS: Readonly<Record<Change['kind'], string>> = { ADDED: '+', REMOVED: '-', CHANGED: '~' };

function report(before: Version, after: Version, changes: readonly Change[]): string {
  const count = changes.length === 0 ? 'no change' : `${changes.length} change${changes.length === 1 ? '' : 's'}`;
  const lines = changes.map(({ kind, text }) => `${MARKS[kind]} ${text}`);
  return `${[`${before.name} -> ${after.name}: ${count}`, ...lines].join('\n')}\n`;
}
