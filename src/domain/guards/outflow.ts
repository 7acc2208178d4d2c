/**
 * Guards on units that leave a member: so many a day and a month, and above an amount somebody looks first. Pure;
 * what has left was read under the member's lock.
 */
import { fail, ok, type Result } from '../kernel/result.js';
import type { OutflowLimits } from '../redemption/model.js';

/** What one member has moved out in one way, that which waits for a decision included. Reward steps. */
export interface Outflow {
  readonly todayUnits: bigint;
  readonly monthUnits: bigint;
}

/** Why it waits for somebody to look at it. */
export const HOLD_REASONS = ['LARGE_AMOUNT'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** GO: it may leave at once. */
export type OutflowDecision = 'GO' | { readonly hold: HoldReason };
export type OutflowErrorCode = 'DAY_LIMIT_EXCEEDED' | 'MONTH_LIMIT_EXCEEDED';

/** A limit of 100 a day lets exactly 100 out. Refused before held: what may not leave at all need not be looked at. */
export function decideOutflow(
  units: bigint,
  { todayUnits, monthUnits }: Outflow,
  { perDayUnits, perMonthUnits, holdAboveUnits }: OutflowLimits,
  written: (units: bigint) => string,
): Result<OutflowDecision, OutflowErrorCode> {
  const over = (moved: bigint, limit: bigint | undefined): bigint | undefined =>
    limit === undefined || moved + units <= limit ? undefined : moved < limit ? limit - moved : 0n;
  const today = over(todayUnits, perDayUnits);
  if (today !== undefined)
    return fail('DAY_LIMIT_EXCEEDED', `Today ${written(today)} more may leave; ask for no more, or tomorrow.`, 'units');
  const month = over(monthUnits, perMonthUnits);
  if (month !== undefined) {
    const message = `This month ${written(month)} more may leave; ask for no more, or next month.`;
    return fail('MONTH_LIMIT_EXCEEDED', message, 'units');
  }
  return ok(holdAboveUnits !== undefined && units > holdAboveUnits ? { hold: 'LARGE_AMOUNT' } : 'GO');
}

export type ReviewErrorCode = 'REVIEW_DECIDED' | 'SAME_PERSON';

/** Whether this person may decide on what waits. */
export function decideReview(
  { requestedBy, decision }: { readonly requestedBy: string; readonly decision: string | null },
  subject: string,
): Result<undefined, ReviewErrorCode> {
  if (decision !== null) return fail('REVIEW_DECIDED', `It is ${decision} already; read the queue again.`, 'reviewId');
  if (requestedBy === subject)
    return fail('SAME_PERSON', `${subject} asked for it; somebody else has to decide on it.`, 'reviewId');
  return ok(undefined);
}
