/** Members as the schema shows them. */
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { MEMBER_ERRORS, type MemberErrorCode } from './member.errors.js';
import type { MemberRecord, MemberStatus } from './member.sql.js';

export const MemberStatusEnum = enumType<MemberStatus>('MemberStatus', 'Whether a member takes part.', {
  ACTIVE: 'It earns and spends.',
  CLOSED: 'It has left the programme.',
});

@ObjectType({
  implements: NodeInterface,
  description: 'A person in a programme, who earns on linked cards.',
  simpleResolvers: true,
})
export class Member extends NodeInterface {
  /** The ledger's party number; not published. */
  readonly no!: number;

  /** Of the programme; not published. */
  readonly programmeNo!: number;

  @Field(() => String, {
    description: 'The number or name by which partners know the member, unique in its programme.',
  })
  readonly code!: string;

  @Field(() => MemberStatusEnum, { description: 'Whether the member takes part.' })
  readonly status!: MemberStatus;

  @Field(() => DateTimeScalar, { description: 'When the member was enrolled.' })
  readonly enrolledAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The birthday as MM-DD, without the year; null when it is not known.',
  })
  readonly birthday!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "IANA time zone of the member's own clock; null where the programme's counts.",
  })
  readonly timeZone!: string | null;

  /** Of the member who brought this one; published by a resolver. */
  readonly referredByNo!: number | null;

  static of(row: MemberRow): Member {
    const { id, no, programmeNo, code, status, enrolledAt, birthday, timeZone, referredByNo } = row;
    return Object.assign(new Member(), {
      id,
      no,
      programmeNo,
      code,
      status,
      enrolledAt,
      birthday: birthday ?? null,
      timeZone: timeZone ?? null,
      referredByNo: referredByNo ?? null,
    });
  }
}

/** A member as a command or a read brings it. */
type MemberRow = Pick<MemberRecord, 'id' | 'no' | 'programmeNo' | 'code' | 'status' | 'enrolledAt'> &
  Partial<{ [Detail in 'birthday' | 'timeZone' | 'referredByNo']: MemberRecord[Detail] | undefined }>;

@ObjectType({ description: 'What a member has, in the reward unit of the programme.', simpleResolvers: true })
export class MemberBalance {
  @Field(() => DecimalScalar, { description: 'Earned, and not yet to be spent: the hold of the purchase is running.' })
  readonly pending!: string;

  @Field(() => DecimalScalar, {
    description: 'To be spent. Below zero when a refund took back what was spent already.',
  })
  readonly available!: string;

  @Field(() => DecimalScalar, { description: 'Set aside for redemptions that are authorised and not yet captured.' })
  readonly held!: string;

  @Field(() => String, { description: 'The reward unit of the programme, such as "GBP" or "PTS".' })
  readonly unitCode!: string;
}

export const MemberConnection = connectionOf('Member', () => Member);

@ArgsType()
export class MemberArguments {
  @Field(() => ID, { nullable: true, description: 'The id of the member.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'The code of the member, together with programmeCode.' })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'The programme of the member, together with code.' })
  programmeCode?: string | null;
}

@ArgsType()
export class MembersArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only members of this programme.' })
  programmeCode?: string | null;
}

@InputType({ description: 'A new member.' })
export class MemberEnrolInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => String, {
    description: 'The number or name by which partners know the member, 1 to 64 characters. Never a card number.',
  })
  code!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The birthday as MM-DD, without the year. Kept of a new member; memberUpdate changes it.',
  })
  birthday?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "IANA time zone of the member's own clock. Kept of a new member; memberUpdate changes it.",
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the member who brought this one. Named at enrolment or never; nobody refers itself.',
  })
  referrerCode?: string | null;
}

@InputType({ description: 'What changes about a member. What is left out stays as it is, null takes it away.' })
export class MemberUpdateInput {
  @Field(() => ID, { description: 'The id of the member.' })
  memberId!: string;

  @Field(() => String, { nullable: true, description: 'The birthday as MM-DD, without the year.' })
  birthday?: string | null;

  @Field(() => String, { nullable: true, description: "IANA time zone of the member's own clock." })
  timeZone?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True takes the referral of this member back, for ever.',
  })
  withdrawReferral?: boolean | null;
}

export const MemberUserError = userErrorType<MemberErrorCode>('Member', MEMBER_ERRORS);

@ObjectType({ description: 'What became of an enrolment.', simpleResolvers: true })
export class MemberEnrolPayload {
  @Field(() => Member, {
    nullable: true,
    description: 'The member, new or enrolled before; null when the command was refused.',
  })
  readonly member?: Member;

  @Field(() => [MemberUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof MemberUserError>[];
}

@ObjectType({ description: 'What became of a change of a member.', simpleResolvers: true })
export class MemberUpdatePayload {
  @Field(() => Member, { nullable: true, description: 'The member as it is now; null when the command was refused.' })
  readonly member?: Member;

  @Field(() => [MemberUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof MemberUserError>[];
}
