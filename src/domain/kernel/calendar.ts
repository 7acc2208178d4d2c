/**
 * Business dates: calendar days written YYYY-MM-DD, without a time or a zone.
 *
 * Caps, tiers, contracts and holds count in business dates of the programme's time zone; instants are
 * only turned into dates here. Arithmetic is on UTC midnights, so daylight saving never shifts a day.
 */
export type BusinessDate = string;

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a real calendar day written YYYY-MM-DD (2015-02-29 is not one). */
export const isBusinessDate = (text: string): boolean => PATTERN.test(text) && fromEpochDay(epochDay(text)) === text;

/**
 * Days since 1970-01-01 and back, in whole numbers: every purchase needs several, and parsing a Date costs
 * more than deciding on it. Years run from March, so that the leap day is the last of its year.
 */
function epochDay(date: BusinessDate): number {
  const month = Number(date.slice(5, 7));
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(date.slice(8, 10)) - 1;
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - DAYS_TO_1970;
}

const DAYS_TO_1970 = 719_468;
const DAYS_OF_400_YEARS = 146_097;

function fromEpochDay(day: number): BusinessDate {
  const shifted = day + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_OF_400_YEARS);
  const dayOfEra = shifted - era * DAYS_OF_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`;
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** The day `days` after `date` (before it when negative). */
export const addDays = (date: BusinessDate, days: number): BusinessDate => fromEpochDay(epochDay(date) + days);

/** 1 = Monday ... 7 = Sunday (ISO 8601). */
export const weekdayOf = (date: BusinessDate): number => ((((epochDay(date) + 3) % 7) + 7) % 7) + 1;

/** Days from `a` to `b`; negative when b is before a. */
export const daysBetween = (a: BusinessDate, b: BusinessDate): number => epochDay(b) - epochDay(a);

/** First day of the calendar month. */
export const startOfMonth = (date: BusinessDate): BusinessDate => `${date.slice(0, 7)}-01`;

/** Last day of the calendar month. */
export function endOfMonth(date: BusinessDate): BusinessDate {
  // The 28th and four days are always in the next month.
  return addDays(startOfMonth(addDays(`${date.slice(0, 7)}-28`, 4)), -1);
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

/** What was asked last of each zone: one request asks several times, and the next one in the same second. */
const asked = new Map<string, { readonly second: number; readonly date: BusinessDate }>();

/** The day an instant falls on in an IANA time zone. Throws RangeError for an unknown zone. */
export function businessDateIn(instant: Date, timeZone: string): BusinessDate {
  const second = Math.floor(instant.getTime() / 1_000);
  const known = asked.get(timeZone);
  if (known?.second === second) return known.date;
  const date = formatterFor(timeZone).format(instant);
  asked.set(timeZone, { second, date });
  return date;
}

/** True for an IANA time zone this runtime knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterFor(timeZone);
    return true;
  } catch {
    return false;
  }
}
