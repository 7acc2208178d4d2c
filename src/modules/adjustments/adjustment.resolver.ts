/** Adjustments: input -> command, result -> payload, and the list of what waits. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { fromEvidence } from '../../graphql/evidence.js';
import { byId } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize } from '../access/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ofProgramme, Programme, programmeOf } from '../programmes/index.js';
import { AdjustmentEntity } from './adjustment.entity.js';
import type { AdjustmentErrorCode } from './adjustment.errors.js';
import {
  Adjustment,
  AdjustmentArguments,
  AdjustmentConnection,
  AdjustmentDecisionInput,
  type AdjustmentMemberInput,
  AdjustmentPayload,
  AdjustmentRequestInput,
  AdjustmentUserError,
} from './adjustment.graphql.js';
import type { AdjustmentDecisionCommand, AdjustmentService } from './adjustment.service.js';
import type { Wanted } from './wanted.js';

/** Ids are UUIDv7: the order of their ids is the order in which they were asked for. */
const NEWEST_FIRST = byId('adjustments', 'DESC');

const ADJUSTMENT_BY_ID = rowsById('adjustments.by-id', AdjustmentEntity);

async function findAdjustment(id: string, context: GatewayContext): Promise<Adjustment | null> {
  authorize(context.principal, 'adjustment.read');
  const row = await context.loader(ADJUSTMENT_BY_ID).load(id);
  return row === undefined ? null : shown(row, context);
}

async function shown(row: AdjustmentEntity, context: GatewayContext): Promise<Adjustment> {
  return Adjustment.of(row, await programmeOf(row.programmeNo, context));
}

export const adjustmentNodes: NodeSource = { type: Adjustment, find: findAdjustment };

@Resolver(() => Adjustment)
export class AdjustmentResolver {
  constructor(private readonly adjustments: AdjustmentService) {}

  @Query(() => AdjustmentConnection, {
    nullable: true,
    name: 'adjustments',
    description: 'Changes by hand, the latest first; ask for the state PENDING to see what waits for a decision.',
  })
  async list(
    @Args(() => AdjustmentArguments) args: AdjustmentArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Adjustment>> {
    authorize(context.principal, 'adjustment.read');
    const own = { ...(await ofProgramme(args.programmeCode, context.em)), ...(args.state && { state: args.state }) };
    return entityConnection(args, NEWEST_FIRST, { em: context.em, entity: AdjustmentEntity, where: own }, (rows) =>
      Promise.all(rows.map((row) => shown(row, context))),
    );
  }

  @Query(() => Adjustment, { nullable: true, description: 'A change by hand by its id; null when there is none.' })
  adjustment(
    @Arg('id', () => ID, { description: 'The id of the adjustment.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Adjustment | null> {
    return findAdjustment(id, context);
  }

  @FieldResolver(() => Programme, { description: 'The programme whose books it changes.' })
  async programme(@Root() { programmeNo }: Adjustment, @Ctx() context: GatewayContext): Promise<Programme> {
    return Programme.of(await programmeOf(programmeNo, context));
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner it is about; null when it is a member.' })
  async partner(@Root() { partnerNo }: Adjustment, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return partnerNo === null ? null : ((await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null);
  }

  @FieldResolver(() => Member, { nullable: true, description: 'The member it is about; null when it is a partner.' })
  async member(@Root() { memberNo }: Adjustment, @Ctx() context: GatewayContext): Promise<Member | null> {
    return memberNo === null ? null : ((await context.loader(MEMBER_BY_NO).load(memberNo)) ?? null);
  }

  @Mutation(() => AdjustmentPayload, {
    nullable: true,
    description: 'Asks for a change by hand. Nothing is posted until somebody else approves it.',
  })
  async adjustmentRequest(
    @Arg('input', () => AdjustmentRequestInput, { description: 'What to change, and why.' })
    input: AdjustmentRequestInput,
    @Ctx() context: GatewayContext,
  ): Promise<AdjustmentPayload> {
    const { programmeCode, reason, evidence, idempotencyKey } = input;
    const result = await this.adjustments.request(context.principal, {
      programmeCode,
      wanted: wantedOf(input),
      reason,
      evidence: fromEvidence(evidence),
      idempotencyKey,
    });
    return payload(result, context);
  }

  @Mutation(() => AdjustmentPayload, {
    nullable: true,
    description: 'Lets a change by hand take effect. Somebody else than who asked for it has to.',
  })
  async adjustmentApprove(
    @Arg('input', () => AdjustmentDecisionInput, { description: 'The adjustment.' }) input: AdjustmentDecisionInput,
    @Ctx() context: GatewayContext,
  ): Promise<AdjustmentPayload> {
    return payload(await this.adjustments.approve(context.principal, decisionOf(input)), context);
  }

  @Mutation(() => AdjustmentPayload, {
    nullable: true,
    description: 'Turns a change by hand down, or withdraws it when it is your own.',
  })
  async adjustmentReject(
    @Arg('input', () => AdjustmentDecisionInput, { description: 'The adjustment.' }) input: AdjustmentDecisionInput,
    @Ctx() context: GatewayContext,
  ): Promise<AdjustmentPayload> {
    return payload(await this.adjustments.reject(context.principal, decisionOf(input)), context);
  }
}

function wantedOf({ partner, goodwill, negativeWriteOff }: AdjustmentRequestInput): Wanted[] {
  return [
    ...(partner ? [{ ...partner, amount: { ...partner.amount } }] : []),
    ...(goodwill
      ? [
          {
            kind: 'GOODWILL' as const,
            member: memberOf(goodwill.member),
            units: goodwill.units,
            expiresOn: goodwill.expiresOn ?? undefined,
          },
        ]
      : []),
    ...(negativeWriteOff ? [{ kind: 'NEGATIVE_WRITE_OFF' as const, member: memberOf(negativeWriteOff.member) }] : []),
  ];
}

const memberOf = ({ memberId, memberCode }: AdjustmentMemberInput) => ({
  memberId: memberId ?? undefined,
  memberCode: memberCode ?? undefined,
});

const decisionOf = ({ adjustmentId, note, idempotencyKey }: AdjustmentDecisionInput): AdjustmentDecisionCommand => ({
  adjustmentId,
  note: note ?? undefined,
  idempotencyKey,
});

async function payload(
  result: Result<{ readonly adjustmentId: string }, AdjustmentErrorCode>,
  context: GatewayContext,
): Promise<AdjustmentPayload> {
  if (!result.ok) return { userErrors: AdjustmentUserError.from(result.failure) };
  return { adjustment: await findAdjustment(result.value.adjustmentId, context), userErrors: [] };
}
