/**
 * Which tier a member has earned.
 */
import type { TierLadder, TierLevel } from '../earning/model.js';
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';

/** Highest level whose threshold the kept spend of the window reaches. Minor units; the first level starts at zero. */
export function tierFor(ladder: TierLadder, windowSpendMinor: bigint): TierLevel {
  const reached = ladder.levels.findLast((level) => level.fromMinor <= windowSpendMinor);
  invariant(reached !== undefined, 'a tier ladder starts at zero and spend is never negative');
  return reached;
}

/** First day that counts for a purchase on `date`, which is itself the last one: N rolling days include it. */
export const windowStart = (ladder: TierLadder, date: BusinessDate): BusinessDate =>
  addDays(date, 1 - ladder.rollingDays);
