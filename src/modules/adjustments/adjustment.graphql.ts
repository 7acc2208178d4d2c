/** Adjustments as the schema shows them. */
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { AdjustmentKind, AdjustmentState, PartnerAdjustment } from '../../domain/adjustments/adjustment.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { EvidenceGiven, EvidenceShown, toEvidence } from '../../graphql/evidence.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { AdjustmentEntity } from './adjustment.entity.js';
import { ADJUSTMENT_ERRORS, type AdjustmentErrorCode } from './adjustment.errors.js';

const OF_PARTNERS: Readonly<Record<PartnerAdjustment['kind'], string>> = {
  BAD_DEBT: 'The programme gives up what a partner owes of what was settled.',
  DEPOSIT_USE: 'What a partner owes of what was settled is taken from its deposit.',
  DEPOSIT_RETURN: 'A partner gets its deposit back, or a part of it.',
  CORRECTION: 'A correction of what a partner owes (+) or is owed (-), at the cost of the programme.',
};
export const PartnerAdjustmentKindEnum = enumType<PartnerAdjustment['kind']>(
  'PartnerAdjustmentKind',
  'What can be changed by hand between the programme and a partner.',
  OF_PARTNERS,
);
export const AdjustmentKindEnum = enumType<AdjustmentKind>('AdjustmentKind', 'What is changed by hand.', {
  GOODWILL: 'A member is given units at the cost of the programme.',
  NEGATIVE_WRITE_OFF: 'The programme gives up what a member owes after a refund.',
  ...OF_PARTNERS,
});

export const AdjustmentStateEnum = enumType<AdjustmentState>('AdjustmentState', 'What became of an adjustment.', {
  PENDING: 'It waits for a second person; nothing is posted.',
  APPROVED: 'A second person approved it, and it is posted.',
  REJECTED: 'A second person turned it down.',
  WITHDRAWN: 'The one who asked for it took it back.',
});

/** What the amounts of an adjustment are written in. */
interface Notation {
  readonly currencyCode: string;
  readonly unitScale: number;
}

@ObjectType({ description: 'Something that shows why.', simpleResolvers: true })
export class AdjustmentEvidence extends EvidenceShown {}

@ObjectType({
  implements: NodeInterface,
  description: 'Money or units changed by hand. One person asks, another decides, and nothing is posted before.',
  simpleResolvers: true,
})
export class Adjustment extends NodeInterface {
  /** Not published. */
  readonly programmeNo!: number;
  readonly partnerNo!: number | null;
  readonly memberNo!: number | null;

  @Field(() => AdjustmentKindEnum, { description: 'What is changed.' })
  readonly kind!: AdjustmentKind;

  @Field(() => AdjustmentStateEnum, { description: 'What became of it.' })
  readonly state!: AdjustmentState;

  @Field(() => DecimalScalar, { nullable: true, description: 'Units that are given or given up; null for a partner.' })
  readonly units!: string | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Last day on which the units can be spent; null where the rule of the programme says it.',
  })
  readonly expiresOn!: BusinessDate | null;

  @Field(() => Money, { description: 'How much; a correction below zero is in the favour of the partner.' })
  readonly amount!: Money;

  @Field(() => String, { description: 'Why it was asked for.' })
  readonly reason!: string;

  @Field(() => [AdjustmentEvidence], { description: 'What shows it.' })
  readonly evidence!: readonly AdjustmentEvidence[];

  @Field(() => String, { description: 'Who asked for it: the subject of the token.' })
  readonly requestedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  readonly requestedAt!: Date;

  @Field(() => String, { nullable: true, description: 'Who decided on it; null while it waits.' })
  readonly decidedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided; null while it waits.' })
  readonly decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What was said to the decision; null when nothing.' })
  readonly decisionNote!: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of the journal entry it made; null unless approved.' })
  readonly entryNumber!: string | null;

  static of(row: AdjustmentEntity, { currencyCode, unitScale }: Notation): Adjustment {
    const { id, programmeNo, partnerNo, memberNo, units, expiresOn, kind, state, amountMinor, reason, evidence } = row;
    const { requestedBy, requestedAt, decidedBy, decidedAt, decisionNote, entryNo } = row;
    return Object.assign(new Adjustment(), {
      id,
      programmeNo,
      partnerNo: partnerNo ?? null,
      memberNo: memberNo ?? null,
      units: units == null ? null : formatDecimal(units, unitScale),
      expiresOn: expiresOn ?? null,
      kind,
      state,
      amount: toMoney(amountMinor, currencyCode),
      reason,
      evidence: toEvidence(evidence ?? []),
      requestedBy,
      requestedAt,
      decidedBy: decidedBy ?? null,
      decidedAt: decidedAt ?? null,
      decisionNote: decisionNote ?? null,
      entryNumber: entryNo == null ? null : String(entryNo),
    });
  }
}

export const AdjustmentConnection = connectionOf('Adjustment', () => Adjustment);
export const AdjustmentUserError = userErrorType<AdjustmentErrorCode>('Adjustment', ADJUSTMENT_ERRORS);
export type AdjustmentUserError = InstanceType<typeof AdjustmentUserError>;

@ArgsType()
export class AdjustmentArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;

  @Field(() => AdjustmentStateEnum, { nullable: true, description: 'Only those in this state; PENDING is what waits.' })
  state?: AdjustmentState | null;
}

@InputType({ description: 'Something that shows why.' })
export class AdjustmentEvidenceInput extends EvidenceGiven {}

@InputType({ description: 'Money between the programme and a partner.' })
export class PartnerAdjustmentInput {
  @Field(() => PartnerAdjustmentKindEnum, { description: 'What to change.' })
  kind!: PartnerAdjustment['kind'];

  @Field(() => String, { description: 'The code of the partner.' })
  partnerCode!: string;

  @Field(() => MoneyInput, {
    description: 'How much, above zero. A CORRECTION above zero is owed by the partner, one below zero is owed to it.',
  })
  amount!: MoneyInput;
}

@InputType({ description: 'Names a member: by its id or by its code, exactly one of them.' })
export class AdjustmentMemberInput {
  @Field(() => ID, { nullable: true, description: 'The id of the member.' })
  memberId?: string | null;

  @Field(() => String, { nullable: true, description: 'The code of the member in the programme.' })
  memberCode?: string | null;
}

@InputType({ description: 'Units for a member at the cost of the programme, at the price of the day it is asked for.' })
export class GoodwillInput {
  @Field(() => AdjustmentMemberInput, { description: 'The member.' })
  member!: AdjustmentMemberInput;

  @Field(() => DecimalScalar, { description: 'The units, above zero.' })
  units!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Last day on which they can be spent; by the rule of the programme when absent.',
  })
  expiresOn?: BusinessDate | null;
}

@InputType({ description: 'All that a member owes after refunds, given up by the programme.' })
export class NegativeWriteOffInput {
  @Field(() => AdjustmentMemberInput, { description: 'The member.' })
  member!: AdjustmentMemberInput;
}

@InputType({ description: 'An adjustment to ask for: exactly one of partner, goodwill and negativeWriteOff.' })
export class AdjustmentRequestInput extends IdempotentInput {
  @Field(() => String, { description: 'The code of the programme.' })
  programmeCode!: string;

  @Field(() => PartnerAdjustmentInput, { nullable: true, description: 'Money between the programme and a partner.' })
  partner?: PartnerAdjustmentInput | null;

  @Field(() => GoodwillInput, { nullable: true, description: 'Units for a member.' })
  goodwill?: GoodwillInput | null;

  @Field(() => NegativeWriteOffInput, { nullable: true, description: 'What a member owes, given up.' })
  negativeWriteOff?: NegativeWriteOffInput | null;

  @Field(() => String, { description: 'Why, in 1 to 1,000 characters.' })
  reason!: string;

  @Field(() => [AdjustmentEvidenceInput], { nullable: true, description: 'What shows it, at most 10 pieces.' })
  evidence?: AdjustmentEvidenceInput[] | null;
}

@InputType({ description: 'An adjustment to decide on.' })
export class AdjustmentDecisionInput extends IdempotentInput {
  @Field(() => ID, { description: 'The adjustment.' })
  adjustmentId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What there is to say about the decision, 1 to 1,000 characters.',
  })
  note?: string | null;
}

@ObjectType({ description: 'An adjustment, or why it was refused.', simpleResolvers: true })
export class AdjustmentPayload {
  @Field(() => Adjustment, { nullable: true, description: 'The adjustment as it stands now.' })
  readonly adjustment?: Adjustment | null;

  @Field(() => [AdjustmentUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly AdjustmentUserError[];
}
