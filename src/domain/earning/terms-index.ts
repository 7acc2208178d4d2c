/**
 * Look-up tables over a programme's terms, made once per terms object.
 *
 * Terms are immutable, so what is derived from them is remembered with them. Decisions read only these
 * tables and never scan all categories or rules.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Cap, EarningRule, EffectiveMccRange, Exclusion, ProgrammeTerms } from './model.js';

export interface TermsIndex {
  hasCategory(code: string): boolean;
  /** Category that claims this outlet or partner, whatever its merchant category code. */
  categoryOfOutlet(partnerCode: string, outletCode: string): string | undefined;
  categoryOfPartner(partnerCode: string): string | undefined;
  categoryOfMcc(mcc: string, date: BusinessDate): string | undefined;
  exclusionOf(mcc: string, date: BusinessDate): Exclusion | undefined;
  /** Caps that a purchase in this category counts towards: its category's first, then the programme's. */
  capsOf(category: string): readonly Cap[];
  rulesAt(partnerCode: string | undefined): RulesAtPartner;
}

export interface RulesAtPartner {
  /** In the programme's order. */
  readonly rules: readonly EarningRule[];
  /** How many rules are kept for other partners. */
  readonly elsewhere: number;
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
  const byOutlet = new Map(
    terms.categories.flatMap((category) => category.outlets.map((outlet) => [outlet, category.code] as const)),
  );
  const byPartner = new Map(
    terms.categories.flatMap((category) => category.partners.map((partner) => [partner, category.code] as const)),
  );
  const categoryCodes = new Set(terms.categories.map((category) => category.code));
  const claims = terms.categories.flatMap((category) =>
    category.mccs.map((range) => ({ ...range, category: category.code })),
  );
  const claimsOf = rangesByMcc(claims);
  const exclusionsOf = rangesByMcc(terms.exclusions);
  return {
    hasCategory: (code) => categoryCodes.has(code),
    categoryOfOutlet: (partnerCode, outletCode) => byOutlet.get(`${partnerCode}/${outletCode}`),
    categoryOfPartner: (partnerCode) => byPartner.get(partnerCode),
    categoryOfMcc: (mcc, date) => claimsOf(mcc).find((claim) => inForce(claim, date))?.category,
    exclusionOf: (mcc, date) => exclusionsOf(mcc).find((exclusion) => inForce(exclusion, date)),
    capsOf: remembered((category) => [
      ...terms.caps.filter((cap) => cap.category === category),
      ...terms.caps.filter((cap) => cap.category === undefined),
    ]),
    rulesAt: rulesByPartner(terms.rules),
  };
}

/** There are ten thousand codes at most, so each code's ranges are found once and kept. */
const rangesByMcc = <Range extends EffectiveMccRange>(ranges: readonly Range[]): ((mcc: string) => readonly Range[]) =>
  remembered((mcc) => ranges.filter((range) => range.first <= mcc && mcc <= range.last));

/** Only partners that a rule names get a list of their own; all others share one. */
function rulesByPartner(rules: readonly EarningRule[]): (partnerCode: string | undefined) => RulesAtPartner {
  const at = (partnerCode: string | undefined): RulesAtPartner => {
    const here = rules.filter(
      (rule) => rule.partners === undefined || (partnerCode !== undefined && rule.partners.includes(partnerCode)),
    );
    return { rules: here, elsewhere: rules.length - here.length };
  };
  const anywhere = at(undefined);
  const named = new Map(
    rules.flatMap((rule) => rule.partners ?? []).map((partnerCode) => [partnerCode, at(partnerCode)] as const),
  );
  return (partnerCode) => (partnerCode === undefined ? anywhere : (named.get(partnerCode) ?? anywhere));
}

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
