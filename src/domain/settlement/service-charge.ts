/** A partner's invoice for what it supplies to the programme, of which the tax is still to be added (LEDGER 2: 27). */
import type { BusinessDate } from '../kernel/calendar.js';
import { fail, ok, type Result } from '../kernel/result.js';

export interface ServiceCharge {
  readonly invoiceNumber: string;
  readonly invoicedOn: BusinessDate;
  /** Minor units; redemptions have put it into the partner's position already. */
  readonly netMinor: bigint;
  readonly taxCode: string;
  readonly taxMinor: bigint;
}

export type ServiceChargeFault =
  | 'INVOICE_NUMBER_MALFORMED'
  | 'INVOICED_IN_FUTURE'
  | 'NET_NOT_POSITIVE'
  | 'TAX_CODE_MALFORMED'
  | 'TAX_OUT_OF_RANGE';

const LONGEST_INVOICE_NUMBER = 100;
const LONGEST_TAX_CODE = 40;

const isShort = (text: string, most: number): boolean => text.trim() === text && text !== '' && text.length <= most;

/** The first fault in the order of the fields. */
export function checkServiceCharge(
  { invoiceNumber, invoicedOn, netMinor, taxCode, taxMinor }: ServiceCharge,
  today: BusinessDate,
): Result<undefined, ServiceChargeFault> {
  if (!isShort(invoiceNumber, LONGEST_INVOICE_NUMBER)) {
    return fail(
      'INVOICE_NUMBER_MALFORMED',
      `Give the number that stands on the invoice, 1 to ${LONGEST_INVOICE_NUMBER} characters without spaces around it.`,
      'invoiceNumber',
    );
  }
  if (invoicedOn > today)
    return fail('INVOICED_IN_FUTURE', `It is ${today} for the programme; record the invoice on its day.`, 'invoicedOn');
  if (netMinor <= 0n) return fail('NET_NOT_POSITIVE', 'Give the net of the invoice, above zero.', 'net');
  if (!isShort(taxCode, LONGEST_TAX_CODE)) {
    return fail(
      'TAX_CODE_MALFORMED',
      `Name the tax, such as "VAT-20", in 1 to ${LONGEST_TAX_CODE} characters.`,
      'taxCode',
    );
  }
  if (taxMinor <= 0n || taxMinor > netMinor) {
    return fail(
      'TAX_OUT_OF_RANGE',
      'Give the tax of the invoice, above zero and not above its net; one without tax need not be recorded.',
      'tax',
    );
  }
  return ok(undefined);
}
