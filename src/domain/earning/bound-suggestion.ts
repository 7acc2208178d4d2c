/** The cheapest cap that would bound a rule: over what is not bounded yet, and no more. */
import { categoriesOf, mostOfPurchase, mostOfSpend, unitsPerMinor } from './bound-effect.js';
import type { Cap, EarningRule, ProgrammeTerms } from './model.js';

export interface CapSuggestion {
  readonly measure: Cap['measure'];
  readonly per: 'MONTH';
  /** In the measure's own: an example of a sensible size. */
  readonly max: bigint;
  readonly rules: readonly string[];
  /** Only these; all of the rule's when absent. */
  readonly categories?: readonly string[];
  /** A cap that exists and that would do if it were held by the member or had no last day. */
  readonly instead?: { readonly cap: string; readonly because: 'HELD_BY_CARD' | 'OTHER_DAYS' };
  /** Spend of the month that the size is worked out for, minor units; absent for fixed rewards. */
  readonly spendMinor?: bigint;
}

/** Purchases of a month that a cap on a fixed reward should still allow. */
const PURCHASES_A_MONTH = 10n;
/** Spend of a month when the tiers tell no better: in whole units of the currency. */
const SPEND_A_MONTH = 1_000n;

export function suggestCap(rule: EarningRule, open: readonly string[], terms: ProgrammeTerms): CapSuggestion {
  const all = categoriesOf(rule, terms);
  const rules = [rule.code];
  const partly = open.length > 0 && open.length < all.length ? { categories: open } : {};
  const almost = nearly(rule, terms);
  const common = { per: 'MONTH', rules, ...partly, ...(almost && { instead: almost }) } as const;
  if (unitsPerMinor(rule, terms, open) === undefined) {
    if (rule.effect.kind === 'FIXED' && mostOfPurchase(rule, terms) !== undefined)
      return { ...common, measure: 'COUNT', max: PURCHASES_A_MONTH };
    const each = rule.effect.kind === 'FIXED' || rule.effect.kind === 'PER_ITEM' ? rule.effect.units : 1n;
    return { ...common, measure: 'REWARD', max: each * PURCHASES_A_MONTH };
  }
  const spendMinor = monthsSpend(terms);
  const max = mostOfSpend(rule, terms, open, spendMinor)?.stated ?? 0n;
  return { ...common, measure: 'REWARD', max: max > 0n ? max : 1n, spendMinor };
}

/** What the highest tier takes to reach, by the month; members who spend more are few. */
function monthsSpend({ tiers, currencyScale }: ProgrammeTerms): bigint {
  const fallback = SPEND_A_MONTH * 10n ** BigInt(currencyScale);
  const highest = tiers.metric === 'KEPT_SPEND' ? (tiers.levels.at(-1)?.from ?? 0n) : 0n;
  const { window } = tiers;
  const months =
    window.kind === 'ROLLING'
      ? BigInt(Math.max(1, Math.round(window.days / 30)))
      : { MONTH: 1n, QUARTER: 3n, YEAR: 12n }[window.unit];
  return highest / months > 0n ? highest / months : fallback;
}

/** A cap over the whole rule that only misses by its holder or its days. */
function nearly(rule: EarningRule, { caps }: ProgrammeTerms): CapSuggestion['instead'] {
  for (const cap of caps) {
    const { holder, per, measure, categories, groups, maxShare } = cap;
    if (per === 'TRANSACTION' || measure !== 'REWARD' || categories !== undefined || maxShare !== undefined) continue;
    if (cap.rules?.includes(rule.code) === false) continue;
    if (groups !== undefined && (rule.group === undefined || !groups.includes(rule.group))) continue;
    return { cap: cap.code, because: holder === 'CARD' || holder === 'ACCOUNT' ? 'HELD_BY_CARD' : 'OTHER_DAYS' };
  }
  return undefined;
}
