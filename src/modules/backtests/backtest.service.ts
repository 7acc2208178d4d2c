/**
 * Use cases of back-tests: ask for one, stop one, and take up what waits.
 */
import { createHash } from 'node:crypto';
import type { Principal } from '../../domain/access/principal.js';
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { type Failure, fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { readClock } from '../../infrastructure/db/clock.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { checkProgramme } from '../programme-files/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { BacktestErrorCode } from './backtest.errors.js';
import type { BacktestFailure } from './backtest.graphql.js';
import {
  type BacktestRun,
  cancelRun,
  failRun,
  findRun,
  findUnfinished,
  finishRun,
  giveBack,
  insertRun,
  takeRun,
} from './backtest.sql.js';
import { type AskedDays, daysOf, readDays } from './days.js';
import { newestDay } from './history.sql.js';
import { Pulse, RunLost } from './pulse.js';
import { replayHistory } from './replay-history.js';
import { type BacktestResult, encodeResult } from './stored-result.js';

export interface BacktestCommand extends AskedDays {
  readonly programmeCode: string;
  /** The candidate, as YAML. */
  readonly source: string;
  readonly idempotencyKey: string;
  /** Names the file in messages. */
  readonly fileName?: string;
}

export type Refused = { readonly ok: false; readonly failures: readonly [BacktestFailure, ...BacktestFailure[]] };

/** Hears how many purchases are replayed, of how many; what it returns is waited for. */
export type ReplayListener = (done: number, total: number) => void | Promise<void>;

export interface BacktestTuning {
  /** Milliseconds between two signs of life. */
  readonly beatMs: number;
  /** Purchases read at once. */
  readonly pageRows: number;
  /** Most members that are followed at once, which budgets shared by all need. */
  readonly mostMembersInTimeOrder: number;
}

const TUNING: BacktestTuning = { beatMs: 1_000, pageRows: 5_000, mostMembersInTimeOrder: 100_000 };

/** A run that ended so many processes, or was left by them, is given up. */
const MOST_ATTEMPTS = 5;

const DEAF: ReplayListener = () => undefined;

export class BacktestService {
  private readonly tuning: BacktestTuning;

  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    tuning: Partial<BacktestTuning> = {},
  ) {
    this.tuning = { ...TUNING, ...tuning };
  }

  /** Checks the candidate and puts the run into the queue; a gateway takes it up within seconds. */
  start(principal: Principal, command: BacktestCommand): Promise<{ readonly ok: true; readonly id: string } | Refused> {
    return this.enter(principal, command, false);
  }

  /**
   * Replays here and now, which takes as long as it takes. When the signal comes the run is cancelled and
   * nothing is answered.
   */
  async replayNow(
    principal: Principal,
    command: BacktestCommand,
    signal: AbortSignal,
    listener: ReplayListener,
  ): Promise<{ readonly ok: true; readonly run: BacktestRun; readonly result: BacktestResult | undefined } | Refused> {
    const entered = await this.enter(principal, command, true);
    if (!entered.ok) return entered;
    const run = await this.database.command((tx) => findRun(tx, entered.id));
    if (run === undefined) throw new Error(`the back-test ${entered.id} is gone`);
    return { ok: true, run, result: await this.perform(run, signal, listener, (tx) => cancelRun(tx, run.id)) };
  }

  /** Stops one that waits or runs; its process notices within a second. Doing it again changes nothing. */
  async cancel(principal: Principal, id: string): Promise<Result<{ readonly id: string }, BacktestErrorCode>> {
    authorize(principal, 'programme.backtest');
    const unknown = 'There is no such back-test; give the id that starting it answered.';
    if (!isId(id)) return fail('UNKNOWN_BACKTEST', unknown, 'backtestId');
    return this.database.command(async (tx) => {
      if (await cancelRun(tx, id)) return ok({ id });
      const state = (await findRun(tx, id))?.state;
      if (state === undefined) return fail('UNKNOWN_BACKTEST', unknown, 'backtestId');
      if (state === 'CANCELLED') return ok({ id });
      return fail('BACKTEST_FINISHED', `The back-test is ${state} already; there is nothing to stop.`, 'backtestId');
    });
  }

  /** The periodic job: takes up what waits, one after the other. When the gateway stops the run waits for the next. */
  async replayWaiting(signal: AbortSignal, listener: ReplayListener = DEAF): Promise<void> {
    while (!signal.aborted) {
      const run = await this.database.command(takeRun);
      if (run === undefined) return;
      await this.perform(run, signal, listener, (tx) => giveBack(tx, run));
    }
  }

  private async enter(
    principal: Principal,
    command: BacktestCommand,
    taken: boolean,
  ): Promise<{ readonly ok: true; readonly id: string } | Refused> {
    authorize(principal, 'programme.backtest');
    const { programmeCode, source, months, from, until, idempotencyKey } = command;
    const { programmes } = await this.references.fresh(this.database);
    const programme = programmes.byCode(programmeCode);
    if (programme === undefined)
      return refused(
        fail(
          'UNKNOWN_PROGRAMME',
          `There is no programme "${programmeCode}"; apply it first or check the code.`,
          'programmeCode',
        ).failure,
      );
    const candidate = candidateOf(command, programme);
    if (!candidate.ok) return candidate;
    const days = readDays(command);
    if (!days.ok) return refused(days.failure);
    const body = { programmeCode, source, months: months ?? null, from: from ?? null, until: until ?? null };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'BACKTEST', body };
    const answer = await this.database.command((tx) =>
      answerOnce(tx, key, async (): Promise<Result<{ readonly id: string }, BacktestErrorCode>> => {
        const today = businessDateIn(await readClock(tx), programme.timeZone);
        const newest = await newestDay(tx, programme.no, today);
        if (newest === undefined)
          return fail(
            'NO_HISTORY',
            `Nothing is stored of "${programmeCode}" yet; take purchases in first.`,
            'programmeCode',
          );
        const found = daysOf(days.value, newest);
        if (!found.ok) return found;
        const sourceDigest = createHash('sha256').update(source).digest('hex');
        const row = { id: newId(), programmeNo: programme.no, source, sourceDigest, ...found.value, taken };
        const run = await insertRun(tx, { ...row, requestedBy: principal.subject });
        if (run !== undefined) return ok({ id: run.id });
        const other = await findUnfinished(tx, programme.no);
        return fail(
          'BACKTEST_UNFINISHED',
          `The back-test ${other?.id ?? ''} of "${programmeCode}" has not ended; wait for it or cancel it.`,
          'programmeCode',
        );
      }),
    );
    return answer.ok ? { ok: true, id: answer.value.id } : refused(answer.failure);
  }

  /** Replays a run that was taken. Undefined when it is not ours any more, or was left because of the signal. */
  private async perform(
    run: BacktestRun,
    signal: AbortSignal,
    listener: ReplayListener,
    leave: Parameters<Database['command']>[0],
  ): Promise<BacktestResult | undefined> {
    const { database, references, tuning } = this;
    if (run.attempt > MOST_ATTEMPTS) {
      await database.command((tx) =>
        failRun(
          tx,
          run,
          `It was begun ${MOST_ATTEMPTS} times and never ended; look into the gateway's log, then start it anew.`,
        ),
      );
      return undefined;
    }
    const pulse = new Pulse(database, run, tuning.beatMs);
    try {
      const result = await replayHistory({ database, references, tuning, run, pulse, signal, listener });
      if (result === undefined) {
        await database.command(leave);
        return undefined;
      }
      const { done } = pulse;
      return (await database.command((tx) => finishRun(tx, run, encodeResult(result), done))) ? result : undefined;
    } catch (error) {
      if (error instanceof RunLost) return undefined;
      await database.command((tx) => failRun(tx, run, "It met a fault; the gateway's log says which."));
      throw error;
    } finally {
      pulse.stop();
    }
  }
}

const refused = (failure: Failure<BacktestErrorCode>): Refused => ({ ok: false, failures: [failure] });

/** The candidate's terms, or everything that is wrong with them: what a check finds, and what its history forbids. */
function candidateOf(
  { source, fileName = 'programme.yaml' }: BacktestCommand,
  programme: ProgrammeRecord,
): { readonly ok: true; readonly terms: ProgrammeTerms } | Refused {
  const { problems, sound } = checkProgramme(source, fileName);
  const code = sound === undefined ? 'INVALID_PROGRAMME' : 'EXAMPLE_FAILED';
  const [first, ...others] = problems.map(
    ({ message, line, column, field }): BacktestFailure => ({
      code,
      message,
      field: 'source',
      line,
      column,
      path: field,
    }),
  );
  if (first !== undefined) return { ok: false, failures: [first, ...others] };
  if (sound === undefined) throw new Error('a programme without problems is sound');
  const { terms, fault } = sound;
  const misfit = misfitOf(terms, programme);
  if (misfit === undefined) return { ok: true, terms };
  const { field, line, column, message } = fault(misfit.path, misfit.message);
  return { ok: false, failures: [{ code: misfit.code, message, field: 'source', line, column, path: field }] };
}

function misfitOf(
  { code, currencyCode, unit, timeZone }: ProgrammeTerms,
  programme: ProgrammeRecord,
): { code: BacktestErrorCode; path: readonly string[]; message: string } | undefined {
  const stays = (what: string): string =>
    `The history of "${programme.code}" is in ${what}; the candidate has to be, too.`;
  if (code !== programme.code)
    return {
      code: 'OTHER_PROGRAMME',
      path: ['programme'],
      message: `The file is of "${code}", the history of "${programme.code}"; give the file that code, or name the other programme.`,
    };
  if (currencyCode !== programme.currencyCode)
    return { code: 'CURRENCY_FIXED', path: ['currency'], message: stays(programme.currencyCode) };
  if (unit.code !== programme.unitCode)
    return { code: 'UNIT_FIXED', path: ['unit', 'code'], message: stays(`the unit ${programme.unitCode}`) };
  if (unit.scale !== programme.unitScale)
    return { code: 'UNIT_FIXED', path: ['unit', 'scale'], message: stays(`units of ${programme.unitScale} decimals`) };
  if (timeZone !== programme.timeZone)
    return { code: 'TIME_ZONE_FIXED', path: ['timeZone'], message: stays(`days of ${programme.timeZone}`) };
  return undefined;
}
