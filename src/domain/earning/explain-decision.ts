/**
 * The explanation of one decision as a tree: category and tier, every reward with its caps and funders, what
 * lost against it, what was missing, and how many rules are about something else.
 */
import { formatDecimal } from '../money/decimal.js';
import { formatRate } from '../money/rate.js';
import { capPeriod, type Withheld } from './caps.js';
import { reason, reasonOf, type Values } from './explain.js';
import type { Cap, EarningFacts, Explanation, ProgrammeTerms, Purchase } from './model.js';
import type { Offer } from './offer.js';
import type { Granted, Miss, Rewards } from './reward.js';
import { valuesOf } from './rules/effect.js';
import type { Loser } from './stacking.js';

export interface Decided {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly terms: ProgrammeTerms;
  readonly rewards: Rewards;
  /** Units of each granted reward by funder. */
  readonly parts: readonly (readonly bigint[])[];
  readonly totalUnits: bigint;
  readonly shortfallUnits: bigint;
  /** The amount in words, made once: most nodes of a decision tell it. */
  readonly amountText: () => string;
}

export function explainDecision(decided: Decided): Explanation {
  const { purchase, facts, terms, rewards, parts } = decided;
  const children: Explanation[] = [categoryNode(decided), tierNode(facts, terms)];
  const { excluded } = rewards.classification;
  if (excluded !== undefined)
    children.push(reason('EXCLUDED_MCC', () => ({ mcc: purchase.mcc ?? '', reason: excluded.reason })));
  for (const { line, exclusion } of rewards.excludedLines) {
    children.push(
      reason('EXCLUDED_PRODUCT', () => ({
        product: exclusion.tag,
        reason: exclusion.reason,
        amount: formatDecimal(line.amountMinor, terms.currencyScale),
        currency: terms.currencyCode,
      })),
    );
  }
  if (facts.variants !== undefined) {
    for (const [experiment, variant] of Object.entries(facts.variants))
      children.push(reason('VARIANT', () => ({ experiment, variant })));
  }
  rewards.granted.forEach((granted, index) => {
    children.push(rewardNode(granted, parts[index] as readonly bigint[], decided));
  });
  for (const loser of rewards.losers) children.push(reasonOf('STACKED_OUT', loserValues, loser, terms));
  for (const miss of rewards.misses) children.push(reasonOf(miss.code, missValues, miss, decided));
  for (const [code, rules] of rewards.elsewhere)
    children.push(
      reason(code, () => ({
        rules: String(rules),
        ...(code === 'RULE_NOT_IN_FORCE' && { date: purchase.businessDate }),
      })),
    );
  if (terms.rules.length === 0) children.push(reason('NO_RULE', () => ({})));
  const { zeroReason } = rewards;
  if (zeroReason !== undefined) children.push(reason('NOTHING_EARNED', () => ({ because: zeroReason })));
  return reason(purchase.action === undefined ? 'PURCHASE' : 'ACTION', () => headValues(decided), children);
}

function headValues({ purchase, terms, totalUnits, shortfallUnits, amountText }: Decided): Values {
  const values: Record<string, string> = {
    date: purchase.businessDate,
    units: formatDecimal(totalUnits, terms.unit.scale),
    unit: terms.unit.code,
  };
  if (purchase.action === undefined) {
    values.amount = amountText();
    values.currency = terms.currencyCode;
  } else values.action = purchase.action;
  if (shortfallUnits > 0n) values.shortfall = formatDecimal(shortfallUnits, terms.unit.scale);
  return values;
}

function categoryNode({ purchase, rewards }: Decided): Explanation {
  const { category, how } = rewards.classification;
  return reason('CATEGORY', () =>
    how === 'MCC' && purchase.mcc !== undefined ? { category, how, mcc: purchase.mcc } : { category, how },
  );
}

const tierNode = (facts: EarningFacts, terms: ProgrammeTerms): Explanation =>
  reason('TIER', () => ({ tier: facts.tier, metric: terms.tiers.metric, ...metricValues(facts.tierMetric, terms) }));

/** The ladder's metric in its own measure. */
function metricValues(value: bigint, { tiers, currencyScale, currencyCode, unit }: ProgrammeTerms): Values {
  switch (tiers.metric) {
    case 'KEPT_SPEND':
      return { value: formatDecimal(value, currencyScale), of: currencyCode };
    case 'REWARDS_ACCRUED':
      return { value: formatDecimal(value, unit.scale), of: unit.code };
    case 'PURCHASES':
      return { value: value.toString(), of: 'purchases' };
  }
}

function rewardNode(granted: Granted, parts: readonly bigint[], decided: Decided): Explanation {
  const { purchase, terms } = decided;
  const { offer, compiled, units, withheld, instead } = granted;
  const { scale, code: unit } = terms.unit;
  const children: Explanation[] = [];
  const { limit } = offer;
  if (limit !== undefined)
    children.push(capNode({ cap: limit.cap, units: limit.units, left: limit.leftMinor }, purchase, terms));
  for (const each of withheld) children.push(capNode(each, purchase, terms));
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as bigint;
    const funder = offer.funders[index];
    if (part > 0n && funder !== undefined)
      children.push(
        reason('FUNDED_BY', () => ({
          funder: funder.name,
          share: formatRate(funder.share),
          units: formatDecimal(part, scale),
          unit,
        })),
      );
  }
  return reason(
    instead === undefined ? 'RULE_APPLIED' : 'OVER_THE_CAP',
    () => {
      const values = offerValues(offer, decided);
      if (instead !== undefined) values.above = instead.rule.code;
      values.rule = compiled.rule.code;
      values.name = compiled.rule.name;
      values.rounded = formatDecimal(offer.units, scale);
      values.units = units === offer.units ? values.rounded : formatDecimal(units, scale);
      values.unit = unit;
      return values;
    },
    children,
  );
}

/** The numbers that made an offer. */
function offerValues(
  { compiled, spendMinor, items, category, times, factor }: Offer,
  { purchase, facts: { tier }, terms, amountText }: Decided,
): Record<string, string> {
  const { effect } = compiled.rule;
  const values = valuesOf(effect, { spendMinor, items, tier, category, times });
  values.effect = effect.kind;
  values.category = category;
  values.base = spendMinor === purchase.amountMinor ? amountText() : formatDecimal(spendMinor, terms.currencyScale);
  values.currency = terms.currencyCode;
  if (effect.kind === 'STEP') {
    values.every = formatDecimal(effect.everyMinor, terms.currencyScale);
    values.each = formatDecimal(effect.units, terms.unit.scale);
  }
  if (effect.kind === 'FIXED' || effect.kind === 'PER_ITEM')
    values.each = formatDecimal(effect.units, terms.unit.scale);
  if (factor !== undefined) values.factor = formatRate(factor);
  return values;
}

const loserValues = ({ offer, to }: Loser<Offer>, terms: ProgrammeTerms): Values => ({
  rule: offer.compiled.rule.code,
  name: offer.compiled.rule.name,
  by: to,
  units: formatDecimal(offer.worthUnits, terms.unit.scale),
  unit: terms.unit.code,
});

function missValues({ compiled, code, gap, spendMinor }: Miss, decided: Decided): Values {
  const { purchase, facts, terms, amountText } = decided;
  const { rule } = compiled;
  const values: Record<string, string> = { rule: rule.code, name: rule.name };
  const money = (minor: bigint): string => formatDecimal(minor, terms.currencyScale);
  if (gap !== undefined) {
    values.party = gap.party;
    values.date = purchase.businessDate;
  }
  if (spendMinor !== undefined) {
    values.base = spendMinor === purchase.amountMinor ? amountText() : money(spendMinor);
    values.currency = terms.currencyCode;
  }
  const { minimum, maximum, minimumItems, reaches, tiers } = rule.when;
  if (code === 'MINIMUM_NOT_MET' && minimum !== undefined) {
    values.minimum = compiled.minimumText ?? '';
    if (minimum.exclusive) values.exclusive = 'true';
  }
  if (code === 'MINIMUM_NOT_MET' && minimumItems !== undefined) values.items = String(minimumItems);
  if (code === 'MAXIMUM_PASSED' && maximum !== undefined) values.maximum = money(maximum.amountMinor);
  if (code === 'MARK_NOT_REACHED' && reaches !== undefined) {
    values.metric = reaches.metric;
    values.mark = reaches.metric === 'SPEND' ? money(reaches.mark) : reaches.mark.toString();
    const before = facts.progress?.[rule.code]?.before ?? 0n;
    values.before = reaches.metric === 'SPEND' ? money(before) : before.toString();
  }
  if (code === 'OTHER_TIER' || code === 'RULE_RATE_ZERO') values.tier = facts.tier;
  if (code === 'OTHER_TIER' && tiers !== undefined) values.tiers = tiers.join(' ');
  return values;
}

const capNode = ({ cap, units, left }: Withheld, purchase: Purchase, terms: ProgrammeTerms): Explanation =>
  reason(cap.holder === 'EVERYONE' ? 'BUDGET' : 'CAPPED', () => ({
    cap: cap.code,
    measure: cap.measure,
    per: cap.per,
    max: cap.maxShare === undefined ? inMeasure(cap, cap.max, terms) : formatRate(cap.maxShare),
    period: capPeriod(cap, purchase),
    left: inMeasure(cap, left, terms),
    withheld: formatDecimal(units, terms.unit.scale),
    unit: terms.unit.code,
  }));

export const inMeasure = ({ measure }: Cap, value: bigint, terms: ProgrammeTerms): string =>
  measure === 'COUNT'
    ? value.toString()
    : formatDecimal(value, measure === 'SPEND' ? terms.currencyScale : terms.unit.scale);
