/** Redemptions as the schema shows them, and what a till sends in. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Channel } from '../../domain/earning/model.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { LimitReason, Refusal } from '../../domain/redemption/limits.js';
import { connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { ChannelEnum } from '../partners/index.js';
import { PayerInput } from '../transactions/index.js';
import type { RedemptionKind, RedemptionState } from './redemption.entity.js';
import { REDEMPTION_ERRORS, type RedemptionErrorCode } from './redemption.errors.js';
import type { RedemptionRecord } from './redemption.sql.js';

export const RedemptionKindEnum = enumType<RedemptionKind>('RedemptionKind', 'What units are used for.', {
  PURCHASE: 'They pay a part of a purchase.',
  ITEM: 'They pay an item of the catalogue.',
  CASH_OUT: 'They are paid out to a card.',
  DONATION: 'They are given to a charity.',
  REVIEW: 'They are held until somebody has looked at a cash-out or a transfer.',
});

export const RedemptionStateEnum = enumType<RedemptionState>('RedemptionState', 'How far a redemption has come.', {
  AUTHORISED: 'Its units are held.',
  CAPTURED: 'Its units are used, all or in part; the rest has gone back.',
  VOIDED: 'It was given up, and its units have gone back.',
  EXPIRED: 'Nobody captured it in time, and its units have gone back.',
});

export const RedemptionLimitReasonEnum = enumType<LimitReason>('RedemptionLimitReason', 'What bounds a redemption.', {
  BALANCE: 'The member has no more.',
  MAX_SHARE: 'Units may pay only a part of a purchase.',
  MINIMUM_OWN: 'A part must be paid in own money.',
  WANTED: 'No more was asked for.',
});

export const RedemptionRefusalEnum = enumType<Refusal>('RedemptionRefusal', 'Why nothing at all may be redeemed.', {
  REDEMPTION_ENDED: 'The last day of redemption has passed.',
  BELOW_MINIMUM: 'It would be less than the least that one redemption takes.',
  NOTHING_TO_REDEEM: 'There are no units, or the purchase leaves no room for them.',
});

/** What the figures of a redemption are written in. */
export interface RedemptionNotation {
  readonly code: string;
  readonly currencyCode: string;
  readonly unitCode: string;
  readonly unitScale: number;
}

@ObjectType({
  implements: NodeInterface,
  description: 'Units of a member that are held or used: for a purchase, an item, cash or a donation.',
  simpleResolvers: true,
})
export class Redemption extends NodeInterface {
  /** Not published. */
  readonly row!: RedemptionRecord;
  readonly notation!: RedemptionNotation;

  @Field(() => String, { description: 'The programme whose units they are.' })
  readonly programmeCode!: string;

  @Field(() => RedemptionKindEnum, { description: 'What the units are used for.' })
  readonly kind!: RedemptionKind;

  @Field(() => RedemptionStateEnum, { description: 'How far it has come.' })
  readonly state!: RedemptionState;

  @Field(() => String, { nullable: true, description: "The partner's own name of it; null when it has none." })
  readonly reference!: string | null;

  @Field(() => ChannelEnum, { nullable: true, description: 'Where it was asked for, when that was said.' })
  readonly channel!: Channel | null;

  @Field(() => String, { description: 'The unit of the programme.' })
  readonly unitCode!: string;

  @Field(() => DecimalScalar, { description: 'Units that were authorised.' })
  readonly units!: string;

  @Field(() => Money, { description: 'What those units pay.' })
  readonly pays!: Money;

  @Field(() => Money, {
    nullable: true,
    description: 'The purchase that they pay a part of, before discounts; null when there is none.',
  })
  readonly purchase!: Money | null;

  @Field(() => DecimalScalar, { description: 'Units that were used in the end.' })
  readonly capturedUnits!: string;

  @Field(() => Money, { description: 'What the used units paid: what the partner is owed for them.' })
  readonly captured!: Money;

  @Field(() => DecimalScalar, { description: 'Of those, units that came back with returned baskets.' })
  readonly returnedUnits!: string;

  @Field(() => Money, { description: 'What the units that came back had paid.' })
  readonly returned!: Money;

  @Field(() => DateTimeScalar, { description: 'When it was authorised.' })
  readonly authorisedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When its units go back unless it was captured before.' })
  readonly expiresAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was captured or given up; null while it is held.',
  })
  readonly resolvedAt!: Date | null;

  static of(row: RedemptionRecord, notation: RedemptionNotation): Redemption {
    const units = (steps: bigint): string => formatDecimal(steps, notation.unitScale);
    const money = (minor: bigint): Money => toMoney(minor, notation.currencyCode);
    return Object.assign(new Redemption(), {
      ...{ id: row.id, row, notation, programmeCode: notation.code, kind: row.kind, state: row.state },
      ...{ reference: row.reference ?? null, channel: row.channel ?? null, unitCode: notation.unitCode },
      ...{ units: units(row.units), pays: money(row.valueMinor) },
      ...{ purchase: row.kind === 'PURCHASE' ? money(row.purchaseMinor) : null },
      ...{ capturedUnits: units(row.capturedUnits), captured: money(row.capturedMinor) },
      ...{ returnedUnits: units(row.returnedUnits), returned: money(row.returnedMinor) },
      ...{ authorisedAt: row.authorisedAt, expiresAt: row.expiresAt, resolvedAt: row.resolvedAt ?? null },
    });
  }
}

@ObjectType({ description: 'What a partner pays for units being redeemed at its till.', simpleResolvers: true })
export class AcceptanceFee {
  @Field(() => Money, { description: 'The fee.' })
  readonly fee!: Money;

  @Field(() => Money, { description: 'Tax on it.' })
  readonly tax!: Money;
}

@ObjectType({
  description: 'A part of a redemption that came from one lot: issued there, redeemed here.',
  simpleResolvers: true,
})
export class RedemptionLot {
  /** Partner number, 0 = the programme; not published. */
  readonly funderNo!: number;
  /** Not published. */
  readonly originId!: string | null;

  @Field(() => DecimalScalar, { description: 'Units of the lot that it holds or has used.' })
  readonly units!: string;

  @Field(() => Money, { description: 'What they were worth when they were issued.' })
  readonly value!: Money;

  @Field(() => DecimalScalar, { description: 'Of those, units that came back.' })
  readonly returnedUnits!: string;
}

export const RedemptionConnection = connectionOf('Redemption', () => Redemption);

@ObjectType({ description: 'The most units by one bound alone.', simpleResolvers: true })
export class RedemptionLimit {
  @Field(() => RedemptionLimitReasonEnum, { description: 'The bound.' })
  readonly reason!: LimitReason;

  @Field(() => DecimalScalar, { description: 'The most units by it.' })
  readonly units!: string;
}

export const RedemptionUserError = userErrorType<RedemptionErrorCode>('Redemption', REDEMPTION_ERRORS);
type RedemptionUserErrors = InstanceType<typeof RedemptionUserError>[];

@ObjectType({ description: 'How many units may pay for a purchase, and why not more.', simpleResolvers: true })
export class RedemptionQuote {
  @Field(() => DecimalScalar, { nullable: true, description: 'Units that may pay; zero when it is refused.' })
  readonly units?: string;

  @Field(() => Money, { nullable: true, description: 'What they pay.' })
  readonly pays?: Money;

  @Field(() => DecimalScalar, { nullable: true, description: 'Units the member could use.' })
  readonly balance?: string;

  @Field(() => [RedemptionLimit], { description: 'Every bound; the smallest decides.' })
  readonly limits!: RedemptionLimit[];

  @Field(() => RedemptionLimitReasonEnum, { nullable: true, description: 'The bound that decides.' })
  readonly because?: LimitReason;

  @Field(() => RedemptionRefusalEnum, {
    nullable: true,
    description: 'Why nothing may be redeemed; null when something may.',
  })
  readonly refused?: Refusal | null;

  @Field(() => [RedemptionUserError], { description: 'What is wrong with the question; empty when nothing is.' })
  readonly userErrors!: RedemptionUserErrors;
}

@InputType({ description: 'A purchase that units shall pay a part of.' })
export class RedemptionQuoteInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The partner at whose till it is; a partner itself may leave it out.',
  })
  partnerCode?: string | null;

  @Field(() => PayerInput, { nullable: true, description: 'Whose units; a member itself may leave it out.' })
  payer?: PayerInput | null;

  @Field(() => MoneyInput, { description: 'Price of the basket, before discounts and units.' })
  purchase!: MoneyInput;

  @Field(() => MoneyInput, { nullable: true, description: 'Discounts already on it; none when absent.' })
  discounts?: MoneyInput | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Exactly so many units; as many as may be when absent.' })
  units?: string | null;
}

@InputType({ description: 'A purchase for which units shall be held.' })
export class RedemptionAuthoriseInput extends RedemptionQuoteInput {
  @Field(() => String, {
    description:
      "The partner's own name of it, 1 to 64 characters: the same with the same contents has one answer, for ever.",
  })
  reference!: string;

  @Field(() => ChannelEnum, { nullable: true, description: 'Where it is asked for.' })
  channel?: Channel | null;

  @Field(() => ID, { nullable: true, description: 'The purchase, when it was submitted already.' })
  transactionId?: string | null;
}

@InputType({ description: 'Names a redemption and what of it is used; all of it when no part is named.' })
export class RedemptionCaptureInput extends IdempotentInput {
  @Field(() => ID, { description: 'The redemption.' })
  redemptionId!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'Only so many units; the rest goes back.' })
  units?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Only as many units as pay so much; instead of units.' })
  amount?: MoneyInput | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Price of what was delivered in the end; as authorised when absent.',
  })
  purchase?: MoneyInput | null;

  @Field(() => ID, { nullable: true, description: 'The purchase, when it was submitted by now.' })
  transactionId?: string | null;
}

@InputType({ description: 'Names a redemption to give up.' })
export class RedemptionVoidInput extends IdempotentInput {
  @Field(() => ID, { description: 'The redemption.' })
  redemptionId!: string;
}

@InputType({ description: 'Names a redemption whose basket comes back, whole or in part.' })
export class RedemptionReturnInput extends IdempotentInput {
  @Field(() => ID, { description: 'The redemption.' })
  redemptionId!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'So many units go back.' })
  units?: string | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description:
      'So much of the basket came back, at the prices before units: its share of the units goes back. Instead of units.',
  })
  amount?: MoneyInput | null;
}

@ObjectType({ description: 'The redemption as it is now, or why it was refused.', simpleResolvers: true })
export class RedemptionPayload {
  @Field(() => Redemption, { nullable: true, description: 'The redemption; null when it was refused.' })
  readonly redemption?: Redemption;

  @Field(() => [RedemptionUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: RedemptionUserErrors;
}
