/**
 * Explanations: building the tree, putting it into words, and its digest.
 *
 * A node carries a code and values; its sentence is made from them when somebody reads it, because most
 * explanations are only hashed.
 */
import { hash } from 'node:crypto';
import { describeRate, parseRate } from '../money/rate.js';
import type { Explanation, ExplanationCode } from './model.js';

type Values = Readonly<Record<string, string>>;

class Reason implements Explanation {
  constructor(
    readonly code: ExplanationCode,
    readonly values: Values,
    readonly children: readonly Explanation[],
  ) {}

  get text(): string {
    return SENTENCES[this.code](this.values);
  }
}

const NO_CHILDREN: readonly Explanation[] = [];

/** One node of an explanation. */
export const reason = (
  code: ExplanationCode,
  values: Values,
  children: readonly Explanation[] = NO_CHILDREN,
): Explanation => new Reason(code, values, children);

const inPercent = (rate: string | undefined): string => {
  const parsed = parseRate(rate ?? '');
  return parsed === undefined ? `${rate}` : describeRate(parsed);
};
const percent = (values: Values): string => inPercent(values.rate);

const PARTY_WORDS: Readonly<Record<string, string>> = {
  MERCHANT: 'merchant',
  ISSUER: 'card issuer',
  PROGRAMME: 'programme',
};
const party = (values: Values): string => PARTY_WORDS[values.party ?? ''] ?? `${values.party}`;

const CLASSIFIED_BY: Readonly<Record<string, string>> = {
  OUTLET: 'because of its outlet',
  PARTNER: 'because of its partner',
  SUBMITTED: 'as the submitting partner said',
  MCC: 'by its merchant category code',
  NOTHING: 'because nothing classifies it',
};

const IN_WORDS: Readonly<Record<string, string>> = {
  EXCLUDED_MCC: 'its merchant category code is excluded',
  CAPPED: 'the caps of the period are used up',
  ROUNDED_TO_ZERO: 'the reward rounds to zero',
  NO_CONTRACT: 'no contract is in force with the partner who would pay',
  NO_MERCHANT: 'the merchant is not a partner',
  NO_ISSUER: 'the card issuer is not a partner',
  RULE_RATE_ZERO: 'the rate for this tier and category is zero',
  RULE_NOT_IN_FORCE: 'no rule is in force on this day',
  RULE_OTHER_PARTNER: 'all rules are for other partners',
  NO_RULE: 'the programme has no rule',
};

const ORPHANED: Readonly<Record<string, string>> = {
  ORPHAN_NO_PURCHASE_AT_MERCHANT: 'no earlier purchase with this card at this merchant is known',
  ORPHAN_ALL_PURCHASES_SMALLER: 'every earlier purchase with this card at this merchant is smaller than the refund',
};

/** Exhaustive: a code without a sentence does not compile. */
const SENTENCES: Readonly<Record<ExplanationCode, (values: Values) => string>> = {
  PURCHASE: (v) => `A purchase of ${v.amount} ${v.currency} on ${v.date} earns ${v.units} ${v.unit}.`,
  CATEGORY: (v) =>
    `The purchase counts as ${v.category} ${CLASSIFIED_BY[v.how ?? ''] ?? ''}${v.mcc === undefined ? '' : ` ${v.mcc}`}.`,
  TIER: (v) =>
    `The member's tier is ${v.tier}, with ${v.windowSpend} ${v.currency} kept in the tier's window before this purchase.`,
  EXCLUDED_MCC: (v) => `Merchant category code ${v.mcc} does not earn: ${v.reason}.`,
  RULE_APPLIED: (v) =>
    `${v.name}: ${percent(v)} of ${v.amount} ${v.currency} is ${v.rounded} ${v.unit}${v.units === v.rounded ? '' : `, of which ${v.units} are granted`}.`,
  RULE_NOT_IN_FORCE: (v) =>
    `${v.name} is not in force on ${v.date}${v.from ? `, it starts on ${v.from}` : ''}${v.until ? `, it ended on ${v.until}` : ''}.`,
  RULE_OTHER_PARTNER: (v) =>
    v.rules === '1' ? 'One rule is for other partners only.' : `${v.rules} rules are for other partners only.`,
  RULE_RATE_ZERO: (v) => `${v.name} has no reward for tier ${v.tier} and category ${v.category}.`,
  NO_MERCHANT: (v) => `${v.name} does not apply: the merchant would pay, and this merchant is not a partner.`,
  NO_ISSUER: (v) =>
    `${v.name} does not apply: the card issuer would pay, and this purchase was not made with a partner's card.`,
  NO_CONTRACT: (v) => `${v.name} does not apply: the ${party(v)} would pay, and has no contract in force on ${v.date}.`,
  NO_RULE: () => 'The programme has no earning rule.',
  ROUNDED_TO_ZERO: (v) => `${v.name}: ${percent(v)} of ${v.amount} ${v.currency} rounds to zero.`,
  CAPPED: (v) =>
    `The cap ${v.cap} of ${v.max} ${v.unit} in the month from ${v.period} had ${v.left} left and withheld ${v.withheld}.`,
  FUNDED_BY: (v) => `${v.units} ${v.unit} are paid by ${v.funder}, whose share is ${inPercent(v.share)}.`,
  NOTHING_EARNED: (v) => `Nothing is earned: ${IN_WORDS[v.because ?? ''] ?? v.because}.`,
  ORPHAN_REFUND: (v) => `The refund takes nothing back: ${ORPHANED[v.reason ?? ''] ?? v.reason}.`,
  REFUND_REEVALUATED: (v) =>
    `After the refund ${v.kept} ${v.currency} of the purchase are kept; by the rules of its day ${v.units} ${v.unit} of ${v.before} remain.`,
  REFUND_PART: (v) => `${v.rule}, paid by ${v.funder}: ${v.units} ${v.unit} of ${v.before} remain.`,
};

/** SHA-256 (32 bytes) over codes and values in canonical form; wording and key order do not matter. */
export const explanationDigest = (explanation: Explanation): Buffer => hash('sha256', canonical(explanation), 'buffer');

/** Values carry their length, so that no two trees write the same text. */
function canonical(node: Explanation): string {
  let text = `(${node.code}`;
  for (const key of sortedKeys(node.values)) {
    const value = node.values[key] as string;
    text += ` ${key}=${value.length}:${value}`;
  }
  for (const child of node.children) text += canonical(child);
  return `${text})`;
}

/** Nodes of one code have a handful of sets of keys between them; each is sorted once. */
const keyOrders = new Map<string, readonly string[]>();

function sortedKeys(values: Values): readonly string[] {
  const keys = Object.keys(values);
  const written = keys.join();
  let order = keyOrders.get(written);
  if (order === undefined) {
    order = keys.sort();
    keyOrders.set(written, order);
  }
  return order;
}
