/**
 * Goals of a tier as sentences: "3,200.00 EUR more by 31 March 2027 keeps Gold."
 */
import type { ProgrammeTerms } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { formatDecimal } from '../money/decimal.js';
import type { TierForecast, TierGoal } from './forecast.js';

type MetricTerms = Pick<ProgrammeTerms, 'tiers' | 'currencyCode' | 'currencyScale' | 'unit'>;

/** An amount of the ladder's metric as a number: "3200.00", "17". */
export function formatMetric({ tiers, currencyScale, unit }: MetricTerms, metric: bigint): string {
  switch (tiers.metric) {
    case 'KEPT_SPEND':
      return formatDecimal(metric, currencyScale);
    case 'REWARDS_ACCRUED':
      return formatDecimal(metric, unit.scale);
    case 'PURCHASES':
      return metric.toString();
  }
}

/** What to do for `goal`, which reaches the next level or keeps this one, said on `today`. */
export function goalSentence(terms: MetricTerms, goal: TierGoal, verb: 'reach' | 'keep', today: BusinessDate): string {
  const level = terms.tiers.levels.find(({ code }) => code === goal.level)?.name ?? goal.level;
  const later = goal.from > today;
  const days = later ? `from ${inWords(goal.from)} to ${inWords(goal.by)}` : `by ${inWords(goal.by)}`;
  const { amount, plural } = amountOf(terms, goal.missing, later ? '' : ' more');
  return `${amount} ${days} ${plural ? verb : `${verb}${verb === 'reach' ? 'es' : 's'}`} ${level}.`;
}

/** Everything there is to say about a tier's future; empty when nothing is. */
export function forecastSentences(
  terms: MetricTerms,
  { tier, heldUntil, keep, next }: TierForecast,
  today: BusinessDate,
): string[] {
  const name = terms.tiers.levels.find(({ code }) => code === tier)?.name ?? tier;
  return [
    ...(heldUntil === undefined ? [] : [`${name} is yours until ${inWords(heldUntil)}.`]),
    ...(keep === undefined ? [] : [goalSentence(terms, keep, 'keep', today)]),
    ...(next === undefined ? [] : [goalSentence(terms, next, 'reach', today)]),
  ];
}

function amountOf(terms: MetricTerms, missing: bigint, more: string): { amount: string; plural: boolean } {
  const number = grouped(formatMetric(terms, missing));
  switch (terms.tiers.metric) {
    case 'KEPT_SPEND':
      return { amount: `${number} ${terms.currencyCode}${more}`, plural: false };
    case 'REWARDS_ACCRUED':
      return { amount: `${number} ${terms.unit.code}${more}`, plural: false };
    case 'PURCHASES':
      return missing === 1n
        ? { amount: `1${more} purchase`, plural: false }
        : { amount: `${number}${more} purchases`, plural: true };
  }
}

/** "3200.00" -> "3,200.00" */
function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const inWords = (date: BusinessDate): string =>
  `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;
