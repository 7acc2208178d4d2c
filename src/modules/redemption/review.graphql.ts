/** Units that wait for somebody to look before they leave, as the schema shows them. */
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { HoldReason } from '../../domain/guards/outflow.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { RedemptionUserError } from './redemption.graphql.js';
import type { OutflowReviewEntity } from './review.entity.js';
import type { OutflowKind, ReviewDecision } from './review.sql.js';

export const OutflowKindEnum = enumType<OutflowKind>('OutflowKind', 'How units leave a member.', {
  CASH_OUT: 'They are paid out to a card.',
  TRANSFER: 'They are given to another member.',
});
export const HoldReasonEnum = enumType<HoldReason>('HoldReason', 'Why units wait before they leave.', {
  LARGE_AMOUNT: 'They are more than the programme lets leave at once without a look.',
});
export const ReviewDecisionEnum = enumType<ReviewDecision>('ReviewDecision', 'What was decided on units that waited.', {
  APPROVED: 'They have left.',
  REJECTED: 'They are back.',
});

@ObjectType({
  description: 'Units that are held until somebody else than who asked has looked at where they go.',
  simpleResolvers: true,
})
export class OutflowReview {
  /** Not published. */
  readonly row!: OutflowReviewEntity;

  @Field(() => ID, { description: 'The id: that of the redemption that holds the units.' })
  readonly id!: string;

  @Field(() => OutflowKindEnum, { description: 'How they would leave.' })
  readonly kind!: OutflowKind;

  @Field(() => HoldReasonEnum, { description: 'Why they wait.' })
  readonly reason!: HoldReason;

  @Field(() => String, { description: 'Who asked for it: the subject of the token.' })
  readonly requestedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  readonly requestedAt!: Date;

  @Field(() => ReviewDecisionEnum, { nullable: true, description: 'What was decided; null while it waits.' })
  readonly decision!: ReviewDecision | null;

  @Field(() => String, { nullable: true, description: 'Who decided; null while it waits.' })
  readonly decidedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided; null while it waits.' })
  readonly decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What was said to the decision; null when nothing.' })
  readonly note!: string | null;

  @Field(() => ID, { nullable: true, description: 'The cash-out or transfer that it became; null unless approved.' })
  readonly outcomeId!: string | null;

  static of(row: OutflowReviewEntity): OutflowReview {
    const { id, kind, reason, requestedBy, requestedAt, decision, decidedBy, decidedAt, note, outcomeId } = row;
    return Object.assign(new OutflowReview(), {
      ...{ row, id, kind, reason, requestedBy, requestedAt, decision: decision ?? null, decidedBy: decidedBy ?? null },
      ...{ decidedAt: decidedAt ?? null, note: note ?? null, outcomeId: outcomeId ?? null },
    });
  }
}

export const OutflowReviewConnection = connectionOf('OutflowReview', () => OutflowReview);

@ArgsType()
export class ReviewQueueArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only units of this programme.' })
  programmeCode?: string | null;
}

@InputType({ description: 'A decision on units that wait.' })
export class ReviewDecideInput extends IdempotentInput {
  @Field(() => ID, { description: 'What waits.' })
  reviewId!: string;

  @Field(() => ReviewDecisionEnum, { description: 'Whether the units leave.' })
  decision!: ReviewDecision;

  @Field(() => String, { nullable: true, description: 'What there is to say about it, 1 to 1,000 characters.' })
  note?: string | null;
}

@ObjectType({ description: 'What was decided, or why it was refused.', simpleResolvers: true })
export class ReviewPayload {
  @Field(() => OutflowReview, { nullable: true, description: 'The review as it stands now.' })
  readonly review?: OutflowReview | null;

  @Field(() => [RedemptionUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: InstanceType<typeof RedemptionUserError>[];
}
