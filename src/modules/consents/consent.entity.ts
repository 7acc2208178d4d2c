/** Receipts of consent, as rows. Written by consent.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ConsentChannel, ConsentPurpose, ConsentState } from '../../domain/consents/consent.js';

export const ConsentReceiptEntity = defineEntity({
  name: 'ConsentReceiptEntity',
  tableName: 'consent_receipt',
  uniques: [
    {
      name: 'consent_receipt_member_no_purpose_partner_no_version_key',
      properties: ['memberNo', 'purpose', 'partnerNo', 'version'],
    },
  ],
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    purpose: p.text().$type<ConsentPurpose>(),
    partnerNo: p.integer().default(0),
    version: p.integer(),
    state: p.text().$type<ConsentState>(),
    recordedAt: p.datetime(6),
    recordedBy: p.text(),
    channel: p.text().$type<ConsentChannel>(),
    noticeVersion: p.text().nullable(),
    noticeLanguage: p.text().nullable(),
    noticeSha256: p.text().nullable(),
    evidence: p.text().nullable(),
    evidenceSealed: p.blob().nullable(),
  },
});
export type ConsentReceiptEntity = InferEntity<typeof ConsentReceiptEntity>;
