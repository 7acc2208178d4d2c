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
  'Query.purchaseClaims': {
    ask: () => '{ purchaseClaims { nodes { id } } }',
    yes: `${RUNNERS} SHOP MEMBER`,
    nothing: 'BANK OTHER STRANGER',
    no: 'BARE',
  },
  // Of a merchant that there is none of, so that nothing waits for anybody afterwards.
  'Mutation.purchaseClaimOpen': {
    ask: ({
      memberId,
    }) => `mutation { purchaseClaimOpen(input: { programmeCode: "coalition-test", memberId: "${memberId}",
      partnerCode: "nobody", amount: { amount: "1.00", currencyCode: "GBP" }, boughtAt: "2026-03-10T12:00:00Z", receipt: "1",
      idempotencyKey: "k" }) { ${userErrors} } }`,
    yes: '',
    nothing: `${RUNNERS} BANK MEMBER`,
    no: 'SHOP OTHER STRANGER BARE',
  },
  'Mutation.purchaseClaimDecide': {
    ask: () =>
      `mutation { purchaseClaimDecide(input: { claimId: "nowhere", verdict: REFUSED, resolution: "No.", idempotencyKey: "k" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR BANK SHOP OTHER',
    no: 'SERVICE MEMBER STRANGER BARE',
  },
  // The coalition knows all its merchant ids.
  'Query.merchantIdProposals': {
    ask: () => '{ merchantIdProposals { merchantId } }',
    yes: '',
    nothing: RUNNERS,
    no: EVERYBODY_ELSE,
  },
  'Mutation.merchantIdApprove': {
    ask: (_facts, actor) =>
      `mutation { merchantIdApprove(input: { merchantId: "ACQ-${actor}", partnerCode: "shop", outletCode: "high-street" }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${EVERYBODY_ELSE}`,
  },
  // Of an outlet that there is none of: those who may decide are told so.
  'Mutation.merchantIdReject': {
    ask: () =>
      `mutation { merchantIdReject(input: { merchantId: "X", partnerCode: "shop", outletCode: "none" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${EVERYBODY_ELSE}`,
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
  MerchantIdProposal: {
    ask: () => '{ merchantIdProposals { merchantId purchases } }',
    yes: '',
    nothing: RUNNERS,
    no: EVERYBODY_ELSE,
  },
  PurchaseClaim: {
    ask: ({ purchaseClaimId }) => `{ node(id: "${purchaseClaimId}") { ... on PurchaseClaim { id } } }`,
    at: 'node',
    yes: `${RUNNERS} SHOP MEMBER`,
    nothing: 'BANK OTHER STRANGER BARE',
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
