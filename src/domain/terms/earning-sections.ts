/** The sections about earning: offers, categories, what happens when offers meet, limits, exclusions. */
import type { Cap, EarningRule, EffectiveMccRange, StackingGroup } from '../earning/model.js';
import { conditionSentences } from './conditions.js';
import type { TermsItem } from './document.js';
import { baseSentence, effectItem, roundingSentences } from './effects.js';
import { codesList, reasonText } from './merchant-codes.js';
import { present, type Wording } from './wording.js';

export function earnItems(w: Wording): TermsItem[] {
  const { rules, base, rounding, attribution } = w.terms;
  if (rules.length === 0) return [w.item('earn.nothing')];
  const otherwise = [w.say(`earn.day.${attribution}`), baseSentence(w, base), ...roundingSentences(w, rounding)];
  return [...rules.map((rule) => offer(w, rule)), w.item('earn.otherwise', {}, otherwise)];
}

function offer(w: Wording, rule: EarningRule): TermsItem {
  const { text, details } = effectItem(w, rule);
  const { accumulate, base, rounding, when } = rule;
  return {
    text: `${w.rule(rule.code)}: ${text}`,
    details: [
      ...details,
      ...(accumulate === undefined || accumulate === 'TRANSACTION'
        ? []
        : [w.say('effect.accumulates', { period: w.period(accumulate) })]),
      ...conditionSentences(w, when),
      ...(base === undefined ? [] : [baseSentence(w, base)]),
      ...(rounding === undefined ? [] : roundingSentences(w, rounding)),
    ],
  };
}

export function categoryItems(w: Wording): TermsItem[] {
  const { categories } = w.terms;
  if (categories.length === 0) return [];
  const described = categories.map(({ code, mccs, partners, outlets, products, descriptors }) => ({
    text: w.category(code),
    details: present([
      mccs.length === 0 ? undefined : w.say('category.codes', { list: codesList(w, mccs) }),
      partners.length === 0 ? undefined : w.say('when.partners', { list: w.partners(partners) }),
      outlets.length === 0 ? undefined : w.say('when.outlets', { list: w.partners(outlets) }),
      products.length === 0 ? undefined : w.say('category.products', { list: w.quotedList(products) }),
      descriptors.length === 0 ? undefined : w.say('category.descriptors', { list: w.quotedList(descriptors) }),
    ]),
  }));
  return [...described, w.item('category.order')];
}

export function stackingItems(w: Wording): TermsItem[] {
  const { groups, rules } = w.terms;
  const used = groups.filter(({ code }) => rulesOf(w, code).length > 0).toSorted(byPriority);
  if (rules.length < 2) return [];
  if (used.length === 0) return [w.item('stacking.none')];
  const rest = rules.filter(({ group }) => group === undefined).map(({ code }) => code);
  return [
    ...used.map((group) => stacking(w, group)),
    ...(rest.length === 0 ? [] : [w.item('stacking.rest', { rules: w.rules(rest) })]),
  ];
}

const byPriority = (a: StackingGroup, b: StackingGroup): number => b.priority - a.priority;

const rulesOf = (w: Wording, group: string): string[] =>
  w.terms.rules.filter((rule) => rule.group === group).map(({ code }) => code);

function stacking(w: Wording, group: StackingGroup): TermsItem {
  const rules = w.rules(rulesOf(w, group.code));
  const silenced = group.mode === 'EXCLUSIVE' ? silencedBy(w, group) : [];
  return w.item(
    `stacking.${group.mode}`,
    { rules },
    present([
      group.mode === 'BEST_OF' || group.mode === 'EXCLUSIVE' ? w.say('stacking.ties') : undefined,
      silenced.length === 0 ? undefined : w.say('stacking.silences', { rules: w.rules(silenced) }),
    ]),
  );
}

/** The rules that pay nothing beside this group; rules without a group have priority 0. */
function silencedBy(w: Wording, { code, priority, silences }: StackingGroup): string[] {
  const priorities = new Map(w.terms.groups.map((group) => [group.code, group.priority]));
  return w.terms.rules
    .filter(({ group }) => {
      if (group === code) return false;
      if (silences !== undefined) return group !== undefined && silences.includes(group);
      return (group === undefined ? 0 : (priorities.get(group) ?? 0)) < priority;
    })
    .map((rule) => rule.code);
}

export function capItems(w: Wording): TermsItem[] {
  const { caps } = w.terms;
  if (caps.length === 0) return [w.item('caps.none')];
  return caps.map((cap) => ({ text: limit(w, cap), details: limitDetails(w, cap) }));
}

function limit(w: Wording, { measure, holder, per, max, maxShare }: Cap): string {
  const period = w.period(per);
  if (maxShare !== undefined) return w.say('cap.share', { holder, rate: w.formats.share(maxShare), period });
  switch (measure) {
    case 'REWARD':
      return w.say('cap.reward', { holder, units: w.units(max), period });
    case 'SPEND':
      return w.say('cap.spend', { holder, money: w.money(max), period });
    case 'COUNT':
      return w.counted('cap.count', max, { holder, period });
  }
}

function limitDetails(w: Wording, cap: Cap): string[] {
  const { rules, groups, categories, over, holder, refundReleases } = cap;
  const days = w.days(cap);
  const covered = rules === undefined && groups === undefined ? undefined : coveredRules(w, cap);
  return present([
    covered && w.say('cap.rules', { list: w.rules(covered) }),
    categories && w.say('cap.categories', { list: w.categories(categories) }),
    covered === undefined && categories === undefined ? w.say('cap.everything') : undefined,
    days === undefined ? undefined : w.say('when.days', { days }),
    over === undefined ? w.say('cap.nothing') : w.say('cap.over', { rule: w.rule(over) }),
    ...(holder === 'EVERYONE'
      ? [w.say('budget.visible'), w.say(refundReleases ? 'budget.released' : 'budget.kept')]
      : []),
  ]);
}

/** A cap that names rules and groups covers the rules that are in both. */
const coveredRules = (w: Wording, { rules, groups }: Cap): string[] =>
  w.terms.rules
    .filter(({ code }) => rules === undefined || rules.includes(code))
    .filter(({ group }) => groups === undefined || (group !== undefined && groups.includes(group)))
    .map(({ code }) => code);

export function exclusionItems(w: Wording): TermsItem[] {
  const { exclusions, productExclusions } = w.terms;
  if (exclusions.length === 0 && productExclusions.length === 0) return [w.item('exclusions.none')];
  const codes = Map.groupBy(exclusions, ({ reason }) => reason);
  const tags = Map.groupBy(productExclusions, ({ reason }) => reason);
  const products = (ranges: typeof productExclusions): string =>
    w.formats.list(
      ranges.map((range) => {
        const days = w.days(range);
        const tag = w.quoted(range.tag);
        return days === undefined ? tag : w.say('codes.dated', { codes: tag, days });
      }),
    );
  return [
    ...[...codes].map(([reason, ranges]: [string, readonly EffectiveMccRange[]]) =>
      w.item('exclusion.codes', { reason: reasonText(w, reason), list: codesList(w, ranges) }),
    ),
    ...[...tags].map(([reason, ranges]) =>
      w.item('exclusion.products', { reason: reasonText(w, reason), list: products(ranges) }),
    ),
    w.item('exclusions.accepted'),
  ];
}
