/** What keeps a member from being erased: money and units that are still open. Each reason names the way out. */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Failure } from '../kernel/result.js';

export type OpenMoneyCode =
  | 'PENDING_UNITS'
  | 'HELD_UNITS'
  | 'AVAILABLE_UNITS'
  | 'OPEN_DEBT'
  | 'OPEN_ADJUSTMENT'
  | 'OPEN_PAYOUT';

export interface OpenMoney {
  readonly pendingUnits: bigint;
  /** The day on which the last of them becomes available. */
  readonly pendingUntil: BusinessDate | null;
  readonly heldUnits: bigint;
  readonly availableUnits: bigint;
  readonly receivableMinor: bigint;
  readonly openDebts: number;
  readonly openAdjustments: number;
  /** Cash-outs that the bank has not paid yet. */
  readonly openPayouts: number;
}

/** Every reason at once; none when the member can be erased. `forfeit` gives available units up. */
export function whatKeeps(money: OpenMoney, forfeit: boolean): Failure<OpenMoneyCode>[] {
  const {
    pendingUnits,
    pendingUntil,
    heldUnits,
    availableUnits,
    receivableMinor,
    openDebts,
    openAdjustments,
    openPayouts,
  } = money;
  const reasons: Failure<OpenMoneyCode>[] = [];
  const keep = (code: OpenMoneyCode, message: string): void => void reasons.push({ code, message, field: 'memberId' });
  if (pendingUnits > 0n) {
    keep(
      'PENDING_UNITS',
      `Rewards are on hold${pendingUntil === null ? '' : ` until ${pendingUntil}`}; erase the member when they have become available.`,
    );
  }
  if (heldUnits > 0n)
    keep('HELD_UNITS', 'Units are held for redemptions or reviews; let those be captured, voided or decided first.');
  if (availableUnits > 0n && !forfeit) {
    keep(
      'AVAILABLE_UNITS',
      'The member has units to spend; let it spend, cash out or donate them, or give them up with forfeitUnits.',
    );
  }
  if (availableUnits < 0n || receivableMinor > 0n || openDebts > 0)
    keep('OPEN_DEBT', 'The member owes what refunds took back; let it be repaid, or write it off by an adjustment.');
  if (openAdjustments > 0)
    keep('OPEN_ADJUSTMENT', 'An adjustment of the member waits for a second person; decide on it first.');
  if (openPayouts > 0)
    keep('OPEN_PAYOUT', 'A bank has still to pay a cash-out of the member; wait until it has answered.');
  return reasons;
}
