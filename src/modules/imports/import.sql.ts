/** Runs of the importer and their staged rows. Times are the database's own. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { Reject } from './import.errors.js';
import type { StagedCommand } from './staged-command.js';

export type ClosePolicy = 'NONE' | 'MONTHLY';

/** What names a run: a killed one is found again by all four. */
export interface RunKey {
  readonly programmeNo: number;
  readonly fileSha256: string;
  readonly mappingSha256: string;
  readonly closePolicy: ClosePolicy;
}

export interface RunCounts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  /** Purchases minus refunds, programme minor units. */
  readonly acceptedMinor: bigint;
}

export interface ImportRun extends RunCounts {
  readonly id: string;
  readonly state: 'STAGING' | 'RUNNING' | 'DONE';
  readonly totalRows: number;
  /** Rows below it have been taken in. */
  readonly nextOrdinal: number;
  /** End of the page that begins at nextOrdinal; only while `lanesDone` is not 0. */
  readonly pageEnd: number;
  /** Bit set of the lanes of that page that have been taken in. */
  readonly lanesDone: number;
}

const RUN_COLUMNS = `id, state, total_rows as "totalRows", next_ordinal as "nextOrdinal", page_end as "pageEnd",
  lanes_done as "lanesDone", accepted, duplicate, rejected, accepted_minor as "acceptedMinor"`;

// A finished run of the same key begins again under a new id, so that its rows are looked at anew and found to
// be duplicates. One that was killed while staging has left nothing and begins again, too.
const BEGIN = statement(
  'imports.begin-run',
  `insert into import_run as r (id, programme_no, file_name, file_sha256, mapping_sha256, close_policy, state, started_at)
   values ($1, $2, $3, $4, $5, $6, 'STAGING', hansa_now())
   on conflict (programme_no, file_sha256, mapping_sha256, close_policy) do update
   set id = excluded.id, file_name = excluded.file_name, state = 'STAGING', total_rows = 0, next_ordinal = 0, page_end = 0, lanes_done = 0, accepted = 0, duplicate = 0,
       rejected = 0, accepted_minor = 0, started_at = excluded.started_at, finished_at = null
   where r.state <> 'RUNNING'`,
);
const FIND = statement(
  'imports.find-run',
  `select ${RUN_COLUMNS} from import_run
   where programme_no = $1 and file_sha256 = $2 and mapping_sha256 = $3 and close_policy = $4`,
);

// Under another mapping or close policy the file was left unfinished: what that run had taken in are duplicates now.
const DROP_SUPERSEDED_ROWS = statement(
  'imports.drop-superseded-rows',
  `delete from import_row using import_run r
   where import_row.run_id = r.id and r.programme_no = $1 and r.file_sha256 = $2 and r.id <> $3`,
);
const DROP_SUPERSEDED_RUNS = statement(
  'imports.drop-superseded-runs',
  `delete from import_run where programme_no = $1 and file_sha256 = $2 and id <> $3 and state <> 'DONE'`,
);

/** A new run, or the one that was killed while it was taking rows in. The caller holds the lock of the file. */
export async function beginRun(tx: DbTransaction, id: string, fileName: string, key: RunKey): Promise<ImportRun> {
  const values = [key.programmeNo, key.fileSha256, key.mappingSha256, key.closePolicy];
  await tx.run(BEGIN, [id, key.programmeNo, fileName, key.fileSha256, key.mappingSha256, key.closePolicy]);
  const [found] = await tx.run<ImportRun>(FIND, values);
  const run = found as ImportRun;
  await tx.run(DROP_SUPERSEDED_ROWS, [key.programmeNo, key.fileSha256, run.id]);
  await tx.run(DROP_SUPERSEDED_RUNS, [key.programmeNo, key.fileSha256, run.id]);
  return run;
}

const TODAY = statement('imports.today', 'select (hansa_now() at time zone $1)::date as today');

/** The day it is in a time zone, by the database's clock. */
export async function todayIn(tx: DbTransaction, timeZone: string): Promise<BusinessDate> {
  const [row] = await tx.run<{ today: BusinessDate }>(TODAY, [timeZone]);
  return (row as { today: BusinessDate }).today;
}

const READ = statement('imports.read-run', `select ${RUN_COLUMNS} from import_run where id = $1`);

export async function readRun(tx: DbTransaction, id: string): Promise<ImportRun> {
  const [run] = await tx.run<ImportRun>(READ, [id]);
  return run as ImportRun;
}

// Staging takes as long as the file is large, and nothing waits for it: no fence, no row of anyone else.
const LIFT_TIMEOUTS = statement(
  'imports.lift-timeouts',
  `select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),
          set_config('work_mem', '64MB', true)`,
);
const CREATE_STAGE = statement(
  'imports.create-stage',
  `create temporary table import_stage (
     line_no integer, sort_key text collate "C", delivery text, reference text, business_date date, command text,
     reject_code text, reject_reason text, card text, row_no integer generated always as identity
   ) on commit drop`,
);
export const COPY_STAGE =
  'copy import_stage (line_no, sort_key, delivery, reference, business_date, command, reject_code, reject_reason, card) from stdin';

const CLEAR_ROWS = statement('imports.clear-rows', 'delete from import_row where run_id = $1');
const SORT_STAGE = statement(
  'imports.sort-stage',
  `insert into import_row (run_id, ordinal, line_no, business_date, command, reject_code, reject_reason)
   select $1, row_number() over (order by sort_key, line_no) - 1, line_no, business_date,
          command::jsonb || case when $2 then jsonb_build_object('occurrence', occurrence) else '{}' end,
          reject_code, reject_reason
   from (select *, row_number() over (partition by delivery, reference order by line_no) as occurrence
         from import_stage) as numbered`,
);
const START = statement(
  'imports.start-run',
  `update import_run set state = 'RUNNING', total_rows = (select count(*) from import_row where run_id = $1)
   where id = $1 and state = 'STAGING' returning ${RUN_COLUMNS}`,
);

export async function openStage(tx: DbTransaction): Promise<void> {
  await tx.run(LIFT_TIMEOUTS);
  await tx.run(CREATE_STAGE);
}

/** Sorts what was copied into import_row and starts the run. `numbered`: equal rows of a delivery are counted. */
export async function sortStage(tx: DbTransaction, runId: string, numbered: boolean): Promise<ImportRun> {
  await tx.run(CLEAR_ROWS, [runId]);
  await tx.run(SORT_STAGE, [runId, numbered]);
  const [run] = await tx.run<ImportRun>(START, [runId]);
  return run as ImportRun;
}

const INDEX_CARDS = statement(
  'imports.index-staged-cards',
  'create index import_stage_card on import_stage (row_no) where card is not null',
);
const LOAD_CARDS = statement(
  'imports.load-staged-cards',
  `select row_no as "rowNo", card from import_stage where card is not null and row_no > $1 order by row_no limit $2`,
);

/** Cards as they were staged beside rows (JSON), so many at a time; one may come again. */
export async function* stagedCards(tx: DbTransaction, atOnce: number): AsyncGenerator<readonly string[]> {
  await tx.run(INDEX_CARDS);
  for (let after = -1; ; ) {
    const page = await tx.run<{ rowNo: number; card: string }>(LOAD_CARDS, [after, atOnce]);
    if (page.length > 0) yield page.map(({ card }) => card);
    if (page.length < atOnce) return;
    after = page.at(-1)?.rowNo ?? after;
  }
}

export interface StagedRow {
  readonly ordinal: number;
  readonly lineNo: number;
  readonly businessDate: BusinessDate | null;
  /** null for a row that could not be translated. */
  readonly command: StagedCommand | null;
}

// A range instead of a limit: the table is new, and without statistics a limit is planned as a sort of all of it.
const LOAD_ROWS = statement(
  'imports.load-rows',
  `select ordinal, line_no as "lineNo", business_date as "businessDate", command from import_row
   where run_id = $1 and ordinal >= $2 and ordinal < $3 order by ordinal`,
);

export const loadRows = (tx: DbTransaction, runId: string, from: number, to: number): Promise<StagedRow[]> =>
  tx.run<StagedRow>(LOAD_ROWS, [runId, from, to]);

const LAST_DAY = statement(
  'imports.last-day',
  `select business_date as "businessDate" from import_row
   where run_id = $1 and ordinal < $2 and business_date is not null order by ordinal desc limit 1`,
);

/** Business date of the last row taken in; undefined when none had one. */
export async function lastDayTaken(
  tx: DbTransaction,
  runId: string,
  nextOrdinal: number,
): Promise<BusinessDate | undefined> {
  const [row] = await tx.run<{ businessDate: BusinessDate }>(LAST_DAY, [runId, nextOrdinal]);
  return row?.businessDate;
}

// The last lane of a page moves the cursor; until then its bit says that its rows are in.
const ADVANCE = statement(
  'imports.advance-run',
  `update import_run
   set next_ordinal = case when lanes_done | $4 = $5 then $3 else next_ordinal end,
       lanes_done = case when lanes_done | $4 = $5 then 0 else lanes_done | $4 end,
       page_end = $3, accepted = accepted + $6, duplicate = duplicate + $7, rejected = rejected + $8,
       accepted_minor = accepted_minor + $9
   where id = $1 and next_ordinal = $2 and lanes_done & $4 = 0 and (lanes_done = 0 or page_end = $3) and state = 'RUNNING'
   returning ${RUN_COLUMNS}`,
);

/** A page and one lane of it, as bits. */
export interface LaneOfPage {
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  /** All lanes that have rows in the page. */
  readonly lanes: number;
}

/** Marks a lane of a page as taken in; undefined when it was already, then nothing of the transaction may stay. */
export async function advanceRun(
  tx: DbTransaction,
  id: string,
  page: LaneOfPage,
  counts: RunCounts,
): Promise<ImportRun | undefined> {
  const { accepted, duplicate, rejected, acceptedMinor } = counts;
  const values = [id, page.from, page.to, page.lane, page.lanes, accepted, duplicate, rejected, acceptedMinor];
  const [run] = await tx.run<ImportRun>(ADVANCE, values);
  return run;
}

const MARK_REJECTS = statement(
  'imports.mark-rejects',
  `update import_row r set reject_code = given.code, reject_reason = given.reason
   from unnest($2::integer[], $3::text[], $4::text[]) as given (ordinal, code, reason)
   where r.run_id = $1 and r.ordinal = given.ordinal`,
);

export async function markRejects(
  tx: DbTransaction,
  runId: string,
  rejects: readonly (Reject & { readonly ordinal: number })[],
): Promise<void> {
  if (rejects.length === 0) return;
  await tx.run(MARK_REJECTS, [
    runId,
    rejects.map((one) => one.ordinal),
    rejects.map((one) => one.code),
    rejects.map((one) => one.reason),
  ]);
}

export interface RejectedRow {
  readonly ordinal: number;
  readonly lineNo: number;
  readonly code: string;
  readonly reason: string;
}

const LOAD_REJECTS = statement(
  'imports.load-rejects',
  `select ordinal, line_no as "lineNo", reject_code as code, reject_reason as reason from import_row
   where run_id = $1 and ordinal > $2 and reject_code is not null order by ordinal limit $3`,
);

/** The next rejects after an ordinal (-1 for the first). */
export const loadRejects = (tx: DbTransaction, runId: string, after: number, limit: number): Promise<RejectedRow[]> =>
  tx.run<RejectedRow>(LOAD_REJECTS, [runId, after, limit]);

const FINISH = statement(
  'imports.finish-run',
  `update import_run set state = 'DONE', finished_at = hansa_now() where id = $1`,
);

/** The run is done and its staged rows go. */
export async function finishRun(tx: DbTransaction, id: string): Promise<void> {
  await tx.run(LIFT_TIMEOUTS);
  await tx.run(CLEAR_ROWS, [id]);
  await tx.run(FINISH, [id]);
}
