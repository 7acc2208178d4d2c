import fc from 'fast-check';
import type { DayChange } from '../../../src/domain/earning/books.js';
import { DayBook } from '../../../src/domain/earning/day-book.js';
import { TIER_METRICS } from '../../../src/domain/earning/model.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';

const day = fc.integer({ min: 0, max: 500 }).map((days) => addDays('2025-11-20', days));
const change = fc.record<DayChange>({
  day,
  keptMinor: fc.bigInt({ min: -100n, max: 1_000n }),
  accruedUnits: fc.bigInt({ min: -10n, max: 100n }),
  purchases: fc.integer({ min: -1, max: 1 }),
});

const measure = ({ keptMinor, accruedUnits, purchases }: DayChange) => ({
  KEPT_SPEND: keptMinor,
  REWARDS_ACCRUED: accruedUnits,
  PURCHASES: BigInt(purchases),
});

test('any window is the sum of its days, also right after a change', () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 80 }),
      day,
      day,
      fc.constantFrom(...TIER_METRICS),
      (changes, first, last, metric) => {
        const book = new DayBook();
        const told: DayChange[] = [];
        for (const each of changes) {
          const { day: on, ...metrics } = each;
          book.add(on, metrics);
          told.push(each);
          const wanted = told.reduce(
            (sum, known) => (known.day >= first && known.day <= last ? sum + measure(known)[metric] : sum),
            0n,
          );
          expect(book.sumOf(metric, first, last)).toBe(wanted);
          expect(book.sumOf(metric, first, last)).toBe(wanted);
        }
      },
    ),
  );
});

test('what is put stands in place of what was put before', () => {
  const book = new DayBook();
  for (const keptMinor of [5n, 9n]) book.put('2026-03-01', { keptMinor, accruedUnits: 1n, purchases: 1 });
  expect(book.sumOf('KEPT_SPEND', '2026-01-01', '2026-12-31')).toBe(9n);
  expect(book.sumOf('PURCHASES', '2026-03-01', '2026-03-01')).toBe(1n);
});

test('days that cancel out are no changes', () => {
  const book = new DayBook();
  expect([book.isEmpty, book.changes()]).toEqual([true, []]);
  book.add('2026-03-01', { keptMinor: 5n, accruedUnits: 1n, purchases: 1 });
  book.add('2026-03-02', { keptMinor: 7n, accruedUnits: 0n, purchases: 1 });
  book.add('2026-03-01', { keptMinor: -5n, accruedUnits: -1n, purchases: -1 });
  expect([book.isEmpty, book.changes()]).toEqual([
    false,
    [{ day: '2026-03-02', keptMinor: 7n, accruedUnits: 0n, purchases: 1 }],
  ]);
});
