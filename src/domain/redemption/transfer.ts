/** Units that go from one member to another, and units that nobody earned. */
import { invariant } from '../kernel/invariant.js';
import { settle } from './advance.js';
import { consume } from './consume.js';
import { type Lot, type NewLot, openLot, splitOff } from './lot.js';
import { happened, type MemberLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { available } from './redeem.js';

export interface Transferring {
  readonly units: bigint;
  readonly toMemberNo: number;
  newId(): string;
}

/**
 * Moves units on the books' own day, both members' days having passed: lots go in consumption order and keep their
 * price, funder, last day, commission and tax (LEDGER 2: 29). They repay what the receiver owes first.
 */
export function transfer(
  from: MemberLots,
  to: MemberLots,
  { units, toMemberNo, newId }: Transferring,
  terms: RedemptionTerms,
): { readonly from: MemberLots; readonly to: MemberLots } {
  invariant(units > 0n && units <= available(from), 'no more is transferred than is available');
  const { member: left, moves } = consume(from, terms, units, 'movedOn');
  const lots = new Map(from.lots.map((lot) => [lot.id, lot]));
  const received = moves.map(({ lotId, part }) => splitOff(lots.get(lotId) as Lot, newId(), part));
  return {
    from: happened(left, { kind: 'TRANSFERRED', on: from.asOf, moves, toMemberNo }),
    to: settle({ ...to, lots: [...to.lots, ...received] }, terms),
  };
}

/** Goodwill (LEDGER 2: 24): units at the programme's cost, which repay debts first like any others. */
export function grant(member: MemberLots, fresh: NewLot, terms: RedemptionTerms): MemberLots {
  const lot = openLot(fresh, terms.expiry);
  const next = { ...member, lots: [...member.lots, lot] };
  return settle(happened(next, { kind: 'GRANTED', on: member.asOf, moves: [], lot }), terms);
}
