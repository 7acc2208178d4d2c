/**
 * What a member's tier will do: how long it is assured, what keeps it and what reaches the next one.
 *
 * "3,200 more by 31 March keeps Gold", "1,050 more reaches Mate". It supposes that nothing else happens: no
 * purchase that the metric does not know yet, and no refund.
 */
import type { TierLadder, TierLevel } from '../earning/model.js';
import { periodEnd } from '../earning/periods.js';
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { type MetricIn, metricWindow, rankOf } from './qualify.js';
import { advanceTier, codeAt, graceAt, type Held, judgedAt, review, type TierStanding } from './standing.js';

export interface TierForecast {
  /** The standing on the day itself. */
  readonly standing: TierStanding;
  readonly tier: string;
  /** Last day on which the tier is sure as things stand; absent when nothing in sight takes it away. */
  readonly heldUntil?: BusinessDate;
  /** The level above. */
  readonly next?: TierGoal;
  /** What keeps this one beyond `heldUntil`. */
  readonly keep?: TierGoal;
}

/** `missing` more of the metric, earned on days from `from` to `by`, makes or keeps `level`. */
export interface TierGoal {
  /** Code of the level. */
  readonly level: string;
  /** In the metric's own measure, > 0. */
  readonly missing: bigint;
  readonly from: BusinessDate;
  readonly by: BusinessDate;
}

export function forecastTier(
  ladder: TierLadder,
  before: TierStanding | undefined,
  date: BusinessDate,
  metricIn: MetricIn,
): TierForecast {
  // What is to come is nothing, whatever the caller's history says about it.
  const known: MetricIn = (first, last) => (first > date ? 0n : metricIn(first, last < date ? last : date));
  const standing = advanceTier(ladder, before, date, known);
  const rank = rankOf(ladder, standing.tier) as number;
  const next = nextGoal(ladder, rank, date, known);
  return {
    standing,
    tier: standing.tier,
    ...(next && { next }),
    ...(ladder.downgrade.to === 'IMMEDIATE'
      ? whileEarned(ladder, rank, date, known)
      : whileHeld(ladder, rank, standing, date, known)),
  };
}

function nextGoal(ladder: TierLadder, rank: number, date: BusinessDate, known: MetricIn): TierGoal | undefined {
  const level = ladder.levels[rank + 1];
  if (level === undefined) return undefined;
  const { first } = metricWindow(ladder, date);
  const metric = known(first, date);
  const by =
    ladder.window.kind === 'CALENDAR'
      ? periodEnd(ladder.window.unit, date)
      : lastDayWith(ladder.window.days, date, known, metric);
  return { level: level.code, missing: level.from - metric, from: date, by };
}

/**
 * The last day whose window of `days` still has `metric` of what is known on `date`: after it the window's early
 * days have left. Halves the days in between, as the metric of what is known only shrinks.
 */
function lastDayWith(days: number, date: BusinessDate, known: MetricIn, metric: bigint): BusinessDate {
  let sure = 0;
  let beyond = days;
  while (beyond - sure > 1) {
    const middle = Math.floor((sure + beyond) / 2);
    if (known(addDays(date, middle + 1 - days), date) >= metric) sure = middle;
    else beyond = middle;
  }
  return addDays(date, sure);
}

type Keeping = Pick<TierForecast, 'heldUntil' | 'keep'>;

/** IMMEDIATE: the tier lasts while its window earns it. A calendar period begins at zero, so nothing keeps it then. */
function whileEarned(ladder: TierLadder, rank: number, date: BusinessDate, known: MetricIn): Keeping {
  const level = ladder.levels[rank] as TierLevel;
  if (level.from <= 0n) return {};
  if (ladder.window.kind === 'CALENDAR') return { heldUntil: periodEnd(ladder.window.unit, date) };
  const heldUntil = lastDayWith(ladder.window.days, date, known, level.from);
  // What is missing on the day after must be there before that day begins, and its window must still see it.
  const first = addDays(heldUntil, 2 - ladder.window.days);
  const from = first > date ? first : date;
  if (from > heldUntil) return { heldUntil };
  return { heldUntil, keep: { level: level.code, missing: level.from - known(first, date), from, by: heldUntil } };
}

/** Held: passes the reviews to come until one takes the tier away. */
function whileHeld(
  ladder: TierLadder,
  rank: number,
  { since, reviewOn }: TierStanding,
  date: BusinessDate,
  known: MetricIn,
): Keeping {
  let held: Held = { rank, since, ...(reviewOn !== undefined && { reviewOn }) };
  while (held.reviewOn !== undefined) {
    const day = held.reviewOn;
    const after = review(ladder, { ...held, reviewOn: day }, known);
    if (after.rank < rank) {
      return { heldUntil: addDays(day, -1), keep: keepGoal(ladder, rank, day, date, known) };
    }
    held = after;
  }
  return {};
}

/** What the review on `day` would have to find: in the period it judges, or after it in the days of grace. */
function keepGoal(ladder: TierLadder, rank: number, day: BusinessDate, date: BusinessDate, known: MetricIn): TierGoal {
  const judged = judgedAt(ladder, day);
  const grace = graceAt(ladder, day);
  const { first, last } = judged.last < date && grace !== undefined ? grace : judged;
  const { from } = ladder.levels[rank] as TierLevel;
  return {
    level: codeAt(ladder, rank),
    missing: from - known(first, last),
    from: first > date ? first : date,
    by: last,
  };
}
