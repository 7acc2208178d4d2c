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
import { type Funding, isBreakageReturned, isChargedWhenUsed, type Lot, moved, nextOf } from './lot.js';
import { type Borne, happened, type MemberLots, replaceLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { addParts, clipped, MONEY, minusPart, NO_PART, type Part, partOf, plainPart, sumOfParts } from './part.js';

/** What a refund takes back of one credited lot. */
export interface TakenBack {
  /** Id of that lot; lots that live on apart from it count as its own. */
  readonly lotId: string;
  readonly funding: Funding;
  readonly units: bigint;
  readonly valueMinor: bigint;
  /** What is kept of it after this refund. */
  readonly keptUnits: bigint;
  /** What its funder owes on top for so many units, by the contract of the accrual. */
  chargesFor(units: bigint): Charges;
  /** Whether commission goes back with the units. */
  readonly returnsCommission: boolean;
}

export type Charges = Pick<Part, 'commissionMinor' | 'taxMinor'>;

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
      open: plainPart(taken.units, taken.valueMinor),
      own: NO_PART,
      unused: NO_PART,
    }),
  );
  for (const share of shares) takeOwn(books, share);
  for (const share of shares) takeOthersOfFunder(books, share, refund.origin);
  for (const share of shares) for (const pot of UNUSED) takeUnused(books, share, refund.origin, pot);
  const rooms = new Map(refund.policies);
  const borne: Borne[] = [];
  let debt = NO_PART;
  // Every lot of the purchase carries the charges of what is kept before other units are looked for among them.
  const charged = shares.map((share) => {
    const spent = bear(books.member, share, refund, rooms);
    if (spent.borne !== undefined) borne.push(spent.borne);
    return { share, ...spent, charges: giveBackCharges(books, share.taken, spent.borne?.issued.units ?? 0n) };
  });
  const clawed = charged.map(({ share: { taken, own, unused }, rest, charges, borne: spared }): ClawedShare => {
    const others = takeSpent(books, rest, terms);
    debt = addParts(debt, others.debt);
    // A funder that bears units is not given their value.
    const unpaidMinor = spared?.by === 'FUNDER' ? spared.issued.valueMinor : 0n;
    return {
      funding: taken.funding,
      returned: { units: taken.units, valueMinor: taken.valueMinor - unpaidMinor, ...charges },
      ...{ own, unused, others: others.used, debt: others.debt },
      ...(spared && { borne: { by: spared.by, part: spared.issued } }),
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

const ownLots = ({ lots }: MemberLots, { lotId }: Pick<TakenBack, 'lotId'>): Lot[] =>
  lots.filter(({ root }) => root === lotId);

/**
 * Commission and tax that went away with units of these lots, less what refunds gave back of it: charged when they
 * were used up, or to be charged when what is held is captured or another member uses them.
 */
function goneWith(lots: readonly Lot[]): Part {
  const gone = lots.flatMap(({ funding, spent, expired, writtenOff, reserved, movedOn }) =>
    isBreakageReturned(funding)
      ? [spent, writtenOff, reserved, movedOn]
      : [spent, writtenOff, reserved, movedOn, expired],
  );
  const livingOn = lots.filter(({ id, root }) => id !== root).map(({ issued }) => issued);
  return minusPart(sumOfParts(gone), sumOfParts(livingOn));
}

/**
 * The commission and tax that go back. Charged at confirmation: those of what was kept before, less those of what is
 * kept now. Charged with the units: what is gone beyond those of what is kept; what is left of the lots carries the
 * rest of it, and nothing when no units are left. What somebody else bears counts as kept.
 */
function giveBackCharges(books: Books, taken: TakenBack, borneUnits: bigint): Charges {
  const { lotId, keptUnits, units, returnsCommission } = taken;
  const before = books.member.borne.filter((one) => one.lotId === lotId);
  const kept = keptUnits + before.reduce((sum, { issued }) => sum + issued.units, borneUnits);
  const keptCharges = taken.chargesFor(kept);
  const gone = goneWith(ownLots(books.member, taken));
  for (const money of CHARGES) leaveOn(books, taken, money, clipped(keptCharges[money] - gone[money]));
  if (!returnsCommission) return { commissionMinor: 0n, taxMinor: 0n };
  if (!isChargedWhenUsed(taken.funding)) {
    const had = taken.chargesFor(kept - borneUnits + units);
    return {
      commissionMinor: had.commissionMinor - keptCharges.commissionMinor,
      taxMinor: had.taxMinor - keptCharges.taxMinor,
    };
  }
  const commissionMinor = clipped(gone.commissionMinor - keptCharges.commissionMinor);
  const taxMinor = clipped(gone.taxMinor - keptCharges.taxMinor);
  const lot = books.member.lots.find(({ id }) => id === lotId) as Lot;
  take(books, lot, 'spent', { ...NO_PART, commissionMinor, taxMinor });
  return { commissionMinor, taxMinor };
}

const CHARGES = ['commissionMinor', 'taxMinor'] as const;

/** Lots with units left carry so much of a charge from now on, together. */
function leaveOn(books: Books, taken: TakenBack, money: (typeof CHARGES)[number], most: bigint): void {
  let open = most;
  for (const lot of ownLots(books.member, taken)) {
    const stays = lot.left.units === 0n ? 0n : clipped(lot.left[money], open);
    open -= stays;
    take(books, lot, 'left', { ...NO_PART, [money]: lot.left[money] - stays });
  }
}

/** From the lot itself: what is left of its value is that of what is kept, less what is gone. */
function takeOwn(books: Books, share: Share): void {
  for (const lot of ownLots(books.member, share.taken)) {
    const units = least(lot.left.units, share.open.units);
    const valueMinor =
      units === lot.left.units ? lot.left.valueMinor : clipped(share.open.valueMinor, lot.left.valueMinor);
    find(books, share, lot, 'left', plainPart(units, valueMinor));
  }
}

/** From what else the same funder gave for the purchase. */
function takeOthersOfFunder(books: Books, share: Share, origin: string): void {
  for (const lot of lotsOfFunder(books.member, share, origin)) findNext(books, share, lot, 'left');
}

/** From what left without being used: the lot's own first. */
function takeUnused(books: Books, share: Share, origin: string, pot: (typeof UNUSED)[number]): void {
  const own = ownLots(books.member, share.taken);
  const others = lotsOfFunder(books.member, share, origin).filter((lot) => !own.includes(lot));
  for (const lot of [...own, ...others]) findNext(books, share, lot, pot);
}

const lotsOfFunder = ({ lots }: MemberLots, { taken }: Share, origin: string): Lot[] =>
  lots.filter((lot) => lot.origin === origin && lot.funding.funderNo === taken.funding.funderNo);

function findNext(books: Books, share: Share, lot: Lot, pot: TakenFrom): void {
  const { units, valueMinor } = nextOf(lot, pot, least(lot[pot].units, share.open.units));
  find(books, share, lot, pot, plainPart(units, valueMinor));
}

/** Units and value that pay for the share. Commission stays where it is until it is known what is kept. */
function find(books: Books, share: Share, lot: Lot, pot: TakenFrom, part: Part): void {
  if (part.units === 0n) return;
  take(books, lot, pot, part);
  if (pot === 'left') share.own = addParts(share.own, part);
  else share.unused = addParts(share.unused, part);
  share.open = minusPart(share.open, part);
}

type TakenFrom = 'left' | (typeof UNUSED)[number];

/** Out of a pot for good; what goes out of the same pot of a lot is one move. */
function take(books: Books, { id }: Lot, from: TakenFrom | 'spent', part: Part): void {
  if (MONEY.every((money) => part[money] === 0n) && part.units === 0n) return;
  const lot = books.member.lots.find((one) => one.id === id) as Lot;
  books.member = replaceLots(books.member, new Map([[id, moved(lot, from, 'clawedBack', part)]]));
  const known = books.moves.findIndex((move) => move.lotId === id && move.from === from && move.to === 'clawedBack');
  const before = books.moves[known]?.part ?? NO_PART;
  const move: Move = { lotId: id, funding: lot.funding, from, to: 'clawedBack', part: addParts(before, part) };
  if (known === -1) books.moves.push(move);
  else books.moves[known] = move;
}

/** What was spent of a share: the part that somebody else bears, and the rest. */
function bear(
  member: MemberLots,
  { taken, open }: Share,
  { origin, newId }: Refund,
  rooms: Map<number, BearingPolicy>,
): { readonly borne?: Borne; readonly rest: Part } {
  const { funding, lotId } = taken;
  const spent = plainPart(open.units, open.units === 0n ? 0n : clipped(open.valueMinor));
  const policy = rooms.get(funding.funderNo);
  const units = policy === undefined ? 0n : least(spent.units, policy.roomUnits ?? spent.units);
  if (policy === undefined || units === 0n) return { rest: spent };
  if (policy.roomUnits !== undefined) rooms.set(funding.funderNo, { ...policy, roomUnits: policy.roomUnits - units });
  const issued = partOf(spent, spent, units);
  const { by } = policy;
  const borne = { id: newId(), since: member.asOf, by, lotId, origin, funding, issued, left: issued };
  return { borne, rest: minusPart(spent, issued) };
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
