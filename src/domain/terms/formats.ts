/**
 * Numbers, money, shares and days as a language writes them, and exactly: every value goes to Intl as decimal
 * text made from integers, never through floating point.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { formatDecimal } from '../money/decimal.js';
import { type Rate, rate } from '../money/rate.js';
import { type Language, localeOf } from './catalogue.js';

/** A fraction with more decimals than this is written n/d. */
const MOST_DECIMALS = 12;
/** Any Monday: weekdays are named by days that fall on them. */
const A_MONDAY = 5;

export class Formats {
  private readonly locale: string;
  // Making a formatter costs far more than using it.
  private readonly numbers = new Map<string, Intl.NumberFormat>();
  private readonly days = new Map<string, Intl.DateTimeFormat>();
  private readonly lists: Intl.ListFormat;

  constructor(language: Language) {
    this.locale = localeOf(language);
    this.lists = new Intl.ListFormat(this.locale, { type: 'conjunction' });
  }

  /** 1234 -> "1,234". */
  integer(value: bigint | number): string {
    return this.number(String(value), {});
  }

  /** 1230n at scale 2 -> "12.30", 1200n -> "12". */
  decimal(value: bigint, scale: number): string {
    return this.number(formatDecimal(value, scale), { minimumFractionDigits: scale });
  }

  /** Minor units in the currency's own signs. */
  money(minor: bigint, currencyCode: string, scale: number): string {
    return this.number(formatDecimal(minor, scale), { ...currency(currencyCode), minimumFractionDigits: scale });
  }

  /** An exact amount of money in major units; more decimals than the currency has where it needs them. */
  price(value: Rate, currencyCode: string, scale: number): string {
    const text = decimalText(value);
    if (text === undefined)
      return `${this.integer(value.numerator)}/${this.integer(value.denominator)} ${currencyCode}`;
    return this.number(text, { ...currency(currencyCode), minimumFractionDigits: scale });
  }

  /** 1/20 -> "5%"; a fraction that no percentage writes exactly stays "1/3". */
  share(value: Rate): string {
    const text = decimalText(value);
    return text === undefined ? this.fraction(value) : this.number(text, { style: 'percent' });
  }

  /** 5/2 -> "2.5". */
  factor(value: Rate): string {
    const text = decimalText(value);
    return text === undefined ? this.fraction(value) : this.number(text, {});
  }

  /** "1 January 2026". */
  date(date: BusinessDate): string {
    return this.day(date, { day: 'numeric', month: 'long', year: 'numeric' });
  }

  /** "29 February". */
  dayOfYear(month: number, day: number): string {
    const text = `2024-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    return this.day(text, { day: 'numeric', month: 'long' });
  }

  /** 1 = Monday ... 7 = Sunday. */
  weekday(weekday: number): string {
    return this.day(`2026-01-${String(A_MONDAY + weekday - 1).padStart(2, '0')}`, { weekday: 'long' });
  }

  /** "a, b and c". */
  list(items: readonly string[]): string {
    return this.lists.format(items);
  }

  private fraction({ numerator, denominator }: Rate): string {
    return `${this.integer(numerator)}/${this.integer(denominator)}`;
  }

  private number(text: string, options: Intl.NumberFormatOptions): string {
    const formatter = remembered(
      this.numbers,
      options,
      () =>
        new Intl.NumberFormat(this.locale, {
          maximumFractionDigits: MOST_DECIMALS + 2,
          trailingZeroDisplay: 'stripIfInteger',
          ...options,
        }),
    );
    // Intl takes decimal text of any length as it stands (ECMA-402, "mathematical value").
    return formatter.format(text as Intl.StringNumericLiteral);
  }

  private day(date: BusinessDate, options: Intl.DateTimeFormatOptions): string {
    const formatter = remembered(
      this.days,
      options,
      () => new Intl.DateTimeFormat(this.locale, { ...options, timeZone: 'UTC' }),
    );
    const parts = formatter.formatToParts(new Date(`${date}T00:00:00Z`));
    // Russian ends a date with "г.", which would meet the full stop of the sentence.
    const last = parts.findLastIndex(({ type }) => type !== 'literal');
    return parts
      .slice(0, last + 1)
      .map(({ value }) => value)
      .join('');
  }
}

function remembered<Formatter>(known: Map<string, Formatter>, options: object, make: () => Formatter): Formatter {
  const key = JSON.stringify(options);
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

const currency = (code: string): Intl.NumberFormatOptions => ({ style: 'currency', currency: code });

/** The rational as finite decimal text, or undefined when it has none of a readable length. */
function decimalText(value: Rate): string | undefined {
  const exact = rate(value.numerator, value.denominator);
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals += 1) {
    const scaled = exact.numerator * 10n ** BigInt(decimals);
    if (scaled % exact.denominator === 0n) return formatDecimal(scaled / exact.denominator, decimals);
  }
  return undefined;
}
