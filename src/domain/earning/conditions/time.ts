import { weekdayOf } from '../../kernel/calendar.js';
import type { Conditions, Purchase } from '../model.js';
import type { Check } from './check.js';

/** Days of the campaign, days of the week and times of the day, by the programme's clock or the member's. */
export function timeChecks({ from, until, weekdays, hours, clock }: Conditions): Check[] {
  const checks: Check[] = [];
  if (from !== undefined || until !== undefined) {
    checks.push(({ businessDate }) =>
      (from === undefined || from <= businessDate) && (until === undefined || businessDate <= until)
        ? undefined
        : 'RULE_NOT_IN_FORCE',
    );
  }
  if (weekdays !== undefined) {
    checks.push((purchase) => (weekdays.includes(weekdayFor(purchase, clock)) ? undefined : 'OTHER_TIME'));
  }
  if (hours !== undefined) {
    checks.push((purchase) => {
      const time = clock === 'MEMBER' ? (purchase.memberTime ?? purchase.time) : purchase.time;
      return time !== undefined && hours.some((window) => isWithin(time, window)) ? undefined : 'OTHER_TIME';
    });
  }
  return checks;
}

const lastAsked = { day: '', weekday: 0 };

/** Many rules ask about the same day one after the other. */
function weekdayFor({ businessDate, memberDate }: Purchase, clock: Conditions['clock']): number {
  const day = clock === 'MEMBER' ? (memberDate ?? businessDate) : businessDate;
  if (day !== lastAsked.day) {
    lastAsked.day = day;
    lastAsked.weekday = weekdayOf(day);
  }
  return lastAsked.weekday;
}

/** From inclusive, until exclusive; a window whose end is not after its start runs over midnight. */
const isWithin = (time: string, { from, until }: { readonly from: string; readonly until: string }): boolean =>
  from < until ? from <= time && time < until : from <= time || time < until;
