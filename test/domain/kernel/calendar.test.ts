import fc from 'fast-check';
import {
  addDays,
  businessDateIn,
  endOfMonth,
  isBusinessDate,
  isTimeZone,
  startOfMonth,
} from '../../../src/domain/kernel/calendar.js';

test.each([
  '',
  '2026-1-01',
  '2026-01-1',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2026-01-32',
  '2026-02-29',
  '2100-02-29',
  '20260101',
  '2026-01-01T00:00:00Z',
  ' 2026-01-01',
  '2026-01-01\n',
  '02026-01-01',
])('%j is not a business date', (text) => {
  expect(isBusinessDate(text)).toBe(false);
});

test.each(['2026-01-01', '2024-02-29', '2000-02-29', '1999-12-31', '9999-12-31'])('%s is a business date', (text) => {
  expect(isBusinessDate(text)).toBe(true);
});

test('a business date is what the calendar of the language has too', () => {
  const digits = (most: number, length: number) =>
    fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(length, '0'));
  fc.assert(
    fc.property(digits(9_999, 4), digits(19, 2), digits(39, 2), (year, month, day) => {
      const text = `${year}-${month}-${day}`;
      const parsed = new Date(`${text}T00:00:00Z`);
      const isReal = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
      expect(isBusinessDate(text)).toBe(isReal);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['2026-01-01', 0, '2026-01-01'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2024-02-28', 1, '2024-02-29'],
  ['2026-03-01', -1, '2026-02-28'],
  ['2026-01-01', -364, '2025-01-02'],
  // Days around the changes of the clock are days like all others.
  ['2026-03-28', 2, '2026-03-30'],
  ['2026-10-24', 2, '2026-10-26'],
])('addDays(%s, %s) is %s', (date, days, expected) => {
  expect(addDays(date, days)).toBe(expected);
});

test.each([
  ['2026-02-10', '2026-02-01', '2026-02-28'],
  ['2024-02-29', '2024-02-01', '2024-02-29'],
  ['2026-01-31', '2026-01-01', '2026-01-31'],
  ['2026-12-01', '2026-12-01', '2026-12-31'],
])('the month of %s is %s to %s', (date, first, last) => {
  expect(startOfMonth(date)).toBe(first);
  expect(endOfMonth(date)).toBe(last);
});

test.each([
  ['2026-01-31T23:59:59Z', 'UTC', '2026-01-31'],
  ['2026-01-31T23:59:59Z', 'Europe/Moscow', '2026-02-01'],
  ['2026-02-01T01:00:00Z', 'America/Sao_Paulo', '2026-01-31'],
  ['2026-06-30T23:30:00Z', 'Europe/London', '2026-07-01'],
  ['2026-12-31T23:30:00Z', 'Europe/London', '2026-12-31'],
  ['2026-12-31T10:00:00Z', 'Pacific/Kiritimati', '2027-01-01'],
])('%s falls in %s on %s', (instant, zone, expected) => {
  expect(businessDateIn(new Date(instant), zone)).toBe(expected);
});

test('an unknown zone is refused', () => {
  expect(isTimeZone('Europe/Atlantis')).toBe(false);
  expect(isTimeZone('')).toBe(false);
  expect(isTimeZone('Europe/Lisbon')).toBe(true);
  expect(() => businessDateIn(new Date(0), 'Europe/Atlantis')).toThrow(RangeError);
});

test('adding and taking away days comes back, and the order of texts is the order of days', () => {
  const days = fc.integer({ min: -200_000, max: 200_000 });
  fc.assert(
    fc.property(days, days, (a, b) => {
      const [first, second] = [addDays('2026-01-01', a), addDays('2026-01-01', b)];
      expect(addDays(first, -a)).toBe('2026-01-01');
      expect(first < second).toBe(a < b);
      expect(startOfMonth(first) <= first && first <= endOfMonth(first)).toBe(true);
      expect(addDays(endOfMonth(first), 1)).toBe(startOfMonth(addDays(endOfMonth(first), 1)));
    }),
  );
});
