/**
 * Category choices: what a member is offered in a period, when it may choose, what counts as a choice, and
 * what is in force on a day.
 */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { canonicalDigest } from '../kernel/canonical.js';
import { fail, ok, type Result } from '../kernel/result.js';
import type { CategoryChoice, ProgrammeTerms } from './model.js';
import { periodEnd, periodStart } from './periods.js';
import type { MemberTraits } from './traits.js';

/**
 * Choice code -> categories in force on that day: what the member chose for the day's period no later than
 * that day, else the default. Purchases before the choice was made keep what was in force then.
 */
export function chosenOn(
  terms: ProgrammeTerms,
  traits: Pick<MemberTraits, 'choices'>,
  date: BusinessDate,
): Record<string, readonly string[]> {
  return Object.fromEntries(
    terms.choices.map((choice) => {
      const period = periodStart(choice.per, date);
      const made = traits.choices.findLast(
        (each) =>
          each.choice === choice.code &&
          each.period === period &&
          (each.chosenOn === undefined || each.chosenOn <= date),
      );
      return [choice.code, made?.categories ?? choice.fallback];
    }),
  );
}

/**
 * The categories this member may choose from in this period, in the programme's order: all offered, or `shown`
 * of them by a draw that is the same whenever and wherever it is made.
 */
export function offeredTo(choice: CategoryChoice, memberId: string, period: BusinessDate): readonly string[] {
  const { code, offered, shown } = choice;
  if (shown === undefined || shown >= offered.length) return offered;
  const drawn = offered
    .map((category) => ({ category, lot: canonicalDigest([code, memberId, period, category]) }))
    .sort((a, b) => a.lot.compare(b.lot))
    .slice(0, shown);
  const kept = new Set(drawn.map(({ category }) => category));
  return offered.filter((category) => kept.has(category));
}

export interface ChoiceWindow {
  /** First and last day on which the choice for the period may be made. */
  readonly opensOn: BusinessDate;
  readonly closesOn: BusinessDate;
}

/** When a choice for the period that begins on `period` may be made. */
export function choiceWindow(choice: CategoryChoice, period: BusinessDate): ChoiceWindow {
  const end = periodEnd(choice.per, period);
  const closes = addDays(period, choice.closesOnDay - 1);
  return { opensOn: addDays(period, -choice.opensDaysBefore), closesOn: closes < end ? closes : end };
}

function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** How many categories make a choice: `pick`, or all when fewer are offered. */
export const picksOf = (choice: CategoryChoice, offered: readonly string[]): number =>
  Math.min(choice.pick, offered.length);

export type ChoiceErrorCode =
  | 'CHOICE_NOT_OPEN'
  | 'CHOICE_LOCKED'
  | 'DUPLICATE_CATEGORY'
  | 'CATEGORY_NOT_OFFERED'
  | 'TOO_MANY_PICKED'
  | 'TOO_FEW_PICKED';

/**
 * Whether the member may choose these categories for the period today. Gives them in the programme's order.
 *
 * @param existing the member's standing choice for the period, when there is one
 */
export function checkChoice(
  choice: CategoryChoice,
  memberId: string,
  period: BusinessDate,
  picked: readonly string[],
  today: BusinessDate,
  existing?: { readonly locked: boolean },
): Result<readonly string[], ChoiceErrorCode> {
  const { opensOn, closesOn } = choiceWindow(choice, period);
  if (today < opensOn)
    return fail('CHOICE_NOT_OPEN', `This choice opens on ${opensOn}; choose from then on.`, 'period');
  if (today > closesOn)
    return fail('CHOICE_LOCKED', `This choice closed on ${closesOn}; choose for a later period.`, 'period');
  if (existing?.locked === true)
    return fail('CHOICE_LOCKED', 'This choice was locked by the member; choose for a later period.', 'period');
  const twice = firstTwice(picked);
  if (twice !== undefined)
    return fail('DUPLICATE_CATEGORY', `"${twice}" is named twice; name each category once.`, 'categories');
  const offered = offeredTo(choice, memberId, period);
  const foreign = picked.find((category) => !offered.includes(category));
  if (foreign !== undefined) {
    return fail(
      'CATEGORY_NOT_OFFERED',
      `"${foreign}" is not offered to this member in this period; choose from ${offered.join(', ')}.`,
      'categories',
    );
  }
  const picks = picksOf(choice, offered);
  if (picked.length > picks)
    return fail('TOO_MANY_PICKED', `${picked.length} categories are too many; choose ${picks}.`, 'categories');
  if (picked.length < picks)
    return fail('TOO_FEW_PICKED', `${picked.length} categories are too few; choose ${picks}.`, 'categories');
  return ok(offered.filter((category) => picked.includes(category)));
}
