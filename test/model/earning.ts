/** Rows 1 to 8: a purchase earns, the hold ends, the purchase is returned. */
import { allocate, allocateWithin } from '../../src/domain/money/allocate.js';
import type { Rate } from '../../src/domain/money/rate.js';
import { divideRounded } from '../../src/domain/money/rounding.js';
import { type Accrual, type Books, charge, fundingOf, type Lot, refuseIf, type Used } from './books.js';
import { cr, dr, type Leg } from './journal.js';
import { least, minus, most, NOTHING, next, type Part, plus, sumOf } from './parts.js';
import { type Contract, type Day, PRG, yearOf } from './terms.js';

/** A rule that rewards a purchase: a rate of it, paid by funders in shares that sum to one. */
export interface Rule {
  readonly code: string;
  readonly rate: Rate;
  readonly funders: readonly { readonly funder: string; readonly share: Rate }[];
}

export interface Purchase {
  readonly id: string;
  readonly member: string;
  readonly rules: readonly Rule[];
  /** What has not been returned. */
  kept: bigint;
  readonly accruals: Accrual[];
}

/** Rows 1, 2, 3. Whole units only; the funders' parts by largest remainder. */
export function buy(books: Books, bought: Omit<Purchase, 'accruals'> & { readonly availableOn: Day }): Purchase {
  const { id, member, rules, kept, availableOn } = bought;
  const purchase: Purchase = { id, member, rules, kept, accruals: [] };
  const legs: Leg[] = [];
  for (const rule of rules) {
    const parts = allocate(
      unitsOf(books, rule, kept),
      rule.funders.map((each) => each.share),
    );
    rule.funders.forEach(({ funder }, index) => {
      const contract = funder === PRG ? undefined : books.contractOf(funder);
      const whole = books.priced(parts[index] as bigint, contract);
      const accrual: Accrual = { buyer: member, rule: rule.code, funder, stands: whole, gone: NOTHING, borne: NOTHING };
      purchase.accruals.push(accrual);
      if (whole.units === 0n) return;
      const { livesDays } = books.terms;
      books.openLot({
        ...{ member, accrual, purchase: id, funder, accruedOn: books.today, availableOn, pending: true, whole },
        ...(contract && { contract }),
        ...(livesDays !== undefined && { expiresOn: availableOn + livesDays }),
      });
      legs.push(dr(`P900:${funder}`, whole.units), cr(`P100:${member}`, whole.units));
      legs.push(dr(fundingOf(funder), whole.value), cr('2000', whole.value));
    });
  }
  books.journal.record(1, member, legs);
  return purchase;
}

/** The rate's share of the amount, in whole units at the price of issue. */
export const unitsOf = ({ terms }: Books, { rate }: Rule, amount: bigint): bigint =>
  divideRounded(amount * rate.numerator * terms.price.denominator, rate.denominator * terms.price.numerator, 'FLOOR');

/** Rows 4, 4p, 4R, for everything whose hold has ended; then debts are repaid and what is over expires. */
export function confirm(books: Books): void {
  for (const [member, lots] of books.lots) {
    const due = lots.filter((lot) => lot.pending && lot.availableOn <= books.today && lot.left.units > 0n);
    if (due.length === 0) continue;
    books.expire(member);
    for (const lot of due) confirmLot(books, lot);
    books.credited(member);
  }
}

function confirmLot(books: Books, lot: Lot): void {
  const { member, funder, contract } = lot;
  const { units, value, commission, tax } = lot.left;
  lot.pending = false;
  const legs = [dr(`P100:${member}`, units), cr(`P110:${member}`, units), dr('2000', value), cr('2010', value)];
  if (contract === undefined) legs.push(dr('5000', value), cr('1106', value));
  else if (contract.settles === 'AT_ISSUANCE') {
    books.charge(funder, value);
    legs.push(...charge(funder, lot.left));
  }
  books.journal.record(4, member, legs);
  if (contract?.settles === 'AT_ISSUANCE') books.consumeBlock(funder, value + commission + tax);
}

/**
 * A part of the purchase comes back. The rules of its day decide again on what is kept; nobody's part rises.
 * What is pending is voided (5), what is available is clawed back (6, 7).
 */
export function refund(books: Books, purchase: Purchase, amount: bigint): void {
  refuseIf(amount > purchase.kept, 'ABOVE_WHAT_IS_KEPT');
  books.expire(purchase.member);
  purchase.kept -= amount;
  const taken: Taken[] = [];
  for (const rule of purchase.rules) {
    const accruals = purchase.accruals.filter((accrual) => accrual.rule === rule.code);
    const parts = allocateWithin(
      unitsOf(books, rule, purchase.kept),
      rule.funders.map((each) => each.share),
      accruals.map(({ stands }) => stands.units),
    );
    accruals.forEach((accrual, index) => {
      const before = accrual.stands;
      const contract = accrual.funder === PRG ? undefined : books.contractOf(accrual.funder);
      const after = books.priced(parts[index] as bigint, contract);
      if (after.units === before.units) return;
      accrual.stands = after;
      taken.push({ accrual, part: minus(before, after) });
    });
  }
  const lots = books.lots.get(purchase.member) ?? [];
  const lotsOf = (accrual: Accrual): Lot[] => lots.filter((lot) => lot.accrual === accrual);
  const isPending = ({ accrual }: Taken): boolean => lotsOf(accrual).some(({ pending }) => pending);
  for (const { accrual, part } of taken.filter(isPending)) voidPending(books, lotsOf(accrual)[0] as Lot, part);
  const confirmed = taken.filter((each) => !isPending(each));
  if (confirmed.length > 0) clawBack(books, purchase, confirmed, lotsOf);
}

interface Taken {
  readonly accrual: Accrual;
  readonly part: Part;
}

/** Rows 5, 5p. */
function voidPending(books: Books, lot: Lot, part: Part): void {
  const { member, funder } = lot;
  lot.left = minus(lot.left, part);
  lot.whole = lot.left;
  books.journal.record(5, member, [
    dr(`P100:${member}`, part.units),
    cr(`P900:${funder}`, part.units),
    dr('2000', part.value),
    cr(fundingOf(funder), part.value),
  ]);
}

/**
 * Rows 6 and 7 in all their forms. Each funder gets exactly its part back; the units come from the purchase's own
 * lots of that funder, then from what of them expired unused, and what was spent is borne (7b, 7c), taken from the
 * member's other lots, or owed.
 */
function clawBack(
  books: Books,
  { id, member }: Purchase,
  taken: readonly Taken[],
  lotsOf: (accrual: Accrual) => Lot[],
): void {
  const legs: Leg[] = [];
  const rest: Part[] = [];
  for (const [funder, ofFunder] of Map.groupBy(taken, ({ accrual }) => accrual.funder)) {
    rest.push(takeFromFunder(books, id, member, funder, ofFunder, lotsOf, legs));
  }
  const others: Used[] = [];
  let debt = NOTHING;
  for (const missing of rest) {
    const used = books.use(books.spendable(member), missing.units);
    const replaced = sumOf(used.map(({ part }) => part));
    const worth = next(missing, missing, replaced.units);
    others.push(...used);
    debt = plus(debt, minus(missing, worth));
    legs.push(
      dr(`P110:${member}`, missing.units),
      dr('2010', replaced.value),
      cr('5020', replaced.value - worth.value),
    );
  }
  legs.push(dr(`1300:${member}`, debt.value));
  if (debt.units > 0n) books.debts.set(member, [...(books.debts.get(member) ?? []), { left: debt, whole: debt }]);
  const row = sumOf(rest).units > 0n ? 7 : 6;
  books.journal.record(row, member, [...legs, ...books.charges(others, 'CLAWED_BACK')]);
}

/** One funder's part of a clawback; returns what the member's other lots have to give. */
function takeFromFunder(
  books: Books,
  purchase: string,
  member: string,
  funder: string,
  taken: readonly Taken[],
  lotsOf: (accrual: Accrual) => Lot[],
  legs: Leg[],
): Part {
  const contract = funder === PRG ? undefined : books.contractOf(funder);
  const wanted = sumOf(taken.map(({ part }) => part));
  let open = { units: wanted.units, value: wanted.value };
  const lots = taken.flatMap(({ accrual }) => lotsOf(accrual));
  const found = (units: bigint, value: bigint): Part => {
    open = { units: open.units - units, value: open.value - value };
    return { ...NOTHING, units, value };
  };
  // Of the lot's value what is still missing, so that it keeps what belongs to the units that are kept; the last unit
  // takes the rest.
  let own = NOTHING;
  for (const lot of lots) {
    const units = least(open.units, lot.left.units);
    const part = found(units, units === lot.left.units ? lot.left.value : least(most(open.value, 0n), lot.left.value));
    lot.left = minus(lot.left, part);
    lot.whole = minus(lot.whole, part);
    own = plus(own, part);
  }
  const outOf = (pot: Part): Part => {
    const { units, value } = next(pot, pot, least(open.units, pot.units));
    return found(units, value);
  };
  let expired = NOTHING;
  for (const lot of lots) {
    const part = outOf(lot.expired);
    lot.expired = minus(lot.expired, part);
    expired = plus(expired, part);
  }
  let unused = expired;
  for (const lot of lots) {
    const part = outOf(lot.writtenOff);
    lot.writtenOff = minus(lot.writtenOff, part);
    unused = plus(unused, part);
  }
  legs.push(dr(`P110:${member}`, own.units), dr('P920', unused.units), cr(`P900:${funder}`, wanted.units));
  legs.push(dr('2010', own.value));

  // What was spent: borne by the contract's policy up to its limit, the rest by the member.
  const spent: Part = { ...NOTHING, units: open.units, value: open.units === 0n ? 0n : most(open.value, 0n) };
  const borne = bear(books, member, { purchase, funder, contract }, spent);
  const remainder = open.value - spent.value;
  legs.push(dr('P930', borne.units), dr('5020', remainder));
  if (contract === undefined) {
    legs.push(dr('4010', unused.value), dr('5010', borne.value), cr('5000', wanted.value));
    return minus(spent, borne);
  }
  const back = returned(books, taken, lots, contract, borne.units);
  legs.push(dr(`4000:${funder}`, back.commission), dr(`2200:${funder}`, back.tax));
  const atIssuance = contract.settles === 'AT_ISSUANCE';
  const merchantBears = contract.clawback === 'MERCHANT_BEARS';
  if (!merchantBears) legs.push(dr('5010', borne.value));
  // Breakage went to the programme, or had already gone back to the funder: then it does not get it twice.
  const alreadyBack = contract.breakage === 'FUNDER' ? expired.value : 0n;
  legs.push(dr('4010', unused.value - alreadyBack));
  if (atIssuance) legs.push(dr(`1100:${funder}`, alreadyBack));
  // At redemption only what was used up had been charged.
  const uncharged = atIssuance ? 0n : own.value;
  legs.push(cr(`1105:${funder}`, uncharged));
  const due = wanted.value - uncharged - (merchantBears ? borne.value : 0n) - (atIssuance ? 0n : alreadyBack);
  legs.push(cr(`1100:${funder}`, due + back.commission + back.tax));
  // What is borne counts as kept; at redemption what went back when it expired had never been charged.
  const uncounted = uncharged + borne.value + (atIssuance ? 0n : alreadyBack);
  if (contract.refundReturnsCommission) books.charge(funder, uncounted - wanted.value);
  return minus(spent, borne);
}

/** 7b, 7c: what of the spent units the contract takes upon the merchant or the programme, this year. */
function bear(
  books: Books,
  member: string,
  { purchase, funder, contract }: { purchase: string; funder: string; contract: Contract | undefined },
  spent: Part,
): Part {
  if (contract === undefined || contract.clawback === 'MEMBER_OWES') return NOTHING;
  const year = `${member}/${funder}/${yearOf(books.today)}`;
  const before = books.bornePerYear.get(year) ?? 0n;
  const borne = next(spent, spent, least(most(contract.clawbackLimit - before, 0n), spent.units));
  books.bornePerYear.set(year, before + borne.units);
  if (borne.units > 0n)
    books.borne.set(member, [...(books.borne.get(member) ?? []), { purchase, funder, whole: borne, left: borne }]);
  return borne;
}

/**
 * Commission and tax that go back: of what was kept before less of what is kept now, where what is borne counts as
 * kept. At redemption it is what was charged beyond that; the lots carry the rest of it.
 */
function returned(
  books: Books,
  taken: readonly Taken[],
  lots: readonly Lot[],
  contract: Contract,
  borneUnits: bigint,
): { readonly commission: bigint; readonly tax: bigint } {
  let back = NOTHING;
  let open = borneUnits;
  for (const { accrual, part } of taken) {
    const before = books.priced(accrual.stands.units + part.units + accrual.borne.units, contract);
    const borne = least(open, part.units);
    open -= borne;
    accrual.borne = plus(accrual.borne, { ...NOTHING, units: borne });
    const after = books.priced(accrual.stands.units + accrual.borne.units, contract);
    if (contract.settles === 'AT_ISSUANCE') {
      back = plus(back, minus(before, after));
      continue;
    }
    const { gone } = accrual;
    const beyond = {
      ...NOTHING,
      commission: most(gone.commission - after.commission, 0n),
      tax: most(gone.tax - after.tax, 0n),
    };
    back = plus(back, beyond);
    const own = lots.filter((lot) => lot.accrual === accrual);
    if (contract.refundReturnsCommission) {
      accrual.gone = minus(gone, beyond);
      // Units of the lot that come back and are used again catch up with what was given back meanwhile.
      const [first] = own as [Lot];
      first.whole = minus(first.whole, beyond);
    }
    carry(own, {
      commission: most(after.commission - gone.commission, 0n),
      tax: most(after.tax - gone.tax, 0n),
    });
  }
  return contract.refundReturnsCommission ? back : NOTHING;
}

/** Lots of one accrual carry so much commission and tax from now on, those with units left. */
function carry(lots: readonly Lot[], { commission, tax }: { commission: bigint; tax: bigint }): void {
  let open = { commission, tax };
  for (const lot of lots) {
    const isEmpty = lot.left.units === 0n;
    const now = {
      commission: isEmpty ? 0n : least(open.commission, lot.left.commission),
      tax: isEmpty ? 0n : least(open.tax, lot.left.tax),
    };
    lot.whole = {
      ...lot.whole,
      commission: lot.whole.commission - lot.left.commission + now.commission,
      tax: lot.whole.tax - lot.left.tax + now.tax,
    };
    lot.left = { ...lot.left, ...now };
    open = { commission: open.commission - now.commission, tax: open.tax - now.tax };
  }
}
