/** Members and their cards through the API, as each kind of caller sees them. */
import { CardService } from '../../../src/modules/cards/index.js';
import { MemberService } from '../../../src/modules/members/index.js';
import { PartnerService } from '../../../src/modules/partners/index.js';
import type { Edge, GraphQLAnswer } from '../../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme, countReads, onboard, openModuleEdge } from '../../support/module-fixture.js';
import { admin } from '../../support/principals.js';

let db: TestDatabase;
let edge: Edge;
const ids = new Map<string, string>();
const tokens = new Map<string, string>();

/** anna has a card of either bank, bert one of the other bank, carl none. */
beforeAll(async () => {
  db = await openTestDatabase();
  await addProgramme(db, 'demo');
  await onboard(new PartnerService(db.writer), { bank: ['BANK'], 'other-bank': ['BANK'], shop: ['MERCHANT'] });
  const [members, cards] = [new MemberService(db.database), new CardService(db.database)];
  for (const code of ['anna', 'bert', 'carl']) {
    const member = await members.enrol(admin(), { programmeCode: 'demo', code });
    if (member.ok) ids.set(code, member.value.id);
  }
  for (const [memberCode, issuerCode] of [
    ['anna', 'bank'],
    ['anna', 'other-bank'],
    ['bert', 'other-bank'],
  ] as const) {
    const token = `token-${memberCode}-${issuerCode}`;
    const card = await cards.link(admin(), {
      programmeCode: 'demo',
      member: { memberCode },
      token,
      lastFour: '0042',
      issuerCode,
    });
    if (card.ok) ids.set(token, card.value.id);
  }
  await db.superuser.query(
    `update member_balance set pending_units = 1234, available_units = -5, held_units = 100
     where member_no = (select no from member where code = 'anna')`,
  );
  edge = await openModuleEdge(db);
  tokens.set('admin', await edge.token({ principal: 'ADMIN' }));
  tokens.set('service', await edge.token({ principal: 'SERVICE' }));
  for (const partner of ['bank', 'other-bank', 'shop'])
    tokens.set(partner, await edge.token({ principal: 'PARTNER', partner }));
  for (const member of ['anna', 'bert']) tokens.set(member, await edge.token({ principal: 'MEMBER', member }));
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

const askAs = (who: string, query: string, variables: object = {}): Promise<GraphQLAnswer> =>
  edge.ask(query, { token: tokens.get(who) as string, variables });

const LINK = `mutation ($input: CardLinkInput!) {
  cardLink(input: $input) { card { id lastFour token issuer { code } member { code } linkedAt unlinkedAt } userErrors { code message field } }
}`;
const card = (token: string, but: object = {}): object => ({
  input: { programmeCode: 'demo', member: { memberCode: 'anna' }, token, lastFour: '0042', issuerCode: 'bank', ...but },
});

describe('a card number is refused, not echoed and in no log line', () => {
  const NUMBER = '4111111111111111';

  test.each([
    ['as the token', { token: NUMBER }],
    ['in groups', { token: '4111 1111 1111 1111' }],
    ['as the last four', { lastFour: NUMBER }],
    ['as the code of the member', { member: { memberCode: NUMBER } }],
    ['as the code of the issuer', { issuerCode: NUMBER }],
    ['as the programme', { programmeCode: NUMBER }],
  ])('%s', async (_, but) => {
    const answer = await askAs('admin', LINK, card('token-refused', but));
    expect(answer.data.cardLink).toMatchObject({ card: null, userErrors: [{ code: expect.any(String) }] });
    expect(JSON.stringify([answer, edge.logged])).not.toMatch(/4111|1111/);
  });

  test('also when it is written into the query', async () => {
    const inline = `mutation { cardLink(input: { programmeCode: "demo", member: { memberCode: "anna" }, token: "${NUMBER}",
      lastFour: "1111", issuerCode: "bank" }) { card { id } userErrors { code } } }`;
    const answer = await askAs('bank', inline);
    expect(answer.data.cardLink).toEqual({ card: null, userErrors: [{ code: 'CARD_NUMBER_REFUSED' }] });
    expect(JSON.stringify([answer, edge.logged])).not.toContain(NUMBER);
  });
});

test('a bank links and unlinks its own cards and those of no other bank', async () => {
  const { data, errors } = await askAs('bank', LINK, card('token-of-bank-2'));
  expect(errors).toBeUndefined();
  expect(data.cardLink).toEqual({
    card: {
      id: expect.any(String),
      lastFour: '0042',
      token: 'token-of-bank-2',
      issuer: { code: 'bank' },
      member: { code: 'anna' },
      linkedAt: expect.stringMatching(/Z$/),
      unlinkedAt: null,
    },
    userErrors: [],
  });
  const unlink =
    'mutation ($id: ID!) { cardUnlink(input: { cardId: $id }) { card { unlinkedAt } userErrors { code } } }';
  const foreign = [
    await askAs('other-bank', LINK, card('token-of-bank-3')),
    await askAs('other-bank', unlink, { id: data.cardLink.card.id }),
    await askAs('anna', LINK, card('token-of-bank-3', { issuerCode: 'bank' })),
  ];
  for (const answer of foreign) expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const own = await askAs('bank', unlink, { id: data.cardLink.card.id });
  expect(own.data.cardUnlink).toEqual({ card: { unlinkedAt: expect.stringMatching(/Z$/) }, userErrors: [] });
  await db.superuser.query(`delete from card where token = 'token-of-bank-2'`);
});

describe('who sees which member, and what of it', () => {
  const MEMBER = `query ($code: String) { member(code: $code, programmeCode: "demo") {
    code status programmeCode balance { pending available held unitCode } cards { nodes { token lastFour linkedAt unlinkedAt issuer { code } } }
  } }`;
  const anna = (...cards: readonly (readonly [string | null, string])[]): object => ({
    code: 'anna',
    status: 'ACTIVE',
    programmeCode: 'demo',
    balance: { pending: '12.34', available: '-0.05', held: '1.00', unitCode: 'PTS' },
    cards: {
      nodes: cards.map(([token, code]) => ({
        token,
        lastFour: '0042',
        linkedAt: expect.stringMatching(/Z$/),
        unlinkedAt: null,
        issuer: { code },
      })),
    },
  });

  test.each<[string, object | null, boolean]>([
    ['admin', anna(['token-anna-bank', 'bank'], ['token-anna-other-bank', 'other-bank']), true],
    ['service', anna([null, 'bank'], [null, 'other-bank']), true],
    ['bank', anna(['token-anna-bank', 'bank']), false],
    ['other-bank', anna(['token-anna-other-bank', 'other-bank']), true],
    ['shop', null, false],
    ['anna', anna([null, 'bank'], [null, 'other-bank']), false],
    ['bert', null, true],
  ])('%s', async (who, expected, seesBert) => {
    const { data, errors } = await askAs(who, MEMBER, { code: 'anna' });
    expect(errors).toBeUndefined();
    expect(data.member).toEqual(expected);
    expect((await askAs(who, MEMBER, { code: 'bert' })).data.member?.code).toBe(seesBert ? 'bert' : undefined);
    const byId = await askAs(who, 'query ($id: ID!) { member(id: $id) { code } node(id: $id) { __typename } }', {
      id: ids.get('bert'),
    });
    expect(byId.data).toEqual(
      seesBert ? { member: { code: 'bert' }, node: { __typename: 'Member' } } : { member: null, node: null },
    );
    const cardOfBert = await askAs(who, 'query ($id: ID!) { node(id: $id) { __typename } }', {
      id: ids.get('token-bert-other-bank'),
    });
    expect(cardOfBert.data.node).toEqual(seesBert ? { __typename: 'Card' } : null);
  });

  test('a member that names nobody is itself; others must name one', async () => {
    expect((await askAs('anna', '{ member { code } }')).data.member).toEqual({ code: 'anna' });
    for (const [who, query] of [
      ['admin', '{ member { code } }'],
      ['anna', '{ member(code: "anna") { code } }'],
      ['admin', '{ member(id: "x", code: "anna", programmeCode: "demo") { code } }'],
    ] as const) {
      expect((await askAs(who, query)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect((await askAs('admin', '{ member(id: "x") { code } }')).data).toEqual({ member: null });
  });

  test('the list is for those who run the programme', async () => {
    const list = (who: string, programmeCode = 'demo'): Promise<GraphQLAnswer> =>
      askAs(
        who,
        'query ($p: String) { members(first: 2, programmeCode: $p) { nodes { code } pageInfo { hasNextPage } } }',
        { p: programmeCode },
      );
    for (const who of ['admin', 'service']) {
      expect((await list(who)).data.members).toEqual({
        nodes: [{ code: 'anna' }, { code: 'bert' }],
        pageInfo: { hasNextPage: true },
      });
    }
    for (const who of ['bank', 'shop', 'anna'])
      expect((await list(who)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await list('admin', 'nowhere')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

test('a partner enrols a member, the same again the same, and sees its balance only as its bank', async () => {
  const enrol = `mutation ($input: MemberEnrolInput!) {
    memberEnrol(input: $input) { member { id code balance { available } cards { nodes { id } } } userErrors { code field } }
  }`;
  const input = { programmeCode: 'demo', code: 'dora' };
  const first = await askAs('bank', enrol, { input });
  expect(first.errors).toBeUndefined();
  expect(first.data.memberEnrol).toEqual({
    member: { id: expect.any(String), code: 'dora', balance: null, cards: { nodes: [] } },
    userErrors: [],
  });
  const again = await askAs('admin', enrol, { input });
  expect(again.data.memberEnrol.member).toMatchObject({
    id: first.data.memberEnrol.member.id,
    balance: { available: '0.00' },
  });
  const refused = await askAs('bank', enrol, { input: { ...input, programmeCode: 'nowhere' } });
  expect(refused.data.memberEnrol).toEqual({
    member: null,
    userErrors: [{ code: 'UNKNOWN_PROGRAMME', field: 'programmeCode' }],
  });
});

test('cards of a member are paged, and more members cost no more statements', async () => {
  const cards =
    '{ member(code: "anna", programmeCode: "demo") { cards(first: 1) { nodes { lastFour } pageInfo { hasNextPage endCursor } } } }';
  expect((await askAs('admin', cards)).data.member.cards).toMatchObject({
    nodes: [{ lastFour: '0042' }],
    pageInfo: { hasNextPage: true },
  });
  const read = (first: number): Promise<number> =>
    countReads(db, () =>
      askAs(
        'admin',
        `{ members(first: ${first}) { nodes { programmeCode balance { held } cards { nodes { issuer { name } member { code } } } } } }`,
      ),
    );
  const one = await read(1);
  expect(one).toBeGreaterThan(0);
  expect(await read(3)).toBe(one);
});
