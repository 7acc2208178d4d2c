/**
 * Journal entries of what happens to confirmed units (LEDGER 2: 6 to 15, 24, 26, 29 to 31, 35): one entry for one
 * event of a member's lots, so that the journal says what the lots say.
 *
 * One posting on a partner's position (1100) is one legal flow: what a redeemer is owed, what it pays for being
 * redeemed at, and what a funder is charged are postings of their own, also when they are the same partner.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import type { LotEvent, Move, RedeemedAt } from '../redemption/events.js';
import { type Funding, isBreakageReturned, isChargedWhenUsed } from '../redemption/lot.js';
import { type Part, sumOfParts } from '../redemption/part.js';
import { Account, type AccountCode } from './accounts.js';
import { clawBackKind, clawBackPostings } from './claw-back-postings.js';
import { EntryKind, type EntryKindCode, type JournalEntry, type Posting } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

export interface EntryOf {
  readonly memberNo: number;
  /** Message that caused it, when one did. */
  readonly sourceId?: string;
  /** The event's own day when absent. */
  readonly businessDate?: BusinessDate;
}

/** Party of accounts that are the programme's own. */
const PROGRAMME = 0;

export function lotEntry(event: LotEvent, { memberNo, sourceId, businessDate = event.on }: EntryOf): JournalEntry {
  const { kind, postings } = bookingOf(event, memberNo);
  return { kind, memberNo, businessDate, postings, ...(sourceId === undefined ? {} : { sourceId }) };
}

interface Booking {
  readonly kind: EntryKindCode;
  readonly postings: readonly Posting[];
}

function bookingOf(event: LotEvent, memberNo: number): Booking {
  const { moves } = event;
  const whole = sumOfParts(moves.map(({ part }) => part));
  /** Out of the member's available units, to where they went. */
  const available = (account: AccountCode, party: number): PostingSheet =>
    fromAvailable(memberNo, whole).credit(account, party, whole.units);
  switch (event.kind) {
    case 'AUTHORISED':
      return { kind: EntryKind.AUTHORISATION, postings: held(memberNo, whole, 1n) };
    case 'RELEASED':
      return { kind: EntryKind.RELEASE, postings: held(memberNo, whole, -1n) };
    case 'CAPTURED': {
      const at = redeemerOf(event);
      const { redeemerNo, valueMinor } = at;
      const sheet = new PostingSheet()
        .debit(Account.MEMBER_HELD, memberNo, whole.units)
        .credit(Account.REDEEMED, redeemerNo, whole.units)
        .debit(Account.LIABILITY_HELD, PROGRAMME, whole.valueMinor)
        .credit(Account.POSITION, redeemerNo, valueMinor)
        .credit(Account.REDEMPTION_SPREAD, PROGRAMME, whole.valueMinor - valueMinor);
      const postings = [...sheet.postings(), ...acceptanceFee(at, 1n), ...charges(moves)];
      return { kind: event.item ? EntryKind.ITEM : EntryKind.CAPTURE, postings };
    }
    case 'GIVEN_BACK': {
      const at = redeemerOf(event);
      const { redeemerNo, valueMinor } = at;
      const sheet = new PostingSheet()
        .debit(Account.REDEEMED, redeemerNo, whole.units)
        .credit(Account.MEMBER_AVAILABLE, memberNo, whole.units)
        .debit(Account.POSITION, redeemerNo, valueMinor)
        .debit(Account.REDEMPTION_SPREAD, PROGRAMME, whole.valueMinor - valueMinor)
        .credit(Account.LIABILITY_AVAILABLE, PROGRAMME, whole.valueMinor);
      return {
        kind: EntryKind.RETURN,
        postings: [...sheet.postings(), ...acceptanceFee(at, -1n), ...charges(moves, -1n)],
      };
    }
    case 'CASHED_OUT': {
      const sheet = available(Account.REDEEMED, event.bankNo).credit(Account.POSITION, event.bankNo, whole.valueMinor);
      return { kind: EntryKind.CASH_OUT, postings: [...sheet.postings(), ...charges(moves)] };
    }
    case 'DONATED': {
      const { charityNo } = event;
      const sheet = available(Account.REDEEMED, charityNo).credit(
        Account.DONATIONS_PAYABLE,
        charityNo,
        whole.valueMinor,
      );
      return { kind: EntryKind.DONATION, postings: [...sheet.postings(), ...charges(moves)] };
    }
    case 'EXPIRED': {
      const sheet = available(Account.EXPIRED, PROGRAMME);
      for (const { funding, part } of moves) sheet.credit(...breakage(funding), part.valueMinor);
      const used = moves.filter(({ funding }) => !isBreakageReturned(funding));
      return { kind: EntryKind.EXPIRY, postings: [...sheet.postings(), ...charges(used)] };
    }
    case 'FEE': {
      const sheet = available(Account.FEES, PROGRAMME).credit(Account.COMMISSION, PROGRAMME, whole.valueMinor);
      return { kind: EntryKind.DORMANCY_FEE, postings: [...sheet.postings(), ...charges(moves)] };
    }
    case 'WRITTEN_OFF': {
      const sheet = available(Account.EXPIRED, PROGRAMME).credit(Account.BREAKAGE, PROGRAMME, whole.valueMinor);
      return { kind: EntryKind.WIND_DOWN, postings: [...sheet.postings(), ...charges(moves)] };
    }
    case 'REPAID': {
      const { debtMinor } = event;
      const sheet = new PostingSheet()
        .debit(Account.LIABILITY_AVAILABLE, PROGRAMME, whole.valueMinor)
        .credit(Account.MEMBER_RECEIVABLE, memberNo, debtMinor)
        .credit(Account.GOODWILL, PROGRAMME, whole.valueMinor - debtMinor);
      return {
        kind: EntryKind.REPAYMENT,
        postings: [...repaidUnits(memberNo, whole.units), ...sheet.postings(), ...charges(moves)],
      };
    }
    case 'BORNE_REPAID': {
      const { by, funding, borneMinor } = event;
      // Whoever had borne it gets it back.
      const bearer: [AccountCode, number] =
        by === 'PROGRAMME' ? [Account.WRITE_OFFS, PROGRAMME] : [Account.POSITION, funding.funderNo];
      const sheet = available(Account.CLAWBACK_WRITTEN_OFF, PROGRAMME)
        .credit(...bearer, borneMinor)
        .credit(Account.GOODWILL, PROGRAMME, whole.valueMinor - borneMinor);
      return { kind: EntryKind.REPAYMENT, postings: [...sheet.postings(), ...charges(moves)] };
    }
    case 'CLAWED_BACK':
      return {
        kind: clawBackKind(event.shares),
        postings: [...clawBackPostings(event, memberNo), ...charges(moves.filter(({ to }) => to === 'spent'))],
      };
    case 'GRANTED': {
      const { units, valueMinor } = event.lot.issued;
      const sheet = new PostingSheet()
        .debit(Account.ISSUED, PROGRAMME, units)
        .credit(Account.MEMBER_AVAILABLE, memberNo, units)
        .debit(Account.GOODWILL, PROGRAMME, valueMinor)
        .credit(Account.LIABILITY_AVAILABLE, PROGRAMME, valueMinor);
      return { kind: EntryKind.GOODWILL, postings: sheet.postings() };
    }
    case 'TRANSFERRED': {
      const sheet = new PostingSheet()
        .debit(Account.MEMBER_AVAILABLE, memberNo, whole.units)
        .credit(Account.MEMBER_AVAILABLE, event.toMemberNo, whole.units);
      return { kind: EntryKind.TRANSFER, postings: sheet.postings() };
    }
    case 'DEBT_FORGIVEN': {
      const { units, valueMinor } = event.part;
      const sheet = new PostingSheet()
        .debit(Account.CLAWBACK_WRITTEN_OFF, PROGRAMME, units)
        .credit(Account.MEMBER_AVAILABLE, memberNo, units)
        .debit(Account.WRITE_OFFS, PROGRAMME, valueMinor)
        .credit(Account.MEMBER_RECEIVABLE, memberNo, valueMinor);
      return { kind: EntryKind.NEGATIVE_WRITTEN_OFF, postings: sheet.postings() };
    }
  }
}

function redeemerOf({ at }: { readonly at?: RedeemedAt }): RedeemedAt {
  invariant(at !== undefined, 'units that pay are captured by somebody');
  return at;
}

/** Units of the member that are used up, and the liability that goes with them; where both go is added. */
const fromAvailable = (memberNo: number, { units, valueMinor }: Part): PostingSheet =>
  new PostingSheet()
    .debit(Account.MEMBER_AVAILABLE, memberNo, units)
    .debit(Account.LIABILITY_AVAILABLE, PROGRAMME, valueMinor);

/** 9 and, with the other sign, 11. */
const held = (memberNo: number, { units, valueMinor }: Part, sign: bigint): Posting[] =>
  new PostingSheet()
    .debit(Account.MEMBER_AVAILABLE, memberNo, sign * units)
    .credit(Account.MEMBER_HELD, memberNo, sign * units)
    .debit(Account.LIABILITY_AVAILABLE, PROGRAMME, sign * valueMinor)
    .credit(Account.LIABILITY_HELD, PROGRAMME, sign * valueMinor)
    .postings();

/** What a redeemer pays for being redeemed at; given back with the sign -1. */
const acceptanceFee = ({ redeemerNo, feeMinor, feeTaxMinor }: RedeemedAt, sign: bigint): Posting[] =>
  new PostingSheet()
    .debit(Account.POSITION, redeemerNo, sign * (feeMinor + feeTaxMinor))
    .credit(Account.COMMISSION, redeemerNo, sign * feeMinor)
    .credit(Account.OUTPUT_TAX, redeemerNo, sign * feeTaxMinor)
    .postings();

/** 10R: what using units up costs those of their funders who settle at redemption; given back with the sign -1. */
function charges(moves: readonly Move[], sign = 1n): Posting[] {
  const charged = moves.filter(({ funding }) => isChargedWhenUsed(funding));
  return [...Map.groupBy(charged, ({ funding }) => funding.funderNo)].flatMap(([funderNo, ofFunder]) => {
    const { valueMinor, commissionMinor, taxMinor } = sumOfParts(ofFunder.map(({ part }) => part));
    return new PostingSheet()
      .debit(Account.POSITION, funderNo, sign * (valueMinor + commissionMinor + taxMinor))
      .credit(Account.FUNDING_PENDING, funderNo, sign * valueMinor)
      .credit(Account.COMMISSION, funderNo, sign * commissionMinor)
      .credit(Account.OUTPUT_TAX, funderNo, sign * taxMinor)
      .postings();
  });
}

/** Where the value of units goes that expire. */
function breakage(funding: Funding): [AccountCode, number] {
  if (!isBreakageReturned(funding)) return [Account.BREAKAGE, PROGRAMME];
  return [isChargedWhenUsed(funding) ? Account.FUNDING_PENDING : Account.POSITION, funding.funderNo];
}

/** A debt and the units that repay it cancel out in the member's balance; the entry names them all the same. */
const repaidUnits = (memberNo: number, units: bigint): Posting[] =>
  [units, -units].map((amount) => ({ book: 'REWARD', account: Account.MEMBER_AVAILABLE, party: memberNo, amount }));
