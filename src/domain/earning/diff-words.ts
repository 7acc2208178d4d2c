/** Values of a programme's terms as short words, for the sentences that say what changes. */
import { formatDecimal } from '../money/decimal.js';
import { describeRate, formatRate, multiplyRates, type Rate, rate } from '../money/rate.js';
import type { LotExpiry } from '../redemption/model.js';
import type {
  AmountBound,
  Cap,
  Conditions,
  EarningRule,
  Effect,
  EffectiveMccRange,
  Funding,
  Period,
  ProgrammeTerms,
  Progress,
  RefundPolicy,
  RewardBase,
  RewardRounding,
  TierLadder,
} from './model.js';

/** How a value reads under the terms it is part of: their currency, their unit. */
export type Say<T> = (value: T, terms: ProgrammeTerms) => string;

export const text: Say<string> = (value) => value;
export const quoted: Say<string> = (value) => `"${value}"`;
export const number: Say<number> = (value) => String(value);
export const listed: Say<readonly string[]> = (values) => (values.length === 0 ? 'none' : values.join(', '));
export const share: Say<Rate> = (value) => describeRate(value);
export const money: Say<bigint> = (minor, terms) => formatDecimal(minor, terms.currencyScale);
export const units: Say<bigint> = (amount, terms) => formatDecimal(amount, terms.unit.scale);
export const times = (value: Rate): string => (value.denominator === 1n ? String(value.numerator) : formatRate(value));

/** Capitals of the model in words: "AUTHORISATION" -> "authorisation". */
export const word: Say<string> = (value) => value.toLowerCase().replaceAll('_', ' ');

/** The worth of a whole unit in whole money. */
export const worth: Say<Rate> = (priceMinor, { unit, currencyScale }) => {
  const whole = multiplyRates(priceMinor, rate(10n ** BigInt(unit.scale), 10n ** BigInt(currencyScale)));
  return times(whole);
};

export function days({ from, until }: { readonly from?: string; readonly until?: string }): string {
  if (from !== undefined && until !== undefined) return ` from ${from} to ${until}`;
  return from === undefined ? (until === undefined ? '' : ` until ${until}`) : ` from ${from}`;
}

export const mccRange: Say<EffectiveMccRange> = (range) =>
  `${range.first === range.last ? range.first : `${range.first}-${range.last}`}${days(range)}`;

export const base: Say<RewardBase> = ({ without }) =>
  without.length === 0 ? 'gross' : `without ${without.map((part) => part.toLowerCase()).join(', ')}`;

export const rounding: Say<RewardRounding> = ({ mode, step, per, spend }, terms) => {
  const first =
    spend === undefined ? '' : `the spend to ${money(spend.toMinor, terms)} ${word(spend.mode, terms)}, then `;
  const to = step === 1n ? '' : ` to ${units(step, terms)}`;
  return `${first}${word(mode, terms)}${to} per ${per.toLowerCase()}`;
};

export const refunds: Say<RefundPolicy> = (value) =>
  value.policy === 'KEPT'
    ? 'by what is kept'
    : `as negative purchases by the rules of the ${value.rulesOf === 'RETURN_DATE' ? 'return' : 'purchase'} date`;

export const funding: Say<Funding> = (value) =>
  value.by === 'CONTRACT'
    ? `the ${value.of.toLowerCase()}, by contract`
    : value.shares.map(({ party, share: part }) => `${party.toLowerCase()} ${describeRate(part)}`).join(', ');

export const tierWindow: Say<TierLadder['window']> = (window) =>
  window.kind === 'ROLLING' ? `${window.days} rolling days` : `the calendar ${window.unit.toLowerCase()}`;

export const metricAmount: Say<bigint> = (amount, terms) => {
  const { metric } = terms.tiers;
  return metric === 'PURCHASES' ? String(amount) : (metric === 'KEPT_SPEND' ? money : units)(amount, terms);
};

export const period: Say<Period> = (value) => value.toLowerCase();

export const effect: Say<Effect> = (value, terms) => {
  switch (value.kind) {
    case 'RATE':
      return describeRate(value.rate);
    case 'STEP':
      return step(value, terms);
    case 'FIXED':
      return `${units(value.units, terms)} fixed`;
    case 'PER_ITEM':
      return `${units(value.units, terms)} per item`;
    case 'MULTIPLIER':
      return `${times(value.by)} times ${value.of} (${value.pays.toLowerCase()})`;
    case 'BANDS':
      return bands(value.bands, terms);
    case 'TIER_CATEGORY_MATRIX':
      return 'rates by tier and category';
  }
};

export const step: Say<{ readonly units: bigint; readonly everyMinor: bigint }> = (value, terms) =>
  `${units(value.units, terms)} per full ${money(value.everyMinor, terms)}`;

export const bands: Say<readonly { readonly uptoMinor?: bigint; readonly rate: Rate }[]> = (all, terms) =>
  all
    .map(({ uptoMinor, rate: each }) =>
      uptoMinor === undefined ? `then ${describeRate(each)}` : `${describeRate(each)} to ${money(uptoMinor, terms)}`,
    )
    .join(', ');

export const amountBound: Say<AmountBound> = ({ amountMinor, exclusive }, terms) =>
  `${money(amountMinor, terms)}${exclusive ? ' (itself not)' : ''}`;

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
export const weekday: Say<number> = (value) => WEEKDAYS[value - 1] ?? String(value);

export const hours: Say<NonNullable<Conditions['hours']>> = (windows) =>
  windows.map(({ from, until }) => `${from}-${until}`).join(', ');

export const activation: Say<NonNullable<Conditions['activation']>> = ({ per }) =>
  per === undefined ? 'once' : `every ${per.toLowerCase()}`;

export const birthday: Say<NonNullable<Conditions['birthday']>> = ({ daysBefore, daysAfter, leapDay }) =>
  `${daysBefore} days before to ${daysAfter} after, leap day on ${leapDay === 'FEB_28' ? '28 February' : '1 March'}`;

export const reaches: Say<Progress> = ({ metric, per, mark, repeats, atSamePartner }, terms) => {
  const amount = metric === 'SPEND' ? money(mark, terms) : String(mark);
  const often = repeats ? 'every ' : '';
  return `${often}${amount} ${metric.toLowerCase()} per ${per.toLowerCase()}${atSamePartner ? ' at the same partner' : ''}`;
};

export const experimentOf: Say<NonNullable<Conditions['experiment']>> = ({ code, variants }) =>
  `${variants.join(' or ')} of ${code}`;

export const lotExpiry: Say<LotExpiry> = (expiry) => {
  switch (expiry.kind) {
    case 'NEVER':
      return 'never';
    case 'ROLLING':
      return `${expiry.days} days after the last activity`;
    case 'DAYS':
    case 'MONTHS':
      return `${expiry.count} ${expiry.kind.toLowerCase()} after ${since(expiry.from)}`;
    case 'END_OF_MONTH':
    case 'END_OF_YEAR': {
      const unit = expiry.kind === 'END_OF_MONTH' ? 'month' : 'year';
      return `at the end of ${unit} ${expiry.count} after ${since(expiry.from)}`;
    }
  }
};

const since = (from: 'AVAILABLE' | 'ACCRUAL'): string => (from === 'AVAILABLE' ? 'becoming available' : 'the accrual');

/** The most that a cap allows, in its own measure. */
export const capAmount = (amount: bigint, { measure }: Cap, terms: ProgrammeTerms): string =>
  measure === 'COUNT' ? String(amount) : (measure === 'SPEND' ? money : units)(amount, terms);

export const capWords: Say<Cap> = (cap, terms) => {
  const most = cap.maxShare === undefined ? capAmount(cap.max, cap, terms) : describeRate(cap.maxShare);
  const of = cap.holder === 'EVERYONE' ? 'everyone together' : cap.holder.toLowerCase();
  return `${most} of ${cap.measure.toLowerCase()} per ${cap.per.toLowerCase()} and ${of}${days(cap)}`;
};

export const ruleWords: Say<EarningRule> = (rule, terms) =>
  `${effect(rule.effect, terms)}, paid by ${funding(rule.funding, terms)}`;
