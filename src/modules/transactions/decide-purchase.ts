/** Decides a purchase or an action that is new: facts, evaluation, charges, and what it leaves for the next. */
import { explanationDigest } from '../../domain/earning/explain.js';
import type { EarningFacts, Evaluation, Purchase } from '../../domain/earning/model.js';
import { type Failure, fail } from '../../domain/kernel/result.js';
import { chargesFor } from '../../domain/settlement/charges.js';
import { checkReturn } from '../../domain/transactions/basket.js';
import {
  attributedOn,
  type PurchaseMessage,
  type PurchaseState,
  purchaseState,
} from '../../domain/transactions/lifecycle.js';
import {
  SOURCE_KIND_NO,
  type StandingAccrual,
  type StandingPurchase,
  type TransactionErrorCode,
} from '../../domain/transactions/model.js';
import { decisionOn, holdEnd, settle } from '../../domain/transactions/restate.js';
import { type Awaited, nameOf } from './batch-state.js';
import { bear, partnerIn } from './charge-rooms.js';
import type { BatchFacts, Verdict } from './decide.js';
import { encodeFacts } from './decision-facts.js';
import { earningFacts } from './earning-facts.js';
import { exchangeMessage, messageOf } from './message.js';
import { findNamed, refuseNamed } from './named.js';
import type { Item } from './pipeline.js';
import { daysOf, type Placed, transactionRow } from './placed.js';
import { purchaseOf, withTimes } from './purchase-of.js';
import { contractOfFunder, giveBack, putBack, type RewardChange, rememberMarks, surroundingsOf } from './revise.js';
import { encodeLines, shortfallsOf } from './stored-basket.js';

export function decidePurchase(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  const refused = refuseExhausted(item, placed, facts);
  if (refused !== undefined) return refused;
  const exchanged = exchange(item, placed.memberNo, facts);
  if ('code' in exchanged) return exchanged;
  const { command } = item;
  const { memberNo, outlet, version } = placed;
  const waiting = waitingFor(item, memberNo, facts);
  const messages = [messageOf(item), ...waiting.map(({ message }) => message)];
  const life = purchaseState(messages);
  const decided = decide(item, placed, life, facts);
  const { purchase, evaluation } = decided;
  const standing = stand(item, placed, messages, life, decided, facts);
  enter(standing, placed, evaluation, facts);
  for (const each of waiting) foundPurchase(each, standing.id, facts);
  const awaits = exchanged.awaits ?? (command.kind === 'CLEARING' ? command.authorisation : undefined);
  if (awaits !== undefined) waitFor(item, memberNo, awaits, standing.id, facts);
  return {
    item,
    memberNo,
    transactionId: standing.id,
    changes: [
      ...exchanged.changes,
      { transactionId: standing.id, accruals: standing.accruals, reversals: [], moved: [] },
    ],
    transaction: {
      ...transactionRow(item, memberNo, standing.id, outlet),
      kind: command.kind === 'ACTION' ? 'ACTION' : 'PURCHASE',
      merchantNo: purchase.merchant?.partnerNo ?? null,
      mcc: purchase.mcc ?? null,
      channel: purchase.channel ?? null,
      categoryCode: evaluation.category,
      amountMinor: purchase.amountMinor,
      businessDate: purchase.businessDate,
      facts: encodeFacts(version, purchase, decided.facts),
      explanationDigest: explanationDigest(evaluation.explanation),
      status: life.status,
      ...daysOf(life, purchase.businessDate),
      lines: purchase.lines ? encodeLines(purchase.lines) : null,
      shortfalls: shortfallsOf(evaluation),
      ourUnits: command.claimedUnits === undefined ? null : evaluation.totalUnits,
      exchangeOf: exchanged.of ?? null,
    },
  };
}

/**
 * Who pays for its own rewards and sends its purchases itself is told at once that it has to pay first. Where
 * somebody else sends them (a bank its cards' purchases), the purchase is taken in and its part is not granted: the
 * explanation says why.
 */
function refuseExhausted(item: Item, placed: Placed, facts: BatchFacts): Failure<TransactionErrorCode> | undefined {
  if (!facts.state.rooms.bounds || item.partner === undefined) return undefined;
  const { purchase, facts: seen } = decide(item, placed, purchaseState([messageOf(item)]), facts);
  const mine = seen.exhausted?.some((role) => partnerIn(role, purchase) === item.partner?.no) ?? false;
  if (!mine) return undefined;
  return fail(
    'FUNDER_EXHAUSTED',
    `Partner "${item.partner.code}" can be charged no more: pay what is open or buy another prepaid block, then send it again.`,
    'partnerCode',
  ).failure;
}

interface DecidedNow {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly evaluation: Evaluation;
}

function decide(
  item: Item,
  { memberNo, terms }: Placed,
  state: PurchaseState,
  { reference, programmeNo, state: batch }: BatchFacts,
): DecidedNow {
  const said: Purchase = {
    ...purchaseOf(item, reference),
    amountMinor: state.grossMinor,
    businessDate: attributedOn(state, terms.attribution),
    ...(state.lines && { lines: state.lines }),
  };
  const purchase = withTimes(said, item.command.occurredAt, terms, batch.booksOf(memberNo).traits?.timeZone);
  const facts = earningFacts(purchase, memberNo, terms, programmeNo, reference, batch);
  return { purchase, facts, evaluation: decisionOn(purchase, facts, terms) };
}

/** What stands of it at once: a refund that came first has its effect already. */
function stand(
  item: Item,
  { memberNo, terms, version }: Placed,
  messages: readonly PurchaseMessage[],
  life: PurchaseState,
  { purchase, facts, evaluation }: DecidedNow,
  batch: BatchFacts,
): StandingPurchase {
  const decided = { purchase, facts, terms, programmeVersion: version, messages };
  const granted =
    life.returns.length === 0 ? evaluation.accruals : settle(decided, life, surroundingsOf(batch)).accruals;
  const availableOn = holdEnd(life, terms, purchase);
  const id = batch.newId();
  const accruals = granted.flatMap((accrual): StandingAccrual[] => {
    if (accrual.units === 0n) return [];
    const contract = contractOfFunder(accrual.funderNo, purchase, facts);
    const charges = chargesFor(accrual.units, terms.unit.priceMinor, contract);
    const own = { id: batch.newId(), pending: true, part: 0, availableOn };
    return [{ ...accrual, ...charges, ...own, ...(contract && { contract }) }];
  });
  return {
    id,
    memberNo,
    ...(item.card && { cardId: item.card.id }),
    ...(purchase.merchant && { merchantNo: purchase.merchant.partnerNo }),
    ...(item.command.descriptor !== undefined && { descriptor: item.command.descriptor }),
    refundedMinor: life.refundedMinor,
    purchase,
    facts,
    programmeVersion: version,
    status: life.status,
    messages,
    accruals,
  };
}

/** For the decisions after this one. */
function enter(standing: StandingPurchase, { terms }: Placed, evaluation: Evaluation, facts: BatchFacts): void {
  const { state } = facts;
  state.putPurchase(standing);
  bear(standing.accruals, state.rooms);
  if (standing.refundedMinor > 0n) {
    state.refunded.add(standing.id);
    putBack(standing, facts);
  } else if (standing.purchase.amountMinor > 0n || standing.purchase.action !== undefined) {
    state.booksOf(standing.memberNo).record(standing.id, standing.purchase, terms, evaluation);
  }
  rememberMarks(standing, standing.accruals, terms, facts);
}

interface Exchange {
  readonly changes: readonly RewardChange[];
  /** The purchase that this one was made for. */
  readonly of?: string;
  /** Its reference, when nobody has told of it yet. */
  readonly awaits?: string;
}

/** A purchase made in exchange for another one takes back all that is left of that one. */
export function exchange(item: Item, memberNo: number, facts: BatchFacts): Exchange | Failure<TransactionErrorCode> {
  const { exchangeOf, businessDate } = item.command;
  if (exchangeOf === undefined) return { changes: [] };
  const named = findNamed(item.partner?.no ?? 0, exchangeOf, facts.state);
  if (named === undefined) return { changes: [], awaits: exchangeOf };
  const { standing } = named;
  const wrong = refuseNamed(standing, memberNo, businessDate, item.teller?.side);
  if (wrong !== undefined) return wrong;
  if (purchaseState(standing.messages).exchanged) {
    return fail('ALREADY_EXCHANGED', 'That purchase was exchanged before; name the one made in exchange.', 'exchangeOf')
      .failure;
  }
  return { changes: giveBack(standing, exchangeMessage(messageOf(item)), facts), of: standing.id };
}

/** Messages that named this purchase before anybody told of it, as far as they belong to it. */
export function waitingFor(item: Item, memberNo: number, { state }: BatchFacts): Awaited[] {
  const { kind, reference, authorisation, businessDate, amountMinor } = item.command;
  if (kind === 'ACTION' || !state.isAwaiting) return [];
  const names = new Set([reference, ...(kind === 'CLEARING' && authorisation !== undefined ? [authorisation] : [])]);
  let left = amountMinor;
  return [...names]
    .flatMap((name) => state.awaitedBy(nameOf(item.partner?.no ?? 0, name)))
    .filter(({ memberNo: payer, kindNo, message }) => {
      if (payer !== memberNo || kindNo === SOURCE_KIND_NO.CLEARING) return false;
      if (kindNo === SOURCE_KIND_NO.REVERSAL) return kind !== 'PURCHASE';
      // What was bought at once is known to the cent; an authorisation may still become more.
      if (kindNo === SOURCE_KIND_NO.PURCHASE || kind !== 'PURCHASE') return true;
      if (message.businessDate < businessDate || message.amountMinor > left) return false;
      if (message.returned && !checkReturn(message.returned, item.command.lines).ok) return false;
      left -= message.amountMinor;
      return true;
    });
}

/** The same in the other order is refused as well (decide-join.ts): one purchase earns once. */
export const isClearedAlready = ({ command, partner }: Item, memberNo: number, { state }: BatchFacts): boolean =>
  command.kind === 'PURCHASE' &&
  state.isAwaiting &&
  state
    .awaitedBy(nameOf(partner?.no ?? 0, command.reference))
    .some((waiting) => waiting.kindNo === SOURCE_KIND_NO.CLEARING && waiting.memberNo === memberNo);

/** It has found its purchase. Its own answer stays what it was. */
export function foundPurchase(waiting: Awaited, purchaseId: string, { state }: BatchFacts): void {
  state.found(waiting);
  state.joins.push({
    id: waiting.transactionId,
    memberNo: waiting.memberNo,
    joinedId: purchaseId,
    reason: 'REFERENCE',
    exchange: waiting.kindNo === SOURCE_KIND_NO.PURCHASE,
  });
}

export function waitFor(
  item: Item,
  memberNo: number,
  reference: string,
  transactionId: string,
  facts: BatchFacts,
): void {
  const message = messageOf(item);
  facts.state.await({
    awaitedPartnerNo: item.partner?.no ?? 0,
    awaited: reference,
    sourceId: item.sourceId,
    memberNo,
    kindNo: SOURCE_KIND_NO[item.command.kind],
    message: item.command.kind === 'PURCHASE' ? exchangeMessage(message) : message,
    transactionId,
  });
}
