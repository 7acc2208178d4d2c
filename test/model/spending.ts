/** Rows 9 to 14, 24, 26, 29, 30, 35: what members do with their units, and what is done for them. */
import { allocate } from '../../src/domain/money/allocate.js';
import { rate } from '../../src/domain/money/rate.js';
import { type Books, type Lot, leaves, refuseIf, share, type Used } from './books.js';
import { cr, dr, type Leg } from './journal.js';
import { least, minus, NOTHING, next, type Part, plus, sumOf } from './parts.js';
import { type Contract, type Day, monthsAfter, PRG } from './terms.js';

/** What one lot gave to a redemption, and what has come back of it. */
export interface Take {
  readonly lot: Lot;
  readonly part: Part;
  back: Part;
}

export interface Redemption {
  readonly member: string;
  readonly redeemer: string;
  state: 'AUTHORISED' | 'CAPTURED' | 'VOIDED';
  takes: Take[];
  /** What the redeemer got for the units, its fee and the tax on it, as far as nothing was returned. */
  got: Part;
  whole: Part;
}

const unitsIn = (takes: readonly Take[]): bigint => sumOf(takes.map(({ part }) => part)).units;

/** Whether the last day of redemption has passed. */
export const hasEnded = ({ terms, today }: Books): boolean => (terms.endsOn ?? Number.POSITIVE_INFINITY) <= today;

/** Whoever asks for units gets them from what there is today: what is over expires, debts are repaid. */
function mayUse(books: Books, member: string, units: bigint): void {
  refuseIf(units <= 0n, 'NOTHING_TO_REDEEM');
  refuseIf(hasEnded(books), 'REDEMPTION_ENDED');
  refuseIf(units > books.usable(member), 'NOT_ENOUGH_UNITS');
  books.credited(member);
}

/** Row 9. */
export function authorise(books: Books, member: string, redeemer: string, units: bigint): Redemption {
  mayUse(books, member, units);
  const used = books.use(books.spendable(member), units);
  const { value } = sumOf(used.map(({ part }) => part));
  books.journal.record(9, member, [
    dr(`P110:${member}`, units),
    cr(`P120:${member}`, units),
    dr('2010', value),
    cr('2020', value),
  ]);
  return {
    member,
    redeemer,
    state: 'AUTHORISED',
    takes: used.map((each) => ({ ...each, back: NOTHING })),
    got: NOTHING,
    whole: NOTHING,
  };
}

/** Rows 10, 10R, 35, and 11 for what is not captured. */
export function capture(
  books: Books,
  redemption: Redemption,
  units = unitsIn(redemption.takes),
  row: 10 | 35 = 10,
): void {
  const { member, redeemer, takes } = redemption;
  refuseIf(redemption.state !== 'AUTHORISED', 'NOT_AUTHORISED');
  refuseIf(units <= 0n || units > unitsIn(takes), 'ABOVE_THE_AUTHORISATION');
  let open = units;
  const captured: Take[] = [];
  const released: Used[] = [];
  for (const { lot, part } of takes) {
    const used = next(part, part, least(part.units, open));
    open -= used.units;
    if (used.units > 0n) captured.push({ lot, part: used, back: NOTHING });
    if (used.units < part.units) released.push({ lot, part: minus(part, used) });
  }
  redemption.state = 'CAPTURED';
  redemption.takes = captured;
  const { value } = sumOf(captured.map(({ part }) => part));
  const worth = worthOf(books.contractOf(redeemer), units);
  redemption.whole = { units, value: worth.pays, commission: worth.fee, tax: worth.tax };
  redemption.got = redemption.whole;
  books.journal.record(row, member, [
    dr(`P120:${member}`, units),
    cr(`P910:${redeemer}`, units),
    dr('2020', value),
    cr(`1100:${redeemer}`, worth.pays),
    cr('4020', value - worth.pays),
    dr(`1100:${redeemer}`, worth.fee + worth.tax),
    cr(`4000:${redeemer}`, worth.fee),
    cr(`2200:${redeemer}`, worth.tax),
    ...books.charges(captured, redeemer),
  ]);
  release(books, member, released);
}

/** Row 35: an item of the catalogue, which its supplier delivers at once. */
export const claim = (books: Books, member: string, supplier: string, units: bigint): void =>
  capture(books, authorise(books, member, supplier, units), units, 35);

/** Row 11, by the shop or because its time is over. */
export function voidRedemption(books: Books, redemption: Redemption): void {
  refuseIf(redemption.state !== 'AUTHORISED', 'NOT_AUTHORISED');
  redemption.state = 'VOIDED';
  release(books, redemption.member, redemption.takes);
  redemption.takes = [];
}

function release(books: Books, member: string, released: readonly Used[]): void {
  const { units, value } = sumOf(released.map(({ part }) => part));
  if (units === 0n) return;
  for (const { lot, part } of released) books.putBack(lot, part);
  books.journal.record(11, member, [
    dr(`P120:${member}`, units),
    cr(`P110:${member}`, units),
    dr('2020', value),
    cr('2010', value),
  ]);
  books.credited(member);
}

/** What a redeemer gets for units, and the fee it pays for accepting them. */
function worthOf(
  contract: Contract,
  units: bigint,
): { readonly pays: bigint; readonly fee: bigint; readonly tax: bigint } {
  const pays = share(units, contract.redemptionPrice);
  const fee = share(pays, contract.acceptanceFee);
  return { pays, fee, tax: share(fee, contract.tax) };
}

/** Row 12: units of a returned basket, over the lots they came from by largest remainder. */
export function giveBack(books: Books, redemption: Redemption, units: bigint): void {
  const { member, redeemer, takes } = redemption;
  const open = takes.map(({ part, back }) => minus(part, back));
  const before = sumOf(open).units;
  refuseIf(redemption.state !== 'CAPTURED', 'NOT_CAPTURED');
  refuseIf(units <= 0n || units > before, 'ABOVE_WHAT_WAS_CAPTURED');
  const parts = allocate(
    units,
    open.map((each) => rate(each.units, before)),
  );
  const backs = takes.map((take, index): Used => {
    const part = next(take.part, open[index] as Part, parts[index] as bigint);
    take.back = plus(take.back, part);
    return { lot: take.lot, part };
  });
  const contract = books.contractOf(redeemer);
  const lost = next(redemption.whole, redemption.got, units);
  redemption.got = minus(redemption.got, lost);
  const pays = lost.value;
  const [fee, tax] = contract.returnsAcceptanceFee ? [lost.commission, lost.tax] : [0n, 0n];
  const { value } = sumOf(backs.map(({ part }) => part));
  const legs: Leg[] = [
    dr(`P910:${redeemer}`, units),
    dr(`1100:${redeemer}`, pays),
    dr('4020', value - pays),
    cr(`1100:${redeemer}`, fee + tax),
    dr(`4000:${redeemer}`, fee),
    dr(`2200:${redeemer}`, tax),
    // 10R is always reversed.
    ...books.charges(
      backs.map(({ lot, part }) => ({ lot, part: minus(NOTHING, part) })),
      redeemer,
    ),
  ];
  const came = backs.filter(({ part }) => part.units > 0n);
  for (const { part } of came) legs.push(cr(`P110:${member}`, part.units), cr('2010', part.value));
  const returned = came.map((each): Used => ({ lot: comesBack(books, each), part: each.part }));
  books.journal.record(12, member, legs);
  for (const each of returned) repayBorne(books, each);
  books.credited(member);
}

/** Into the lot, or a lot of its own when that one is nearly over. */
function comesBack(books: Books, { lot, part }: Used): Lot {
  const grace = books.today + books.terms.graceDays;
  if (lot.expiresOn === undefined || lot.expiresOn >= grace) {
    books.putBack(lot, part);
    return lot;
  }
  leaves(lot, minus(NOTHING, part));
  return books.openLot({ ...lot, availableOn: books.today, expiresOn: grace, whole: part });
}

/**
 * What was borne (7b, 7c) for the purchase that these units are of, oldest first: who bore it gets its value, and no
 * commission, as with every part that is borne.
 */
function repayBorne(books: Books, { lot, part: { units } }: Used): void {
  let open = units;
  for (const borne of books.borne.get(lot.member) ?? []) {
    if (borne.purchase !== lot.purchase || borne.funder !== lot.funder) continue;
    const repaid = next(borne.whole, borne.left, least(borne.left.units, open));
    if (repaid.units === 0n) continue;
    borne.left = minus(borne.left, repaid);
    open -= repaid.units;
    const part = books.take(lot, repaid.units);
    const bearer = lot.contract?.clawback === 'MERCHANT_BEARS' ? `1100:${lot.funder}` : '5010';
    books.journal.record(7, lot.member, [
      dr(`P110:${lot.member}`, part.units),
      cr('P930', part.units),
      dr('2010', part.value),
      cr(bearer, repaid.value),
      cr('5020', part.value - repaid.value),
      ...books.charges([{ lot, part }], 'CLAWED_BACK'),
    ]);
  }
}

/** Uses units up at once: rows 13, 14, 30. */
function spend(
  books: Books,
  row: number,
  member: string,
  units: bigint,
  to: string,
  paid: (value: bigint) => Leg,
  by: string,
): void {
  const used = books.use(books.spendable(member), units);
  const part = sumOf(used.map((each) => each.part));
  books.journal.record(row, member, [
    dr(`P110:${member}`, part.units),
    cr(to, part.units),
    dr('2010', part.value),
    paid(part.value),
    ...books.charges(used, by),
  ]);
}

/** Row 13: the bank fronts the money. */
export function cashOut(books: Books, member: string, bank: string, units: bigint): void {
  mayUse(books, member, units);
  spend(books, 13, member, units, `P910:${bank}`, (value) => cr(`1100:${bank}`, value), bank);
}

/** Row 14. */
export function donate(books: Books, member: string, charity: string, units: bigint): void {
  mayUse(books, member, units);
  spend(books, 14, member, units, `P910:${charity}`, (value) => cr(`2110:${charity}`, value), charity);
}

/** Row 30, from whom it is due today, as far as the units go. */
export function dormancyFees(books: Books): void {
  const { today, terms } = books;
  if (terms.dormancy === undefined) return;
  const { afterDays, fee } = terms.dormancy;
  for (const [member, since] of books.lastActive) {
    const first = since + afterDays + 1;
    let months = 0;
    while (monthsAfter(first, months) < today) months += 1;
    if (monthsAfter(first, months) === today)
      spend(books, 30, member, fee, 'P940', (value) => cr('4000', value), 'FEES');
  }
}

/** Row 29: lots move with their price, expiry, commission and tax. */
export function transfer(books: Books, from: string, to: string, units: bigint): void {
  mayUse(books, from, units);
  books.expire(to);
  const used = books.use(books.spendable(from), units);
  for (const { lot, part } of used) leaves(books.openLot({ ...lot, member: to, whole: part }), minus(NOTHING, part));
  books.journal.record(29, from, [dr(`P110:${from}`, units), cr(`P110:${to}`, units)]);
  books.credited(to);
}

/** Row 24: units that the programme gives; they live as long as others unless it says otherwise. */
export function goodwill(books: Books, member: string, units: bigint, lastDay?: Day): void {
  books.expire(member);
  const whole = books.priced(units, undefined);
  const { today, terms } = books;
  const expiresOn = lastDay ?? (terms.livesDays === undefined ? undefined : today + terms.livesDays);
  books.openLot({
    ...{ member, funder: PRG, accruedOn: today, availableOn: today, pending: false, whole },
    ...(expiresOn !== undefined && { expiresOn }),
  });
  books.journal.record(24, member, [
    dr(`P900:${PRG}`, units),
    cr(`P110:${member}`, units),
    dr('5020', whole.value),
    cr('2010', whole.value),
  ]);
  books.credited(member);
}

/** Row 26: what the member owes is given up. */
export function writeOff(books: Books, member: string): void {
  const { units, value } = books.owed(member);
  refuseIf(units === 0n, 'NOTHING_IS_OWED');
  books.debts.set(member, []);
  books.journal.record(26, member, [
    dr('P930', units),
    cr(`P110:${member}`, units),
    dr('5010', value),
    cr(`1300:${member}`, value),
  ]);
}

/** Rows 15 and 31 for everybody: the day's job. */
export function expireAll(books: Books): void {
  for (const member of books.lots.keys()) books.expire(member);
}
