import fc from 'fast-check';
import {
  checkBasket,
  checkReturn,
  type NamedLine,
  proRata,
  scaleLines,
  withoutLines,
} from '../../../src/domain/transactions/basket.js';

const line = (amountMinor: bigint, more: Partial<NamedLine> = {}): NamedLine => ({
  kind: 'GOODS',
  amountMinor,
  quantity: 1,
  tags: [],
  ...more,
});

describe('a basket is refused by the first thing that is wrong with it', () => {
  const cases: readonly [string, readonly NamedLine[], bigint, string | undefined][] = [
    ['no line', [], 100n, 'TOO_MANY_LINES'],
    ['201 lines', Array.from({ length: 201 }, () => line(1n)), 201n, 'TOO_MANY_LINES'],
    ['200 lines', Array.from({ length: 200 }, () => line(1n)), 200n, undefined],
    ['a line of nothing', [line(100n), line(0n)], 100n, 'MALFORMED_LINE'],
    ['half an item', [line(100n, { quantity: 0.5 })], 100n, 'MALFORMED_LINE'],
    ['a tag in capitals', [line(100n, { tags: ['Eco'] })], 100n, 'MALFORMED_LINE'],
    ['one reference twice', [line(50n, { reference: 'a' }), line(50n, { reference: 'a' })], 100n, 'MALFORMED_LINE'],
    ['goods that are less than the amount', [line(99n)], 100n, 'BASKET_DOES_NOT_ADD_UP'],
    [
      'freight, fee and tax are part of the amount',
      [line(60n), line(20n, { kind: 'FREIGHT' }), line(20n, { kind: 'TAX' })],
      100n,
      undefined,
    ],
    ['a discount is not taken off the amount', [line(100n), line(20n, { kind: 'DISCOUNT' })], 100n, undefined],
    [
      'a discount of more than everything',
      [line(100n), line(101n, { kind: 'DISCOUNT' })],
      100n,
      'BASKET_DOES_NOT_ADD_UP',
    ],
  ];
  test.each(cases)('%s', (_name, lines, amount, code) => {
    const checked = checkBasket(lines, amount);
    expect(checked.ok ? undefined : checked.failure.code).toBe(code);
  });
});

describe('what goes back is there', () => {
  const left = [line(100n, { reference: 'a' }), line(50n)];
  const cases: readonly [
    string,
    Parameters<typeof checkReturn>[0],
    readonly NamedLine[] | undefined,
    string | undefined,
  ][] = [
    ['a part of a line', [{ reference: 'a', amountMinor: 40n }], left, undefined],
    ['a line that is not there', [{ reference: 'b', amountMinor: 40n }], left, 'UNKNOWN_LINE'],
    ['a purchase without lines', [{ reference: 'a', amountMinor: 40n }], undefined, 'UNKNOWN_LINE'],
    ['more than the line', [{ reference: 'a', amountMinor: 101n }], left, 'REFUND_LARGER_THAN_PURCHASE'],
  ];
  test.each(cases)('%s', (_name, returned, lines, code) => {
    const checked = checkReturn(returned, lines);
    expect(checked.ok ? undefined : checked.failure.code).toBe(code);
  });
});

describe('what is left of a basket', () => {
  const basket = [
    line(6_000n, { quantity: 3, reference: 'shirts' }),
    line(3_000n, { tags: ['eco'], reference: 'soap' }),
    line(1_000n, { kind: 'FREIGHT' }),
    line(2_000n, { kind: 'DISCOUNT' }),
  ];
  const shape = (lines: readonly NamedLine[]) =>
    lines.map(({ kind, amountMinor, quantity }) => [kind, amountMinor, quantity]);

  test('shrinks alike when nobody says of what; an item has gone when all of its price has', () => {
    expect(shape(scaleLines(basket, 5_000n))).toEqual([
      ['GOODS', 3_000n, 2],
      ['GOODS', 1_500n, 1],
      ['FREIGHT', 500n, 1],
      ['DISCOUNT', 1_000n, 1],
    ]);
    expect(shape(scaleLines(basket, 9_999n))[0]).toEqual(['GOODS', 5_999n, 3]);
    expect(scaleLines(basket, 0n)).toEqual([]);
  });

  test('is without the lines that went back, and without their part of the discount', () => {
    const kept = withoutLines(basket, [{ reference: 'shirts', amountMinor: 4_000n }], 6_000n);
    expect(shape(kept)).toEqual([
      ['GOODS', 2_000n, 1],
      ['GOODS', 3_000n, 1],
      ['FREIGHT', 1_000n, 1],
      ['DISCOUNT', 1_200n, 1],
    ]);
    const gone = withoutLines(basket, [{ reference: 'soap', amountMinor: 3_000n }], 7_000n);
    expect(gone.some(({ tags }) => tags.includes('eco'))).toBe(false);
  });

  test('adds up to what is kept, whatever goes back', () => {
    const lines = fc.array(
      fc.record({
        kind: fc.constantFrom('GOODS', 'FREIGHT', 'TAX', 'DISCOUNT' as const),
        amountMinor: fc.bigInt(1n, 5_000n),
        quantity: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, fc.nat(1_000), fc.nat(7), (random, share, named) => {
        const all = random.map((one, index): NamedLine => line(one.amountMinor, { ...one, reference: `l${index}` }));
        const sold = all.filter(({ kind }) => kind !== 'DISCOUNT');
        const total = sold.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
        const kept = (total * BigInt(share)) / 1_000n;
        const returned = [{ reference: `l${named}`, amountMinor: total - kept }];
        for (const left of [scaleLines(all, kept), withoutLines(all, returned, kept)]) {
          const goods = left.filter(({ kind }) => kind !== 'DISCOUNT');
          expect(goods.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(kept);
          expect(left.every(({ amountMinor, quantity }) => amountMinor > 0n && quantity >= 1)).toBe(true);
          for (const one of left) {
            const before = all.find(({ reference }) => reference === one.reference);
            expect(one.amountMinor <= (before?.amountMinor ?? 0n)).toBe(true);
            expect(one.quantity <= (before?.quantity ?? 0)).toBe(true);
          }
        }
      }),
    );
  });

  test('pro rata hands the remainder to the largest parts, then in order', () => {
    expect(proRata(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(proRata(100n, [3_333n, 3_333n, 3_334n])).toEqual([33n, 33n, 34n]);
    expect(proRata(0n, [])).toEqual([]);
  });
});
