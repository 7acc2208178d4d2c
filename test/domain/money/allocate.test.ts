import fc from 'fast-check';
import { allocate, allocateWithin } from '../../../src/domain/money/allocate.js';
import { type Rate, rate } from '../../../src/domain/money/rate.js';

const percent = (...values: number[]): Rate[] => values.map((value) => rate(BigInt(value), 100n));
const third = rate(1n, 3n);

test.each([
  ['shares below one', 100n, percent(50, 49)],
  ['shares above one', 100n, percent(50, 51)],
  ['no shares', 100n, []],
  ['a negative amount', -1n, percent(100)],
])('allocate refuses %s', (_, amount, shares) => {
  expect(() => allocate(amount, shares)).toThrow(RangeError);
});

test.each([
  ['nothing', 0n, percent(50, 50), [0n, 0n]],
  ['the joint campaign of the design', 3333n, percent(70, 20, 10), [2333n, 667n, 333n]],
  ['thirds, the first gets the rest', 10000n, [third, third, third], [3334n, 3333n, 3333n]],
  ['one unit to the largest remainder', 1n, percent(20, 50, 30), [0n, 1n, 0n]],
  ['ties in the order given', 1n, percent(50, 50), [1n, 0n]],
  ['45/45/10 of 6', 6n, percent(45, 45, 10), [3n, 3n, 0n]],
  ['45/45/10 of 5', 5n, percent(45, 45, 10), [2n, 2n, 1n]],
  ['a share of zero gets nothing', 7n, percent(0, 100), [0n, 7n]],
  [
    '33.33/33.33/33.34 of 100.00',
    10000n,
    [rate(3333n, 10000n), rate(3333n, 10000n), rate(3334n, 10000n)],
    [3333n, 3333n, 3334n],
  ],
])('allocate splits %s', (_, amount, shares, expected) => {
  expect(allocate(amount, shares)).toEqual(expected);
});

test.each([
  ['45/45/10 of 5 after 3/3/0', 5n, percent(45, 45, 10), [3n, 3n, 0n], [3n, 2n, 0n]],
  ['nothing', 0n, percent(45, 45, 10), [3n, 3n, 0n], [0n, 0n, 0n]],
  ['everything they had', 6n, percent(45, 45, 10), [3n, 3n, 0n], [3n, 3n, 0n]],
  ['to the only one with room', 4n, percent(50, 50), [0n, 4n], [0n, 4n]],
])('allocateWithin keeps %s', (_, amount, shares, limits, expected) => {
  expect(allocateWithin(amount, shares, limits)).toEqual(expected);
});

test('allocateWithin refuses limits that are smaller than the amount', () => {
  expect(() => allocateWithin(7n, percent(50, 50), [3n, 3n])).toThrow(RangeError);
});

/** Weights as shares that sum to one. */
const anyShares = fc
  .array(fc.bigInt(0n, 1000n), { minLength: 1, maxLength: 6 })
  .filter((weights) => weights.some((weight) => weight > 0n))
  .map((weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    return weights.map((weight) => rate(weight, total));
  });
const sum = (parts: readonly bigint[]): bigint => parts.reduce((total, part) => total + part, 0n);

test('parts sum to the amount and are less than one unit from the exact share', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 15n), anyShares, (amount, shares) => {
      const parts = allocate(amount, shares);
      expect(sum(parts)).toBe(amount);
      for (const [index, part] of parts.entries()) {
        const { numerator, denominator } = shares[index] as Rate;
        const error = part * denominator - amount * numerator;
        expect(error > -denominator && error < denominator).toBe(true);
      }
    }),
  );
});

test('a chain of refunds never raises a part and ends with nothing', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 6n),
      anyShares,
      fc.array(fc.bigInt(0n, 10n ** 6n), { maxLength: 5 }),
      (amount, shares, keeps) => {
        let parts = allocate(amount, shares);
        for (const keep of [...keeps, 0n]) {
          const kept = keep % (sum(parts) + 1n);
          const next = allocateWithin(kept, shares, parts);
          expect(sum(next)).toBe(kept);
          for (const [index, part] of next.entries()) {
            expect(part).toBeGreaterThanOrEqual(0n);
            expect(part).toBeLessThanOrEqual(parts[index] as bigint);
          }
          parts = next;
        }
        expect(sum(parts)).toBe(0n);
      },
    ),
  );
});
