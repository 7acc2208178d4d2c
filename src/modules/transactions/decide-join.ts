/**
 * Decides an authorisation, a clearing or a reversal that belongs to a purchase which is there already: amount,
 * day and merchant may be others than the first message said, and it stays one purchase.
 */
import { countersFor } from '../../domain/earning/caps.js';
import type { EarningFacts, ProgrammeTerms, Purchase } from '../../domain/earning/model.js';
import { canonicalJson } from '../../domain/kernel/canonical.js';
import { type Failure, fail } from '../../domain/kernel/result.js';
import { attributedOn, described, type PurchaseMessage, purchaseState } from '../../domain/transactions/lifecycle.js';
import { type MatchReason, matchClearing } from '../../domain/transactions/match.js';
import { SOURCE_KIND_NO, type StandingPurchase, type TransactionErrorCode } from '../../domain/transactions/model.js';
import { type DecidedPurchase, restate, usesOf } from '../../domain/transactions/restate.js';
import { type BatchState, nameOf } from './batch-state.js';
import type { BatchFacts, Verdict } from './decide.js';
import { decidePurchase } from './decide-purchase.js';
import { earningFacts } from './earning-facts.js';
import type { RedescribedRow } from './lifecycle.sql.js';
import { messageOf } from './message.js';
import { findNamed } from './named.js';
import { orphan } from './orphan.js';
import type { Item } from './pipeline.js';
import { type Placed, placeInProgramme } from './placed.js';
import { placeOfItem, purchaseOf, withTimes } from './purchase-of.js';
import { changeOf, follow, loseMarks, putBack, rememberMarks, surroundingsOf, takeOut, termsOf } from './revise.js';

export function decideAuthorisation(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  // Only a clearing can have come before it.
  const named = findNamed(item.partner?.no ?? 0, item.command.reference, facts.state, []);
  return named === undefined
    ? decidePurchase(item, placed, facts)
    : joinTo(named.standing, item, placed, facts, 'REFERENCE');
}

export function decideClearing(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  const { authorisation, amountMinor, businessDate } = item.command;
  const { state, reference } = facts;
  if (authorisation === undefined) {
    const there = [...state.candidates(placeOfItem(item, reference))];
    const matched = matchClearing(amountMinor, businessDate, there);
    return matched === undefined
      ? decidePurchase(item, placed, facts)
      : joinTo(matched, item, placed, facts, 'MATCHED_AUTHORISATION');
  }
  const partnerNo = item.partner?.no ?? 0;
  const named = findNamed(partnerNo, authorisation, state, [SOURCE_KIND_NO.AUTHORISATION]);
  if (named !== undefined) return joinTo(named.standing, item, placed, facts, 'REFERENCE');
  if (findNamed(partnerNo, authorisation, state, [SOURCE_KIND_NO.PURCHASE]) !== undefined) {
    return fail(
      'NOT_AN_AUTHORISATION',
      'That purchase was cleared at once; a clearing of its own is another purchase, without authorisation.',
      'authorisation',
    ).failure;
  }
  return decidePurchase(item, placed, facts);
}

export function decideReversal(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  const { authorisation = '' } = item.command;
  const partnerNo = item.partner?.no ?? 0;
  const named = findNamed(partnerNo, authorisation, facts.state, [SOURCE_KIND_NO.AUTHORISATION]);
  if (named !== undefined) return joinTo(named.standing, item, placed, facts, 'REFERENCE');
  if (findNamed(partnerNo, authorisation, facts.state) !== undefined) {
    return fail(
      'NOT_AN_AUTHORISATION',
      'That is a purchase which was cleared at once or by itself; take it back with a REFUND.',
      'authorisation',
    ).failure;
  }
  return orphan(item, placed.memberNo, 'ORPHAN_PURCHASE_NOT_SEEN', facts);
}

function joinTo(
  standing: StandingPurchase,
  item: Item,
  { memberNo }: Placed,
  facts: BatchFacts,
  matchReason: MatchReason,
): Verdict {
  const { state } = facts;
  if (standing.memberNo !== memberNo) {
    return fail(
      'PAYER_MISMATCH',
      'The authorisation belongs to another member; what is told of it later names its payer.',
      'payer',
    ).failure;
  }
  const message = messageOf(item);
  const messages = [...standing.messages, message];
  const together = describe(standing, item, messages, facts);
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
  const after = placedAt(restatement.after, item, merged);
  if (seen === undefined) putBack(after, facts);
  else follow(standing, { ...restatement, after }, message.businessDate, facts);
  state.putPurchase(after);
  state.restated.add(after.id);
  rememberMarks(after, restatement.additions, terms, facts);
  if (item.command.kind !== 'REVERSAL') state.redescribed.set(after.id, redescribedRow(after, merged, placed));
  if (item.command.kind === 'AUTHORISATION') stopWaiting(item, after.id, state);
  const lost = less ? loseMarks(after, message, facts) : [];
  return { item, memberNo, transactionId: after.id, matchReason, changes: [changeOf(restatement), ...lost] };
}

interface Together {
  /** One message that says what all of them say. */
  readonly merged: Item;
  readonly placed: Placed;
  readonly purchase: Purchase;
}

function describe(
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
  const merged: Item = {
    ...item,
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
function placedAt(standing: StandingPurchase, item: Item, { command }: Item): StandingPurchase {
  const merchantNo = standing.purchase.merchant?.partnerNo;
  const cardId = standing.cardId ?? item.card?.id;
  return {
    ...standing,
    ...(cardId !== undefined && { cardId }),
    ...(merchantNo !== undefined && { merchantNo }),
    ...(command.descriptor !== undefined && { descriptor: command.descriptor }),
  };
}

const redescribedRow = (
  { id, memberNo, cardId, merchantNo, purchase }: StandingPurchase,
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
});

/** The authorisation that clearings waited for is there. */
function stopWaiting({ command, partner }: Item, transactionId: string, state: BatchState): void {
  for (const waiting of state.awaitedBy(nameOf(partner?.no ?? 0, command.reference)))
    if (waiting.transactionId === transactionId) state.found(waiting);
}
