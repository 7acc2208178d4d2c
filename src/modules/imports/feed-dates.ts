/** The date column of a feed: day and instant of a purchase, from the ways in which feeds write them. */
import { type BusinessDate, businessDateIn, isBusinessDate } from '../../domain/kernel/calendar.js';
import type { DateFormat } from './mapping-shape.js';

export interface FeedDate {
  readonly businessDate: BusinessDate;
  /** RFC 3339; the first moment of the day where the feed tells the day only. */
  readonly occurredAt: string;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** A day's text to YYYY-MM-DD; what does not fit stays as it is and is no day. */
const REWRITE: Readonly<Record<Exclude<DateFormat, 'RFC3339'>, (text: string) => string>> = {
  'YYYY-MM-DD': (text) => text,
  YYYYMMDD: (text) => text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'),
  'DD/MM/YYYY': (text) => text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1'),
  'MM/DD/YYYY': (text) => text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$1-$2'),
};

export class FeedDates {
  /** Days by their text. There are few days and many rows; bad text is not remembered. */
  private readonly days = new Map<string, FeedDate>();
  private readonly wallClock: Intl.DateTimeFormat;

  constructor(
    private readonly format: DateFormat,
    private readonly timeZone: string,
  ) {
    this.wallClock = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** undefined when the text is not a day (or instant) in the feed's format. */
  read(text: string): FeedDate | undefined {
    if (this.format === 'RFC3339') return this.readInstant(text);
    const known = this.days.get(text);
    if (known !== undefined) return known;
    const businessDate = REWRITE[this.format](text);
    if (!isBusinessDate(businessDate)) return undefined;
    const day = { businessDate, occurredAt: this.startOfDay(businessDate).toISOString() };
    this.days.set(text, day);
    return day;
  }

  private readInstant(text: string): FeedDate | undefined {
    if (!INSTANT.test(text) || !isBusinessDate(text.slice(0, 10))) return undefined;
    const instant = new Date(text);
    if (Number.isNaN(instant.getTime())) return undefined;
    return { businessDate: businessDateIn(instant, this.timeZone), occurredAt: instant.toISOString() };
  }

  /** Local midnight: never later than any other moment of the day, so today's rows are not in the future. */
  private startOfDay(date: BusinessDate): Date {
    const midnight = Date.parse(`${date}T00:00:00Z`);
    const guess = midnight - this.offsetAt(midnight);
    return new Date(midnight - this.offsetAt(guess));
  }

  private offsetAt(instantMs: number): number {
    const part = Object.fromEntries(this.wallClock.formatToParts(instantMs).map(({ type, value }) => [type, value]));
    return Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`) - instantMs;
  }
}
