/** Who may do and see what of units that wait before they leave; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const OTHERS = 'BANK SHOP OTHER MEMBER STRANGER BARE';
const OFFICE = { yes: 'ADMIN OPERATOR', no: `SERVICE ${OTHERS}` };

export const TREASURY_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.reviewQueue': {
    ask: () => '{ reviewQueue { pageInfo { hasNextPage } } }',
    at: 'reviewQueue.pageInfo',
    ...OFFICE,
  },
  // Of one that does not exist: what they may do, they are told that it is not there.
  'Mutation.reviewDecide': {
    ask: () =>
      'mutation { reviewDecide(input: { reviewId: "nowhere", decision: APPROVED, idempotencyKey: "r" }) { userErrors { code message } } }',
    yes: '',
    nothing: OFFICE.yes,
    no: OFFICE.no,
  },
  // No rate is known.
  'Query.fxRate': {
    ask: () => '{ fxRate(from: "GBP", to: "EUR", on: "2026-01-01") { day } }',
    yes: '',
    nothing: `${OFFICE.yes} SERVICE BANK SHOP OTHER MEMBER STRANGER`,
    no: 'BARE',
  },
  // Those who may are told that it is no file of rates, no settlement and no programme.
  'Mutation.fxRatesImport': {
    ask: () => 'mutation { fxRatesImport(input: { text: "" }) { userErrors { code message } } }',
    yes: '',
    nothing: OFFICE.yes,
    no: OFFICE.no,
  },
  'Mutation.settlementConvert': {
    ask: () => 'mutation { settlementConvert(input: { settlementId: "nowhere" }) { userErrors { code message } } }',
    yes: '',
    nothing: OFFICE.yes,
    no: OFFICE.no,
  },
  'Mutation.fxRevalue': {
    ask: () =>
      'mutation { fxRevalue(input: { programmeCode: "nowhere", idempotencyKey: "f" }) { userErrors { code message } } }',
    yes: '',
    nothing: OFFICE.yes,
    no: OFFICE.no,
  },
};

export const TREASURY_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  FxRate: {
    ask: () => '{ fxRate(from: "USD", to: "EUR", on: "2024-01-02") { rate } }',
    yes: `${OFFICE.yes} SERVICE BANK SHOP OTHER MEMBER STRANGER`,
    no: 'BARE',
  },
  // No line of the coalition is paid in another currency; it is seen with the lines.
  LineConversion: {
    ask: ({ settlementId }) => `{ settlement(id: "${settlementId}") { lines { id conversion { on } } } }`,
    at: 'settlement.lines',
    yes: `${OFFICE.yes} SERVICE BANK SHOP`,
    nothing: 'OTHER',
    no: 'MEMBER STRANGER BARE',
  },
  // Nothing waits in the coalition; it is seen with the queue.
  OutflowReview: {
    ask: () => '{ reviewQueue { edges { node { id } } pageInfo { hasNextPage } } }',
    at: 'reviewQueue.pageInfo',
    ...OFFICE,
  },
};
