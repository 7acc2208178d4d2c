/** Back-tests as the schema shows them. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { Failure } from '../../domain/kernel/result.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.js';
import type { BacktestRunEntity, BacktestState } from './backtest.entity.js';
import { BACKTEST_ERRORS, type BacktestErrorCode } from './backtest.errors.js';
import { BacktestResult } from './result.graphql.js';

export const BacktestStateEnum = enumType<BacktestState>('BacktestState', 'How far a back-test has come.', {
  QUEUED: 'It waits for a gateway to take it up.',
  RUNNING: 'History is being replayed.',
  DONE: 'It is finished; its result is there.',
  FAILED: 'It could not be finished; `failure` says why.',
  CANCELLED: 'Somebody stopped it.',
});

@ObjectType({
  implements: NodeInterface,
  description:
    'Stored history replayed under a candidate version of a programme, and once more under the versions that decided ' +
    'it. Nothing is changed by it: no reward, no balance, no entry of the ledger.',
  simpleResolvers: true,
})
export class Backtest extends NodeInterface {
  /** Not published. */
  readonly programmeNo!: number;

  @Field(() => String, { description: 'SHA-256 of the candidate as it was given, in hexadecimal.' })
  readonly sourceDigest!: string;

  @Field(() => BusinessDateScalar, { description: 'The first day whose purchases count.' })
  readonly from!: BusinessDate;

  @Field(() => BusinessDateScalar, { description: 'The last day whose purchases count.' })
  readonly until!: BusinessDate;

  @Field(() => BacktestStateEnum, { description: 'How far it has come.' })
  readonly state!: BacktestState;

  @Field(() => Int, { description: 'Purchases replayed so far, those before `from` included.' })
  readonly done!: number;

  @Field(() => Int, { nullable: true, description: 'Purchases to be replayed; null until they were counted.' })
  readonly total!: number | null;

  @Field(() => String, { description: 'Who asked for it.' })
  readonly requestedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  readonly requestedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was first taken up; null while it waits.' })
  readonly startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended, however it did; null before.' })
  readonly finishedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it failed; null when it did not.' })
  readonly failure!: string | null;

  @Field(() => BacktestResult, { nullable: true, description: 'What came of it; null until it is DONE.' })
  readonly result!: BacktestResult | null;

  static of(run: BacktestRunEntity): Backtest {
    const { id, programmeNo, sourceDigest, fromDay, untilDay, state, done, total } = run;
    const { requestedBy, requestedAt, startedAt, finishedAt, failure, result } = run;
    return Object.assign(new Backtest(), {
      id,
      programmeNo,
      sourceDigest,
      from: fromDay,
      until: untilDay,
      state,
      done,
      total: total ?? null,
      requestedBy,
      requestedAt,
      startedAt: startedAt ?? null,
      finishedAt: finishedAt ?? null,
      failure: failure ?? null,
      result: result ? BacktestResult.of(result) : null,
    });
  }
}

const BacktestErrorCodeEnum = enumType<BacktestErrorCode>(
  'BacktestErrorCode',
  'What can be wrong with a back-test. Programs decide by this.',
  BACKTEST_ERRORS,
);

/** A failure, with its place when it lies in the candidate's file. */
export interface BacktestFailure extends Failure<BacktestErrorCode> {
  readonly line?: number;
  readonly column?: number;
  readonly path?: string;
}

@ObjectType({
  implements: UserError,
  description: 'Why a command on a back-test was refused, and where in the file when it is the file.',
  simpleResolvers: true,
})
export class BacktestUserError extends UserError {
  @Field(() => BacktestErrorCodeEnum, { description: 'The stable code of this error.' })
  readonly code!: BacktestErrorCode;

  @Field(() => Int, { nullable: true, description: 'The line of the file, from 1; null when it is not the file.' })
  readonly line?: number;

  @Field(() => Int, { nullable: true, description: 'The column of that line, from 1; null when it is not the file.' })
  readonly column?: number;

  @Field(() => String, {
    nullable: true,
    description: 'The field of the file, such as "rules[2].rate"; null when it is not the file.',
  })
  readonly path?: string;

  static from(failures: readonly BacktestFailure[]): BacktestUserError[] {
    return failures.map((failure) => Object.assign(new BacktestUserError(), failure));
  }
}

@InputType({
  description:
    'A candidate and the days to replay: either a number of months, or days. The same key always names the same run.',
})
export class ProgrammeBacktestInput {
  @Field(() => String, { description: 'The code of the programme whose history is replayed.' })
  programmeCode!: string;

  @Field(() => String, {
    description: 'The candidate: a programme file (YAML) as text. It is replayed as if it had always been in force.',
  })
  source!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'So many months, the last of which ends with the newest purchase stored.',
  })
  months?: number | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'The first day to replay, instead of `months`.' })
  from?: BusinessDate | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'The last day to replay; that of the newest purchase stored when absent.',
  })
  until?: BusinessDate | null;

  @Field(() => String, {
    description: 'A text of your own, 1 to 200 characters: repeating the command with it starts nothing new.',
  })
  idempotencyKey!: string;
}

@ObjectType({ description: 'The back-test that was started, or why it was refused.', simpleResolvers: true })
export class ProgrammeBacktestPayload {
  @Field(() => Backtest, { nullable: true, description: 'The back-test; null when it was refused.' })
  readonly backtest?: Backtest | null;

  @Field(() => [BacktestUserError], { description: 'Everything that is wrong; empty when it was started.' })
  readonly userErrors!: readonly BacktestUserError[];
}

@InputType({ description: 'A back-test to stop.' })
export class ProgrammeBacktestCancelInput {
  @Field(() => ID, { description: 'The id of the back-test.' })
  backtestId!: string;
}

@ObjectType({ description: 'The back-test that was stopped, or why it was not.', simpleResolvers: true })
export class ProgrammeBacktestCancelPayload {
  @Field(() => Backtest, { nullable: true, description: 'The back-test; null when there is none.' })
  readonly backtest?: Backtest | null;

  @Field(() => [BacktestUserError], { description: 'Why it was not stopped; empty when it is.' })
  readonly userErrors!: readonly BacktestUserError[];
}
