/** Product, account and statement day of a card, and accounts that referrer and referred share. */
import { v7 } from 'uuid';
import { ForbiddenError } from '../../../src/modules/access/index.js';
import {
  type CardErrorCode,
  CardService,
  findCards,
  type LinkCard,
  type UpdateCard,
} from '../../../src/modules/cards/index.js';
import { MemberService } from '../../../src/modules/members/index.js';
import { findPartner, PartnerService } from '../../../src/modules/partners/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme, onboard, openModuleEdge } from '../../support/module-fixture.js';
import { admin, partner } from '../../support/principals.js';

let db: TestDatabase;
let cards: CardService;
let members: MemberService;
let programmeNo: number;

beforeAll(async () => {
  db = await openTestDatabase();
  cards = new CardService(db.database);
  members = new MemberService(db.database);
  programmeNo = await addProgramme(db, 'demo');
  await onboard(new PartnerService(db.writer), { bank: ['BANK'], 'other-bank': ['BANK'] });
  for (const code of ['anna', 'bert']) await members.enrol(admin(), { programmeCode: 'demo', code });
});
afterAll(() => db.close());

const DETAILS = { product: 'credit-gold', account: 'account-1', statementDay: 15 };
const card = (token: string, but: Partial<LinkCard> = {}): LinkCard => ({
  programmeCode: 'demo',
  member: { memberCode: 'anna' },
  token,
  lastFour: '0042',
  issuerCode: 'bank',
  ...but,
});
const linked = async (command: LinkCard) => {
  const result = await cards.link(admin(), command);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const find = async (token: string) =>
  (await db.database.command((tx) => findCards(tx, programmeNo, [token]))).get(token);

describe('linking', () => {
  test('keeps the details, which the pipeline finds with the card', async () => {
    const made = await linked(card('token-details', DETAILS));
    expect(made).toMatchObject(DETAILS);
    expect(await find('token-details')).toMatchObject(DETAILS);
    expect(await linked(card('token-details', DETAILS))).toEqual(made);
    expect(await linked(card('token-details'))).toEqual(made);
  });

  test('without details has none', async () => {
    const { product, account, statementDay } = await linked(card('token-plain'));
    expect([product, account, statementDay]).toEqual([undefined, undefined, undefined]);
  });

  test.each<[string, Partial<LinkCard>, CardErrorCode, string]>([
    ['a product that is no code', { product: 'Credit Gold' }, 'MALFORMED_PRODUCT', 'product'],
    ['an account with a space', { account: 'account 1' }, 'MALFORMED_ACCOUNT', 'account'],
    ['an empty account', { account: '' }, 'MALFORMED_ACCOUNT', 'account'],
    ['a long account', { account: 'a'.repeat(65) }, 'MALFORMED_ACCOUNT', 'account'],
    ['a card number as account', { account: '4111111111111111' }, 'CARD_NUMBER_REFUSED', 'account'],
    ['day 0', { statementDay: 0 }, 'STATEMENT_DAY_OUT_OF_RANGE', 'statementDay'],
    ['day 29', { statementDay: 29 }, 'STATEMENT_DAY_OUT_OF_RANGE', 'statementDay'],
  ])('is refused with %s, and nothing is linked', async (_what, but, code, field) => {
    expect(await cards.link(admin(), card('token-refused', but))).toMatchObject({
      ok: false,
      failure: { code, field },
    });
    expect(await find('token-refused')).toBeUndefined();
  });

  test.each<[string, Partial<LinkCard>, string]>([
    ['product', { product: 'debit' }, 'product'],
    ['account', { account: 'account-2' }, 'account'],
    ['statement day', { statementDay: 1 }, 'statementDay'],
  ])('a linked card with another %s is a conflict', async (_what, but, field) => {
    await linked(card('token-details', DETAILS));
    expect(await cards.link(admin(), card('token-details', { ...DETAILS, ...but }))).toMatchObject({
      failure: { code: 'CARD_DIFFERS', field },
    });
    expect(await find('token-details')).toMatchObject(DETAILS);
  });
});

describe('a change', () => {
  const update = (but: Partial<UpdateCard>, cardId: string) => cards.update(admin(), { cardId, ...but });

  test('sets what it names, leaves the rest, and takes away with null', async () => {
    const { id } = await linked(card('token-change', DETAILS));
    await update({ statementDay: 28 }, id);
    expect(await find('token-change')).toMatchObject({ ...DETAILS, statementDay: 28 });
    await update({ product: null, account: 'account-9' }, id);
    const { product, account, statementDay } = (await find('token-change')) ?? {};
    expect([product, account, statementDay]).toEqual([undefined, 'account-9', 28]);
  });

  test('is refused for what is wrong, and nothing changed', async () => {
    const { id } = await linked(card('token-kept', DETAILS));
    for (const but of [{ product: 'X' }, { account: '4111111111111111' }, { statementDay: 31 }])
      expect(await update(but, id)).toMatchObject({ ok: false });
    expect(await update({ product: 'debit' }, v7())).toMatchObject({ failure: { code: 'UNKNOWN_CARD' } });
    expect(await find('token-kept')).toMatchObject(DETAILS);
  });

  test('is for its issuer alone', async () => {
    const { id } = await linked(card('token-issuers', DETAILS));
    const no = async (code: string) => (await db.database.command((tx) => findPartner(tx, code)))?.no as number;
    await expect(cards.update(partner(await no('other-bank')), { cardId: id, product: 'debit' })).rejects.toThrow(
      ForbiddenError,
    );
    expect(await cards.update(partner(await no('bank')), { cardId: id, product: 'debit' })).toMatchObject({ ok: true });
  });
});

describe('nobody refers itself through an account of its own', () => {
  const bring = async (referee: string): Promise<string> => {
    const made = await members.enrol(admin(), { programmeCode: 'demo', code: referee, referrerCode: 'bert' });
    return made.ok ? made.value.id : '';
  };
  const shared = { account: 'shared-account' };
  const of = (memberCode: string, but: Partial<LinkCard> = {}) =>
    card(`token-of-${memberCode}`, { member: { memberCode }, ...but });

  beforeAll(() => linked(of('bert', shared)));

  test('the referred one links no card of it', async () => {
    await bring('carl');
    expect(await cards.link(admin(), of('carl', shared))).toMatchObject({
      ok: false,
      failure: { code: 'SELF_REFERRAL', field: 'account' },
    });
    expect(await find('token-of-carl')).toBeUndefined();
  });

  test('nor moves a card to it', async () => {
    await bring('dora');
    const { id } = await linked(of('dora', { account: 'own-account' }));
    expect(await cards.update(admin(), { cardId: id, ...shared })).toMatchObject({
      failure: { code: 'SELF_REFERRAL' },
    });
    expect(await find('token-of-dora')).toMatchObject({ account: 'own-account' });
  });

  test('nor does the referrer link one of theirs', async () => {
    await bring('emil');
    await linked(of('emil', { account: 'account-of-emil' }));
    expect(
      await cards.link(admin(), card('token-bert-2', { member: { memberCode: 'bert' }, account: 'account-of-emil' })),
    ).toMatchObject({
      failure: { code: 'SELF_REFERRAL' },
    });
  });

  test('the same name of an account at another bank is another account', async () => {
    await bring('frida');
    expect(await cards.link(admin(), of('frida', { ...shared, issuerCode: 'other-bank' }))).toMatchObject({ ok: true });
  });

  test('a withdrawn referral forbids nothing', async () => {
    const memberId = await bring('gustav');
    await members.update(admin(), { memberId, withdrawReferral: true });
    expect(await cards.link(admin(), of('gustav', shared))).toMatchObject({ ok: true });
  });
});

test('over the API the account is seen by its issuer and by administrators', async () => {
  const edge = await openModuleEdge(db);
  try {
    const asked = `mutation ($input: CardLinkInput!) { cardLink(input: $input) {
      card { id product account statementDay } userErrors { code } } }`;
    const input = { ...card('token-api'), ...DETAILS, account: 'account-api' };
    const token = await edge.token({ principal: 'PARTNER', partner: 'bank' });
    const { data } = await edge.ask(asked, { token, variables: { input } });
    expect(data.cardLink).toEqual({
      card: { id: expect.any(String), product: 'credit-gold', account: 'account-api', statementDay: 15 },
      userErrors: [],
    });
    const update = await edge.ask(
      `mutation ($id: ID!) { cardUpdate(input: { cardId: $id, product: "debit", statementDay: null }) {
         card { product account statementDay } userErrors { code } } }`,
      { token, variables: { id: data.cardLink.card.id } },
    );
    expect(update.data.cardUpdate).toEqual({
      card: { product: 'debit', account: 'account-api', statementDay: null },
      userErrors: [],
    });
    const own = await edge.token({ principal: 'MEMBER', member: 'anna' });
    const seen = await edge.ask('{ member { cards { nodes { lastFour product account } } } }', { token: own });
    expect(seen.data.member.cards.nodes).toContainEqual({ lastFour: '0042', product: 'debit', account: null });
    for (const node of seen.data.member.cards.nodes) expect(node.account).toBeNull();
  } finally {
    await edge.stop();
  }
});
