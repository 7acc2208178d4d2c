/** Everything that can be refused about consents. */
import type { ConsentRuleCode } from '../../domain/consents/consent.js';

export type ConsentErrorCode = ConsentRuleCode | 'UNKNOWN_MEMBER' | 'MEMBER_CLOSED' | 'UNKNOWN_PARTNER';

export const CONSENT_ERRORS: Readonly<Record<ConsentErrorCode, string>> = {
  UNKNOWN_MEMBER: 'There is no member of that id.',
  MEMBER_CLOSED: 'The member has left the programme.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  PARTNER_REQUIRED: 'The purpose is about one partner, and none is named.',
  PARTNER_REFUSED: 'The purpose is about no partner, and one is named.',
  MALFORMED_NOTICE: 'The version, language or SHA-256 of the text shown is not one.',
  EVIDENCE_REQUIRED: 'Who records the consent of somebody else names what proves it.',
  MALFORMED_EVIDENCE: 'The evidence is empty or too long.',
};
