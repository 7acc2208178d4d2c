/** Claims of members: input -> command, result -> payload, and the list of what waits. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself } from '../access/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ofProgramme, programmeOf } from '../programmes/index.js';
import { TRANSACTION_BY_ID, Transaction } from '../transactions/index.js';
import { PurchaseClaimEntity } from './purchase-claim.entity.js';
import type { PurchaseClaimErrorCode } from './purchase-claim.errors.js';
import {
  PurchaseClaim,
  PurchaseClaimArguments,
  PurchaseClaimConnection,
  PurchaseClaimDecideInput,
  PurchaseClaimOpenInput,
  PurchaseClaimPayload,
  PurchaseClaimUserError,
} from './purchase-claim.graphql.js';
import type { PurchaseClaimService } from './purchase-claim.service.js';

/** Ids are UUIDv7: what waits longest comes first. */
const OLDEST_FIRST = byId('purchaseClaims', 'ASC');

const CLAIM_BY_ID = rowsById('purchase-claims.by-id', PurchaseClaimEntity);
async function shown(row: PurchaseClaimEntity, context: GatewayContext): Promise<PurchaseClaim> {
  return PurchaseClaim.of(row, (await programmeOf(row.programmeNo, context)).currencyCode);
}

async function find(id: string, context: GatewayContext): Promise<PurchaseClaim | null> {
  authorize(context.principal, 'claim.read', itself(context.principal));
  const row = await context.loader(CLAIM_BY_ID).load(id);
  return row === undefined ? null : shown(row, context);
}

export const purchaseClaimNodes: NodeSource = { type: PurchaseClaim, find };

@Resolver(() => PurchaseClaim)
export class PurchaseClaimResolver {
  constructor(private readonly claims: PurchaseClaimService) {}

  @Query(() => PurchaseClaimConnection, {
    nullable: true,
    description: 'Claims, the oldest first; OPEN is what waits. A merchant sees those of its sales, a member its own.',
  })
  async purchaseClaims(
    @Args(() => PurchaseClaimArguments) args: PurchaseClaimArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<PurchaseClaim>> {
    authorize(context.principal, 'claim.read', itself(context.principal));
    const where = { ...(await ofProgramme(args.programmeCode, context.em)), ...(args.state && { state: args.state }) };
    return entityConnection(args, OLDEST_FIRST, { em: context.em, entity: PurchaseClaimEntity, where }, (rows) =>
      Promise.all(rows.map((row) => shown(row, context))),
    );
  }

  @FieldResolver(() => Partner, { description: 'The merchant.' })
  async partner(@Root() { partnerNo }: PurchaseClaim, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return (await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null;
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Who claims, when the caller may see members of it.' })
  async member(@Root() { memberNo }: PurchaseClaim, @Ctx() context: GatewayContext): Promise<Member | null> {
    return (await context.loader(MEMBER_BY_NO).load(memberNo)) ?? null;
  }

  @FieldResolver(() => Transaction, { nullable: true, description: 'The purchase that it is; null while it waits.' })
  async transaction(
    @Root() { transactionId }: PurchaseClaim,
    @Ctx() context: GatewayContext,
  ): Promise<Transaction | null> {
    const row = transactionId === null ? undefined : await context.loader(TRANSACTION_BY_ID).load(transactionId);
    return row === undefined ? null : new Transaction(row);
  }

  @Mutation(() => PurchaseClaimPayload, {
    nullable: true,
    description: 'Claims a purchase of which nobody has told. What is here already answers it at once.',
  })
  async purchaseClaimOpen(
    @Arg('input', () => PurchaseClaimOpenInput, { description: 'The purchase.' })
    { memberId, outletCode, note, amount, ...input }: PurchaseClaimOpenInput,
    @Ctx() context: GatewayContext,
  ): Promise<PurchaseClaimPayload> {
    const result = await this.claims.open(context.principal, {
      ...input,
      amount: { ...amount },
      ...(memberId != null && { memberId }),
      ...(outletCode != null && { outletCode }),
      ...(note != null && { note }),
    });
    return payload(result, context);
  }

  @Mutation(() => PurchaseClaimPayload, {
    nullable: true,
    description: 'Decides on a claim: its merchant, or whoever runs the programme, and never who opened it.',
  })
  async purchaseClaimDecide(
    @Arg('input', () => PurchaseClaimDecideInput, { description: 'The claim and the verdict.' })
    input: PurchaseClaimDecideInput,
    @Ctx() context: GatewayContext,
  ): Promise<PurchaseClaimPayload> {
    return payload(await this.claims.decide(context.principal, { ...input }), context);
  }
}

async function payload(
  result: Result<{ readonly claimId: string }, PurchaseClaimErrorCode>,
  context: GatewayContext,
): Promise<PurchaseClaimPayload> {
  if (!result.ok) return { userErrors: PurchaseClaimUserError.from(result.failure) };
  const row = await context.loader(CLAIM_BY_ID).load(result.value.claimId);
  return { claim: row === undefined ? null : await shown(row, context), userErrors: [] };
}
