/**
 * A member's days, each with what it adds to the metrics of tiers, and their sum over any window of days.
 *
 * A replay asks for a year's window three times per purchase, so whole months are summed once and kept.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { DayChange, DayMetrics } from './books.js';
import type { TierLadder } from './model.js';

type Sum = { -readonly [Key in keyof DayMetrics]: DayMetrics[Key] };

interface Month {
  readonly total: Sum;
  readonly days: Map<BusinessDate, Sum>;
}

const LENGTH_OF_MONTH = 7; // "2026-03"

export class DayBook {
  private readonly months = new Map<string, Month>();
  /** The window that was asked for last, until something changes. */
  private asked: { metric: TierLadder['metric']; first: BusinessDate; last: BusinessDate; sum: bigint } | undefined;

  get isEmpty(): boolean {
    return this.months.size === 0;
  }

  /** What is known of a day, in place of what was. */
  put(day: BusinessDate, metrics: DayMetrics): void {
    const known = this.months.get(day.slice(0, LENGTH_OF_MONTH))?.days.get(day);
    if (known !== undefined) {
      const { keptMinor, accruedUnits, purchases } = known;
      this.add(day, { keptMinor: -keptMinor, accruedUnits: -accruedUnits, purchases: -purchases });
    }
    this.add(day, metrics);
  }

  add(day: BusinessDate, change: DayMetrics): void {
    this.asked = undefined;
    const key = day.slice(0, LENGTH_OF_MONTH);
    let month = this.months.get(key);
    if (month === undefined) {
      month = { total: { keptMinor: 0n, accruedUnits: 0n, purchases: 0 }, days: new Map() };
      this.months.set(key, month);
    }
    increase(month.total, change);
    const known = month.days.get(day);
    if (known === undefined) month.days.set(day, { ...change });
    else increase(known, change);
  }

  /** Both days inclusive. */
  sumOf(metric: TierLadder['metric'], first: BusinessDate, last: BusinessDate): bigint {
    if (this.months.size === 0) return 0n;
    const { asked } = this;
    if (asked?.first === first && asked.last === last && asked.metric === metric) return asked.sum;
    const [firstMonth, lastMonth] = [first.slice(0, LENGTH_OF_MONTH), last.slice(0, LENGTH_OF_MONTH)];
    let sum = 0n;
    for (const [key, { total, days }] of this.months) {
      if (key < firstMonth || key > lastMonth) continue;
      if (key > firstMonth && key < lastMonth) sum += measured(metric, total);
      else for (const [day, metrics] of days) if (day >= first && day <= last) sum += measured(metric, metrics);
    }
    this.asked = { metric, first, last, sum };
    return sum;
  }

  /** Days that do not cancel out, month by month. */
  changes(): DayChange[] {
    return [...this.months.values()].flatMap(({ days }) =>
      [...days].flatMap(([day, metrics]) => (isNothing(metrics) ? [] : [{ day, ...metrics }])),
    );
  }
}

function increase(sum: Sum, { keptMinor, accruedUnits, purchases }: DayMetrics): void {
  sum.keptMinor += keptMinor;
  sum.accruedUnits += accruedUnits;
  sum.purchases += purchases;
}

const isNothing = ({ keptMinor, accruedUnits, purchases }: DayMetrics): boolean =>
  keptMinor === 0n && accruedUnits === 0n && purchases === 0;

const measured = (metric: TierLadder['metric'], { keptMinor, accruedUnits, purchases }: DayMetrics): bigint =>
  metric === 'KEPT_SPEND' ? keptMinor : metric === 'REWARDS_ACCRUED' ? accruedUnits : BigInt(purchases);
