import { checkItem, type Item, isOffered, lastDayOf } from '../../../src/domain/catalogue/item.js';
import { rate } from '../../../src/domain/money/rate.js';

const GIFT: Item = {
  ...{ code: 'mug', name: 'A mug', description: '', kind: 'GIFT', priceUnits: 100n, claimableFrom: '2026-01-01' },
};
const DISCOUNT: Item = { ...GIFT, kind: 'DISCOUNT', discountRate: rate(1n, 10n), validDays: 30 };
const ACCESS: Item = { ...GIFT, kind: 'ACCESS', validDays: 1 };

test.each<[string, Item]>([
  ['a gift', GIFT],
  ['a gift of which there is none yet', { ...GIFT, stock: 0 }],
  ['a gift for one day', { ...GIFT, claimableUntil: '2026-01-01' }],
  ['a part off', DISCOUNT],
  ['everything off', { ...DISCOUNT, discountRate: rate(1n) }],
  ['an amount off', { ...DISCOUNT, discountRate: undefined, discountMinor: 1n }],
  ['access', ACCESS],
])('%s may be published', (_what, item) => {
  expect(checkItem(item)).toEqual({ ok: true, value: undefined });
});

test.each<[string, string, Item]>([
  ['MALFORMED_ITEM_CODE', 'code', { ...GIFT, code: '' }],
  ['MALFORMED_ITEM_CODE', 'code', { ...GIFT, code: 'x'.repeat(64) }],
  ['NAME_NOT_OF_LENGTH', 'name', { ...GIFT, name: 'x'.repeat(201) }],
  ['NAME_NOT_OF_LENGTH', 'description', { ...GIFT, description: 'x'.repeat(2_001) }],
  ['UNITS_NOT_POSITIVE', 'price', { ...GIFT, priceUnits: -1n }],
  ['DAYS_OUT_OF_ORDER', 'claimableUntil', { ...GIFT, claimableUntil: '2025-12-31' }],
  ['STOCK_OUT_OF_RANGE', 'stock', { ...GIFT, stock: 1_000_000_001 }],
  ['FIELD_NOT_OF_KIND', 'discount', { ...GIFT, discountMinor: 1n }],
  ['FIELD_NOT_OF_KIND', 'discount', { ...ACCESS, discountRate: rate(1n, 2n) }],
  ['FIELD_NOT_OF_KIND', 'discount', { ...DISCOUNT, discountMinor: 1n }],
  ['FIELD_NOT_OF_KIND', 'validDays', { ...DISCOUNT, validDays: undefined }],
  ['DISCOUNT_OUT_OF_RANGE', 'discount.amount', { ...DISCOUNT, discountRate: undefined, discountMinor: 0n }],
  ['DISCOUNT_OUT_OF_RANGE', 'discount.rate', { ...DISCOUNT, discountRate: rate(0n) }],
  ['DAYS_OUT_OF_RANGE', 'validDays', { ...ACCESS, validDays: 3_661 }],
])('%s of %s is refused', (code, field, item) => {
  expect(checkItem(item)).toMatchObject({ ok: false, failure: { code, field } });
});

test('one day is good for the day of the claim alone', () => {
  expect([lastDayOf('2026-02-28', 1), lastDayOf('2026-02-28', 2)]).toEqual(['2026-02-28', '2026-03-01']);
});

test.each<[string, boolean]>([
  ['2025-12-31', false],
  ['2026-01-01', true],
  ['2026-01-31', true],
  ['2026-02-01', false],
])('on %s an item of January is offered: %s', (day, offered) => {
  expect(isOffered({ claimableFrom: '2026-01-01', claimableUntil: '2026-01-31' }, day)).toBe(offered);
});
