import { v7 } from 'uuid';
import { DbTransaction } from '../../../src/infrastructure/db/database.js';
import { ForbiddenError } from '../../../src/modules/access/index.js';
import { enrolMembers, findMembers, type MemberRecord, MemberService } from '../../../src/modules/members/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme } from '../../support/module-fixture.js';
import { admin, partner } from '../../support/principals.js';

let db: TestDatabase;
let service: MemberService;
let programmeNo: number;
let otherNo: number;

beforeAll(async () => {
  db = await openTestDatabase();
  service = new MemberService(db.database);
  programmeNo = await addProgramme(db, 'demo');
  otherNo = await addProgramme(db, 'other');
});
afterAll(() => db.close());

const rows = async (): Promise<{ members: number; balances: number; highest: number }> =>
  (
    await db.superuser.query(
      `select (select count(*)::int from member) as members, (select count(*)::int from member_balance) as balances,
              (select coalesce(max(no), 0) from member) as highest`,
    )
  ).rows[0];

const enrolled = async (code: string, programmeCode = 'demo'): Promise<MemberRecord> => {
  const result = await service.enrol(admin(), { programmeCode, code });
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe('enrolment is refused and stores nothing', () => {
  test.each([
    ['an unknown programme', 'nowhere', 'anna', 'UNKNOWN_PROGRAMME', 'programmeCode'],
    ['an empty code', 'demo', '', 'MALFORMED_CODE', 'code'],
    ['a code of 65 characters', 'demo', 'm'.repeat(65), 'MALFORMED_CODE', 'code'],
    ['a code with spaces around it', 'demo', ' anna', 'MALFORMED_CODE', 'code'],
    ['a code that PostgreSQL cannot keep', 'demo', 'an\u0000na', 'MALFORMED_CODE', 'code'],
  ])('%s', async (_, programmeCode, code, expected, field) => {
    const before = await rows();
    expect(await service.enrol(admin(), { programmeCode, code })).toMatchObject({
      ok: false,
      failure: { code: expected, field },
    });
    expect(await rows()).toEqual(before);
  });

  test('by a member, and without the scope', async () => {
    const member = { ...admin(), kind: 'MEMBER', memberNo: 1, memberId: v7() } as const;
    for (const principal of [member, admin('reader', ['members:read'])]) {
      await expect(service.enrol(principal, { programmeCode: 'demo', code: 'anna' })).rejects.toThrow(ForbiddenError);
    }
  });
});

test('a member is made with its balance row, by a partner too', async () => {
  const before = await rows();
  const result = await service.enrol(partner(1), { programmeCode: 'demo', code: 'anna' });
  expect(result).toMatchObject({ ok: true, value: { code: 'anna', programmeNo, status: 'ACTIVE' } });
  expect(await rows()).toMatchObject({ members: before.members + 1, balances: before.balances + 1 });
});

test('the same code again is the same member, and burns no number', async () => {
  const first = await enrolled('bert');
  for (let time = 0; time < 5; time += 1) expect(await enrolled('bert')).toEqual(first);
  expect((await enrolled('berta')).no).toBe(first.no + 1);
});

test('the partner that has enrolled a member gets the same answer again, before there is a card', async () => {
  const enrol = () => service.enrol(partner(1), { programmeCode: 'demo', code: 'betty' });
  const first = await enrol();
  expect(first).toMatchObject({ ok: true, value: { code: 'betty' } });
  expect(await enrol()).toEqual(first);
});

test('the same code in another programme is another member', async () => {
  const here = await enrolled('carl');
  const there = await enrolled('carl', 'other');
  expect(there.id).not.toBe(here.id);
  expect(there.programmeNo).toBe(otherNo);
});

test('a partner to whom the member is a stranger is told that it is there, and nothing of it', async () => {
  const { no, id } = await enrolled('stella');
  const again = () => service.enrol(partner(7), { programmeCode: 'demo', code: 'stella' });
  expect(await again()).toMatchObject({ ok: false, failure: { code: 'ENROLLED_BEFORE', field: 'code' } });
  await db.superuser.query(
    `insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at)
     values (gen_random_uuid(), $1, $2, 'token-stella', '4242', 7, now())`,
    [no, programmeNo],
  );
  expect(await again()).toMatchObject({ ok: true, value: { id } });
});

test('20 concurrent enrolments of one code give one member and 20 equal answers', async () => {
  const before = await rows();
  const all = await Promise.all(Array.from({ length: 20 }, () => enrolled('dora')));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  expect(await rows()).toMatchObject({ members: before.members + 1, balances: before.balances + 1 });
});

test('a batch enrols what is new and returns what is known, also when a code is given twice', async () => {
  const known = await enrolled('emil');
  const batch = ['frida', 'emil', 'gustav', 'frida'].map((code) => ({ id: v7(), code }));
  const found = await db.database.command((tx) => enrolMembers(tx, programmeNo, batch));
  expect([...found.keys()].toSorted()).toEqual(['emil', 'frida', 'gustav']);
  expect(found.get('emil')).toEqual(known);
  expect(await db.database.command((tx) => enrolMembers(tx, programmeNo, []))).toEqual(new Map());
});

test('concurrent batches of the same codes in any order neither deadlock nor repeat', async () => {
  const codes = Array.from({ length: 2_000 }, (_, index) => `batch-${index}`);
  const orders = [codes, codes.toReversed(), codes, codes.toReversed()];
  const before = await rows();
  const answers = await Promise.all(
    orders.map((order) => withoutRetry((tx) => enrolMembers(tx, programmeNo, named(order)))),
  );
  expect(await rows()).toMatchObject({ members: before.members + 2_000, balances: before.balances + 2_000 });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

const named = (codes: readonly string[]): { id: string; code: string }[] => codes.map((code) => ({ id: v7(), code }));

/** A transaction in which a deadlock is an error, where `database.command` would try again. */
async function withoutRetry<T>(work: (tx: DbTransaction) => Promise<T>): Promise<T> {
  const client = await db.database.pool.connect();
  try {
    await client.query('begin');
    const tx = new DbTransaction(client, db.database.secrets);
    const result = await work(tx);
    await tx.flush();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

test('members are found by code and by id within their programme only', async () => {
  const [here, there] = [await enrolled('hans'), await enrolled('ida', 'other')];
  const find = (by: Parameters<typeof findMembers>[2]): Promise<MemberRecord[]> =>
    db.database.command((tx) => findMembers(tx, programmeNo, by));
  expect(await find({ codes: ['hans', 'nobody'] })).toEqual([here]);
  expect(await find({ ids: [here.id, there.id] })).toEqual([here]);
  expect(await find({ codes: ['hans'], ids: [here.id] })).toEqual([here]);
  expect(await find({})).toEqual([]);
});
