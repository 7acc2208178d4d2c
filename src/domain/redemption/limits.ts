/**
 * How many units may pay for a purchase, with every bound named, so that a till can say which one it was.
 */
import { applyRate, divideRounded } from '../money/rounding.js';
import type { RedemptionTerms } from './model.js';

export interface RedemptionWish {
  /** Price of the basket before discounts and units. */
  readonly purchaseMinor: bigint;
  /** Discounts already on it. */
  readonly discountMinor: bigint;
  readonly unitsWanted: bigint;
  /** Units there are to use. */
  readonly balance: bigint;
}

/** In the order in which one of several equal bounds is named. */
export const LIMIT_REASONS = ['BALANCE', 'MAX_SHARE', 'MINIMUM_OWN', 'WANTED'] as const;
export type LimitReason = (typeof LIMIT_REASONS)[number];

export interface RedemptionLimit {
  readonly reason: LimitReason;
  /** Most units by this bound alone. */
  readonly units: bigint;
}

export const REFUSALS = ['REDEMPTION_ENDED', 'BELOW_MINIMUM', 'NOTHING_TO_REDEEM'] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface Redeemable {
  /** Zero when refused. */
  readonly units: bigint;
  /** What the units pay, minor units. */
  readonly paysMinor: bigint;
  readonly limits: readonly RedemptionLimit[];
  /** The smallest of the limits. */
  readonly because: LimitReason;
  readonly refused?: Refusal;
}

/** A basket of 1,500 with up to 99 % and at least 1 of own money takes 1,485 of 5,000 units. */
export function redeemable(wish: RedemptionWish, terms: RedemptionTerms): Redeemable {
  const { purchaseMinor, discountMinor, unitsWanted, balance } = wish;
  const open = purchaseMinor - discountMinor;
  // "Up to 50 %, discounts included": of the price before them, and they use up a part of it.
  const share = terms.discountsCount
    ? applyRate(purchaseMinor, terms.maxShare, 'FLOOR') - discountMinor
    : applyRate(open, terms.maxShare, 'FLOOR');
  const bounds: Record<LimitReason, bigint> = {
    BALANCE: atLeastZero(balance),
    MAX_SHARE: unitsFor(share, terms),
    MINIMUM_OWN: unitsFor(open - terms.minimumOwnMinor, terms),
    WANTED: atLeastZero(unitsWanted),
  };
  const limits = LIMIT_REASONS.map((reason) => ({ reason, units: bounds[reason] }));
  const tightest = limits.reduce((least, limit) => (limit.units < least.units ? limit : least));
  const { units, reason: because } = tightest;
  if (units > 0n && units >= terms.minimumUnits) return { units, paysMinor: worthOf(units, terms), limits, because };
  const refused = units > 0n ? 'BELOW_MINIMUM' : 'NOTHING_TO_REDEEM';
  return { units: 0n, paysMinor: 0n, limits, because, refused };
}

/** More than anybody has. */
const ALL = 1n << 62n;

/** The most that may be used for it, whatever the member has; as many as may be where nothing is wanted. */
export const mostFor = (
  wish: Pick<RedemptionWish, 'purchaseMinor' | 'discountMinor'> & { readonly unitsWanted?: bigint | undefined },
  terms: RedemptionTerms,
): bigint => redeemable({ ...wish, unitsWanted: wish.unitsWanted ?? ALL, balance: ALL }, terms).units;

/** Money minor units that units pay. */
export const worthOf = (units: bigint, { priceMinor }: RedemptionTerms): bigint =>
  applyRate(units, priceMinor, 'HALF_EVEN');

/** Most units that are worth no more than the amount. */
function unitsFor(amountMinor: bigint, { priceMinor }: RedemptionTerms): bigint {
  if (amountMinor <= 0n || priceMinor.numerator === 0n) return 0n;
  return divideRounded(amountMinor * priceMinor.denominator, priceMinor.numerator, 'FLOOR');
}

const atLeastZero = (units: bigint): bigint => (units < 0n ? 0n : units);
