/** What a member may claim, and when a claim needs nobody's word. */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { bestLikeness } from './name-likeness.js';
import { ALIKE_FROM } from './same-purchase.js';

/** Bounds of abuse: what waits of one member, how long a purchase may be ago, and how long deciding may take. */
export const MOST_OPEN_CLAIMS = 5;
export const CLAIM_AGE_DAYS = 90;
export const DECISION_DAYS = 30;
const LONGEST_RECEIPT = 100;
const LONGEST_TEXT = 500;

export type ClaimFaultCode =
  | 'AMOUNT_NOT_POSITIVE'
  | 'MALFORMED_RECEIPT'
  | 'MALFORMED_NOTE'
  | 'BOUGHT_IN_FUTURE'
  | 'TOO_LONG_AGO'
  | 'TOO_MANY_CLAIMS';

export interface ClaimFacts {
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
  readonly receipt: string;
  readonly note?: string;
}

/** The first fault in this order. */
export function checkClaim(claim: ClaimFacts, today: BusinessDate, open: number): Result<undefined, ClaimFaultCode> {
  if (claim.amountMinor <= 0n) return fail('AMOUNT_NOT_POSITIVE', 'Claim an amount above zero.', 'amount');
  if (claim.receipt.trim() === '' || claim.receipt.length > LONGEST_RECEIPT) {
    return fail('MALFORMED_RECEIPT', `Give the receipt's number, 1 to ${LONGEST_RECEIPT} characters.`, 'receipt');
  }
  if (!isText(claim.note)) return fail('MALFORMED_NOTE', `A note has 1 to ${LONGEST_TEXT} characters.`, 'note');
  if (claim.businessDate > today) return fail('BOUGHT_IN_FUTURE', 'That day is still to come.', 'boughtAt');
  if (claim.businessDate < addDays(today, -CLAIM_AGE_DAYS)) {
    return fail('TOO_LONG_AGO', `Only purchases of the last ${CLAIM_AGE_DAYS} days can be claimed.`, 'boughtAt');
  }
  if (open >= MOST_OPEN_CLAIMS) {
    return fail('TOO_MANY_CLAIMS', `${open} claims of this member wait already; wait until one is decided.`);
  }
  return ok(undefined);
}

export const isText = (text: string | undefined): boolean =>
  text === undefined || (text.trim() !== '' && text.length <= LONGEST_TEXT);

/** A purchase of the member of the claimed amount, near the claimed day. */
export interface Known {
  readonly id: string;
  readonly merchantNo: number | null;
  readonly businessDate: BusinessDate;
  readonly descriptor: string | null;
}

export type Settled = { readonly state: 'FOUND' | 'ATTACHED'; readonly transactionId: string };

/**
 * What is here already: the purchase itself, or one that the bank told of the very day whose text shows the merchant's
 * name, and only if there is just one.
 */
export function settleClaim(
  { businessDate }: ClaimFacts,
  partnerNo: number,
  names: readonly string[],
  known: readonly Known[],
): Settled | undefined {
  const there = known.find(({ merchantNo }) => merchantNo === partnerNo);
  if (there !== undefined) return { state: 'FOUND', transactionId: there.id };
  const alike = known.filter(
    ({ merchantNo, businessDate: day, descriptor }) =>
      merchantNo === null &&
      day === businessDate &&
      descriptor !== null &&
      bestLikeness(names, descriptor) >= ALIKE_FROM,
  );
  const [only, another] = alike;
  return only === undefined || another !== undefined ? undefined : { state: 'ATTACHED', transactionId: only.id };
}
