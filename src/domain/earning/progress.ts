/**
 * Progress towards marks: what a member has done in a period before this very purchase.
 *
 * A rule that `reaches` a mark counts kept purchases of its period that its partners, outlets, channels and
 * categories cover; its other conditions are about the purchase that reaches the mark. All that were recorded
 * before count, in whatever order, those of later days of the same period too.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import {
  type Channel,
  type Conditions,
  type EarningRule,
  type ProgrammeTerms,
  type Progress,
  type ProgressBefore,
  type Purchase,
  UNCATEGORISED,
} from './model.js';
import { periodEnd, periodStart } from './periods.js';

/** What progress needs to know of a purchase that was decided before. */
export interface PastPurchase {
  readonly id: string;
  readonly businessDate: BusinessDate;
  /** Minor units; what was given back entirely counts for nothing. */
  readonly keptMinor: bigint;
  readonly partnerCode?: string;
  readonly outletCode?: string;
  readonly channel?: Channel;
  readonly category: string;
}

/**
 * Where the progress of each rule with a mark stood before `purchase`, which is in `category`. Rules that the
 * purchase cannot meet and rules with nothing yet are left out.
 *
 * @param past the member's earlier purchases, back to `progressPeriodStart` at least, without this one
 */
export function progressBefore(
  terms: ProgrammeTerms,
  purchase: Purchase,
  category: string,
  past: readonly PastPurchase[],
): Record<string, ProgressBefore> {
  const progress: Record<string, ProgressBefore> = {};
  for (const rule of rulesWithMarks(terms)) {
    if (!concerns(rule, purchase)) continue;
    if (rule.when.categories?.includes(category) === false) {
      // Marks go by the category of the whole purchase; a line in another one neither counts nor reaches them.
      if (purchase.lines !== undefined) progress[rule.code] = { before: 0n, fresh: false };
      continue;
    }
    const counted = past.filter(countedBy(rule, purchase));
    const stood = standing(rule.when.reaches, purchase, category, counted);
    if (stood.before > 0n || stood.fresh === false) progress[rule.code] = stood;
  }
  return progress;
}

/** First day from which past purchases are needed to decide on this one; undefined when none are. */
export function progressPeriodStart(terms: ProgrammeTerms, purchase: Purchase): BusinessDate | undefined {
  let earliest: BusinessDate | undefined;
  for (const rule of rulesWithMarks(terms)) {
    if (rule.when.reaches.per === 'TRANSACTION' || !concerns(rule, purchase)) continue;
    const { first } = daysOf(rule, purchase);
    if (earliest === undefined || first < earliest) earliest = first;
  }
  return earliest;
}

/** What the counted purchases amount to, and whether this one adds to what only counts when it is different. */
function standing(
  { metric, atSamePartner }: Progress,
  { merchant }: Purchase,
  category: string,
  counted: readonly PastPurchase[],
): ProgressBefore {
  // Away from any partner nothing is done "at the same partner".
  if (atSamePartner && merchant === undefined) return { before: 0n, fresh: false };
  switch (metric) {
    case 'PURCHASES':
      return { before: BigInt(counted.length) };
    case 'SPEND':
      return { before: counted.reduce((sum, { keptMinor }) => sum + keptMinor, 0n) };
    case 'PARTNERS':
      return distinct(
        counted.map(({ partnerCode }) => partnerCode),
        merchant?.partnerCode,
      );
    case 'CATEGORIES':
      // A purchase that nothing classifies is in no category.
      return distinct(
        counted.map((one) => (one.category === UNCATEGORISED ? undefined : one.category)),
        category === UNCATEGORISED ? undefined : category,
      );
  }
}

function distinct(before: readonly (string | undefined)[], own: string | undefined): ProgressBefore {
  const known = new Set(before.filter((code) => code !== undefined));
  return { before: BigInt(known.size), fresh: own !== undefined && !known.has(own) };
}

type MarkedRule = EarningRule & { readonly when: Conditions & { readonly reaches: Progress } };

const markedRules = new WeakMap<ProgrammeTerms, readonly MarkedRule[]>();

function rulesWithMarks(terms: ProgrammeTerms): readonly MarkedRule[] {
  let marked = markedRules.get(terms);
  if (marked === undefined) {
    marked = terms.rules.filter((rule): rule is MarkedRule => rule.when.reaches !== undefined);
    markedRules.set(terms, marked);
  }
  return marked;
}

/** Whether the purchase could meet the rule as far as event, day and place say. */
function concerns({ when }: MarkedRule, { action, businessDate, merchant, channel }: Purchase): boolean {
  return (
    when.action === action &&
    (when.from === undefined || when.from <= businessDate) &&
    (when.until === undefined || businessDate <= when.until) &&
    isPlaceOf(when, merchant?.partnerCode, merchant?.outletCode, channel)
  );
}

function isPlaceOf(
  { partners, outlets, channels }: Conditions,
  partnerCode: string | undefined,
  outletCode: string | undefined,
  channel: Channel | undefined,
): boolean {
  return (
    (partners === undefined || (partnerCode !== undefined && partners.includes(partnerCode))) &&
    (outlets === undefined || (outletCode !== undefined && outlets.includes(`${partnerCode}/${outletCode}`))) &&
    (channels === undefined || (channel !== undefined && channels.includes(channel)))
  );
}

/** The period of this purchase, both days inclusive. A campaign's is its own. */
function daysOf(
  { when }: MarkedRule,
  { businessDate, card }: Purchase,
): { readonly first: BusinessDate; readonly last: BusinessDate } {
  const { per } = when.reaches;
  const marks = { statementDay: card?.statementDay, from: when.from };
  return {
    first: periodStart(per, businessDate, marks),
    last: per === 'CAMPAIGN' && when.until !== undefined ? when.until : periodEnd(per, businessDate, marks),
  };
}

function countedBy(rule: MarkedRule, purchase: Purchase): (past: PastPurchase) => boolean {
  const { when } = rule;
  // A transaction by itself has no past.
  if (when.reaches.per === 'TRANSACTION') return () => false;
  const { first, last } = daysOf(rule, purchase);
  const partner = when.reaches.atSamePartner ? purchase.merchant?.partnerCode : undefined;
  return (past) =>
    past.keptMinor > 0n &&
    first <= past.businessDate &&
    past.businessDate <= last &&
    (!when.reaches.atSamePartner || (partner !== undefined && past.partnerCode === partner)) &&
    (when.categories === undefined || when.categories.includes(past.category)) &&
    isPlaceOf(when, past.partnerCode, past.outletCode, past.channel);
}
