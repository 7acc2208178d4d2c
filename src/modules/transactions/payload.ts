/**
 * The body of a message as plain JSON: what is stored with it and what its hash is of. Only what the partner
 * said, after defaults and decimals were normalised; absent fields are absent.
 */
import type { SubmitCommand } from '../../domain/transactions/model.js';

export function payloadOf(command: SubmitCommand): Readonly<Record<string, unknown>> {
  return {
    partner: command.partnerCode,
    kind: command.kind,
    reference: command.reference,
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
