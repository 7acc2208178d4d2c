/** A receipt of consent as a program reads it: the fields of a consent record of ISO/IEC TS 27560, as canonical JSON. */
import { canonicalJson } from '../kernel/canonical.js';
import type { ConsentChannel, ConsentPurpose, ConsentState, Notice } from './consent.js';

export interface ReceiptFacts {
  readonly id: string;
  readonly memberId: string;
  readonly programmeCode: string;
  readonly partnerCode?: string | undefined;
  readonly purpose: ConsentPurpose;
  readonly state: ConsentState;
  readonly version: number;
  readonly recordedAt: Date;
  readonly channel: ConsentChannel;
  readonly notice?: Notice | undefined;
}

export const RECEIPT_SCHEMA = 'hansa-consent-receipt/1';

export const receiptDocument = (facts: ReceiptFacts): string =>
  canonicalJson({
    schemaVersion: RECEIPT_SCHEMA,
    recordId: facts.id,
    piiPrincipalId: facts.memberId,
    piiController: facts.programmeCode,
    recipient: facts.partnerCode,
    purpose: facts.purpose,
    lawfulBasis: 'consent',
    privacyNotice: facts.notice,
    event: { state: facts.state, version: facts.version, time: facts.recordedAt, channel: facts.channel },
  });
