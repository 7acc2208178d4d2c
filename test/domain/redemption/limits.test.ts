import { rate } from '../../../src/domain/money/rate.js';
import { type RedemptionWish, redeemable } from '../../../src/domain/redemption/limits.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { terms } from './fixture.js';

const spasibo = { maxShare: rate(99n, 100n), minimumOwnMinor: 100n };
const letoile = { maxShare: rate(1n, 2n), discountsCount: true };
const wish = (changes: Partial<RedemptionWish>): RedemptionWish => ({
  purchaseMinor: 100_000n,
  discountMinor: 0n,
  unitsWanted: 1_000_000n,
  balance: 1_000_000n,
  ...changes,
});

test.each<[string, Partial<RedemptionTerms>, Partial<RedemptionWish>, bigint, string]>([
  ['spasibo: 1,500 with 5,000', spasibo, { purchaseMinor: 150_000n, balance: 500_000n }, 148_500n, 'MAX_SHARE'],
  ['spasibo: at least 1 of own money', spasibo, { purchaseMinor: 5_000n }, 4_900n, 'MINIMUM_OWN'],
  ['letoile: 4,000 with 3,000', letoile, { purchaseMinor: 400_000n, balance: 300_000n }, 200_000n, 'MAX_SHARE'],
  [
    'letoile: a discount uses up its part of the share',
    letoile,
    { purchaseMinor: 400_000n, discountMinor: 50_000n },
    150_000n,
    'MAX_SHARE',
  ],
  [
    'a discount that does not count lowers what the share is of',
    { maxShare: rate(1n, 2n) },
    { purchaseMinor: 400_000n, discountMinor: 50_000n },
    175_000n,
    'MAX_SHARE',
  ],
  [
    'at most 10 %: balance 50, purchase 100',
    { maxShare: rate(1n, 10n) },
    { purchaseMinor: 10_000n, balance: 5_000n },
    1_000n,
    'MAX_SHARE',
  ],
  ['no more than there is', {}, { balance: 7n }, 7n, 'BALANCE'],
  ['no more than is wanted', {}, { unitsWanted: 8n }, 8n, 'WANTED'],
  ['no more than the price', {}, {}, 100_000n, 'MAX_SHARE'],
  ['no more than the price less a discount', {}, { discountMinor: 99_999n }, 1n, 'MAX_SHARE'],
  ['a unit that pays three: no more than fits', { priceMinor: rate(3n) }, { purchaseMinor: 100n }, 33n, 'MAX_SHARE'],
  ['half a cent a unit', { priceMinor: rate(1n, 2n) }, { purchaseMinor: 100n }, 200n, 'MAX_SHARE'],
  ['exactly the least of a redemption', { minimumUnits: 8n }, { unitsWanted: 8n }, 8n, 'WANTED'],
])('%s', (_, changes, wanted, units, because) => {
  const found = redeemable(wish(wanted), terms(changes));
  expect(found).toMatchObject({ units, because });
  expect(found.refused).toBeUndefined();
});

test.each<[string, Partial<RedemptionTerms>, Partial<RedemptionWish>, string]>([
  ['less than the least', { minimumUnits: 9n }, { unitsWanted: 8n }, 'BELOW_MINIMUM'],
  ['nothing wanted', {}, { unitsWanted: 0n }, 'NOTHING_TO_REDEEM'],
  ['nothing there', {}, { balance: 0n }, 'NOTHING_TO_REDEEM'],
  ['a balance below zero', {}, { balance: -5n }, 'NOTHING_TO_REDEEM'],
  ['a discount above the share', letoile, { discountMinor: 60_000n }, 'NOTHING_TO_REDEEM'],
  ['a discount above the price', {}, { discountMinor: 100_001n }, 'NOTHING_TO_REDEEM'],
  ['a price of nothing', {}, { purchaseMinor: 0n }, 'NOTHING_TO_REDEEM'],
  ['own money is all there is', spasibo, { purchaseMinor: 100n }, 'NOTHING_TO_REDEEM'],
  ['units that pay nothing', { priceMinor: rate(0n) }, {}, 'NOTHING_TO_REDEEM'],
])('refused: %s', (_, changes, wanted, refused) => {
  expect(redeemable(wish(wanted), terms(changes))).toMatchObject({ units: 0n, paysMinor: 0n, refused });
});

test('every bound is named', () => {
  const { limits, paysMinor } = redeemable(
    wish({ purchaseMinor: 150_000n, balance: 500_000n, unitsWanted: 200_000n }),
    terms(spasibo),
  );
  expect(limits).toEqual([
    { reason: 'BALANCE', units: 500_000n },
    { reason: 'MAX_SHARE', units: 148_500n },
    { reason: 'MINIMUM_OWN', units: 149_900n },
    { reason: 'WANTED', units: 200_000n },
  ]);
  expect(paysMinor).toBe(148_500n);
});
