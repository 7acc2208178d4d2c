/**
 * What a message does to a purchase that is already there: the purchase is restated, the member's books follow,
 * and marks that its return leaves unreached are taken from the purchases that carry them.
 */
import { whatRulesLookAt } from '../../domain/earning/books.js';
import { evaluate } from '../../domain/earning/evaluate.js';
import {
  type ContractTerms,
  type EarningFacts,
  PROGRAMME_PARTY,
  type ProgrammeTerms,
  type Purchase,
} from '../../domain/earning/model.js';
import { periodStart } from '../../domain/earning/periods.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { canonicalJson } from '../../domain/kernel/canonical.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { type PurchaseMessage, purchaseState } from '../../domain/transactions/lifecycle.js';
import { keptMinor, type StandingAccrual, type StandingPurchase } from '../../domain/transactions/model.js';
import {
  type AccrualReversal,
  type DecidedPurchase,
  keptOf,
  type Restatement,
  restate,
  type Surroundings,
  usesOf,
} from '../../domain/transactions/restate.js';
import type { BatchFacts } from './decide.js';

/** What one message changed of the rewards of one purchase. */
export interface RewardChange {
  readonly transactionId: string;
  readonly accruals: readonly StandingAccrual[];
  readonly reversals: readonly AccrualReversal[];
  readonly moved: Restatement['moved'];
}

export function surroundingsOf({ reference, programmeNo, newId }: BatchFacts): Surroundings {
  return {
    termsOn: (date) => reference.programmes.inForce(programmeNo, date)?.terms,
    contractOf: (funderNo, { purchase, facts }) => contractOfFunder(funderNo, purchase, facts),
    newId,
  };
}

export function contractOfFunder(funderNo: number, purchase: Purchase, facts: EarningFacts): ContractTerms | undefined {
  if (funderNo === PROGRAMME_PARTY) return undefined;
  const contract = funderNo === purchase.merchant?.partnerNo ? facts.merchantContract : facts.issuerContract;
  invariant(contract, `funder ${funderNo} pays without a contract`);
  return contract;
}

export function termsOf(
  { programmeVersion }: StandingPurchase,
  { reference, programmeNo }: Pick<BatchFacts, 'reference' | 'programmeNo'>,
): ProgrammeTerms {
  const terms = reference.programmes.version(programmeNo, programmeVersion)?.terms;
  invariant(terms, `version ${programmeVersion} of the programme is gone`);
  return terms;
}

/** Something of it goes back: by a refund, or because another purchase was made in exchange. */
export function giveBack(standing: StandingPurchase, message: PurchaseMessage, facts: BatchFacts): RewardChange[] {
  const messages = [...standing.messages, message];
  return [reviseAmounts(standing, messages, message.businessDate, facts), ...loseMarks(standing, message, facts)];
}

/** The same purchase with further returns, or with marks that are not reached any more. */
function reviseAmounts(
  standing: StandingPurchase,
  messages: readonly PurchaseMessage[],
  on: BusinessDate,
  facts: BatchFacts,
): RewardChange {
  const { state } = facts;
  const { id, purchase, programmeVersion } = standing;
  const terms = termsOf(standing, facts);
  const seen = progressNow(standing, messages, terms, facts);
  const now: DecidedPurchase = { purchase, facts: seen, terms, programmeVersion, messages };
  const restatement = restate(standing, terms, now, surroundingsOf(facts));
  follow(standing, restatement, on, facts);
  (seen === standing.facts ? state.refunded : state.restated).add(id);
  return changeOf(restatement);
}

/** Enters into the member's books what became of a purchase that is the same to every rule. */
export function follow(
  standing: StandingPurchase,
  { after, uses }: Restatement,
  on: BusinessDate,
  facts: BatchFacts,
): void {
  facts.state.booksOf(standing.memberNo).revise(standing.id, standing.purchase, termsOf(standing, facts), {
    on,
    keptBeforeMinor: keptMinor(standing),
    keptMinor: keptMinor(after),
    unitsBefore: unitsOf(standing),
    unitsNow: unitsOf(after),
    usesBefore: uses.flatMap((use) => (use.amount < 0n ? [{ ...use, amount: -use.amount }] : [])),
    usesNow: uses.filter(({ amount }) => amount > 0n),
  });
  facts.state.putPurchase(after);
}

/** Other purchases of the member that carry the reward of a mark which is not reached without this one. */
export function loseMarks(
  { id, memberNo }: StandingPurchase,
  { businessDate }: PurchaseMessage,
  facts: BatchFacts,
): RewardChange[] {
  const { state } = facts;
  const carriers = new Set(state.marksOf(memberNo).map(({ transactionId }) => transactionId));
  carriers.delete(id);
  return [...carriers].flatMap((carrierId) => {
    const carrier = state.purchase(carrierId);
    if (carrier === undefined || carrier.accruals.every(({ units }) => units === 0n)) return [];
    const seen = progressNow(carrier, carrier.messages, termsOf(carrier, facts), facts);
    return seen === carrier.facts ? [] : [reviseAmounts(carrier, carrier.messages, businessDate, facts)];
  });
}

/** The facts of a decision with its marks as they are reached now; the very same object when they still are. */
function progressNow(
  standing: StandingPurchase,
  messages: readonly PurchaseMessage[],
  terms: ProgrammeTerms,
  { state }: BatchFacts,
): EarningFacts {
  if (!whatRulesLookAt(terms).progress) return standing.facts;
  const kept = keptOf(standing.purchase, purchaseState(messages));
  const seen = state.booksOf(standing.memberNo).progressNow(standing.id, kept, terms, standing.facts);
  return canonicalJson(seen.progress ?? {}) === canonicalJson(standing.facts.progress ?? {}) ? standing.facts : seen;
}

/**
 * Takes a purchase out of the member's books, so that it can be decided again by what is there without it;
 * `putBack` enters what it has become.
 */
export function takeOut(standing: StandingPurchase, facts: BatchFacts): void {
  const terms = termsOf(standing, facts);
  facts.state.booksOf(standing.memberNo).revise(standing.id, standing.purchase, terms, {
    passing: true,
    keptBeforeMinor: keptMinor(standing),
    keptMinor: 0n,
    unitsBefore: unitsOf(standing),
    unitsNow: 0n,
    usesBefore: usesOf(standing, terms),
    usesNow: [],
  });
}

export function putBack(after: StandingPurchase, facts: BatchFacts): void {
  const terms = termsOf(after, facts);
  const kept = keptOf(after.purchase, purchaseState(after.messages));
  if (kept.amountMinor === 0n) return;
  const evaluation = evaluate(kept, after.facts, terms);
  facts.state
    .booksOf(after.memberNo)
    .record(after.id, kept, terms, { ...evaluation, uses: usesOf(after, terms), totalUnits: unitsOf(after) });
}

export const changeOf = ({ after, additions, reversals, moved }: Restatement): RewardChange => ({
  transactionId: after.id,
  accruals: additions,
  reversals,
  moved,
});

export const unitsOf = ({ accruals }: StandingPurchase): bigint => accruals.reduce((sum, { units }) => sum + units, 0n);

/** Remembers that a purchase was rewarded for reaching a mark. */
export function rememberMarks(
  standing: StandingPurchase,
  accruals: readonly StandingAccrual[],
  terms: ProgrammeTerms,
  { state }: BatchFacts,
): void {
  if (!whatRulesLookAt(terms).progress) return;
  const { id, memberNo, purchase } = standing;
  for (const ruleCode of new Set(accruals.map((accrual) => accrual.ruleCode))) {
    const when = terms.rules.find(({ code }) => code === ruleCode)?.when;
    if (when?.reaches === undefined) continue;
    const period = periodStart(when.reaches.per, purchase.businessDate, {
      statementDay: purchase.card?.statementDay,
      from: when.from,
    });
    const mark = { memberNo, ruleCode, period, transactionId: id };
    state.putMark(mark);
    state.marksNew.push(mark);
  }
}
