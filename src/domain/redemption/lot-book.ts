/**
 * One member's lots, driven step by step: what `programme check` runs examples through, and what a test reads.
 *
 *   const book = new LotBook(terms.redemption);
 *   book.credit({ id: 'opening', units: 5000n, valueMinor: 5000n, accruedOn: day });            // available at once
 *   book.credit({ id: 'p1', units, valueMinor, accruedOn: day, availableOn: addDays(day, terms.holdDays) });
 *   const { units, paysMinor, because, refused } =
 *     book.redeem({ id: 'r1', date, purchaseMinor, discountMinor: 0n, unitsWanted });            // expect.redeemed
 *   book.giveBack('r1', { returnedMinor }, date).units;       // that basket is returned, wholly or in part
 *   book.clawBack('p1', units, date);                         // what refund of p1 takes back of its reward
 *   const { expired, fees, writtenOff } = book.advanceTo(day);                                  // `on: day`
 *   book.available(day); book.pending(day);                   // balances on a day, nothing moves
 *
 * Units are steps of the reward unit. Value is at issue price: units x unit.priceMinor, half-even. Several
 * credits of one purchase share an `origin` and are clawed back by it; without one the id is the origin.
 * Crediting and redeeming are activity; call `act` for a purchase that earned nothing. A refund and a day are
 * none. Every step first lets the days up to its own pass; a step dated before the one before it happens on
 * that later day. `advanceTo` tells what has left since it was last called, during the other steps too.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { advance, settle } from './advance.js';
import { clawBack, type TakenBack } from './claw-back.js';
import type { LotEvent, LotEventKind } from './events.js';
import { giveBack, type ReturnedPart } from './give-back.js';
import type { Redeemable } from './limits.js';
import { type Lot, type NewLot, openLot } from './lot.js';
import { type MemberLots, NO_LOTS } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { addParts, minusPart, NO_PART, type Part, partOf, sumOfParts } from './part.js';
import { acted, authorise, available, capture, type RedemptionRequest, release } from './redeem.js';

/** Units that left by themselves. */
export interface Happened {
  readonly expired: bigint;
  readonly fees: bigint;
  readonly writtenOff: bigint;
}

/** Where the units of a refund came from; together what was asked for. */
export interface ClawedBack {
  readonly own: Part;
  readonly unused: Part;
  readonly others: Part;
  readonly debt: Part;
}

export class LotBook {
  private member: MemberLots = NO_LOTS;
  /** How many events `advanceTo` has told of. */
  private told = 0;
  /** Lot -> what refunds have taken back of it, wherever that came from. */
  private readonly takenBack = new Map<string, Part>();
  private ids = 0;

  constructor(private readonly terms: RedemptionTerms) {}

  /** The books as they stand: plain data. */
  get lots(): MemberLots {
    return this.member;
  }

  /** Units come in. What is available repays debts at once, and what is pending when it becomes available. */
  credit(lot: NewLot): void {
    invariant(
      this.member.lots.every(({ id }) => id !== lot.id),
      'a lot is credited once',
    );
    this.member = advance(this.member, lot.accruedOn, this.terms);
    const lots = [...this.member.lots, openLot(lot, this.terms.expiry)];
    this.member = settle(acted({ ...this.member, lots }, lot.accruedOn), this.terms);
  }

  /** Activity that earned and redeemed nothing. */
  act(date: BusinessDate): void {
    this.member = advance(this.member, date, this.terms);
    this.member = acted(this.member, date);
  }

  /** Takes back `units` of what an origin was credited: its own first, then others', the rest is owed. */
  clawBack(origin: string, units: bigint, date: BusinessDate): ClawedBack {
    const before = advance(this.member, date, this.terms);
    let open = units;
    const taken = before.lots
      .filter((lot) => lot.origin === origin && lot.id === lot.root)
      .map((lot) => {
        const back = this.takeBack(lot, open);
        open -= back.units;
        return back;
      });
    invariant(open === 0n, 'no more is clawed back than was credited');
    const { newId } = this;
    this.member = clawBack(before, { origin, taken, newId }, this.terms);
    const event = this.member.events.at(-1);
    const shares = event?.kind === 'CLAWED_BACK' ? event.shares : [];
    const all = (of: keyof ClawedBack): Part => sumOfParts(shares.map((share) => share[of]));
    return { own: all('own'), unused: all('unused'), others: all('others'), debt: all('debt') };
  }

  private takeBack({ id, funding, issued }: Lot, most: bigint): TakenBack {
    const before = this.takenBack.get(id) ?? NO_PART;
    const kept = minusPart(issued, before);
    const part = partOf(issued, kept, kept.units < most ? kept.units : most);
    this.takenBack.set(id, addParts(before, part));
    return {
      ...{ lotId: id, funding, units: part.units, valueMinor: part.valueMinor, keptUnits: kept.units - part.units },
      chargesFor: (units) => partOf(issued, issued, units),
      returnsCommission: true,
    };
  }

  /** Pays with as many of the wanted units as the terms allow: none when it is refused. */
  redeem(request: RedemptionRequest): Redeemable {
    const allowed = this.authorise(request);
    this.member = capture(this.member, request.id, this.terms);
    return allowed;
  }

  /** Holds the units; `capture` uses them or a part of them, `release` none. */
  authorise(request: RedemptionRequest): Redeemable {
    const { member, allowed } = authorise(advance(this.member, request.date, this.terms), request, this.terms);
    this.member = member;
    return allowed;
  }

  capture(redemptionId: string, date: BusinessDate, units?: bigint): void {
    this.member = capture(
      advance(this.member, date, this.terms),
      redemptionId,
      this.terms,
      units === undefined ? {} : { units },
    );
  }

  release(redemptionId: string, date: BusinessDate): void {
    this.member = release(advance(this.member, date, this.terms), redemptionId, this.terms);
  }

  /** Units of a returned basket, back to their lots; never more than were taken. */
  giveBack(redemptionId: string, part: ReturnedPart, date: BusinessDate): Part {
    const { newId } = this;
    const giving = { newId, returnsFee: true };
    const { member, back } = giveBack(advance(this.member, date, this.terms), redemptionId, part, this.terms, giving);
    this.member = member;
    return back;
  }

  /** The day comes. */
  advanceTo(date: BusinessDate): Happened {
    this.member = advance(this.member, date, this.terms);
    const since = this.member.events.slice(this.told);
    this.told = this.member.events.length;
    return { expired: gone(since, 'EXPIRED'), fees: gone(since, 'FEE'), writtenOff: gone(since, 'WRITTEN_OFF') };
  }

  /** Units to use on a day, less what is owed: below zero while a debt stands. Held units are not in it. */
  available(date: BusinessDate): bigint {
    return available(advance(this.member, date, this.terms));
  }

  /** Units credited that become available later than on that day. */
  pending(date: BusinessDate): bigint {
    const then = advance(this.member, date, this.terms);
    return then.lots.reduce((sum, lot) => sum + (lot.availableOn > then.asOf ? lot.left.units : 0n), 0n);
  }
  private readonly newId = (): string => {
    this.ids += 1;
    return `+${this.ids}`;
  };
}

const gone = (events: readonly LotEvent[], kind: LotEventKind): bigint =>
  sumOfParts(events.filter((event) => event.kind === kind).flatMap(({ moves }) => moves.map(({ part }) => part))).units;
