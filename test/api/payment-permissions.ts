/** Who may do and see what of bank accounts, payments and what banks report; spread into permission-table.ts. */
import type { Facts, Row } from './permission-table.js';

const ALL_PARTNERS = 'BANK SHOP OTHER';
const ALL_MEMBERS = 'MEMBER STRANGER';
const RUNNERS = 'ADMIN OPERATOR SERVICE';

const userErrors = 'userErrors { code message }';
const byId =
  (type: string, id: (facts: Facts) => string) =>
  (facts: Facts): string =>
    `{ node(id: "${id(facts)}") { ... on ${type} { id } } }`;

export const PAYMENT_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.bankAccounts': {
    ask: () => '{ bankAccounts { nodes { id } } }',
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  // With a number that is none, so that nothing waits for anybody afterwards.
  'Mutation.bankAccountPropose': {
    ask: () =>
      `mutation { bankAccountPropose(input: { partnerCode: "shop", holderName: "Shop", iban: "none" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR SHOP',
    no: `SERVICE BANK OTHER ${ALL_MEMBERS} BARE`,
  },
  'Mutation.bankAccountApprove': {
    ask: () => `mutation { bankAccountApprove(input: { bankAccountId: "nowhere" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.bankAccountDecline': {
    ask: () => `mutation { bankAccountDecline(input: { bankAccountId: "nowhere" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.payments': {
    ask: () => '{ payments { nodes { id } } }',
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.paymentFiles': {
    ask: () => '{ paymentFiles { nodes { id } } }',
    yes: RUNNERS,
    nothing: ALL_PARTNERS,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.paymentFile': {
    ask: ({ paymentFileId }) => `{ paymentFile(id: "${paymentFileId}") { id } }`,
    yes: RUNNERS,
    nothing: ALL_PARTNERS,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Mutation.paymentsInstruct': {
    ask: (_facts, actor) =>
      `mutation { paymentsInstruct(input: { programmeCode: "nowhere", idempotencyKey: "pay-${actor}" }) { ${userErrors} } }`,
    yes: '',
    nothing: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.paymentReportUpload': {
    ask: () => `mutation { paymentReportUpload(input: { content: "" }) { ${userErrors} } }`,
    yes: '',
    nothing: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.bankStatementUpload': {
    ask: () => `mutation { bankStatementUpload(input: { content: "" }) { ${userErrors} } }`,
    yes: '',
    nothing: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.bankStatements': {
    ask: () => '{ bankStatements { nodes { id } } }',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.bankMovements': {
    ask: () => '{ bankMovements { nodes { id } } }',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.receiptAllocate': {
    ask: (_facts, actor) => `mutation { receiptAllocate(input: { movementId: "nowhere", partnerCode: "shop",
      idempotencyKey: "allocate-${actor}" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
};

export const PAYMENT_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  BankAccount: {
    ask: byId('BankAccount', ({ bankAccountId }) => bankAccountId),
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${ALL_MEMBERS} BARE`,
  },
  Payment: {
    ask: byId('Payment', ({ paymentId }) => paymentId),
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${ALL_MEMBERS} BARE`,
  },
  PaymentFile: {
    ask: byId('PaymentFile', ({ paymentFileId }) => paymentFileId),
    yes: RUNNERS,
    nothing: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  // Nothing is left out of a file that is not written.
  PaymentSkipped: {
    ask: () =>
      'mutation { paymentsInstruct(input: { programmeCode: "nowhere", idempotencyKey: "skip" }) { skipped { reason } } }',
    at: 'paymentsInstruct.skipped',
    yes: '',
    nothing: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  BankStatement: {
    ask: () => '{ bankStatements { nodes { closing { amount } } } }',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  BankMovement: {
    ask: () => '{ bankStatements { nodes { movements { id } } } }',
    at: 'bankStatements.nodes.0.movements',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
};

export const PAYMENT_GUARDED_FIELDS: Readonly<Record<string, Row>> = {
  'BankAccount.iban': {
    ask: ({ bankAccountId }) => `{ node(id: "${bankAccountId}") { ... on BankAccount { iban } } }`,
    at: 'node.iban',
    yes: 'ADMIN OPERATOR SHOP',
    nothing: `SERVICE BANK OTHER ${ALL_MEMBERS} BARE`,
  },
  'PaymentFile.content': {
    ask: ({ paymentFileId }) => `{ paymentFile(id: "${paymentFileId}") { content } }`,
    at: 'paymentFile.content',
    yes: RUNNERS,
    nothing: ALL_PARTNERS,
    no: `${ALL_MEMBERS} BARE`,
  },
};
