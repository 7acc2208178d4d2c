/**
 * Decides a message that names no purchase which is there: it is of a purchase that another side has told of, or a new
 * one. What is nearly the same is left for somebody to look at.
 */
import { fail } from '../../domain/kernel/result.js';
import type { StandingPurchase } from '../../domain/transactions/model.js';
import { findCounterpart } from './counterpart.js';
import type { BatchFacts, Verdict } from './decide.js';
import { decidePurchase, exchange, foundPurchase, isClearedAlready, waitFor, waitingFor } from './decide-purchase.js';
import { type JoinedBy, joinTo } from './join.js';
import type { Item } from './pipeline.js';
import { bitOf, type Placed } from './placed.js';

/** More than these are no hint any more. */
const MOST_NEAR_MISSES = 3;

export function decideNew(item: Item, placed: Placed, facts: BatchFacts): Verdict {
  const { memberNo } = placed;
  const { state, reference } = facts;
  if (isClearedAlready(item, memberNo, facts)) {
    return fail(
      'NOT_AN_AUTHORISATION',
      'A clearing that names this reference as its authorisation is here already; send this message as an AUTHORISATION, or it would earn twice.',
      'kind',
    ).failure;
  }
  const { same, near } = findCounterpart(item, reference, state);
  const verdict =
    same === undefined
      ? decidePurchase(item, placed, facts)
      : tellAlso(same.candidate.standing, item, placed, facts, { score: same.score, grounds: same.grounds });
  if ('code' in verdict) return verdict;
  state.tell(memberNo, bitOf(item));
  for (const { candidate, score, grounds } of near.slice(0, MOST_NEAR_MISSES))
    state.nearMisses.push({ memberNo, earlierId: candidate.id, laterId: verdict.transactionId, score, grounds });
  return verdict;
}

/** Another side has told of it before. */
function tellAlso(
  standing: StandingPurchase,
  item: Item,
  placed: Placed,
  facts: BatchFacts,
  likeness: NonNullable<JoinedBy['likeness']>,
): Verdict {
  const { memberNo } = placed;
  const exchanged = exchange(item, memberNo, facts);
  if ('code' in exchanged) return exchanged;
  const waiting = waitingFor(item, memberNo, facts);
  const verdict = joinTo(standing, item, placed, facts, {
    reason: 'SAME_PURCHASE',
    likeness,
    waiting: waiting.map(({ message }) => message),
  });
  if ('code' in verdict) return verdict;
  const { command } = item;
  for (const each of waiting) foundPurchase(each, standing.id, facts);
  const awaits = exchanged.awaits ?? (command.kind === 'CLEARING' ? command.authorisation : undefined);
  if (awaits !== undefined) waitFor(item, memberNo, awaits, standing.id, facts);
  if (exchanged.of !== undefined)
    facts.state.joins.push({ id: standing.id, memberNo, joinedId: exchanged.of, reason: 'REFERENCE', exchange: true });
  return { ...verdict, changes: [...exchanged.changes, ...verdict.changes] };
}
