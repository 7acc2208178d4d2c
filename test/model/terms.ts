/** What the programme and its partners have agreed, as far as the ledger goes by it. Days are numbers. */
import { ONE, type Rate, rate, ZERO_RATE } from '../../src/domain/money/rate.js';

/** Days since 1970-01-01. */
export type Day = number;

/** The same day of a later month, or that month's last one. */
export function monthsAfter(day: Day, months: number): Day {
  const date = new Date(day * 86_400_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  return Math.min(Date.UTC(year, month, date.getUTCDate()), Date.UTC(year, month + 1, 0)) / 86_400_000;
}

export const yearOf = (day: Day): number => new Date(day * 86_400_000).getUTCFullYear();

/** Party that pays without a contract: the programme itself. */
export const PRG = 'PRG';

export interface Contract {
  /** Whether a funder is charged when a reward is confirmed, or when its units are used up. */
  readonly settles: 'AT_ISSUANCE' | 'AT_REDEMPTION';
  /** Of the value a funder is charged, and the tax on it. */
  readonly commission: Rate;
  /** Whether each accrual carries its commission, or a whole statement does, where it is rounded once. */
  readonly commissionPer: 'ACCRUAL' | 'STATEMENT';
  readonly tax: Rate;
  readonly refundReturnsCommission: boolean;
  /** Who keeps what expires. */
  readonly breakage: 'PROGRAMME' | 'FUNDER';
  /** What happens to units that are clawed back and already spent: rows 7, 7b, 7c. */
  readonly clawback: 'MEMBER_OWES' | 'MERCHANT_BEARS' | 'PROGRAMME_BEARS';
  /** Most units that are borne by 7b or 7c per member and year; beyond it the member owes. */
  readonly clawbackLimit: bigint;
  /** Money minor units that a redeemer gets for a unit. */
  readonly redemptionPrice: Rate;
  /** Of what it gets. */
  readonly acceptanceFee: Rate;
  readonly returnsAcceptanceFee: boolean;
  readonly minimumPayout: bigint;
  /** Its rewards are paid from a block that it bought before; what that does not hold, it does not give. */
  readonly prepaid: boolean;
  /** In which what was settled is paid, when it is not the programme's own. */
  readonly currency?: Currency;
}

/** The programme's own, and one that partners may be settled in. */
export type Currency = 'EUR' | 'USD';
export const OWN: Currency = 'EUR';

/** What one of the programme's currency is worth in the other one, as published at the end of a day. */
export const rateOf = (day: Day): Rate => rate(100n + BigInt(day % 13), 100n);

/** The terms of the worked example. */
export const CONTRACT: Contract = {
  settles: 'AT_ISSUANCE',
  commission: rate(1n, 10n),
  commissionPer: 'ACCRUAL',
  tax: rate(1n, 5n),
  refundReturnsCommission: true,
  breakage: 'PROGRAMME',
  clawback: 'MEMBER_OWES',
  clawbackLimit: 0n,
  redemptionPrice: ONE,
  acceptanceFee: ZERO_RATE,
  returnsAcceptanceFee: true,
  minimumPayout: 0n,
  prepaid: false,
};

export interface Terms {
  /** Money minor units of one unit when it is issued. */
  readonly price: Rate;
  readonly holdDays: number;
  /** Days a lot lives from becoming available; for ever when absent. */
  readonly livesDays?: number;
  readonly order: 'AVAILABLE_FIRST' | 'EXPIRES_FIRST';
  /** Least life of units that a returned basket gives back. */
  readonly graceDays: number;
  /** Taken from whoever has not earned or redeemed for so many days, on the day after and on that day of each month. */
  readonly dormancy?: { readonly afterDays: number; readonly fee: bigint };
  /** First day on which nothing is earned any more. */
  readonly earnsUntil?: Day;
  /** First day on which nothing can be redeemed any more and what is left is written off. */
  readonly endsOn?: Day;
}

export const TERMS: Terms = { price: ONE, holdDays: 3, order: 'AVAILABLE_FIRST', graceDays: 30 };
