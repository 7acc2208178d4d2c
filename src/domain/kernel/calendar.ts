/**
 * Business dates: calendar days written YYYY-MM-DD, without a time or a zone.
 *
 * Caps, tiers, contracts and holds count in business dates of the programme's time zone; instants are
 * only turned into dates here. Arithmetic is on UTC midnights, so daylight saving never shifts a day.
 */
export type BusinessDate = string;

const DAY_MS = 86_400_000;
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a real calendar day written YYYY-MM-DD (2015-02-29 is not one). */
export function isBusinessDate(text: string): boolean {
  if (!PATTERN.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

const epochDay = (date: BusinessDate): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const fromEpochDay = (day: number): BusinessDate => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The day `days` after `date` (before it when negative). */
export const addDays = (date: BusinessDate, days: number): BusinessDate => fromEpochDay(epochDay(date) + days);

/** First day of the calendar month. */
export const startOfMonth = (date: BusinessDate): BusinessDate => `${date.slice(0, 7)}-01`;

/** Last day of the calendar month. */
export function endOfMonth(date: BusinessDate): BusinessDate {
  const next = new Date(`${startOfMonth(date)}T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return fromEpochDay(next.getTime() / DAY_MS - 1);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** The day an instant falls on in an IANA time zone. Throws RangeError for an unknown zone. */
export const businessDateIn = (instant: Date, timeZone: string): BusinessDate => formatterFor(timeZone).format(instant);

/** True for an IANA time zone this runtime knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterFor(timeZone);
    return true;
  } catch {
    return false;
  }
}
