/** Paying with units: authorise holds them, capture uses them, what is not captured goes back to its lots. */
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { settle } from './advance.js';
import { consume } from './consume.js';
import { type Redeemable, type RedemptionWish, redeemable } from './limits.js';
import { type Lot, moved } from './lot.js';
import { flowed, type MemberLots, owed, type Redemption, replaceLots, type Take, usable } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { later } from './months.js';
import { minusPart, NO_PART, type Part, partOf, sumOfParts } from './part.js';
import { mayRedeem } from './wind-down.js';

export interface RedemptionRequest extends Omit<RedemptionWish, 'balance'> {
  /** Not used before. */
  readonly id: string;
  /** The books' own day. */
  readonly date: BusinessDate;
}

/** Holds as many of the wanted units as the limits allow; a refused redemption is remembered with none. */
export function authorise(
  member: MemberLots,
  request: RedemptionRequest,
  terms: RedemptionTerms,
): { readonly member: MemberLots; readonly allowed: Redeemable } {
  const { id, date, purchaseMinor } = request;
  invariant(
    member.redemptions.every((redemption) => redemption.id !== id),
    'a redemption is authorised once',
  );
  const allowed = allowedTo(member, request, terms);
  const { member: held, parts } = consume(member, terms, allowed.units, 'reserved');
  const takes = parts.map(({ lotId, part }): Take => ({ lotId, taken: part, givenBack: NO_PART }));
  const redemption: Redemption = { id, date, purchaseMinor, takes, state: 'AUTHORISED', returnedMinor: 0n };
  const redemptions = [...held.redemptions, redemption];
  const next = { ...held, redemptions };
  // A refusal is no activity: it would keep units alive that nobody uses.
  if (allowed.units === 0n) return { member: next, allowed };
  return { member: { ...next, lastActivityOn: later(member.lastActivityOn, date) }, allowed };
}

/** What a member may pay on the books' own day, before anything is held. */
export function allowedTo(
  member: MemberLots,
  wish: Omit<RedemptionWish, 'balance'>,
  terms: RedemptionTerms,
): Redeemable {
  const balance = sumOfParts(usable(member).map(({ left }) => left)).units - owed(member).units;
  const allowed = redeemable({ ...wish, balance }, terms);
  if (mayRedeem(terms, member.asOf)) return allowed;
  return { ...allowed, units: 0n, paysMinor: 0n, refused: 'REDEMPTION_ENDED' };
}

/** Uses `units` of what is held (all of it when absent), in the order it was taken; the rest goes back. */
export function capture(member: MemberLots, id: string, terms: RedemptionTerms, units?: bigint): MemberLots {
  const redemption = redemptionOf(member, id);
  invariant(redemption.state === 'AUTHORISED', 'only what is held is captured or voided');
  let open = units ?? sumOfParts(redemption.takes.map(({ taken }) => taken)).units;
  const lots = new Map(member.lots.map((lot) => [lot.id, lot]));
  const changed = new Map<string, Lot>();
  const takes: Take[] = [];
  let used: Part = NO_PART;
  for (const { lotId, taken } of redemption.takes) {
    const part = partOf(taken, taken, taken.units < open ? taken.units : open);
    const lot = moved(lots.get(lotId) as Lot, 'reserved', 'spent', part);
    changed.set(lotId, moved(lot, 'reserved', 'left', minusPart(taken, part)));
    open -= part.units;
    used = sumOfParts([used, part]);
    if (part.units > 0n) takes.push({ lotId, taken: part, givenBack: NO_PART });
  }
  invariant(open === 0n, 'no more is captured than is held');
  const state = units === 0n ? 'VOIDED' : 'CAPTURED';
  const next = replaceRedemption(replaceLots(member, changed), { ...redemption, state, takes });
  return settle(flowed(next, 'redeemed', used), terms);
}

/** Everything held goes back to its lots with their old last day; it repays debts first, and expires at once if that day has passed. */
export const release = (member: MemberLots, id: string, terms: RedemptionTerms): MemberLots =>
  capture(member, id, terms, 0n);

export function redemptionOf(member: MemberLots, id: string): Redemption {
  const found = member.redemptions.find((redemption) => redemption.id === id);
  invariant(found !== undefined, `there is a redemption ${id}`);
  return found;
}

export const replaceRedemption = (member: MemberLots, changed: Redemption): MemberLots => ({
  ...member,
  redemptions: member.redemptions.map((redemption) => (redemption.id === changed.id ? changed : redemption)),
});
