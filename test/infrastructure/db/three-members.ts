/** Three members, the second with a card that partner 7 issued, and who sees which of them. */
import type { Visibility } from '../../../src/infrastructure/db/orm.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

export async function openThreeMembers(): Promise<TestDatabase> {
  const db = await openTestDatabase();
  await db.superuser.query(
    `insert into member (id, programme_no, code, enrolled_at)
     select format('00000000-0000-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, 1, 'M' || n, now() from generate_series(1, 3) n`,
  );
  await db.superuser.query(
    `insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at)
     values ('00000000-0000-7000-8000-000000000009', 2, 1, 'token-0001', '4242', 7, now())`,
  );
  return db;
}

/** Who asks, how the reader knows them, and the codes of the members they see. */
export const WHO_SEES: readonly (readonly [who: string, visibility: Visibility, codes: readonly string[]])[] = [
  ['nothing', {}, []],
  ['all', { seesAll: true }, ['M1', 'M2', 'M3']],
  ['a member', { memberNo: 1 }, ['M1']],
  ['the partner who issued a card', { partnerNo: 7 }, ['M2']],
  ['a partner who did not', { partnerNo: 8 }, []],
];
