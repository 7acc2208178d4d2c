/** hansa import: takes a file of transactions in through the same pipeline as the API. */
import { type Command, Option } from 'commander';
import { type Principal, SCOPES } from '../domain/access/principal.js';
import { dryImport, ImportService, type ImportSummary, publishedTerms } from '../modules/imports/index.js';
import { openProgress } from './progress.js';
import { withDatabases } from './with-databases.js';

interface ImportOptions {
  readonly mapping: string;
  readonly programme?: string;
  readonly close?: 'monthly';
  readonly rejects?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Who closes and settles at the command line; one subject for all runs, so that a repeated command finds its key. */
const OPERATOR: Principal = { kind: 'ADMIN', subject: 'hansa-import', scopes: new Set(SCOPES) };

export function register(program: Command): void {
  program
    .command('import')
    .description(
      'take a file of transactions in (CSV or NDJSON, also gzip); started again after a kill, it goes on where it stopped',
    )
    .argument('<file>', 'the feed')
    .requiredOption('--mapping <file>', 'how its columns become transactions (YAML, see examples/)')
    .option('--programme <code>', 'the programme, when the mapping brings none')
    .addOption(
      new Option('--close <policy>', 'close and settle the window at the end of each month of the feed').choices([
        'monthly',
      ]),
    )
    .option('--rejects <file>', 'where rows go that are not taken in (default: <feed>.rejects.ndjson here)')
    .option('--dry-run', 'translate and check everything, store nothing')
    .option('--json', 'print the summary as one line of JSON')
    .action(run);
}

async function run(file: string, options: ImportOptions): Promise<void> {
  const progress = openProgress(process.stderr);
  const command = {
    file,
    mappingFile: options.mapping,
    closePolicy: options.close === 'monthly' ? ('MONTHLY' as const) : ('NONE' as const),
    ...(options.programme !== undefined && { programmeCode: options.programme }),
    ...(options.rejects !== undefined && { rejectsFile: options.rejects }),
  };
  try {
    const summary = options.dryRun
      ? await dryImport(
          command,
          (code) => withDatabases('hansa import', ({ database }) => publishedTerms(database, code)),
          progress,
        )
      : await withDatabases('hansa import', async (databases) => {
          const { createServices } = await import('../services.js'); // late: asking for help needs none of it
          return new ImportService({ ...databases, ...createServices(databases) }).run(OPERATOR, command, progress);
        });
    progress.end();
    process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : describe(summary));
  } finally {
    progress.end();
  }
}

function describe(summary: ImportSummary): string {
  const { accepted, duplicate, rejected, acceptedAmount, currencyCode, rows, rowsPerSecond, seconds, settlements } =
    summary;
  const count = (value: number): string => value.toLocaleString('en-GB');
  return [
    summary.dryRun
      ? `Nothing was stored. Of ${count(rows)} rows an import would take in:`
      : `${count(rows)} rows into "${summary.programme}":`,
    `  accepted   ${count(accepted)} (${acceptedAmount} ${currencyCode})`,
    `  duplicate  ${count(duplicate)}`,
    `  rejected   ${count(rejected)}${summary.rejectsFile === undefined ? '' : `, reasons in ${summary.rejectsFile}`}`,
    ...(settlements > 0 ? [`  settled    ${count(settlements)} windows`] : []),
    `${count(rowsPerSecond)} rows/s, ${seconds} s${summary.resumed ? ', going on with a run that had stopped' : ''}`,
    '',
  ].join('\n');
}
