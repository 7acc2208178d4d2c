/** Where, when and for whom a rule holds, in words: one sentence for each condition it has. */
import type { AmountBound, Conditions, Progress } from '../earning/model.js';
import type { MessageKey } from './catalogue.js';
import { present, type Wording } from './wording.js';

export function conditionSentences(w: Wording, when: Conditions): string[] {
  return present([...event(w, when), ...place(w, when), ...time(w, when), ...basket(w, when), ...person(w, when)]);
}

/** Actions that many programmes have, with words for them; others stand by their own name. */
const KNOWN_ACTIONS: Readonly<Record<string, MessageKey>> = {
  registration: 'action.registration',
  review: 'action.review',
  referral: 'action.referral',
};

function event(w: Wording, { action, reaches }: Conditions): (string | undefined)[] {
  const known = action === undefined ? undefined : KNOWN_ACTIONS[action];
  return [
    action === undefined
      ? undefined
      : w.say('when.action', { action: known === undefined ? w.quoted(action) : w.say(known) }),
    ...(reaches === undefined ? [] : progress(w, reaches)),
  ];
}

function progress(w: Wording, { metric, per, mark, repeats, atSamePartner }: Progress): (string | undefined)[] {
  const marks: Readonly<Record<Progress['metric'], () => string>> = {
    PURCHASES: () => w.counted('count.purchases', mark),
    SPEND: () => w.say('when.reaches.spend', { money: w.money(mark) }),
    PARTNERS: () => w.counted('count.partners', mark),
    CATEGORIES: () => w.counted('count.categories', mark),
  };
  return [
    w.say('when.reaches', { mark: marks[metric](), period: w.period(per) }),
    repeats ? w.say('when.reaches.repeats') : undefined,
    atSamePartner ? w.say('when.reaches.samePartner') : undefined,
  ];
}

function place(w: Wording, when: Conditions): (string | undefined)[] {
  const { partners, outlets, issuers, cardProducts, channels, categories, chosen } = when;
  return [
    partners && w.say('when.partners', { list: w.partners(partners) }),
    outlets && w.say('when.outlets', { list: w.partners(outlets) }),
    channels &&
      w.say('when.channels', { list: w.formats.list(channels.map((channel) => w.say(`channel.${channel}`))) }),
    categories && w.say('when.categories', { list: w.categories(categories) }),
    chosen === undefined ? undefined : w.say('when.chosen', { choice: choiceName(w, chosen) }),
    issuers && w.say('when.issuers', { list: w.partners(issuers) }),
    cardProducts && w.say('when.cardProducts', { list: w.quotedList(cardProducts) }),
  ];
}

const choiceName = (w: Wording, code: string): string =>
  w.quoted(w.terms.choices.find((choice) => choice.code === code)?.name ?? code);

function time(w: Wording, when: Conditions): (string | undefined)[] {
  const { weekdays, hours, clock } = when;
  const days = w.days(when);
  return [
    days === undefined ? undefined : w.say('when.days', { days }),
    weekdays && w.say('when.weekdays', { list: w.formats.list(weekdays.map((day) => w.formats.weekday(day))) }),
    hours &&
      w.say('when.hours', {
        list: w.formats.list(
          hours.map(({ from, until }) => w.say(until <= from ? 'hours.overnight' : 'hours.window', { from, until })),
        ),
      }),
    clock === 'MEMBER' && (weekdays ?? hours) !== undefined ? w.say('when.memberClock') : undefined,
  ];
}

function basket(w: Wording, { minimum, maximum, minimumItems, tags }: Conditions): (string | undefined)[] {
  const bound = (value: AmountBound | undefined, inclusive: MessageKey, exclusive: MessageKey): string | undefined =>
    value && w.say(value.exclusive ? exclusive : inclusive, { money: w.money(value.amountMinor) });
  return [
    bound(minimum, 'when.minimum', 'when.above'),
    bound(maximum, 'when.maximum', 'when.below'),
    minimumItems === undefined ? undefined : w.counted('when.items', minimumItems),
    tags && w.say('when.tags', { list: w.quotedList(tags) }),
  ];
}

function person(w: Wording, when: Conditions): (string | undefined)[] {
  const { tiers, segments, activation, birthday, experiment } = when;
  return [
    tiers && w.say('when.tiers', { list: w.formats.list(tiers.map((tier) => w.tier(tier))) }),
    segments && w.say('when.segments', { list: w.quotedList(segments) }),
    activation &&
      (activation.per === undefined
        ? w.say('when.activation.once')
        : w.say('when.activation.anew', { per: activation.per })),
    ...(birthday === undefined ? [] : birthdayOf(w, birthday)),
    experiment && w.say('when.experiment', { list: variants(w, experiment) }),
  ];
}

function birthdayOf(w: Wording, { daysBefore, daysAfter, leapDay }: NonNullable<Conditions['birthday']>): string[] {
  const [before, after] = [w.countOf(daysBefore), w.countOf(daysAfter)];
  const window =
    daysBefore === 0 && daysAfter === 0
      ? w.say('when.birthday.day')
      : w.say('when.birthday.window', {
          before: before.count,
          beforeText: before.n,
          after: after.count,
          afterText: after.n,
        });
  const day = leapDay === 'FEB_28' ? w.formats.dayOfYear(2, 28) : w.formats.dayOfYear(3, 1);
  return [window, w.say('when.birthday.leap', { leap: w.formats.dayOfYear(2, 29), day })];
}

/** Each variant with its part of the draw: "“a” (50 of 100)". */
function variants(w: Wording, { code, variants: named }: NonNullable<Conditions['experiment']>): string {
  const all = w.terms.experiments.find((experiment) => experiment.code === code)?.variants ?? [];
  const sum = w.formats.integer(all.reduce((total, { weight }) => total + weight, 0));
  const parts = named.map((variant) => {
    const weight = w.formats.integer(all.find((each) => each.code === variant)?.weight ?? 0);
    return w.say('experiment.variant', { variant: w.quoted(variant), weight, sum });
  });
  return w.formats.list(parts);
}
