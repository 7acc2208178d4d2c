/**
 * Which tier a member is in: how it rises, how long it is held, and how it falls.
 *
 * With IMMEDIATE the tier is what the window earns, at any moment; nothing is held. With the other policies it
 * rises as soon as the window earns more and is held until a review:
 *
 * - CALENDAR: reached in a period, it is reviewed on the day after that period (and `graceDays` more). The
 *   review goes by the finished period, or by the days of grace since when they earned more. Confirmed, it is held
 *   through the next period in the same way.
 * - ROLLING: reached on a day, it is reviewed `days` (and `graceDays`) after it, by the window that ended with
 *   the day before the review. Confirmed, it is held as if it had been reached that day.
 *
 * A review is the first thing of its day: it sees no purchase of the day itself. Where the earned level is
 * lower it falls to it (EARNED), by one level (ONE_STEP) or not at all (NEVER, which needs no review).
 *
 * A refund lowers the metric on the day of its purchase. With IMMEDIATE the tier follows at once; otherwise the
 * tier that was reached stands until its review, which sees the metric without what was given back. Redeeming
 * is not in the metric and lowers nothing.
 */
import type { TierLadder, TierLevel } from '../earning/model.js';
import { periodEnd, periodStart } from '../earning/periods.js';
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { earnedRank, type MetricIn, type MetricWindow, metricWindow, rankOf } from './qualify.js';

export interface TierStanding {
  /** Code of the level. */
  readonly tier: string;
  /** The day it was reached or fallen to, as far as anybody looked. */
  readonly since: BusinessDate;
  /** First day on which it may fall; absent when it cannot, or when nothing is held. */
  readonly reviewOn?: BusinessDate;
}

/**
 * The standing on `date`, as far as the metric is known: before a purchase of that day for its decision, and
 * once more after it, because a rolling window may have lost its early days when the next one comes.
 *
 * A day before `since` answers a held tier as it is and changes nothing. With IMMEDIATE it answers what its own
 * window earns; that answer's `since` is then before the standing's, and whoever keeps standings keeps the
 * later one (`supersedes`).
 */
export function advanceTier(
  ladder: TierLadder,
  standing: TierStanding | undefined,
  date: BusinessDate,
  metricIn: MetricIn,
): TierStanding {
  // A tier that this version of the programme does not have holds nothing.
  const known = standing === undefined ? undefined : rankOf(ladder, standing.tier);
  if (ladder.downgrade.to === 'IMMEDIATE') {
    const { first, last } = metricWindow(ladder, date);
    const rank = earnedRank(ladder, metricIn(first, last));
    return standing !== undefined && rank === known && standing.reviewOn === undefined
      ? standing
      : { tier: codeAt(ladder, rank), since: standing !== undefined && rank === known ? standing.since : date };
  }
  let held: Held;
  if (standing === undefined || known === undefined) {
    held = { rank: 0, since: date };
  } else {
    if (date < standing.since) return standing;
    held = { rank: known, since: standing.since };
    const reviewOn = canFall(ladder, known) ? (standing.reviewOn ?? reviewAfter(ladder, standing.since)) : undefined;
    if (reviewOn !== undefined) held = passReviews(ladder, { ...held, reviewOn }, date, metricIn);
  }
  const earned = earnedNow(ladder, date, metricIn);
  if (earned > held.rank) held = reach(ladder, earned, date);
  const after = standingOf(ladder, held);
  return standing !== undefined && sameStanding(standing, after) ? standing : after;
}

/** Whether `after` may be kept instead of `before`: it is something else, and not from a time before it. */
export const supersedes = (after: TierStanding, before: TierStanding | undefined): boolean =>
  before === undefined || (after.since >= before.since && !sameStanding(after, before));

const sameStanding = (a: TierStanding, b: TierStanding): boolean =>
  a.tier === b.tier && a.since === b.since && a.reviewOn === b.reviewOn;

/** First day that `advanceTier` and `forecastTier` may ask about on `date` or a later day of the same standing. */
export function historyStart(ladder: TierLadder, standing: TierStanding | undefined, date: BusinessDate): BusinessDate {
  const { window, downgrade } = ladder;
  const { first } = metricWindow(ladder, date);
  if (downgrade.to === 'IMMEDIATE') return first;
  const rank = standing === undefined ? undefined : rankOf(ladder, standing.tier);
  const reviewOn =
    standing === undefined || rank === undefined || !canFall(ladder, rank)
      ? undefined
      : (standing.reviewOn ?? reviewAfter(ladder, standing.since));
  const reviewed = reviewOn === undefined ? first : judgedAt(ladder, reviewOn).first;
  const earned = window.kind === 'ROLLING' ? first : periodStart(window.unit, addDays(first, -1));
  return reviewed < earned ? reviewed : earned;
}

// ------------------------------------------------------------------------------------------------ reviews

/** A tier as its place on the ladder. */
export interface Held {
  readonly rank: number;
  readonly since: BusinessDate;
  readonly reviewOn?: BusinessDate;
}

export const codeAt = (ladder: TierLadder, rank: number): string => (ladder.levels[rank] as TierLevel).code;

const standingOf = (ladder: TierLadder, { rank, ...when }: Held): TierStanding => ({
  tier: codeAt(ladder, rank),
  ...when,
});

/** Whether a review could ever take this level away. */
const canFall = (ladder: TierLadder, rank: number): boolean =>
  ladder.downgrade.to !== 'NEVER' && rank > 0 && (ladder.levels[rank] as TierLevel).from > 0n;

const reach = (ladder: TierLadder, rank: number, date: BusinessDate): Held => ({
  rank,
  since: date,
  ...(canFall(ladder, rank) && { reviewOn: reviewAfter(ladder, date) }),
});

/** The review of what was reached, confirmed or fallen to on `date`. */
function reviewAfter({ window, downgrade }: TierLadder, date: BusinessDate): BusinessDate {
  const end = window.kind === 'ROLLING' ? addDays(date, window.days - 1) : periodEnd(window.unit, date);
  return addDays(end, 1 + downgrade.graceDays);
}

/** The window that a review goes by. */
export function judgedAt({ window, downgrade }: TierLadder, reviewOn: BusinessDate): MetricWindow {
  if (window.kind === 'ROLLING') return { first: addDays(reviewOn, -window.days), last: addDays(reviewOn, -1) };
  const within = addDays(reviewOn, -1 - downgrade.graceDays);
  return { first: periodStart(window.unit, within), last: periodEnd(window.unit, within) };
}

/** The days of grace that also count, when there are any: those after the period that is judged. */
export function graceAt(ladder: TierLadder, reviewOn: BusinessDate): MetricWindow | undefined {
  if (ladder.window.kind === 'ROLLING') return undefined;
  const first = addDays(judgedAt(ladder, reviewOn).last, 1);
  const last = addDays(reviewOn, -1);
  const end = periodEnd(ladder.window.unit, first);
  return first > last ? undefined : { first, last: last < end ? last : end };
}

/** The review after this one, whatever it decided. */
function reviewBeyond(ladder: TierLadder, reviewOn: BusinessDate): BusinessDate {
  return reviewAfter(ladder, ladder.window.kind === 'ROLLING' ? reviewOn : addDays(judgedAt(ladder, reviewOn).last, 1));
}

/** Where the review on `held.reviewOn` leaves the member. */
export function review(ladder: TierLadder, held: Held & { readonly reviewOn: BusinessDate }, metricIn: MetricIn): Held {
  const { reviewOn } = held;
  const judged = judgedAt(ladder, reviewOn);
  const grace = graceAt(ladder, reviewOn);
  const finished = earnedRank(ladder, metricIn(judged.first, judged.last));
  const earned = Math.max(finished, grace === undefined ? 0 : earnedRank(ladder, metricIn(grace.first, grace.last)));
  const lowest = ladder.downgrade.to === 'ONE_STEP' ? Math.max(earned, held.rank - 1) : earned;
  return {
    rank: lowest,
    since: lowest === held.rank ? held.since : reviewOn,
    ...(canFall(ladder, lowest) && { reviewOn: reviewBeyond(ladder, reviewOn) }),
  };
}

const isHeld = (held: Held): held is Held & { readonly reviewOn: BusinessDate } => held.reviewOn !== undefined;

function passReviews(ladder: TierLadder, from: Held, date: BusinessDate, metricIn: MetricIn): Held {
  let held = from;
  while (isHeld(held) && held.reviewOn <= date) held = review(ladder, held, metricIn);
  return held;
}

/** What is earned on `date`: by its window, and of calendar periods also by the one before, whose tier is still held. */
function earnedNow(ladder: TierLadder, date: BusinessDate, metricIn: MetricIn): number {
  const { first, last } = metricWindow(ladder, date);
  const now = earnedRank(ladder, metricIn(first, last));
  if (ladder.window.kind === 'ROLLING') return now;
  const before = addDays(first, -1);
  return Math.max(now, earnedRank(ladder, metricIn(periodStart(ladder.window.unit, before), before)));
}
