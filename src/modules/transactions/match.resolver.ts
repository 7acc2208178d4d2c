/** Purchases that may be one: the list of what waits, and the decisions on it. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize } from '../access/index.js';
import { ofProgramme } from '../programmes/index.js';
import { PurchaseMatchEntity } from './match.entity.js';
import type { MatchErrorCode } from './match.errors.js';
import {
  TransactionMatch,
  TransactionMatchArguments,
  TransactionMatchConnection,
  TransactionMatchDecideInput,
  TransactionMatchPayload,
  TransactionMatchUserError,
} from './match.graphql.js';
import type { MatchService } from './match.service.js';
import { Transaction } from './transaction.graphql.js';
import { TRANSACTION_BY_ID } from './transaction.loaders.js';

/** Ids are UUIDv7: what waits longest comes first. */
const OLDEST_FIRST = byId('transactionMatches', 'ASC');

const MATCH_BY_ID = rowsById('transactions.match-by-id', PurchaseMatchEntity);

async function find(id: string, context: GatewayContext): Promise<TransactionMatch | null> {
  authorize(context.principal, 'match.read');
  const row = await context.loader(MATCH_BY_ID).load(id);
  return row === undefined ? null : TransactionMatch.of(row);
}

export const matchNodes: NodeSource = { type: TransactionMatch, find };

@Resolver(() => TransactionMatch)
export class MatchResolver {
  constructor(private readonly matches: MatchService) {}

  @Query(() => TransactionMatchConnection, {
    nullable: true,
    description: 'Purchases told by merchant and bank that may be one, the oldest first; PROPOSED is what waits.',
  })
  async transactionMatches(
    @Args(() => TransactionMatchArguments) args: TransactionMatchArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<TransactionMatch>> {
    authorize(context.principal, 'match.read');
    const where = { ...(await ofProgramme(args.programmeCode, context.em)), ...(args.state && { state: args.state }) };
    return entityConnection(args, OLDEST_FIRST, { em: context.em, entity: PurchaseMatchEntity, where }, (rows) =>
      rows.map((row) => TransactionMatch.of(row)),
    );
  }

  @FieldResolver(() => Transaction, { description: 'The one that was recorded first.' })
  earlier(@Root() { earlierId }: TransactionMatch, @Ctx() context: GatewayContext): Promise<Transaction | null> {
    return shown(earlierId, context);
  }

  @FieldResolver(() => Transaction, { description: 'The one that was recorded later.' })
  later(@Root() { laterId }: TransactionMatch, @Ctx() context: GatewayContext): Promise<Transaction | null> {
    return shown(laterId, context);
  }

  @Mutation(() => TransactionMatchPayload, {
    nullable: true,
    description:
      'They are one purchase: it is decided again on what both sides say, and what the later one earned is taken back.',
  })
  async transactionMatchConfirm(
    @Arg('input', () => TransactionMatchDecideInput, { description: 'The match.' }) input: TransactionMatchDecideInput,
    @Ctx() context: GatewayContext,
  ): Promise<TransactionMatchPayload> {
    return payload(await this.matches.confirm(context.principal, { ...input }), context);
  }

  @Mutation(() => TransactionMatchPayload, {
    nullable: true,
    description: 'They are two purchases; the pair is not proposed again.',
  })
  async transactionMatchReject(
    @Arg('input', () => TransactionMatchDecideInput, { description: 'The match.' }) input: TransactionMatchDecideInput,
    @Ctx() context: GatewayContext,
  ): Promise<TransactionMatchPayload> {
    return payload(await this.matches.reject(context.principal, { ...input }), context);
  }
}

async function shown(id: string, context: GatewayContext): Promise<Transaction | null> {
  const row = await context.loader(TRANSACTION_BY_ID).load(id);
  return row === undefined ? null : new Transaction(row);
}

async function payload(
  result: Result<{ readonly matchId: string }, MatchErrorCode>,
  context: GatewayContext,
): Promise<TransactionMatchPayload> {
  if (!result.ok) return { userErrors: TransactionMatchUserError.from(result.failure) };
  return { match: await find(result.value.matchId, context), userErrors: [] };
}
