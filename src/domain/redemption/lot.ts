/**
 * A lot: units that came in together, with their price, their funder and their last day, and what has become of them.
 *
 * Its pots always add up to what was issued; units only move from one pot to another.
 */
import type { ContractTerms } from '../earning/model.js';
import { addDays, type BusinessDate, endOfMonth } from '../kernel/calendar.js';
import type { SettlementTerms } from '../partners/settlement-terms.js';
import type { LotExpiry } from './model.js';
import { addMonths, later, startOfYearAfter } from './months.js';
import { addParts, minusPart, NO_PART, type Part, partOf } from './part.js';

/**
 * left: pending or available. reserved: held by an authorised redemption. spent: redeemed, taken as a fee, or
 * used up for a debt. movedOn: lives on as another lot, because it came back from a redemption after its last day,
 * or because another member has it.
 */
export const POTS = ['left', 'reserved', 'spent', 'expired', 'writtenOff', 'clawedBack', 'movedOn'] as const;
export type Pot = (typeof POTS)[number];

/** Who paid for the units, and how the contract of their accrual settles them. */
export interface Funding {
  /** Partner number; 0 = the programme. */
  readonly funderNo: number;
  /** Small integer of that contract's version; absent when the programme pays. */
  readonly contractNo?: number;
  readonly model: ContractTerms['model'];
  readonly breakageOwner: SettlementTerms['breakageOwner'];
}

export const PROGRAMME_FUNDED: Funding = { funderNo: 0, model: 'SETTLE_AT_ISSUANCE', breakageOwner: 'PROGRAMME' };

/** Whether its funder is charged when units are used up, instead of when they were confirmed (LEDGER 2: 10R). */
export const isChargedWhenUsed = ({ funderNo, model }: Funding): boolean =>
  funderNo !== 0 && model === 'SETTLE_AT_REDEMPTION';

/** Whether the value of units that expire goes back to who paid for them. */
export const isBreakageReturned = ({ funderNo, breakageOwner }: Funding): boolean =>
  funderNo !== 0 && breakageOwner === 'FUNDER';

export interface Lot extends Readonly<Record<Pot, Part>> {
  readonly id: string;
  /** What it was earned by. */
  readonly origin: string;
  /** The lot whose units live on in this one; its own id for a lot that was credited. */
  readonly root: string;
  readonly funding: Funding;
  readonly accruedOn: BusinessDate;
  readonly availableOn: BusinessDate;
  /** First day on which it is gone; absent when it never goes, or only with the member's activity (ROLLING). */
  readonly expiresOn?: BusinessDate;
  readonly issued: Part;
}

export interface NewLot {
  readonly id: string;
  /** The lot's own id when absent. */
  readonly origin?: string;
  readonly root?: string;
  /** The programme when absent. */
  readonly funding?: Funding;
  readonly units: bigint;
  readonly valueMinor: bigint;
  /** What its funder owes on top; nothing when absent. */
  readonly commissionMinor?: bigint;
  readonly taxMinor?: bigint;
  readonly accruedOn: BusinessDate;
  /** The day it was accrued when absent. */
  readonly availableOn?: BusinessDate;
  /** Instead of the day that the programme's terms give. */
  readonly expiresOn?: BusinessDate;
}

export function openLot(fresh: NewLot, expiry: LotExpiry): Lot {
  const { id, origin = id, root = id, funding = PROGRAMME_FUNDED, accruedOn, availableOn = accruedOn } = fresh;
  const expiresOn = fresh.expiresOn ?? expiryDay(expiry, accruedOn, availableOn);
  const { units, valueMinor, commissionMinor = 0n, taxMinor = 0n } = fresh;
  const issued = { units, valueMinor, commissionMinor, taxMinor };
  return {
    ...{ id, origin, root, funding, accruedOn, availableOn, issued, left: issued },
    ...{ reserved: NO_PART, spent: NO_PART, expired: NO_PART, writtenOff: NO_PART },
    ...{ clawedBack: NO_PART, movedOn: NO_PART },
    ...(expiresOn === undefined ? {} : { expiresOn }),
  };
}

/** A part of a lot that lives on by itself, with the same price, funder and days unless `changes` say otherwise. */
export const splitOff = (lot: Lot, id: string, part: Part, changes: Partial<Lot> = {}): Lot => ({
  ...lot,
  ...{ id, issued: part, left: part, reserved: NO_PART, spent: NO_PART, expired: NO_PART, writtenOff: NO_PART },
  ...{ clawedBack: NO_PART, movedOn: NO_PART },
  ...changes,
});

/** The first day on which a lot is gone, as far as the lot alone tells: 180 days from day 14 end on day 194. */
export function expiryDay(
  expiry: LotExpiry,
  accruedOn: BusinessDate,
  availableOn: BusinessDate,
): BusinessDate | undefined {
  if (expiry.kind === 'NEVER' || expiry.kind === 'ROLLING') return undefined;
  const start = expiry.from === 'ACCRUAL' ? accruedOn : availableOn;
  switch (expiry.kind) {
    case 'DAYS':
      return addDays(start, expiry.count);
    case 'MONTHS':
      return addMonths(start, expiry.count);
    case 'END_OF_MONTH':
      return addDays(endOfMonth(addMonths(start, expiry.count)), 1);
    case 'END_OF_YEAR':
      return startOfYearAfter(start, expiry.count + 1);
  }
}

/** The same with the member's last activity: a rolling expiry moves with it, and never shortens a lot's own day. */
export function goneOn(
  lot: Lot,
  expiry: LotExpiry,
  lastActivityOn: BusinessDate | undefined,
): BusinessDate | undefined {
  if (expiry.kind !== 'ROLLING') return lot.expiresOn;
  return later(lot.expiresOn, addDays(later(lastActivityOn, lot.accruedOn), expiry.days));
}

export type LotState = 'PENDING' | 'AVAILABLE' | 'EXPIRED';

/** On a day. What is not available yet is pending, even if its last day has passed. */
export function lotState(
  lot: Lot,
  date: BusinessDate,
  expiry: LotExpiry,
  lastActivityOn: BusinessDate | undefined,
): LotState {
  if (date < lot.availableOn) return 'PENDING';
  const gone = goneOn(lot, expiry, lastActivityOn);
  return gone !== undefined && gone <= date ? 'EXPIRED' : 'AVAILABLE';
}

/** What the lot was issued less what was clawed back: what its parts are parts of. */
export const wholeOf = ({ issued, clawedBack }: Lot): Part => minusPart(issued, clawedBack);

/** The lot with a part of one pot in another one. */
export const moved = (lot: Lot, from: Pot, to: Pot, part: Part): Lot => ({
  ...lot,
  [from]: minusPart(lot[from], part),
  [to]: addParts(lot[to], part),
});

/** What the next `units` of a pot carry. What is left goes by the whole lot, the other pots by what is in them. */
export const nextOf = (lot: Lot, pot: Pot, units: bigint): Part =>
  partOf(pot === 'left' ? wholeOf(lot) : lot[pot], lot[pot], units);
