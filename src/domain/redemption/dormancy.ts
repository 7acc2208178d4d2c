/** The fee of a member who does nothing: 2.99 a month from day 91 takes 5.00 to 2.01 and then to 0.00. */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { consume } from './consume.js';
import { happened, type MemberLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { addMonths } from './months.js';

/** Whether it matters when a member last did something. */
export const looksAtActivity = ({ expiry, dormancy }: RedemptionTerms): boolean =>
  expiry.kind === 'ROLLING' || dormancy !== undefined;

/**
 * The first day after `after` on which a fee is due: the day after `afterDays` days without activity, and the
 * same day of every month from then on. Undefined without a fee or before anything was done.
 */
export function nextFeeDay(
  lastActivityOn: BusinessDate | undefined,
  terms: RedemptionTerms,
  after: BusinessDate,
): BusinessDate | undefined {
  if (terms.dormancy === undefined || lastActivityOn === undefined) return undefined;
  const first = addDays(lastActivityOn, terms.dormancy.afterDays + 1);
  for (let month = 0; ; month += 1) {
    const day = addMonths(first, month);
    if (day > after) return day;
  }
}

/** Takes one fee from the usable lots in consumption order, as far as they go: never below zero. */
export function takeFee(member: MemberLots, terms: RedemptionTerms): MemberLots {
  if (terms.dormancy === undefined) return member;
  const used = consume(member, terms, terms.dormancy.feeUnits, 'spent');
  if (used.moves.length === 0) return member;
  return happened(used.member, { kind: 'FEE', on: member.asOf, moves: used.moves });
}
