/** What partners answer while somebody waits, read with care. */
import fc from 'fast-check';
import { availableOf, offersIn, stockIn } from '../../../src/domain/connectors/live.js';
import { readPayout, restAfter } from '../../../src/domain/connectors/payout.js';

describe('offers', () => {
  const only = (item: object) => offersIn([item], [])[0];

  it.each([[{ title: 'no id' }], [{ id: '1' }], [{ id: 'x'.repeat(201), title: 'a' }], [{ id: {}, title: 'a' }]])(
    '%j is none',
    (item) => {
      expect(only(item)).toBeUndefined();
    },
  );

  it.each([
    [{ url: 'https://shop.example/a' }, { url: 'https://shop.example/a' }],
    [{ url: 'javascript:alert(1)' }, { url: null }],
    [{ url: 'http://shop.example/a' }, { url: null }],
    [{ url: `https://shop.example/${'x'.repeat(2_000)}` }, { url: null }],
    [
      { validFrom: '2026-03-01T10:00:00Z', validUntil: '2026-02-30' },
      { validFrom: '2026-03-01', validUntil: null },
    ],
    [{ title: 'x'.repeat(300) }, { title: 'x'.repeat(200) }],
    [{ title: 'half \ud800' }, { title: 'half \ufffd' }],
    [{ description: 5 }, { description: '5' }],
  ])('%j becomes %j', (item, offer) => {
    expect(only({ id: 1, title: 'a', ...item })).toMatchObject(offer);
  });

  it('are 200 at most, whatever the partner sends', () => {
    const many = Array.from({ length: 500 }, (_, id) => ({ id, title: 'a' }));
    expect(offersIn(many, [])).toHaveLength(200);
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (items) => {
        offersIn(items, []);
        stockIn(items, []);
      }),
    );
  });
});

it.each([
  [{ item: 'lamp', available: 3 }, { lamp: 3 }],
  [{ item: 'lamp', available: '3' }, { lamp: 3 }],
  [{ item: 'lamp', available: -3 }, { lamp: 0 }],
  [{ item: 'lamp', available: '99999999999' }, { lamp: 1_000_000_000 }],
  [{ item: 'lamp', available: 2.5 }, {}],
  [{ item: 'lamp', available: 'many' }, {}],
  [{ item: 'lamp' }, {}],
  [{ available: 3 }, {}],
  [null, {}],
])('stock: %j says %j', (item, stock) => {
  expect(stockIn([item], [])).toEqual(stock);
});

it('stock of an item called like a method of objects harms nothing', () => {
  const stock = stockIn([{ item: '__proto__', available: 3 }], []);
  expect(Object.hasOwn(stock, '__proto__')).toBe(true);
  expect(availableOf(stock, '__proto__')).toBe(3);
  expect(availableOf(stock, 'constructor')).toBeUndefined();
});

describe('a payout', () => {
  it.each([
    [
      { key: 'k', status: 'CONFIRMED', reference: 'r' },
      { state: 'CONFIRMED', reference: 'r' },
    ],
    [
      { key: 'k', status: 'FAILED', reason: 'no account' },
      { state: 'FAILED', reason: 'no account' },
    ],
    [{ key: 'k', status: 'PENDING' }, { state: 'PENDING' }],
    [{ key: 'k', status: 'CONFIRMED', reference: 'x'.repeat(300) }, { reference: 'x'.repeat(200) }],
  ])('%j settles it', (answer, read) => {
    expect(readPayout(answer, 'k')).toMatchObject(read);
  });

  it.each([
    [{ key: 'other', status: 'CONFIRMED' }],
    [{ status: 'FAILED' }],
    [{ key: 'k', status: 'confirmed' }],
    [{ key: 'k', status: 'constructor' }],
    [{ key: 'k' }],
    [[]],
    [null],
    ['CONFIRMED'],
  ])('%j says nothing about it', (answer) => {
    expect(readPayout(answer, 'k')).toBeUndefined();
  });

  it('is asked about less and less, and for ever', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1_000].map(restAfter)).toEqual([5, 30, 60, 300, 900, 1_800, 3_600, 3_600]);
  });
});
