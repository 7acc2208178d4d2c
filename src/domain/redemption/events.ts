/**
 * What has happened to a member's lots, in order: one event for one journal entry, with all that entry needs.
 * Storage and journal both follow from this list, so that they cannot say different things.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Funding, Lot, Pot } from './lot.js';
import type { Part } from './part.js';

/** A part of a lot went from one pot to another. */
export interface Move {
  readonly lotId: string;
  readonly funding: Funding;
  readonly from: Pot;
  readonly to: Pot;
  readonly part: Part;
}

/** What a redeemer is owed for the units, and what it pays for being redeemed at. Minor units, >= 0. */
export interface RedeemedAt {
  /** Partner number. */
  readonly redeemerNo: number;
  readonly valueMinor: bigint;
  readonly feeMinor: bigint;
  readonly feeTaxMinor: bigint;
}

/** Who bears a refund whose units are spent, instead of the member (LEDGER 2: 7b, 7c). */
export type Bearer = 'FUNDER' | 'PROGRAMME';

/** One funder's part of a refund. */
export interface ClawedShare {
  readonly funding: Funding;
  /** What the funder is given back: units and value of the refund, and the commission that is returned. */
  readonly returned: Part;
  /** From its own lots of the purchase. */
  readonly own: Part;
  /** Had left unused: their expiry or write-off is reversed, the member loses nothing. */
  readonly unused: Part;
  /** Spent, and replaced by other units of the member: those units and what they are worth. */
  readonly others: Part;
  /** Spent, and owed. */
  readonly debt: Part;
  /** Spent, and borne by somebody else. */
  readonly borne?: { readonly by: Bearer; readonly part: Part };
}

interface Happening {
  readonly on: BusinessDate;
  readonly moves: readonly Move[];
}

export type LotEvent = Happening &
  (
    | { readonly kind: 'AUTHORISED' | 'RELEASED'; readonly redemptionId: string }
    /** Without `at` in books that know no redeemer. */
    | { readonly kind: 'CAPTURED'; readonly redemptionId: string; readonly item: boolean; readonly at?: RedeemedAt }
    | { readonly kind: 'GIVEN_BACK'; readonly redemptionId: string; readonly at?: RedeemedAt }
    | { readonly kind: 'CASHED_OUT'; readonly redemptionId: string; readonly bankNo: number }
    | { readonly kind: 'DONATED'; readonly redemptionId: string; readonly charityNo: number }
    | { readonly kind: 'EXPIRED' | 'FEE' | 'WRITTEN_OFF' }
    /** Units that became available repaid debts worth so much. */
    | { readonly kind: 'REPAID'; readonly debtMinor: bigint }
    /** Units of a returned basket repaid what somebody else had borne for them. */
    | { readonly kind: 'BORNE_REPAID'; readonly by: Bearer; readonly funding: Funding; readonly borneMinor: bigint }
    | { readonly kind: 'CLAWED_BACK'; readonly origin: string; readonly shares: readonly ClawedShare[] }
    /** Units that nobody earned, at the programme's cost. */
    | { readonly kind: 'GRANTED'; readonly lot: Lot }
    | { readonly kind: 'TRANSFERRED'; readonly toMemberNo: number }
    /** The member need not repay them any more. */
    | { readonly kind: 'DEBT_FORGIVEN'; readonly part: Part }
  );
export type LotEventKind = LotEvent['kind'];
