/** Payment files and payments as the schema shows them. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { PayoutPurpose } from '../../domain/ledger/payment-entries.js';
import type { PaymentState } from '../../domain/payments/match.js';
import type { SkipReason } from '../../domain/payments/payouts.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, CurrencyCodeScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { PaymentEntity, PaymentFileEntity } from './payment.entity.js';
import type { SkippedPayout } from './payment.service.js';
import { PAYMENT_ERRORS, type PaymentErrorCode } from './payments.errors.js';

export const PaymentStateEnum = enumType<PaymentState>('PaymentState', 'How far a payment has come.', {
  INSTRUCTED: 'It is in a payment file.',
  ACCEPTED: 'The bank has accepted it.',
  BOOKED: 'A statement shows that it was paid.',
  REJECTED: 'The bank has refused it; the amount is owed again.',
  RETURNED: 'It was paid and came back; the amount is owed again.',
});

export const PaymentPurposeEnum = enumType<PayoutPurpose>('PaymentPurpose', 'What a payment pays off.', {
  SETTLEMENT: 'What a partner is owed by a settlement.',
  CHARITY: 'What members have donated to a charity.',
  DEPOSIT: 'A deposit that goes back, as two people decided.',
});

export const PaymentSkipReasonEnum = enumType<SkipReason>('PaymentSkipReason', 'Why something owed was not paid.', {
  NO_ACCOUNT: 'The partner has no bank account in use.',
  REJECTED_BEFORE: 'The bank rejected it and the account is still the same; ask with retryRejected to try it again.',
});

@ObjectType({
  implements: NodeInterface,
  description: 'A file of payments for the bank (pain.001.001.09). Its bytes never change.',
  simpleResolvers: true,
})
export class PaymentFile extends NodeInterface {
  /** Not published. */
  readonly programmeNo!: number;

  @Field(() => Int, { description: 'The number of the file.' })
  readonly number!: number;

  @Field(() => String, { description: 'MsgId of the file: reports of the bank name it.' })
  readonly messageId!: string;

  @Field(() => BusinessDateScalar, { description: 'The day on which the bank is to pay.' })
  readonly executionDate!: BusinessDate;

  @Field(() => Money, { description: 'The sum of its payments.' })
  readonly amount!: Money;

  @Field(() => Int, { description: 'How many payments it has.' })
  readonly paymentCount!: number;

  @Field(() => String, { description: 'Who had it written.' })
  readonly createdBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  readonly createdAt!: Date;

  @Field(() => String, { description: 'SHA-256 of the content in UTF-8, in hexadecimal.' })
  readonly sha256!: string;

  static of(row: PaymentFileEntity): PaymentFile {
    const { id, programmeNo, no, messageId, executionDate, amountMinor, currencyCode, paymentCount } = row;
    return Object.assign(new PaymentFile(), {
      id,
      programmeNo,
      number: no,
      messageId,
      executionDate,
      amount: toMoney(amountMinor, currencyCode),
      paymentCount,
      createdBy: row.createdBy,
      createdAt: row.createdAt,
      sha256: row.sha256,
    });
  }
}

@ObjectType({
  implements: NodeInterface,
  description: 'One payment to one partner. What is owed may need several, when banks reject.',
  simpleResolvers: true,
})
export class Payment extends NodeInterface {
  /** Not published. */
  readonly fileId!: string;
  readonly partnerNo!: number;
  readonly bankAccountId!: string;

  @Field(() => PaymentPurposeEnum, { description: 'What it pays off.' })
  readonly purpose!: PayoutPurpose;

  @Field(() => ID, {
    nullable: true,
    description: 'The line of the settlement it pays; null for donations and deposits.',
  })
  readonly settlementLineId!: string | null;

  @Field(() => Money, { description: 'How much.' })
  readonly amount!: Money;

  @Field(() => String, { description: 'The id that every bank carries along, at most 35 characters.' })
  readonly endToEndId!: string;

  @Field(() => Int, { description: 'The how manieth payment of the same line it is.' })
  readonly attempt!: number;

  @Field(() => PaymentStateEnum, { description: 'How far it has come.' })
  readonly state!: PaymentState;

  @Field(() => String, {
    nullable: true,
    description: "The bank's code for a rejection, such as AC04; null otherwise.",
  })
  readonly reasonCode!: string | null;

  @Field(() => String, { nullable: true, description: "The bank's words for it; null when it has none." })
  readonly reason!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was instructed.' })
  readonly instructedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When its state last changed.' })
  readonly changedAt!: Date;

  static of(row: PaymentEntity): Payment {
    const { id, fileId, partnerNo, bankAccountId, purpose, lineId, amountMinor, endToEndId, attempt, state } = row;
    return Object.assign(new Payment(), {
      id,
      fileId,
      partnerNo,
      bankAccountId,
      purpose,
      settlementLineId: lineId ?? null,
      amount: toMoney(amountMinor, row.currencyCode),
      endToEndId,
      attempt,
      state,
      reasonCode: row.reasonCode ?? null,
      reason: row.reasonText ?? null,
      instructedAt: row.instructedAt,
      changedAt: row.changedAt,
    });
  }
}

@ObjectType({ description: 'Something owed that did not go into the file.', simpleResolvers: true })
export class PaymentSkipped {
  /** Not published. */
  readonly partnerNo!: number;

  @Field(() => Money, { description: 'How much is owed.' })
  readonly amount!: Money;

  @Field(() => PaymentSkipReasonEnum, { description: 'Why it was not paid.' })
  readonly reason!: SkipReason;

  static of({ partnerNo, amountMinor, currencyCode, reason }: SkippedPayout): PaymentSkipped {
    return Object.assign(new PaymentSkipped(), {
      partnerNo,
      amount: toMoney(BigInt(amountMinor), currencyCode),
      reason,
    });
  }
}

export const PaymentFileConnection = connectionOf('PaymentFile', () => PaymentFile);
export const PaymentConnection = connectionOf('Payment', () => Payment);

@ArgsType()
export class PaymentFileArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;
}

@ArgsType()
export class PaymentArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;

  @Field(() => PaymentStateEnum, { nullable: true, description: 'Only those in this state.' })
  state?: PaymentState | null;
}

@InputType({ description: 'What to pay, and when.' })
export class PaymentsInstructInput extends IdempotentInput {
  @Field(() => String, { description: 'The programme that pays.' })
  programmeCode!: string;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description:
      "What is owed in this currency is paid, from the programme's account of it; its own currency when absent.",
  })
  currencyCode?: string | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: "The day on which the bank is to pay; the programme's own today when absent.",
  })
  executionDate?: BusinessDate | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether what the bank rejected goes to the same account again. It goes to another one anyway.',
  })
  retryRejected!: boolean;
}

export const PaymentUserError = userErrorType<PaymentErrorCode>('Payment', PAYMENT_ERRORS);
type PaymentUserErrors = InstanceType<typeof PaymentUserError>[];

@ObjectType({ description: 'The file for the bank, or why there is none.', simpleResolvers: true })
export class PaymentsInstructPayload {
  @Field(() => PaymentFile, { nullable: true, description: 'The file; null when it was refused.' })
  readonly paymentFile?: PaymentFile;

  @Field(() => [PaymentSkipped], { description: 'What is owed and did not go into it.' })
  readonly skipped!: PaymentSkipped[];

  @Field(() => [PaymentUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: PaymentUserErrors;
}
