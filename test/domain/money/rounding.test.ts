import fc from 'fast-check';
import { rate } from '../../../src/domain/money/rate.js';
import { applyRate, divideRounded, ROUNDING_MODES } from '../../../src/domain/money/rounding.js';

test.each([
  // [numerator, denominator, TRUNCATE, FLOOR, HALF_UP, HALF_EVEN]
  [5n, 2n, 2n, 2n, 3n, 2n],
  [7n, 2n, 3n, 3n, 4n, 4n],
  [-5n, 2n, -2n, -3n, -3n, -2n],
  [-7n, 2n, -3n, -4n, -4n, -4n],
  [1n, 2n, 0n, 0n, 1n, 0n],
  [-1n, 2n, 0n, -1n, -1n, 0n],
  [1n, 3n, 0n, 0n, 0n, 0n],
  [2n, 3n, 0n, 0n, 1n, 1n],
  [-2n, 3n, 0n, -1n, -1n, -1n],
  [6n, 3n, 2n, 2n, 2n, 2n],
  [0n, 7n, 0n, 0n, 0n, 0n],
])('%s / %s is truncated %s, floored %s, half up %s, half even %s', (numerator, denominator, ...expected) => {
  expect(ROUNDING_MODES.map((mode) => divideRounded(numerator, denominator, mode))).toEqual(expected);
});

test.each([
  // Published case: 1.25 % half up to the cent.
  [500_000n, 'HALF_UP', 6_250n],
  [33n, 'HALF_UP', 0n],
  [20_049n, 'HALF_UP', 251n],
] as const)('1.25 %% of %s minor units, %s, is %s', (amount, mode, expected) => {
  expect(applyRate(amount, rate(1n, 80n), mode)).toBe(expected);
});

test('is never further from the exact quotient than its mode allows', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1n, 10n ** 12n), (numerator, denominator) => {
      const distance = (quotient: bigint) => numerator - quotient * denominator;
      const abs = (value: bigint) => (value < 0n ? -value : value);
      expect(distance(divideRounded(numerator, denominator, 'FLOOR'))).toBeGreaterThanOrEqual(0n);
      expect(distance(divideRounded(numerator, denominator, 'FLOOR'))).toBeLessThan(denominator);
      for (const mode of ['HALF_UP', 'HALF_EVEN'] as const) {
        expect(abs(distance(divideRounded(numerator, denominator, mode))) * 2n).toBeLessThanOrEqual(denominator);
      }
      expect(abs(divideRounded(numerator, denominator, 'TRUNCATE'))).toBe(
        divideRounded(abs(numerator), denominator, 'FLOOR'),
      );
    }),
  );
});
