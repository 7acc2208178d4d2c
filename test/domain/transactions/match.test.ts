import { type MatchReason, matchRefund } from '../../../src/domain/transactions/match.js';
import type { StandingPurchase } from '../../../src/domain/transactions/model.js';

const standing = (id: string, amount: bigint, businessDate: string, refunded = 0n): StandingPurchase => ({
  id,
  memberNo: 1,
  refundedMinor: refunded,
  purchase: { amountMinor: amount, businessDate },
  facts: { tier: 'basic', tierMetric: 0n, used: {} },
  programmeVersion: 1,
  accruals: [],
  status: 'CLEARED',
  messages: [],
});

const DAY = '2026-03-10';

const cases: readonly [string, bigint, readonly StandingPurchase[], string | undefined, MatchReason][] = [
  ['nothing was bought there', 100n, [], undefined, 'ORPHAN_NO_PURCHASE_AT_MERCHANT'],
  ['bought later only', 100n, [standing('a', 100n, '2026-03-11')], undefined, 'ORPHAN_NO_PURCHASE_AT_MERCHANT'],
  ['all given back before', 100n, [standing('a', 100n, DAY, 100n)], undefined, 'ORPHAN_NO_PURCHASE_AT_MERCHANT'],
  ['only smaller ones', 100n, [standing('a', 99n, DAY)], undefined, 'ORPHAN_ALL_PURCHASES_SMALLER'],
  ['too little is left', 100n, [standing('a', 150n, DAY, 51n)], undefined, 'ORPHAN_ALL_PURCHASES_SMALLER'],
  ['the same day counts', 100n, [standing('a', 100n, DAY)], 'a', 'MATCHED_EXACT_AMOUNT'],
  ['what is left counts', 100n, [standing('a', 150n, DAY, 50n)], 'a', 'MATCHED_EXACT_AMOUNT'],
  ['a part of a larger one', 100n, [standing('a', 150n, DAY)], 'a', 'MATCHED_PART_OF_LARGER'],
  [
    'exact before larger, however old',
    100n,
    [standing('a', 100n, '2026-01-01'), standing('b', 150n, DAY)],
    'a',
    'MATCHED_EXACT_AMOUNT',
  ],
  [
    'the latest day among equals',
    100n,
    [standing('b', 100n, '2026-03-01'), standing('a', 100n, '2026-03-02')],
    'a',
    'MATCHED_EXACT_AMOUNT',
  ],
  [
    'the last recorded of one day',
    100n,
    [standing('b', 100n, DAY), standing('a', 100n, DAY)],
    'b',
    'MATCHED_EXACT_AMOUNT',
  ],
];

test.each(cases)('%s', (_name, amount, candidates, id, reason) => {
  for (const order of [candidates, candidates.toReversed()]) {
    const match = matchRefund(amount, DAY, order);
    expect([match.purchase?.id, match.reason]).toEqual([id, reason]);
  }
});
