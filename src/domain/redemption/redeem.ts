/** Paying with units: authorise holds them, capture uses them, what is not captured goes back to its lots. */
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { settle } from './advance.js';
import { consume } from './consume.js';
import type { Move, RedeemedAt } from './events.js';
import { type Redeemable, type RedemptionWish, redeemable } from './limits.js';
import { type Lot, moved } from './lot.js';
import { happened, type MemberLots, owed, type Redemption, replaceLots, type Take, usable } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { later } from './months.js';
import { minusPart, NO_PART, partOf, sumOfParts } from './part.js';
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
  const allowed = allowedTo(member, request, terms);
  const { member: held, moves } = consume(member, terms, allowed.units, 'reserved');
  const next = remember(held, {
    id,
    date,
    purchaseMinor,
    takes: takesOf(moves),
    state: 'AUTHORISED',
    returnedMinor: 0n,
  });
  // A refusal is no activity: it would keep units alive that nobody uses.
  if (allowed.units === 0n) return { member: next, allowed };
  const on = member.asOf;
  return { member: acted(happened(next, { kind: 'AUTHORISED', on, moves, redemptionId: id }), date), allowed };
}

/** Where units go that are used at once and pay for nothing: a bank's card (13), a charity (14). */
export type UsedAtOnce =
  | { readonly kind: 'CASHED_OUT'; readonly bankNo: number }
  | { readonly kind: 'DONATED'; readonly charityNo: number };

/** Uses exactly so many units, on the books' own day. Throws when there are fewer: ask `available` before. */
export function useAtOnce(
  member: MemberLots,
  id: string,
  units: bigint,
  to: UsedAtOnce,
  terms: RedemptionTerms,
): MemberLots {
  invariant(units > 0n && units <= available(member), 'no more is used than is available');
  const { member: used, moves } = consume(member, terms, units, 'spent');
  const on = member.asOf;
  const redemption: Redemption = {
    ...{ id, date: on, purchaseMinor: 0n, returnedMinor: 0n, state: 'CAPTURED' },
    takes: takesOf(moves),
  };
  return acted(happened(remember(used, redemption), { ...to, on, moves, redemptionId: id }), on);
}

/** Holds exactly so many units that shall leave later, or come back. Throws when there are fewer: ask `available` before. */
export function setAside(member: MemberLots, id: string, units: bigint, terms: RedemptionTerms): MemberLots {
  invariant(units > 0n && units <= available(member), 'no more is set aside than is available');
  const { member: held, moves } = consume(member, terms, units, 'reserved');
  const on = member.asOf;
  const redemption: Redemption = {
    ...{ id, date: on, purchaseMinor: 0n, returnedMinor: 0n, state: 'AUTHORISED' },
    takes: takesOf(moves),
  };
  return acted(happened(remember(held, redemption), { kind: 'AUTHORISED', on, moves, redemptionId: id }), on);
}

const takesOf = (moves: readonly Move[]): Take[] =>
  moves.map(({ lotId, part }) => ({ lotId, taken: part, givenBack: NO_PART }));

function remember(member: MemberLots, redemption: Redemption): MemberLots {
  invariant(
    member.redemptions.every(({ id }) => id !== redemption.id),
    'a redemption is authorised once',
  );
  return { ...member, redemptions: [...member.redemptions, redemption] };
}

/** The member has earned or used something. */
export const acted = (member: MemberLots, date: BusinessDate): MemberLots => ({
  ...member,
  lastActivityOn: later(member.lastActivityOn, date),
});

/** Units to use on the books' own day, less what is owed: below zero while a debt stands. */
export const available = (member: MemberLots): bigint =>
  sumOfParts(usable(member).map(({ left }) => left)).units + (member.unopened?.units ?? 0n) - owed(member).units;

/** What a member may pay on the books' own day, before anything is held. */
export function allowedTo(
  member: MemberLots,
  wish: Omit<RedemptionWish, 'balance'>,
  terms: RedemptionTerms,
): Redeemable {
  const allowed = redeemable({ ...wish, balance: available(member) }, terms);
  if (mayRedeem(terms, member.asOf)) return allowed;
  return { ...allowed, units: 0n, paysMinor: 0n, refused: 'REDEMPTION_ENDED' };
}

export interface Capturing {
  /** Units of what is held; all of it when absent. */
  readonly units?: bigint;
  /** Whose catalogue item or purchase they pay for. */
  readonly at?: RedeemedAt;
  /** An item of the catalogue (35) instead of a purchase (10). */
  readonly item?: boolean;
}

/** Uses units of what is held, in the order it was taken; the rest goes back to its lots. */
export function capture(
  member: MemberLots,
  id: string,
  terms: RedemptionTerms,
  { units, at, item = false }: Capturing = {},
): MemberLots {
  const redemption = redemptionOf(member, id);
  invariant(redemption.state === 'AUTHORISED', 'only what is held is captured or voided');
  let open = units ?? sumOfParts(redemption.takes.map(({ taken }) => taken)).units;
  const lots = new Map(member.lots.map((lot) => [lot.id, lot]));
  const used: Move[] = [];
  const back: Move[] = [];
  for (const { lotId, taken } of redemption.takes) {
    const part = partOf(taken, taken, taken.units < open ? taken.units : open);
    const rest = minusPart(taken, part);
    const lot = lots.get(lotId) as Lot;
    lots.set(lotId, moved(moved(lot, 'reserved', 'spent', part), 'reserved', 'left', rest));
    const from = { lotId, funding: lot.funding, from: 'reserved' } as const;
    if (part.units > 0n) used.push({ ...from, to: 'spent', part });
    if (rest.units > 0n) back.push({ ...from, to: 'left', part: rest });
    open -= part.units;
  }
  invariant(open === 0n, 'no more is captured than is held');
  const state = used.length === 0 ? 'VOIDED' : 'CAPTURED';
  let next = replaceRedemption(replaceLots(member, lots), {
    ...{ ...redemption, state, takes: takesOf(used) },
    ...(at && { at }),
  });
  const event = { on: member.asOf, redemptionId: id };
  if (used.length > 0) next = happened(next, { ...event, kind: 'CAPTURED', moves: used, item, ...(at && { at }) });
  if (back.length > 0) next = happened(next, { ...event, kind: 'RELEASED', moves: back });
  return settle(next, terms);
}

/**
 * Everything held goes back to its lots with their old last day; it repays debts first, and expires at once if that day
 * has passed.
 */
export const release = (member: MemberLots, id: string, terms: RedemptionTerms): MemberLots =>
  capture(member, id, terms, { units: 0n });

export function redemptionOf(member: MemberLots, id: string): Redemption {
  const found = member.redemptions.find((redemption) => redemption.id === id);
  invariant(found !== undefined, `there is a redemption ${id}`);
  return found;
}

export const replaceRedemption = (member: MemberLots, changed: Redemption): MemberLots => ({
  ...member,
  redemptions: member.redemptions.map((redemption) => (redemption.id === changed.id ? changed : redemption)),
});
