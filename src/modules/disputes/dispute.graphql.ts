/** Disputes as the schema shows them. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { DisputeState, Verdict } from '../../domain/settlement/dispute.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { EvidenceGiven, EvidenceShown, toEvidence } from '../../graphql/evidence.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { DisputeEntity } from './dispute.entity.js';
import { DISPUTE_ERRORS, type DisputeErrorCode } from './dispute.errors.js';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  UPHELD: 'The partner is right: it owes so much less, and the programme bears it.',
  REJECTED: 'The line stands as it was issued.',
};
export const DisputeVerdictEnum = enumType<Verdict>('DisputeVerdict', 'Who is right in a dispute.', VERDICTS);
export const DisputeStateEnum = enumType<DisputeState>('DisputeState', 'How far a dispute has come.', {
  OPEN: 'It waits for a decision.',
  ...VERDICTS,
});

@ObjectType({ description: 'Something that shows why.', simpleResolvers: true })
export class DisputeEvidence extends EvidenceShown {}

@ObjectType({
  implements: NodeInterface,
  description: 'What a partner contests of a settlement line: that it owes so much less, or is owed so much more.',
  simpleResolvers: true,
})
export class Dispute extends NodeInterface {
  /** Not published. */
  readonly lineId!: string;
  readonly programmeNo!: number;
  readonly partyNo!: number;

  @Field(() => DisputeStateEnum, { description: 'How far it has come.' })
  readonly state!: DisputeState;

  @Field(() => Money, { description: 'How much is contested.' })
  readonly amount!: Money;

  @Field(() => String, { description: 'Why.' })
  readonly reason!: string;

  @Field(() => [DisputeEvidence], { description: 'What shows it.' })
  readonly evidence!: readonly DisputeEvidence[];

  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  readonly openedAt!: Date;

  @Field(() => Int, { description: 'Whole days from its opening to its resolution, or to now.' })
  readonly ageDays!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was resolved; null while it is open.' })
  readonly resolvedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What was said to the verdict; null while it is open.' })
  readonly resolution!: string | null;

  static of(row: DisputeEntity, currencyCode: string, now: Date): Dispute {
    const { id, lineId, programmeNo, partyNo, state, amountMinor, reason, evidence, openedAt, resolvedAt } = row;
    return Object.assign(new Dispute(), {
      id,
      lineId,
      programmeNo,
      partyNo,
      state,
      amount: toMoney(amountMinor, currencyCode),
      reason,
      evidence: toEvidence(evidence ?? []),
      openedAt,
      ageDays: Math.max(0, Math.floor(((resolvedAt ?? now).getTime() - openedAt.getTime()) / DAY_MS)),
      resolvedAt: resolvedAt ?? null,
      resolution: row.resolution ?? null,
    });
  }
}

const DAY_MS = 86_400_000;

export const DisputeConnection = connectionOf('Dispute', () => Dispute);
export const DisputeUserError = userErrorType<DisputeErrorCode>('Dispute', DISPUTE_ERRORS);
export type DisputeUserError = InstanceType<typeof DisputeUserError>;

@ArgsType()
export class DisputeArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;

  @Field(() => DisputeStateEnum, { nullable: true, description: 'Only those in this state; OPEN is what waits.' })
  state?: DisputeState | null;
}

@InputType({ description: 'Something that shows why.' })
export class DisputeEvidenceInput extends EvidenceGiven {}

@InputType({ description: 'A line to contest.' })
export class DisputeOpenInput extends IdempotentInput {
  @Field(() => ID, { description: 'The settlement line.' })
  lineId!: string;

  @Field(() => MoneyInput, { description: 'How much of it, above zero and at most what the line says.' })
  amount!: MoneyInput;

  @Field(() => String, { description: 'Why, in 1 to 1,000 characters.' })
  reason!: string;

  @Field(() => [DisputeEvidenceInput], { nullable: true, description: 'What shows it, at most 10 pieces.' })
  evidence?: DisputeEvidenceInput[] | null;
}

@InputType({ description: 'A dispute to decide on.' })
export class DisputeResolveInput extends IdempotentInput {
  @Field(() => ID, { description: 'The dispute.' })
  disputeId!: string;

  @Field(() => DisputeVerdictEnum, { description: 'Who is right.' })
  verdict!: Verdict;

  @Field(() => String, { description: 'Why, in 1 to 1,000 characters; the partner reads it.' })
  resolution!: string;
}

@ObjectType({ description: 'A dispute, or why it was refused.', simpleResolvers: true })
export class DisputePayload {
  @Field(() => Dispute, { nullable: true, description: 'The dispute as it stands now.' })
  readonly dispute?: Dispute | null;

  @Field(() => [DisputeUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly DisputeUserError[];
}
