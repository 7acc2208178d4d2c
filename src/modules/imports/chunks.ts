/** Staged rows in chunks, and one chunk through the pipeline. */
import type { Database } from '../../infrastructure/db/database.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { processBatch, type ReferenceCache, type SubmitOutcome } from '../transactions/index.js';
import type { Reject } from './import.errors.js';
import { advanceRun, type ImportRun, loadRows, markRejects, type RunCounts, type StagedRow } from './import.sql.js';
import { type StagedCommand, submitCommandOf } from './translate.js';

/** Rows per transaction: large enough to be cheap, small enough that the fence is held briefly (SPEED). */
const CHUNK_ROWS = 1_000;

export interface Chunk {
  readonly rows: readonly StagedRow[];
  /** YYYY-MM of all its rows that have a day; undefined when none has. */
  readonly month: string | undefined;
}

export const monthOf = (date: string): string => date.slice(0, 7);

/** The rows from an ordinal on, in chunks of one month each. The next page is read while a chunk is worked on. */
export async function* chunksOf(database: Database, runId: string, from: number): AsyncGenerator<Chunk> {
  const read = (at: number): Promise<StagedRow[]> => database.command((tx) => loadRows(tx, runId, at, CHUNK_ROWS));
  let rows = await read(from);
  while (rows.length > 0) {
    const after = (rows.at(-1) as StagedRow).ordinal + 1;
    const next = read(after);
    next.catch(() => undefined); // thrown below, where it is awaited
    yield* byMonth(rows);
    rows = await next;
  }
}

function* byMonth(rows: readonly StagedRow[]): Iterable<Chunk> {
  let month: string | undefined;
  let begin = 0;
  for (const [index, { businessDate }] of rows.entries()) {
    const own = businessDate === null ? month : monthOf(businessDate);
    if (month !== undefined && own !== month) {
      yield { rows: rows.slice(begin, index), month };
      begin = index;
    }
    month = own;
  }
  yield { rows: rows.slice(begin), month };
}

export interface FeedFacts {
  readonly programmeNo: number;
  readonly issuer: string;
  readonly currencyCode: string;
}

/** Takes a chunk in and moves the run's cursor past it, both or neither. */
export async function takeChunk(
  database: Database,
  cache: ReferenceCache,
  run: ImportRun,
  { rows }: Chunk,
  feed: FeedFacts,
): Promise<ImportRun> {
  const translated = rows.filter((row): row is TranslatedRow => row.command !== null && row.businessDate !== null);
  const commands = translated.map(({ command, businessDate }) => submitCommandOf(command, businessDate, feed));
  return database.command(async (tx) => {
    const outcomes = await processBatch(tx, cache, feed.programmeNo, commands);
    const { counts, rejects } = tally(translated, outcomes, rows.length - translated.length);
    await markRejects(tx, run.id, rejects);
    const moved = await advanceRun(tx, run.id, run.nextOrdinal, run.nextOrdinal + rows.length, counts);
    if (moved === undefined) throw new OperatorError('Another process has gone on with this import. Let it, or stop it and start this one again.');
    return moved;
  });
}

type TranslatedRow = StagedRow & { readonly command: StagedCommand; readonly businessDate: string };

function tally(rows: readonly TranslatedRow[], outcomes: readonly SubmitOutcome[], untranslated: number) {
  const rejects: (Reject & { ordinal: number })[] = [];
  let accepted = 0;
  let acceptedMinor = 0n;
  for (const [index, { ordinal, command }] of rows.entries()) {
    const outcome = outcomes[index] as SubmitOutcome;
    if (outcome.status === 'REJECTED') {
      rejects.push({ ordinal, code: outcome.failure.code, reason: outcome.failure.message });
    } else if (outcome.status === 'ACCEPTED') {
      accepted += 1;
      const amount = BigInt(command.amountMinor);
      acceptedMinor += command.kind === 'REFUND' ? -amount : amount;
    }
  }
  const counts: RunCounts = {
    accepted,
    acceptedMinor,
    duplicate: rows.length - accepted - rejects.length,
    rejected: rejects.length + untranslated,
  };
  return { counts, rejects };
}
