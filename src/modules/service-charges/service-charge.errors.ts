/** Everything that can be refused about partners' invoices. */
import type { ServiceChargeFault } from '../../domain/settlement/service-charge.js';
import { MONEY_ERRORS, type MoneyErrorCode } from '../../graphql/money.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type ServiceChargeErrorCode =
  | MoneyErrorCode
  | CommandKeyErrorCode
  | ServiceChargeFault
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_PARTNER'
  | 'INVOICE_KNOWN';

export const SERVICE_CHARGE_ERRORS: Readonly<Record<ServiceChargeErrorCode, string>> = {
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_PARTNER: 'No partner of that code has a contract with the programme.',
  INVOICE_NUMBER_MALFORMED: 'The number of the invoice is empty or too long.',
  INVOICED_IN_FUTURE: 'The day of the invoice has not come yet.',
  NET_NOT_POSITIVE: 'The net of an invoice is above zero.',
  TAX_CODE_MALFORMED: 'The name of the tax is empty or too long.',
  TAX_OUT_OF_RANGE: 'The tax of an invoice is above zero and not above its net.',
  INVOICE_KNOWN: 'An invoice of that number of the partner has been recorded before.',
  ...MONEY_ERRORS,
  ...COMMAND_KEY_ERRORS,
};
