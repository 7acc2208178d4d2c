/**
 * Money that really moves (rows 17 to 20, 25, 32 to 34): what is left to pay of each settlement line, what is on its way
 * by the bank, and what came in that nobody knows.
 */
import { type Books, refuseIf } from './books.js';
import { least, most } from './parts.js';
import {
  allocated,
  badDebt,
  booked,
  buyBlock,
  dispute,
  exchange,
  instruct,
  payCharity,
  payDeposit,
  received,
  rejectedByBank,
  resolve,
  returnDeposit,
  returned,
  type Settlement,
  useDeposit,
} from './settling.js';
import { type Currency, OWN, rateOf } from './terms.js';
import { CHARITY, PARTNERS } from './world.js';

/** What is left of a line that was to be paid; + the partner owes it, - it is owed. */
export interface Due {
  /** Counted from 0. */
  readonly settlement: number;
  readonly partner: string;
  /** In which it is paid. */
  readonly currency: Currency;
  readonly closing: bigint;
  open: bigint;
  /** What is in dispute of it: it stands aside. */
  contested: bigint;
  /** A payment of it is under way. */
  underWay: boolean;
}

/** A deposit that two people decided to give back. */
interface DepositBack {
  readonly partner: string;
  readonly amount: bigint;
  state: 'OPEN' | 'UNDER_WAY' | 'PAID';
}

export interface Payment {
  readonly id: string;
  /** Where it is owed again when it fails. */
  readonly from: string;
  readonly amount: bigint;
  readonly currency: Currency;
  readonly due?: Due;
  readonly deposit?: DepositBack;
  state: 'SENT' | 'BOOKED' | 'FAILED';
}

export interface Receipt {
  readonly id: string;
  readonly currency: Currency;
  left: bigint;
}

export type Purpose = 'SETTLEMENT' | 'DEPOSIT' | 'PREPAID';

export class Payments {
  readonly dues: Due[] = [];
  readonly payments = new Map<string, Payment>();
  readonly receipts = new Map<string, Receipt>();
  private readonly deposits: DepositBack[] = [];
  /** Blocks that partners have bought and not paid. */
  private readonly blocks = new Map<string, bigint>();
  private settlements = 0;

  constructor(private readonly books: Books) {}

  /** From now on these lines are to be paid. */
  settled({ lines }: Settlement): void {
    const order = (partner: string): number => PARTNERS.indexOf(partner as (typeof PARTNERS)[number]);
    for (const { partner, closing } of lines
      .filter(({ state }) => state === 'PENDING')
      .toSorted((a, b) => order(a.partner) - order(b.partner)))
      this.dues.push(this.due(partner, closing));
    this.settlements += 1;
  }

  /** In another currency it is what it is worth there by the rates of the day before. */
  private due(partner: string, closing: bigint): Due {
    const { books, settlements: settlement } = this;
    const { currency = OWN } = books.contractOf(partner);
    const open = currency === OWN ? closing : exchange(books, partner, closing, currency, rateOf(books.today - 1));
    return { settlement, partner, currency, closing, open, contested: 0n, underWay: false };
  }

  /** Everything that is owed in a currency and not under way goes to the bank: lines, deposits that go back, donations. */
  instruct(id: string, currency: Currency): void {
    const { books } = this;
    const sent: Omit<Payment, 'id' | 'state'>[] = [];
    for (const due of this.dues)
      if (due.currency === currency && due.open < 0n && !due.underWay && due.contested === 0n)
        sent.push({ due, from: `1200:${due.partner}`, amount: -due.open, currency });
    if (currency === OWN) {
      for (const deposit of this.deposits)
        if (deposit.state === 'OPEN') sent.push({ deposit, from: '1010', amount: deposit.amount, currency });
      const donated = -books.journal.balance(`2110:${CHARITY}`);
      if (donated > 0n) sent.push({ from: `2110:${CHARITY}`, amount: donated, currency });
    }
    refuseIf(sent.length === 0, 'NOTHING_TO_PAY');
    sent.forEach((payment, index) => {
      const { due, deposit, amount } = payment;
      if (due !== undefined) {
        due.underWay = true;
        instruct(books, due.partner, amount, currency);
      } else if (deposit !== undefined) deposit.state = 'UNDER_WAY';
      else payCharity(books, CHARITY, amount);
      const name = `${id}.${index}`;
      this.payments.set(name, { ...payment, id: name, state: 'SENT' });
    });
  }

  book(id: string): void {
    const payment = this.payment(id, 'SENT');
    payment.state = 'BOOKED';
    booked(this.books, payment.amount, payment.currency);
    if (payment.due !== undefined) {
      payment.due.open += payment.amount;
      payment.due.underWay = false;
    }
    if (payment.deposit !== undefined) payment.deposit.state = 'PAID';
  }

  reject(id: string): void {
    const payment = this.payment(id, 'SENT');
    payment.state = 'FAILED';
    rejectedByBank(this.books, payment.from, payment.amount, payment.currency);
    if (payment.due !== undefined) payment.due.underWay = false;
    if (payment.deposit !== undefined) payment.deposit.state = 'OPEN';
  }

  /** What was booked comes back. */
  comeBack(id: string): void {
    const payment = this.payment(id, 'BOOKED');
    payment.state = 'FAILED';
    returned(this.books, payment.from, payment.amount, payment.currency);
    if (payment.due !== undefined) payment.due.open -= payment.amount;
    if (payment.deposit !== undefined) payment.deposit.state = 'OPEN';
  }

  private payment(id: string, state: Payment['state']): Payment {
    const payment = this.payments.get(id);
    if (payment?.state !== state) throw new Error(`Payment ${id} is not ${state}.`);
    return payment;
  }

  /** Money comes in: it pays what a partner owes, the settlement that it names first; the rest waits. */
  receive(id: string, partner: string | undefined, amount: bigint, currency: Currency, named?: number): void {
    const pays = partner === undefined ? 0n : least(amount, this.owed(partner, currency));
    if (partner !== undefined && pays > 0n) {
      this.takeOff(partner, pays, currency, named);
      received(this.books, partner, pays, currency);
    }
    received(this.books, undefined, amount - pays, currency);
    this.receipts.set(id, { id, currency, left: amount - pays });
  }

  /** Somebody knows whose a receipt is, and what for. */
  allocate(id: string, partner: string, purpose: Purpose, amount: bigint): void {
    const receipt = this.receipts.get(id);
    refuseIf(receipt === undefined || receipt.left === 0n, 'NOTHING_WAITS');
    const { left, currency } = receipt as Receipt;
    refuseIf(amount > left, 'ABOVE_WHAT_WAITS');
    if (purpose === 'SETTLEMENT') {
      refuseIf(this.owed(partner, currency) === 0n, 'NOTHING_IS_OWED');
      refuseIf(amount > this.owed(partner, currency), 'ABOVE_WHAT_IS_OWED');
      this.takeOff(partner, amount, currency);
      allocated(this.books, partner, amount, currency);
    } else {
      refuseIf(currency !== OWN, 'IN_ANOTHER_CURRENCY');
      (purpose === 'DEPOSIT' ? payDeposit : buyBlock)(this.books, partner, amount, '1020');
    }
    (receipt as Receipt).left -= amount;
  }

  /** Rows 25: no more than its lines say, nor than it owes when what it is owed is taken off. */
  giveUp(partner: string, amount: bigint): void {
    refuseIf(amount > this.owed(partner), 'ABOVE_WHAT_IS_OWED');
    badDebt(this.books, partner, amount);
    this.takeOff(partner, amount);
  }

  fromDeposit(partner: string, amount: bigint): void {
    // Too small a deposit is told before lines that say less than what is owed in all.
    const isThere = amount <= -this.books.journal.balance(`2300:${partner}`);
    refuseIf(isThere && amount > this.owed(partner), 'ABOVE_WHAT_IS_OWED');
    useDeposit(this.books, partner, amount);
    this.takeOff(partner, amount);
  }

  /** It is owed like anything that was settled. */
  buyBlock(partner: string, amount: bigint): void {
    refuseIf(!this.books.contractOf(partner).prepaid, 'NOT_IN_ADVANCE');
    buyBlock(this.books, partner, amount);
    this.blocks.set(partner, this.unpaidBlock(partner) + amount);
  }

  private unpaidBlock = (partner: string): bigint => this.blocks.get(partner) ?? 0n;

  depositBack(partner: string, amount: bigint): void {
    returnDeposit(this.books, partner, amount);
    this.deposits.push({ partner, amount, state: 'OPEN' });
  }

  /** Lines of the last settlement that may be contested: what is under way may not, nor what was converted. */
  disputable = (): Due[] =>
    this.dues.filter(
      ({ settlement, currency, underWay }) => settlement === this.settlements - 1 && currency === OWN && !underWay,
    );

  contest(partner: string, amount: bigint): Due {
    const due = this.disputable().find((each) => each.partner === partner);
    if (due === undefined) throw new Error(`Nothing of ${partner} may be contested.`);
    due.contested += amount;
    dispute(this.books, partner, amount);
    return due;
  }

  resolve(due: Due, amount: bigint, answer: 'UPHELD' | 'REJECTED'): void {
    due.contested -= amount;
    if (answer === 'UPHELD') due.open -= amount;
    resolve(this.books, due.partner, amount, answer);
  }

  /** What a partner may pay now. */
  owed = (partner: string, currency = OWN): bigint =>
    this.owing(partner, currency).reduce(
      (sum, due) => sum + due.open - due.contested,
      currency === OWN ? this.unpaidBlock(partner) : 0n,
    );

  private owing = (partner: string, currency: Currency): Due[] =>
    this.dues.filter(
      (due) => due.partner === partner && due.currency === currency && due.open > 0n && due.open > due.contested,
    );

  /** The settlement that was named, then the oldest, then blocks. */
  private takeOff(partner: string, amount: bigint, currency = OWN, named?: number): void {
    let left = amount;
    const isNamed = ({ settlement }: Due): number => (settlement === named ? 0 : 1);
    for (const due of this.owing(partner, currency).toSorted((a, b) => isNamed(a) - isNamed(b))) {
      const part = least(left, most(due.open - due.contested, 0n));
      due.open -= part;
      left -= part;
    }
    this.blocks.set(partner, this.unpaidBlock(partner) - left);
  }
}
