/** What members consent to, for tests that are about something else. */
import { v7 } from 'uuid';
import type { ConsentPurpose } from '../../src/domain/consents/consent.js';
import type { TestDatabase } from './database.js';

export async function giveConsent(
  { superuser }: TestDatabase,
  memberNo: number,
  purpose: ConsentPurpose,
  partnerNo = 0,
): Promise<void> {
  await superuser.query(
    `insert into consent_receipt (id, member_no, purpose, partner_no, version, state, recorded_at, recorded_by, channel,
       notice_version, notice_language, notice_sha256)
     select $1, $2, $3, $4::integer, coalesce(max(version), 0) + 1, 'GIVEN', now(), 'test', 'APP', '1', 'en', repeat('a', 64)
     from consent_receipt where member_no = $2 and purpose = $3 and partner_no = $4::integer`,
    [v7(), memberNo, purpose, partnerNo],
  );
}
