/** Calendar months after a day, as lots and fees count them. */
import { type BusinessDate, daysBetween, endOfMonth } from '../kernel/calendar.js';

/**
 * The same day of the month `months` (>= 0) later, or that month's last day when it has none: 31 January and a
 * month is 28 February, as in PostgreSQL's interval arithmetic, so that SQL and kernel agree.
 */
export function addMonths(date: BusinessDate, months: number): BusinessDate {
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const month = `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
  const wanted = `${month}-${date.slice(8)}`;
  const last = endOfMonth(`${month}-01`);
  return wanted < last ? wanted : last;
}

/** First day of the calendar year `years` (>= 0) after the day's own. */
export const startOfYearAfter = (date: BusinessDate, years: number): BusinessDate =>
  `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}-01-01`;

/** The later of two days; the other one when one is missing. */
export const later = (a: BusinessDate | undefined, b: BusinessDate): BusinessDate =>
  a === undefined || daysBetween(a, b) > 0 ? b : a;
