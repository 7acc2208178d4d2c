/** Offers and segments of a member, as the schema shows them. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { CAP_MEASURES } from '../../domain/earning/model.js';
import { enumType } from '../../graphql/enums.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { Member } from '../members/index.js';
import { OFFER_ERRORS, type OfferErrorCode } from './offer.errors.js';

export const OfferUserError = userErrorType<OfferErrorCode>('Offer', OFFER_ERRORS);
export type OfferUserError = InstanceType<typeof OfferUserError>;

export const BudgetMeasureEnum = enumType<(typeof CAP_MEASURES)[number]>('BudgetMeasure', 'What a budget counts.', {
  REWARD: 'Reward units that are given.',
  SPEND: 'Money that is rewarded.',
  COUNT: 'Purchases that are rewarded.',
});

@ObjectType({ description: 'A budget that all members share.', simpleResolvers: true })
export class OfferBudget {
  @Field(() => String, { description: 'Code of the budget in its programme.' })
  readonly code!: string;

  @Field(() => BudgetMeasureEnum, { description: 'What it counts.' })
  readonly measure!: (typeof CAP_MEASURES)[number];

  @Field(() => DecimalScalar, { description: 'How much there is in its period, in its own measure.' })
  readonly max!: string;

  @Field(() => DecimalScalar, { description: 'How much is left now. When nothing is, the offer pays nothing more.' })
  readonly remaining!: string;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Last day of the budget; null when it has none.' })
  readonly until!: string | null;
}

@ObjectType({ description: 'A rule by which a member can earn now.', simpleResolvers: true })
export class MemberOffer {
  @Field(() => String, { description: 'Code of the rule in its programme.' })
  readonly code!: string;

  @Field(() => String, { description: 'Name of the rule, for people.' })
  readonly name!: string;

  @Field(() => String, { description: 'What it gives, in one sentence made from the rule itself.' })
  readonly text!: string;

  @Field(() => [String], {
    description: 'The conditions and how it is counted, a sentence each, made from the rule itself.',
  })
  readonly details!: readonly string[];

  @Field(() => Boolean, {
    description: 'Whether it is not for everybody: the member is in its tier, segment, variant or birthday window.',
  })
  readonly personal!: boolean;

  @Field(() => [String], { description: 'Codes of the partners it is for; empty when it is for all.' })
  readonly partners!: readonly string[];

  @Field(() => BusinessDateScalar, { nullable: true, description: 'First day of the offer; null when it has none.' })
  readonly from!: string | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Last day of the offer; null when it has none.' })
  readonly until!: string | null;

  @Field(() => Boolean, { description: 'Whether the member has to activate it with offerActivate.' })
  readonly needsActivation!: boolean;

  @Field(() => Boolean, {
    description: 'Whether it counts: it needs no activation, or is activated for the running period.',
  })
  readonly activated!: boolean;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Last day of the period that an activation is for; null when it is for good, or when none is needed.',
  })
  readonly activationUntil!: string | null;

  @Field(() => [OfferBudget], { description: 'Budgets it is paid from; empty when there are none.' })
  readonly budgets!: readonly OfferBudget[];
}

@ObjectType({ description: 'Days on which a member is in a segment.', simpleResolvers: true })
export class MemberSegment {
  @Field(() => String, { description: 'Code of the segment.' })
  readonly segment!: string;

  @Field(() => BusinessDateScalar, { description: 'First day.' })
  readonly from!: string;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Last day; null while no end is known.' })
  readonly until!: string | null;
}

@InputType({ description: 'Names a member: by its id, its code or one of its cards, exactly one of them.' })
export class NamedMemberInput {
  @Field(() => ID, { nullable: true, description: 'The id of the member.' })
  memberId?: string | null;

  @Field(() => String, { nullable: true, description: 'The programme; needed with memberCode and cardToken.' })
  programmeCode?: string | null;

  @Field(() => String, { nullable: true, description: 'The code of the member in the programme.' })
  memberCode?: string | null;

  @Field(() => String, { nullable: true, description: "The issuer's token of a card that the member has linked." })
  cardToken?: string | null;
}

@InputType({ description: 'An offer to activate.' })
export class OfferActivateInput {
  @Field(() => NamedMemberInput, {
    nullable: true,
    description: 'For whom; may be left out by a member who activates for itself.',
  })
  member?: NamedMemberInput | null;

  @Field(() => String, { description: 'Code of the offer, as in Member.offers.' })
  offerCode!: string;
}

@ObjectType({ description: 'What became of an activation.', simpleResolvers: true })
export class OfferActivatePayload {
  @Field(() => MemberOffer, {
    nullable: true,
    description: 'The offer as it is now; null when the command was refused.',
  })
  readonly offer?: MemberOffer | undefined;

  @Field(() => [OfferUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: OfferUserError[];
}

@InputType({ description: 'A member enters or leaves a segment.' })
export class MemberSegmentSetInput {
  @Field(() => NamedMemberInput, { description: 'The member.' })
  member!: NamedMemberInput;

  @Field(() => String, { description: 'Code of the segment: small letters, digits and dashes.' })
  segment!: string;

  @Field(() => Boolean, { description: 'True: the member is in it from then on. False: it is not.' })
  inSegment!: boolean;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'The first day of that, today or later; today when absent.',
  })
  from?: string | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'The last day in it; for good when absent.' })
  until?: string | null;
}

@ObjectType({ description: 'What became of a change of segment.', simpleResolvers: true })
export class MemberSegmentSetPayload {
  @Field(() => Member, { nullable: true, description: 'The member; null when the command was refused.' })
  readonly member?: Member | undefined;

  @Field(() => [OfferUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: OfferUserError[];
}
