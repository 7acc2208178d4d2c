import fc from 'fast-check';
import {
  type ConsentState,
  checkConsent,
  nextVersion,
  type StandingConsent,
  type WantedConsent,
} from '../../../src/domain/consents/consent.js';
import { receiptDocument } from '../../../src/domain/consents/receipt-document.js';

const notice = { version: '2026-1', language: 'pt-BR', sha256: 'a'.repeat(64) };
const wanted = (but: Partial<WantedConsent> = {}): WantedConsent => ({
  purpose: 'MARKETING',
  state: 'GIVEN',
  forPartner: false,
  notice,
  byMember: true,
  ...but,
});

test.each<[string, Partial<WantedConsent>, string]>([
  ['sharing with nobody', { purpose: 'SHARING_WITH_PARTNER' }, 'PARTNER_REQUIRED'],
  ['personalised offers of a partner', { purpose: 'PERSONALISED_OFFERS', forPartner: true }, 'PARTNER_REFUSED'],
  ['a notice without a version', { notice: { ...notice, version: '' } }, 'MALFORMED_NOTICE'],
  ['a version with spaces', { notice: { ...notice, version: 'the first' } }, 'MALFORMED_NOTICE'],
  ['a language that is none', { notice: { ...notice, language: 'português' } }, 'MALFORMED_NOTICE'],
  ['a hash that is none', { notice: { ...notice, sha256: 'A'.repeat(64) } }, 'MALFORMED_NOTICE'],
  ['empty evidence', { evidence: ' ' }, 'MALFORMED_EVIDENCE'],
  ['long evidence', { evidence: 'x'.repeat(501) }, 'MALFORMED_EVIDENCE'],
  ['somebody else without evidence', { byMember: false }, 'EVIDENCE_REQUIRED'],
])('%s is refused', (_what, but, code) => {
  expect(checkConsent(wanted(but))).toMatchObject({ ok: false, failure: { code } });
});

test.each<[string, Partial<WantedConsent>]>([
  ['the member itself', {}],
  ['somebody else with evidence', { byMember: false, evidence: 'form 17' }],
  ['somebody else who takes it back', { byMember: false, state: 'WITHDRAWN', notice: undefined }],
  ['marketing of a partner', { forPartner: true }],
  ['sharing with a partner', { purpose: 'SHARING_WITH_PARTNER', forPartner: true }],
])('%s is recorded', (_what, but) => {
  expect(checkConsent(wanted(but)).ok).toBe(true);
});

test('what is said last counts, and the same again writes nothing', () => {
  const saying = fc.record({
    state: fc.constantFrom<ConsentState>('GIVEN', 'WITHDRAWN'),
    notice: fc.constantFrom(notice, { ...notice, version: '2026-2' }),
  });
  fc.assert(
    fc.property(fc.array(saying), (sayings) => {
      let last: StandingConsent | undefined;
      for (const said of sayings) {
        const version = nextVersion(last, said);
        if (version === undefined) {
          expect(last?.state).toBe(said.state);
        } else {
          expect(version).toBe((last?.version ?? 0) + 1);
          last = { version, ...said };
        }
        expect(nextVersion(last, said)).toBeUndefined();
      }
    }),
  );
});

test('a receipt says the same in the same bytes, and nothing about the evidence', () => {
  const facts = {
    id: 'r1',
    memberId: 'm1',
    programmeCode: 'p',
    purpose: 'MARKETING',
    state: 'GIVEN',
    version: 1,
    recordedAt: new Date('2026-03-01T12:00:00Z'),
    channel: 'APP',
    notice,
  } as const;
  expect(JSON.parse(receiptDocument(facts))).toEqual({
    schemaVersion: 'hansa-consent-receipt/1',
    recordId: 'r1',
    piiPrincipalId: 'm1',
    piiController: 'p',
    purpose: 'MARKETING',
    lawfulBasis: 'consent',
    privacyNotice: notice,
    event: { state: 'GIVEN', version: 1, time: '2026-03-01T12:00:00.000Z', channel: 'APP' },
  });
  expect(receiptDocument({ ...facts })).toBe(receiptDocument(facts));
});
