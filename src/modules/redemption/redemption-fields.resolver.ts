/** Fields of redemptions that need a read of their own. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { GatewayContext } from '../../graphql/context.js';
import { toMoney } from '../../graphql/money.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself, may } from '../access/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { TRANSACTION_BY_ID, Transaction } from '../transactions/index.js';
import { AcceptanceFee, Redemption, RedemptionLot } from './redemption.graphql.js';
import { LOTS_OF_REDEMPTION, REDEMPTION_BY_ID, shownRedemption } from './redemption.loaders.js';

export const redemptionNodes: NodeSource = {
  type: Redemption,
  async find(id, context) {
    authorize(context.principal, 'redemption.read', itself(context.principal));
    const row = await context.loader(REDEMPTION_BY_ID).load(id);
    return row && shownRedemption(row, context);
  },
};

@Resolver(() => Redemption)
export class RedemptionFieldsResolver {
  @FieldResolver(() => Partner, {
    nullable: true,
    description: 'The partner at whose till it is, the bank, or the charity.',
  })
  async partner(@Root() { row }: Redemption, @Ctx() context: GatewayContext): Promise<Partner | undefined> {
    return context.loader(PARTNER_BY_NO).load(row.partnerNo);
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Whose units they are, when the caller may see the member.',
  })
  async member(@Root() { row }: Redemption, @Ctx() context: GatewayContext): Promise<Member | null> {
    return (await context.loader(MEMBER_BY_NO).load(row.memberNo)) ?? null;
  }

  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'The purchase they pay a part of, when it was named and the caller may see it.',
  })
  async transaction(@Root() { row }: Redemption, @Ctx() context: GatewayContext): Promise<Transaction | null> {
    return purchase(row.transactionId, context);
  }

  @FieldResolver(() => AcceptanceFee, {
    nullable: true,
    description: 'What the partner pays for it; null for all but the partner and those who run the programme.',
  })
  acceptanceFee(@Root() { row, notation }: Redemption, @Ctx() { principal }: GatewayContext): AcceptanceFee | null {
    if (!may(principal, 'redemption.capture', { partnerNos: [row.partnerNo] })) return null;
    return { fee: toMoney(row.feeMinor, notation.currencyCode), tax: toMoney(row.feeTaxMinor, notation.currencyCode) };
  }

  @FieldResolver(() => [RedemptionLot], {
    description:
      'Where its units came from, in the order in which they were used; empty for all but the member and those who run the programme.',
  })
  async lots(@Root() { id, notation }: Redemption, @Ctx() context: GatewayContext): Promise<RedemptionLot[]> {
    const rows = await context.loader(LOTS_OF_REDEMPTION).load(id);
    return rows.map((row) =>
      Object.assign(new RedemptionLot(), {
        ...{ funderNo: row.funderNo, originId: row.originId },
        units: formatDecimal(BigInt(row.units), notation.unitScale),
        value: toMoney(BigInt(row.valueMinor), notation.currencyCode),
        returnedUnits: formatDecimal(BigInt(row.backUnits), notation.unitScale),
      }),
    );
  }
}

@Resolver(() => RedemptionLot)
export class RedemptionLotResolver {
  @FieldResolver(() => Partner, { nullable: true, description: 'Who paid for the units; null when the programme did.' })
  async fundedBy(@Root() { funderNo }: RedemptionLot, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return funderNo === 0 ? null : ((await context.loader(PARTNER_BY_NO).load(funderNo)) ?? null);
  }

  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'The purchase that earned the units; null when none did, or the caller may not see it.',
  })
  earnedBy(@Root() { originId }: RedemptionLot, @Ctx() context: GatewayContext): Promise<Transaction | null> {
    return purchase(originId, context);
  }
}

async function purchase(id: string | null | undefined, context: GatewayContext): Promise<Transaction | null> {
  const row = id == null ? undefined : await context.loader(TRANSACTION_BY_ID).load(id);
  return row === undefined ? null : new Transaction(row);
}
