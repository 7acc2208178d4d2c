/**
 * What decisions need to know of one member, in memory: its days, counters, earlier purchases, tier and traits.
 *
 * The pipeline fills it from the database under the member's lock, the examples of a programme and the
 * back-test from nothing; all three tell the engine its facts, and remember what was decided, by this code.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { KeptStanding, type StandingMove } from '../tiers/kept-standing.js';
import { metricWindow } from '../tiers/qualify.js';
import type { TierStanding } from '../tiers/standing.js';
import { countersFor } from './caps.js';
import { chosenOn } from './choice.js';
import { classify } from './classify.js';
import { DayBook } from './day-book.js';
import type { UnexplainedEvaluation } from './evaluate.js';
import { variantsOf } from './experiment.js';
import { progressNow } from './marks.js';
import { gatesOf } from './member-gates.js';
import type { CounterKey, CounterUse, EarningFacts, ProgrammeTerms, Purchase, TierLadder } from './model.js';
import { type PastPurchase, progressBefore } from './progress.js';
import { indexOf } from './terms-index.js';
import type { MemberTraits } from './traits.js';

/** Contracts in force for the parties of a purchase on its day. */
export type PurchaseContracts = Pick<EarningFacts, 'merchantContract' | 'issuerContract'>;

/** What one day of a member adds to the metrics of tiers. */
export interface DayMetrics {
  readonly keptMinor: bigint;
  readonly accruedUnits: bigint;
  readonly purchases: number;
}

export interface DayChange extends DayMetrics {
  readonly day: BusinessDate;
}

/** Counters that were loaded or that somebody has changed, with the changes since. */
export class CounterBook {
  private readonly stored = new Map<string, bigint>();
  private readonly changed = new Map<string, { readonly key: CounterKey; amount: bigint }>();

  put(stored: string, period: BusinessDate, used: bigint): void {
    this.stored.set(nameOf(stored, period), used);
  }

  used({ stored, period }: CounterKey): bigint {
    const name = nameOf(stored, period);
    return (this.stored.get(name) ?? 0n) + (this.changed.get(name)?.amount ?? 0n);
  }

  /** `amount` + used, - released. */
  change(key: CounterKey, amount: bigint): void {
    const name = nameOf(key.stored, key.period);
    const known = this.changed.get(name);
    if (known === undefined) this.changed.set(name, { key, amount });
    else known.amount += amount;
  }

  /** What to write: changes that do not cancel out. */
  changes(): { readonly key: CounterKey; readonly amount: bigint }[] {
    return [...this.changed.values()].filter(({ amount }) => amount !== 0n);
  }
}

const nameOf = (stored: string, period: BusinessDate): string => `${stored} ${period}`;

export class MemberBooks {
  readonly counters = new CounterBook();
  private readonly windows = new Map<string, bigint>();
  private readonly storedDays = new DayBook();
  private readonly dayChanges = new DayBook();
  private readonly past = new Map<string, PastPurchase>();
  private tier = new KeptStanding();
  private daysKnown: boolean;

  /**
   * @param traits of the member; without them rules that look at the member do not hold
   * @param budgets counters that everyone shares
   * @param complete false when the member has a history elsewhere, of which only a part is put here
   */
  constructor(
    readonly traits: MemberTraits | undefined,
    readonly budgets: CounterBook,
    complete = true,
  ) {
    this.daysKnown = complete;
  }

  // ------------------------------------------------------------------------------------------ what is loaded

  /** The metric of exactly these days, for ladders that ask for one window only. */
  putWindow(first: BusinessDate, last: BusinessDate, metric: bigint): void {
    this.windows.set(nameOf(first, last), metric);
  }

  /** All days that reviews and windows of a held tier may ask about. */
  putDays(days: Iterable<DayChange>): void {
    for (const { day, ...metrics } of days) this.storedDays.put(day, metrics);
    this.daysKnown = true;
  }

  putStanding(standing: TierStanding): void {
    this.tier = new KeptStanding(standing);
  }

  putPast(purchase: PastPurchase): void {
    this.past.set(purchase.id, purchase);
  }

  // ------------------------------------------------------------------------------------- what a decision sees

  /** Everything the engine is told about this member for one purchase, as it is before it. */
  facts(purchase: Purchase, terms: ProgrammeTerms, contracts: PurchaseContracts): EarningFacts {
    const { businessDate } = purchase;
    const looks = whatRulesLookAt(terms);
    const used: Record<string, bigint> = {};
    for (const key of countersFor(purchase, terms)) {
      const amount = this.usedOf(key);
      if (amount > 0n) used[key.counter] = amount;
    }
    const { traits } = this;
    const chosen = traits !== undefined && looks.chosen ? chosenOn(terms, traits, businessDate) : undefined;
    const variants = traits !== undefined && looks.variants ? variantsOf(terms, traits.id) : undefined;
    return {
      tier: this.tierOn(terms.tiers, businessDate).tier,
      tierMetric: this.metricBefore(terms.tiers, businessDate),
      used,
      ...contracts,
      ...(looks.gates && { gates: gatesOf(terms, traits ?? NOBODY, purchase) }),
      ...(chosen && { chosen }),
      ...(variants && { variants }),
      ...(looks.progress && {
        progress: progressBefore(terms, purchase, classify(purchase, terms).category, this.keptPurchases()),
      }),
    };
  }

  usedOf(key: CounterKey): bigint {
    return (key.shared ? this.budgets : this.counters).used(key);
  }

  /** The tier in force on a day, before a purchase of that day. */
  tierOn(ladder: TierLadder, date: BusinessDate): TierStanding {
    return this.tier.on(ladder, date, (first, last) => this.metricIn(ladder, first, last));
  }

  /** What to write of the member's tier, in the order in which it moved. */
  tierMoves(): readonly StandingMove[] {
    return this.tier.moves();
  }

  private keptPurchases(): PastPurchase[] {
    return [...this.past.values()].filter(({ keptMinor }) => keptMinor > 0n);
  }

  /**
   * Progress of the marks that a decided purchase reached, as far as they are still reached by what is kept now
   * (marks.ts): pass it to the engine in place of what the decision saw.
   */
  progressNow(id: string, purchase: Purchase, terms: ProgrammeTerms, decided: EarningFacts): EarningFacts {
    if (decided.progress === undefined && !whatRulesLookAt(terms).progress) return decided;
    const others = this.keptPurchases().filter((past) => past.id !== id);
    const { category } = classify(purchase, terms);
    return { ...decided, progress: progressNow(terms, purchase, category, others, decided.progress ?? {}) };
  }

  private metricBefore(ladder: TierLadder, date: BusinessDate): bigint {
    const { first, last } = metricWindow(ladder, date);
    return this.metricIn(ladder, first, last);
  }

  private metricIn(ladder: TierLadder, first: BusinessDate, last: BusinessDate): bigint {
    // A ladder of one level goes by nothing, and nothing is loaded for it.
    if (ladder.levels.length === 1) return 0n;
    const loaded = this.windows.size === 0 ? undefined : this.windows.get(nameOf(first, last));
    const stored = loaded ?? this.storedDays.sumOf(ladder.metric, first, last);
    return this.dayChanges.isEmpty ? stored : stored + this.dayChanges.sumOf(ladder.metric, first, last);
  }

  // ------------------------------------------------------------------------------------ what a decision leaves

  /** Remembers a decided purchase for the ones after it. */
  record(id: string, purchase: Purchase, terms: ProgrammeTerms, evaluation: UnexplainedEvaluation): void {
    this.use(evaluation.uses, 1n);
    const { merchant, channel } = purchase;
    const counts = countsForMember(purchase, terms);
    this.dayChanges.add(purchase.businessDate, {
      keptMinor: counts ? purchase.amountMinor : 0n,
      accruedUnits: evaluation.totalUnits,
      purchases: counts ? 1 : 0,
    });
    this.settleTier(terms.tiers, purchase.businessDate, false);
    if (!counts || !whatRulesLookAt(terms).progress) return;
    this.past.set(id, {
      id,
      businessDate: purchase.businessDate,
      keptMinor: purchase.amountMinor,
      category: evaluation.category,
      ...(merchant && { partnerCode: merchant.partnerCode }),
      ...(merchant?.outletCode !== undefined && { outletCode: merchant.outletCode }),
      ...(channel && { channel }),
    });
  }

  /**
   * Remembers that a purchase is worth less (or, by a clearing above its authorisation, more) than before: its
   * own day and its own counters change, for later purchases only.
   */
  revise(id: string, purchase: Purchase, terms: ProgrammeTerms, revision: Revision): void {
    this.use(revision.usesBefore, -1n);
    this.use(revision.usesNow, 1n);
    const { keptBeforeMinor, keptMinor } = revision;
    const counts = countsForMember(purchase, terms);
    this.dayChanges.add(purchase.businessDate, {
      keptMinor: counts ? keptMinor - keptBeforeMinor : 0n,
      accruedUnits: revision.unitsNow - revision.unitsBefore,
      purchases: counts ? (keptMinor > 0n ? 1 : 0) - (keptBeforeMinor > 0n ? 1 : 0) : 0,
    });
    if (revision.passing !== true) this.settleTier(terms.tiers, revision.on ?? purchase.businessDate, true);
    const past = this.past.get(id);
    if (past !== undefined) this.past.set(id, { ...past, keptMinor });
  }

  /** A tier moves with every purchase and refund; a ladder of one level never. */
  private settleTier(ladder: TierLadder, date: BusinessDate, refunded: boolean): void {
    if (ladder.levels.length === 1) return;
    const { first, last } = metricWindow(ladder, date);
    // What was not loaded cannot be judged; the daily review will.
    if (!this.daysKnown && !this.windows.has(nameOf(first, last))) return;
    this.tier.settle(ladder, date, (from, until) => this.metricIn(ladder, from, until), refunded);
  }

  /** What to write of the member's days. */
  changedDays(): DayChange[] {
    return this.dayChanges.changes();
  }

  private use(uses: readonly CounterUse[], sign: bigint): void {
    for (const use of uses) (use.shared ? this.budgets : this.counters).change(use, sign * use.amount);
  }
}

/** One purchase before and after a refund or a clearing. */
export interface Revision {
  /** The day of what changed it; the purchase's own when absent. */
  readonly on?: BusinessDate;
  /** It is entered again at once, as something else: no tier moves in between. */
  readonly passing?: boolean;
  readonly keptBeforeMinor: bigint;
  readonly keptMinor: bigint;
  readonly unitsBefore: bigint;
  readonly unitsNow: bigint;
  readonly usesBefore: readonly CounterUse[];
  readonly usesNow: readonly CounterUse[];
}

const NOBODY: MemberTraits = { id: '', segments: [], activations: [], choices: [] };

/** Cash and the like earn nothing and lift nobody into a tier; events that are no purchases are no spend. */
export const countsForMember = (purchase: Purchase, terms: ProgrammeTerms): boolean =>
  purchase.action === undefined &&
  (purchase.mcc === undefined || indexOf(terms).exclusionOf(purchase.mcc, purchase.businessDate) === undefined);

/** Which facts the rules of a programme ask for, found once: most programmes ask for few. */
export interface LooksAt {
  readonly gates: boolean;
  readonly chosen: boolean;
  readonly variants: boolean;
  readonly progress: boolean;
  /** Any of the member's traits. */
  readonly traits: boolean;
}

const looked = new WeakMap<ProgrammeTerms, LooksAt>();

export function whatRulesLookAt(terms: ProgrammeTerms): LooksAt {
  let looks = looked.get(terms);
  if (looks === undefined) {
    const some = (holds: (when: ProgrammeTerms['rules'][number]['when']) => boolean): boolean =>
      terms.rules.some(({ when }) => holds(when));
    const gates = some(
      ({ segments, activation, birthday }) =>
        segments !== undefined || activation !== undefined || birthday !== undefined,
    );
    const chosen = some((when) => when.chosen !== undefined);
    const variants = terms.experiments.length > 0;
    const memberClock = some(({ clock }) => clock === 'MEMBER');
    looks = {
      gates,
      chosen,
      variants,
      progress: some(({ reaches }) => reaches !== undefined),
      traits: gates || chosen || variants || memberClock,
    };
    looked.set(terms, looks);
  }
  return looks;
}
