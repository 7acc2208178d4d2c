/**
 * What an example's member has bought, earned and used: the same books, restatements and lots that production
 * decides by, filled from nothing.
 */
import { CounterBook, MemberBooks } from '../../domain/earning/books.js';
import { evaluate } from '../../domain/earning/evaluate.js';
import type { EarningFacts, Evaluation, ProgrammeTerms, Purchase } from '../../domain/earning/model.js';
import type { MemberTraits } from '../../domain/earning/traits.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { applyRate } from '../../domain/money/rounding.js';
import type { Redeemable } from '../../domain/redemption/limits.js';
import { type Happened, LotBook } from '../../domain/redemption/lot-book.js';
import { chargesFor } from '../../domain/settlement/charges.js';
import { supersedes, type TierStanding } from '../../domain/tiers/standing.js';
import { type PurchaseMessage, purchaseState } from '../../domain/transactions/lifecycle.js';
import { keptMinor, type StandingAccrual, type StandingPurchase } from '../../domain/transactions/model.js';
import { holdEnd, keptOf, restate, type Surroundings } from '../../domain/transactions/restate.js';

/** A purchase of the example and what stands of it. */
export interface Bought {
  readonly evaluation: Evaluation;
  readonly tier: string;
  standing: StandingPurchase;
}

export class ExampleBooks {
  readonly budgets = new CounterBook();
  readonly member: MemberBooks;
  readonly lots: LotBook;
  private readonly bought: Bought[] = [];
  private tierStanding: TierStanding | undefined;
  private ids = 0;

  constructor(
    private readonly terms: ProgrammeTerms,
    traits: MemberTraits,
    /** Experiment -> variant, instead of the draw. */
    private readonly variants: Readonly<Record<string, string>>,
  ) {
    this.member = new MemberBooks(traits, this.budgets);
    this.lots = new LotBook(terms.redemption);
  }

  open(units: bigint, date: BusinessDate): void {
    const valueMinor = applyRate(units, this.terms.unit.priceMinor, 'HALF_EVEN');
    if (units > 0n) this.lots.credit({ id: 'opening', units, valueMinor, accruedOn: date });
  }

  /** Decides a purchase or an action; `message` tells of it. */
  buy(
    purchase: Purchase,
    message: PurchaseMessage,
    contracts: Pick<EarningFacts, 'merchantContract' | 'issuerContract'>,
  ): Bought {
    const { terms, member } = this;
    const id = message.key;
    this.holdTier(purchase.businessDate);
    const told = member.facts(purchase, terms, contracts);
    const facts = told.variants === undefined ? told : { ...told, variants: { ...told.variants, ...this.variants } };
    const evaluation = evaluate(purchase, facts, terms);
    member.record(id, purchase, terms, evaluation);
    this.holdTier(purchase.businessDate);
    const availableOn = holdEnd(purchaseState([message]), terms, purchase);
    const accruals = evaluation.accruals.map((accrual) => ({
      ...accrual,
      ...chargesFor(accrual.units, terms.unit.priceMinor, undefined),
      id: this.newId(),
      pending: true,
      part: 0,
      availableOn,
    }));
    const standing: StandingPurchase = {
      id,
      memberNo: 1,
      refundedMinor: 0n,
      purchase,
      facts,
      programmeVersion: 1,
      accruals,
      status: 'CLEARED',
      messages: [message],
    };
    this.credit(id, accruals, message.businessDate);
    if (accruals.length === 0) this.lots.act(message.businessDate);
    const bought = { evaluation, tier: facts.tier, standing };
    this.bought.push(bought);
    return bought;
  }

  /** Takes a refund or an exchange in, and then the marks that other purchases have lost by it. */
  giveBack(of: Bought, message: PurchaseMessage): void {
    const before = of.standing;
    const messages = [...before.messages, message];
    this.restate(of, messages, message.businessDate);
    const returnedMinor = keptMinor(before) - keptMinor(of.standing);
    if (this.redemption(before.id) !== undefined)
      this.lots.giveBack(before.id, { returnedMinor }, message.businessDate);
    for (const other of this.bought) {
      if (other !== of && other.standing.accruals.some(({ units }) => units > 0n))
        this.restate(other, other.standing.messages, message.businessDate);
    }
    this.holdTier(message.businessDate);
  }

  redeem(id: string, date: BusinessDate, purchaseMinor: bigint, discountMinor: bigint, wanted: bigint): Redeemable {
    return this.lots.redeem({ id, date, purchaseMinor, discountMinor, unitsWanted: wanted });
  }

  /** Units used by a redemption and not given back; undefined when there was none. */
  redemption(id: string): bigint | undefined {
    const found = this.lots.lots.redemptions.find((redemption) => redemption.id === id);
    return found?.takes.reduce((sum, { taken, givenBack }) => sum + taken.units - givenBack.units, 0n);
  }

  tierOn(date: BusinessDate): string {
    this.holdTier(date);
    return this.member.tierOn(this.terms.tiers, date).tier;
  }

  /** The day comes, or what fell due until a step is told. */
  advanceTo(date: BusinessDate): Happened {
    return this.lots.advanceTo(date);
  }

  private credit(origin: string, accruals: readonly StandingAccrual[], accruedOn: BusinessDate): void {
    for (const { id, units, valueMinor, availableOn } of accruals)
      this.lots.credit({ id, origin, units, valueMinor, accruedOn, availableOn });
  }

  private restate(of: Bought, messages: readonly PurchaseMessage[], date: BusinessDate): void {
    const { terms, member } = this;
    const before = of.standing;
    const facts = this.factsNow(of, messages);
    if (facts === before.facts && messages === before.messages) return;
    const { purchase, programmeVersion } = before;
    const now = { purchase, facts, terms, programmeVersion, messages };
    const { after, uses, reversals, additions } = restate(before, terms, now, this.surroundings);
    member.revise(before.id, purchase, terms, {
      keptBeforeMinor: keptMinor(before),
      keptMinor: keptMinor(after),
      unitsBefore: unitsOf(before),
      unitsNow: unitsOf(after),
      usesBefore: uses.flatMap((use) => (use.amount < 0n ? [{ ...use, amount: -use.amount }] : [])),
      usesNow: uses.filter(({ amount }) => amount > 0n),
    });
    const taken = reversals.reduce((sum, { units }) => sum + units, 0n);
    if (taken > 0n) this.lots.clawBack(before.id, taken, date);
    this.credit(before.id, additions, date);
    of.standing = after;
  }

  /** The facts a purchase is decided again by: its own, with the marks that are still reached. */
  private factsNow({ standing }: Bought, messages: readonly PurchaseMessage[]): EarningFacts {
    const kept = keptOf(standing.purchase, purchaseState(messages));
    const facts = this.member.progressNow(standing.id, kept, this.terms, standing.facts);
    return sameProgress(facts.progress ?? {}, standing.facts.progress ?? {}) ? standing.facts : facts;
  }

  /** Tiers that are held remember since when. */
  private holdTier(date: BusinessDate): void {
    const after = this.member.tierOn(this.terms.tiers, date);
    if (!supersedes(after, this.tierStanding)) return;
    this.tierStanding = after;
    this.member.putStanding(after);
  }

  private readonly newId = (): string => {
    this.ids += 1;
    return `accrual-${this.ids}`;
  };

  private readonly surroundings: Surroundings = {
    termsOn: () => this.terms,
    contractOf: () => undefined,
    newId: this.newId,
  };
}

export const unitsOf = ({ accruals }: StandingPurchase): bigint => accruals.reduce((sum, { units }) => sum + units, 0n);

type ProgressOf = NonNullable<EarningFacts['progress']>;
const sameProgress = (a: ProgressOf, b: ProgressOf): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([rule, { before, fresh }]) => b[rule]?.before === before && b[rule]?.fresh === fresh);
