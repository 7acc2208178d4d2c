/** A message whose purchase is not there: kept for the record and for people to look at; it takes nothing. */
import { explanationDigest, reason } from '../../domain/earning/explain.js';
import { UNCATEGORISED } from '../../domain/earning/model.js';
import type { MatchReason } from '../../domain/transactions/match.js';
import type { Accepted, BatchFacts } from './decide.js';
import type { Item } from './pipeline.js';
import { transactionRow } from './placed.js';
import { merchantOf } from './purchase-of.js';

export function orphan(
  item: Item,
  memberNo: number,
  matchReason: MatchReason,
  { reference, newId }: BatchFacts,
): Accepted {
  const id = newId();
  const merchant = merchantOf(item, reference);
  const { command } = item;
  return {
    item,
    memberNo,
    transactionId: id,
    matchReason,
    changes: [],
    transaction: {
      ...transactionRow(item, memberNo, id, merchant?.outlet),
      kind: command.kind === 'REVERSAL' ? 'ORPHAN_REVERSAL' : 'ORPHAN_REFUND',
      merchantNo: merchant?.partnerNo ?? null,
      mcc: command.mcc ?? null,
      channel: command.channel ?? null,
      categoryCode: command.category ?? UNCATEGORISED,
      facts: {},
      explanationDigest: explanationDigest(reason('ORPHAN_REFUND', () => ({ reason: matchReason }))),
    },
  };
}
