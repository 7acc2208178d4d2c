/** The sections about the member's standing: tiers with their benefits, choices, and what ends when. */
import type { CategoryChoice, TierLadder, TierLevel } from '../earning/model.js';
import type { TermsItem } from './document.js';
import { present, type Wording } from './wording.js';

export function tierItems(w: Wording): TermsItem[] {
  const { tiers } = w.terms;
  const [first, ...others] = tiers.levels;
  if (first === undefined || (others.length === 0 && first.benefits.length === 0)) return [];
  const levels = tiers.levels.map((level) => ({
    text:
      level === first
        ? w.say('tier.start', { tier: w.tier(level.code) })
        : w.say('tier.from', { tier: w.tier(level.code), mark: threshold(w, tiers, level) }),
    details:
      level.benefits.length === 0
        ? []
        : [w.say('tier.benefits', { list: w.quotedList(level.benefits.map(({ name }) => name)) })],
  }));
  return others.length === 0 ? levels : [...levels, ladder(w, tiers)];
}

function threshold(w: Wording, { metric }: TierLadder, { from }: TierLevel): string {
  if (metric === 'KEPT_SPEND') return w.money(from);
  return metric === 'REWARDS_ACCRUED' ? w.units(from) : w.counted('count.purchases', from);
}

function ladder(w: Wording, { metric, window, downgrade }: TierLadder): TermsItem {
  const { to, graceDays } = downgrade;
  const falls = to === 'EARNED' || to === 'ONE_STEP';
  const text =
    window.kind === 'ROLLING'
      ? w.counted('tiers.rolling', window.days, { metric })
      : w.say('tiers.calendar', { metric, unit: window.unit });
  const period =
    window.kind === 'ROLLING'
      ? w.counted('tiers.period.rolling', window.days)
      : w.say('tiers.period.calendar', { unit: window.unit });
  return {
    text,
    details: present([
      w.say(`tiers.${to}`),
      falls ? period : undefined,
      falls && graceDays > 0 ? w.counted('tiers.grace', graceDays) : undefined,
      w.say('tiers.redeeming'),
    ]),
  };
}

export const choiceItems = (w: Wording): TermsItem[] =>
  w.terms.choices.map((choice) => ({ text: w.quoted(choice.name), details: choiceSentences(w, choice) }));

function choiceSentences(w: Wording, choice: CategoryChoice): string[] {
  const { offered, shown, pick, per, opensDaysBefore, closesOnDay, fallback } = choice;
  return present([
    w.counted('choice.pick', pick, { per, list: w.categories(offered) }),
    shown === undefined ? undefined : w.counted('choice.shown', shown),
    opensDaysBefore > 0 ? w.counted('choice.opens.before', opensDaysBefore) : w.say('choice.opens.start'),
    closesOnDay > 0
      ? w.say('choice.closes.day', { day: w.formats.integer(closesOnDay) })
      : w.say('choice.closes.start'),
    fallback.length === 0 ? w.say('choice.noDefault') : w.say('choice.default', { list: w.categories(fallback) }),
  ]);
}

/** Days of the calendar in their order, then what comes back every period. */
export function deadlineItems(w: Wording): TermsItem[] {
  const { rules, redemption, choices } = w.terms;
  const dated: { readonly on: string; readonly text: string }[] = [];
  const add = (on: string | undefined, text: (date: string) => string): void => {
    if (on !== undefined) dated.push({ on, text: text(w.formats.date(on)) });
  };
  for (const { code, when } of rules) {
    const rule = w.rule(code);
    add(when.from, (date) => w.say('deadline.offerBegins', { date, rule }));
    add(when.until, (date) => w.say('deadline.offerEnds', { date, rule }));
  }
  add(redemption.windDown?.earningEnds, (date) => w.say('deadline.earningEnds', { date }));
  add(redemption.windDown?.redemptionUntil, (date) => w.say('deadline.redemptionUntil', { date }));
  const recurring = choices.map(({ name, per, closesOnDay }) => {
    const choice = w.quoted(name);
    return closesOnDay > 0
      ? w.say('deadline.choice.day', { choice, per, day: w.formats.integer(closesOnDay) })
      : w.say('deadline.choice.start', { choice, per });
  });
  const texts = [...dated.toSorted(byDay).map(({ text }) => text), ...recurring];
  return texts.length === 0 ? [w.item('deadlines.none')] : texts.map((text) => ({ text, details: [] }));
}

const byDay = (a: { readonly on: string }, b: { readonly on: string }): number =>
  a.on === b.on ? 0 : a.on < b.on ? -1 : 1;
