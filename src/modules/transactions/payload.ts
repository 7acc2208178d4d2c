/**
 * The body of a message as plain JSON: what is stored with it and what its hash is of. What the partner said,
 * after decimals were normalised, without what names the message (partner, kind, reference): that is its key.
 * Absent fields are absent.
 */
import type { Channel } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { SubmitCommand } from '../../domain/transactions/model.js';
import { encodeLines, type StoredLine } from './stored-basket.js';

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
    approvalCode: command.approvalCode,
    original: command.original,
    refundOf: command.refundOf,
    authorisation: command.authorisation,
    exchangeOf: command.exchangeOf,
    postedOn: command.postedOn,
    action: command.action,
    lines: command.lines && encodeLines(command.lines),
    returned: command.returned?.map((line) => ({ ...line, amountMinor: line.amountMinor.toString() })),
    claimedUnits: command.claimedUnits?.toString(),
  };
}

/** What of it a purchase's life is told from, read back. */
export interface StoredPayload {
  readonly occurredAt: string;
  readonly businessDate: BusinessDate;
  readonly postedOn?: BusinessDate;
  readonly mcc?: string;
  readonly category?: string;
  readonly merchantId?: string;
  readonly merchant?: { readonly partnerCode: string; readonly outletCode: string };
  readonly descriptor?: string;
  readonly channel?: Channel;
  readonly approvalCode?: string;
  readonly original?: { readonly amount: string; readonly currencyCode: string };
  readonly lines?: readonly StoredLine[];
  readonly returned?: readonly {
    readonly reference: string;
    readonly amountMinor: string;
    readonly quantity?: number;
  }[];
}
