/**
 * Look-up tables over a programme's terms and its rules compiled, made once per terms object.
 *
 * Terms are immutable, so what is derived from them is remembered with them. Decisions read only these
 * tables and never scan all categories or rules.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { formatDecimal } from '../money/decimal.js';
import { type Check, checksOf } from './conditions/check.js';
import type {
  Cap,
  Channel,
  EarningRule,
  EffectiveMccRange,
  Exclusion,
  ProgrammeTerms,
  Purchase,
  RewardBase,
  RewardRounding,
  StackingGroup,
  ZeroReason,
} from './model.js';
import { type CompiledEffect, compileEffect } from './rules/effect.js';

export interface TermsIndex {
  hasCategory(code: string): boolean;
  categoryOfProduct(tag: string): string | undefined;
  /** Category that claims this outlet or partner, whatever its merchant category code. */
  categoryOfOutlet(partnerCode: string, outletCode: string): string | undefined;
  categoryOfPartner(partnerCode: string): string | undefined;
  categoryOfMcc(mcc: string, date: BusinessDate): string | undefined;
  categoryOfDescriptor(descriptor: string): string | undefined;
  exclusionOf(mcc: string, date: BusinessDate): Exclusion | undefined;
  /** Rules that can be about a purchase like this; `category` when it has one only. */
  rulesFor(purchase: Purchase, category: string | undefined): RulesFor;
  rule(code: string): CompiledRule | undefined;
  /** How many different fundings the rules have; CompiledRule.fundingNo counts them. */
  readonly fundings: number;
  /** Caps in binding order; CompiledCap.no is their place. */
  readonly caps: readonly CompiledCap[];
}

export interface CompiledRule {
  readonly rule: EarningRule;
  /** Place among all rules in canonical order (group priority, then code). */
  readonly no: number;
  readonly group: CompiledGroup;
  readonly base: RewardBase;
  readonly rounding: RewardRounding;
  readonly checks: readonly Check[];
  readonly categories: ReadonlySet<string> | undefined;
  readonly fundingNo: number;
  /** Its minimum as explanations tell it. */
  readonly minimumText: string | undefined;
  /** Of this rule's effect; undefined for a multiplier, which looks at `multiplied`. */
  readonly promise: CompiledEffect | undefined;
  readonly multiplied: () => CompiledRule | undefined;
  /** Caps that bind what this rule gives in a category, in binding order. */
  capsIn(category: string): readonly CompiledCap[];
  /** The same in two lists. */
  capsBy(category: string): RuleCaps;
}

/** In binding order. */
export interface RuleCaps {
  /** On what is rewarded. */
  readonly spend: readonly CompiledCap[];
  /** On the reward and on how often. */
  readonly units: readonly CompiledCap[];
}

export interface CompiledCap {
  readonly cap: Cap;
  readonly no: number;
}

export interface CompiledGroup {
  /** Empty for the rules without a group. */
  readonly code: string;
  readonly mode: StackingGroup['mode'];
  readonly priority: number;
  readonly silences: readonly string[] | undefined;
}

export interface RulesFor {
  /** In canonical order. */
  readonly rules: readonly CompiledRule[];
  /** How many rules are about other places, by reason. */
  readonly elsewhere: ReadonlyMap<ZeroReason, number>;
}

const indexes = new WeakMap<ProgrammeTerms, TermsIndex>();

/** The tables of these terms. */
export function indexOf(terms: ProgrammeTerms): TermsIndex {
  let index = indexes.get(terms);
  if (index === undefined) {
    index = build(terms);
    indexes.set(terms, index);
  }
  return index;
}

/** True on the days of an effective-dated thing; open ends never end. */
export const inForce = (
  what: { readonly from?: BusinessDate; readonly until?: BusinessDate },
  date: BusinessDate,
): boolean => (what.from === undefined || what.from <= date) && (what.until === undefined || date <= what.until);

function build(terms: ProgrammeTerms): TermsIndex {
  const owners = (of: (category: ProgrammeTerms['categories'][number]) => readonly string[]): Map<string, string> =>
    new Map(terms.categories.flatMap((category) => of(category).map((name) => [name, category.code] as const)));
  const byOutlet = owners(({ outlets }) => outlets);
  const byPartner = owners(({ partners }) => partners);
  const byProduct = owners(({ products }) => products);
  const categoryCodes = new Set(terms.categories.map((category) => category.code));
  const claims = terms.categories.flatMap((category) =>
    category.mccs.map((range) => ({ ...range, category: category.code })),
  );
  const patterns = terms.categories.flatMap(({ code, descriptors }) =>
    descriptors.map((pattern) => ({ code, matches: descriptorPattern(pattern) })),
  );
  const claimsOf = rangesByMcc(claims);
  const exclusionsOf = rangesByMcc(terms.exclusions);
  const caps = inBindingOrder(terms.caps).map((cap, no): CompiledCap => ({ cap, no }));
  const rules = compileRules(terms, caps);
  const byCode = new Map(rules.map((compiled) => [compiled.rule.code, compiled]));
  return {
    hasCategory: (code) => categoryCodes.has(code),
    categoryOfProduct: (tag) => byProduct.get(tag),
    categoryOfOutlet: (partnerCode, outletCode) => byOutlet.get(`${partnerCode}/${outletCode}`),
    categoryOfPartner: (partnerCode) => byPartner.get(partnerCode),
    categoryOfMcc: (mcc, date) => claimsOf(mcc).find((claim) => inForce(claim, date))?.category,
    categoryOfDescriptor: (descriptor) =>
      patterns.length === 0 ? undefined : patterns.find(({ matches }) => matches.test(descriptor.toUpperCase()))?.code,
    exclusionOf: (mcc, date) => exclusionsOf(mcc).find((exclusion) => inForce(exclusion, date)),
    rulesFor: rulesByPlace(rules),
    rule: (code) => byCode.get(code),
    fundings: new Set(rules.map(({ fundingNo }) => fundingNo)).size,
    caps,
  };
}

/** "ACME*" matches what begins with ACME; everything but `*` stands for itself. */
const descriptorPattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
  );

/** There are ten thousand codes at most, so each code's ranges are found once and kept. */
const rangesByMcc = <Range extends EffectiveMccRange>(ranges: readonly Range[]): ((mcc: string) => readonly Range[]) =>
  remembered((mcc) => ranges.filter((range) => range.first <= mcc && mcc <= range.last));

const NO_GROUP: CompiledGroup = { code: '', mode: 'ADDITIVE', priority: 0, silences: undefined };

/** Canonical order: nothing depends on the order in which a file lists its rules. */
function compileRules(terms: ProgrammeTerms, caps: readonly CompiledCap[]): CompiledRule[] {
  const groups = new Map(
    terms.groups.map(({ code, mode, priority, silences }): [string, CompiledGroup] => [
      code,
      { code, mode, priority, silences },
    ]),
  );
  const groupOf = (rule: EarningRule): CompiledGroup =>
    rule.group === undefined ? NO_GROUP : (groups.get(rule.group) ?? NO_GROUP);
  const sorted = terms.rules.toSorted((a, b) => {
    const [groupA, groupB] = [groupOf(a), groupOf(b)];
    return groupB.priority - groupA.priority || compareTexts(groupA.code, groupB.code) || compareTexts(a.code, b.code);
  });
  const fundings: string[] = [];
  const compiled: CompiledRule[] = sorted.map((rule, no): CompiledRule => {
    const funding = JSON.stringify(rule.funding, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
    if (!fundings.includes(funding)) fundings.push(funding);
    const capsIn = remembered((category) => caps.filter(({ cap }) => covers(cap, rule, category)));
    return {
      rule,
      no,
      group: groupOf(rule),
      base: rule.base ?? terms.base,
      rounding: rule.rounding ?? terms.rounding,
      checks: checksOf(rule.code, rule.when),
      categories: rule.when.categories === undefined ? undefined : new Set(rule.when.categories),
      fundingNo: fundings.indexOf(funding),
      minimumText: rule.when.minimum && formatDecimal(rule.when.minimum.amountMinor, terms.currencyScale),
      promise: compileEffect(rule.effect, terms.unit.priceMinor),
      multiplied: () => {
        const { effect } = rule;
        return effect.kind === 'MULTIPLIER' ? compiled.find(({ rule: { code } }) => code === effect.of) : undefined;
      },
      capsIn,
      capsBy: remembered((category) => ({
        spend: capsIn(category).filter(({ cap }) => cap.measure === 'SPEND'),
        units: capsIn(category).filter(({ cap }) => cap.measure !== 'SPEND'),
      })),
    };
  });
  return compiled;
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const covers = (cap: Cap, rule: EarningRule, category: string): boolean =>
  (cap.rules === undefined || cap.rules.includes(rule.code)) &&
  (cap.groups === undefined || (rule.group !== undefined && cap.groups.includes(rule.group))) &&
  (cap.categories === undefined || cap.categories.includes(category));

/** The narrower a cap the earlier it binds, so that what it withholds uses up nothing of the wider ones; budgets last. */
const inBindingOrder = (caps: readonly Cap[]): Cap[] =>
  caps.toSorted((a, b) => breadth(a) - breadth(b) || compareTexts(a.code, b.code));

const breadth = (cap: Cap): number =>
  (cap.holder === 'EVERYONE' ? 100 : 0) +
  (cap.per === 'TRANSACTION' ? 0 : 10) +
  (cap.rules !== undefined ? 0 : cap.groups !== undefined ? 1 : cap.categories !== undefined ? 2 : 3);

/**
 * Rules by what is known before any of them is looked at: event, partner, channel and category. There are few
 * different lists, because partners that no rule names share one.
 */
function rulesByPlace(rules: readonly CompiledRule[]): TermsIndex['rulesFor'] {
  const named = new Set(rules.flatMap(({ rule }) => partnersOf(rule) ?? []));
  const lists = new Map<string, RulesFor>();
  const list = (
    action: string,
    partner: string,
    channel: Channel | undefined,
    category: string | undefined,
  ): RulesFor => {
    const elsewhere = new Map<ZeroReason, number>();
    const here: CompiledRule[] = [];
    for (const compiled of rules) {
      const { when } = compiled.rule;
      if ((when.action ?? '') !== action) continue;
      const reason = isElsewhere(compiled, partner, channel, category);
      if (reason === undefined) here.push(compiled);
      else elsewhere.set(reason, (elsewhere.get(reason) ?? 0) + 1);
    }
    return { rules: here, elsewhere };
  };
  return ({ merchant, action = '', channel }, category) => {
    const partner = merchant !== undefined && named.has(merchant.partnerCode) ? merchant.partnerCode : '';
    const key = `${action}/${partner}/${channel ?? ''}/${category ?? ''}`;
    let known = lists.get(key);
    if (known === undefined) {
      known = list(action, partner, channel, category);
      lists.set(key, known);
    }
    return known;
  };
}

function isElsewhere(
  { rule, categories }: CompiledRule,
  partner: string,
  channel: Channel | undefined,
  category: string | undefined,
): ZeroReason | undefined {
  if (partnersOf(rule)?.includes(partner) === false) return 'RULE_OTHER_PARTNER';
  const { channels } = rule.when;
  if (channels !== undefined && (channel === undefined || !channels.includes(channel))) return 'OTHER_CHANNEL';
  return category !== undefined && categories?.has(category) === false ? 'OTHER_CATEGORY' : undefined;
}

/** A rule for outlets is a rule for their partners, the outlet is checked afterwards. */
const partnersOf = ({ when }: EarningRule): readonly string[] | undefined =>
  when.partners ?? when.outlets?.map((outlet) => outlet.slice(0, outlet.indexOf('/')));

function remembered<Value>(find: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = find(key);
      known.set(key, value);
    }
    return value;
  };
}
