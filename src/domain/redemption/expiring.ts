/** What will be gone, and when, if the member does nothing: what members are told in time. */
import type { BusinessDate } from '../kernel/calendar.js';
import { goneOn, type Lot } from './lot.js';
import type { MemberLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { NO_PART, type Part, sumOfParts } from './part.js';
import { writeOffDay } from './wind-down.js';

/**
 * The first day on which a lot is gone: by its own days or with the programme, whichever comes first, and never
 * before it was there.
 */
export function willBeGoneOn(
  lot: Lot,
  terms: RedemptionTerms,
  lastActivityOn: BusinessDate | undefined,
): BusinessDate | undefined {
  const [first] = [goneOn(lot, terms.expiry, lastActivityOn), writeOffDay(terms)]
    .filter((day) => day !== undefined)
    .sort();
  return first !== undefined && first < lot.availableOn ? lot.availableOn : first;
}

export interface Expiring {
  /** First day on which the units are gone. */
  readonly on: BusinessDate;
  readonly part: Part;
}

/** What will be gone on which day up to and with `until`, if the member does nothing; soonest first. */
export function expiring(member: MemberLots, terms: RedemptionTerms, until: BusinessDate): Expiring[] {
  const days = new Map<BusinessDate, Part>();
  for (const lot of member.lots) {
    const on = willBeGoneOn(lot, terms, member.lastActivityOn);
    if (lot.left.units === 0n || on === undefined || on > until) continue;
    days.set(on, sumOfParts([days.get(on) ?? NO_PART, lot.left]));
  }
  return [...days].map(([on, part]) => ({ on, part })).sort((a, b) => (a.on < b.on ? -1 : 1));
}
