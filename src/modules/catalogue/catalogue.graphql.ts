/** The catalogue as the schema shows it, and what is sent in. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ItemKind } from '../../domain/catalogue/item.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { Rate } from '../../domain/money/rate.js';
import { storedRate } from '../../domain/partners/contract.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IDEMPOTENCY_KEY, IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, DateTimeScalar, DecimalScalar, RateScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { RedemptionNotation } from '../redemption/index.js';
import { PayerInput } from '../transactions/index.js';
import { CATALOGUE_ERRORS, type CatalogueErrorCode } from './catalogue.errors.js';
import type { ClaimRecord, ItemRecord } from './catalogue.sql.js';

export const CatalogueItemKindEnum = enumType<ItemKind>('CatalogueItemKind', 'What a member gets for units.', {
  DISCOUNT: 'A code that takes something off one purchase at the supplier.',
  GIFT: 'A thing that the supplier hands over or sends.',
  ACCESS: 'Use of something for a time.',
});

@ObjectType({
  implements: NodeInterface,
  description: 'Something that members get for units besides paying purchases.',
  simpleResolvers: true,
})
export class CatalogueItem extends NodeInterface {
  /** Not published. */
  readonly supplierNo!: number;

  @Field(() => String, { description: 'The programme whose units it costs.' })
  readonly programmeCode!: string;

  @Field(() => String, { description: 'Its code, unique in the programme.' })
  readonly code!: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => String, { description: 'What it is.' })
  readonly description!: string;

  @Field(() => CatalogueItemKindEnum, { description: 'What a member gets.' })
  readonly kind!: ItemKind;

  @Field(() => DecimalScalar, { description: 'What it costs, in units.' })
  readonly price!: string;

  @Field(() => String, { description: 'The unit of the programme.' })
  readonly unitCode!: string;

  @Field(() => BusinessDateScalar, { description: 'The first day on which it can be claimed.' })
  readonly claimableFrom!: BusinessDate;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'The last such day; null when there is none.' })
  readonly claimableUntil!: BusinessDate | null;

  @Field(() => Int, { nullable: true, description: 'How many can still be claimed; null when there is no bound.' })
  readonly left!: number | null;

  @Field(() => Money, { nullable: true, description: 'Discounts: the amount they take off.' })
  readonly discountAmount!: Money | null;

  @Field(() => RateScalar, { nullable: true, description: 'Discounts: the part of the price they take off.' })
  readonly discountRate!: Rate | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Discounts and access: days for which they are good, the day of the claim included.',
  })
  readonly validDays!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was withdrawn; null while it is offered.' })
  readonly withdrawnAt!: Date | null;

  static of(
    row: ItemRecord,
    { code: programmeCode, currencyCode, unitCode, unitScale }: RedemptionNotation,
  ): CatalogueItem {
    return Object.assign(new CatalogueItem(), {
      ...{ id: row.id, supplierNo: row.supplierNo, programmeCode, code: row.code, name: row.name, kind: row.kind },
      ...{ description: row.description, price: formatDecimal(row.priceUnits, unitScale), unitCode },
      ...{ claimableFrom: row.claimableFrom, claimableUntil: row.claimableUntil ?? null },
      ...{ left: row.stock == null ? null : row.stock - row.claimed, validDays: row.validDays ?? null },
      discountAmount: row.discountMinor == null ? null : toMoney(row.discountMinor, currencyCode),
      discountRate: row.discountRate == null ? null : storedRate(row.discountRate),
      withdrawnAt: row.withdrawnAt ?? null,
    });
  }
}

export const CatalogueItemConnection = connectionOf('CatalogueItem', () => CatalogueItem);

@ObjectType({ description: 'An item that a member has claimed.', simpleResolvers: true })
export class CatalogueClaim {
  /** Not published. */
  readonly row!: ClaimRecord;

  @Field(() => ID, { description: 'The id, which is that of its redemption too.' })
  readonly id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was claimed.' })
  readonly claimedAt!: Date;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Discounts and access: the last day; null for gifts.',
  })
  readonly validUntil!: BusinessDate | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "When a discount's code was used; null when it was not.",
  })
  readonly usedAt!: Date | null;

  static of(row: ClaimRecord): CatalogueClaim {
    const { id, claimedAt, validUntil = null, usedAt = null } = row;
    return Object.assign(new CatalogueClaim(), { row, id, claimedAt, validUntil, usedAt });
  }
}

export const CatalogueClaimConnection = connectionOf('CatalogueClaim', () => CatalogueClaim);

@ArgsType()
export class CatalogueArguments extends ConnectionArguments {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;
}

@InputType({ description: 'What a discount takes off: an amount or a part of the price.' })
export class CatalogueDiscountInput {
  @Field(() => MoneyInput, { nullable: true, description: 'So much.' })
  amount?: MoneyInput | null;

  @Field(() => RateScalar, { nullable: true, description: 'Such a part, at most 100 %.' })
  rate?: Rate | null;
}

@InputType({ description: 'A new item. But for its stock and its end it never changes.' })
export class CatalogueItemPublishInput extends IdempotentInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => String, { description: 'Its code, 1 to 63 small letters, digits and dashes.' })
  code!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is.' })
  description?: string | null;

  @Field(() => CatalogueItemKindEnum, { description: 'What a member gets.' })
  kind!: ItemKind;

  @Field(() => String, { description: 'The partner who delivers it and is paid for it.' })
  supplierCode!: string;

  @Field(() => DecimalScalar, { description: 'What it costs, in units.' })
  price!: string;

  @Field(() => BusinessDateScalar, { description: 'The first day on which it can be claimed.' })
  claimableFrom!: BusinessDate;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'The last such day; none when absent.' })
  claimableUntil?: BusinessDate | null;

  @Field(() => Int, { nullable: true, description: 'How many there are; no bound when absent.' })
  stock?: number | null;

  @Field(() => CatalogueDiscountInput, { nullable: true, description: 'For discounts.' })
  discount?: CatalogueDiscountInput | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For discounts and access: days for which they are good, 1 to 3660.',
  })
  validDays?: number | null;
}

@InputType({ description: 'Names an item and by how much its stock changes.' })
export class CatalogueItemRestockInput extends IdempotentInput {
  @Field(() => ID, { description: 'The item.' })
  itemId!: string;

  @Field(() => Int, { description: 'How many more; fewer when below zero.' })
  by!: number;
}

@InputType({ description: 'Names an item that is not to be offered any more.' })
export class CatalogueItemWithdrawInput {
  @Field(() => ID, { description: 'The item.' })
  itemId!: string;
}

@InputType({ description: 'Names an item and a member.' })
export class CatalogueAccessInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => String, { description: 'Code of the item.' })
  itemCode!: string;

  @Field(() => PayerInput, { nullable: true, description: 'The member; a member itself may leave it out.' })
  payer?: PayerInput | null;
}

@InputType({ description: 'Names an item and the member whose units pay for it.' })
export class CatalogueClaimInput extends CatalogueAccessInput {
  @Field(() => String, { description: IDEMPOTENCY_KEY })
  idempotencyKey!: string;
}

@InputType({ description: 'Names a claim whose code was lost.' })
export class DiscountCodeRenewInput {
  @Field(() => ID, { description: 'The claim.' })
  claimId!: string;
}

@InputType({ description: 'A code that a member shows at the till of its supplier.' })
export class DiscountCodeRedeemInput {
  @Field(() => String, { nullable: true, description: 'The supplier; a partner itself may leave it out.' })
  partnerCode?: string | null;

  @Field(() => String, { description: 'The code, as typed.' })
  code!: string;

  @Field(() => String, {
    description:
      "The supplier's own name of the purchase, 1 to 64 characters: asked again with it the answer is the same.",
  })
  reference!: string;
}

export const CatalogueUserError = userErrorType<CatalogueErrorCode>('Catalogue', CATALOGUE_ERRORS);
type CatalogueUserErrors = InstanceType<typeof CatalogueUserError>[];

@ObjectType({ description: 'The item, or why it was refused.', simpleResolvers: true })
export class CatalogueItemPayload {
  @Field(() => CatalogueItem, { nullable: true, description: 'The item; null when it was refused.' })
  readonly item?: CatalogueItem;

  @Field(() => [CatalogueUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: CatalogueUserErrors;
}

@ObjectType({ description: 'The claim, or why it was refused.', simpleResolvers: true })
export class CatalogueClaimPayload {
  @Field(() => CatalogueClaim, { nullable: true, description: 'The claim; null when it was refused.' })
  readonly claim?: CatalogueClaim;

  @Field(() => String, {
    nullable: true,
    description: 'The code of a discount, told this once and kept nowhere; see discountCodeRenew when it is lost.',
  })
  readonly code?: string | undefined;

  @Field(() => [CatalogueUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: CatalogueUserErrors;
}

@ObjectType({ description: 'Whether a member has access to an item today.', simpleResolvers: true })
export class CatalogueAccess {
  @Field(() => BusinessDateScalar, { nullable: true, description: 'Its last day; null when there is none today.' })
  readonly until?: BusinessDate | undefined;

  @Field(() => [CatalogueUserError], { description: 'What is wrong with the question; empty when nothing is.' })
  readonly userErrors!: CatalogueUserErrors;
}
