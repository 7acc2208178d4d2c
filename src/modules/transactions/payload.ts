/**
 * The body of a message as plain JSON: what is stored with it and what its hash is of. What the partner said,
 * after decimals were normalised, without what names the message (partner, kind, reference): that is its key.
 * Absent fields are absent.
 */
import type { SubmitCommand } from '../../domain/transactions/model.js';

export function payloadOf(command: SubmitCommand): Readonly<Record<string, unknown>> {
  return {
    payer: command.payer,
    amountMinor: command.amountMinor.toString(),
    currency: command.currencyCode,
    occurredAt: command.occurredAt.toISOString(),
    businessDate: command.businessDate,
    mcc: command.mcc,
    category: command.category,
    merchantId: command.merchantId,
    merchant: command.merchant,
    descriptor: command.descriptor,
    channel: command.channel,
    original: command.original,
    refundOf: command.refundOf,
  };
}
