import { v7 } from 'uuid';
import type { Principal } from '../../../src/domain/access/principal.js';
import { ForbiddenError } from '../../../src/modules/access/index.js';
import { type CardRecord, CardService, findCards, type LinkCard, linkCards } from '../../../src/modules/cards/index.js';
import { enrolMembers, type MemberRecord } from '../../../src/modules/members/index.js';
import { findPartner, type PartnerRecord, PartnerService } from '../../../src/modules/partners/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme, onboard } from '../../support/module-fixture.js';
import { admin, partner } from '../../support/principals.js';

let db: TestDatabase;
let service: CardService;
let programmeNo: number;
let anna: MemberRecord;
let bert: MemberRecord;
let bank: PartnerRecord;

beforeAll(async () => {
  db = await openTestDatabase();
  service = new CardService(db.database);
  programmeNo = await addProgramme(db, 'demo');
  await addProgramme(db, 'other');
  const partners = new PartnerService(db.writer);
  await onboard(partners, {
    bank: ['BANK'],
    'other-bank': ['BANK', 'MERCHANT'],
    shop: ['MERCHANT'],
    sleeping: ['BANK'],
  });
  await partners.suspend(admin(), 'sleeping');
  const members = await db.database.command((tx) =>
    enrolMembers(
      tx,
      programmeNo,
      ['anna', 'bert', 'closed'].map((code) => ({ id: v7(), code })),
    ),
  );
  anna = members.get('anna') as MemberRecord;
  bert = members.get('bert') as MemberRecord;
  bank = (await db.database.command((tx) => findPartner(tx, 'bank'))) as PartnerRecord;
  await db.superuser.query(`update member set status = 'CLOSED' where code = 'closed'`);
});
afterAll(() => db.close());

const card = (token: string, but: Partial<LinkCard> = {}): LinkCard => ({
  programmeCode: 'demo',
  member: { memberCode: 'anna' },
  token,
  lastFour: '0042',
  issuerCode: 'bank',
  ...but,
});

const linked = async (command: LinkCard, principal: Principal = admin()): Promise<CardRecord> => {
  const result = await service.link(principal, command);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

const countCards = async (): Promise<number> =>
  (await db.superuser.query('select count(*)::int as n from card')).rows[0].n;

describe('linking is refused and stores nothing', () => {
  test.each<[string, Partial<LinkCard>, string, string]>([
    ['a card number as token', { token: '4111111111111111' }, 'CARD_NUMBER_REFUSED', 'token'],
    ['a card number with spaces', { token: '4111 1111 1111 1111' }, 'CARD_NUMBER_REFUSED', 'token'],
    ['a card number with dashes', { token: '3782-822463-10005' }, 'CARD_NUMBER_REFUSED', 'token'],
    ['a card number in a token', { token: 'tok_5555555555554444' }, 'CARD_NUMBER_REFUSED', 'token'],
    ['a card number as last four', { lastFour: '4111111111111111' }, 'CARD_NUMBER_REFUSED', 'lastFour'],
    ['a short token', { token: 'seven77' }, 'MALFORMED_TOKEN', 'token'],
    ['a long token', { token: 't'.repeat(129) }, 'MALFORMED_TOKEN', 'token'],
    ['a token with a space', { token: 'token 0001' }, 'MALFORMED_TOKEN', 'token'],
    ['three digits', { lastFour: '042' }, 'MALFORMED_LAST_FOUR', 'lastFour'],
    ['letters for digits', { lastFour: 'O042' }, 'MALFORMED_LAST_FOUR', 'lastFour'],
    ['an unknown programme', { programmeCode: 'nowhere' }, 'UNKNOWN_PROGRAMME', 'programmeCode'],
    ['an unknown issuer', { issuerCode: 'nobody' }, 'UNKNOWN_ISSUER', 'issuerCode'],
    ['an issuer that is no bank', { issuerCode: 'shop' }, 'ISSUER_NOT_A_BANK', 'issuerCode'],
    ['an issuer that is suspended', { issuerCode: 'sleeping' }, 'ISSUER_NOT_ACTIVE', 'issuerCode'],
    ['no member', { member: {} }, 'MEMBER_NOT_EXACTLY_ONE', 'member'],
    [
      'a member by id and by code',
      { member: { memberId: v7(), memberCode: 'anna' } },
      'MEMBER_NOT_EXACTLY_ONE',
      'member',
    ],
    ['an unknown code', { member: { memberCode: 'nobody' } }, 'UNKNOWN_MEMBER', 'member'],
    ['an unknown id', { member: { memberId: v7() } }, 'UNKNOWN_MEMBER', 'member'],
    ['an id that is none', { member: { memberId: '42' } }, 'UNKNOWN_MEMBER', 'member'],
    ['a member of another programme', { programmeCode: 'other' }, 'UNKNOWN_MEMBER', 'member'],
    ['a member that has left', { member: { memberCode: 'closed' } }, 'MEMBER_CLOSED', 'member'],
  ])('%s', async (_, but, code, field) => {
    const before = await countCards();
    const result = await service.link(admin(), card('token-refused', but));
    expect(result).toMatchObject({ ok: false, failure: { code, field } });
    expect(await countCards()).toBe(before);
    expect(JSON.stringify(result)).not.toMatch(/\d{5}|\d{4}[ -]/);
  });

  test("by a partner, of another bank's card", async () => {
    for (const issuerCode of ['other-bank', 'nobody']) {
      await expect(service.link(partner(bank.no, 'bank'), card('token-foreign', { issuerCode }))).rejects.toThrow(
        ForbiddenError,
      );
    }
    expect(await countCards()).toBe(0);
  });
});

test('a bank links a card it has issued, and the same again is the same card', async () => {
  const first = await linked(card('token-anna-1'), partner(bank.no, 'bank'));
  expect(first).toMatchObject({ memberNo: anna.no, token: 'token-anna-1', lastFour: '0042', issuerNo: bank.no });
  expect(first).not.toHaveProperty('unlinkedAt');
  expect(await linked(card('token-anna-1', { member: { memberId: anna.id } }))).toEqual(first);
});

describe('a linked token is a conflict', () => {
  beforeAll(() => linked(card('token-anna-2')));

  test.each<[string, Partial<LinkCard>, string]>([
    ['for another member', { member: { memberCode: 'bert' } }, 'CARD_OF_ANOTHER_MEMBER'],
    ['with another issuer', { issuerCode: 'other-bank' }, 'CARD_DIFFERS'],
    ['with other digits', { lastFour: '0043' }, 'CARD_DIFFERS'],
  ])('%s', async (_, but, code) => {
    const before = await linked(card('token-anna-2'));
    expect(await service.link(admin(), card('token-anna-2', but))).toMatchObject({
      ok: false,
      failure: { code, field: 'token' },
    });
    expect(await linked(card('token-anna-2'))).toEqual(before);
  });
});

describe('unlinking', () => {
  test('is refused for what is no card and for the card of another bank', async () => {
    const other = await linked(card('token-other-1', { issuerCode: 'other-bank' }));
    for (const id of [v7(), 'no-id']) {
      expect(await service.unlink(admin(), id)).toMatchObject({
        ok: false,
        failure: { code: 'UNKNOWN_CARD', field: 'cardId' },
      });
    }
    await expect(service.unlink(partner(bank.no, 'bank'), other.id)).rejects.toThrow(ForbiddenError);
  });

  test('ends the link once, and linking again takes the same card up', async () => {
    const before = await linked(card('token-anna-3'));
    const first = await service.unlink(partner(bank.no, 'bank'), before.id);
    expect(first).toMatchObject({ ok: true, value: { id: before.id, unlinkedAt: expect.any(Date) } });
    expect(await service.unlink(admin(), before.id)).toEqual(first);
    const stored = await db.database.command((tx) => findCards(tx, programmeNo, ['token-anna-3']));
    expect(stored.get('token-anna-3')?.unlinkedAt).toBeInstanceOf(Date);
    expect(await linked(card('token-anna-3'))).toEqual(before);
    expect(
      (await db.database.command((tx) => findCards(tx, programmeNo, ['token-anna-3']))).get('token-anna-3'),
    ).toEqual(before);
  });

  test('frees the token for nobody else', async () => {
    const before = await linked(card('token-anna-4'));
    await service.unlink(admin(), before.id);
    const taken = await service.link(admin(), card('token-anna-4', { member: { memberCode: 'bert' } }));
    expect(taken).toMatchObject({ ok: false, failure: { code: 'CARD_OF_ANOTHER_MEMBER' } });
  });
});

test('20 concurrent links of one token give one card and 20 equal answers', async () => {
  const before = await countCards();
  const all = await Promise.all(Array.from({ length: 20 }, () => linked(card('token-race-1'))));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  expect(await countCards()).toBe(before + 1);
});

test('20 concurrent links of one token by two members give it to one of them', async () => {
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      service.link(admin(), card('token-race-2', { member: { memberCode: index % 2 === 0 ? 'anna' : 'bert' } })),
    ),
  );
  expect(results.filter(({ ok }) => ok)).toHaveLength(10);
  const owners = new Set(results.flatMap((result) => (result.ok ? [result.value.memberNo] : [])));
  expect(owners.size).toBe(1);
  expect([anna.no, bert.no]).toContain([...owners][0]);
});

test('a batch links what is new and returns what is known, whoever has it', async () => {
  const known = await linked(card('token-batch-1'));
  const wanted = ['token-batch-1', 'token-batch-2', 'token-batch-2'].map((token) => ({
    id: v7(),
    memberNo: bert.no,
    token,
    lastFour: '0001',
    issuerNo: bank.no,
  }));
  const found = await db.database.command((tx) => linkCards(tx, programmeNo, wanted));
  expect([...found.keys()].toSorted()).toEqual(['token-batch-1', 'token-batch-2']);
  expect(found.get('token-batch-1')).toEqual(known);
  expect(found.get('token-batch-2')).toMatchObject({ memberNo: bert.no, lastFour: '0001' });
  expect(await db.database.command((tx) => linkCards(tx, programmeNo, []))).toEqual(new Map());
});
