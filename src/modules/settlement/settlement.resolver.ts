/** Windows, settlements and statements: input -> command, result -> payload, and the fields that need a read. */
import type { EntityName } from '@mikro-orm/postgresql';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { Keyset } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import { Money } from '../../graphql/money.js';
import type { NodeSource } from '../../graphql/node.js';
import { isId } from '../../graphql/scalars.js';
import { authorize, itself, may } from '../access/index.js';
import { SettlementWindowEntity } from '../ledger/index.js';
import { ofProgramme, Programme, programmeOf } from '../programmes/index.js';
import { SettlementLine } from './line.graphql.js';
import { SettlementEntity } from './settlement.entity.js';
import {
  OfProgrammeArguments,
  Settlement,
  SettlementAbortInput,
  SettlementAbortPayload,
  SettlementConnection,
  SettlementIssueInput,
  SettlementIssuePayload,
  SettlementUserError,
  SettlementWindowCloseInput,
  SettlementWindowClosePayload,
} from './settlement.graphql.js';
import { LINES_OF_SETTLEMENT, SETTLEMENT_BY_ID, WINDOWS_OF_SETTLEMENT } from './settlement.loaders.js';
import type { SettlementService } from './settlement.service.js';
import { SettlementWindow, SettlementWindowConnection } from './window.graphql.js';

const NEWEST_FIRST: Keyset = { name: 'by-number', columns: [{ property: 'no', kind: 'integer' }], direction: 'DESC' };

/** Reads are narrowed by row-level security: a partner sees its own lines, and no other's. */
const authorizeReading = ({ principal }: GatewayContext): void =>
  authorize(principal, 'settlement.read', itself(principal));

/** A page of what a programme has numbered, the newest first; of all programmes when none is named. */
async function newestFirst<Row extends object, Node>(
  args: OfProgrammeArguments,
  { em }: GatewayContext,
  entity: EntityName<Row>,
  present: (row: Row) => Node,
): Promise<Connection<Node>> {
  const where = await ofProgramme(args.programmeCode, em);
  return entityConnection(args, NEWEST_FIRST, { em, entity, where }, (rows) => rows.map(present));
}

export const settlementNodes: NodeSource = {
  type: Settlement,
  async find(id, context) {
    authorizeReading(context);
    return context.loader(SETTLEMENT_BY_ID).load(id);
  },
};

const WINDOW_BY_ID = rowsById('settlement.window-by-id', SettlementWindowEntity);

export const windowNodes: NodeSource = {
  type: SettlementWindow,
  async find(id, context) {
    authorizeReading(context);
    const row = await context.loader(WINDOW_BY_ID).load(id);
    return row && SettlementWindow.of(row);
  },
};

@Resolver(() => Settlement)
export class SettlementResolver {
  constructor(private readonly service: SettlementService) {}

  @Mutation(() => SettlementWindowClosePayload, {
    nullable: true,
    description: 'Closes the open window of a programme, opens the next one and seals what it closed with a digest.',
  })
  async settlementWindowClose(
    @Arg('input', () => SettlementWindowCloseInput, { description: 'The programme.' })
    input: SettlementWindowCloseInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<SettlementWindowClosePayload> {
    const result = await this.service.closeWindow(principal, input);
    return result.ok
      ? { window: SettlementWindow.of(result.value), userErrors: [] }
      : { userErrors: SettlementUserError.from(result.failure) };
  }

  @Mutation(() => SettlementIssuePayload, {
    nullable: true,
    description:
      'Settles the closed windows of a programme that are not settled yet, with everybody or with some partners, and ' +
      'freezes the statements.',
  })
  async settlementIssue(
    @Arg('input', () => SettlementIssueInput, { description: 'The programme.' }) input: SettlementIssueInput,
    @Ctx() context: GatewayContext,
  ): Promise<SettlementIssuePayload> {
    const result = await this.service.settle(context.principal, input);
    if (!result.ok) return { userErrors: SettlementUserError.from(result.failure) };
    const settlement = await context.loader(SETTLEMENT_BY_ID).load(result.value.id);
    return { userErrors: [], ...(settlement && { settlement }) };
  }

  @Mutation(() => SettlementAbortPayload, {
    nullable: true,
    description: 'Gives a settlement up of which nothing has moved: its positions wait for the next one again.',
  })
  async settlementAbort(
    @Arg('input', () => SettlementAbortInput, { description: 'The settlement and the reason.' })
    input: SettlementAbortInput,
    @Ctx() context: GatewayContext,
  ): Promise<SettlementAbortPayload> {
    const result = await this.service.abort(context.principal, input);
    if (!result.ok) return { userErrors: SettlementUserError.from(result.failure) };
    const settlement = await context.loader(SETTLEMENT_BY_ID).load(result.value.settlementId);
    return { userErrors: [], ...(settlement && { settlement }) };
  }

  @Query(() => SettlementWindowConnection, { nullable: true, description: 'Windows, the newest first.' })
  async settlementWindows(
    @Args(() => OfProgrammeArguments) args: OfProgrammeArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<SettlementWindow>> {
    authorizeReading(context);
    return newestFirst(args, context, SettlementWindowEntity, SettlementWindow.of);
  }

  @Query(() => SettlementConnection, { nullable: true, description: 'Settlements, the newest first.' })
  async settlements(
    @Args(() => OfProgrammeArguments) args: OfProgrammeArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Settlement>> {
    authorizeReading(context);
    return newestFirst(args, context, SettlementEntity, Settlement.of);
  }

  @Query(() => Settlement, { nullable: true, description: 'A settlement by its id; null when there is none.' })
  async settlement(
    @Arg('id', () => ID, { description: 'The id of the settlement.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Settlement | null> {
    authorizeReading(context);
    return isId(id) ? ((await context.loader(SETTLEMENT_BY_ID).load(id)) ?? null) : null;
  }

  @FieldResolver(() => Programme, { description: 'The programme that is settled.' })
  async programme(@Root() { programmeNo }: Settlement, @Ctx() context: GatewayContext): Promise<Programme> {
    return Programme.of(await programmeOf(programmeNo, context));
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description:
      "The programme's own line, computed from its own accounts: the opposite of all partners together. Null for a partner.",
  })
  programmeNet(@Root() { totals }: Settlement, @Ctx() { principal }: GatewayContext): Money | null {
    return may(principal, 'settlement.totals') ? totals.programmeNet : null;
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'The sum of all charges and credits, each counted with its full amount. Null for a partner.',
  })
  gross(@Root() { totals }: Settlement, @Ctx() { principal }: GatewayContext): Money | null {
    return may(principal, 'settlement.totals') ? totals.gross : null;
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'What is really paid after netting, in either direction. Null for a partner.',
  })
  netPayments(@Root() { totals }: Settlement, @Ctx() { principal }: GatewayContext): Money | null {
    return may(principal, 'settlement.totals') ? totals.netPayments : null;
  }

  @FieldResolver(() => [SettlementWindow], { description: 'The windows it settles, the oldest first.' })
  async windows(@Root() { id }: Settlement, @Ctx() context: GatewayContext): Promise<readonly SettlementWindow[]> {
    return (await context.loader(WINDOWS_OF_SETTLEMENT).load(id)).map(SettlementWindow.of);
  }

  @FieldResolver(() => [SettlementLine], {
    description: "One line per partner, then the programme's own. A partner sees its own line alone.",
  })
  lines(@Root() { id }: Settlement, @Ctx() context: GatewayContext): Promise<readonly SettlementLine[]> {
    return context.loader(LINES_OF_SETTLEMENT).load(id);
  }
}

@Resolver(() => SettlementWindow)
export class SettlementWindowResolver {
  @FieldResolver(() => Programme, { description: 'The programme whose journal it is a part of.' })
  async programme(@Root() { programmeNo }: SettlementWindow, @Ctx() context: GatewayContext): Promise<Programme> {
    return Programme.of(await programmeOf(programmeNo, context));
  }

  @FieldResolver(() => Settlement, {
    nullable: true,
    description: 'The settlement that took the last of its positions; null until all are settled.',
  })
  async settlement(
    @Root() { settlementId }: SettlementWindow,
    @Ctx() context: GatewayContext,
  ): Promise<Settlement | null> {
    return settlementId === null ? null : ((await context.loader(SETTLEMENT_BY_ID).load(settlementId)) ?? null);
  }
}
