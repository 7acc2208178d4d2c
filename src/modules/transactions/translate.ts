/** Input of the API -> the command of the pipeline. Normalises only; what is wrong with it is decided there. */
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { type Failure, fail, ok, type Result } from '../../domain/kernel/result.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import type { NamedLine, ReturnedLine } from '../../domain/transactions/basket.js';
import type { Payer, SubmitCommand, TransactionErrorCode } from '../../domain/transactions/model.js';
import { parseMoney } from '../../graphql/money.js';
import { isId } from '../../graphql/scalars.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { PayerInput, PurchaseFactsInput, TransactionInput } from './transaction.graphql.js';

/** What quotes and messages have in common, parsed. */
export type PurchaseFacts = Pick<
  SubmitCommand,
  | 'payer'
  | 'amountMinor'
  | 'currencyCode'
  | 'mcc'
  | 'category'
  | 'merchantId'
  | 'merchant'
  | 'channel'
  | 'descriptor'
  | 'lines'
>;

export function purchaseFactsOf(
  input: PurchaseFactsInput,
  programme: ProgrammeRecord,
): Result<PurchaseFacts, TransactionErrorCode> {
  const payer = payerOf(input.payer);
  if ('code' in payer) return { ok: false, failure: payer };
  const amount = parseMoney(input.amount, programme.currencyCode, 'amount');
  if (!amount.ok) return amount;
  const lines = linesOf(input, programme);
  if (!lines.ok) return lines;
  return ok({
    payer,
    amountMinor: amount.value,
    currencyCode: input.amount.currencyCode,
    ...(input.mcc != null && { mcc: input.mcc }),
    ...(input.category != null && { category: input.category }),
    ...(input.merchantId != null && { merchantId: input.merchantId }),
    ...(input.outlet != null && {
      merchant: { partnerCode: input.outlet.partnerCode, outletCode: input.outlet.outletCode },
    }),
    ...(input.channel != null && { channel: input.channel }),
    ...(input.descriptor != null && { descriptor: input.descriptor }),
    ...(input.lines != null && { lines: lines.value }),
  });
}

export function commandOf(
  input: TransactionInput,
  partnerCode: string,
  programme: ProgrammeRecord,
): Result<SubmitCommand, TransactionErrorCode> {
  if (input.kind === 'CLAIM') {
    return fail(
      'CLAIM_NOT_GRANTED',
      'Nobody sends a claim; open one with purchaseClaimOpen and it is decided on.',
      'kind',
    );
  }
  const facts = purchaseFactsOf(input, programme);
  if (!facts.ok) return facts;
  const returned = returnedOf(input, programme);
  if (!returned.ok) return returned;
  const claimed = claimOf(input, programme);
  if (!claimed.ok) return claimed;
  return ok({
    ...facts.value,
    ...claimed.value,
    partnerCode,
    kind: input.kind,
    reference: input.reference,
    occurredAt: input.occurredAt,
    businessDate: businessDateIn(input.occurredAt, programme.timeZone),
    ...(input.approvalCode != null && { approvalCode: input.approvalCode }),
    ...(input.original != null && {
      original: { amount: input.original.amount, currencyCode: input.original.currencyCode },
    }),
    ...(input.returned != null && { returned: returned.value }),
    ...(input.refundOf != null && { refundOf: input.refundOf }),
    ...(input.authorisation != null && { authorisation: input.authorisation }),
    ...(input.exchangeOf != null && { exchangeOf: input.exchangeOf }),
    ...(input.action != null && { action: input.action }),
    ...(input.postedAt != null && { postedOn: businessDateIn(input.postedAt, programme.timeZone) }),
  });
}

/** Lines of a basket; what is wrong with them otherwise is decided with the message. */
function linesOf(
  { lines }: PurchaseFactsInput,
  { currencyCode }: ProgrammeRecord,
): Result<readonly NamedLine[], TransactionErrorCode> {
  const parsedLines: NamedLine[] = [];
  for (const [index, { kind, amount, quantity, tags, reference }] of (lines ?? []).entries()) {
    const parsed = parseMoney({ amount, currencyCode }, currencyCode, `lines.${index}`);
    if (!parsed.ok) return parsed;
    parsedLines.push({
      kind: kind ?? 'GOODS',
      amountMinor: parsed.value,
      quantity: quantity ?? 1,
      tags: tags ?? [],
      ...(reference != null && { reference }),
    });
  }
  return ok(parsedLines);
}

/** Lines that go back. */
function returnedOf(
  input: TransactionInput,
  { currencyCode }: ProgrammeRecord,
): Result<readonly ReturnedLine[], TransactionErrorCode> {
  const returned: ReturnedLine[] = [];
  for (const [index, { reference, amount, quantity }] of (input.returned ?? []).entries()) {
    const parsed = parseMoney({ amount, currencyCode }, currencyCode, `returned.${index}`);
    if (!parsed.ok) return parsed;
    returned.push({ reference, amountMinor: parsed.value, ...(quantity != null && { quantity }) });
  }
  return ok(returned);
}

function claimOf(
  { claimedUnits }: TransactionInput,
  { unitScale }: ProgrammeRecord,
): Result<Pick<SubmitCommand, 'claimedUnits'>, TransactionErrorCode> {
  if (claimedUnits == null) return ok({});
  const units = parseDecimal(claimedUnits, unitScale);
  if (typeof units === 'bigint') return ok({ claimedUnits: units });
  return fail(
    'TOO_MANY_DECIMALS',
    `The programme's unit has ${unitScale} decimals; give the claimed units in them.`,
    'claimedUnits',
  );
}

function payerOf(input: PayerInput): Payer | Failure<TransactionErrorCode> {
  const given = [
    ...(input.cardToken != null ? [{ cardToken: input.cardToken }] : []),
    ...(input.memberId != null ? [{ memberId: input.memberId }] : []),
    ...(input.memberCode != null ? [{ memberCode: input.memberCode }] : []),
  ];
  const [payer, another] = given;
  if (payer === undefined || another !== undefined) {
    return fail(
      'PAYER_NOT_EXACTLY_ONE',
      'Name the payer by exactly one of cardToken, memberId and memberCode.',
      'payer',
    ).failure;
  }
  if ('memberId' in payer && !isId(payer.memberId)) {
    return fail('UNKNOWN_PAYER', 'The memberId is not an id of this gateway.', 'payer.memberId').failure;
  }
  return payer;
}
