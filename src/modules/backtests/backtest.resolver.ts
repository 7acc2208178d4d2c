/** Back-tests: input -> command, result -> payload. */
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize } from '../access/index.js';
import { Programme, programmeOf } from '../programmes/index.js';
import { BacktestRunEntity } from './backtest.entity.js';
import {
  Backtest,
  BacktestUserError,
  ProgrammeBacktestCancelInput,
  ProgrammeBacktestCancelPayload,
  ProgrammeBacktestInput,
  ProgrammeBacktestPayload,
} from './backtest.graphql.js';
import type { BacktestService } from './backtest.service.js';

const BACKTEST_BY_ID = rowsById('backtests.by-id', BacktestRunEntity);

async function findBacktest(id: string, { loader, principal }: GatewayContext): Promise<Backtest | null> {
  authorize(principal, 'programme.backtest');
  const found = await loader(BACKTEST_BY_ID).load(id);
  return found === undefined ? null : Backtest.of(found);
}

export const backtestNodes: NodeSource = { type: Backtest, find: findBacktest };

@Resolver(() => Backtest)
export class BacktestResolver {
  constructor(private readonly backtests: BacktestService) {}

  @Query(() => Backtest, {
    nullable: true,
    description: 'A back-test by its id, with its progress and, when it is done, its result; null when there is none.',
  })
  backtest(
    @Arg('id', () => ID, { description: 'The id of the back-test.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Backtest | null> {
    return findBacktest(id, context);
  }

  @FieldResolver(() => Programme, { nullable: true, description: 'The programme whose history is replayed.' })
  async programme(@Root() { programmeNo }: Backtest, @Ctx() context: GatewayContext): Promise<Programme> {
    return Programme.of(await programmeOf(programmeNo, context));
  }

  @Mutation(() => ProgrammeBacktestPayload, {
    nullable: true,
    description:
      'Starts to replay stored history under a candidate version of a programme. Refuses everything that programmeCheck ' +
      'finds. It runs beside the API; ask for `backtest` to follow it. One at a time for each programme.',
  })
  async programmeBacktest(
    @Arg('input', () => ProgrammeBacktestInput, { description: 'The candidate and the days.' })
    input: ProgrammeBacktestInput,
    @Ctx() context: GatewayContext,
  ): Promise<ProgrammeBacktestPayload> {
    const { programmeCode, source, months, from, until, idempotencyKey } = input;
    const days = { months: months ?? undefined, from: from ?? undefined, until: until ?? undefined };
    const result = await this.backtests.start(context.principal, { programmeCode, source, idempotencyKey, ...days });
    if (!result.ok) return { backtest: null, userErrors: BacktestUserError.from(result.failures) };
    return { backtest: await findBacktest(result.id, context), userErrors: [] };
  }

  @Mutation(() => ProgrammeBacktestCancelPayload, {
    nullable: true,
    description: 'Stops a back-test that waits or runs. Doing it again changes nothing.',
  })
  async programmeBacktestCancel(
    @Arg('input', () => ProgrammeBacktestCancelInput, { description: 'The back-test.' })
    input: ProgrammeBacktestCancelInput,
    @Ctx() context: GatewayContext,
  ): Promise<ProgrammeBacktestCancelPayload> {
    const result = await this.backtests.cancel(context.principal, input.backtestId);
    return {
      backtest: await findBacktest(input.backtestId, context),
      userErrors: result.ok ? [] : BacktestUserError.from([result.failure]),
    };
  }
}
