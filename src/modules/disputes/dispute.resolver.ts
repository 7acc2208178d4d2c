/** Disputes: input -> command, result -> payload, and the list of what waits. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { fromEvidence } from '../../graphql/evidence.js';
import { byId } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself } from '../access/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ofProgramme } from '../programmes/index.js';
import { LINE_BY_ID, SettlementLine } from '../settlement/index.js';
import { DisputeEntity } from './dispute.entity.js';
import type { DisputeErrorCode } from './dispute.errors.js';
import {
  Dispute,
  DisputeArguments,
  DisputeConnection,
  DisputeOpenInput,
  DisputePayload,
  DisputeResolveInput,
  DisputeUserError,
} from './dispute.graphql.js';
import { DISPUTES_OF_LINE, shown } from './dispute.loaders.js';
import type { DisputeService } from './dispute.service.js';

/** Ids are UUIDv7: the oldest open dispute comes first. */
const OLDEST_FIRST = byId('disputes', 'ASC');

const DISPUTE_BY_ID = rowsById('disputes.by-id', DisputeEntity);

async function findDispute(id: string, context: GatewayContext): Promise<Dispute | null> {
  authorize(context.principal, 'settlement.read', itself(context.principal));
  const row = await context.loader(DISPUTE_BY_ID).load(id);
  return row === undefined ? null : shown(row, context);
}

export const disputeNodes: NodeSource = { type: Dispute, find: findDispute };

@Resolver(() => Dispute)
export class DisputeResolver {
  constructor(private readonly disputes: DisputeService) {}

  @Query(() => DisputeConnection, {
    nullable: true,
    name: 'disputes',
    description: 'Disputes, the oldest first; ask for the state OPEN to see what waits. A partner sees its own.',
  })
  async list(
    @Args(() => DisputeArguments) args: DisputeArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Dispute>> {
    authorize(context.principal, 'settlement.read', itself(context.principal));
    const own = { ...(await ofProgramme(args.programmeCode, context.em)), ...(args.state && { state: args.state }) };
    return entityConnection(args, OLDEST_FIRST, { em: context.em, entity: DisputeEntity, where: own }, (rows) =>
      Promise.all(rows.map((row) => shown(row, context))),
    );
  }

  @Query(() => Dispute, { nullable: true, description: 'A dispute by its id; null when there is none.' })
  dispute(
    @Arg('id', () => ID, { description: 'The id of the dispute.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Dispute | null> {
    return findDispute(id, context);
  }

  @FieldResolver(() => SettlementLine, { description: 'The line it is about.' })
  async line(@Root() { lineId }: Dispute, @Ctx() context: GatewayContext): Promise<SettlementLine | null> {
    return (await context.loader(LINE_BY_ID).load(lineId)) ?? null;
  }

  @FieldResolver(() => Partner, { description: 'The partner that contests it.' })
  async partner(@Root() { partyNo }: Dispute, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return (await context.loader(PARTNER_BY_NO).load(partyNo)) ?? null;
  }

  @Mutation(() => DisputePayload, {
    nullable: true,
    description: 'Contests a line, or a part of it, within the days of the contract. It is not paid while it is open.',
  })
  async disputeOpen(
    @Arg('input', () => DisputeOpenInput, { description: 'The line, how much of it, and why.' })
    { lineId, amount, reason, evidence, idempotencyKey }: DisputeOpenInput,
    @Ctx() context: GatewayContext,
  ): Promise<DisputePayload> {
    const result = await this.disputes.open(context.principal, {
      lineId,
      amount: { ...amount },
      reason,
      evidence: fromEvidence(evidence),
      idempotencyKey,
    });
    return payload(result, context);
  }

  @Mutation(() => DisputePayload, {
    nullable: true,
    description: 'Decides on a dispute. Somebody else than who opened it has to.',
  })
  async disputeResolve(
    @Arg('input', () => DisputeResolveInput, { description: 'The dispute and the verdict.' })
    input: DisputeResolveInput,
    @Ctx() context: GatewayContext,
  ): Promise<DisputePayload> {
    return payload(await this.disputes.resolve(context.principal, { ...input }), context);
  }
}

@Resolver(() => SettlementLine)
export class DisputedLineResolver {
  @FieldResolver(() => [Dispute], { description: 'What was contested of it, in the order in which it was.' })
  async disputes(@Root() { id }: SettlementLine, @Ctx() context: GatewayContext): Promise<Dispute[]> {
    const rows = await context.loader(DISPUTES_OF_LINE).load(id);
    return Promise.all(rows.map((row) => shown(row, context)));
  }
}

async function payload(
  result: Result<{ readonly disputeId: string }, DisputeErrorCode>,
  context: GatewayContext,
): Promise<DisputePayload> {
  if (!result.ok) return { userErrors: DisputeUserError.from(result.failure) };
  return { dispute: await findDispute(result.value.disputeId, context), userErrors: [] };
}
