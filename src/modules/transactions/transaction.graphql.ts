/** Transactions, their sources and accruals as the API shows them, and what is sent in. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Channel } from '../../domain/earning/model.js';
import { SOURCE_KIND_NO, type TransactionErrorCode } from '../../domain/transactions/model.js';
import { connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { MONEY_ERRORS, Money, MoneyInput } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, CurrencyCodeScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { ChannelEnum } from '../partners/index.js';
import type { TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';

export const SourceKindEnum = enumType('TransactionSourceKind', 'What a message says about a purchase.', {
  PURCHASE: 'A purchase took place.',
  REFUND: 'Money of a purchase went back to the member.',
});

export const TransactionKindEnum = enumType('TransactionKind', 'What a transaction is.', {
  PURCHASE: 'A purchase, with all refunds that belong to it.',
  ORPHAN_REFUND: 'A refund for which no purchase was found; it takes nothing back.',
});

export const AccrualStatusEnum = enumType('AccrualStatus', 'Where an accrual stands.', {
  PENDING: 'Earned and waiting for its hold to end.',
  CONFIRMED: 'Available to the member and charged to its funder.',
  REVERSED: 'Taken back whole by refunds.',
});

const ERROR_CODES: Readonly<Record<TransactionErrorCode, string>> = {
  ...MONEY_ERRORS,
  UNKNOWN_PROGRAMME: 'The programme does not exist, or none is implied by the partner.',
  UNKNOWN_PARTNER: 'The submitting partner does not exist.',
  PARTNER_NOT_ACTIVE: 'The submitting partner is suspended or closed.',
  MALFORMED_REFERENCE: 'The reference is empty, too long or padded with spaces.',
  CARD_NUMBER_REFUSED: 'A card number was sent where a token belongs.',
  AMOUNT_NOT_POSITIVE: 'The amount is zero or negative.',
  OCCURRED_IN_FUTURE: 'The purchase lies in the future.',
  NO_TERMS_IN_FORCE: 'No version of the programme was in force on that day.',
  MALFORMED_MCC: 'The merchant category code is not four digits.',
  UNKNOWN_CATEGORY: 'The programme has no such category.',
  UNKNOWN_OUTLET: 'The partner has no such outlet.',
  TEXT_TOO_LONG: 'A text is empty or too long.',
  PAYER_NOT_EXACTLY_ONE: 'The payer must be named in exactly one way.',
  UNKNOWN_PAYER: 'No active member or linked card matches the payer.',
  REFERENCE_CONFLICT: 'The reference was used before with other contents.',
  REFUND_OF_ON_PURCHASE: 'Only a refund names a purchase.',
  UNKNOWN_PURCHASE: 'The purchase that the refund names does not exist.',
  PAYER_MISMATCH: 'The refund names the purchase of another member.',
  REFUND_BEFORE_PURCHASE: 'The refund is dated before its purchase.',
  REFUND_LARGER_THAN_PURCHASE: 'The refund is larger than what is left of its purchase.',
  TOO_MANY_ITEMS: 'The list has more than 1,000 items.',
  BUSY: 'More is waiting than can be taken in; retry.',
};

export const TransactionUserError = userErrorType<TransactionErrorCode>('Transaction', ERROR_CODES);
export type TransactionUserError = InstanceType<typeof TransactionUserError>;

@InputType({ description: 'Who pays, named in exactly one way.' })
export class PayerInput {
  @Field(() => String, { nullable: true, description: 'Token of a linked card. Never a card number.' })
  readonly cardToken?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of a member.' })
  readonly memberId?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of a member in the programme.' })
  readonly memberCode?: string | null;
}

@InputType({ description: 'An outlet by its codes.' })
export class OutletReferenceInput {
  @Field(() => String, { description: 'Code of the partner.' })
  readonly partnerCode!: string;

  @Field(() => String, { description: 'Code of the outlet within the partner.' })
  readonly outletCode!: string;
}

@InputType({ description: 'Where and what a purchase is, as far as earning needs it.' })
export abstract class PurchaseFactsInput {
  @Field(() => PayerInput, { description: 'Who pays.' })
  readonly payer!: PayerInput;

  @Field(() => MoneyInput, {
    description: "The billing amount in the programme's currency, above zero; refunds too are positive.",
  })
  readonly amount!: MoneyInput;

  @Field(() => String, { nullable: true, description: 'Merchant category code, four digits with leading zeros.' })
  readonly mcc?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Programme category, when the partner classifies purchases itself.',
  })
  readonly category?: string | null;

  @Field(() => String, { nullable: true, description: "The acquirer's merchant id, as it is; it finds the outlet." })
  readonly merchantId?: string | null;

  @Field(() => OutletReferenceInput, { nullable: true, description: 'The outlet, when the partner knows it by code.' })
  readonly outlet?: OutletReferenceInput | null;

  @Field(() => ChannelEnum, {
    nullable: true,
    description: 'Where the purchase was made; the channel of its outlet when absent.',
  })
  readonly channel?: Channel | null;
}

@InputType({ description: 'One message about a purchase. Partner, kind and reference name it for ever.' })
export class TransactionInput extends PurchaseFactsInput {
  @Field(() => SourceKindEnum, { description: 'What the message says.' })
  readonly kind!: 'PURCHASE' | 'REFUND';

  @Field(() => String, { description: "The partner's own reference, unique per partner and kind for ever." })
  readonly reference!: string;

  @Field(() => DateTimeScalar, { description: 'When it took place.' })
  readonly occurredAt!: Date;

  @Field(() => String, { nullable: true, description: 'What the card statement says about the merchant.' })
  readonly descriptor?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The amount at the till, when it was in another currency.' })
  readonly original?: MoneyInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'Refunds only: the reference of the purchase. Without it the purchase is looked for.',
  })
  readonly refundOf?: string | null;
}

@InputType({ description: 'Submits one message.' })
export class TransactionSubmitInput {
  @Field(() => String, {
    nullable: true,
    description: 'Code of the programme; may be left out when the partner takes part in one only.',
  })
  readonly programmeCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the submitting partner; the token of a partner implies it.',
  })
  readonly partnerCode?: string | null;

  @Field(() => TransactionInput, { description: 'The message.' })
  readonly transaction!: TransactionInput;
}

@InputType({ description: 'Submits up to 1,000 messages; each stands or falls by itself.' })
export class TransactionsSubmitInput {
  @Field(() => String, {
    nullable: true,
    description: 'Code of the programme; may be left out when the partner takes part in one only.',
  })
  readonly programmeCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the submitting partner; the token of a partner implies it.',
  })
  readonly partnerCode?: string | null;

  @Field(() => [TransactionInput], { description: 'The messages, decided in this order.' })
  readonly transactions!: TransactionInput[];
}

@ObjectType({
  implements: NodeInterface,
  description: 'A purchase with everything that belongs to it, or a refund without a purchase.',
})
export class Transaction extends NodeInterface {
  declare readonly id: string;

  constructor(readonly row: TransactionEntity) {
    super();
    this.id = row.id;
  }

  @Field(() => TransactionKindEnum, { description: 'What this is.' })
  get kind(): string {
    return this.row.kind;
  }

  @Field(() => String, { nullable: true, description: "The acquirer's merchant id, raw." })
  get merchantId(): string | null | undefined {
    return this.row.merchantId;
  }

  @Field(() => String, { nullable: true, description: 'What the card statement says about the merchant.' })
  get descriptor(): string | null | undefined {
    return this.row.descriptor;
  }

  @Field(() => String, { nullable: true, description: 'Merchant category code.' })
  get mcc(): string | null | undefined {
    return this.row.mcc;
  }

  @Field(() => ChannelEnum, { nullable: true, description: 'Where the purchase was made.' })
  get channel(): string | null | undefined {
    return this.row.channel;
  }

  @Field(() => String, { description: 'Category it was classified in; UNCATEGORISED when nothing classifies it.' })
  get category(): string {
    return this.row.categoryCode;
  }

  @Field(() => DateTimeScalar, { description: 'When it took place, as the partner says.' })
  get occurredAt(): Date {
    return this.row.occurredAt;
  }

  @Field(() => BusinessDateScalar, {
    description: 'Its day in the time zone of the programme: caps, tiers and contracts count from it.',
  })
  get businessDate(): string {
    return this.row.businessDate;
  }

  @Field(() => DateTimeScalar, { description: 'When it was recorded here.' })
  get recordedAt(): Date {
    return this.row.recordedAt;
  }
}

@ObjectType({ description: 'The amount at the till, as the partner sent it.', simpleResolvers: true })
export class OriginalAmount {
  @Field(() => DecimalScalar, { description: 'The amount.' })
  readonly amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Its currency.' })
  readonly currencyCode!: string;
}

@ObjectType({ description: 'A message about a transaction, kept for ever as it was sent.' })
export class TransactionSource {
  constructor(readonly row: TransactionSourceEntity) {}

  @Field(() => ID, { description: 'Our id of the message.' })
  get id(): string {
    return this.row.id;
  }

  @Field(() => SourceKindEnum, { description: 'What the message says.' })
  get kind(): string {
    return this.row.kind === SOURCE_KIND_NO.PURCHASE ? 'PURCHASE' : 'REFUND';
  }

  @Field(() => String, { description: "The partner's own reference." })
  get reference(): string {
    return this.row.reference;
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Refunds: how the purchase was found (REFERENCE, MATCHED_EXACT_AMOUNT, MATCHED_PART_OF_LARGER) or why it was not (ORPHAN_NO_PURCHASE_AT_MERCHANT, ORPHAN_ALL_PURCHASES_SMALLER).',
  })
  get matchReason(): string | null | undefined {
    return this.row.matchReason;
  }

  @Field(() => DateTimeScalar, { description: 'When it came in.' })
  get receivedAt(): Date {
    return this.row.receivedAt;
  }
}

@ObjectType({ description: 'What one rule gave for a purchase, paid by one funder.', simpleResolvers: true })
export class Accrual {
  @Field(() => ID, { description: 'The id; its lot has the same.' })
  readonly id!: string;

  @Field(() => String, { description: 'Code of the rule.' })
  readonly rule!: string;

  @Field(() => String, { description: 'Code of the partner who pays; PROGRAMME when the programme does.' })
  readonly funder!: string;

  @Field(() => DecimalScalar, { description: "Reward units given at the purchase, in the programme's unit." })
  readonly units!: string;

  @Field(() => DecimalScalar, { description: 'What is left of them after refunds.' })
  readonly unitsLeft!: string;

  @Field(() => Money, { description: 'What the units were worth at issue.' })
  readonly value!: Money;

  @Field(() => AccrualStatusEnum, { description: 'Where the accrual stands.' })
  readonly status!: string;

  @Field(() => BusinessDateScalar, { description: 'Day on which its hold ends.' })
  readonly availableOn!: string;

  @Field(() => String, { description: "Tax treatment by the funder's contract." })
  readonly taxTreatment!: string;
}

@ObjectType({ description: 'A named number or code of a reason.', simpleResolvers: true })
export class ExplanationValue {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => String, { description: 'Its value: an exact decimal, a rate or a code.' })
  readonly value!: string;
}

@ObjectType({ description: 'One reason of an explanation.', simpleResolvers: true })
export class ExplanationNode {
  @Field(() => Int, { description: 'How deep it lies in the tree; 0 is the root.' })
  readonly depth!: number;

  @Field(() => String, { description: 'Stable code of the reason.' })
  readonly code!: string;

  @Field(() => String, { description: 'The reason as a sentence.' })
  readonly text!: string;

  @Field(() => [ExplanationValue], { description: 'The numbers and codes behind it.' })
  readonly values!: ExplanationValue[];
}

@ObjectType({
  description: 'Why a purchase earned what it earned: a tree of reasons, written top down.',
  simpleResolvers: true,
})
export class Explanation {
  @Field(() => String, { description: 'The whole tree as indented text.' })
  readonly text!: string;

  @Field(() => [ExplanationNode], { description: 'The tree in reading order; depth tells who is whose child.' })
  readonly reasons!: ExplanationNode[];

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True when running the decision again gives the digest stored with it; null before anything is stored.',
  })
  readonly verified!: boolean | null;
}

@ObjectType({ description: 'Answer to one message.', simpleResolvers: true })
export class TransactionSubmitPayload {
  @Field(() => Transaction, {
    nullable: true,
    description: 'The transaction the message made or joined; null when it was refused.',
  })
  readonly transaction!: Transaction | null;

  @Field(() => TransactionSource, { nullable: true, description: 'The message itself.' })
  readonly source!: TransactionSource | null;

  @Field(() => [TransactionUserError], { description: 'Why it was refused.' })
  readonly userErrors!: TransactionUserError[];
}

@ObjectType({ description: 'Answers to a list, in its order.', simpleResolvers: true })
export class TransactionsSubmitPayload {
  @Field(() => [TransactionSubmitPayload], { description: 'One answer per message.' })
  readonly results!: TransactionSubmitPayload[];

  @Field(() => [TransactionUserError], { description: 'Why the list as a whole was refused; nothing was stored then.' })
  readonly userErrors!: TransactionUserError[];
}

export const TransactionConnection = connectionOf('Transaction', () => Transaction);
