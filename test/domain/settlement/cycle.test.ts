import { finestCycle, isDue, periodStart } from '../../../src/domain/settlement/cycle.js';

// 2026-03-01 is a Sunday.
test.each([
  ['DAILY', '2026-03-01', '2026-03-01'],
  ['WEEKLY', '2026-03-01', '2026-02-23'],
  ['WEEKLY', '2026-03-02', '2026-03-02'],
  ['MONTHLY', '2026-03-01', '2026-03-01'],
  ['MONTHLY', '2026-02-28', '2026-02-01'],
  ['ON_DEMAND', '2026-03-01', undefined],
] as const)('the period of %s that %s lies in begins on %s', (cycle, today, expected) => {
  expect(periodStart(cycle, today)).toBe(expected);
});

test.each([
  // cycle, opened on, today -> due
  ['DAILY', '2026-03-01', '2026-03-01', false],
  ['DAILY', '2026-02-28', '2026-03-01', true],
  ['WEEKLY', '2026-02-23', '2026-03-01', false],
  ['WEEKLY', '2026-03-01', '2026-03-02', true],
  ['MONTHLY', '2026-02-01', '2026-02-28', false],
  ['MONTHLY', '2026-02-28', '2026-03-01', true],
  ['ON_DEMAND', '2020-01-01', '2026-03-01', false],
] as const)('%s: a window of %s on %s is due: %s', (cycle, openedOn, today, expected) => {
  expect(isDue(cycle, openedOn, today)).toBe(expected);
});

test.each([
  [['MONTHLY', 'WEEKLY', 'ON_DEMAND'], 'WEEKLY'],
  [['ON_DEMAND', 'DAILY'], 'DAILY'],
  [['ON_DEMAND'], 'ON_DEMAND'],
  [[], 'ON_DEMAND'],
] as const)('the finest of %j is %s', (cycles, expected) => {
  expect(finestCycle(cycles)).toBe(expected);
});
