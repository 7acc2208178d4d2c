/** `hansa programme check | schema | apply | approve | reject | terms | show`: programmes as code at the keyboard. */
import { type Command, InvalidArgumentError } from 'commander';
import type { BusinessDate } from '../domain/kernel/calendar.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { describeFault } from '../infrastructure/yaml.js';
import { openProgrammeBooks } from '../modules/ledger/index.js';
import { checkProgramme } from '../modules/programme-files/index.js';
import { ProgrammeEntity, ProgrammeService, ProgrammeVersionEntity } from '../modules/programmes/index.js';
import { readDay, textOf } from './named-file.js';
import { OPERATOR_AT_KEYBOARD, operatorNamed, readName } from './operator-principal.js';
import { registerApprove } from './programme-approve.js';
import { describeVersion, showOn } from './programme-archive.js';
import { registerBacktest } from './programme-backtest.js';
import { registerBounds } from './programme-bounds.js';
import { registerDiff } from './programme-diff.js';
import { registerSchema } from './programme-schema.js';
import { registerTerms } from './programme-terms.js';
import { withDatabases } from './with-databases.js';

export function register(program: Command): void {
  const programme = program.command('programme').description('check, publish and show programmes');
  programme
    .command('check')
    .description('validate programme files and run the examples in them; needs no database')
    .argument('<file...>', 'YAML files')
    .action(check);
  registerSchema(programme);
  programme
    .command('apply')
    .description('publish a programme file as the next version of its programme')
    .argument('<file>', 'YAML file')
    .option('--effective-from <day>', "the first day it counts (the file's own when absent)", readDay)
    .option('--as <name>', 'who publishes, where that takes two people', readName)
    .action(apply);
  registerApprove(programme);
  registerBacktest(programme);
  registerTerms(programme);
  registerBounds(programme);
  registerDiff(programme);
  programme
    .command('show')
    .description('print the versions of a programme and the text of one')
    .argument('<code>', 'the code of the programme')
    .argument('[version]', 'the number of the version (the newest when absent)', readVersion)
    .option('--on <day>', 'the version that was in force on that day, from the archive', readDay)
    .action((code: string, number: number | undefined, { on }: { readonly on?: BusinessDate }) =>
      on === undefined ? show(code, number) : showOn(code, on),
    );
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function check(files: readonly string[]): void {
  let [examples, problems] = [0, 0];
  for (const file of files) {
    const found = checkProgramme(textOf(file), file);
    examples += found.examples;
    problems += found.problems.length;
    for (const problem of found.problems) print(describeFault(problem));
    print(`${file}: ${count(found.examples, 'example')} run, ${count(found.problems.length, 'problem')}`);
  }
  print(`${count(examples, 'example')} in ${count(files.length, 'file')}, ${count(problems, 'problem')}`);
  if (problems > 0) process.exitCode = 1;
}

interface ApplyOptions {
  readonly effectiveFrom?: BusinessDate;
  readonly as?: string;
}

async function apply(file: string, { as, ...options }: ApplyOptions): Promise<void> {
  const source = textOf(file);
  const principal = as === undefined ? OPERATOR_AT_KEYBOARD : operatorNamed(as);
  const result = await withDatabases(
    'hansa programme apply',
    ({ writer, database }) =>
      new ProgrammeService(writer, database, openProgrammeBooks).apply(principal, source, {
        fileName: file,
        ...options,
      }),
    principal,
  );
  if (!result.ok) {
    for (const { path, ...place } of result.failures) print(describeFault({ ...place, file, field: path }));
    throw new OperatorError(`${file} was not published. Correct it as said above and apply it again.`);
  }
  const { programme, examples } = result;
  print(`${count(examples, 'example')} run`);
  if (result.outcome === 'WAITING') {
    const { effectiveFrom, proposedBy } = result.proposal;
    print(`${programme.code} from ${effectiveFrom}, proposed by ${proposedBy}, waits for approval by a second person:`);
    print(`  hansa programme approve ${programme.code} --as NAME`);
    return;
  }
  const { outcome, version } = result;
  const name = `${programme.code} version ${version.version}, which counts from ${version.effectiveFrom}`;
  print(outcome === 'PUBLISHED' ? `published ${name}` : `nothing to do: ${name}, has this very text`);
}

async function show(code: string, number?: number): Promise<void> {
  await withDatabases('hansa programme show', async ({ writer }) => {
    const em = writer.em.fork();
    const programme = await em.findOne(ProgrammeEntity, { code });
    if (programme === null)
      throw new OperatorError(`There is no programme "${code}". Publish it with: hansa programme apply FILE`);
    const versions = await em.find(
      ProgrammeVersionEntity,
      { programmeId: programme.id },
      { orderBy: { version: 'desc' } },
    );
    const wanted = number === undefined ? versions[0] : versions.find(({ version }) => version === number);
    if (wanted === undefined)
      throw new OperatorError(`"${code}" has no such version; it has ${count(versions.length, 'version')}.`);
    for (const version of versions.toReversed()) print(`# ${describeVersion(version)}`);
    print(`# the text of version ${wanted.version}:`);
    process.stdout.write(wanted.source);
  });
}

function readVersion(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write the number of a version.');
}
