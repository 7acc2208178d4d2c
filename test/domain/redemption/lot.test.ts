import type { BusinessDate } from '../../../src/domain/kernel/calendar.js';
import { expiryDay, goneOn, lotState, openLot } from '../../../src/domain/redemption/lot.js';
import type { LotExpiry } from '../../../src/domain/redemption/model.js';
import { addMonths } from '../../../src/domain/redemption/months.js';
import { minusPart, partOf, plainPart } from '../../../src/domain/redemption/part.js';

test.each([
  ['2026-01-15', 1, '2026-02-15'],
  ['2026-01-31', 1, '2026-02-28'],
  ['2024-01-31', 1, '2024-02-29'],
  ['2024-02-29', 12, '2025-02-28'],
  ['2026-12-31', 2, '2027-02-28'],
  ['2026-05-31', 0, '2026-05-31'],
])('%s and %i months is %s', (date, months, expected) => {
  expect(addMonths(date, months)).toBe(expected);
});

const accrued = '2026-01-10';
const available = '2026-01-24';
test.each<[string, LotExpiry, BusinessDate | undefined]>([
  ['never', { kind: 'NEVER' }, undefined],
  ['180 days from becoming available', { kind: 'DAYS', count: 180, from: 'AVAILABLE' }, '2026-07-23'],
  ['180 days from the accrual', { kind: 'DAYS', count: 180, from: 'ACCRUAL' }, '2026-07-09'],
  ['12 months', { kind: 'MONTHS', count: 12, from: 'AVAILABLE' }, '2027-01-24'],
  ['the end of the same month', { kind: 'END_OF_MONTH', count: 0, from: 'AVAILABLE' }, '2026-02-01'],
  ['the end of the third month after', { kind: 'END_OF_MONTH', count: 3, from: 'AVAILABLE' }, '2026-05-01'],
  ['the end of the same year', { kind: 'END_OF_YEAR', count: 0, from: 'ACCRUAL' }, '2027-01-01'],
  ['the end of the next year', { kind: 'END_OF_YEAR', count: 1, from: 'AVAILABLE' }, '2028-01-01'],
  ['rolling, which the lot alone does not tell', { kind: 'ROLLING', days: 365 }, undefined],
])('a lot lives until %s', (_, expiry, expected) => {
  expect(expiryDay(expiry, accrued, available)).toBe(expected);
});

test.each([
  ['day 13', '2026-01-23', 'PENDING'],
  ['day 14', '2026-01-24', 'AVAILABLE'],
  ['day 193', '2026-07-22', 'AVAILABLE'],
  ['day 194', '2026-07-23', 'EXPIRED'],
] as const)('letoile: usable 14 days after, for 180 days: %s', (_, date, expected) => {
  const expiry: LotExpiry = { kind: 'DAYS', count: 180, from: 'AVAILABLE' };
  const lot = openLot({ id: 'a', units: 1n, valueMinor: 1n, accruedOn: accrued, availableOn: available }, expiry);
  expect(lotState(lot, date, expiry, accrued)).toBe(expected);
});

test('a rolling expiry moves with the last activity, and never before the day a lot has of its own', () => {
  const expiry: LotExpiry = { kind: 'ROLLING', days: 365 };
  const lot = openLot({ id: 'a', units: 1n, valueMinor: 1n, accruedOn: accrued }, expiry);
  expect(goneOn(lot, expiry, undefined)).toBe('2027-01-10');
  expect(goneOn(lot, expiry, '2026-06-01')).toBe('2027-06-01');
  expect(goneOn({ ...lot, expiresOn: '2028-01-01' }, expiry, '2026-06-01')).toBe('2028-01-01');
});

test('what is still pending is pending, even when its last day has passed', () => {
  const expiry: LotExpiry = { kind: 'DAYS', count: 5, from: 'ACCRUAL' };
  const lot = openLot({ id: 'a', units: 1n, valueMinor: 1n, accruedOn: accrued, availableOn: available }, expiry);
  expect(lotState(lot, '2026-01-23', expiry, undefined)).toBe('PENDING');
  expect(lotState(lot, available, expiry, undefined)).toBe('EXPIRED');
});

test('values go half-even and cumulatively, the last use takes the rest', () => {
  const whole = plainPart(4n, 10n);
  let left = whole;
  const values: bigint[] = [];
  for (let use = 0; use < 4; use += 1) {
    const part = partOf(whole, left, 1n);
    left = minusPart(left, part);
    values.push(part.valueMinor);
  }
  expect(values).toEqual([2n, 3n, 3n, 2n]);
});

test('no more is used than is left', () => {
  const whole = plainPart(4n, 10n);
  expect(() => partOf(whole, whole, 5n)).toThrow('no more units are used');
});
