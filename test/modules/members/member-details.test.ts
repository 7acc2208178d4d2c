/** Birthday, clock and referrer of a member: at enrolment, in changes, and who may. */
import { v7 } from 'uuid';
import type { Principal } from '../../../src/domain/access/principal.js';
import { ForbiddenError } from '../../../src/modules/access/index.js';
import { CardService } from '../../../src/modules/cards/index.js';
import {
  birthdayOf,
  type EnrolMember,
  type MemberErrorCode,
  MemberService,
} from '../../../src/modules/members/index.js';
import { findPartner, type PartnerRecord, PartnerService } from '../../../src/modules/partners/index.js';
import type { Edge } from '../../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme, onboard, openModuleEdge } from '../../support/module-fixture.js';
import { admin, partner } from '../../support/principals.js';

let db: TestDatabase;
let edge: Edge;
let service: MemberService;
let bank: PartnerRecord;
let shop: PartnerRecord;

beforeAll(async () => {
  db = await openTestDatabase();
  service = new MemberService(db.database);
  await addProgramme(db, 'demo');
  await addProgramme(db, 'other');
  await onboard(new PartnerService(db.writer), { bank: ['BANK'], shop: ['MERCHANT'] });
  const find = (code: string) => db.database.command((tx) => findPartner(tx, code)) as Promise<PartnerRecord>;
  [bank, shop] = [await find('bank'), await find('shop')];
  edge = await openModuleEdge(db);
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

const enrol = (code: string, but: Partial<EnrolMember> = {}) =>
  service.enrol(admin(), { programmeCode: 'demo', code, ...but });
const enrolled = async (code: string, but: Partial<EnrolMember> = {}) => {
  const result = await enrol(code, but);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
/** The birthday is encrypted; in the open it stands nowhere. */
const stored = async (code: string): Promise<unknown> => {
  const { rows } = await db.superuser.query(
    `select m.id, m.birthday, m.birthday_sealed, m.time_zone as "timeZone", r.code as "referrer"
     from member m left join member r on r.no = m.referred_by_no where m.code = $1`,
    [code],
  );
  if (rows[0] === undefined) return undefined;
  const { id, birthday, birthday_sealed: sealed, ...rest } = rows[0];
  expect(birthday).toBeNull();
  return { birthday: sealed === null ? null : db.database.secrets.open(sealed, birthdayOf(id)), ...rest };
};

describe('enrolment', () => {
  test('keeps what is known', async () => {
    await enrolled('anna');
    await enrolled('bert', { birthday: '02-29', timeZone: 'Asia/Vladivostok', referrerCode: 'anna' });
    expect(await stored('bert')).toEqual({ birthday: '02-29', timeZone: 'Asia/Vladivostok', referrer: 'anna' });
    expect(await stored('anna')).toEqual({ birthday: null, timeZone: null, referrer: null });
  });

  test('again with the same referrer is the same member as it was', async () => {
    await enrolled('rita');
    const first = await enrolled('carl', { referrerCode: 'rita', birthday: '03-10' });
    expect(await enrolled('carl', { referrerCode: 'rita', birthday: '03-11' })).toEqual(first);
    expect(await enrolled('carl')).toEqual(first);
  });

  test.each<[string, Partial<EnrolMember>, MemberErrorCode, string]>([
    ['a birthday with its year', { birthday: '1990-03-10' }, 'MALFORMED_BIRTHDAY', 'birthday'],
    ['30 February', { birthday: '02-30' }, 'MALFORMED_BIRTHDAY', 'birthday'],
    ['a month that is none', { birthday: '13-01' }, 'MALFORMED_BIRTHDAY', 'birthday'],
    ['an empty birthday', { birthday: '' }, 'MALFORMED_BIRTHDAY', 'birthday'],
    ['a zone that is none', { timeZone: 'Mars/Base' }, 'UNKNOWN_TIME_ZONE', 'timeZone'],
    ['an empty zone', { timeZone: '' }, 'UNKNOWN_TIME_ZONE', 'timeZone'],
    ['itself as referrer', { referrerCode: 'new-one' }, 'SELF_REFERRAL', 'referrerCode'],
    ['nobody as referrer', { referrerCode: 'nobody' }, 'UNKNOWN_REFERRER', 'referrerCode'],
    ['a member of another programme', { referrerCode: 'elsewhere' }, 'UNKNOWN_REFERRER', 'referrerCode'],
    ['a member who has left', { referrerCode: 'left' }, 'UNKNOWN_REFERRER', 'referrerCode'],
  ])('is refused with %s, and nobody is enrolled', async (_what, but, code, field) => {
    await enrolled('elsewhere', { programmeCode: 'other' });
    await enrolled('left');
    await db.superuser.query(`update member set status = 'CLOSED' where code = 'left'`);
    expect(await enrol('new-one', but)).toMatchObject({ ok: false, failure: { code, field } });
    expect(await stored('new-one')).toBeUndefined();
  });

  test('does not refer a member who is there already', async () => {
    await enrolled('dora');
    await enrolled('emil');
    expect(await enrol('emil', { referrerCode: 'dora' })).toMatchObject({ failure: { code: 'ENROLLED_BEFORE' } });
    expect(await stored('emil')).toMatchObject({ referrer: null });
  });
});

describe('a change', () => {
  const details = { birthday: '03-10', timeZone: 'Europe/Lisbon' };

  test('sets what it names, leaves the rest, and takes away with null', async () => {
    const { id: memberId } = await enrolled('frida', { birthday: '01-01', referrerCode: 'anna' });
    await service.update(admin(), { memberId, timeZone: 'Europe/Lisbon' });
    expect(await stored('frida')).toEqual({ birthday: '01-01', timeZone: 'Europe/Lisbon', referrer: 'anna' });
    const again = await service.update(admin(), { memberId, birthday: null });
    expect(again).toMatchObject({ ok: true, value: { birthday: null, timeZone: 'Europe/Lisbon' } });
    await service.update(admin(), { memberId, withdrawReferral: true });
    expect(await stored('frida')).toEqual({ birthday: null, timeZone: 'Europe/Lisbon', referrer: null });
  });

  test.each<[string, object, MemberErrorCode]>([
    ['a birthday that is none', { birthday: '3-10' }, 'MALFORMED_BIRTHDAY'],
    ['a zone that is none', { timeZone: 'Lisbon' }, 'UNKNOWN_TIME_ZONE'],
    ['a member that does not exist', { memberId: v7() }, 'UNKNOWN_MEMBER'],
    ['an id that is none', { memberId: 'gustav' }, 'UNKNOWN_MEMBER'],
  ])('is refused with %s, and nothing changed', async (_what, but, code) => {
    const { id: memberId } = await enrolled('gustav', details);
    expect(await service.update(admin(), { memberId, ...but })).toMatchObject({ ok: false, failure: { code } });
    expect(await stored('gustav')).toEqual({ ...details, referrer: null });
  });

  test('of a member who has left is refused', async () => {
    const { id: memberId } = await enrolled('hans');
    await db.superuser.query(`update member set status = 'CLOSED' where code = 'hans'`);
    expect(await service.update(admin(), { memberId, ...details })).toMatchObject({
      failure: { code: 'MEMBER_CLOSED' },
    });
  });

  test('is made by the member itself and by a bank while its card is linked, and by nobody else', async () => {
    const ida = await enrolled('ida');
    const jan = await enrolled('jan');
    const cards = new CardService(db.database);
    const member = { memberCode: 'ida' };
    const card = await cards.link(admin(), {
      programmeCode: 'demo',
      member,
      token: 'token-of-ida',
      lastFour: '0042',
      issuerCode: 'bank',
    });
    const as = ({ no, id }: { no: number; id: string }): Principal => ({
      ...admin(),
      kind: 'MEMBER',
      memberNo: no,
      memberId: id,
    });
    const change = (principal: Principal) => service.update(principal, { memberId: ida.id, ...details });
    expect(await change(as(ida))).toMatchObject({ ok: true });
    expect(await change(partner(bank.no))).toMatchObject({ ok: true });
    for (const other of [as(jan), partner(shop.no), admin('reader', ['members:read'])])
      await expect(change(other)).rejects.toThrow(ForbiddenError);
    await cards.unlink(admin(), card.ok ? card.value.id : '');
    await expect(change(partner(bank.no))).rejects.toThrow(ForbiddenError);
  });
});

test('over the API a referrer is shown to those who may see it', async () => {
  const token = await edge.token({ principal: 'ADMIN' });
  const input = {
    programmeCode: 'demo',
    code: 'karl',
    birthday: '02-29',
    timeZone: 'Europe/Lisbon',
    referrerCode: 'anna',
  };
  const made = await edge.ask(
    `mutation ($input: MemberEnrolInput!) { memberEnrol(input: $input) {
       member { id birthday timeZone referredBy { code } } userErrors { code } } }`,
    { token, variables: { input } },
  );
  expect(made.data.memberEnrol).toEqual({
    member: { id: expect.any(String), birthday: '02-29', timeZone: 'Europe/Lisbon', referredBy: { code: 'anna' } },
    userErrors: [],
  });
  const { id } = made.data.memberEnrol.member;
  const own = await edge.token({ principal: 'MEMBER', member: id });
  const { data } = await edge.ask('{ member { birthday referredBy { code } } }', { token: own });
  expect(data.member).toEqual({ birthday: '02-29', referredBy: null });
  const changed = await edge.ask(
    `mutation ($id: ID!) { memberUpdate(input: { memberId: $id, birthday: null }) {
       member { birthday timeZone } userErrors { code } } }`,
    { token: own, variables: { id } },
  );
  expect(changed.data.memberUpdate).toEqual({
    member: { birthday: null, timeZone: 'Europe/Lisbon' },
    userErrors: [],
  });
});
