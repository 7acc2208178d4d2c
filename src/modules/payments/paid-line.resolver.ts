/** What payments add to the lines of settlements. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { creditorReference } from '../../domain/payments/creditor-reference.js';
import type { GatewayContext } from '../../graphql/context.js';
import { SETTLEMENT_BY_ID, SettlementLine } from '../settlement/index.js';
import { Payment } from './payment.graphql.js';
import { PAYMENTS_OF_LINE } from './payments.loaders.js';

@Resolver(() => SettlementLine)
export class PaidLineResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What the partner quotes when it pays, so that its payment is recognised (a creditor reference, ISO 11649); null ' +
      'when it has nothing to pay.',
  })
  async paymentReference(
    @Root() { settlementId, partyNo, due }: SettlementLine,
    @Ctx() context: GatewayContext,
  ): Promise<string | null> {
    const settlement = await context.loader(SETTLEMENT_BY_ID).load(settlementId);
    const isOwing = partyNo > 0 && !due.amount.startsWith('-') && /[1-9]/.test(due.amount);
    return settlement !== undefined && isOwing ? creditorReference(settlement.number, partyNo) : null;
  }

  @FieldResolver(() => [Payment], { description: 'The payments of it, the first one first.' })
  payments(@Root() { id }: SettlementLine, @Ctx() context: GatewayContext): Promise<readonly Payment[]> {
    return context.loader(PAYMENTS_OF_LINE).load(id);
  }
}
