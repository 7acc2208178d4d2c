/** Taking back what a purchase gave, when it is returned: from its own units first, and as a debt at last. */
import { invariant } from '../kernel/invariant.js';
import { consume, useUp } from './consume.js';
import { owe } from './debts.js';
import { type Lot, moved, nextOf } from './lot.js';
import { flowed, type MemberLots, replaceLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { addParts, minusPart, NO_PART, type Part, partOf, sumOfParts } from './part.js';

/** Where the units came from; together what was asked for, valued as they were issued. */
export interface ClawedBack {
  /** From lots of the origin, pending or available. */
  readonly own: Part;
  /** Had left unused: their expiry or write-off is reversed, the member loses nothing. */
  readonly unused: Part;
  /** Spent, and replaced by other units of the member. */
  readonly others: Part;
  /** Spent, and owed. */
  readonly debt: Part;
}

/**
 * On the books' own day. Units held by an authorised redemption stay held and count as spent (LEDGER 2 and 6).
 * Throws when more is asked than the origin's lots were issued less what was clawed back before.
 */
export function clawBack(
  member: MemberLots,
  origin: string,
  units: bigint,
  terms: RedemptionTerms,
): { readonly member: MemberLots; readonly clawed: ClawedBack } {
  const ofOrigin = (books: MemberLots): Lot[] => books.lots.filter((lot) => lot.origin === origin);
  const there = sumOfParts(ofOrigin(member).map(({ left }) => left)).units;
  const fromOwn = useUp(member, ofOrigin(member), units < there ? units : there, 'clawedBack');
  const own = sumOfParts(fromOwn.parts.map(({ part }) => part));
  const expired = reverse(fromOwn.member, ofOrigin(fromOwn.member), units - own.units, 'expired');
  const written = reverse(
    expired.member,
    ofOrigin(expired.member),
    units - own.units - expired.part.units,
    'writtenOff',
  );
  const unused = addParts(expired.part, written.part);
  const rest = units - own.units - unused.units;

  const gone = sumOfParts(ofOrigin(member).flatMap(({ spent, reserved }) => [spent, reserved]));
  const covered = member.covered[origin] ?? NO_PART;
  const spent = spentOf(gone, covered);
  invariant(rest === 0n || rest <= spent.units, 'no more is clawed back than was credited');
  const worth = rest === 0n ? NO_PART : partOf(spent, spent, rest);
  const fromOthers = consume(written.member, terms, rest, 'spent');
  const replaced = sumOfParts(fromOthers.parts.map(({ part }) => part));
  const others = partOf(worth, worth, replaced.units);
  const debt = minusPart(worth, others);
  const next: MemberLots = {
    ...fromOthers.member,
    covered: rest === 0n ? member.covered : { ...member.covered, [origin]: addParts(covered, worth) },
    differenceMinor: member.differenceMinor + replaced.valueMinor - others.valueMinor,
  };
  const flow = sumOfParts([own, unused, worth]);
  return { member: owe(flowed(next, 'clawedBack', flow), debt), clawed: { own, unused, others, debt } };
}

/** What was spent and has not been clawed back yet. Values round on their own ways and never fall below zero. */
function spentOf(gone: Part, covered: Part): Part {
  const { units, valueMinor } = minusPart(gone, covered);
  return { units, valueMinor: valueMinor < 0n ? 0n : valueMinor };
}

/** Moves as much of `units` as the pot holds to what was clawed back, and takes it out of the flow. */
function reverse(
  member: MemberLots,
  lots: readonly Lot[],
  units: bigint,
  pot: 'expired' | 'writtenOff',
): { readonly member: MemberLots; readonly part: Part } {
  const changed = new Map<string, Lot>();
  let open = units;
  let part = NO_PART;
  for (const lot of lots) {
    const gives = nextOf(lot, pot, lot[pot].units < open ? lot[pot].units : open);
    if (gives.units === 0n) continue;
    changed.set(lot.id, moved(lot, pot, 'clawedBack', gives));
    open -= gives.units;
    part = addParts(part, gives);
  }
  return { member: flowed(replaceLots(member, changed), pot, minusPart(NO_PART, part)), part };
}
