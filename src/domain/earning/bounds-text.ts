/** Bounds in words and as the YAML line that would make one. */
import { formatDecimal } from '../money/decimal.js';
import { describeRate } from '../money/rate.js';
import type { CapSuggestion } from './bound-suggestion.js';
import type { Bound, Limit } from './bounds.js';
import type { Period, ProgrammeTerms } from './model.js';

export const PERIOD_NAMES: Readonly<Record<Period, string>> = {
  TRANSACTION: 'purchase',
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
  QUARTER: 'quarter',
  YEAR: 'year',
  STATEMENT: 'statement',
  CAMPAIGN: 'campaign',
  LIFETIME: 'lifetime',
};

const HOLDER_NAMES: Readonly<Record<Limit['holder'], string>> = {
  MEMBER: '',
  CARD: ' of each card',
  ACCOUNT: ' of each account',
  EVERYONE: ' of all members together',
};

/** "30.00 PTS a month (cap groceries-month)". */
export function limitText({ stated, roundedUp, per, holder, caps }: Limit, { unit }: ProgrammeTerms): string {
  const most = `${formatDecimal(stated, unit.scale)} ${unit.code} ${per === 'LIFETIME' ? 'ever' : `a ${PERIOD_NAMES[per]}`}`;
  const why = caps.length === 0 ? '' : ` (${caps.length === 1 ? 'cap' : 'caps'} ${caps.join(', ')})`;
  const more = roundedUp === stated ? '' : `, ${formatDecimal(roundedUp, unit.scale)} if every purchase rounds up`;
  return `${most}${HOLDER_NAMES[holder]}${why}${more}`;
}

/** The limits, one sentence each; a word when nothing bounds the rule in time. */
export function boundLines(bound: Bound, terms: ProgrammeTerms): string[] {
  const lines = bound.limits.map((limit) => limitText(limit, terms));
  if (bound.bounded === 'MEMBER') return lines;
  lines.push(bound.bounded === 'CARD' ? 'UNBOUNDED for a member with many cards' : 'UNBOUNDED');
  if (bound.suggestion !== undefined) lines.push(...suggestionLines(bound.suggestion, terms));
  return lines;
}

function suggestionLines(suggestion: CapSuggestion, terms: ProgrammeTerms): string[] {
  const { instead, spendMinor } = suggestion;
  const lines: string[] = [];
  if (instead?.because === 'HELD_BY_CARD') lines.push(`would be bounded if cap ${instead.cap} were of: MEMBER`);
  if (instead?.because === 'OTHER_DAYS') lines.push(`would be bounded if cap ${instead.cap} had the days of the rule`);
  const size =
    spendMinor === undefined
      ? ''
      : ` # what ${formatDecimal(spendMinor, terms.currencyScale)} ${terms.currencyCode} a month earns`;
  lines.push(`would be bounded by, for instance: ${suggestionYaml(suggestion, terms)}${size}`);
  return lines;
}

/** A line for `caps:` of the programme's file. */
export function suggestionYaml({ measure, per, max, rules, categories }: CapSuggestion, terms: ProgrammeTerms): string {
  const { scale } = terms.unit;
  const fields = [
    `code: ${rules.join('-')}-${PERIOD_NAMES[per]}`,
    `measure: ${measure}`,
    `per: ${PERIOD_NAMES[per]}`,
    `max: ${measure === 'REWARD' ? formatDecimal(max, scale) : max}`,
    `rules: [${rules.join(', ')}]`,
    ...(categories === undefined ? [] : [`categories: [${categories.join(', ')}]`]),
  ];
  return `- { ${fields.join(', ')} }`;
}

/** Caps that stand in the limits of several rules: what each could take alone, they can only take together. */
export function sharedCaps(bounds: readonly Bound[]): string[] {
  const rulesOf = new Map<string, number>();
  for (const { limits } of bounds) {
    for (const cap of new Set(limits.flatMap(({ caps }) => caps))) rulesOf.set(cap, (rulesOf.get(cap) ?? 0) + 1);
  }
  return [...rulesOf].flatMap(([cap, rules]) =>
    rules > 1 ? [`cap ${cap} is shared by ${rules} rules: together they pay no more than it allows`] : [],
  );
}

/** "3 %", or "deckhand 1 %, captain 3 %" where tiers differ; a dash when the reward is no share of the spend. */
export function ratesText({ rates }: Bound): string {
  const texts = rates.map(({ tier, rate }) => [tier, describeRate(rate)] as const);
  if (new Set(texts.map(([, text]) => text)).size <= 1) return texts[0]?.[1] ?? '-';
  return texts.map(([tier, text]) => `${tier} ${text}`).join(', ');
}
