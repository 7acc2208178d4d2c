/**
 * Rules that look at the member: which of them do not hold, and why. Kept with the decision instead of the
 * birthday and the segments it was made from.
 */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import type { Conditions, EarningRule, MemberGate, ProgrammeTerms, Purchase } from './model.js';
import { periodStart } from './periods.js';
import { inSegment, type MemberTraits } from './traits.js';

/**
 * Rule code -> the weightiest reason (order of MEMBER_GATES) why the member does not meet it, for every rule of
 * the terms that looks at segment, activation or birthday and does not hold. Chosen categories and variants are
 * facts of their own, which the engine looks at line by line.
 */
export function gatesOf(terms: ProgrammeTerms, traits: MemberTraits, purchase: Purchase): Record<string, MemberGate> {
  const gates: Record<string, MemberGate> = {};
  for (const rule of rulesThatLook(terms)) {
    const gate = GATES.find(([, isShut]) => isShut(rule, traits, purchase))?.[0];
    if (gate !== undefined) gates[rule.code] = gate;
  }
  return gates;
}

type IsShut = (rule: EarningRule, traits: MemberTraits, purchase: Purchase) => boolean;

/** Weightiest first, in the order of MEMBER_GATES. */
export const GATES: readonly (readonly [MemberGate, IsShut])[] = [
  [
    'NOT_IN_SEGMENT',
    ({ when }, traits, { businessDate }) =>
      when.segments !== undefined && !when.segments.some((code) => inSegment(traits, code, businessDate)),
  ],
  [
    'NOT_ACTIVATED',
    ({ code, when }, traits, { businessDate }) =>
      when.activation !== undefined && !isActivated(traits, code, when.activation, businessDate),
  ],
  [
    'NOT_BIRTHDAY',
    ({ when }, traits, { memberDate, businessDate }) =>
      when.birthday !== undefined && !isAroundBirthday(traits.birthday, when.birthday, memberDate ?? businessDate),
  ],
];

/** Whether the rule was activated for the period of that day, no later than that day. */
export function isActivated(
  traits: MemberTraits,
  rule: string,
  { per }: NonNullable<Conditions['activation']>,
  date: BusinessDate,
): boolean {
  const period = per && periodStart(per, date);
  return traits.activations.some(
    (activation) =>
      activation.rule === rule &&
      (period === undefined || activation.period === period) &&
      (activation.activatedOn === undefined || activation.activatedOn <= date),
  );
}

/** Whether a day lies in the window around a birthday (MM-DD) of its own, the last or the next year. */
export function isAroundBirthday(
  birthday: string | undefined,
  { daysBefore, daysAfter, leapDay }: NonNullable<Conditions['birthday']>,
  date: BusinessDate,
): boolean {
  if (birthday === undefined) return false;
  const year = Number(date.slice(0, 4));
  return [year - 1, year, year + 1].some((each) => {
    const day = birthdayIn(each, birthday, leapDay);
    return addDays(day, -daysBefore) <= date && date <= addDays(day, daysAfter);
  });
}

const LEAP_DAY = '02-29';

function birthdayIn(year: number, birthday: string, leapDay: 'FEB_28' | 'MAR_1'): BusinessDate {
  const written = String(year).padStart(4, '0');
  if (birthday !== LEAP_DAY || isLeapYear(year)) return `${written}-${birthday}`;
  return leapDay === 'FEB_28' ? `${written}-02-28` : `${written}-03-01`;
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const looking = new WeakMap<ProgrammeTerms, readonly EarningRule[]>();

/** Found once per terms: most rules look at no member. */
function rulesThatLook(terms: ProgrammeTerms): readonly EarningRule[] {
  let rules = looking.get(terms);
  if (rules === undefined) {
    rules = terms.rules.filter(({ when }) => looksAtMember(when));
    looking.set(terms, rules);
  }
  return rules;
}

const looksAtMember = ({ segments, activation, birthday }: Conditions): boolean =>
  segments !== undefined || activation !== undefined || birthday !== undefined;
