/** What an item of the catalogue is, and what is wrong with it before it is published. */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { compareRates, ONE, type Rate, ZERO_RATE } from '../money/rate.js';

export const ITEM_KINDS = ['DISCOUNT', 'GIFT', 'ACCESS'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

export interface Item {
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly kind: ItemKind;
  readonly priceUnits: bigint;
  /** Both inclusive; without a last one it is offered until it is withdrawn. */
  readonly claimableFrom: BusinessDate;
  readonly claimableUntil?: BusinessDate | undefined;
  /** No bound when absent. */
  readonly stock?: number | undefined;
  /** DISCOUNT: one of an amount and a part of the price. */
  readonly discountMinor?: bigint | undefined;
  readonly discountRate?: Rate | undefined;
  /** DISCOUNT and ACCESS: days from the claim on, that one included. */
  readonly validDays?: number | undefined;
}

export type ItemErrorCode =
  | 'MALFORMED_ITEM_CODE'
  | 'NAME_NOT_OF_LENGTH'
  | 'UNITS_NOT_POSITIVE'
  | 'FIELD_NOT_OF_KIND'
  | 'DISCOUNT_OUT_OF_RANGE'
  | 'DAYS_OUT_OF_RANGE'
  | 'DAYS_OUT_OF_ORDER'
  | 'STOCK_OUT_OF_RANGE';

const CODE = /^[a-z0-9][a-z0-9-]{0,62}$/;
const LONGEST_NAME = 200;
const LONGEST_DESCRIPTION = 2_000;
const MOST_DAYS = 3_660;
export const MOST_STOCK = 1_000_000_000;

/** The first fault in the order of the fields. */
export function checkItem(item: Item): Result<undefined, ItemErrorCode> {
  const { code, name, description, priceUnits, claimableFrom, claimableUntil, stock } = item;
  if (!CODE.test(code))
    return fail(
      'MALFORMED_ITEM_CODE',
      'A code is 1 to 63 small letters, digits and dashes, such as "mug-2026".',
      'code',
    );
  if (name.trim() === '' || name.length > LONGEST_NAME)
    return fail('NAME_NOT_OF_LENGTH', `Give a name of 1 to ${LONGEST_NAME} characters.`, 'name');
  if (description.length > LONGEST_DESCRIPTION)
    return fail('NAME_NOT_OF_LENGTH', `Describe it in at most ${LONGEST_DESCRIPTION} characters.`, 'description');
  if (priceUnits <= 0n) return fail('UNITS_NOT_POSITIVE', 'Give a price above zero.', 'price');
  if (claimableUntil !== undefined && claimableUntil < claimableFrom)
    return fail('DAYS_OUT_OF_ORDER', 'The last day must not be before the first.', 'claimableUntil');
  if (stock !== undefined && (stock < 0 || stock > MOST_STOCK))
    return fail('STOCK_OUT_OF_RANGE', `Give a stock of 0 to ${MOST_STOCK}, or leave it out for no bound.`, 'stock');
  return checkKind(item);
}

function checkKind({ kind, discountMinor, discountRate, validDays }: Item): Result<undefined, ItemErrorCode> {
  const discounts = [discountMinor, discountRate].filter((each) => each !== undefined).length;
  if (discounts !== (kind === 'DISCOUNT' ? 1 : 0)) {
    return fail(
      'FIELD_NOT_OF_KIND',
      'A discount takes off either an amount or a part of the price; other items take off nothing.',
      'discount',
    );
  }
  if ((validDays === undefined) !== (kind === 'GIFT')) {
    return fail(
      'FIELD_NOT_OF_KIND',
      'Discounts and access need the days for which they are good; gifts have none.',
      'validDays',
    );
  }
  if (discountMinor !== undefined && discountMinor <= 0n)
    return fail('DISCOUNT_OUT_OF_RANGE', 'Take off an amount above zero.', 'discount.amount');
  if (discountRate !== undefined && (compareRates(discountRate, ZERO_RATE) <= 0 || compareRates(discountRate, ONE) > 0))
    return fail('DISCOUNT_OUT_OF_RANGE', 'Take off more than nothing and at most 100 %.', 'discount.rate');
  if (validDays !== undefined && (validDays < 1 || validDays > MOST_DAYS))
    return fail('DAYS_OUT_OF_RANGE', `Give 1 to ${MOST_DAYS} days.`, 'validDays');
  return ok(undefined);
}

/** Last day of what is claimed on a day: one day is good for that day alone. */
export const lastDayOf = (claimedOn: BusinessDate, validDays: number): BusinessDate =>
  addDays(claimedOn, validDays - 1);

/** Whether the item is offered on the day. */
export const isOffered = (
  {
    claimableFrom,
    claimableUntil,
  }: { readonly claimableFrom: BusinessDate; readonly claimableUntil?: BusinessDate | null | undefined },
  date: BusinessDate,
): boolean => claimableFrom <= date && (claimableUntil == null || date <= claimableUntil);
