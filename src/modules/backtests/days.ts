/** Which days a back-test replays: so many months that end with the newest purchase, or days as given. */
import { addDays, type BusinessDate, endOfMonth } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { BacktestErrorCode } from './backtest.errors.js';

export interface AskedDays {
  readonly months?: number | undefined;
  readonly from?: BusinessDate | undefined;
  readonly until?: BusinessDate | undefined;
}

export interface Days {
  readonly from: BusinessDate;
  readonly until: BusinessDate;
}

/** Fifty years: more than any programme has, few enough to count. */
const MOST_MONTHS = 600;

/** Whether it is said once, and readably, which days. */
export function readDays({ months, from, until }: AskedDays): Result<AskedDays, BacktestErrorCode> {
  if ((months === undefined) === (from === undefined))
    return fail('DAYS_MALFORMED', 'Give either a number of months or the first day to replay.', 'months');
  if (months !== undefined && !(Number.isInteger(months) && months >= 1 && months <= MOST_MONTHS))
    return fail('DAYS_MALFORMED', `Give a whole number of months, from 1 to ${MOST_MONTHS}.`, 'months');
  if (from !== undefined && until !== undefined && until < from)
    return fail('DAYS_MALFORMED', `The last day, ${until}, is before the first, ${from}.`, 'until');
  return ok({ months, from, until });
}

/** @param newest the last day of which a purchase is stored */
export function daysOf({ months, from, until }: AskedDays, newest: BusinessDate): Result<Days, BacktestErrorCode> {
  const last = until ?? newest;
  const first = from ?? addDays(monthsBefore(last, months ?? 1), 1);
  if (first > newest)
    return fail('NO_HISTORY', `The newest purchase stored is of ${newest}; begin on that day or before.`, 'from');
  return ok({ from: first, until: last });
}

/** The same day of an earlier month, or the last of that month when it is shorter. The last day stays the last. */
function monthsBefore(day: BusinessDate, months: number): BusinessDate {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - months;
  const month = `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
  const last = endOfMonth(`${month}-01`);
  const same = `${month}-${day.slice(8)}`;
  return day === endOfMonth(day) || same > last ? last : same;
}
