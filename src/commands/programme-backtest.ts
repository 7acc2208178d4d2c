/** `hansa programme backtest`: what a candidate would have cost, and who would have gained, over stored history. */
import { type Command, InvalidArgumentError } from 'commander';
import { v7 } from 'uuid';
import type { BusinessDate } from '../domain/kernel/calendar.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { untilToldToStop } from '../infrastructure/stop-signal.js';
import { describeFault } from '../infrastructure/yaml.js';
import type { BacktestFailure } from '../modules/backtests/index.js';
import { checkProgramme } from '../modules/programme-files/index.js';
import { describeBacktest } from './backtest-report.js';
import { readDay, textOf } from './named-file.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';
import { openProgress } from './progress.js';
import { withDatabases } from './with-databases.js';

interface Options {
  readonly months?: number;
  readonly from?: BusinessDate;
  readonly until?: BusinessDate;
  readonly json?: true;
}

export function registerBacktest(programme: Command): void {
  programme
    .command('backtest')
    .description(
      'replay stored history under a programme file: its cost, winners and losers; changes nothing, Ctrl-C stops it',
    )
    .argument('<file>', 'the candidate (YAML)')
    .option('--months <number>', 'so many months, ending with the newest purchase stored', readMonths)
    .option('--from <day>', 'the first day to replay, instead of --months', readDay)
    .option('--until <day>', 'the last day to replay (that of the newest purchase when absent)', readDay)
    .option('--json', 'print the result as one line of JSON, amounts in the smallest steps')
    .action(backtest);
}

async function backtest(file: string, { json, ...days }: Options): Promise<void> {
  const source = textOf(file);
  // The code alone is needed before the database is: everything else is checked there again, with the history.
  const { sound, problems } = checkProgramme(source, file);
  if (sound === undefined || problems.length > 0) refuse(file, problems.map(describeFault));
  const stop = new AbortController();
  void untilToldToStop().then(() => {
    stop.abort();
    process.stderr.write('\nStopping as soon as the page in hand is read ...\n');
  });
  const progress = openProgress(process.stderr);
  const answer = await withDatabases('hansa programme backtest', async (databases) => {
    const { createServices } = await import('../services.js'); // late: asking for help needs none of it
    const command = { programmeCode: sound.terms.code, source, fileName: file, idempotencyKey: v7(), ...days };
    progress.phase('Replaying', 'rows');
    try {
      return await createServices(databases).backtests.replayNow(
        OPERATOR_AT_KEYBOARD,
        command,
        stop.signal,
        progress.progress,
      );
    } finally {
      progress.end();
    }
  });
  if (!answer.ok) refuse(file, answer.failures.map(sentenceOf(file)));
  const { result, run } = answer;
  if (result === undefined)
    throw new OperatorError('The back-test was cancelled. Nothing came of it, and nothing was changed.');
  const { from, until } = run;
  process.stdout.write(
    json
      ? `${JSON.stringify({ from, until, ...result }, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`
      : describeBacktest(result, { from, until }),
  );
}

const sentenceOf =
  (file: string) =>
  ({ message, line, column, path }: BacktestFailure): string =>
    line === undefined || column === undefined
      ? message
      : describeFault({ file, line, column, field: path ?? '', message });

function refuse(file: string, sentences: readonly string[]): never {
  for (const sentence of sentences) process.stdout.write(`${sentence}\n`);
  throw new OperatorError(`${file} was not replayed. Correct what is said above and try again.`);
}

function readMonths(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a number of months.');
}
