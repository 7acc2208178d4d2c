/** Windows, settlements and statements: input -> command, result -> payload, and the fields that need a read. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../../domain/ledger/accounts.js';
import { type Connection, connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { type Keyset, ormSlice } from '../../graphql/keyset.js';
import { Money, toMoney } from '../../graphql/money.js';
import type { NodeSource } from '../../graphql/node.js';
import { isId } from '../../graphql/scalars.js';
import { authorize, itself, may } from '../access/index.js';
import { SettlementWindowEntity } from '../ledger/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { Programme, ProgrammeEntity } from '../programmes/index.js';
import { SettlementEntity } from './settlement.entity.js';
import {
  OfProgrammeArguments,
  Position,
  Settlement,
  SettlementConnection,
  SettlementIssueInput,
  SettlementIssuePayload,
  SettlementItem,
  SettlementLine,
  SettlementStatement,
  SettlementUserError,
  SettlementWindowCloseInput,
  SettlementWindowClosePayload,
} from './settlement.graphql.js';
import {
  ITEMS_OF_LINE,
  LINES_OF_SETTLEMENT,
  PROGRAMME_BY_NO,
  SETTLEMENT_BY_ID,
  STATEMENT_OF_LINE,
  WINDOWS_OF_SETTLEMENT,
} from './settlement.loaders.js';
import type { SettlementService } from './settlement.service.js';
import { SettlementWindow, SettlementWindowConnection } from './window.graphql.js';

const NEWEST_FIRST: Keyset = { name: 'by-number', columns: [{ property: 'no', kind: 'integer' }], direction: 'DESC' };

/** Reads are narrowed by row-level security: a partner sees its own lines, and no other's. */
const authorizeReading = ({ principal }: GatewayContext): void =>
  authorize(principal, 'settlement.read', itself(principal));

/** A page of what a programme has numbered, the newest first; of all programmes when none is named. */
async function newestFirst<Row extends object, Node>(
  args: OfProgrammeArguments,
  context: GatewayContext,
  find: (slice: { where: object; orderBy: object[]; limit: number }) => Promise<Row[]>,
  present: (row: Row) => Node,
): Promise<Connection<Node>> {
  const own = await ofProgramme(args.programmeCode, context);
  return connection(
    args,
    NEWEST_FIRST,
    (slice) => {
      const { where, orderBy, limit } = ormSlice(NEWEST_FIRST, slice);
      return find({ where: { $and: [own, where] }, orderBy, limit });
    },
    present,
  );
}

export const settlementNodes: NodeSource = {
  async find(id, context) {
    authorizeReading(context);
    return (await context.loader(SETTLEMENT_BY_ID).load(id)) ?? findWindow(id, context);
  },
};

async function findWindow(id: string, { em }: GatewayContext): Promise<SettlementWindow | null> {
  const row = await em.findOne(SettlementWindowEntity, { id });
  return row && SettlementWindow.of(row);
}

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
    description: 'Settles all closed windows of a programme that are not settled yet, and freezes the statements.',
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

  @Query(() => SettlementWindowConnection, { nullable: true, description: 'Windows, the newest first.' })
  async settlementWindows(
    @Args(() => OfProgrammeArguments) args: OfProgrammeArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<SettlementWindow>> {
    authorizeReading(context);
    return newestFirst(
      args,
      context,
      ({ where, orderBy, limit }) => context.em.find(SettlementWindowEntity, where, { orderBy, limit }),
      SettlementWindow.of,
    );
  }

  @Query(() => SettlementConnection, { nullable: true, description: 'Settlements, the newest first.' })
  async settlements(
    @Args(() => OfProgrammeArguments) args: OfProgrammeArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Settlement>> {
    authorizeReading(context);
    return newestFirst(
      args,
      context,
      ({ where, orderBy, limit }) => context.em.find(SettlementEntity, where, { orderBy, limit }),
      Settlement.of,
    );
  }

  @Query(() => Settlement, { nullable: true, description: 'A settlement by its id; null when there is none.' })
  async settlement(
    @Arg('id', () => ID, { description: 'The id of the settlement.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Settlement | null> {
    authorizeReading(context);
    return isId(id) ? ((await context.loader(SETTLEMENT_BY_ID).load(id)) ?? null) : null;
  }

  @Query(() => SettlementStatement, {
    nullable: true,
    description: 'The frozen statement of a party; null when it has no line there or the caller may not see it.',
  })
  async settlementStatement(
    @Arg('settlementId', () => ID, { description: 'The settlement.' }) settlementId: string,
    @Arg('partnerCode', () => String, {
      nullable: true,
      description: "The partner; for the programme's own statement leave it out.",
    })
    partnerCode: string | null | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<SettlementStatement | null> {
    authorizeReading(context);
    if (!isId(settlementId)) return null;
    const lines = await context.loader(LINES_OF_SETTLEMENT).load(settlementId);
    const partners = await Promise.all(lines.map(({ partyNo }) => partnerOf(partyNo, context)));
    const line = lines[partners.findIndex((partner) => (partner?.code ?? null) === (partnerCode ?? null))];
    return line === undefined ? null : statementOf(line, context);
  }

  @Query(() => [Position], {
    nullable: true,
    description: 'Where each partner stands with a programme now, by code. A partner sees its own position.',
  })
  async positions(
    @Arg('programmeCode', () => String, { description: 'The programme.' }) programmeCode: string,
    @Ctx() context: GatewayContext,
  ): Promise<Position[]> {
    authorizeReading(context);
    const rows = await context.em.execute<PositionRow[]>(POSITIONS, [
      Account.POSITION,
      Account.SETTLED_UNPAID,
      programmeCode,
    ]);
    return rows.map((row) =>
      Object.assign(new Position(), {
        partyNo: row.party,
        open: toMoney(BigInt(row.open), row.currency_code),
        closed: toMoney(BigInt(row.closed), row.currency_code),
        unpaid: toMoney(BigInt(row.unpaid), row.currency_code),
      }),
    );
  }

  @FieldResolver(() => Programme, { description: 'The programme that is settled.' })
  programme(@Root() { programmeNo }: Settlement, @Ctx() context: GatewayContext): Promise<Programme | undefined> {
    return context.loader(PROGRAMME_BY_NO).load(programmeNo);
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
  programme(@Root() { programmeNo }: SettlementWindow, @Ctx() context: GatewayContext): Promise<Programme | undefined> {
    return context.loader(PROGRAMME_BY_NO).load(programmeNo);
  }

  @FieldResolver(() => Settlement, { nullable: true, description: 'The settlement that took it; null until one does.' })
  async settlement(
    @Root() { settlementId }: SettlementWindow,
    @Ctx() context: GatewayContext,
  ): Promise<Settlement | null> {
    return settlementId === null ? null : ((await context.loader(SETTLEMENT_BY_ID).load(settlementId)) ?? null);
  }
}

@Resolver(() => SettlementLine)
export class SettlementLineResolver {
  @FieldResolver(() => Partner, { nullable: true, description: "The partner; null on the programme's own line." })
  partner(@Root() { partyNo }: SettlementLine, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return partnerOf(partyNo, context);
  }

  @FieldResolver(() => [SettlementItem], { description: 'Why the net is what it is.' })
  async items(@Root() line: SettlementLine, @Ctx() context: GatewayContext): Promise<SettlementItem[]> {
    const rows = await context.loader(ITEMS_OF_LINE).load(`${line.settlementId}/${line.partyNo}`);
    return rows.map((row) => SettlementItem.of(row, line.notation));
  }

  @FieldResolver(() => SettlementStatement, { description: 'The frozen statement.' })
  statement(@Root() line: SettlementLine, @Ctx() context: GatewayContext): Promise<SettlementStatement | null> {
    return statementOf(line, context);
  }
}

@Resolver(() => Position)
export class PositionResolver {
  @FieldResolver(() => Partner, { description: 'The partner.' })
  partner(@Root() { partyNo }: Position, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return partnerOf(partyNo, context);
  }
}

interface PositionRow {
  readonly party: number;
  readonly currency_code: string;
  readonly open: string;
  readonly closed: string;
  readonly unpaid: string;
}

const POSITIONS = `
  select b.party, u.code as currency_code,
         coalesce(sum(b.balance) filter (where w.state = 'OPEN'), 0)::text as open,
         coalesce(sum(b.balance) filter (where w.state = 'CLOSED'), 0)::text as closed,
         coalesce(sum(b.balance) filter (where w.no is null), 0)::text as unpaid
  from account_balance b
  join unit u on u.no = b.unit and u.kind = 'MONEY'
  join programme g on g.no = u.programme_no
  join partner p on p.no = b.party
  left join settlement_window w on w.no = b.window_no
  where b.account in (?, ?) and g.code = ?
  group by b.party, u.code, p.code order by p.code`;

async function partnerOf(partyNo: number, context: GatewayContext): Promise<Partner | null> {
  return partyNo === 0 ? null : ((await context.loader(PARTNER_BY_NO).load(partyNo)) ?? null);
}

async function statementOf(line: SettlementLine, context: GatewayContext): Promise<SettlementStatement | null> {
  const statement = await context.loader(STATEMENT_OF_LINE).load(line.id);
  return statement === undefined ? null : { ...statement, line };
}

/** What narrows a list to one programme; a code that there is none of makes the list empty. */
async function ofProgramme(code: string | null | undefined, { em }: GatewayContext): Promise<{ programmeNo?: number }> {
  if (code === null || code === undefined) return {};
  const programme = await em.findOne(ProgrammeEntity, { code });
  return { programmeNo: programme?.no ?? -1 };
}
