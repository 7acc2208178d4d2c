/** Rows 16 to 23, 25, 27, 28, 32 to 34: windows are settled and money moves. */
import { type Rate, rate } from '../../src/domain/money/rate.js';
import { type Books, refuseIf, share } from './books.js';
import { type Account, cr, dr } from './journal.js';
import { type Currency, OWN } from './terms.js';

export interface Line {
  readonly partner: string;
  readonly net: bigint;
  /** What was carried from before, and the net. */
  readonly closing: bigint;
  readonly state: 'PENDING' | 'CARRIED' | 'SETTLED';
}

export interface Settlement {
  readonly lines: readonly Line[];
  /** From the programme's own accounts; the opposite of all partners together. */
  readonly programme: bigint;
  /** Every posting on 1100, whichever way it went. */
  readonly gross: bigint;
  /** What will really be paid, in either direction. */
  readonly payments: bigint;
}

/** From now on entries go into the next window. */
export function closeWindow(books: Books): number {
  const closed = books.journal.window;
  books.journal.window += 1;
  return closed;
}

/** Row 36: commission on what was charged since the last statement. Whether there is any. */
export function chargeStatements(books: Books): boolean {
  let any = false;
  for (const [funder, charged] of books.charged) {
    const contract = books.contractOf(funder);
    const commission = share(charged, contract.commission);
    const tax = share(commission, contract.tax);
    if (commission === 0n) continue;
    any = true;
    books.journal.record(36, '', [
      dr(`1100:${funder}`, commission + tax),
      cr(`4000:${funder}`, commission),
      cr(`2200:${funder}`, tax),
    ]);
  }
  books.charged.clear();
  return any;
}

const PAYMENTS = ['1000', '1010', '1020', '1200'];
const accountOf = (account: string): string => account.split(/[:@]/)[0] as string;
const partyOf = (account: string): string => account.split(/[:@]/)[1] as string;
const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const addTo = (sums: Map<string, bigint>, key: string, amount: bigint) => sums.set(key, (sums.get(key) ?? 0n) + amount);

/** Row 16 for every partner with anything in these closed windows; row 21 is a line that is carried. */
export function settle(books: Books, closed: readonly number[]): Settlement {
  const { journal } = books;
  const windows = new Set(closed);
  const nets = new Map<string, bigint>();
  let [programme, gross] = [0n, 0n];
  for (const { entry, leg } of journal.legsIn(windows)) {
    const [account, amount] = leg;
    if (accountOf(account) === '1100') {
      addTo(nets, partyOf(account), amount);
      gross += size(amount);
    } else if (!account.startsWith('P') && !entry.legs.some(([each]) => PAYMENTS.includes(accountOf(each)))) {
      programme += amount;
    }
  }
  // What was carried is added to the next settlement, even when nothing came after it (21).
  for (const [partner, carried] of books.carried) if (carried !== 0n) addTo(nets, partner, 0n);
  const lines = [...nets].map(([partner, net]): Line => {
    const closing = (books.carried.get(partner) ?? 0n) + net;
    for (const window of closed) {
      const open = journal.balanceIn(`1100:${partner}`, window);
      journal.record(16, '', [dr(`1200:${partner}`, open), cr(`1100:${partner}`, open)], window);
    }
    const { minimumPayout } = books.contractOf(partner);
    const state = closing === 0n ? 'SETTLED' : size(closing) < minimumPayout ? 'CARRIED' : 'PENDING';
    books.carried.set(partner, state === 'CARRIED' ? closing : 0n);
    return { partner, net, closing, state };
  });
  const due = lines.filter(({ state }) => state === 'PENDING');
  return { lines, programme, gross, payments: due.reduce((sum, { closing }) => sum + size(closing), 0n) };
}

/** An account as it is written for money of that currency. */
export const within = (account: Account, currency: Currency): Account =>
  currency === OWN ? account : `${account}@${currency}`;

/** Rows 17, 18, 19: what a partner is owed is on its way, arrives, or comes back. */
export const instruct = (books: Books, partner: string, amount: bigint, currency = OWN): void =>
  books.journal.record(17, '', [dr(within(`1200:${partner}`, currency), amount), cr(within('1010', currency), amount)]);
export const booked = (books: Books, amount: bigint, currency = OWN): void =>
  books.journal.record(18, '', [dr(within('1010', currency), amount), cr(within('1000', currency), amount)]);
export const rejectedByBank = (books: Books, owed: Account, amount: bigint, currency = OWN): void =>
  books.journal.record(19, '', [dr(within('1010', currency), amount), cr(within(owed, currency), amount)]);
/** Row 19 of what was booked before. */
export const returned = (books: Books, owed: Account, amount: bigint, currency = OWN): void =>
  books.journal.record(19, '', [dr(within('1000', currency), amount), cr(within(owed, currency), amount)]);

/** Row 20: money arrives, from a partner or from nobody knows whom. */
export const received = (books: Books, partner: string | undefined, amount: bigint, currency = OWN): void =>
  books.journal.record(20, '', [
    dr(within('1000', currency), amount),
    cr(within(partner === undefined ? '1020' : `1200:${partner}`, currency), amount),
  ]);
export const allocated = (books: Books, partner: string, amount: bigint, currency = OWN): void =>
  books.journal.record(20, '', [dr(within('1020', currency), amount), cr(within(`1200:${partner}`, currency), amount)]);

/** Pays every line that is due, in both directions, at once. */
export function payAll(books: Books, { lines }: Settlement): void {
  for (const { partner, closing } of lines.filter(({ state }) => state === 'PENDING')) {
    if (closing > 0n) received(books, partner, closing);
    else {
      instruct(books, partner, -closing);
      booked(books, -closing);
    }
  }
}

/** Rows 22, 23. */
export const dispute = (books: Books, partner: string, amount: bigint): void =>
  books.journal.record(22, '', [dr(`1250:${partner}`, amount), cr(`1200:${partner}`, amount)]);
export const resolve = (books: Books, partner: string, amount: bigint, answer: 'UPHELD' | 'REJECTED'): void =>
  books.journal.record(23, '', [
    dr(answer === 'UPHELD' ? '5020' : `1200:${partner}`, amount),
    cr(`1250:${partner}`, amount),
  ]);

/** Goodwill in money (24): what a partner owes (+) or is owed (-) is corrected in the open window. */
export const correct = (books: Books, partner: string, amount: bigint): void =>
  books.journal.record(24, '', [dr(`1100:${partner}`, amount), cr('5020', amount)]);

/** Row 25: a debt that is given up, or taken from the deposit. */
export function badDebt(books: Books, partner: string, amount: bigint): void {
  refuseIf(amount > books.journal.balance(`1200:${partner}`), 'ABOVE_WHAT_IS_OWED');
  books.journal.record(25, '', [dr('5010', amount), cr(`1200:${partner}`, amount)]);
}
export function useDeposit(books: Books, partner: string, amount: bigint): void {
  refuseIf(amount > books.journal.balance(`1200:${partner}`), 'ABOVE_WHAT_IS_OWED');
  refuseIf(amount > -books.journal.balance(`2300:${partner}`), 'ABOVE_THE_DEPOSIT');
  books.journal.record(25, '', [dr(`2300:${partner}`, amount), cr(`1200:${partner}`, amount)]);
}

/** Row 27: tax on what a partner charges for its service. */
export const serviceCharge = (books: Books, partner: string, tax: bigint): void =>
  books.journal.record(27, '', [dr('1210', tax), cr(`1100:${partner}`, tax)]);

/** Row 28: a net is settled in another currency, at a rate of that currency per one. */
export function exchange(books: Books, partner: string, amount: bigint, currency: Currency, per: Rate): bigint {
  const there = share(amount, per);
  books.journal.record(28, '', [
    dr(`1200:${partner}@${currency}`, there),
    cr(`1900@${currency}`, there),
    dr('1900', amount),
    cr(`1200:${partner}`, amount),
  ]);
  return there;
}

/** Row 28: what clearing holds of another currency is worth more or less than the books say. */
export function revalue(books: Books, currency: Currency, per: Rate): void {
  const { journal } = books;
  const worth = -share(journal.balance(within('1900', currency)), rate(per.denominator, per.numerator));
  const difference = worth - journal.balance('1900');
  refuseIf(difference === 0n, 'NOTHING_TO_REVALUE');
  journal.record(28, '', [dr('1900', difference), cr('5040', difference)]);
}

/** Rows 32, 33. */
export const buyBlock = (books: Books, partner: string, amount: bigint, from: Account = `1200:${partner}`): void =>
  books.journal.record(32, '', [dr(from, amount), cr(`2310:${partner}`, amount)]);
export const payDeposit = (books: Books, partner: string, amount: bigint, from: Account = '1000'): void =>
  books.journal.record(33, '', [dr(from, amount), cr(`2300:${partner}`, amount)]);
export function returnDeposit(books: Books, partner: string, amount: bigint): void {
  refuseIf(amount > -books.journal.balance(`2300:${partner}`), 'ABOVE_THE_DEPOSIT');
  books.journal.record(33, '', [dr(`2300:${partner}`, amount), cr('1010', amount)]);
}

/** Row 34. */
export const payCharity = (books: Books, charity: string, amount: bigint): void =>
  books.journal.record(34, '', [dr(`2110:${charity}`, amount), cr('1010', amount)]);
