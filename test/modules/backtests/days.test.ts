import { type AskedDays, daysOf, readDays } from '../../../src/modules/backtests/days.js';

test.each<[AskedDays, newest: string, from: string, until: string]>([
  [{ months: 1 }, '2026-03-31', '2026-03-01', '2026-03-31'],
  [{ months: 1 }, '2026-02-28', '2026-02-01', '2026-02-28'],
  [{ months: 2 }, '2026-03-15', '2026-01-16', '2026-03-15'],
  [{ months: 1 }, '2026-03-30', '2026-03-01', '2026-03-30'],
  [{ months: 12 }, '2026-01-10', '2025-01-11', '2026-01-10'],
  [{ months: 13 }, '2024-02-29', '2023-02-01', '2024-02-29'],
  [{ months: 1, until: '2026-01-31' }, '2026-03-15', '2026-01-01', '2026-01-31'],
  [{ from: '2026-01-05' }, '2026-03-15', '2026-01-05', '2026-03-15'],
  [{ from: '2026-01-05', until: '2026-12-31' }, '2026-03-15', '2026-01-05', '2026-12-31'],
])('%j with %s as the newest day', (asked, newest, from, until) => {
  expect(readDays(asked).ok).toBe(true);
  expect(daysOf(asked, newest)).toEqual({ ok: true, value: { from, until } });
});
