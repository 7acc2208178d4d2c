/** Lines and positions: what each party reads of a settlement. */
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../../domain/ledger/accounts.js';
import type { GatewayContext } from '../../graphql/context.js';
import { toMoney } from '../../graphql/money.js';
import { authorize, itself } from '../access/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { Position, SettlementItem, SettlementLine } from './line.graphql.js';
import { ITEMS_OF_LINE } from './settlement.loaders.js';

/** Reads are narrowed by row-level security: a partner sees its own lines, and no other's. */
const authorizeReading = ({ principal }: GatewayContext): void =>
  authorize(principal, 'settlement.read', itself(principal));

@Resolver(() => SettlementLine)
export class SettlementLineResolver {
  @FieldResolver(() => Partner, { nullable: true, description: "The partner; null on the programme's own line." })
  partner(@Root() { partyNo }: SettlementLine, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return partnerOf(partyNo, context);
  }

  @FieldResolver(() => [SettlementItem], { description: 'Why the net is what it is.' })
  async items(@Root() line: SettlementLine, @Ctx() context: GatewayContext): Promise<SettlementItem[]> {
    const rows = await context.loader(ITEMS_OF_LINE).load(`${line.settlementId}/${line.partyNo}`);
    return rows
      .filter(({ side }) => line.side === 'NET' || line.side === side)
      .map((row) => SettlementItem.of(row, line.notation));
  }
}

@Resolver(() => Position)
export class PositionResolver {
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
