/**
 * Periods of caps, choices, tiers and marks: the first and the last day of the one a day falls into.
 */
import { addDays, type BusinessDate, startOfMonth, weekdayOf } from '../kernel/calendar.js';
import type { Period } from './model.js';

/** What some periods need to know: the day of the month a statement cycle begins (1 to 28), a campaign's first day. */
export interface PeriodMarks {
  readonly statementDay?: number | undefined;
  readonly from?: BusinessDate | undefined;
}

/** First day of everything: of a lifetime, and of a campaign without a first day. */
export const BEGINNING: BusinessDate = '0001-01-01';
const END: BusinessDate = '9999-12-31';

/** First day of the period that `date` falls into; of a TRANSACTION the day itself. */
export function periodStart(per: Period, date: BusinessDate, marks: PeriodMarks = {}): BusinessDate {
  switch (per) {
    case 'TRANSACTION':
    case 'DAY':
      return date;
    case 'WEEK':
      return addDays(date, 1 - weekdayOf(date));
    case 'MONTH':
      return startOfMonth(date);
    case 'QUARTER':
      return `${date.slice(0, 5)}${FIRST_MONTH_OF_QUARTER[Number(date.slice(5, 7)) - 1]}-01`;
    case 'YEAR':
      return `${date.slice(0, 4)}-01-01`;
    case 'STATEMENT':
      return statementStart(date, marks.statementDay ?? 1);
    case 'CAMPAIGN':
      return marks.from ?? BEGINNING;
    case 'LIFETIME':
      return BEGINNING;
  }
}

const FIRST_MONTH_OF_QUARTER = ['01', '01', '01', '04', '04', '04', '07', '07', '07', '10', '10', '10'];

function statementStart(date: BusinessDate, day: number): BusinessDate {
  const inThisMonth = `${date.slice(0, 8)}${String(day).padStart(2, '0')}`;
  if (inThisMonth <= date) return inThisMonth;
  const lastMonth = startOfMonth(addDays(startOfMonth(date), -1));
  return `${lastMonth.slice(0, 8)}${String(day).padStart(2, '0')}`;
}

/** Days that are surely in the next period, counted from the first day of one. */
const INTO_THE_NEXT: Partial<Record<Period, number>> = {
  DAY: 1,
  TRANSACTION: 1,
  WEEK: 7,
  MONTH: 31,
  QUARTER: 92,
  YEAR: 366,
  STATEMENT: 31,
};

/** Last day of the period that `date` falls into; the end of time for a lifetime or a campaign. */
export function periodEnd(per: Period, date: BusinessDate, marks: PeriodMarks = {}): BusinessDate {
  const days = INTO_THE_NEXT[per];
  return days === undefined ? END : addDays(periodStart(per, addDays(periodStart(per, date, marks), days), marks), -1);
}
