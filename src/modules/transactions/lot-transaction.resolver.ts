/** What purchases add to a lot. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import { Lot } from '../lots/index.js';
import { Transaction } from './transaction.graphql.js';
import { TRANSACTION_BY_ID } from './transaction.loaders.js';

@Resolver(() => Lot)
export class LotTransactionResolver {
  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'What earned it; null when nothing did, or when the caller may not see that.',
  })
  async transaction(@Root() { row }: Lot, @Ctx() { loader }: GatewayContext): Promise<Transaction | null> {
    const found = await loader(TRANSACTION_BY_ID).load(row.originId);
    return found === undefined ? null : new Transaction(found);
  }
}
