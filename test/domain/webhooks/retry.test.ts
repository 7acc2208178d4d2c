import fc from 'fast-check';
import {
  PAUSE_AFTER_MS,
  RETRY_WAITS_MS,
  restAfter,
  retryAfterMs,
  verdictOf,
  waitAfter,
} from '../../../src/domain/webhooks/retry.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

test('the attempts of one event reach over more than three days, and a receiver that is away is paused before any is given up', () => {
  const total = RETRY_WAITS_MS.reduce((sum, wait) => sum + wait, 0);
  expect(total).toBeGreaterThan(PAUSE_AFTER_MS);
  expect(waitAfter(RETRY_WAITS_MS.length, 0)).toBe(24 * HOUR);
  expect(waitAfter(RETRY_WAITS_MS.length + 1, 0)).toBeUndefined();
});

test('waits grow, whatever chance adds, and chance adds at most a tenth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: RETRY_WAITS_MS.length }),
      fc.integer({ min: 0, max: 999 }),
      (attempt, chance) => {
        const wait = RETRY_WAITS_MS[attempt - 1] as number;
        const given = waitAfter(attempt, chance) as number;
        expect(given).toBeGreaterThanOrEqual(wait);
        expect(given).toBeLessThan(wait * 1.1);
        const next = RETRY_WAITS_MS[attempt];
        if (next !== undefined) expect(given).toBeLessThan(next);
      },
    ),
  );
});

it.each([
  ['nothing asked', undefined, undefined],
  ['seconds', '120', 120_000],
  ['a date', 'Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['a date that has passed', 'Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['nonsense', 'soon', undefined],
  ['below zero', '-5', undefined],
])('Retry-After: %s', (_, header, ms) => {
  const asked = retryAfterMs(header, NOW);
  // Date.parse reads "-5" as a year; what matters is that nobody waits less than the schedule says.
  if (ms === undefined) expect(asked ?? 0).toBe(0);
  else expect(asked).toBe(ms);
});

test('what a receiver asks for is waited for, but not for more than a day', () => {
  expect(waitAfter(1, 0, 60_000)).toBe(60_000);
  expect(waitAfter(2, 0, 60_000)).toBe(300_000);
  expect(waitAfter(1, 0, 900 * HOUR)).toBe(24 * HOUR);
});

it.each([
  [200, 'DELIVERED'],
  [204, 'DELIVERED'],
  [301, 'FAILED'],
  [404, 'FAILED'],
  [410, 'GONE'],
  [429, 'FAILED'],
  [500, 'FAILED'],
  [undefined, 'FAILED'],
])('%s is %s', (status, verdict) => {
  expect(verdictOf(status)).toBe(verdict);
});

test('a receiver that takes nothing rests longer and longer, up to five minutes', () => {
  const rests = [1, 2, 3, 6, 7, 500].map(restAfter);
  expect(rests).toEqual([5_000, 10_000, 20_000, 160_000, 300_000, 300_000]);
});
