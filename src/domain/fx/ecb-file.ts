/**
 * The European Central Bank's reference rates as it publishes them: one row per banking day, one column per currency,
 * the value of one euro. "N/A" where there was none, a comma at the end of every line, no rows for weekends and
 * holidays.
 */
import { type BusinessDate, isBusinessDate } from '../kernel/calendar.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { parseRate, type Rate } from '../money/rate.js';

export interface ReferenceRate {
  readonly currencyCode: string;
  readonly day: BusinessDate;
  /** Major units of the currency for one euro. */
  readonly perEuro: Rate;
}

export type RateFileCode = 'MALFORMED_RATES';

const NONE = new Set(['N/A', '']);
const CURRENCY = /^[A-Z]{3}$/;
const VALUE = /^\d{1,12}(\.\d{1,12})?$/;

/** Every rate of the file, or the first line that is none. */
export function readRates(text: string): Result<readonly ReferenceRate[], RateFileCode> {
  const [header = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const [first, ...columns] = header.split(',').map((cell) => cell.trim());
  const codes = columns.at(-1) === '' ? columns.slice(0, -1) : columns;
  if (first !== 'Date' || codes.length === 0 || codes.some((code) => !CURRENCY.test(code)))
    return fail('MALFORMED_RATES', 'Line 1 has to begin with "Date", followed by codes of currencies.');
  const rates: ReferenceRate[] = [];
  const days = new Set<BusinessDate>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const wrong = (what: string) => fail('MALFORMED_RATES' as const, `Line ${index + 2} ${what}.`);
    const [day = '', ...cells] = line.split(',').map((cell) => cell.trim());
    if (!isBusinessDate(day)) return wrong('does not begin with a day, YYYY-MM-DD');
    if (days.has(day)) return wrong(`repeats the day ${day}`);
    days.add(day);
    if (cells.length < codes.length || cells.slice(codes.length).some((cell) => cell !== ''))
      return wrong(`has ${cells.length} values where the first line has ${codes.length} currencies`);
    for (const [column, currencyCode] of codes.entries()) {
      const cell = cells[column] as string;
      if (NONE.has(cell)) continue;
      const perEuro = VALUE.test(cell) ? parseRate(cell) : undefined;
      if (perEuro === undefined || perEuro.numerator === 0n)
        return wrong(`has "${cell.slice(0, 20)}" for ${currencyCode}`);
      rates.push({ currencyCode, day, perEuro });
    }
  }
  return rates.length === 0 ? fail('MALFORMED_RATES', 'The file has no rate in it.') : ok(rates);
}
