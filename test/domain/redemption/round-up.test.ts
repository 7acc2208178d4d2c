import fc from 'fast-check';
import { rate } from '../../../src/domain/money/rate.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { spareChange, unitsOfChange } from '../../../src/domain/redemption/round-up.js';

const worth = (numerator: bigint, denominator = 1n) =>
  ({ priceMinor: rate(numerator, denominator) }) as RedemptionTerms;

test.each<[bigint[], bigint, bigint]>([
  [[], 100n, 0n],
  [[1_230n], 100n, 70n],
  [[1_200n], 100n, 0n],
  [[1_201n, 1_299n], 100n, 100n],
  [[1_230n], 500n, 270n],
])('the change of %p rounded up to %p is %p', (amounts, step, change) => {
  expect(spareChange(amounts, step)).toBe(change);
});

test.each<[bigint, RedemptionTerms, bigint, bigint]>([
  [70n, worth(1n), 70n, 0n],
  [70n, worth(50n), 1n, 20n],
  [70n, worth(0n), 0n, 0n],
  [7n, worth(1n, 3n), 21n, 0n],
])('%p minor units of change are %# units and a rest', (change, terms, units, restMinor) => {
  expect(unitsOfChange(change, terms)).toEqual({ units, restMinor });
});

test('a purchase and its change are a multiple of the step, and units with the rest are never more than the change', () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 10n ** 9n),
      fc.bigInt(1n, 10_000n),
      fc.bigInt(1n, 99n),
      fc.bigInt(1n, 99n),
      (amount, step, n, d) => {
        const change = spareChange([amount], step);
        expect((amount + change) % step).toBe(0n);
        expect(change >= 0n && change < step).toBe(true);
        const { units, restMinor } = unitsOfChange(change, worth(n, d));
        expect(restMinor >= 0n && (units * n) / d + restMinor === change).toBe(true);
      },
    ),
  );
});
