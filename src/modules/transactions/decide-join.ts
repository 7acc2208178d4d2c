/** Decides an authorisation, a clearing or a reversal: it belongs to a purchase that is there, or is one itself. */
import { fail } from '../../domain/kernel/result.js';
import { type MatchReason, matchClearing } from '../../domain/transactions/match.js';
import { SOURCE_KIND_NO, type StandingPurchase } from '../../domain/transactions/model.js';
import { findCounterpartWith } from './counterpart.js';
import type { BatchFacts, Verdict } from './decide.js';
import { decideNew } from './decide-new.js';
import { joinTo, stopWaiting } from './join.js';
import { mergePurchases } from './merge.js';
import { messageOf } from './message.js';
import { findNamed } from './named.js';
import { orphan } from './orphan.js';
import type { Item } from './pipeline.js';
import type { Placed } from './placed.js';
import { placeOfItem } from './purchase-of.js';

export function decideAuthorisation(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  // Only a clearing can have come before it.
  const named = findNamed(item.partner?.no ?? 0, item.command.reference, facts.state, []);
  return named === undefined
    ? decideNew(item, placed, facts)
    : joinKnown(named.standing, item, placed, facts, 'REFERENCE');
}

export function decideClearing(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  const { authorisation, amountMinor, businessDate } = item.command;
  const { state, reference } = facts;
  if (authorisation === undefined) {
    const there = [...state.candidates(placeOfItem(item, reference))];
    const matched = matchClearing(amountMinor, businessDate, there, item.teller?.side);
    return matched === undefined
      ? decideNew(item, placed, facts)
      : joinKnown(matched, item, placed, facts, 'MATCHED_AUTHORISATION');
  }
  const partnerNo = item.partner?.no ?? 0;
  const named = findNamed(partnerNo, authorisation, state, [SOURCE_KIND_NO.AUTHORISATION]);
  if (named !== undefined) return joinKnown(named.standing, item, placed, facts, 'REFERENCE');
  if (findNamed(partnerNo, authorisation, state, [SOURCE_KIND_NO.PURCHASE]) !== undefined) {
    return fail(
      'NOT_AN_AUTHORISATION',
      'That purchase was cleared at once; a clearing of its own is another purchase, without authorisation.',
      'authorisation',
    ).failure;
  }
  return decideNew(item, placed, facts);
}

export function decideReversal(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  const { authorisation = '' } = item.command;
  const partnerNo = item.partner?.no ?? 0;
  const named = findNamed(partnerNo, authorisation, facts.state, [SOURCE_KIND_NO.AUTHORISATION]);
  if (named !== undefined) return joinTo(named.standing, item, placed, facts, { reason: 'REFERENCE' });
  if (findNamed(partnerNo, authorisation, facts.state) !== undefined) {
    return fail(
      'NOT_AN_AUTHORISATION',
      'That is a purchase which was cleared at once or by itself; take it back with a REFUND.',
      'authorisation',
    ).failure;
  }
  return orphan(item, placed.memberNo, 'ORPHAN_PURCHASE_NOT_SEEN', facts);
}

/**
 * With this message the purchase may be alike enough to one that another side told of: its amount or day was another
 * one before. Both are one then, the earlier of them.
 */
function joinKnown(
  standing: StandingPurchase,
  item: Item,
  placed: Placed,
  facts: BatchFacts,
  reason: MatchReason,
): Verdict {
  const { state, reference } = facts;
  const counterpart =
    standing.memberNo === placed.memberNo ? findCounterpartWith(standing, item, reference, state) : undefined;
  if (counterpart === undefined) return joinTo(standing, item, placed, facts, { reason });
  const [kept, gone] = standing.id < counterpart.id ? [standing, counterpart] : [counterpart, standing];
  const changes = mergePurchases({ kept, gone, by: 'SAME_PURCHASE', news: [messageOf(item)] }, facts);
  if ('code' in changes) return changes;
  if (item.command.kind === 'AUTHORISATION') stopWaiting(item, kept.id, state);
  return { item, memberNo: placed.memberNo, transactionId: kept.id, matchReason: reason, changes };
}
