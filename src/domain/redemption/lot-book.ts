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
import { type ClawedBack, clawBack } from './claw-back.js';
import { giveBack, type ReturnedPart } from './give-back.js';
import type { Redeemable } from './limits.js';
import { type NewLot, openLot } from './lot.js';
import { type Flow, flowed, type MemberLots, NO_LOTS, owed } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { later } from './months.js';
import type { Part } from './part.js';
import { authorise, capture, type RedemptionRequest, release } from './redeem.js';

/** Units that left by themselves. */
export interface Happened {
  readonly expired: bigint;
  readonly fees: bigint;
  readonly writtenOff: bigint;
}

export class LotBook {
  private told: MemberLots;

  constructor(
    private readonly terms: RedemptionTerms,
    private member: MemberLots = NO_LOTS,
  ) {
    this.told = member;
  }

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
    const opened = openLot(lot, this.terms.expiry);
    const lots = [...this.member.lots, opened];
    const lastActivityOn = later(this.member.lastActivityOn, lot.accruedOn);
    this.member = settle(flowed({ ...this.member, lots, lastActivityOn }, 'credited', opened.issued), this.terms);
  }

  /** Activity that earned and redeemed nothing. */
  act(date: BusinessDate): void {
    this.member = advance(this.member, date, this.terms);
    this.member = { ...this.member, lastActivityOn: later(this.member.lastActivityOn, date) };
  }

  /** Takes back `units` of what an origin was credited: its own first, then others', the rest is owed. */
  clawBack(origin: string, units: bigint, date: BusinessDate): ClawedBack {
    const { member, clawed } = clawBack(advance(this.member, date, this.terms), origin, units, this.terms);
    this.member = member;
    return clawed;
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
    this.member = capture(advance(this.member, date, this.terms), redemptionId, this.terms, units);
  }

  release(redemptionId: string, date: BusinessDate): void {
    this.member = release(advance(this.member, date, this.terms), redemptionId, this.terms);
  }

  /** Units of a returned basket, back to their lots; never more than were taken. */
  giveBack(redemptionId: string, part: ReturnedPart, date: BusinessDate): Part {
    const { member, back } = giveBack(advance(this.member, date, this.terms), redemptionId, part, this.terms);
    this.member = member;
    return back;
  }

  /** The day comes. */
  advanceTo(date: BusinessDate): Happened {
    this.member = advance(this.member, date, this.terms);
    const since = (flow: Flow): bigint => this.member.flows[flow].units - this.told.flows[flow].units;
    const happened = { expired: since('expired'), fees: since('fees'), writtenOff: since('writtenOff') };
    this.told = this.member;
    return happened;
  }

  /** Units to use on a day, less what is owed: below zero while a debt stands. Held units are not in it. */
  available(date: BusinessDate): bigint {
    const then = advance(this.member, date, this.terms);
    const free = then.lots.filter(({ availableOn }) => availableOn <= then.asOf);
    return free.reduce((sum, { left }) => sum + left.units, 0n) - owed(then).units;
  }

  /** Units credited that become available later than on that day. */
  pending(date: BusinessDate): bigint {
    const then = advance(this.member, date, this.terms);
    return then.lots.reduce((sum, lot) => sum + (lot.availableOn > then.asOf ? lot.left.units : 0n), 0n);
  }
}
