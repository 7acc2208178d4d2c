/**
 * The words of redemption: how long units last and what they may pay for.
 *
 * Units are steps of the programme's reward unit, money is minor units.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Rate } from '../money/rate.js';

/** Which lots are used first: in the order they became available, or the one that expires earliest. */
export const CONSUMPTION_ORDERS = ['AVAILABLE_FIRST', 'EXPIRES_FIRST'] as const;

export interface RedemptionTerms {
  readonly expiry: LotExpiry;
  readonly order: (typeof CONSUMPTION_ORDERS)[number];
  /** Most of a purchase that units may pay, discounts on it included when `discountsCount`. */
  readonly maxShare: Rate;
  readonly discountsCount: boolean;
  /** Least that is paid in own money. */
  readonly minimumOwnMinor: bigint;
  /** Least units in one redemption. */
  readonly minimumUnits: bigint;
  /** Money minor units that one step is worth when it is redeemed. */
  readonly priceMinor: Rate;
  /** Units that a returned basket gives back live at least this long, or to their old expiry if that is later. */
  readonly returnGraceDays: number;
  /** Hours after which units go back that were set aside and that nobody captured. */
  readonly authorisationHours: number;
  /** Days before its units expire that a member is told; 0 is never. */
  readonly noticeDays: number;
  /** What units may do besides paying; what is absent or false they may not. */
  readonly cashOut?: OutflowLimits;
  readonly transfer?: OutflowLimits;
  readonly donation: boolean;
  readonly dormancy?: DormancyFee;
  readonly windDown?: WindDown;
}

/**
 * The first day on which a lot is no longer there. DAYS and MONTHS count from becoming available (the default)
 * or from the accrual; END_OF_MONTH and END_OF_YEAR end with the n-th month or year after that one (0 = the
 * same); ROLLING counts from the member's last activity.
 */
export type LotExpiry =
  | { readonly kind: 'NEVER' }
  | {
      readonly kind: 'DAYS' | 'MONTHS' | 'END_OF_MONTH' | 'END_OF_YEAR';
      readonly count: number;
      readonly from: 'AVAILABLE' | 'ACCRUAL';
    }
  | { readonly kind: 'ROLLING'; readonly days: number };

/** The most that one member moves out, in units; no bound where there is none. */
export interface OutflowLimits {
  readonly perDayUnits?: bigint;
  readonly perMonthUnits?: bigint;
  /** More than this at once waits until somebody has looked at it. */
  readonly holdAboveUnits?: bigint;
}

/** Taken every month from the first day after `afterDays` days without activity; never below zero. */
export interface DormancyFee {
  readonly afterDays: number;
  readonly feeUnits: bigint;
}

/** The end of a programme: no earning from the first day on, redemption to the last, then what is left is written off. */
export interface WindDown {
  readonly earningEnds: BusinessDate;
  readonly redemptionUntil: BusinessDate;
}
