/** Choices of a member, and choosing, as the schema shows them. */
import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import type { CategoryChoice, ProgrammeTerms } from '../../domain/earning/model.js';
import { BusinessDateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import type { Member } from '../members/index.js';
import { NamedMemberInput, OfferUserError } from './offer.graphql.js';

@ObjectType({ description: 'A category that can be chosen.', simpleResolvers: true })
export class ChoiceCategory {
  @Field(() => String, { description: 'Code of the category in its programme.' })
  readonly code!: string;

  @Field(() => String, { description: 'Name of the category, for people.' })
  readonly name!: string;

  static of(code: string, { categories }: ProgrammeTerms): ChoiceCategory {
    return Object.assign(new ChoiceCategory(), {
      code,
      name: categories.find((category) => category.code === code)?.name ?? code,
    });
  }
}

@ObjectType({ description: 'A choice that was made, replaced or not.', simpleResolvers: true })
export class ChoiceRecord {
  @Field(() => BusinessDateScalar, { description: 'First day of the period it is for.' })
  readonly period!: string;

  @Field(() => [ChoiceCategory], { description: 'What was chosen, in the order of the offer.' })
  readonly categories!: ChoiceCategory[];

  @Field(() => DateTimeScalar, { description: 'When it was made. It counts for purchases of that day and later ones.' })
  readonly chosenAt!: Date;

  @Field(() => Boolean, { description: 'Whether the member locked it.' })
  readonly locked!: boolean;
}

@ObjectType({ description: 'What a category would have paid on the last purchases.', simpleResolvers: true })
export class ChoiceAdvice {
  @Field(() => ChoiceCategory, { description: 'The category.' })
  readonly category!: ChoiceCategory;

  @Field(() => DecimalScalar, {
    description:
      'Reward units that choosing it, and nothing else, would have added, caps and tiers of those days included.',
  })
  readonly units!: string;

  @Field(() => Boolean, { description: 'Whether it is one of the best, as many as make a choice.' })
  readonly recommended!: boolean;
}

@ObjectType({
  description: 'A choice of categories that a member has in a period: what is offered, until when, and what counts.',
  simpleResolvers: true,
})
export class MemberChoice {
  /** What advice is computed from; not published. */
  readonly member!: Member;
  readonly terms!: ProgrammeTerms;
  readonly choice!: CategoryChoice;

  @Field(() => String, { description: 'Code of the choice in its programme.' })
  readonly code!: string;

  @Field(() => String, { description: 'Name of the choice, for people.' })
  readonly name!: string;

  @Field(() => BusinessDateScalar, { description: 'First day of the period.' })
  readonly period!: string;

  @Field(() => BusinessDateScalar, { description: 'Last day of the period.' })
  readonly until!: string;

  @Field(() => BusinessDateScalar, { description: 'First day on which it can be made.' })
  readonly opensOn!: string;

  @Field(() => BusinessDateScalar, { description: 'Last day on which it can be made.' })
  readonly closesOn!: string;

  @Field(() => Boolean, {
    description: 'Whether it can no longer be changed: it has closed, or the member has locked it.',
  })
  readonly locked!: boolean;

  @Field(() => Int, { description: 'How many categories make a choice.' })
  readonly pick!: number;

  @Field(() => [ChoiceCategory], { description: 'The categories this member may choose from in this period.' })
  readonly offered!: ChoiceCategory[];

  @Field(() => [ChoiceCategory], { description: 'The categories that count: chosen, or the default.' })
  readonly chosen!: ChoiceCategory[];

  @Field(() => Boolean, { description: 'Whether these are the default because the member has chosen nothing.' })
  readonly isDefault!: boolean;

  @Field(() => [ChoiceRecord], { description: 'The last 24 choices of this code, of all periods, the latest first.' })
  readonly history!: ChoiceRecord[];
}

@ArgsType()
export class AdviceArguments {
  @Field(() => Int, {
    nullable: true,
    description: 'How many months of purchases to go by, up to today: 1 to 12, 3 when absent.',
  })
  months?: number | null;
}

@InputType({ description: 'A choice of categories.' })
export class CategoryChooseInput {
  @Field(() => NamedMemberInput, {
    nullable: true,
    description: 'Whose choice; may be left out by a member who chooses for itself.',
  })
  member?: NamedMemberInput | null;

  @Field(() => String, { description: 'Code of the choice.' })
  choiceCode!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description:
      'Any day of the period chosen for. When absent the running period, or the next one when the running one has closed ' +
      'and the next one has opened.',
  })
  period?: string | null;

  @Field(() => [String], { description: 'Codes of the categories, as many as `pick` says, in any order.' })
  categories!: string[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: the choice shall stay as it is, and is not changed any more even while it could be.',
  })
  lock?: boolean | null;

  @Field(() => String, {
    description: 'Yours, 1 to 200 characters: the same key gives the same answer and chooses once.',
  })
  idempotencyKey!: string;
}

@ObjectType({ description: 'What became of a choice.', simpleResolvers: true })
export class CategoryChoosePayload {
  @Field(() => MemberChoice, {
    nullable: true,
    description: 'The choice as it stands now; null when the command was refused.',
  })
  readonly choice?: MemberChoice | undefined;

  @Field(() => [OfferUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: OfferUserError[];
}
