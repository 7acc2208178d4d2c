/**
 * A message and what it means in its programme: payer, terms, merchant. Shared by purchases, refunds and quotes.
 */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { PurchaseState } from '../../domain/transactions/lifecycle.js';
import type { SubmitCommand, TransactionErrorCode } from '../../domain/transactions/model.js';
import { SIDE_BIT } from '../../domain/transactions/teller.js';
import type { OutletRecord } from '../partners/index.js';
import type { Item } from './pipeline.js';
import { merchantOf } from './purchase-of.js';
import type { Reference } from './reference.js';

/** Payer, terms and merchant of a message, all found. */
export interface Placed {
  readonly memberNo: number;
  readonly terms: ProgrammeTerms;
  readonly version: number;
  readonly outlet?: OutletRecord;
}

/** What must be known before a purchase, a refund or a quote is decided. */
export function placeInProgramme(
  item: Item,
  programmeNo: number,
  reference: Reference,
): Result<Placed, TransactionErrorCode> {
  const { command, member } = item;
  if (member === undefined) {
    return fail(
      'UNKNOWN_PAYER',
      'No active member or linked card of this programme matches the payer; link the card or enrol the member first.',
      'payer',
    );
  }
  const published = publishedFor(command, programmeNo, reference);
  if (published === undefined) {
    return fail(
      'NO_TERMS_IN_FORCE',
      `No version of the programme was in force on ${command.businessDate}; apply one that was.`,
      'occurredAt',
    );
  }
  const { terms, version } = published;
  if (command.category !== undefined && !terms.categories.some(({ code }) => code === command.category)) {
    return fail(
      'UNKNOWN_CATEGORY',
      `The programme has no category "${command.category}"; leave it out or use one of its codes.`,
      'category',
    );
  }
  const outlet = merchantOf(item, reference)?.outlet;
  if (command.merchant !== undefined && outlet === undefined) {
    return fail(
      'UNKNOWN_OUTLET',
      `Partner "${command.merchant.partnerCode}" has no outlet "${command.merchant.outletCode}".`,
      'outlet',
    );
  }
  return ok({ memberNo: member.no, terms, version, ...(outlet && { outlet }) });
}

/** The terms of the purchase's own day say which of its days counts; that day's terms decide. */
function publishedFor(
  { businessDate, postedOn, kind }: SubmitCommand,
  programmeNo: number,
  { programmes }: Reference,
): ReturnType<Reference['programmes']['inForce']> {
  const ofItsDay = programmes.inForce(programmeNo, businessDate);
  if (kind === 'REFUND' || postedOn === undefined || ofItsDay?.terms.attribution !== 'POSTING') return ofItsDay;
  return programmes.inForce(programmeNo, postedOn);
}

/** Days that are not the business date. */
export const daysOf = (
  { authorisedOn, clearedOn }: PurchaseState,
  businessDate: BusinessDate,
): { readonly authorisedOn: BusinessDate | null; readonly postedOn: BusinessDate | null } => ({
  authorisedOn: authorisedOn === businessDate ? null : authorisedOn,
  postedOn: clearedOn === undefined || clearedOn === businessDate ? null : clearedOn,
});

/** Bit of the side that sends a message. */
export const bitOf = ({ teller }: Item): number => (teller === undefined ? 0 : SIDE_BIT[teller.side]);

/** The columns of a transaction that its message alone decides; what is left out is filled in by the decision. */
export const transactionRow = (item: Item, memberNo: number, id: string, outlet: OutletRecord | undefined) => ({
  id,
  memberNo,
  cardId: item.card?.id ?? null,
  submitterNo: item.key?.partnerNo ?? 0,
  sides: bitOf(item),
  outletId: outlet?.id ?? null,
  merchantId: item.command.merchantId ?? null,
  descriptor: item.command.descriptor ?? null,
  amountMinor: item.command.amountMinor,
  originalAmount: item.command.original?.amount ?? null,
  originalCurrencyCode: item.command.original?.currencyCode ?? null,
  occurredAt: item.command.occurredAt,
  businessDate: item.command.businessDate,
  status: 'CLEARED' as const,
  authorisedOn: null,
  postedOn: null,
  action: item.command.action ?? null,
  lines: null,
  shortfalls: null,
  claimedUnits: item.command.claimedUnits ?? null,
  ourUnits: null,
  exchangeOf: null,
});
