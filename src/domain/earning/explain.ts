/**
 * Explanations: building the tree, putting it into words, and its digest.
 *
 * A node carries a code and values; its sentence is made from them when somebody reads it, because most
 * explanations are only hashed.
 */
import { hash } from 'node:crypto';
import { describeRate, parseRate } from '../money/rate.js';
import type { Explanation, ExplanationCode, ZeroReason } from './model.js';

export type Values = Readonly<Record<string, string>>;

class Reason<Subject, Context> implements Explanation {
  private made: Values | undefined;

  constructor(
    readonly code: ExplanationCode,
    private readonly make: (subject: Subject, context: Context) => Values,
    private readonly subject: Subject,
    private readonly context: Context,
    readonly children: readonly Explanation[],
  ) {}

  get values(): Values {
    this.made ??= this.make(this.subject, this.context);
    return this.made;
  }

  get text(): string {
    return SENTENCES[this.code](this.values);
  }
}

const NO_CHILDREN: readonly Explanation[] = [];

/** One node of an explanation; its values are made when they are first asked for. */
export const reason = (
  code: ExplanationCode,
  values: () => Values,
  children: readonly Explanation[] = NO_CHILDREN,
): Explanation => new Reason(code, values, undefined, undefined, children);

/** The same of a subject: decisions make dozens of nodes, and this needs no function of its own for each. */
export const reasonOf = <Subject, Context>(
  code: ExplanationCode,
  make: (subject: Subject, context: Context) => Values,
  subject: Subject,
  context: Context,
  children: readonly Explanation[] = NO_CHILDREN,
): Explanation => new Reason(code, make, subject, context, children);

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
  PRODUCT: 'because of its products',
  OUTLET: 'because of its outlet',
  PARTNER: 'because of its partner',
  SUBMITTED: 'as the submitting partner said',
  MCC: 'by its merchant category code',
  DESCRIPTOR: 'by its descriptor',
  NOTHING: 'because nothing classifies it',
};

/** Why nothing is earned at all, as the end of a sentence. */
const IN_WORDS: Readonly<Record<ZeroReason, string>> = {
  EXCLUDED_MCC: 'its merchant category code is excluded',
  EXCLUDED_PRODUCT: 'all of its products are excluded',
  BUDGET: 'the budget of the campaign is used up',
  CAPPED: 'the caps of the period are used up',
  ROUNDED_TO_ZERO: 'the reward rounds to zero',
  MINIMUM_NOT_MET: 'a minimum is not met',
  MAXIMUM_PASSED: 'a maximum is passed',
  MARK_NOT_REACHED: 'the mark of the period is not reached yet',
  NOT_IN_SEGMENT: 'the offer is for others',
  NOT_ACTIVATED: 'the offer was not activated',
  NOT_CHOSEN: 'the category was not chosen',
  NOT_BIRTHDAY: 'it is not the time of the birthday',
  OTHER_VARIANT: 'the experiment gives the offer to others',
  OTHER_TIER: 'the offer is for other tiers',
  FUNDER_EXHAUSTED: 'the partner who would pay can be charged no more',
  NO_CONTRACT: 'no contract is in force with the partner who would pay',
  NO_MERCHANT: 'the merchant is not a partner',
  NO_ISSUER: 'the card issuer is not a partner',
  RULE_RATE_ZERO: 'the rate for this tier and category is zero',
  NOTHING_TO_REWARD: 'nothing of it was paid in money',
  OTHER_TIME: 'all rules are for other times',
  OTHER_CHANNEL: 'all rules are for other channels',
  OTHER_CARD: 'all rules are for other cards',
  OTHER_PRODUCT: 'all rules are for other products',
  OTHER_CATEGORY: 'all rules are for other categories',
  RULE_NOT_IN_FORCE: 'no rule is in force on this day',
  RULE_OTHER_PARTNER: 'all rules are for other partners',
  OTHER_EVENT: 'no rule is for this event',
  NO_RULE: 'the programme has no rule',
};

const ORPHANED: Readonly<Record<string, string>> = {
  ORPHAN_NO_PURCHASE_AT_MERCHANT: 'no earlier purchase with this card at this merchant is known',
  ORPHAN_ALL_PURCHASES_SMALLER: 'every earlier purchase with this card at this merchant is smaller than the refund',
  ORPHAN_PURCHASE_NOT_SEEN: 'the purchase it names is not known yet',
};

const PERIOD_WORDS: Readonly<Record<string, string>> = {
  TRANSACTION: 'per purchase',
  DAY: 'of the day',
  WEEK: 'of the week from',
  MONTH: 'of the month from',
  QUARTER: 'of the quarter from',
  YEAR: 'of the year from',
  STATEMENT: 'of the statement cycle from',
  CAMPAIGN: 'of the campaign from',
  LIFETIME: 'for good',
};

const inPeriod = ({ per, period }: Values): string => {
  const words = PERIOD_WORDS[per ?? ''] ?? '';
  return words.endsWith('from') ? `${words} ${period}` : words === 'of the day' ? `of ${period}` : words;
};

const ofCap = (v: Values): string =>
  v.measure === 'SPEND' ? ' of spend' : v.measure === 'COUNT' ? ' purchases' : ` ${v.unit}`;

/** How a reward came about, by the kind of its effect. */
function computed(v: Values): string {
  const base = `${v.base} ${v.currency}`;
  switch (v.effect) {
    case 'RATE':
    case 'TIER_CATEGORY_MATRIX':
      return `${percent(v)} of ${base}`;
    case 'STEP':
      return `${v.each} ${v.unit} for every full ${v.every} of ${base}`;
    case 'FIXED':
      return v.times === '1' ? `a fixed ${v.each} ${v.unit}` : `${v.times} times ${v.each} ${v.unit}`;
    case 'PER_ITEM':
      return `${v.each} ${v.unit} for each of ${v.items} ${v.items === '1' ? 'item' : 'items'}`;
    case 'MULTIPLIER':
      return `${describeFactor(v.by)} times ${v.of} on ${base}`;
    default:
      return `by bands on ${base}`;
  }
}

const describeFactor = (by: string | undefined): string => {
  const [numerator, denominator] = (by ?? '').split('/');
  return denominator === '1' ? `${numerator}` : `${by}`;
};

const rules = (v: Values, one: string, many: string): string =>
  v.rules === '1' ? `One rule ${one}.` : `${v.rules} rules ${many}.`;

const METRIC_WORDS: Readonly<Record<string, string>> = {
  PURCHASES: 'purchases',
  SPEND: 'of spend',
  PARTNERS: 'different partners',
  CATEGORIES: 'different categories',
};

/** Exhaustive: a code without a sentence does not compile. */
const SENTENCES: Readonly<Record<ExplanationCode, (values: Values) => string>> = {
  PURCHASE: (v) => `A purchase of ${v.amount} ${v.currency} on ${v.date} earns ${v.units} ${v.unit}.`,
  ACTION: (v) => `The event "${v.action}" on ${v.date} earns ${v.units} ${v.unit}.`,
  CATEGORY: (v) =>
    `The purchase counts as ${v.category} ${CLASSIFIED_BY[v.how ?? ''] ?? ''}${v.mcc === undefined ? '' : ` ${v.mcc}`}.`,
  ATTRIBUTED: (v) =>
    `It was authorised on ${v.authorised} and posted on ${v.posted}; the day of ${v.policy === 'POSTING' ? 'posting' : 'authorisation'} counts.`,
  TIER: (v) => `The member's tier is ${v.tier}, with ${v.value} ${v.of} in the tier's window before this purchase.`,
  VARIANT: (v) => `In the experiment ${v.experiment} the member is in the variant ${v.variant}.`,
  EXCLUDED_MCC: (v) => `Merchant category code ${v.mcc} does not earn: ${v.reason}.`,
  EXCLUDED_PRODUCT: (v) => `${v.amount} ${v.currency} of ${v.product} do not earn: ${v.reason}.`,
  RULE_APPLIED: (v) =>
    `${v.name}: ${computed(v)} is ${v.rounded} ${v.unit}${v.units === v.rounded ? '' : `, of which ${v.units} are granted`}.`,
  OVER_THE_CAP: (v) => `Above the cap of ${v.above}, ${v.name} pays instead: ${computed(v)} is ${v.units} ${v.unit}.`,
  STACKED_OUT: (v) => `${v.name} would give ${v.units} ${v.unit}, but ${v.by} pays instead.`,
  RULE_NOT_IN_FORCE: (v) => rules(v, `is not in force on ${v.date}`, `are not in force on ${v.date}`),
  RULE_OTHER_PARTNER: (v) => rules(v, 'is for other partners only', 'are for other partners only'),
  OTHER_CATEGORY: (v) => rules(v, 'is for other categories', 'are for other categories'),
  OTHER_CHANNEL: (v) => rules(v, 'is for other channels', 'are for other channels'),
  OTHER_CARD: (v) => rules(v, 'is for other cards', 'are for other cards'),
  OTHER_TIME: (v) => rules(v, 'is for other days or hours', 'are for other days or hours'),
  OTHER_PRODUCT: (v) =>
    rules(v, 'is for products that are not in the basket', 'are for products that are not in the basket'),
  OTHER_EVENT: () => 'No rule is for this event.',
  RULE_RATE_ZERO: (v) => `${v.name} has no reward for tier ${v.tier} here.`,
  NOTHING_TO_REWARD: (v) => `${v.name} finds nothing to reward: nothing of it was paid in money.`,
  MINIMUM_NOT_MET: (v) =>
    v.minimum === undefined
      ? `${v.name} needs at least ${v.items} items.`
      : `${v.name} needs ${v.exclusive === 'true' ? 'more than' : 'at least'} ${v.minimum} ${v.currency}, and its base here is ${v.base}.`,
  MAXIMUM_PASSED: (v) => `${v.name} is for amounts up to ${v.maximum} ${v.currency}, and its base here is ${v.base}.`,
  MARK_NOT_REACHED: (v) =>
    `${v.name} waits for ${v.mark} ${METRIC_WORDS[v.metric ?? ''] ?? ''}, and ${v.before} were there before this purchase.`,
  NOT_IN_SEGMENT: (v) => `${v.name} is for members of other segments.`,
  NOT_ACTIVATED: (v) => `${v.name} was not activated before this purchase.`,
  NOT_CHOSEN: (v) => `${v.name} is for chosen categories, and this one was not chosen.`,
  NOT_BIRTHDAY: (v) => `${v.name} is for the days around the birthday.`,
  OTHER_VARIANT: (v) => `${v.name} is for another variant of its experiment.`,
  OTHER_TIER: (v) => `${v.name} is for ${v.tiers}, and the member's tier is ${v.tier}.`,
  NO_MERCHANT: (v) => `${v.name} does not apply: the merchant would pay, and this merchant is not a partner.`,
  NO_ISSUER: (v) =>
    `${v.name} does not apply: the card issuer would pay, and this purchase was not made with a partner's card.`,
  FUNDER_EXHAUSTED: (v) =>
    `${v.name} does not apply: the ${party(v)} would pay, and can be charged no more until it pays or buys another block.`,
  NO_CONTRACT: (v) => `${v.name} does not apply: the ${party(v)} would pay, and has no contract in force on ${v.date}.`,
  NO_RULE: () => 'The programme has no earning rule.',
  ROUNDED_TO_ZERO: (v) => `${v.name}: the reward on ${v.base} ${v.currency} rounds to zero.`,
  CAPPED: (v) =>
    `The cap ${v.cap} of ${inMax(v)} ${inPeriod(v)} had ${v.left} left and withheld ${v.withheld} ${v.unit}.`,
  BUDGET: (v) =>
    `The budget ${v.cap} of ${inMax(v)} had ${v.left} left for everyone and withheld ${v.withheld} ${v.unit}.`,
  FUNDED_BY: (v) => `${v.units} ${v.unit} are paid by ${v.funder}, whose share is ${inPercent(v.share)}.`,
  NOTHING_EARNED: (v) => `Nothing is earned: ${IN_WORDS[v.because as ZeroReason] ?? v.because}.`,
  ORPHAN_REFUND: (v) => `By itself it takes nothing back: ${ORPHANED[v.reason ?? ''] ?? v.reason}.`,
  ORPHAN_JOINED: (v) =>
    `It has found its purchase since, ${v.by === 'BY_HAND' ? 'by hand' : 'by the reference'}, and counts with that one.`,
  SAME_PURCHASE: (v) =>
    `It is the same purchase as another one${v.by === 'BY_HAND' ? ', as somebody has confirmed' : ''}, and counts with that one.`,
  REFUND_REEVALUATED: (v) =>
    `After the refund ${v.kept} ${v.currency} of the purchase are kept; by the rules of its day ${v.units} ${v.unit} of ${v.before} remain.`,
  REFUND_PART: (v) => `${v.rule}, paid by ${v.funder}: ${v.units} ${v.unit} of ${v.before} remain.`,
};

const inMax = (v: Values): string => (v.max?.includes('/') ? inPercent(v.max) : `${v.max}${ofCap(v)}`);

/** SHA-256 (32 bytes) over codes and values in canonical form; wording and key order do not matter. */
export const explanationDigest = (explanation: Explanation): Buffer => hash('sha256', canonical(explanation), 'buffer');

/** Values carry their length, so that no two trees write the same text. */
function canonical(node: Explanation): string {
  const { code, values, children } = node;
  let text = `(${code}`;
  for (const key of sortedKeys(code, values)) {
    const value = values[key] as string;
    text += ` ${key}=${value.length}:${value}`;
  }
  for (const child of children) text += canonical(child);
  return `${text})`;
}

/** Nodes of one code are made with a handful of lists of keys between them; each is sorted once. */
const keyOrders = new Map<
  ExplanationCode,
  { readonly keys: readonly string[]; readonly sorted: readonly string[] }[]
>();

function sortedKeys(code: ExplanationCode, values: Values): readonly string[] {
  const keys = Object.keys(values);
  let orders = keyOrders.get(code);
  if (orders === undefined) {
    orders = [];
    keyOrders.set(code, orders);
  }
  const known = orders.find((order) => isSame(order.keys, keys));
  if (known !== undefined) return known.sorted;
  const sorted = keys.toSorted();
  orders.push({ keys, sorted });
  return sorted;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
