/** Units that wait: the queue, the decision, and what a redemption that holds them waits for. */
import { raw } from '@mikro-orm/core';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { authorize } from '../access/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ofProgramme } from '../programmes/index.js';
import { Redemption, RedemptionUserError } from './redemption.graphql.js';
import { REDEMPTION_BY_ID, REVIEW_BY_ID, shownRedemption } from './redemption.loaders.js';
import { OutflowReviewEntity } from './review.entity.js';
import {
  OutflowReview,
  OutflowReviewConnection,
  ReviewDecideInput,
  ReviewPayload,
  ReviewQueueArguments,
} from './review.graphql.js';
import type { ReviewService } from './review.service.js';

/** What has waited longest comes first. */
const OLDEST_FIRST = byId('review-queue', 'ASC');

@Resolver(() => OutflowReview)
export class ReviewResolver {
  constructor(private readonly reviews: ReviewService) {}

  @Query(() => OutflowReviewConnection, {
    nullable: true,
    description: 'Cash-outs and transfers that wait for a decision, the oldest first.',
  })
  async reviewQueue(
    @Args(() => ReviewQueueArguments) args: ReviewQueueArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<OutflowReview>> {
    authorize(principal, 'outflow.review');
    // What its member has given up, or what has waited for too long, waits no more.
    const waiting = {
      ...(await ofProgramme(args.programmeCode, em)),
      decision: null,
      [raw((row) => `exists (select from redemption r where r.id = ${row}.id and r.state = 'AUTHORISED')`)]: [],
    };
    return entityConnection(args, OLDEST_FIRST, { em, entity: OutflowReviewEntity, where: waiting }, (rows) =>
      rows.map(OutflowReview.of),
    );
  }

  @Mutation(() => ReviewPayload, {
    nullable: true,
    description:
      'Lets units leave that wait, or gives them back. Somebody else than who asked for it has to. Units that have ' +
      'expired while they waited are not there any more.',
  })
  async reviewDecide(
    @Arg('input', () => ReviewDecideInput, { description: 'The decision.' }) input: ReviewDecideInput,
    @Ctx() context: GatewayContext,
  ): Promise<ReviewPayload> {
    const { reviewId, decision, note, idempotencyKey } = input;
    const command = { reviewId, decision, note: note ?? undefined, idempotencyKey };
    const result = await this.reviews.decide(context.principal, command);
    if (!result.ok) return { userErrors: RedemptionUserError.from(result.failure) };
    const row = await context.loader(REVIEW_BY_ID).load(result.value.id);
    return { review: row === undefined ? null : OutflowReview.of(row), userErrors: [] };
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Whose units they are.' })
  async member(@Root() { row }: OutflowReview, @Ctx() context: GatewayContext): Promise<Member | null> {
    return (await context.loader(MEMBER_BY_NO).load(row.memberNo)) ?? null;
  }

  @FieldResolver(() => Member, { nullable: true, description: 'The member who would get them; null for a cash-out.' })
  async toMember(@Root() { row }: OutflowReview, @Ctx() context: GatewayContext): Promise<Member | null> {
    return row.toMemberNo == null ? null : ((await context.loader(MEMBER_BY_NO).load(row.toMemberNo)) ?? null);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The bank of the card; null for a transfer.' })
  async bank(@Root() { row }: OutflowReview, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return row.bankNo == null ? null : ((await context.loader(PARTNER_BY_NO).load(row.bankNo)) ?? null);
  }

  @FieldResolver(() => Redemption, { nullable: true, description: 'What holds the units.' })
  async redemption(@Root() { id }: OutflowReview, @Ctx() context: GatewayContext): Promise<Redemption | null> {
    const row = await context.loader(REDEMPTION_BY_ID).load(id);
    return row === undefined ? null : shownRedemption(row, context);
  }
}

/** What a review adds to the redemption that holds its units. */
@Resolver(() => Redemption)
export class RedemptionReviewResolver {
  @FieldResolver(() => OutflowReview, {
    nullable: true,
    description: 'What its units wait for; null when they wait for nothing.',
  })
  async review(@Root() { id, kind }: Redemption, @Ctx() context: GatewayContext): Promise<OutflowReview | null> {
    const row = kind === 'REVIEW' ? await context.loader(REVIEW_BY_ID).load(id) : undefined;
    return row === undefined ? null : OutflowReview.of(row);
  }
}
