/**
 * Runs of back-tests: who has taken one up, how far it is, and what came of it. Times are the database's own.
 *
 * A process that replays a run says so every second. One that has not done so for a while is taken for dead,
 * and the next process begins the run anew under a higher attempt; every write names its attempt, so that a
 * process that was only slow finds that the run is not its own any more and stops.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { BacktestState } from './backtest.entity.js';

export interface BacktestRun {
  readonly id: string;
  readonly programmeNo: number;
  /** The candidate. */
  readonly source: string;
  readonly from: BusinessDate;
  readonly until: BusinessDate;
  readonly state: BacktestState;
  readonly attempt: number;
}

const COLUMNS = `id, programme_no as "programmeNo", source, from_day as "from", until_day as "until", state, attempt`;

/** Seconds without a sign of life after which a run is taken from its process. */
export const DEAD_AFTER_SECONDS = 60;

const INSERT = statement(
  'backtests.insert-run',
  `insert into backtest_run (id, programme_no, source, source_digest, from_day, until_day, requested_by, requested_at,
     state, attempt, started_at, heartbeat_at)
   select $1, $2, $3, $4, $5, $6, $7, now, case when $8 then 'RUNNING' else 'QUEUED' end, case when $8 then 1 else 0 end,
     case when $8 then now end, case when $8 then now end
   from hansa_now() as now
   on conflict (programme_no) where state in ('QUEUED', 'RUNNING') do nothing
   returning ${COLUMNS}`,
);

export interface NewBacktest extends Omit<BacktestRun, 'state' | 'attempt'> {
  readonly sourceDigest: string;
  readonly requestedBy: string;
  /** The process that asks replays it itself. */
  readonly taken: boolean;
}

/** Undefined when the programme has an unfinished one. */
export async function insertRun(tx: DbTransaction, run: NewBacktest): Promise<BacktestRun | undefined> {
  const { id, programmeNo, source, sourceDigest, from, until, requestedBy, taken } = run;
  const values = [id, programmeNo, source, sourceDigest, from, until, requestedBy, taken];
  return (await tx.run<BacktestRun>(INSERT, values))[0];
}

const FIND = statement('backtests.find-run', `select ${COLUMNS} from backtest_run where id = $1`);

export async function findRun(tx: DbTransaction, id: string): Promise<BacktestRun | undefined> {
  return (await tx.run<BacktestRun>(FIND, [id]))[0];
}

const FIND_UNFINISHED = statement(
  'backtests.find-unfinished',
  `select ${COLUMNS} from backtest_run where programme_no = $1 and state in ('QUEUED', 'RUNNING')`,
);

export async function findUnfinished(tx: DbTransaction, programmeNo: number): Promise<BacktestRun | undefined> {
  return (await tx.run<BacktestRun>(FIND_UNFINISHED, [programmeNo]))[0];
}

// Two gateways never take the same one: the row is locked, and whoever comes second skips it.
const TAKE = statement(
  'backtests.take-run',
  `update backtest_run r
   set state = 'RUNNING', attempt = r.attempt + 1, done = 0, total = null, heartbeat_at = hansa_now(),
       started_at = coalesce(r.started_at, hansa_now())
   where r.id = (
     select id from backtest_run
     where state in ('QUEUED', 'RUNNING')
       and (state = 'QUEUED' or heartbeat_at < hansa_now() - make_interval(secs => $1))
     order by id limit 1 for update skip locked
   )
   returning ${COLUMNS}`,
);

/** The oldest run that waits, or whose process is dead. */
export async function takeRun(tx: DbTransaction): Promise<BacktestRun | undefined> {
  return (await tx.run<BacktestRun>(TAKE, [DEAD_AFTER_SECONDS]))[0];
}

const IS_OURS = `id = $1 and attempt = $2 and state = 'RUNNING'`;

type Taken = Pick<BacktestRun, 'id' | 'attempt'>;

const BEAT = statement(
  'backtests.beat',
  `update backtest_run set heartbeat_at = hansa_now(), done = $3, total = $4 where ${IS_OURS} returning id`,
);

/** Signs of life and progress; false when the run is not ours any more: cancelled, or taken by another process. */
export async function beat(tx: DbTransaction, run: Taken, done: number, total: number | null): Promise<boolean> {
  return (await tx.run(BEAT, [run.id, run.attempt, done, total])).length > 0;
}

const FINISH = statement(
  'backtests.finish-run',
  `update backtest_run set state = 'DONE', result = $3, done = $4, total = $4, finished_at = hansa_now()
   where ${IS_OURS} returning id`,
);

export async function finishRun(tx: DbTransaction, run: Taken, result: string, purchases: number): Promise<boolean> {
  return (await tx.run(FINISH, [run.id, run.attempt, result, purchases])).length > 0;
}

const FAIL = statement(
  'backtests.fail-run',
  `update backtest_run set state = 'FAILED', failure = $3, finished_at = hansa_now() where ${IS_OURS}`,
);

export async function failRun(tx: DbTransaction, run: Taken, failure: string): Promise<void> {
  await tx.run(FAIL, [run.id, run.attempt, failure]);
}

const GIVE_BACK = statement(
  'backtests.give-back-run',
  `update backtest_run set state = 'QUEUED', heartbeat_at = null, done = 0, total = null where ${IS_OURS}`,
);

/** The process stops: the next one need not wait until this one is taken for dead. */
export async function giveBack(tx: DbTransaction, run: Taken): Promise<void> {
  await tx.run(GIVE_BACK, [run.id, run.attempt]);
}

const CANCEL = statement(
  'backtests.cancel-run',
  `update backtest_run set state = 'CANCELLED', finished_at = hansa_now()
   where id = $1 and state in ('QUEUED', 'RUNNING') returning id`,
);

/** False when it has ended, or does not exist. Its process notices within a second. */
export async function cancelRun(tx: DbTransaction, id: string): Promise<boolean> {
  return (await tx.run(CANCEL, [id])).length > 0;
}
