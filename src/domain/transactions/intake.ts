/**
 * What is wrong with a message before anything is looked up. The first fault in this order is reported, so
 * that the same bad message always gets the same answer.
 */
import { looksLikeCardNumber } from '../kernel/card-number.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { MAX_MINOR } from '../money/decimal.js';
import { checkBasket, MAX_LINES } from './basket.js';
import type { Payer, SourceKind, SubmitCommand, TransactionErrorCode } from './model.js';

/** Partners' clocks run ahead a little; more than this is a mistake. */
const FUTURE_LEEWAY_MS = 5 * 60_000;
const MAX_REFERENCE = 128;
const MAX_TEXT = 200;
const MAX_UNITS = 10n ** 15n;
const ACTION = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Fields that only some kinds of message have, and the name of each in the API. */
const FIELDS_OF_KIND: readonly {
  readonly of: keyof SubmitCommand;
  readonly field: string;
  readonly kinds: readonly SourceKind[];
}[] = [
  { of: 'authorisation', field: 'authorisation', kinds: ['CLEARING', 'REVERSAL'] },
  { of: 'exchangeOf', field: 'exchangeOf', kinds: ['PURCHASE'] },
  { of: 'action', field: 'action', kinds: ['ACTION'] },
  { of: 'postedOn', field: 'postedAt', kinds: ['PURCHASE', 'CLEARING'] },
  { of: 'lines', field: 'lines', kinds: ['PURCHASE', 'AUTHORISATION', 'CLEARING'] },
  { of: 'returned', field: 'returned', kinds: ['REFUND'] },
  { of: 'claimedUnits', field: 'claimedUnits', kinds: ['PURCHASE', 'ACTION'] },
];

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
  for (const field of [
    'descriptor',
    'merchantId',
    'approvalCode',
    'refundOf',
    'authorisation',
    'exchangeOf',
  ] as const) {
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
  if (command.kind === 'ACTION' && command.amountMinor !== 0n) {
    return fail('ACTION_HAS_NO_AMOUNT', 'Nothing is bought by an action; send the amount 0.', 'amount');
  }
  if (command.kind !== 'ACTION' && command.amountMinor <= 0n) {
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
  if (command.kind !== 'REFUND' && command.refundOf !== undefined) {
    return fail(
      'REFUND_OF_ON_PURCHASE',
      'Only a REFUND names the purchase it belongs to; leave refundOf out.',
      'refundOf',
    );
  }
  return checkKind(command, facts);
}

/** What belongs to some kinds of message only. */
function checkKind(command: SubmitCommand, facts: IntakeFacts): Result<undefined, TransactionErrorCode> {
  for (const { of, field, kinds } of FIELDS_OF_KIND) {
    if (command[of] !== undefined && !kinds.includes(command.kind)) {
      return fail('FIELD_NOT_OF_KIND', `Only ${kinds.join(', ')} has ${field}; leave it out.`, field);
    }
  }
  if (command.kind === 'REVERSAL' && command.authorisation === undefined) {
    return fail('AUTHORISATION_NOT_NAMED', 'A reversal names what it reverses as authorisation.', 'authorisation');
  }
  if (command.kind === 'ACTION' && (command.action === undefined || !ACTION.test(command.action))) {
    return fail('ACTION_NOT_NAMED', 'An action has a code of small letters, such as "review".', 'action');
  }
  if (command.postedOn !== undefined && command.postedOn < command.businessDate) {
    return fail('POSTED_BEFORE_PURCHASE', 'It was posted before it took place; check both times.', 'postedAt');
  }
  if (command.postedOn !== undefined && command.postedOn > facts.today) {
    return fail('OCCURRED_IN_FUTURE', 'It was posted in the future; check the clock of the sender.', 'postedAt');
  }
  if (command.claimedUnits !== undefined && (command.claimedUnits < 0n || command.claimedUnits > MAX_UNITS)) {
    return fail('AMOUNT_TOO_LARGE', 'Nobody earns so much or less than nothing; check the decimals.', 'claimedUnits');
  }
  return checkLines(command);
}

function checkLines({ lines, returned, amountMinor }: SubmitCommand): Result<undefined, TransactionErrorCode> {
  if (lines !== undefined) return checkBasket(lines, amountMinor);
  if (returned === undefined) return ok(undefined);
  if (returned.length === 0 || returned.length > MAX_LINES) {
    return fail('TOO_MANY_LINES', `A refund names 1 to ${MAX_LINES} lines, or none by leaving them out.`, 'returned');
  }
  const bad = returned.findIndex(
    (line) =>
      line.amountMinor <= 0n ||
      !(line.quantity === undefined || (Number.isInteger(line.quantity) && line.quantity >= 1)),
  );
  if (bad >= 0) {
    return fail('MALFORMED_LINE', 'What goes back has an amount above zero and whole items.', `returned.${bad}`);
  }
  if (returned.reduce((sum, line) => sum + line.amountMinor, 0n) !== amountMinor) {
    return fail(
      'BASKET_DOES_NOT_ADD_UP',
      'The lines that go back together must be the amount of the refund.',
      'returned',
    );
  }
  return ok(undefined);
}

function payerText(payer: Payer): string {
  if ('cardToken' in payer) return payer.cardToken;
  return 'memberCode' in payer ? payer.memberCode : payer.memberId;
}
