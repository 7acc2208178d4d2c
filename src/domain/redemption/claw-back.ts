/**
 * Taking back what a purchase gave, when it is returned (LEDGER 2: 6, 7, 7b, 7c; LEDGER 6).
 *
 * From the purchase's own lots first, then what expired of them unused, then what was spent: from other units of
 * the member in consumption order, and as a debt at last. Each funder is given back exactly what the refund says;
 * where the units that pay it are worth something else, the programme bears the difference.
 */
import type { BearingPolicy } from './borne.js';
import { consume } from './consume.js';
import { owe } from './debts.js';
import type { ClawedShare, Move } from './events.js';
import { type Funding, isBreakageReturned, type Lot, moved, nextOf } from './lot.js';
import { type Borne, happened, type MemberLots, replaceLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { addParts, clipped, NO_PART, type Part, partOf, plainPart, sumOfParts } from './part.js';

/** What a refund takes back of one credited lot. */
export interface TakenBack {
  /** Id of that lot; lots that live on apart from it count as its own. */
  readonly lotId: string;
  readonly funding: Funding;
  /** Units, value, and commission(kept before) - commission(kept after) with its tax. */
  readonly part: Part;
  /** Commission and tax of what is kept. */
  readonly keptCommissionMinor: bigint;
  readonly keptTaxMinor: bigint;
}

export interface Refund {
  /** The purchase that is returned. */
  readonly origin: string;
  /** In the order of the funders. */
  readonly taken: readonly TakenBack[];
  /** Funder -> who bears spent units of it; the member when absent. */
  readonly policies?: ReadonlyMap<number, BearingPolicy>;
  newId(): string;
}

/** One funder's lot on its way through a refund. */
interface Share {
  readonly taken: TakenBack;
  /** Units and value that have not been found yet. */
  open: Part;
  own: Part;
  unused: Part;
  /** Commission and tax that are given back. */
  returned: Part;
}

/** The books while a refund goes through them. */
interface Books {
  member: MemberLots;
  readonly moves: Move[];
}

/** On the books' own day. Units held by an authorised redemption stay held and count as spent. */
export function clawBack(member: MemberLots, refund: Refund, terms: RedemptionTerms): MemberLots {
  const books: Books = { member, moves: [] };
  const shares = refund.taken.map(
    (taken): Share => ({
      taken,
      open: plainPart(taken.part.units, taken.part.valueMinor),
      own: NO_PART,
      unused: NO_PART,
      returned: commissionReturned(member, taken),
    }),
  );
  for (const share of shares) takeOwn(books, share);
  for (const share of shares) takeOthersOfFunder(books, share, refund.origin);
  for (const share of shares) for (const pot of UNUSED) takeUnused(books, share, refund.origin, pot);
  const rooms = new Map(refund.policies);
  const borne: Borne[] = [];
  let debt = NO_PART;
  const clawed = shares.map((share): ClawedShare => {
    const { rest, ...spent } = bear(books.member, share, refund, rooms);
    if (spent.borne !== undefined) borne.push(spent.borne);
    const others = takeSpent(books, rest, terms);
    debt = addParts(debt, others.debt);
    return {
      funding: share.taken.funding,
      returned: spent.returned,
      ...{ own: share.own, unused: share.unused, others: others.used, debt: others.debt },
      ...(spent.borne && { borne: { by: spent.borne.by, part: spent.borne.issued } }),
    };
  });
  const next: MemberLots = {
    ...books.member,
    borne: [...books.member.borne, ...borne],
    differenceMinor: books.member.differenceMinor + sumOf(clawed.map(differenceOf)),
  };
  return happened(owe(next, refund.newId(), debt), {
    kind: 'CLAWED_BACK',
    on: member.asOf,
    origin: refund.origin,
    moves: books.moves,
    shares: clawed,
  });
}

const UNUSED = ['expired', 'writtenOff'] as const;

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** Value that was found, less value that was asked for: from units of another price, and from rounding. */
export function differenceOf({ returned, own, unused, others, debt, borne }: ClawedShare): bigint {
  const found = sumOfParts([own, unused, others, debt, borne?.by === 'PROGRAMME' ? borne.part : NO_PART]);
  return found.valueMinor - returned.valueMinor;
}

const ownLots = ({ lots }: MemberLots, { lotId }: TakenBack): Lot[] => lots.filter(({ root }) => root === lotId);

/** What the programme has charged for units of these lots that were used up. */
const chargedOf = (lots: readonly Lot[]): Part =>
  sumOfParts(
    lots.flatMap((lot) =>
      isBreakageReturned(lot.funding) ? [lot.spent, lot.writtenOff] : [lot.spent, lot.writtenOff, lot.expired],
    ),
  );

/** All of the difference when it was charged at confirmation; else what was charged beyond what is kept. */
function commissionReturned(member: MemberLots, taken: TakenBack): Part {
  const { funding, part, keptCommissionMinor, keptTaxMinor } = taken;
  if (funding.model === 'SETTLE_AT_ISSUANCE') return part;
  const charged = chargedOf(ownLots(member, taken));
  return {
    ...part,
    commissionMinor: beyond(charged.commissionMinor, keptCommissionMinor, part.commissionMinor),
    taxMinor: beyond(charged.taxMinor, keptTaxMinor, part.taxMinor),
  };
}

/** What was charged beyond what is kept now, less what it was beyond what was kept before. */
const beyond = (charged: bigint, kept: bigint, less: bigint): bigint =>
  clipped(charged - kept, charged) - clipped(charged - kept - less, charged);

/**
 * From the lot itself. What is left of its value is that of what is kept less what is gone; its commission and tax
 * likewise, and nothing when no units are left.
 */
function takeOwn(books: Books, share: Share): void {
  for (const { id } of ownLots(books.member, share.taken)) {
    const lots = ownLots(books.member, share.taken);
    const lot = lots.find((one) => one.id === id) as Lot;
    const units = least(lot.left.units, share.open.units);
    if (units === 0n) continue;
    const { keptCommissionMinor, keptTaxMinor } = share.taken;
    const elsewhere = sumOfParts([
      chargedOf(lots),
      ...lots.flatMap((one) => (one.id === id ? [one.reserved] : [one.reserved, one.left])),
    ]);
    const all = units === lot.left.units;
    const kept = (amount: bigint, gone: bigint, most: bigint): bigint => (all ? 0n : clipped(amount - gone, most));
    const part: Part = {
      units,
      valueMinor: all ? lot.left.valueMinor : clipped(share.open.valueMinor, lot.left.valueMinor),
      commissionMinor:
        lot.left.commissionMinor - kept(keptCommissionMinor, elsewhere.commissionMinor, lot.left.commissionMinor),
      taxMinor: lot.left.taxMinor - kept(keptTaxMinor, elsewhere.taxMinor, lot.left.taxMinor),
    };
    found(books, share, lot, 'left', part);
  }
}

/** From what else the same funder gave for the purchase. */
function takeOthersOfFunder(books: Books, share: Share, origin: string): void {
  for (const lot of lotsOfFunder(books.member, share, origin))
    found(books, share, lot, 'left', nextOf(lot, 'left', least(lot.left.units, share.open.units)));
}

/** From what left without being used: the lot's own first. */
function takeUnused(books: Books, share: Share, origin: string, pot: (typeof UNUSED)[number]): void {
  const own = ownLots(books.member, share.taken);
  const others = lotsOfFunder(books.member, share, origin).filter((lot) => !own.includes(lot));
  for (const lot of [...own, ...others])
    found(books, share, lot, pot, nextOf(lot, pot, least(lot[pot].units, share.open.units)));
}

const lotsOfFunder = ({ lots }: MemberLots, { taken }: Share, origin: string): Lot[] =>
  lots.filter((lot) => lot.origin === origin && lot.funding.funderNo === taken.funding.funderNo);

function found(books: Books, share: Share, lot: Lot, from: 'left' | 'expired' | 'writtenOff', part: Part): void {
  if (part.units === 0n) return;
  books.member = replaceLots(books.member, new Map([[lot.id, moved(lot, from, 'clawedBack', part)]]));
  books.moves.push({ lotId: lot.id, funding: lot.funding, from, to: 'clawedBack', part });
  if (from === 'left') share.own = addParts(share.own, part);
  else share.unused = addParts(share.unused, part);
  const { units, valueMinor } = share.open;
  share.open = plainPart(units - part.units, valueMinor - part.valueMinor);
}

/** What was spent of a share: the part that somebody else bears, and the rest. No commission goes back for the first. */
function bear(
  member: MemberLots,
  { taken, open, returned, own }: Share,
  { origin, newId }: Refund,
  rooms: Map<number, BearingPolicy>,
): { readonly borne?: Borne; readonly rest: Part; readonly returned: Part } {
  const { funding } = taken;
  const spent = plainPart(open.units, open.units === 0n || open.valueMinor < 0n ? 0n : open.valueMinor);
  const policy = rooms.get(funding.funderNo);
  const units = policy === undefined ? 0n : least(spent.units, policy.roomUnits ?? spent.units);
  if (policy === undefined || units === 0n) return { rest: spent, returned };
  if (policy.roomUnits !== undefined) rooms.set(funding.funderNo, { ...policy, roomUnits: policy.roomUnits - units });
  const issued = partOf(spent, spent, units);
  const { by } = policy;
  const borne = { id: newId(), since: member.asOf, by, origin, funding, issued, left: issued };
  // The merchant that bears it gets nothing for these units; the programme pays it their value.
  const valueMinor = returned.valueMinor - (by === 'FUNDER' ? issued.valueMinor : 0n);
  const charged = funding.model === 'SETTLE_AT_ISSUANCE' ? returned.units : returned.units - own.units;
  const due = { ...returned, units: charged };
  const { commissionMinor, taxMinor } = partOf(due, due, charged - units);
  return {
    borne,
    rest: plainPart(spent.units - units, spent.valueMinor - issued.valueMinor),
    returned: { ...returned, valueMinor, commissionMinor, taxMinor },
  };
}

/** Other units of the member, in consumption order, and what is missing as a debt worth the rest. */
function takeSpent(books: Books, rest: Part, terms: RedemptionTerms): { readonly used: Part; readonly debt: Part } {
  const { member, moves } = consume(books.member, terms, rest.units, 'spent');
  books.member = member;
  books.moves.push(...moves);
  const used = sumOfParts(moves.map(({ part }) => part));
  const worth = partOf(rest, rest, used.units);
  return { used, debt: plainPart(rest.units - used.units, rest.valueMinor - worth.valueMinor) };
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
