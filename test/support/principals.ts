/** Callers as tests need them, with every scope unless said otherwise. */
import { type Principal, SCOPES, type Scope } from '../../src/domain/access/principal.js';

export const admin = (subject = 'test-admin', scopes: readonly Scope[] = SCOPES): Principal => ({
  kind: 'ADMIN',
  subject,
  scopes: new Set(scopes),
});

export const partner = (partnerNo: number, partnerCode = `partner-${partnerNo}`): Principal => ({
  kind: 'PARTNER',
  subject: `test-${partnerCode}`,
  scopes: new Set(SCOPES),
  partnerNo,
  partnerCode,
});
