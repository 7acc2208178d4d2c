/**
 * Decides a batch: a fold over its items in arrival order, each sees the facts the one before left. No I/O;
 * everything it needs was loaded and locked (load.ts), what it decides is stored afterwards (store.ts).
 */
import { invariant } from '../../domain/kernel/invariant.js';
import { type Failure, fail } from '../../domain/kernel/result.js';
import type { MatchReason } from '../../domain/transactions/match.js';
import type { TransactionErrorCode } from '../../domain/transactions/model.js';
import type { Likeness } from '../../domain/transactions/same-purchase.js';
import type { BatchState } from './batch-state.js';
import { decideAuthorisation, decideClearing, decideReversal } from './decide-join.js';
import { decideNew } from './decide-new.js';
import { decidePurchase } from './decide-purchase.js';
import { decideRefund } from './decide-refund.js';
import type { Item } from './pipeline.js';
import { placeInProgramme } from './placed.js';
import type { Reference } from './reference.js';
import type { RewardChange } from './revise.js';
import { type FirstAnswer, keyText, type NewTransaction } from './transaction.sql.js';

export interface BatchFacts {
  readonly reference: Reference;
  readonly programmeNo: number;
  /** By key text: answers given before this batch, by others or long ago. */
  readonly firstAnswers: ReadonlyMap<string, FirstAnswer>;
  readonly state: BatchState;
  readonly newId: () => string;
}

/** One accepted item: what to store for it. */
export interface Accepted {
  readonly item: Item;
  readonly memberNo: number;
  readonly transactionId: string;
  readonly matchReason?: MatchReason;
  /** Why it is taken for the same purchase that another side told of. */
  readonly likeness?: Likeness;
  /** A purchase, an action or an orphan; absent for a message that joined its purchase. */
  readonly transaction?: NewTransaction;
  /** What it changed of rewards: of its own purchase first, then of others. */
  readonly changes: readonly RewardChange[];
}

export type Verdict = Accepted | Failure<TransactionErrorCode>;

export function decideBatch(items: readonly Item[], facts: BatchFacts): Accepted[] {
  const accepted: Accepted[] = [];
  const acceptedByKey = new Map<string, Accepted>();
  for (const item of items) {
    if (item.outcome !== undefined) continue;
    invariant(item.key, 'an item without a key was rejected before');
    const key = keyText(item.key);
    const first = facts.firstAnswers.get(key) ?? firstOf(acceptedByKey.get(key));
    if (first !== undefined) {
      item.outcome = repeat(item, first);
      continue;
    }
    const verdict = decideItem(item, facts);
    if ('code' in verdict) {
      item.outcome = { status: 'REJECTED', failure: verdict };
      continue;
    }
    accepted.push(verdict);
    acceptedByKey.set(key, verdict);
    facts.state.named.set(key, verdict.transactionId);
    item.outcome = {
      status: 'ACCEPTED',
      transactionId: verdict.transactionId,
      sourceId: item.sourceId,
      memberNo: verdict.memberNo,
      ...(verdict.matchReason && { matchReason: verdict.matchReason }),
    };
  }
  return accepted;
}

interface First {
  readonly bodyHash: Buffer;
  readonly sourceId: string;
  readonly memberNo: number;
  readonly transactionId: string;
  readonly matchReason?: string | null;
}

const firstOf = (accepted: Accepted | undefined): First | undefined =>
  accepted && { ...accepted, bodyHash: accepted.item.bodyHash, sourceId: accepted.item.sourceId };

function repeat(item: Item, first: First): NonNullable<Item['outcome']> {
  if (!first.bodyHash.equals(item.bodyHash)) {
    return {
      status: 'REJECTED',
      failure: fail(
        'REFERENCE_CONFLICT',
        `The reference "${item.command.reference}" was used before with other contents; nothing was changed. Use a new reference for a new message.`,
        'reference',
      ).failure,
    };
  }
  return {
    status: 'DUPLICATE',
    transactionId: first.transactionId,
    sourceId: first.sourceId,
    memberNo: first.memberNo,
    ...(first.matchReason && { matchReason: first.matchReason as MatchReason }),
  };
}

function decideItem(item: Item, facts: BatchFacts): Verdict {
  const { command, partner } = item;
  invariant(partner, 'an item without a partner was rejected before');
  if (partner.status !== 'ACTIVE') {
    return fail(
      'PARTNER_NOT_ACTIVE',
      `Partner "${partner.code}" is ${partner.status.toLowerCase()}; reactivate it before it submits.`,
      'partnerCode',
    ).failure;
  }
  const placed = placeInProgramme(item, facts.programmeNo, facts.reference);
  if (!placed.ok) return placed.failure;
  switch (command.kind) {
    case 'PURCHASE':
    case 'CLAIM':
      return decideNew(item, placed.value, facts);
    case 'ACTION':
      return decidePurchase(item, placed.value, facts);
    case 'AUTHORISATION':
      return decideAuthorisation(item, placed.value, facts);
    case 'CLEARING':
      return decideClearing(item, placed.value, facts);
    case 'REVERSAL':
      return decideReversal(item, placed.value, facts);
    case 'REFUND':
      return decideRefund(item, placed.value.memberNo, facts);
  }
}
