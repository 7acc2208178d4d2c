/** What a translated row becomes in import_row, and what the pipeline gets of it. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { SourceKind, SubmitCommand } from '../../domain/transactions/model.js';

/** A translated row as it is staged (import_row.command): short, because there is one per row. */
export interface StagedCommand {
  readonly kind: SourceKind;
  /** The feed's own reference, or the digest of the key columns. */
  readonly reference: string;
  /** Which of several equal rows of one delivery it is, from 1; set while staging, only where the feed has no ids. */
  readonly occurrence?: number;
  readonly cardToken: string;
  /** The lane of its member (lanes.ts). */
  readonly lane: number;
  readonly amountMinor: string;
  readonly occurredAt: string;
  readonly descriptor?: string;
  /** "partner/outlet" */
  readonly merchant?: string;
  readonly category?: string;
  readonly mcc?: string;
  readonly merchantId?: string;
  readonly refundOf?: string;
  readonly original?: { readonly amount: string; readonly currencyCode: string };
}

/** The message as the pipeline takes it, from what was staged. */
export function submitCommandOf(
  staged: StagedCommand,
  businessDate: BusinessDate,
  feed: { readonly issuer: string; readonly currencyCode: string },
): SubmitCommand {
  const [partnerCode, outletCode] = staged.merchant?.split('/') ?? [];
  return {
    partnerCode: feed.issuer,
    kind: staged.kind,
    reference: staged.occurrence === undefined ? staged.reference : `${staged.reference}.${staged.occurrence}`,
    payer: { cardToken: staged.cardToken },
    amountMinor: BigInt(staged.amountMinor),
    currencyCode: feed.currencyCode,
    occurredAt: new Date(staged.occurredAt),
    businessDate,
    ...optional('descriptor', staged.descriptor),
    ...(partnerCode === undefined || outletCode === undefined ? {} : { merchant: { partnerCode, outletCode } }),
    ...optional('category', staged.category),
    ...optional('mcc', staged.mcc),
    ...optional('merchantId', staged.merchantId),
    ...optional('refundOf', staged.refundOf),
    ...(staged.original === undefined ? {} : { original: staged.original }),
  };
}

/** The field when there is something to put in it. */
export function optional<Field extends string>(
  field: Field,
  value: string | undefined,
): { readonly [F in Field]?: string } {
  return value === undefined || value === '' ? {} : ({ [field]: value } as { readonly [F in Field]: string });
}
