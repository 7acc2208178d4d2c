/** The queue of refunds and reversals without a purchase, and a purchase for one of them. */
import { Arg, Args, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { fail } from '../../domain/kernel/result.js';
import { type Connection, ConnectionArguments } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { isId } from '../../graphql/scalars.js';
import { authorize, itself } from '../access/index.js';
import { Transaction, TransactionConnection, TransactionUserError } from './transaction.graphql.js';
import { TRANSACTION_BY_ID } from './transaction.loaders.js';
import { page } from './transaction.resolver.js';
import type { TransactionService } from './transaction.service.js';

@InputType({ description: 'Attaches a refund to the purchase it belongs to. A refund that has one is left as it is.' })
export class RefundAttachInput {
  @Field(() => ID, { description: 'Id of the refund, an ORPHAN_REFUND.' })
  readonly refundId!: string;

  @Field(() => ID, { description: 'Id of the purchase, of the same member.' })
  readonly purchaseId!: string;
}

@ObjectType({ description: 'The purchase after the refund.', simpleResolvers: true })
export class RefundAttachPayload {
  @Field(() => Transaction, { nullable: true, description: 'The purchase; null when nothing was attached.' })
  readonly transaction!: Transaction | null;

  @Field(() => [TransactionUserError], { description: 'Why nothing was attached.' })
  readonly userErrors!: TransactionUserError[];
}

@Resolver()
export class OrphanResolver {
  constructor(private readonly service: TransactionService) {}

  @Query(() => TransactionConnection, {
    nullable: true,
    description:
      'Refunds and reversals that have not found their purchase, newest first, as far as the caller may see them; the match reason of their source says why.',
  })
  async orphanRefunds(
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Transaction>> {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    return page(args, { kind: { $in: ['ORPHAN_REFUND', 'ORPHAN_REVERSAL'] }, joinedId: null }, context);
  }

  @Mutation(() => RefundAttachPayload, {
    nullable: true,
    description: 'Attaches a refund without a purchase to one by hand; it takes back what it would have taken.',
  })
  async refundAttach(
    @Arg('input', () => RefundAttachInput, { description: 'The refund and its purchase.' }) input: RefundAttachInput,
    @Ctx() context: GatewayContext,
  ): Promise<RefundAttachPayload> {
    const { refundId, purchaseId } = input;
    const strange = [refundId, purchaseId].every(isId)
      ? undefined
      : fail('UNKNOWN_PURCHASE', 'These are not ids of this gateway.', 'purchaseId').failure;
    const failure = strange ?? (await this.service.attachRefund(context.principal, refundId, purchaseId));
    if (failure !== undefined) return { transaction: null, userErrors: TransactionUserError.from(failure) };
    const row = await context.loader(TRANSACTION_BY_ID).load(purchaseId);
    return { transaction: row === undefined ? null : new Transaction(row), userErrors: [] };
  }
}
