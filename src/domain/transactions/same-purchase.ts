/**
 * Whether two sides tell of the same purchase: its merchant, and the bank whose card paid. Every likeness is a row of
 * a table with its points; enough of them and the two are one, a few less and somebody is asked.
 *
 * The answer depends on the two tellings alone, not on which came first.
 */
import { type BusinessDate, daysBetween } from '../kernel/calendar.js';
import { bestLikeness } from './name-likeness.js';
import type { Side } from './teller.js';

export const POINTS = {
  SAME_AMOUNT: 40,
  SAME_ORIGINAL_AMOUNT: 40,
  AMOUNT_WITH_TIP: 15,
  AMOUNT_CONVERTED: 15,
  SAME_DAY: 20,
  NEXT_DAY: 15,
  WITHIN_THREE_DAYS: 10,
  WITHIN_A_WEEK: 5,
  SAME_CARD: 15,
  CARD_NOT_TOLD: 5,
  SAME_OUTLET: 25,
  SAME_MERCHANT_ID: 25,
  SAME_PARTNER: 20,
  NAME_IN_DESCRIPTOR: 15,
  MERCHANT_NOT_TOLD: 0,
  OTHER_NAME: -20,
  SAME_APPROVAL_CODE: 30,
} as const;
export type Ground = keyof typeof POINTS;

/** So many points and they are one purchase; so many and it is worth a look. */
export const JOIN_AT = 80;
export const PROPOSE_AT = 60;

/** How much the bank's amount may be above, and either differ from the other, in per cent of the merchant's. */
export const TIP_PERCENT = 20n;
export const CONVERSION_PERCENT = 3n;

/** A bank may tell of a purchase when it is cleared, days later. */
const DAYS: readonly { readonly atMost: number; readonly ground: Ground }[] = [
  { atMost: 0, ground: 'SAME_DAY' },
  { atMost: 1, ground: 'NEXT_DAY' },
  { atMost: 3, ground: 'WITHIN_THREE_DAYS' },
  { atMost: 7, ground: 'WITHIN_A_WEEK' },
];
export const MATCH_DAYS = 7;

/** A name of which so many per cent stand in the statement's text is that text's. */
export const ALIKE_FROM = 60;

/** What one side says of a purchase, as far as it can be compared. */
export interface Telling {
  /** Those who told it; a stored purchase may have several. */
  readonly sides: readonly Side[];
  readonly memberNo: number;
  readonly amountMinor: bigint;
  readonly original?: { readonly amount: string; readonly currencyCode: string };
  /** Any day that was told of it. */
  readonly days: readonly BusinessDate[];
  readonly occurredAt: Date;
  readonly cardId?: string;
  readonly merchantNo?: number;
  readonly outletCode?: string;
  readonly merchantId?: string;
  readonly descriptor?: string;
  /** Of the merchant and its outlet, where it is known. */
  readonly names: readonly string[];
  readonly approvalCode?: string;
}

export interface Likeness {
  readonly score: number;
  readonly grounds: readonly Ground[];
}

/** How alike two tellings are; nothing when they cannot be of one purchase. */
export function likeness(a: Telling, b: Telling): Likeness | undefined {
  if (a.memberNo !== b.memberNo || a.sides.some((side) => b.sides.includes(side))) return undefined;
  const amount = amountGround(a, b);
  const day = amount && dayGround(a, b);
  const card = day && cardGround(a, b);
  const merchant = card && merchantGround(a, b);
  if (amount === undefined || day === undefined || card === undefined || merchant === undefined) return undefined;
  const grounds: Ground[] = [amount, day, card, merchant];
  if (a.approvalCode !== undefined && b.approvalCode !== undefined) {
    if (a.approvalCode !== b.approvalCode) return undefined;
    grounds.push('SAME_APPROVAL_CODE');
  }
  return { score: grounds.reduce((sum, ground) => sum + POINTS[ground], 0), grounds };
}

function amountGround(a: Telling, b: Telling): Ground | undefined {
  if (a.amountMinor === b.amountMinor) return 'SAME_AMOUNT';
  const foreign = a.original ?? b.original;
  if (a.original && b.original) {
    if (a.original.currencyCode === b.original.currencyCode && a.original.amount === b.original.amount)
      return 'SAME_ORIGINAL_AMOUNT';
  }
  const [bank, other] = a.sides.includes('BANK') ? [a, b] : [b, a];
  const more = bank.amountMinor - other.amountMinor;
  const within = (percent: bigint): boolean => (more < 0n ? -more : more) * 100n <= other.amountMinor * percent;
  if (foreign !== undefined && within(CONVERSION_PERCENT)) return 'AMOUNT_CONVERTED';
  return more > 0n && bank.sides.includes('BANK') && within(TIP_PERCENT) ? 'AMOUNT_WITH_TIP' : undefined;
}

function dayGround(a: Telling, b: Telling): Ground | undefined {
  const apart = Math.min(...a.days.flatMap((one) => b.days.map((other) => Math.abs(daysBetween(one, other)))));
  return DAYS.find(({ atMost }) => apart <= atMost)?.ground;
}

function cardGround(a: Telling, b: Telling): Ground | undefined {
  if (a.cardId === undefined || b.cardId === undefined) return 'CARD_NOT_TOLD';
  return a.cardId === b.cardId ? 'SAME_CARD' : undefined;
}

function merchantGround(a: Telling, b: Telling): Ground | undefined {
  if (a.merchantNo !== undefined && b.merchantNo !== undefined) {
    if (a.merchantNo !== b.merchantNo) return undefined;
    return a.outletCode !== undefined && a.outletCode === b.outletCode ? 'SAME_OUTLET' : 'SAME_PARTNER';
  }
  const [known, raw] = a.merchantNo === undefined ? [b, a] : [a, b];
  if (known.merchantNo === undefined) return undefined;
  if (raw.merchantId !== undefined && raw.merchantId === known.merchantId) return 'SAME_MERCHANT_ID';
  if (raw.descriptor === undefined) return 'MERCHANT_NOT_TOLD';
  return bestLikeness(known.names, raw.descriptor) >= ALIKE_FROM ? 'NAME_IN_DESCRIPTOR' : 'OTHER_NAME';
}

export interface Found<Candidate> extends Likeness {
  readonly candidate: Candidate;
}

/**
 * The purchase that the other side most likely told of, or those that somebody should look at, the likeliest first:
 * among equals the nearest in time, then the first recorded. Each candidate can be taken once, because it has that
 * side's telling then.
 */
export function findSamePurchase<Candidate extends { readonly id: string; readonly telling: Telling }>(
  telling: Telling,
  candidates: Iterable<Candidate>,
): { readonly same?: Found<Candidate>; readonly near: readonly Found<Candidate>[] } {
  const found: Found<Candidate>[] = [];
  for (const candidate of candidates) {
    const alike = likeness(telling, candidate.telling);
    if (alike !== undefined && alike.score >= PROPOSE_AT) found.push({ ...alike, candidate });
  }
  const apart = ({ candidate }: Found<Candidate>): number =>
    Math.abs(candidate.telling.occurredAt.getTime() - telling.occurredAt.getTime());
  found.sort((a, b) => b.score - a.score || apart(a) - apart(b) || (a.candidate.id < b.candidate.id ? -1 : 1));
  const [best] = found;
  return best !== undefined && best.score >= JOIN_AT ? { same: best, near: [] } : { near: found };
}

/** Bounds of the amounts that may be of one purchase with this one, for looking them up. */
export const amountsAround = (amountMinor: bigint): { readonly lowest: bigint; readonly highest: bigint } => ({
  lowest: (amountMinor * 100n) / (100n + TIP_PERCENT),
  highest: (amountMinor * (100n + TIP_PERCENT)) / 100n + 1n,
});
