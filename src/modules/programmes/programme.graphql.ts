/** Programmes as the schema shows them. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, CurrencyCodeScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.js';
import type { ProgrammeEntity, ProgrammeVersionEntity } from './programme.entity.js';
import { PROGRAMME_ERRORS, type ProgrammeErrorCode, type ProgrammeFailure } from './programme.errors.js';
import type { Applied } from './programme.service.js';
import { ProgrammeProposal, ProgrammeProposalUserError } from './publication.graphql.js';

@ObjectType({
  implements: NodeInterface,
  description:
    'A coalition programme: one reward unit, one currency, one set of rules that is published version by version.',
  simpleResolvers: true,
})
export class Programme extends NodeInterface {
  @Field(() => String, { description: 'The short name; never changes.' })
  readonly code!: string;

  @Field(() => String, { description: 'The name for people.' })
  readonly name!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency of its purchases and settlements.' })
  readonly currencyCode!: string;

  @Field(() => String, { description: 'The code of its reward unit.' })
  readonly unitCode!: string;

  @Field(() => Int, { description: 'Decimals of an amount of reward.' })
  readonly unitScale!: number;

  @Field(() => String, { description: 'The IANA time zone in which its days are counted.' })
  readonly timeZone!: string;

  static of({ id, code, name, currencyCode, unitCode, unitScale, timeZone }: ProgrammeEntity): Programme {
    return Object.assign(new Programme(), { id, code, name, currencyCode, unitCode, unitScale, timeZone });
  }
}

@ObjectType({ description: 'The rules of a programme as published once. Never edited.', simpleResolvers: true })
export class ProgrammeVersion {
  /** As published; shown to those who may read every contract. */
  readonly text!: string;

  /** Subjects of tokens; shown to the same. */
  readonly publisher!: string;
  readonly approver!: string | null;

  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => Int, { description: 'Counts from 1 within the programme.' })
  readonly version!: number;

  @Field(() => BusinessDateScalar, {
    description: 'The first day whose purchases it decides, until a newer version counts.',
  })
  readonly effectiveFrom!: BusinessDate;

  @Field(() => String, { description: 'SHA-256 of the file as published, in hexadecimal.' })
  readonly digest!: string;

  @Field(() => DateTimeScalar, { description: 'When it was published.' })
  readonly publishedAt!: Date;

  static of(row: ProgrammeVersionEntity): ProgrammeVersion {
    const { id, version, effectiveFrom, digest, publishedAt, source, publishedBy, approvedBy } = row;
    return Object.assign(new ProgrammeVersion(), {
      id,
      version,
      effectiveFrom,
      digest,
      publishedAt,
      text: source,
      publisher: publishedBy,
      approver: approvedBy ?? null,
    });
  }
}

export const ProgrammeConnection = connectionOf('Programme', () => Programme);

const ProgrammeErrorCodeEnum = enumType<ProgrammeErrorCode>(
  'ProgrammeErrorCode',
  'What can be wrong with a programme. Programs decide by this.',
  PROGRAMME_ERRORS,
);

@ObjectType({
  implements: UserError,
  description: 'Why a programme was refused, and where in the file.',
  simpleResolvers: true,
})
export class ProgrammeUserError extends UserError {
  @Field(() => ProgrammeErrorCodeEnum, { description: 'The stable code of this error.' })
  readonly code!: ProgrammeErrorCode;

  @Field(() => Int, { description: 'The line of the file, from 1.' })
  readonly line!: number;

  @Field(() => Int, { description: 'The column of that line, from 1.' })
  readonly column!: number;

  @Field(() => String, {
    description: 'The field of the file, such as "rules[2].rate"; empty for the file as a whole.',
  })
  readonly path!: string;

  static from(failures: readonly ProgrammeFailure[]): ProgrammeUserError[] {
    return failures.map((failure) => Object.assign(new ProgrammeUserError(), failure));
  }
}

@InputType({ description: 'A programme to look through.' })
export class ProgrammeCheckInput {
  @Field(() => String, { description: 'The YAML file as text.' })
  source!: string;
}

@InputType({ description: 'A programme to publish.' })
export class ProgrammeApplyInput {
  @Field(() => String, { description: 'The YAML file as text.' })
  source!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: "The first day it counts; the file's own when absent.",
  })
  effectiveFrom?: BusinessDate | null;
}

@ObjectType({ description: 'What a check found.', simpleResolvers: true })
export class ProgrammeCheckPayload {
  @Field(() => Int, {
    description: 'How many examples of the file were run; none when the programme itself is refused.',
  })
  readonly examplesRun!: number;

  @Field(() => [ProgrammeUserError], {
    description: 'Everything that is wrong, in the order of the file; empty when it may be published.',
  })
  readonly userErrors!: readonly ProgrammeUserError[];
}

export const ProgrammeApplyOutcome = enumType<Applied['outcome']>(
  'ProgrammeApplyOutcome',
  'What applying a programme did.',
  {
    PUBLISHED: 'A new version was published.',
    UNCHANGED: 'The newest version has this very text and first day already; nothing changed.',
    WAITING: 'It takes two people: the version is proposed and counts once somebody else approves it.',
  },
);

@ObjectType({ description: 'The published programme, or why it was refused.', simpleResolvers: true })
export class ProgrammeApplyPayload {
  @Field(() => Programme, { nullable: true, description: 'The programme; null when it was refused.' })
  readonly programme?: Programme;

  @Field(() => ProgrammeVersion, {
    nullable: true,
    description: 'The newest version; null when the programme was refused or waits for approval.',
  })
  readonly version?: ProgrammeVersion | undefined;

  @Field(() => ProgrammeProposal, {
    nullable: true,
    description: 'What waits for approval; null unless the outcome is WAITING.',
  })
  readonly proposal?: ProgrammeProposal | undefined;

  @Field(() => ProgrammeApplyOutcome, {
    nullable: true,
    description: 'What was done; null when the programme was refused.',
  })
  readonly outcome?: Applied['outcome'];

  @Field(() => Int, {
    description: 'How many examples of the file were run; none when the programme itself is refused.',
  })
  readonly examplesRun!: number;

  @Field(() => [ProgrammeUserError], {
    description: 'Everything that is wrong, in the order of the file; empty when it was done.',
  })
  readonly userErrors!: readonly ProgrammeUserError[];
}

@ObjectType({ description: 'The decided proposal, or why it was not decided.', simpleResolvers: true })
export class ProgrammeProposalPayload {
  @Field(() => Programme, { nullable: true, description: 'The programme; null when nothing was decided.' })
  readonly programme?: Programme | undefined;

  @Field(() => ProgrammeProposal, { nullable: true, description: 'The proposal; null when nothing was decided.' })
  readonly proposal?: ProgrammeProposal | undefined;

  @Field(() => ProgrammeVersion, {
    nullable: true,
    description: 'The version that it has become; null unless it was approved.',
  })
  readonly version?: ProgrammeVersion | undefined;

  @Field(() => [ProgrammeProposalUserError], { description: 'Why nothing was decided; empty when it was.' })
  readonly userErrors!: readonly ProgrammeProposalUserError[];
}
