/** Terms in words, as the schema shows them. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { TERMS_ERRORS, type TermsErrorCode } from './programme.errors.js';

export const ProgrammeTermsUserError = userErrorType<TermsErrorCode>('ProgrammeTerms', TERMS_ERRORS);
export type ProgrammeTermsUserError = InstanceType<typeof ProgrammeTermsUserError>;

@ObjectType({ description: 'One part of the terms, such as limits or refunds.', simpleResolvers: true })
export class ProgrammeTermsSection {
  @Field(() => String, { description: 'Names the part, the same in every language: earn, caps, refunds, …' })
  readonly key!: string;

  @Field(() => String, { description: 'The heading.' })
  readonly title!: string;

  @Field(() => [ProgrammeTermsItem], { description: 'What it says, in order.' })
  readonly items!: readonly ProgrammeTermsItem[];
}

@ObjectType({ description: 'One statement of the terms.', simpleResolvers: true })
export class ProgrammeTermsItem {
  @Field(() => String, { description: 'The statement.' })
  readonly text!: string;

  @Field(() => [String], { description: 'What belongs to it, such as the conditions of an offer.' })
  readonly details!: readonly string[];
}

@ObjectType({
  description: 'The terms of a programme as members read them, generated from the rules that decide purchases.',
  simpleResolvers: true,
})
export class ProgrammeTermsText {
  @Field(() => [String], { description: 'The languages that are offered, such as "en".' })
  readonly languages!: readonly string[];

  @Field(() => Int, { nullable: true, description: 'The version that they are the words of; null when refused.' })
  readonly version!: number | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'The first day of that version.' })
  readonly effectiveFrom!: BusinessDate | null;

  @Field(() => String, { nullable: true, description: 'The heading of the whole.' })
  readonly title!: string | null;

  @Field(() => [ProgrammeTermsSection], { description: 'Part by part; empty when refused.' })
  readonly sections!: readonly ProgrammeTermsSection[];

  @Field(() => String, { nullable: true, description: 'All of it as plain text.' })
  readonly plain!: string | null;

  @Field(() => String, { nullable: true, description: 'All of it as Markdown; names in it are never markup.' })
  readonly markdown!: string | null;

  @Field(() => [ProgrammeTermsUserError], { description: 'Why there is no text; empty when there is.' })
  readonly userErrors!: readonly ProgrammeTermsUserError[];
}
