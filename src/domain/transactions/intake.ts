/**
 * What is wrong with a message before anything is looked up. The first fault in this order is reported, so
 * that the same bad message always gets the same answer.
 */
import { looksLikeCardNumber } from '../kernel/card-number.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { MAX_MINOR } from '../money/decimal.js';
import type { Payer, SubmitCommand, TransactionErrorCode } from './model.js';

/** Partners' clocks run ahead a little; more than this is a mistake. */
const FUTURE_LEEWAY_MS = 5 * 60_000;
const MAX_REFERENCE = 128;
const MAX_TEXT = 200;

export interface IntakeFacts {
  readonly programmeCurrency: string;
  readonly now: Date;
  /** Today in the programme's zone. */
  readonly today: string;
}

export function checkIntake(command: SubmitCommand, facts: IntakeFacts): Result<undefined, TransactionErrorCode> {
  if (
    command.reference.length === 0 ||
    command.reference.length > MAX_REFERENCE ||
    command.reference !== command.reference.trim()
  ) {
    return fail(
      'MALFORMED_REFERENCE',
      `A reference is 1 to ${MAX_REFERENCE} characters without spaces around it.`,
      'reference',
    );
  }
  for (const field of ['descriptor', 'merchantId', 'refundOf'] as const) {
    const text = command[field];
    if (text !== undefined && (text.length === 0 || text.length > MAX_TEXT)) {
      return fail('TEXT_TOO_LONG', `${field} is 1 to ${MAX_TEXT} characters; shorten it or leave it out.`, field);
    }
  }
  // Only what names the payer: order numbers of partners are long digit strings too and must not be refused.
  if (looksLikeCardNumber(payerText(command.payer))) {
    return fail(
      'CARD_NUMBER_REFUSED',
      'The payer looks like a card number; send the token of the card and never its number.',
      'payer',
    );
  }
  if (command.amountMinor <= 0n) {
    return fail(
      'AMOUNT_NOT_POSITIVE',
      'The amount must be above zero; send a refund with kind REFUND and a positive amount.',
      'amount',
    );
  }
  if (command.amountMinor > MAX_MINOR)
    return fail('AMOUNT_TOO_LARGE', 'The amount is larger than any payment; check its decimals.', 'amount');
  if (command.currencyCode !== facts.programmeCurrency) {
    return fail(
      'CURRENCY_MISMATCH',
      `This programme counts in ${facts.programmeCurrency}; send the billing amount in ${facts.programmeCurrency} and the foreign amount as original.`,
      'amount.currencyCode',
    );
  }
  if (command.occurredAt.getTime() > facts.now.getTime() + FUTURE_LEEWAY_MS || command.businessDate > facts.today) {
    return fail(
      'OCCURRED_IN_FUTURE',
      'The purchase lies in the future; check the clock and the time zone of the sender.',
      'occurredAt',
    );
  }
  if (command.mcc !== undefined && !/^[0-9]{4}$/.test(command.mcc)) {
    return fail(
      'MALFORMED_MCC',
      'A merchant category code is four digits, leading zeros included, such as "5411".',
      'mcc',
    );
  }
  if (command.kind === 'PURCHASE' && command.refundOf !== undefined) {
    return fail(
      'REFUND_OF_ON_PURCHASE',
      'Only a REFUND names the purchase it belongs to; leave refundOf out.',
      'refundOf',
    );
  }
  return ok(undefined);
}

function payerText(payer: Payer): string {
  if ('cardToken' in payer) return payer.cardToken;
  return 'memberCode' in payer ? payer.memberCode : payer.memberId;
}
