/** `hansa programme check | schema | apply | show`: programmes as code at the keyboard. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { type BusinessDate, isBusinessDate } from '../domain/kernel/calendar.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { describeFault } from '../infrastructure/yaml.js';
import { openProgrammeBooks } from '../modules/ledger/index.js';
import {
  checkProgramme,
  ProgrammeEntity,
  ProgrammeService,
  ProgrammeVersionEntity,
} from '../modules/programmes/index.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';
import { registerSchema } from './programme-schema.js';
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
    .action(apply);
  programme
    .command('show')
    .description('print the versions of a programme and the text of one')
    .argument('<code>', 'the code of the programme')
    .argument('[version]', 'the number of the version (the newest when absent)', readVersion)
    .action(show);
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function check(files: readonly string[]): void {
  let [examples, problems] = [0, 0];
  for (const file of files) {
    const found = checkProgramme(read(file), file);
    examples += found.examples;
    problems += found.problems.length;
    for (const problem of found.problems) print(describeFault(problem));
    print(`${file}: ${count(found.examples, 'example')} run, ${count(found.problems.length, 'problem')}`);
  }
  print(`${count(examples, 'example')} in ${count(files.length, 'file')}, ${count(problems, 'problem')}`);
  if (problems > 0) process.exitCode = 1;
}

async function apply(file: string, options: { readonly effectiveFrom?: BusinessDate }): Promise<void> {
  const source = read(file);
  const result = await withDatabases('hansa programme apply', ({ writer, database }) =>
    new ProgrammeService(writer, database, openProgrammeBooks).apply(OPERATOR_AT_KEYBOARD, source, {
      fileName: file,
      ...options,
    }),
  );
  if (!result.ok) {
    for (const { path, ...place } of result.failures) print(describeFault({ ...place, file, field: path }));
    throw new OperatorError(`${file} was not published. Correct it as said above and apply it again.`);
  }
  const { outcome, programme, version, examples } = result;
  const name = `${programme.code} version ${version.version}, which counts from ${version.effectiveFrom}`;
  print(`${count(examples, 'example')} run`);
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
    for (const { version, effectiveFrom, publishedAt, publishedBy, digest } of versions.toReversed()) {
      print(
        `# version ${version} counts from ${effectiveFrom}, published ${publishedAt.toISOString()} by ${publishedBy}, SHA-256 ${digest}`,
      );
    }
    print(`# the text of version ${wanted.version}:`);
    process.stdout.write(wanted.source);
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      `The file ${file} cannot be read: ${why}. Name a programme file, such as programmes/coalition-demo.yaml.`,
    );
  }
}

function readDay(text: string): BusinessDate {
  if (isBusinessDate(text)) return text;
  throw new InvalidArgumentError('Write a day as YYYY-MM-DD.');
}

function readVersion(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write the number of a version.');
}
