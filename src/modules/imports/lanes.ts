/**
 * Staged rows in pages, and the lanes of a page through the pipeline.
 *
 * Everything a decision depends on belongs to one member (caps, tiers, earlier purchases), so the rows of a
 * page are dealt to lanes by member and the lanes run side by side: one computes while another waits for the
 * database, and each member's rows keep their order. Pages follow each other.
 */
import type { Database } from '../../infrastructure/db/database.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { processBatch, type ReferenceCache, type SubmitOutcome } from '../transactions/index.js';
import type { Reject } from './import.errors.js';
import { advanceRun, type ImportRun, loadRows, markRejects, type RunCounts, type StagedRow } from './import.sql.js';
import { LANES } from './lane.js';
import { type StagedCommand, submitCommandOf } from './staged-command.js';

/** Rows of one lane and transaction: large enough to be cheap, small enough that the fence is held briefly (SPEED). */
const LANE_ROWS = 1_000;

export interface Page {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly StagedRow[];
  /** YYYY-MM of all its rows that have a day; undefined when none has. */
  readonly month: string | undefined;
}

export const monthOf = (date: string): string => date.slice(0, 7);

/** What is left of a run, in pages of one month each. The next rows are read while a page is worked on. */
export async function* pagesOf(database: Database, run: ImportRun): AsyncGenerator<Page> {
  const read = (from: number, to: number): Promise<StagedRow[]> => {
    const rows = database.command((tx) => loadRows(tx, run.id, from, to));
    rows.catch(() => undefined); // thrown where it is awaited
    return rows;
  };
  let from = run.nextOrdinal;
  if (run.lanesDone !== 0) {
    yield pageOf(await read(from, run.pageEnd), from, run.pageEnd);
    from = run.pageEnd;
  }
  let next = read(from, from + LANES * LANE_ROWS);
  for (let rows = await next; rows.length > 0; rows = [...rows, ...(await next)]) {
    const to = from + lengthOfPage(rows);
    const after = from + rows.length;
    next = read(after, after + (to - from));
    yield pageOf(rows.slice(0, to - from), from, to);
    rows = rows.slice(to - from);
    from = to;
  }
}

const pageOf = (rows: readonly StagedRow[], from: number, to: number): Page => {
  const dated = rows.find(({ businessDate }) => businessDate !== null);
  return { from, to, rows, month: dated?.businessDate ? monthOf(dated.businessDate) : undefined };
};

/** A page ends with its month, or when one of its lanes is full. */
function lengthOfPage(rows: readonly StagedRow[]): number {
  const filled = Array.from({ length: LANES }, () => 0);
  let month: string | undefined;
  for (const [index, row] of rows.entries()) {
    const own = row.businessDate === null ? month : monthOf(row.businessDate);
    if (month !== undefined && own !== month) return index;
    month = own;
    const lane = laneOfRow(row);
    filled[lane] = (filled[lane] as number) + 1;
    if (filled[lane] === LANE_ROWS) return index + 1;
  }
  return rows.length;
}

/** Rows that could not be translated only have to be counted, by anyone. */
const laneOfRow = ({ command }: StagedRow): number => command?.lane ?? 0;

export interface FeedFacts {
  readonly programmeNo: number;
  readonly issuer: string;
  readonly currencyCode: string;
}

/** Takes a page in, each lane with its mark in one transaction; returns the run as it stands after the last of them. */
export async function takePage(
  database: Database,
  cache: ReferenceCache,
  run: ImportRun,
  page: Page,
  feed: FeedFacts,
): Promise<ImportRun> {
  const byLane = dealt(page.rows);
  const lanes = [...byLane.keys()].reduce((bits, lane) => bits | (1 << lane), 0);
  const done = run.nextOrdinal === page.from ? run.lanesDone : 0;
  const open = [...byLane].filter(([lane]) => (done & (1 << lane)) === 0);
  const results = await Promise.allSettled(
    open.map(([lane, rows]) =>
      takeLane(database, cache, run.id, rows, { from: page.from, to: page.to, lane: 1 << lane, lanes }, feed),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const runs = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return runs.reduce((latest, one) => (one.nextOrdinal > latest.nextOrdinal ? one : latest), run);
}

/**
 * Rows by lane. Where a reference of the feed's own stands on cards of two lanes, the rows stay together: the
 * first of them in the file's order is the one that counts.
 */
function dealt(rows: readonly StagedRow[]): Map<number, StagedRow[]> {
  const laneOfReference = new Map<string, number>();
  for (const { command } of rows) {
    if (command === null) continue;
    const { reference, lane } = command;
    if ((laneOfReference.get(reference) ?? lane) !== lane) return new Map([[0, [...rows]]]);
    laneOfReference.set(reference, lane);
  }
  return Map.groupBy(rows, laneOfRow);
}

async function takeLane(
  database: Database,
  cache: ReferenceCache,
  runId: string,
  rows: readonly StagedRow[],
  page: Parameters<typeof advanceRun>[2],
  feed: FeedFacts,
): Promise<ImportRun> {
  const translated = rows.filter((row): row is TranslatedRow => row.command !== null && row.businessDate !== null);
  const commands = translated.map(({ command, businessDate }) => submitCommandOf(command, businessDate, feed));
  return database.command(async (tx) => {
    const outcomes = await processBatch(tx, cache, feed.programmeNo, commands);
    const { counts, rejects } = tally(translated, outcomes, rows.length - translated.length);
    await markRejects(tx, runId, rejects);
    const moved = await advanceRun(tx, runId, page, counts);
    if (moved === undefined)
      throw new OperatorError(
        'Another process has gone on with this import. Let it, or stop it and start this one again.',
      );
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
