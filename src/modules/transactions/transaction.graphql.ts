/** Transactions, their sources and accruals as the API shows them, and what is sent in. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BasketLine, Channel } from '../../domain/earning/model.js';
import { type SourceKind, sourceKindOf, type TransactionErrorCode } from '../../domain/transactions/model.js';
import type { Ground, Likeness } from '../../domain/transactions/same-purchase.js';
import { connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { MONEY_ERRORS, Money, MoneyInput } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, CurrencyCodeScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { ChannelEnum } from '../partners/index.js';
import type { SubmitOutcome } from './pipeline.js';
import type { TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';

export const SourceKindEnum = enumType('TransactionSourceKind', 'What a message says about a purchase.', {
  PURCHASE: 'A purchase took place: authorised and cleared at once.',
  REFUND: 'Money of a purchase went back to the member.',
  AUTHORISATION: 'A purchase was authorised; its clearing follows and may be of another amount, day or merchant id.',
  CLEARING: 'An authorised purchase, or a shipment of it, was cleared. It names its authorisation.',
  REVERSAL: 'An authorisation, or a part of it, was taken back before it was cleared.',
  ACTION: 'Something other than a purchase was done, such as a review.',
  CLAIM: 'A member claimed the purchase and somebody granted it. No partner sends one.',
});

export const TransactionKindEnum = enumType('TransactionKind', 'What a transaction is.', {
  PURCHASE: 'A purchase, with everything that was told of it.',
  ACTION: 'Something other than a purchase that may be rewarded.',
  ORPHAN_REFUND: 'A refund for which no purchase was found when it came in.',
  ORPHAN_REVERSAL: 'A reversal of an authorisation that was not there when it came in.',
  DUPLICATE: 'A purchase that turned out to be another one; everything told of it counts with that one.',
});

export const PurchaseStatusEnum = enumType('PurchaseStatus', 'How far a purchase has come.', {
  AUTHORISED: 'It waits for its clearing, and so does the hold of its rewards.',
  CLEARED: 'It was cleared, at least in part.',
  REVERSED: 'It was taken back before anything was cleared.',
});

export const LineKindEnum = enumType('TransactionLineKind', 'What a line of a basket is.', {
  GOODS: 'Something that was bought.',
  FREIGHT: 'Delivery.',
  FEE: 'A fee.',
  TAX: 'Tax that is not in the prices of the other lines.',
  DISCOUNT: 'So much of the amount was let off.',
  REDEMPTION: 'So much of the amount was paid with units.',
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
  FUNDER_EXHAUSTED: 'The partner pays for its rewards in advance or up to a cap, and can be charged no more.',
  NO_TERMS_IN_FORCE: 'No version of the programme was in force on that day.',
  MALFORMED_MCC: 'The merchant category code is not four digits.',
  UNKNOWN_CATEGORY: 'The programme has no such category.',
  UNKNOWN_OUTLET: 'The partner has no such outlet.',
  TEXT_TOO_LONG: 'A text is empty or too long.',
  PAYER_NOT_EXACTLY_ONE: 'The payer must be named in exactly one way.',
  UNKNOWN_PAYER: 'No active member or linked card matches the payer.',
  REFERENCE_CONFLICT: 'The reference was used before with other contents.',
  REFUND_OF_ON_PURCHASE: 'Only a refund names a purchase.',
  FIELD_NOT_OF_KIND: 'A field was sent that this kind of message does not have.',
  CLAIM_NOT_GRANTED: 'A claim is made by granting one, and not sent.',
  AUTHORISATION_NOT_NAMED: 'A reversal must name its authorisation.',
  NOT_AN_AUTHORISATION:
    'What is named as an authorisation was cleared at once, or this message was cleared before it came.',
  ACTION_NOT_NAMED: 'An action needs its code.',
  ACTION_HAS_NO_AMOUNT: 'The amount of an action must be zero.',
  POSTED_BEFORE_PURCHASE: 'The purchase was posted before it took place.',
  MALFORMED_LINE: 'A line of the basket is not as lines are.',
  TOO_MANY_LINES: 'The basket has no line or more than 200.',
  BASKET_DOES_NOT_ADD_UP: 'The lines of the basket are not the amount.',
  UNKNOWN_LINE: 'Nothing is left of a line that the refund names.',
  NOT_A_PURCHASE: 'What is named is not a purchase, or not an orphan.',
  ALREADY_EXCHANGED: 'The purchase was exchanged before.',
  UNKNOWN_PURCHASE: 'The purchase that is named does not exist.',
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

  @Field(() => String, { nullable: true, description: 'What the card statement says about the merchant.' })
  readonly descriptor?: string | null;

  @Field(() => [TransactionLineInput], {
    nullable: true,
    description: 'The basket. GOODS, FREIGHT, FEE and TAX lines add up to the amount.',
  })
  readonly lines?: readonly TransactionLineInput[] | null;
}

@InputType({ description: 'One line of a basket.' })
export class TransactionLineInput {
  @Field(() => LineKindEnum, { nullable: true, description: 'What it is; GOODS when absent.' })
  readonly kind?: BasketLine['kind'] | null;

  @Field(() => DecimalScalar, { description: "Above zero, in the purchase's currency; its kind says how it counts." })
  readonly amount!: string;

  @Field(() => Int, { nullable: true, description: 'How many items; 1 when absent.' })
  readonly quantity?: number | null;

  @Field(() => [String], { nullable: true, description: 'Tags of the product or brand, small letters.' })
  readonly tags?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'By which a refund can name it.' })
  readonly reference?: string | null;
}

@InputType({ description: 'A line of a basket, or a part of one, that goes back.' })
export class ReturnedLineInput {
  @Field(() => String, { description: 'Reference of the line.' })
  readonly reference!: string;

  @Field(() => DecimalScalar, { description: 'How much of it goes back, above zero.' })
  readonly amount!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How many items go back; those whose whole price does when absent.',
  })
  readonly quantity?: number | null;
}

@InputType({ description: 'One message about a purchase. Partner, kind and reference name it for ever.' })
export class TransactionInput extends PurchaseFactsInput {
  @Field(() => SourceKindEnum, { description: 'What the message says.' })
  readonly kind!: SourceKind;

  @Field(() => String, { description: "The partner's own reference, unique per partner and kind for ever." })
  readonly reference!: string;

  @Field(() => DateTimeScalar, { description: 'When it took place.' })
  readonly occurredAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Code by which the issuer approved the payment; where merchant and bank both send it, it tells their messages of one purchase.',
  })
  readonly approvalCode?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The amount at the till, when it was in another currency.' })
  readonly original?: MoneyInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Refunds only: the reference of the purchase, its authorisation or its clearing, which may still be to come. Without it the purchase is looked for.',
  })
  readonly refundOf?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Clearings and reversals: the reference of the authorisation, which may still be to come. A clearing without it joins an open authorisation of its amount, or is a purchase of its own.',
  })
  readonly authorisation?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Purchases only: the reference of the purchase that was exchanged for this one; what is left of that one is taken back.',
  })
  readonly exchangeOf?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Purchases and clearings: when it was posted, if that is not when it took place.',
  })
  readonly postedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Actions only: what was done, such as "review".' })
  readonly action?: string | null;

  @Field(() => [ReturnedLineInput], {
    nullable: true,
    description: 'Refunds only: what went back. Without it every line that is left shrinks alike.',
  })
  readonly returned?: readonly ReturnedLineInput[] | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Purchases and actions: the reward by the partner's own sum. It is compared with ours and not paid.",
  })
  readonly claimedUnits?: string | null;
}

/** No purchase of its own. */
const isOrphan = ({ kind }: TransactionEntity): boolean => kind !== 'PURCHASE' && kind !== 'ACTION';

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

  @Field(() => PurchaseStatusEnum, { nullable: true, description: 'How far it has come; null for orphans.' })
  get status(): string | null {
    return isOrphan(this.row) ? null : this.row.status;
  }

  @Field(() => String, { nullable: true, description: 'What was done, when it is not a purchase.' })
  get action(): string | null | undefined {
    return this.row.action;
  }

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Day of the authorisation; null for orphans.' })
  get authorisedOn(): string | null {
    return isOrphan(this.row) ? null : (this.row.authorisedOn ?? this.row.businessDate);
  }

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Day of the last clearing, from which the hold counts; null while it was not cleared.',
  })
  get postedOn(): string | null {
    return this.row.status !== 'CLEARED' || isOrphan(this.row) ? null : (this.row.postedOn ?? this.row.businessDate);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Orphans and duplicates: how they found their purchase, REFERENCE, SAME_PURCHASE or BY_HAND.',
  })
  get joinReason(): string | null | undefined {
    return this.row.joinReason;
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

const GROUNDS: Readonly<Record<Ground, string>> = {
  SAME_AMOUNT: 'The amounts are the same.',
  SAME_ORIGINAL_AMOUNT: 'The amounts at the till, in another currency, are the same.',
  AMOUNT_WITH_TIP: 'The bank paid a little more, as with a tip.',
  AMOUNT_CONVERTED: 'The amounts differ as little as exchange rates do.',
  SAME_DAY: 'Both name the same day.',
  NEXT_DAY: 'They name days that follow each other.',
  WITHIN_THREE_DAYS: 'Their days are at most three apart.',
  WITHIN_A_WEEK: 'Their days are at most seven apart.',
  SAME_CARD: 'Both name the same card.',
  CARD_NOT_TOLD: 'One of them names no card.',
  SAME_OUTLET: 'Both name the same outlet.',
  SAME_MERCHANT_ID: 'Both name the same merchant id, which no outlet has.',
  SAME_PARTNER: 'Both name the same merchant.',
  NAME_IN_DESCRIPTOR: "The merchant's name stands in the text of the card statement.",
  MERCHANT_NOT_TOLD: 'One of them does not say which merchant it was.',
  OTHER_NAME: 'The text of the card statement shows another name.',
  SAME_APPROVAL_CODE: 'The issuer approved both by the same code.',
};
export const LikenessGroundEnum = enumType<Ground>(
  'LikenessGround',
  'What makes two tellings of a purchase alike.',
  GROUNDS,
);

@ObjectType({ description: 'How alike two tellings of a purchase are.', simpleResolvers: true })
export class PurchaseLikeness {
  @Field(() => Int, {
    description: 'Points of all grounds together; from 80 on they are one purchase, from 60 on somebody is asked.',
  })
  readonly score!: number;

  @Field(() => [LikenessGroundEnum], { description: 'What was found.' })
  readonly grounds!: readonly Ground[];
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
    return sourceKindOf(this.row.kind);
  }

  @Field(() => String, { description: "The partner's own reference." })
  get reference(): string {
    return this.row.reference;
  }

  @Field(() => String, {
    nullable: true,
    description:
      'How the purchase was found (REFERENCE, MATCHED_EXACT_AMOUNT, MATCHED_PART_OF_LARGER, MATCHED_AUTHORISATION, SAME_PURCHASE) or why it was not when the message came in (ORPHAN_PURCHASE_NOT_SEEN, ORPHAN_NO_PURCHASE_AT_MERCHANT, ORPHAN_ALL_PURCHASES_SMALLER).',
  })
  get matchReason(): string | null | undefined {
    return this.row.matchReason;
  }

  @Field(() => PurchaseLikeness, {
    nullable: true,
    description: 'Why it was taken for the purchase that another side had told of; null for every other message.',
  })
  get likeness(): Likeness | null | undefined {
    return this.row.likeness;
  }

  @Field(() => DateTimeScalar, { description: 'When it came in.' })
  get receivedAt(): Date {
    return this.row.receivedAt;
  }
}

@ObjectType({ description: 'What one rule gave for a purchase, paid by one funder.', simpleResolvers: true })
export class Accrual {
  /** Not a field: what the fields that need a read are asked by. */
  readonly transactionId!: string;

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

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Day on which its hold ends; null while the purchase was not cleared.',
  })
  readonly availableOn!: string | null;

  @Field(() => String, {
    description: "Tax treatment: by the funder's contract, or by the programme's terms when the programme pays.",
  })
  readonly taxTreatment!: string;

  @Field(() => Int, {
    description: '0 for what the purchase earned at first, 1 and on for what an amount that rose later added.',
  })
  readonly part!: number;
}

@ObjectType({ description: 'A line of the basket, of the whole purchase.', simpleResolvers: true })
export class TransactionLine {
  @Field(() => LineKindEnum, { description: 'What it is.' })
  readonly kind!: string;

  @Field(() => Money, { description: 'Its amount.' })
  readonly amount!: Money;

  @Field(() => Int, { description: 'How many items.' })
  readonly quantity!: number;

  @Field(() => [String], { description: 'Tags of the product or brand.' })
  readonly tags!: readonly string[];

  @Field(() => String, { nullable: true, description: 'By which refunds name it.' })
  readonly reference!: string | null;
}

@ObjectType({ description: 'Units that a cap or a budget withheld from a rule.', simpleResolvers: true })
export class TransactionShortfall {
  @Field(() => String, { description: 'Code of the rule.' })
  readonly rule!: string;

  @Field(() => String, { description: 'Code of the cap or budget.' })
  readonly cap!: string;

  @Field(() => String, { description: 'CAP, or BUDGET when everyone shares it.' })
  readonly because!: string;

  @Field(() => DecimalScalar, { description: 'How many units.' })
  readonly units!: string;
}

@ObjectType({ description: "The partner's own sum beside ours.", simpleResolvers: true })
export class TransactionClaim {
  @Field(() => DecimalScalar, { description: 'Units by the partner.' })
  readonly units!: string;

  @Field(() => DecimalScalar, { description: 'Units by us, when the purchase came in.' })
  readonly ours!: string;

  @Field(() => Boolean, { description: 'True when they are not the same.' })
  readonly differs!: boolean;
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
  /** Not a field: transaction and source are found by it when they are asked for. */
  readonly outcome!: SubmitOutcome;

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
