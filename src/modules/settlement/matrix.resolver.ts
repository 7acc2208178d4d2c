/** The bilateral matrix of a settlement. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { SettlementMatrixCell } from './matrix.graphql.js';
import { MATRIX_OF_SETTLEMENT } from './matrix.loaders.js';
import { Settlement } from './settlement.graphql.js';
import { NOTATION_OF_SETTLEMENT } from './settlement.loaders.js';

@Resolver(() => Settlement)
export class SettlementMatrixResolver {
  @FieldResolver(() => [SettlementMatrixCell], {
    description: 'Whose units were used up at whom, in lot value. A partner sees the cells of its own row and column.',
  })
  async matrix(@Root() { id }: Settlement, @Ctx() context: GatewayContext): Promise<SettlementMatrixCell[]> {
    const notation = await context.loader(NOTATION_OF_SETTLEMENT).load(id);
    if (notation === undefined) return [];
    return (await context.loader(MATRIX_OF_SETTLEMENT).load(id)).map((cell) => SettlementMatrixCell.of(cell, notation));
  }
}

@Resolver(() => SettlementMatrixCell)
export class SettlementMatrixCellResolver {
  @FieldResolver(() => Partner, { nullable: true, description: 'Who funded the units; null for the programme.' })
  async funder(@Root() { funderNo }: SettlementMatrixCell, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return funderNo === 0 ? null : ((await context.loader(PARTNER_BY_NO).load(funderNo)) ?? null);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'Who captured them; null where nobody did.' })
  async redeemer(
    @Root() { redeemerNo }: SettlementMatrixCell,
    @Ctx() context: GatewayContext,
  ): Promise<Partner | null> {
    return redeemerNo === 0 ? null : ((await context.loader(PARTNER_BY_NO).load(redeemerNo)) ?? null);
  }
}
