/** Erasure and export as the schema shows them. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { enumType } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { ExportGround } from './export.service.js';
import { PRIVACY_ERRORS, type PrivacyErrorCode } from './privacy.errors.js';

export const ExportGroundEnum = enumType<ExportGround>('MemberDataGround', "Why a member's data is taken out.", {
  MEMBER_ASKED: 'The member asked for it.',
  AUTHORITY_ASKED: 'An authority asked for it.',
  COMPLAINT: 'A complaint of the member is looked into.',
});

@InputType({ description: 'A member to be erased.' })
export class MemberEraseInput {
  @Field(() => ID, { description: 'The id of the member.' })
  memberId!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True gives up what the member could still spend; otherwise it is not erased while it has something.',
  })
  forfeitUnits?: boolean | null;
}

@ObjectType({ description: 'How many rows of a table were changed or taken away.', simpleResolvers: true })
export class ErasedRows {
  @Field(() => String, { description: 'The table.' })
  readonly table!: string;

  @Field(() => Int, { description: 'How many of its rows.' })
  readonly rows!: number;
}

@ObjectType({
  description:
    'That a member was erased. What was personal is gone; entries, purchases and their proofs stay, about an id that leads ' +
    'to nobody.',
  simpleResolvers: true,
})
export class ErasureReceipt {
  @Field(() => ID, { description: 'The id of the receipt.' })
  readonly id!: string;

  @Field(() => ID, { description: 'The id of what was the member.' })
  readonly memberId!: string;

  @Field(() => DateTimeScalar, { description: 'When it was erased.' })
  readonly erasedAt!: Date;

  @Field(() => String, { description: 'Steps of the reward unit that were given up, as a whole number.' })
  readonly forfeitedSteps!: string;

  @Field(() => [ErasedRows], { description: 'What was erased, by table.' })
  readonly erased!: readonly ErasedRows[];
}

@InputType({ description: 'Whose data is wanted.' })
export class MemberDataExportInput {
  @Field(() => ID, { description: 'The id of the member.' })
  memberId!: string;

  @Field(() => ExportGroundEnum, {
    nullable: true,
    description: 'Why; required unless the member itself is the caller.',
  })
  ground?: ExportGround | null;

  @Field(() => String, { nullable: true, description: 'The "next" of the part before; nothing to begin.' })
  after?: string | null;
}

@ObjectType({
  description: 'A part of the export: all parts, one behind the other, are the file.',
  simpleResolvers: true,
})
export class MemberDataPart {
  @Field(() => String, { description: 'Lines of JSON: {"of": table, "row": {…}}, each about the member alone.' })
  readonly text!: string;

  @Field(() => String, { nullable: true, description: 'Give it as "after" for the next part; null after the last.' })
  readonly next!: string | null;
}

export const PrivacyUserError = userErrorType<PrivacyErrorCode>('Privacy', PRIVACY_ERRORS);

@ObjectType({ description: 'What became of an erasure.', simpleResolvers: true })
export class MemberErasePayload {
  @Field(() => ErasureReceipt, { nullable: true, description: 'The receipt; null when the command was refused.' })
  readonly receipt?: ErasureReceipt;

  @Field(() => [PrivacyUserError], { description: 'Every reason why the member cannot be erased now.' })
  readonly userErrors!: InstanceType<typeof PrivacyUserError>[];
}

@ObjectType({ description: 'What became of an export.', simpleResolvers: true })
export class MemberDataExportPayload {
  @Field(() => MemberDataPart, { nullable: true, description: 'A part of it; null when the command was refused.' })
  readonly part?: MemberDataPart;

  @Field(() => [PrivacyUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof PrivacyUserError>[];
}
