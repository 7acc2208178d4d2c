/** Transactions over the API: input to command, outcome to payload. */
import { raw } from '@mikro-orm/core';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { SOURCE_KIND_NO, type SourceKind } from '../../domain/transactions/model.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { NodeSource } from '../../graphql/node.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import { Member } from '../members/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { SubmitOutcome } from './pipeline.js';
import type { ReferenceCache } from './reference.js';
import { TransactionEntity } from './transaction.entity.js';
import {
  SourceKindEnum,
  Transaction,
  TransactionConnection,
  TransactionSource,
  TransactionSubmitInput,
  TransactionSubmitPayload,
  TransactionsSubmitInput,
  TransactionsSubmitPayload,
  TransactionUserError,
} from './transaction.graphql.js';
import { BY_RECORDING, SOURCE_BY_ID, TRANSACTION_BY_ID, transactionsOf } from './transaction.loaders.js';
import { MAX_ITEMS, type TransactionService } from './transaction.service.js';
import { commandOf } from './translate.js';

@ArgsType()
class TransactionsArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those this partner submitted or sold.' })
  partnerCode?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "True: only those where the partner's own sum of the reward is not ours.",
  })
  claimDiffers?: boolean | null;
}

export const transactionNodes: NodeSource = {
  type: Transaction,
  async find(id, context) {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    const row = await context.loader(TRANSACTION_BY_ID).load(id);
    return row && new Transaction(row);
  },
};

@Resolver(() => Transaction)
export class TransactionResolver {
  constructor(
    private readonly service: TransactionService,
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  @Mutation(() => TransactionSubmitPayload, {
    nullable: true,
    description: 'Submits one purchase or refund. The same message again gives the same answer, for ever.',
  })
  async transactionSubmit(
    @Arg('input', () => TransactionSubmitInput, { description: 'The message and who sends it.' })
    input: TransactionSubmitInput,
    @Ctx() context: GatewayContext,
  ): Promise<TransactionSubmitPayload> {
    const { programmeCode, partnerCode, transaction } = input;
    const [answer] = await this.submit(context, programmeCode, partnerCode, [transaction]);
    return answer as TransactionSubmitPayload;
  }

  @Mutation(() => TransactionsSubmitPayload, {
    nullable: true,
    description: `Submits up to ${MAX_ITEMS} messages. Not atomic: each has an answer of its own.`,
  })
  async transactionsSubmit(
    @Arg('input', () => TransactionsSubmitInput, { description: 'The messages and who sends them.' })
    input: TransactionsSubmitInput,
    @Ctx() context: GatewayContext,
  ): Promise<TransactionsSubmitPayload> {
    const { programmeCode, partnerCode, transactions } = input;
    const results = await this.submit(context, programmeCode, partnerCode, transactions);
    const tooMany = transactions.length > MAX_ITEMS ? (results[0]?.userErrors ?? []) : [];
    return { results: tooMany.length > 0 ? [] : results, userErrors: tooMany };
  }

  private async submit(
    context: GatewayContext,
    programmeCode: string | null | undefined,
    partnerCode: string | null | undefined,
    inputs: readonly TransactionSubmitInput['transaction'][],
  ): Promise<TransactionSubmitPayload[]> {
    const { principal, signal } = context;
    const partner = partnerCode ?? (principal.kind === 'PARTNER' ? principal.partnerCode : '');
    const outcomes = await this.service.submit(
      principal,
      programmeCode ?? undefined,
      partner,
      inputs.map((input) => (programme: ProgrammeRecord) => commandOf(input, partner, programme)),
      signal,
    );
    return outcomes.map(payloadOf);
  }

  @Query(() => Transaction, {
    nullable: true,
    description: 'A transaction by its id; null when the caller may not see it or there is none.',
  })
  async transaction(
    @Arg('id', () => ID, { description: 'Id of the transaction.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Transaction | null> {
    const row = await context.loader(TRANSACTION_BY_ID).load(id);
    return row === undefined ? null : this.visible(row, context);
  }

  @Query(() => Transaction, {
    nullable: true,
    description: "A transaction by a partner's own reference of a message about it.",
  })
  async transactionByReference(
    @Arg('partnerCode', () => String, { description: 'Code of the partner who sent the message.' }) partnerCode: string,
    @Arg('kind', () => SourceKindEnum, { description: 'Kind of the message.' }) kind: SourceKind,
    @Arg('reference', () => String, { description: 'Reference of the message.' }) reference: string,
    @Ctx() context: GatewayContext,
  ): Promise<Transaction | null> {
    const partner = await this.cache.find(this.database, ({ partners }) => partners.byCode(partnerCode));
    if (partner === undefined) return null;
    const key = { partnerNo: partner.no, kind: SOURCE_KIND_NO[kind], reference };
    const [found] = await context.em.execute<{ source_id: string }[]>(
      'select source_id from business_key where partner_no = ? and kind = ? and reference = ?',
      [key.partnerNo, key.kind, key.reference],
    );
    const source = found && (await context.loader(SOURCE_BY_ID).load(found.source_id));
    const row = source && (await context.loader(TRANSACTION_BY_ID).load(source.transactionId));
    return row === undefined ? null : this.visible(row, context);
  }

  @Query(() => TransactionConnection, { nullable: true, description: 'Transactions the caller may see, newest first.' })
  async transactions(
    @Args(() => TransactionsArguments) args: TransactionsArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Transaction>> {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    const { partnerCode, claimDiffers } = args;
    const partner =
      partnerCode == null
        ? undefined
        : await this.cache.find(this.database, ({ partners }) => partners.byCode(partnerCode));
    const about =
      partnerCode == null
        ? {}
        : { $or: ['submitterNo', 'coSubmitterNo', 'merchantNo'].map((role) => ({ [role]: partner?.no ?? -1 })) };
    const differs = claimDiffers === true ? { [raw('claimed_units <> our_units')]: [] } : {};
    return page(args, { $and: [about, differs] }, context);
  }

  /** Row-level security has decided already; this says no by the action too (the token's scope). */
  private visible(row: TransactionEntity, context: GatewayContext): Transaction {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    return new Transaction(row);
  }
}

/** Newest first, of those the caller may see. */
export function page(
  args: ConnectionArguments,
  where: object,
  { em }: GatewayContext,
): Promise<Connection<Transaction>> {
  return entityConnection(args, BY_RECORDING, { em, entity: TransactionEntity, where }, (rows) =>
    rows.map((row) => new Transaction(row)),
  );
}

const payloadOf = (outcome: SubmitOutcome): TransactionSubmitPayload => ({
  outcome,
  userErrors: outcome.status === 'REJECTED' ? TransactionUserError.from(outcome.failure) : [],
});

/** What a message made: from its decision where that says all of it, else read as the caller may see it. */
@Resolver(() => TransactionSubmitPayload)
export class TransactionAnswerResolver {
  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'The transaction the message made or joined; null when it was refused.',
  })
  async transaction(
    @Root() { outcome }: TransactionSubmitPayload,
    @Ctx() context: GatewayContext,
  ): Promise<Transaction | null> {
    if (outcome.status === 'REJECTED') return null;
    const row =
      outcome.recorded?.().transaction ?? (await context.loader(TRANSACTION_BY_ID).load(outcome.transactionId));
    return row === undefined ? null : new Transaction(row);
  }

  @FieldResolver(() => TransactionSource, { nullable: true, description: 'The message itself.' })
  async source(
    @Root() { outcome }: TransactionSubmitPayload,
    @Ctx() context: GatewayContext,
  ): Promise<TransactionSource | null> {
    if (outcome.status === 'REJECTED') return null;
    const row = outcome.recorded?.().source ?? (await context.loader(SOURCE_BY_ID).load(outcome.sourceId));
    return row === undefined ? null : new TransactionSource(row);
  }
}

@Resolver(() => Member)
export class MemberTransactionsResolver {
  @FieldResolver(() => TransactionConnection, {
    nullable: true,
    description: "The member's transactions that the caller may see, newest first.",
  })
  transactions(
    @Root() { no }: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Transaction>> {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    return connection(
      args,
      BY_RECORDING,
      (slice) => transactionsOf(no, slice, context),
      (row) => new Transaction(row),
    );
  }
}
