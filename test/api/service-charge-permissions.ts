/** Who may do and see what of partners' invoices; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const READERS = { yes: 'ADMIN OPERATOR SERVICE BANK SHOP OTHER', no: 'MEMBER STRANGER BARE' };

/** Nobody has sent an invoice in the coalition: they see that there is none. */
const LIST: Row = {
  ask: () => '{ serviceCharges(programmeCode: "coalition-test") { nodes { id } pageInfo { hasNextPage } } }',
  at: 'serviceCharges.pageInfo',
  ...READERS,
};

export const SERVICE_CHARGE_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.serviceCharges': LIST,
  // Of a partner that does not exist, which is what those who may are told.
  'Mutation.serviceChargeRecord': {
    ask: () => `mutation { serviceChargeRecord(input: { programmeCode: "coalition-test", partnerCode: "nobody",
      invoiceNumber: "1", invoicedOn: "2026-03-01", net: { amount: "1.00", currencyCode: "GBP" }, taxCode: "VAT-20",
      tax: { amount: "0.20", currencyCode: "GBP" }, idempotencyKey: "s" }) { userErrors { code message } } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: 'SERVICE BANK SHOP OTHER MEMBER STRANGER BARE',
  },
};

export const SERVICE_CHARGE_OBJECT_TYPES: Readonly<Record<string, Row>> = { ServiceCharge: LIST };
