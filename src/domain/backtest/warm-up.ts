/**
 * How far back a replay begins, so that tiers, caps and marks stand where they stood when the first purchase
 * that counts was made.
 *
 * Two steps: the periods of the counters that the first day falls into, and before the earliest of those the
 * days by which tiers and marks are decided there. What lies further back can still matter where counters of
 * different lengths are chained (a week's cap cut into by a year's); that is left out, for both sides alike.
 */
import type { Period, ProgrammeTerms, TierLadder } from '../earning/model.js';
import { BEGINNING, periodStart } from '../earning/periods.js';
import { addDays, type BusinessDate } from '../kernel/calendar.js';

/** First day whose purchases have to be replayed for those from `from` on to be decided as they were. */
export function warmUpFrom(from: BusinessDate, versions: readonly ProgrammeTerms[]): BusinessDate {
  const counters = earliest(
    from,
    versions.flatMap((terms) => counterStarts(from, terms)),
  );
  return earliest(
    counters,
    versions.flatMap((terms) => standingStarts(counters, terms)),
  );
}

const earliest = (day: BusinessDate, others: readonly BusinessDate[]): BusinessDate =>
  others.reduce((first, other) => (other < first ? other : first), day);

/** Longest statement cycle: which day a member's begins on is not known here. */
const STATEMENT_DAYS = 31;

const startOf = (per: Period, day: BusinessDate, from?: BusinessDate): BusinessDate =>
  per === 'STATEMENT' ? addDays(day, -STATEMENT_DAYS) : periodStart(per, day, { from });

/** Caps, budgets and rules that accumulate. */
function counterStarts(day: BusinessDate, { caps, rules }: ProgrammeTerms): BusinessDate[] {
  return [
    ...caps.filter(({ per }) => per !== 'TRANSACTION').map(({ per, from }) => startOf(per, day, from)),
    ...rules.flatMap(({ accumulate, when }) => (accumulate === undefined ? [] : [startOf(accumulate, day, when.from)])),
  ];
}

/** Tiers and marks on what the member has done. */
function standingStarts(day: BusinessDate, { tiers, rules }: ProgrammeTerms): BusinessDate[] {
  return [
    ladderStart(day, tiers),
    ...rules.flatMap(({ when }) => (when.reaches === undefined ? [] : [startOf(when.reaches.per, day, when.from)])),
  ];
}

function ladderStart(day: BusinessDate, { levels, metric, window, downgrade }: TierLadder): BusinessDate {
  if (levels.length <= 1) return day;
  // What was earned depends on the tier before, and a tier that is held depends on when it was reached.
  if (metric === 'REWARDS_ACCRUED' || downgrade.to !== 'IMMEDIATE') return BEGINNING;
  return window.kind === 'ROLLING' ? addDays(day, -window.days) : periodStart(window.unit, day);
}
