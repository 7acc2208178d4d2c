/** When partners are settled: the cycle of each contract, in days of the programme's time zone. */
import { addDays, type BusinessDate, startOfMonth, weekdayOf } from '../kernel/calendar.js';
import type { SETTLEMENT_CYCLES } from '../partners/settlement-terms.js';

export type Cycle = (typeof SETTLEMENT_CYCLES)[number];

/** The finest first. */
const FINENESS: readonly Cycle[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'ON_DEMAND'];

/** The finest of these: how often windows are cut. */
export const finestCycle = (cycles: readonly Cycle[]): Cycle =>
  FINENESS.find((cycle) => cycles.includes(cycle)) ?? 'ON_DEMAND';

/**
 * First day of the period that `today` lies in; weeks begin on Monday. What lies before it is due. Nothing is ever due
 * by itself on demand: undefined.
 */
export function periodStart(cycle: Cycle, today: BusinessDate): BusinessDate | undefined {
  switch (cycle) {
    case 'DAILY':
      return today;
    case 'WEEKLY':
      return addDays(today, 1 - weekdayOf(today));
    case 'MONTHLY':
      return startOfMonth(today);
    case 'ON_DEMAND':
      return undefined;
  }
}

/** Whether a window that was opened on this day is due in a cycle: its first day lies in a period that is over. */
export function isDue(cycle: Cycle, openedOn: BusinessDate, today: BusinessDate): boolean {
  const start = periodStart(cycle, today);
  return start !== undefined && openedOn < start;
}
