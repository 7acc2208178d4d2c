/** Consents as the schema shows them. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ConsentChannel, ConsentPurpose, ConsentState } from '../../domain/consents/consent.js';
import { connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { ConsentReceiptEntity } from './consent.entity.js';
import { CONSENT_ERRORS, type ConsentErrorCode } from './consent.errors.js';
import { noticeOf } from './consent.sql.js';

export const ConsentPurposeEnum = enumType<ConsentPurpose>(
  'ConsentPurpose',
  'What a member is asked for. Taking part in the programme is a contract and no consent.',
  {
    SHARING_WITH_PARTNER:
      'A partner may see the member: its account, tier, choices and redemptions. Without it a partner sees only what ' +
      'happened with it. The bank of a linked card needs none until the member says that it does not want it.',
    PERSONALISED_OFFERS: 'Offers that are picked for the member by the segments it was put into.',
    MARKETING:
      'Messages that advertise, by the programme or by a partner. The gateway sends none itself: whoever does is told by the ' +
      'events consent.given and consent.withdrawn.',
  },
);

export const ConsentStateEnum = enumType<ConsentState>('ConsentState', 'What the member said.', {
  GIVEN: 'It consents.',
  WITHDRAWN: 'It does not, or no more. It takes effect at once.',
});

export const ConsentChannelEnum = enumType<ConsentChannel>('ConsentChannel', 'Where the member said it.', {
  APP: 'In an app.',
  WEB: 'On a web site.',
  BRANCH: 'In a branch or shop.',
  PHONE: 'On the telephone.',
  PAPER: 'On paper.',
});

@ObjectType({ description: 'The text that a member was shown before it consented.', simpleResolvers: true })
export class ConsentNotice {
  @Field(() => String, { description: 'Its version, as whoever wrote it counts.' })
  readonly version!: string;

  @Field(() => String, { description: 'Its language as BCP 47 writes it, such as "pt-BR".' })
  readonly language!: string;

  @Field(() => String, { description: 'SHA-256 of its bytes, in hexadecimal digits.' })
  readonly sha256!: string;
}

@ObjectType({
  description:
    'What a member said once about one purpose. It is never changed; the one with the highest version counts.',
  simpleResolvers: true,
})
export class ConsentReceipt {
  @Field(() => ID, { description: 'The id of the receipt.' })
  readonly id!: string;

  @Field(() => ConsentPurposeEnum, { description: 'What it is about.' })
  readonly purpose!: ConsentPurpose;

  @Field(() => ConsentStateEnum, { description: 'What the member said.' })
  readonly state!: ConsentState;

  @Field(() => Int, { description: 'Counts what the member said about this purpose and partner, from 1.' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was recorded; it counts from then on.' })
  readonly recordedAt!: Date;

  @Field(() => String, { description: 'Who recorded it: the subject of the token.' })
  readonly recordedBy!: string;

  @Field(() => ConsentChannelEnum, { description: 'Where the member said it.' })
  readonly channel!: ConsentChannel;

  @Field(() => ConsentNotice, { nullable: true, description: 'The text it was shown; always there when it consented.' })
  readonly notice?: ConsentNotice | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'What proves it, when somebody else than the member recorded it.',
  })
  readonly evidence!: string | null;

  /** Published by resolvers. */
  readonly partnerNo!: number;
  readonly memberNo!: number;

  static of(row: ConsentReceiptEntity): ConsentReceipt {
    const { id, purpose, state, version, recordedAt, recordedBy, channel, partnerNo, memberNo } = row;
    return Object.assign(new ConsentReceipt(), {
      id,
      purpose,
      state,
      version,
      recordedAt,
      recordedBy,
      channel,
      notice: noticeOf(row),
      evidence: row.evidence ?? null,
      partnerNo,
      memberNo,
    });
  }
}

export const ConsentReceiptConnection = connectionOf('ConsentReceipt', () => ConsentReceipt);

@InputType({ description: 'The text that a member was shown.' })
export class ConsentNoticeInput {
  @Field(() => String, { description: 'Its version, 1 to 64 characters without spaces.' })
  version!: string;

  @Field(() => String, { description: 'Its language as BCP 47 writes it, such as "pt-BR".' })
  language!: string;

  @Field(() => String, { description: 'SHA-256 of its bytes, as 64 small hexadecimal digits.' })
  sha256!: string;
}

@InputType({ description: 'A consent that a member gives.' })
export class ConsentGiveInput {
  @Field(() => ID, { description: 'The id of the member.' })
  memberId!: string;

  @Field(() => ConsentPurposeEnum, { description: 'What it consents to.' })
  purpose!: ConsentPurpose;

  @Field(() => String, { nullable: true, description: 'The partner that it is about, when it is about one.' })
  partnerCode?: string | null;

  @Field(() => ConsentChannelEnum, { description: 'Where the member said it.' })
  channel!: ConsentChannel;

  @Field(() => ConsentNoticeInput, { description: 'The text that it was shown.' })
  notice!: ConsentNoticeInput;

  @Field(() => String, {
    nullable: true,
    description:
      'What proves it, such as the number of a signed form; required unless the member itself is the caller.',
  })
  evidence?: string | null;
}

@InputType({ description: 'A consent that a member takes back, or refuses.' })
export class ConsentWithdrawInput {
  @Field(() => ID, { description: 'The id of the member.' })
  memberId!: string;

  @Field(() => ConsentPurposeEnum, { description: 'What it does not want.' })
  purpose!: ConsentPurpose;

  @Field(() => String, { nullable: true, description: 'The partner that it is about, when it is about one.' })
  partnerCode?: string | null;

  @Field(() => ConsentChannelEnum, { description: 'Where the member said it.' })
  channel!: ConsentChannel;

  @Field(() => String, { nullable: true, description: 'What proves it, when there is something.' })
  evidence?: string | null;
}

export const ConsentUserError = userErrorType<ConsentErrorCode>('Consent', CONSENT_ERRORS);

@ObjectType({ description: 'What became of a consent.', simpleResolvers: true })
export class ConsentPayload {
  @Field(() => ConsentReceipt, {
    nullable: true,
    description: 'The receipt that counts now; null when the command was refused.',
  })
  readonly receipt?: ConsentReceipt;

  @Field(() => [ConsentUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof ConsentUserError>[];
}
