/** A returned basket that was paid with units gives them back (A3). */
import { allocate } from '../money/allocate.js';
import { rate } from '../money/rate.js';
import { settle } from './advance.js';
import { repayBorne } from './borne.js';
import type { Move, RedeemedAt } from './events.js';
import { graceEnd } from './expire.js';
import { goneOn, type Lot, moved, splitOff } from './lot.js';
import { happened, type MemberLots, type Redemption, replaceLots, type Take } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { addParts, minusPart, type Part, partOf, sumOfParts } from './part.js';
import { redemptionOf, replaceRedemption } from './redeem.js';

/** So many units, or those that belong to a returned part of the basket. */
export type ReturnedPart = { readonly units: bigint } | { readonly returnedMinor: bigint };

export interface GivingBack {
  newId(): string;
  /** Whether the redeemer gets its acceptance fee back (by its contract). */
  readonly returnsFee: boolean;
}

/**
 * Gives back on the books' own day. A part of the basket gives back its share of the units, of all that has been
 * returned so far, so that parts add up to the whole; the units are spread over the lots they came from by
 * largest remainder. Never more than was taken, whatever is asked. What somebody else had borne for a refund of
 * these very units is repaid first, then the member's debts.
 */
export function giveBack(
  member: MemberLots,
  id: string,
  part: ReturnedPart,
  terms: RedemptionTerms,
  { newId, returnsFee }: GivingBack,
): { readonly member: MemberLots; readonly back: Part } {
  const redemption = redemptionOf(member, id);
  const taken = sumOfParts(redemption.takes.map((take) => take.taken)).units;
  const before = sumOfParts(redemption.takes.map((take) => take.givenBack)).units;
  const returnedMinor = returnedOf(redemption, part);
  const wanted = 'units' in part ? part.units : unitsFor(taken, returnedMinor, redemption.purchaseMinor) - before;
  const open = redemption.state === 'CAPTURED' ? taken - before : 0n;
  const units = wanted < 0n ? 0n : wanted < open ? wanted : open;
  const backs = spread(units, redemption.takes);
  const takes = redemption.takes.map((take, index) => ({
    ...take,
    givenBack: addParts(take.givenBack, backs[index] as Part),
  }));
  let next = replaceRedemption(member, { ...redemption, takes, returnedMinor });
  const moves: Move[] = [];
  const returned: { readonly lotId: string; readonly units: bigint }[] = [];
  takes.forEach(({ lotId }, index) => {
    const back = backs[index] as Part;
    if (back.units === 0n) return;
    const there = returnTo(next, lotId, back, terms, newId);
    next = there.member;
    moves.push(there.move);
    returned.push({ lotId: there.lotId, units: back.units });
  });
  const back = sumOfParts(backs);
  if (units > 0n) {
    const at = redemption.at && returnedAt(redemption.at, taken, before, units, returnsFee);
    next = happened(next, { kind: 'GIVEN_BACK', on: member.asOf, redemptionId: id, moves, ...(at && { at }) });
  }
  return { member: settle(repayBorne(next, returned), terms), back };
}

function returnedOf({ returnedMinor, purchaseMinor }: Redemption, part: ReturnedPart): bigint {
  if ('units' in part) return returnedMinor;
  const total = returnedMinor + part.returnedMinor;
  return total < purchaseMinor ? total : purchaseMinor;
}

/** The share of a redemption's units that belongs to so much of its basket. */
function unitsFor(units: bigint, returnedMinor: bigint, purchaseMinor: bigint): bigint {
  if (purchaseMinor === 0n) return units;
  const shares = [rate(returnedMinor, purchaseMinor), rate(purchaseMinor - returnedMinor, purchaseMinor)];
  return allocate(units, shares)[0] as bigint;
}

/** The redeemer's share of what goes back, cumulatively, so that all of it in any parts is exactly what it was. */
function returnedAt(
  { redeemerNo, valueMinor, feeMinor, feeTaxMinor }: RedeemedAt,
  taken: bigint,
  before: bigint,
  units: bigint,
  returnsFee: boolean,
): RedeemedAt {
  const whole = { units: taken, valueMinor, commissionMinor: feeMinor, taxMinor: feeTaxMinor };
  const part = partOf(whole, minusPart(whole, partOf(whole, whole, before)), units);
  return {
    redeemerNo,
    valueMinor: part.valueMinor,
    feeMinor: returnsFee ? part.commissionMinor : 0n,
    feeTaxMinor: returnsFee ? part.taxMinor : 0n,
  };
}

/** Over what each lot is still owed, by largest remainder; values cumulatively, the last of each take the rest. */
function spread(units: bigint, takes: readonly Take[]): Part[] {
  const lefts = takes.map(({ taken, givenBack }) => minusPart(taken, givenBack));
  const open = sumOfParts(lefts).units;
  if (open === 0n) return lefts;
  const parts = allocate(
    units,
    lefts.map((left) => rate(left.units, open)),
  );
  return takes.map(({ taken }, index) => partOf(taken, lefts[index] as Part, parts[index] as bigint));
}

/**
 * Back into the lot when it lives long enough; otherwise the units become a lot of their own that lives for the
 * days of grace and, having just become available, comes after the rest.
 */
function returnTo(
  member: MemberLots,
  lotId: string,
  part: Part,
  terms: RedemptionTerms,
  newId: () => string,
): { readonly member: MemberLots; readonly move: Move; readonly lotId: string } {
  const lot = member.lots.find(({ id }) => id === lotId) as Lot;
  const gone = goneOn(lot, terms.expiry, member.lastActivityOn);
  const grace = graceEnd(member.asOf, terms);
  const to = gone === undefined || gone >= grace ? 'left' : 'movedOn';
  const next = replaceLots(member, new Map([[lotId, moved(lot, 'spent', to, part)]]));
  const move: Move = { lotId, funding: lot.funding, from: 'spent', to, part };
  if (to === 'left') return { member: next, move, lotId };
  const apart = splitOff(lot, newId(), part, { availableOn: member.asOf, expiresOn: grace });
  return { member: { ...next, lots: [...next.lots, apart] }, move, lotId: apart.id };
}
