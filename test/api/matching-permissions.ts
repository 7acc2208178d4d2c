/** Who may do and see what of purchases told twice, merchant ids and claims; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const RUNNERS = 'ADMIN OPERATOR SERVICE';
const EVERYBODY_ELSE = 'BANK SHOP OTHER MEMBER STRANGER BARE';
const userErrors = 'userErrors { code message }';

export const MATCHING_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.transactionMatches': {
    ask: () => '{ transactionMatches { nodes { id } } }',
    yes: RUNNERS,
    no: EVERYBODY_ELSE,
  },
  // Of a match that there is none of: those who may decide are told so.
  'Mutation.transactionMatchConfirm': {
    ask: () =>
      `mutation { transactionMatchConfirm(input: { matchId: "nowhere", idempotencyKey: "k" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${EVERYBODY_ELSE}`,
  },
  'Mutation.transactionMatchReject': {
    ask: () =>
      `mutation { transactionMatchReject(input: { matchId: "nowhere", idempotencyKey: "k" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${EVERYBODY_ELSE}`,
  },
};

export const MATCHING_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  TransactionMatch: {
    ask: ({ matchId }) => `{ node(id: "${matchId}") { ... on TransactionMatch { id } } }`,
    at: 'node',
    yes: RUNNERS,
    nothing: EVERYBODY_ELSE,
  },
  // Seen with the message that it is about.
  PurchaseLikeness: {
    ask: ({ transactionId }) => `{ transaction(id: "${transactionId}") { sources { likeness { score grounds } } } }`,
    at: 'transaction.sources',
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
};
