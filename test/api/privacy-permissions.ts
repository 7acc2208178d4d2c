/** Who may do and see what of consents; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const RUNNERS = 'ADMIN OPERATOR SERVICE';
const userErrors = 'userErrors { code message }';
const NOTICE = `notice: { version: "1", language: "en", sha256: "${'a'.repeat(64)}" }`;

const AUDIT_LOG: Row = {
  ask: () => '{ auditLog { nodes { id operation } } }',
  yes: 'ADMIN',
  no: 'OPERATOR SERVICE BANK SHOP OTHER MEMBER STRANGER BARE',
};

const DATA: Row = {
  ask: ({ memberId }) =>
    `mutation { memberDataExport(input: { memberId: "${memberId}", ground: MEMBER_ASKED }) { part { next } ${userErrors} } }`,
  yes: 'ADMIN OPERATOR MEMBER',
  no: 'SERVICE BANK SHOP OTHER STRANGER BARE',
};

/** Nobody has been erased; who is told so is who may erase. */
const ERASURE: Row = {
  ask: () =>
    `mutation { memberErase(input: { memberId: "nowhere" }) { receipt { id erased { table } } ${userErrors} } }`,
  yes: '',
  nothing: 'ADMIN OPERATOR',
  no: 'SERVICE BANK SHOP OTHER MEMBER STRANGER BARE',
};

export const PRIVACY_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.auditLog': AUDIT_LOG,
  // Of nobody: who may is told that there is none.
  'Mutation.memberErase': {
    ask: () => `mutation { memberErase(input: { memberId: "nowhere" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: 'SERVICE BANK SHOP OTHER MEMBER STRANGER BARE',
  },
  'Mutation.memberDataExport': DATA,
  'Mutation.consentGive': {
    ask: ({ memberId }) => `mutation { consentGive(input: { memberId: "${memberId}", purpose: PERSONALISED_OFFERS,
      channel: APP, ${NOTICE}, evidence: "form 1" }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR BANK MEMBER',
    no: 'SERVICE SHOP OTHER STRANGER BARE',
  },
  'Mutation.consentWithdraw': {
    ask: ({ memberId }) =>
      `mutation { consentWithdraw(input: { memberId: "${memberId}", purpose: MARKETING, channel: APP }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR BANK MEMBER',
    no: 'SERVICE SHOP OTHER STRANGER BARE',
  },
};

const receipts: Row = {
  ask: ({ memberId }) => `{ member(id: "${memberId}") { consentReceipts { nodes { id notice { version } } } } }`,
  at: 'member.consentReceipts',
  yes: `${RUNNERS} BANK MEMBER`,
  nothing: 'SHOP OTHER STRANGER',
  no: 'BARE',
};

export const PRIVACY_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  AuditEntry: AUDIT_LOG,
  MemberDataPart: DATA,
  ErasureReceipt: ERASURE,
  ErasedRows: ERASURE,
  ConsentReceipt: receipts,
  ConsentNotice: receipts,
};

export const PRIVACY_GUARDED_FIELDS: Readonly<Record<string, Row>> = {
  'Member.consents': {
    ...receipts,
    ask: ({ memberId }) => `{ member(id: "${memberId}") { consents { purpose state } } }`,
    at: 'member.consents',
  },
};
