/** A programme's life in the model: operations go in, the books follow, and what is refused changes nothing. */
import { Books, Rejected } from './books.js';
import { buy, confirm, type Purchase, refund } from './earning.js';
import type { Operation, OperationKind } from './operations.js';
import { type Due, Payments } from './paying.js';
import { refuseExhausted } from './rooms.js';
import { chargeStatements, closeWindow, correct, revalue, type Settlement, serviceCharge, settle } from './settling.js';
import {
  authorise,
  capture,
  cashOut,
  claim,
  donate,
  dormancyFees,
  expireAll,
  giveBack,
  goodwill,
  hasEnded,
  type Redemption,
  transfer,
  voidRedemption,
  writeOff,
} from './spending.js';
import { type Day, rateOf } from './terms.js';
import { ITEMS, type Item, rulesFor, type World } from './world.js';

export type Outcome = 'ACCEPTED' | { readonly rejected: string };

interface Known extends Redemption {
  readonly id: string;
  readonly authorisedOn: Day;
}

const itemOf = (code: Item['code']): Item => ITEMS.find((item) => item.code === code) as Item;

/** What members do to earn or to redeem. */
const ACTIVITY: readonly OperationKind[] = ['BUY', 'AUTHORISE', 'CASH_OUT', 'DONATE', 'ITEM'];

/** Days after which an authorisation that nobody captured is over. */
export const AUTHORISATION_DAYS = 7;

export class Life {
  readonly books: Books;
  readonly settlements: Settlement[] = [];
  /** Authorisations whose time was over when days last went by. */
  lapsed: readonly Known[] = [];
  readonly payments: Payments;
  private readonly disputes = new Map<string, { readonly due: Due; readonly amount: bigint; open: boolean }>();
  /** Partners that have contested their line of the last settlement, and when that was. */
  private readonly contested = new Set<string>();
  private settledOn: Day = 0;
  private readonly purchases = new Map<string, Purchase>();
  private readonly redemptions = new Map<string, Known>();

  constructor(readonly world: World) {
    this.books = new Books(world.terms, world.contracts);
    this.books.today = world.starts;
    this.payments = new Payments(this.books);
  }

  purchasesOf = (member: string): Purchase[] =>
    [...this.purchases.values()].filter((purchase) => purchase.member === member);

  redemptionsOf = (member: string, state?: Redemption['state']): Known[] =>
    [...this.redemptions.values()].filter((each) => each.member === member && (!state || each.state === state));

  /** Lines of the last settlement that nobody has contested, in time. */
  openToDispute = (): Due[] =>
    (this.books.today - this.settledOn > 20 ? [] : this.payments.disputable()).filter(
      ({ partner }) => !this.contested.has(partner),
    );

  openDisputes = (): string[] => [...this.disputes].flatMap(([id, { open }]) => (open ? [id] : []));

  redemption = (id: string): Known | undefined => this.redemptions.get(id);

  apply(operation: Operation): Outcome {
    try {
      this.perform(operation);
      if (ACTIVITY.includes(operation.kind) && 'member' in operation)
        this.books.lastActive.set(operation.member, this.books.today);
      return 'ACCEPTED';
    } catch (error) {
      if (error instanceof Rejected) return { rejected: error.code };
      throw error;
    }
  }

  /** Why the operation would be refused now; nothing happens. */
  refusal(operation: Operation): string | undefined {
    switch (operation.kind) {
      case 'REFUND':
        return operation.amount > (this.purchases.get(operation.purchase)?.kept ?? 0n)
          ? 'ABOVE_WHAT_IS_KEPT'
          : undefined;
      case 'AUTHORISE':
      case 'CASH_OUT':
      case 'DONATE':
      case 'TRANSFER':
        if (hasEnded(this.books)) return 'REDEMPTION_ENDED';
        return operation.units > this.books.usable(operation.member) ? 'NOT_ENOUGH_UNITS' : undefined;
      case 'ITEM':
        if (hasEnded(this.books)) return 'REDEMPTION_ENDED';
        return itemOf(operation.item).units > this.books.usable(operation.member) ? 'NOT_ENOUGH_UNITS' : undefined;
      case 'CAPTURE':
      case 'VOID': {
        const { state, takes = [] } = this.redemptions.get(operation.redemption) ?? {};
        if (state !== 'AUTHORISED') return 'NOT_AUTHORISED';
        const held = takes.reduce((sum, { part }) => sum + part.units, 0n);
        return operation.kind === 'CAPTURE' && operation.units > held ? 'ABOVE_THE_AUTHORISATION' : undefined;
      }
      case 'GIVE_BACK': {
        const { state, takes = [] } = this.redemptions.get(operation.redemption) ?? {};
        if (state !== 'CAPTURED') return 'NOT_CAPTURED';
        const open = takes.reduce((sum, { part, back }) => sum + part.units - back.units, 0n);
        return operation.units > open ? 'ABOVE_WHAT_WAS_CAPTURED' : undefined;
      }
      case 'WRITE_OFF':
        return this.books.owed(operation.member).units === 0n ? 'NOTHING_IS_OWED' : undefined;
      default:
        return undefined;
    }
  }

  private perform(operation: Operation): unknown {
    const { books, payments } = this;
    switch (operation.kind) {
      case 'BUY': {
        const { id, member, shop, card, amount } = operation;
        const availableOn = books.today + books.terms.holdDays;
        const rules = this.earns() ? rulesFor(shop, card) : [];
        refuseExhausted(books, rules, amount);
        return this.purchases.set(id, buy(books, { id, member, rules, kept: amount, availableOn }));
      }
      case 'REFUND':
        return refund(books, this.purchaseOf(operation.purchase), operation.amount);
      case 'AUTHORISE': {
        const { id, member, shop, units } = operation;
        const authorised = authorise(books, member, shop, units);
        return this.redemptions.set(id, Object.assign(authorised, { id, authorisedOn: books.today }));
      }
      case 'CAPTURE':
        return capture(books, this.redemptionOf(operation.redemption), operation.units);
      case 'VOID':
        return voidRedemption(books, this.redemptionOf(operation.redemption));
      case 'GIVE_BACK':
        return giveBack(books, this.redemptionOf(operation.redemption), operation.units);
      case 'CASH_OUT':
        return cashOut(books, operation.member, operation.bank, operation.units);
      case 'DONATE':
        return donate(books, operation.member, operation.charity, operation.units);
      case 'TRANSFER':
        return transfer(books, operation.member, operation.to, operation.units);
      case 'GOODWILL':
        return goodwill(books, operation.member, operation.units);
      case 'WRITE_OFF':
        return writeOff(books, operation.member);
      case 'ITEM': {
        const { shop, units } = itemOf(operation.item);
        return claim(books, operation.member, shop, units);
      }
      case 'CORRECTION':
        return correct(books, operation.partner, operation.amount);
      case 'BAD_DEBT':
        return payments.giveUp(operation.partner, operation.amount);
      case 'DEPOSIT_USE':
        return payments.fromDeposit(operation.partner, operation.amount);
      case 'DEPOSIT_RETURN':
        return payments.depositBack(operation.partner, operation.amount);
      case 'BLOCK':
        return payments.buyBlock(operation.partner, operation.amount);
      case 'INSTRUCT':
        return payments.instruct(operation.id, operation.currency);
      case 'BANK_BOOKS':
        return payments.book(operation.payment);
      case 'BANK_REJECTS':
        return payments.reject(operation.payment);
      case 'BANK_RETURNS':
        return payments.comeBack(operation.payment);
      case 'RECEIPT': {
        const { id, partner, amount, currency, settlement } = operation;
        return payments.receive(id, partner, amount, currency, settlement);
      }
      case 'REVALUE':
        return revalue(books, 'USD', rateOf(books.today - 1));
      case 'ALLOCATE': {
        const { receipt, partner, purpose, amount } = operation;
        return payments.allocate(receipt, partner, purpose, amount);
      }
      case 'SERVICE_CHARGE':
        return serviceCharge(books, operation.partner, operation.amount);
      case 'DISPUTE': {
        const { id, partner, amount } = operation;
        this.contested.add(partner);
        return this.disputes.set(id, { due: payments.contest(partner, amount), amount, open: true });
      }
      case 'RESOLVE': {
        const contested = this.disputes.get(operation.dispute);
        if (contested === undefined) throw new Rejected('UNKNOWN_DISPUTE');
        contested.open = false;
        return payments.resolve(contested.due, contested.amount, operation.answer);
      }
      case 'DAYS':
        return this.wait(operation.days);
      case 'SETTLE':
        this.contested.clear();
        this.settledOn = books.today;
        this.settlements.push(settle(books, this.closed()));
        return payments.settled(this.settlements.at(-1) as Settlement);
    }
  }

  /** The open window, and the one in which its commission is charged. */
  private closed(): number[] {
    const first = closeWindow(this.books);
    return chargeStatements(this.books) ? [first, closeWindow(this.books)] : [first];
  }

  private earns = (): boolean => (this.world.terms.earnsUntil ?? Number.POSITIVE_INFINITY) > this.books.today;

  private wait(days: number): void {
    const { books } = this;
    for (const last = books.today + days; books.today < last; ) {
      books.today += 1;
      confirm(books);
      expireAll(books);
      dormancyFees(books);
    }
    this.lapsed = [...this.redemptions.values()].filter(
      ({ authorisedOn, state }) => state === 'AUTHORISED' && authorisedOn + AUTHORISATION_DAYS <= books.today,
    );
    for (const redemption of this.lapsed) voidRedemption(books, redemption);
  }

  private purchaseOf(id: string): Purchase {
    const purchase = this.purchases.get(id);
    if (purchase === undefined) throw new Rejected('UNKNOWN_PURCHASE');
    return purchase;
  }

  private redemptionOf(id: string): Known {
    const redemption = this.redemptions.get(id);
    if (redemption === undefined) throw new Rejected('UNKNOWN_REDEMPTION');
    return redemption;
  }
}
