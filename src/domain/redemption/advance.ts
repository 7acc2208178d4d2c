/** Days passing: lots become available and repay debts, lots expire, fees fall due, a programme ends. */
import type { BusinessDate } from '../kernel/calendar.js';
import { repay } from './debts.js';
import { nextFeeDay, takeFee } from './dormancy.js';
import { expire, nextLotDay } from './expire.js';
import type { MemberLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { writeOff, writeOffDay } from './wind-down.js';

/**
 * The member's lots at the end of what happens by itself on and before `date`, day after day. In parts or at
 * once, and twice, is the same; a day that has already passed changes nothing.
 */
export function advance(member: MemberLots, date: BusinessDate, terms: RedemptionTerms): MemberLots {
  let now = member;
  for (let day = nextDay(now, terms); day !== undefined && day <= date; day = nextDay(now, terms)) {
    const feeDay = nextFeeDay(now.lastActivityOn, terms, now.asOf);
    now = settle({ ...now, asOf: day }, terms);
    // After what expires or is written off that day: no fee is taken from units that are gone.
    if (feeDay === day) now = takeFee(now, terms);
  }
  return now.asOf < date ? { ...now, asOf: date } : now;
}

/** What follows at once from anything new on the books' own day. Doing it again changes nothing. */
export const settle = (member: MemberLots, terms: RedemptionTerms): MemberLots =>
  writeOff(expire(repay(member, terms), terms), terms);

/** The next day on which anything can happen; fees matter only while there is something to take them from. */
function nextDay(member: MemberLots, terms: RedemptionTerms): BusinessDate | undefined {
  if (!member.lots.some(({ left }) => left.units > 0n)) return undefined;
  const days = [nextLotDay(member, terms), nextFeeDay(member.lastActivityOn, terms, member.asOf), writeOffDay(terms)];
  return days
    .filter((day) => day !== undefined && day > member.asOf)
    .sort()
    .at(0);
}
