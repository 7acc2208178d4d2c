/**
 * What a purchase's rewards become when another message about it came in: its rules are run again on what it
 * amounts to now, and the difference to what stands is taken back or added.
 *
 * The outcome depends on the messages and the facts, not on the order in which the messages came: the whole
 * amount is decided first, then every return in order of its day.
 */
import { classify } from '../earning/classify.js';
import { evaluate } from '../earning/evaluate.js';
import { reason } from '../earning/explain.js';
import type {
  AccrualDecision,
  ContractTerms,
  CounterKey,
  CounterUse,
  EarningFacts,
  Evaluation,
  Explanation,
  ProgrammeTerms,
  Purchase,
} from '../earning/model.js';
import { periodEnd } from '../earning/periods.js';
import { type ReturnDecision, reevaluate, standingUses } from '../earning/refund.js';
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { scaleLines } from './basket.js';
import { keptAfterReturns, type PurchaseMessage, type PurchaseState, purchaseState } from './lifecycle.js';
import type { StandingAccrual, StandingPurchase } from './model.js';
import { type AccrualReversal, added, atMost, heldUp, takenBack, together } from './parts.js';

export type { AccrualReversal } from './parts.js';

/** The hold of what is not cleared has not begun; no day reaches this one. */
export const NOT_CLEARED: BusinessDate = '9999-12-31';

/** A purchase as it is to be decided: all of it, with the facts and terms that count. */
export interface DecidedPurchase {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly terms: ProgrammeTerms;
  readonly programmeVersion: number;
  readonly messages: readonly PurchaseMessage[];
}

export interface Surroundings {
  /** Terms in force on a day, for programmes that decide returns by their own day. */
  termsOn(date: BusinessDate): ProgrammeTerms | undefined;
  contractOf(funderNo: number, decided: DecidedPurchase): ContractTerms | undefined;
  newId(): string;
}

export interface Restatement {
  readonly reversals: readonly AccrualReversal[];
  /** Accruals of their own, for what rose. */
  readonly additions: readonly StandingAccrual[];
  /** Accruals still on hold whose day has changed, as they are now. */
  readonly moved: readonly { readonly accrual: StandingAccrual; readonly availableOn: BusinessDate }[];
  /** + used, - given back. */
  readonly uses: readonly (CounterKey & { readonly amount: bigint })[];
  readonly after: StandingPurchase;
}

interface Settled {
  readonly accruals: readonly AccrualDecision[];
  /** What is kept; amount zero when nothing is. */
  readonly kept: Purchase;
  readonly explanations: readonly Explanation[];
}

/**
 * `now` is the purchase with the new message among its messages. When its amount rose and its counters are seen
 * as others left them since, pass `seenFirst`, the facts it had: nobody's part shrinks because others came in
 * between.
 */
export function restate(
  standing: StandingPurchase,
  termsBefore: ProgrammeTerms,
  now: DecidedPurchase,
  surroundings: Surroundings,
  seenFirst?: EarningFacts,
): Restatement {
  const stateBefore = purchaseState(standing.messages);
  const state = purchaseState(now.messages);
  const had = together(standing.accruals);
  const unchanged = now.purchase === standing.purchase && now.facts === standing.facts;
  const settled =
    unchanged && isPrefix(stateBefore, state)
      ? returnsFrom(now, state, stateBefore.returns.length, had, surroundings)
      : settle(now, state, surroundings);
  const keptBefore = keptOf(standing.purchase, stateBefore);
  const target =
    seenFirst === undefined
      ? settled.accruals
      : heldUp(
          settled.accruals,
          atMost(settle({ ...now, facts: seenFirst }, state, surroundings).accruals, had),
          now.terms,
        );
  const availableOn = holdEnd(state, now.terms, now.purchase);
  const { reversals, left } = takenBack(standing.accruals, target, now.terms);
  const additions = added(standing.accruals, target, had, availableOn, {
    terms: now.terms,
    contractOf: (funderNo) => surroundings.contractOf(funderNo, now),
    newId: surroundings.newId,
  });
  const moved = left.filter((accrual) => accrual.pending && accrual.units > 0n && accrual.availableOn !== availableOn);
  const accruals = [
    ...left.map((accrual) => (moved.includes(accrual) ? { ...accrual, availableOn } : accrual)),
    ...additions,
  ];
  return {
    reversals,
    additions,
    moved: moved.map((accrual) => ({ accrual, availableOn })),
    uses: difference(
      standingUses(standing.purchase, standing.facts, termsBefore, keptBefore, had),
      standingUses(now.purchase, now.facts, now.terms, settled.kept, together(accruals)),
      termsBefore,
    ),
    after: {
      ...standing,
      purchase: now.purchase,
      facts: now.facts,
      programmeVersion: now.programmeVersion,
      messages: now.messages,
      status: state.status,
      refundedMinor: state.refundedMinor,
      accruals,
    },
  };
}

/** What a purchase, as it stands, uses of its counters. */
export const usesOf = (standing: StandingPurchase, terms: ProgrammeTerms): CounterUse[] =>
  standingUses(
    standing.purchase,
    standing.facts,
    terms,
    keptOf(standing.purchase, purchaseState(standing.messages)),
    together(standing.accruals),
  );

/**
 * Day on which a reward becomes available: the hold is counted from the last clearing, and where the programme pays
 * out by period, what becomes free in one is there on the day after it.
 */
export function holdEnd(state: PurchaseState, terms: ProgrammeTerms, { card }: Pick<Purchase, 'card'>): BusinessDate {
  if (state.clearedOn === undefined) return NOT_CLEARED;
  const free = addDays(state.clearedOn, terms.holdDays);
  if (terms.payout === undefined) return free;
  return addDays(periodEnd(terms.payout, free, { statementDay: card?.statementDay }), 1);
}

/** What is left of a purchase after its returns. */
export function keptOf(purchase: Purchase, state: PurchaseState): Purchase {
  const last = keptAfterReturns(state).at(-1);
  return last === undefined ? purchase : withAmount(purchase, last);
}

const withAmount = (purchase: Purchase, { amountMinor, lines }: Pick<Purchase, 'amountMinor' | 'lines'>): Purchase => ({
  ...purchase,
  amountMinor,
  ...(lines && { lines }),
});

/** The whole amount decided, then everything that came back, one after the other. */
export function settle(
  decided: DecidedPurchase,
  state: PurchaseState,
  surroundings: Pick<Surroundings, 'termsOn'>,
): Settled {
  const { purchase, facts, terms } = decided;
  return returnsFrom(decided, state, 0, decisionOn(purchase, facts, terms).accruals, surroundings);
}

/** The decision on a whole purchase, also on one of which nothing is left to clear. */
export function decisionOn(purchase: Purchase, facts: EarningFacts, terms: ProgrammeTerms): Evaluation {
  if (purchase.amountMinor > 0n || purchase.action !== undefined) return evaluate(purchase, facts, terms);
  return {
    category: classify(purchase, terms).category,
    accruals: [],
    uses: [],
    totalUnits: 0n,
    shortfalls: [],
    shortfallUnits: 0n,
    zeroReason: 'NOTHING_TO_REWARD',
    explanation: reason('NOTHING_EARNED', () => ({ because: 'NOTHING_TO_REWARD' })),
  };
}

function returnsFrom(
  { purchase, facts, terms }: DecidedPurchase,
  state: PurchaseState,
  first: number,
  had: readonly AccrualDecision[],
  { termsOn }: Pick<Surroundings, 'termsOn'>,
): Settled {
  const steps = keptAfterReturns(state);
  let accruals = had;
  const explanations: Explanation[] = [];
  for (let index = first; index < steps.length; index += 1) {
    const before = index === 0 ? purchase : withAmount(purchase, steps[index - 1] as Purchase);
    const kept = withAmount(purchase, steps[index] as Purchase);
    const returned = returnDecision(before, kept, state, index, facts, terms, termsOn);
    const outcome = reevaluate(purchase, facts, terms, kept, accruals, { before, ...(returned && { returned }) });
    accruals = outcome.kept;
    explanations.push(outcome.explanation);
  }
  return { accruals, kept: keptOf(purchase, state), explanations };
}

/** What came back as a purchase of its own, where the programme gives it a negative reward. */
function returnDecision(
  before: Purchase,
  kept: Purchase,
  state: PurchaseState,
  index: number,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  termsOn: Surroundings['termsOn'],
): ReturnDecision | undefined {
  const { refunds } = terms;
  if (refunds.policy !== 'NEGATIVE') return undefined;
  const back = state.returns[index];
  if (back === undefined) return undefined;
  const byItsDay = refunds.rulesOf === 'RETURN_DATE';
  const amountMinor = before.amountMinor - kept.amountMinor;
  const lines = before.lines && scaleLines(before.lines, amountMinor);
  return {
    purchase: {
      ...before,
      amountMinor,
      ...(lines && { lines }),
      ...(byItsDay && { businessDate: back.businessDate }),
    },
    facts,
    terms: byItsDay ? (termsOn(back.businessDate) ?? terms) : terms,
  };
}

/** Whether `after` is `before` with further returns behind the ones it had, and nothing else. */
const isPrefix = (before: PurchaseState, after: PurchaseState): boolean =>
  before.grossMinor === after.grossMinor &&
  before.returns.every((step, index) => {
    const same = after.returns[index];
    return same !== undefined && same.amountMinor === step.amountMinor && same.businessDate === step.businessDate;
  });

type Use = CounterKey & { readonly amount: bigint };

/** Budgets that a refund does not give back stay used, unless the purchase itself is less than it was. */
function difference(before: readonly Use[], now: readonly Use[], terms: ProgrammeTerms): Use[] {
  const changes = new Map<string, CounterKey & { amount: bigint }>();
  const change = (use: Use, amount: bigint): void => {
    const key = `${use.stored}/${use.period}`;
    const known = changes.get(key);
    if (known === undefined) changes.set(key, { ...use, amount });
    else known.amount += amount;
  };
  for (const use of now) change(use, use.amount);
  for (const use of before) change(use, -use.amount);
  return [...changes.values()].filter(({ amount, counter, shared }) => {
    if (amount >= 0n) return amount > 0n;
    return !shared || terms.caps.find(({ code }) => code === counter)?.refundReleases !== false;
  });
}
