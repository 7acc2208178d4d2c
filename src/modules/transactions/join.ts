/**
 * A message joins the purchase that it is about: amount, day, merchant and who tells of it may be others than the
 * first message said, and it stays one purchase.
 */
import { countersFor } from '../../domain/earning/caps.js';
import type { EarningFacts, ProgrammeTerms, Purchase } from '../../domain/earning/model.js';
import { canonicalJson } from '../../domain/kernel/canonical.js';
import { type Failure, fail } from '../../domain/kernel/result.js';
import {
  attributedOn,
  described,
  describing,
  type PurchaseMessage,
  purchaseState,
} from '../../domain/transactions/lifecycle.js';
import type { MatchReason } from '../../domain/transactions/match.js';
import type { StandingPurchase, TransactionErrorCode } from '../../domain/transactions/model.js';
import { type DecidedPurchase, restate, usesOf } from '../../domain/transactions/restate.js';
import type { Likeness } from '../../domain/transactions/same-purchase.js';
import { type BatchState, nameOf } from './batch-state.js';
import type { BatchFacts, Verdict } from './decide.js';
import { earningFacts } from './earning-facts.js';
import type { RedescribedRow } from './lifecycle.sql.js';
import { messageOf } from './message.js';
import type { Item } from './pipeline.js';
import { type Placed, placeInProgramme } from './placed.js';
import { purchaseOf, withTimes } from './purchase-of.js';
import {
  changeOf,
  follow,
  loseMarks,
  putBack,
  type RewardChange,
  rememberMarks,
  surroundingsOf,
  takeOut,
  termsOf,
} from './revise.js';

/** How a message found the purchase that it joins. */
export interface JoinedBy {
  readonly reason: MatchReason;
  readonly likeness?: Likeness;
  /** Messages that waited for this one, and are about the same purchase then. */
  readonly waiting?: readonly PurchaseMessage[];
}

export function joinTo(
  standing: StandingPurchase,
  item: Item,
  { memberNo }: Placed,
  facts: BatchFacts,
  { reason: matchReason, likeness, waiting = [] }: JoinedBy,
): Verdict {
  const { state } = facts;
  if (standing.memberNo !== memberNo) {
    return fail(
      'PAYER_MISMATCH',
      'The authorisation belongs to another member; what is told of it later names its payer.',
      'payer',
    ).failure;
  }
  const retold = retell(standing, item, [messageOf(item), ...waiting], facts);
  if ('code' in retold) return retold;
  if (item.command.kind === 'AUTHORISATION') stopWaiting(item, standing.id, state);
  return {
    item,
    memberNo,
    transactionId: standing.id,
    matchReason,
    ...(likeness && { likeness }),
    changes: retold,
  };
}

/**
 * The purchase with further messages about it: what it is now, what it earns, and what that takes from others.
 *
 * @param paidWith where its card is known from, when it knows of none itself
 */
export function retell(
  standing: StandingPurchase,
  item: Item,
  told: readonly [PurchaseMessage, ...PurchaseMessage[]],
  facts: BatchFacts,
  paidWith: StandingPurchase = standing,
): RewardChange[] | Failure<TransactionErrorCode> {
  const { state } = facts;
  const [message] = told;
  const messages = [...standing.messages, ...told];
  const together = describe(standing.cardId === undefined ? paidWith : standing, item, messages, facts);
  if ('code' in together) return together;
  const { merged, placed, purchase } = together;
  const { terms, version: programmeVersion } = placed;
  const same = isSame(purchase, standing.purchase);
  const less = purchase.amountMinor < standing.purchase.amountMinor;
  const seen = same ? standing.facts : undefined;
  if (seen === undefined) takeOut(standing, facts);
  const asMuchAsBefore = asMuch(purchase, standing.purchase);
  const now: DecidedPurchase = {
    purchase,
    facts:
      seen === undefined
        ? freshFacts(standing, purchase, terms, facts)
        : asMuchAsBefore
          ? seen
          : asOthersLeft(standing, purchase, terms, less, facts),
    terms,
    programmeVersion,
    messages,
  };
  const restatement = restate(
    standing,
    termsOf(standing, facts),
    now,
    surroundingsOf(facts),
    asMuchAsBefore ? undefined : seen,
  );
  const after = placedAt(restatement.after, paidWith.cardId ?? item.card?.id, merged);
  if (seen === undefined) putBack(after, facts);
  else follow(standing, { ...restatement, after }, message.businessDate, facts);
  state.putPurchase(after);
  state.restated.add(after.id);
  rememberMarks(after, restatement.additions, terms, facts);
  if (describing(told).length > 0) state.redescribed.set(after.id, redescribedRow(after, merged, placed));
  return [changeOf(restatement), ...(less ? loseMarks(after, message, facts) : [])];
}

interface Together {
  /** One message that says what all of them say. */
  readonly merged: Item;
  readonly placed: Placed;
  readonly purchase: Purchase;
}

/** What all messages together say the purchase is. */
export function describe(
  standing: StandingPurchase,
  item: Item,
  messages: readonly PurchaseMessage[],
  facts: BatchFacts,
): Together | Failure<TransactionErrorCode> {
  const { reference, programmeNo, state } = facts;
  const life = purchaseState(messages);
  const words = described(messages);
  const { partnerCode, payer, currencyCode, reference: name } = item.command;
  const { postedOn } = life;
  const seller = describing(messages).find(({ teller }) => teller !== undefined && teller.side !== 'BANK')?.teller;
  const partner = seller === undefined ? item.partner : reference.partners.byNo(seller.partnerNo);
  const merged: Item = {
    ...item,
    // Where no outlet is named, whoever sells tells by who it is.
    ...(partner && { partner }),
    command: {
      partnerCode,
      payer,
      currencyCode,
      reference: name,
      kind: 'PURCHASE',
      amountMinor: life.grossMinor,
      businessDate: life.authorisedOn,
      ...(postedOn !== undefined && { postedOn }),
      ...(life.lines && { lines: life.lines }),
      ...words,
    },
  };
  const placed = placeInProgramme(merged, programmeNo, reference);
  if (!placed.ok) return placed.failure;
  const { terms } = placed.value;
  const { issuer, card } = standing.purchase;
  const said: Purchase = {
    ...purchaseOf(merged, reference),
    businessDate: attributedOn(life, terms.attribution),
    // The card of the message that came first.
    ...(standing.cardId !== undefined && { ...(issuer && { issuer }), ...(card && { card }) }),
  };
  const timeZone = state.booksOf(standing.memberNo).traits?.timeZone;
  return { merged, placed: placed.value, purchase: withTimes(said, words.occurredAt, terms, timeZone) };
}

/** Another day, merchant or category: decided by what is there without it. */
const freshFacts = (
  { memberNo }: StandingPurchase,
  purchase: Purchase,
  terms: ProgrammeTerms,
  { programmeNo, reference, state }: BatchFacts,
): EarningFacts => earningFacts(purchase, memberNo, terms, programmeNo, reference, state);

/**
 * When only the amount or the basket is another one, a decision sees what it saw before, but for the counters: those
 * are as others left them, without what this purchase used itself, because another rule may pay now than then. Of
 * an amount that fell, room that others have given back since is not used.
 */
function asOthersLeft(
  standing: StandingPurchase,
  purchase: Purchase,
  terms: ProgrammeTerms,
  less: boolean,
  { state }: BatchFacts,
): EarningFacts {
  const own = new Map(usesOf(standing, terms).map(({ stored, period, amount }) => [`${stored} ${period}`, amount]));
  const used = countersFor(purchase, terms).map((key) => {
    const all = state.booksOf(standing.memberNo).usedOf(key);
    const others = all - (own.get(`${key.stored} ${key.period}`) ?? 0n);
    const then = standing.facts.used[key.counter] ?? 0n;
    return [key.counter, less && then > others ? then : others] as const;
  });
  return { ...standing.facts, used: Object.fromEntries(used.filter(([, amount]) => amount > 0n)) };
}

/** The same amount in the same basket: lines alone may add to a reward. */
const asMuch = (a: Purchase, b: Purchase): boolean =>
  a.amountMinor === b.amountMinor && canonicalJson(a.lines ?? null) === canonicalJson(b.lines ?? null);

/** The same purchase to every rule, whatever its amount and basket. */
function isSame(a: Purchase, b: Purchase): boolean {
  const { amountMinor: _a, lines: _la, ...one } = a;
  const { amountMinor: _b, lines: _lb, ...other } = b;
  return canonicalJson(one) === canonicalJson(other);
}

/** Where later messages look for it. */
function placedAt(standing: StandingPurchase, paidWith: string | undefined, { command }: Item): StandingPurchase {
  const merchantNo = standing.purchase.merchant?.partnerNo;
  const cardId = standing.cardId ?? paidWith;
  return {
    ...standing,
    ...(cardId !== undefined && { cardId }),
    ...(merchantNo !== undefined && { merchantNo }),
    ...(command.descriptor !== undefined && { descriptor: command.descriptor }),
  };
}

const redescribedRow = (
  { id, memberNo, cardId, merchantNo, purchase, messages }: StandingPurchase,
  { command }: Item,
  { outlet }: Placed,
): RedescribedRow => ({
  id,
  memberNo,
  cardId: cardId ?? null,
  merchantNo: merchantNo ?? null,
  outletId: outlet?.id ?? null,
  merchantId: command.merchantId ?? null,
  descriptor: command.descriptor ?? null,
  mcc: purchase.mcc ?? null,
  channel: purchase.channel ?? null,
  occurredAt: command.occurredAt,
  tellers: describing(messages).flatMap(({ teller }) => teller ?? []),
});

/** The authorisation that clearings waited for is there. */
export function stopWaiting({ command, partner }: Item, transactionId: string, state: BatchState): void {
  for (const waiting of state.awaitedBy(nameOf(partner?.no ?? 0, command.reference)))
    if (waiting.transactionId === transactionId) state.found(waiting);
}
