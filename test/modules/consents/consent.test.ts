/** What members consent to, said through the API, and what that changes of what others see and do. */
import type { GraphQLAnswer } from '../../api/edge.js';
import { type Gateway, openGateway, setUp, takeIn } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';

const YAML = `
programme: consents
name: Consents
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Lisbon
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
tiers:
  rollingDays: 30
  levels:
    - { code: basic, name: Basic, from: 0 }
rules:
  - { code: base, name: Base, funding: ISSUER, rate: 1% }
  - { code: picked, name: Picked, funding: ISSUER, rate: 10%, when: { segments: [families] } }
redemption: { cashOut: true }
`;

let gateway: Gateway;
const tokens = new Map<string, string>();
const ids = new Map<string, string>();

const as = (who: string, query: string, variables: object = {}): Promise<GraphQLAnswer> =>
  gateway.edge.ask(query, { token: tokens.get(who) as string, variables });

const notice = { version: '1', language: 'en', sha256: 'b'.repeat(64) };
const RECEIPT =
  'receipt { id state version channel evidence partner { code } notice { version language sha256 } document }';
const GIVE = `mutation ($input: ConsentGiveInput!) { consentGive(input: $input) { ${RECEIPT} userErrors { code field message } } }`;
const WITHDRAW = `mutation ($input: ConsentWithdrawInput!) { consentWithdraw(input: $input) { ${RECEIPT} userErrors { code field message } } }`;
const give = (who: string, member: string, but: object = {}) =>
  as(who, GIVE, { input: { memberId: ids.get(member), purpose: 'MARKETING', channel: 'APP', notice, ...but } });
const withdraw = (who: string, member: string, but: object = {}) =>
  as(who, WITHDRAW, { input: { memberId: ids.get(member), purpose: 'MARKETING', channel: 'APP', ...but } });
const sharing = (partnerCode: string) => ({ purpose: 'SHARING_WITH_PARTNER', partnerCode });

beforeAll(async () => {
  gateway = await openGateway();
  await setUp(gateway, YAML, 'consents', [
    { code: 'bank', role: 'BANK' },
    { code: 'shop', role: 'MERCHANT', merchantIds: ['MID'] },
  ]);
  for (const partner of ['bank', 'shop'])
    tokens.set(partner, await gateway.edge.token({ principal: 'PARTNER', partner }));
  for (const kind of ['ADMIN', 'OPERATOR', 'SERVICE'] as const)
    tokens.set(kind.toLowerCase(), await gateway.edge.token({ principal: kind }));
  for (const code of ['anna', 'bert', 'carl', 'dora', 'emil']) {
    await takeIn(gateway, 'consents', code, { token: `token-of-${code}`, issuerCode: 'bank' });
    tokens.set(code, await gateway.edge.token({ principal: 'MEMBER', member: code }));
    const { data } = await as('admin', `{ member(code: "${code}", programmeCode: "consents") { id } }`);
    ids.set(code, data.member.id);
  }
});
afterAll(() => gateway.close());

const seen = async (who: string, member: string): Promise<unknown> => {
  const { data } = await as(who, `{ member(id: "${ids.get(member)}") { code balance { available } } }`);
  return data.member;
};

describe('receipts', () => {
  test('say what was shown, and are kept one after the other', async () => {
    const given = await give('anna', 'anna');
    expect(given.data.consentGive).toMatchObject({
      receipt: { state: 'GIVEN', version: 1, channel: 'APP', evidence: null, partner: null, notice },
      userErrors: [],
    });
    expect(JSON.parse(given.data.consentGive.receipt.document)).toMatchObject({
      piiPrincipalId: ids.get('anna'),
      piiController: 'consents',
      purpose: 'MARKETING',
      privacyNotice: notice,
    });
    const again = await give('anna', 'anna');
    expect(again.data.consentGive.receipt).toEqual(given.data.consentGive.receipt);
    await give('anna', 'anna', { notice: { ...notice, version: '2' } });
    await withdraw('bank', 'anna', { channel: 'PHONE' });
    await withdraw('anna', 'anna');
    const { data } = await as(
      'anna',
      '{ member { consents { purpose state version } consentReceipts { nodes { state version channel } } } }',
    );
    expect(data.member.consents).toEqual([{ purpose: 'MARKETING', state: 'WITHDRAWN', version: 3 }]);
    expect(data.member.consentReceipts.nodes).toEqual([
      { state: 'WITHDRAWN', version: 3, channel: 'PHONE' },
      { state: 'GIVEN', version: 2, channel: 'APP' },
      { state: 'GIVEN', version: 1, channel: 'APP' },
    ]);
  });

  test.each<[string, string, object, string, string]>([
    ['a bank without evidence', 'bank', {}, 'EVIDENCE_REQUIRED', 'evidence'],
    ['an operator without evidence', 'operator', {}, 'EVIDENCE_REQUIRED', 'evidence'],
    ['sharing with nobody', 'bert', { purpose: 'SHARING_WITH_PARTNER' }, 'PARTNER_REQUIRED', 'partnerCode'],
    ['sharing with nobody known', 'bert', sharing('nobody'), 'UNKNOWN_PARTNER', 'partnerCode'],
    ['a member that is not there', 'admin', { memberId: 'nobody', evidence: 'x' }, 'UNKNOWN_MEMBER', 'memberId'],
  ])('%s is refused', async (_what, who, but, code, field) => {
    const { data } = await give(who, 'bert', but);
    expect(data.consentGive).toMatchObject({ receipt: null, userErrors: [{ code, field }] });
    const { rowCount } = await gateway.db.superuser.query(
      'select from consent_receipt c join member m on m.no = c.member_no where m.code = $1',
      ['bert'],
    );
    expect(rowCount).toBe(0);
  });

  test.each(['shop', 'anna', 'service'])('%s says nothing for another member', async (who) => {
    const { errors } = await give(who, 'bert', { evidence: 'x' });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('are never changed, by nobody', async () => {
    await give('carl', 'carl');
    for (const change of [`update consent_receipt set state = 'WITHDRAWN'`, 'delete from consent_receipt']) {
      await expect(gateway.db.superuser.query(change)).rejects.toThrow('never changed');
      await expect(gateway.db.database.pool.query(change)).rejects.toThrow('permission denied');
    }
  });

  test('of two at the same moment one is the next', async () => {
    const answers = await Promise.all([
      withdraw('dora', 'dora'),
      withdraw('bank', 'dora'),
      withdraw('operator', 'dora'),
    ]);
    expect(answers.map(({ data }) => data.consentWithdraw.receipt.version)).toEqual([1, 1, 1]);
  });
});

describe('sharing', () => {
  test('the bank of a card sees its member until it says no, at once, and its own card for ever', async () => {
    expect(await seen('bank', 'bert')).toEqual({ code: 'bert', balance: { available: '0' } });
    await withdraw('bert', 'bert', sharing('bank'));
    expect(await seen('bank', 'bert')).toBeNull();
    const { rows } = await gateway.db.superuser.query(`select id from card where token = 'token-of-bert'`);
    const own = await as('bank', `{ node(id: "${rows[0].id}") { ... on Card { lastFour } } }`);
    expect(own.data.node).toEqual({ lastFour: '4321' });
    const update = await as(
      'bank',
      `mutation { memberUpdate(input: { memberId: "${ids.get('bert')}", birthday: "01-01" }) { userErrors { code } } }`,
    );
    expect(update.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const quote = await as(
      'bank',
      `mutation { cashOut(input: { programmeCode: "consents", payer: { memberCode: "bert" }, units: "1", idempotencyKey: "k" }) { userErrors { code } } }`,
    );
    expect(quote.errors ?? quote.data.cashOut.userErrors).not.toEqual([]);
  });

  test('and again when the member gives it, to its bank with evidence', async () => {
    const { data } = await give('bank', 'bert', { ...sharing('bank'), evidence: 'form 12', channel: 'BRANCH' });
    expect(data.consentGive.receipt).toMatchObject({ version: 2, evidence: 'form 12', partner: { code: 'bank' } });
    expect(await seen('bank', 'bert')).not.toBeNull();
  });

  test('another partner sees a member only while it consents, and only that member', async () => {
    expect(await seen('shop', 'bert')).toBeNull();
    await give('bert', 'bert', sharing('shop'));
    expect(await seen('shop', 'bert')).toEqual({ code: 'bert', balance: { available: '0' } });
    expect(await seen('shop', 'anna')).toBeNull();
    const cards = await as('shop', `{ member(id: "${ids.get('bert')}") { cards { nodes { lastFour } } } }`);
    expect(cards.data.member.cards.nodes).toEqual([]);
    const acting = await as(
      'shop',
      `mutation { memberUpdate(input: { memberId: "${ids.get('bert')}", birthday: "01-01" }) { userErrors { code } } }`,
    );
    expect(acting.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await withdraw('bert', 'bert', sharing('shop'));
    expect(await seen('shop', 'bert')).toBeNull();
  });

  test('partners see what is said about them and about nobody, not what is said about others', async () => {
    await give('dora', 'dora', sharing('shop'));
    await give('dora', 'dora', { partnerCode: 'bank' });
    const { data } = await as('shop', `{ member(id: "${ids.get('dora')}") { consents { purpose partner { code } } } }`);
    expect(data.member.consents).toEqual([
      { purpose: 'MARKETING', partner: null },
      { purpose: 'SHARING_WITH_PARTNER', partner: { code: 'shop' } },
    ]);
  });

  test('ends with the card when nothing was said', async () => {
    const { rows } = await gateway.db.superuser.query(`select id from card where token = 'token-of-carl'`);
    expect(await seen('bank', 'carl')).not.toBeNull();
    await as('admin', `mutation { cardUnlink(input: { cardId: "${rows[0].id}" }) { userErrors { code } } }`);
    expect(await seen('bank', 'carl')).toBeNull();
  });
});

describe('personalised offers', () => {
  const SET = `mutation ($in: Boolean!) { memberSegmentSet(input: { member: { programmeCode: "consents", memberCode: "anna" }, segment: "families", inSegment: $in }) { userErrors { code field } } }`;
  let purchases = 0;
  const earned = async (): Promise<string> => {
    purchases += 1;
    const { data } = await as(
      'bank',
      `mutation { transactionSubmit(input: { programmeCode: "consents", transaction: { kind: PURCHASE, reference: "r-${purchases}",
         payer: { cardToken: "token-of-anna" }, amount: { amount: "100.00", currencyCode: "EUR" },
         occurredAt: "${new Date().toISOString()}", merchantId: "MID" } }) {
         transaction { accruals { rule units } } userErrors { code message } } }`,
    );
    return JSON.stringify(data.transactionSubmit);
  };

  test('are for members who want them: who does not is in no segment, from the moment it says so', async () => {
    const refused = await as('bank', SET, { in: true });
    expect(refused.data.memberSegmentSet.userErrors).toEqual([{ code: 'CONSENT_MISSING', field: 'member' }]);
    await give('anna', 'anna', { purpose: 'PERSONALISED_OFFERS' });
    expect((await as('bank', SET, { in: true })).data.memberSegmentSet.userErrors).toEqual([]);
    const offers = async () =>
      (await as('anna', '{ member { offers { code } } }')).data.member.offers.map(({ code }: { code: string }) => code);
    expect(await offers()).toEqual(['base', 'picked']);
    expect(await earned()).toContain('picked');
    await withdraw('anna', 'anna', { purpose: 'PERSONALISED_OFFERS' });
    expect(await offers()).toEqual(['base']);
    expect(await earned()).not.toContain('picked');
    expect((await as('bank', SET, { in: false })).data.memberSegmentSet.userErrors).toEqual([]);
  });
});

test('a partner is told of what members say about it, also when it may not see them any more, and nobody else is', async () => {
  await give('emil', 'emil', { partnerCode: 'shop' });
  await give('emil', 'emil', sharing('shop'));
  await withdraw('emil', 'emil', sharing('shop'));
  const said = await withdraw('emil', 'emil', { partnerCode: 'shop' });
  await withdraw('emil', 'emil', { partnerCode: 'shop' });
  await give('emil', 'emil', { purpose: 'PERSONALISED_OFFERS' });
  await gateway.services.relay.run();
  const heard = async (who: string): Promise<string[]> => {
    const { data } = await as(
      who,
      '{ events(types: [CONSENT_GIVEN, CONSENT_WITHDRAWN], first: 100) { nodes { type memberId subjectId } } }',
    );
    const ofEmil = data.events.nodes.filter(({ memberId }: { memberId: string }) => memberId === ids.get('emil'));
    return ofEmil.map(({ type, subjectId }: { type: string; subjectId: string }) =>
      subjectId === said.data.consentWithdraw.receipt.id ? `${type}, the last` : type,
    );
  };
  const toShop = ['CONSENT_GIVEN', 'CONSENT_GIVEN', 'CONSENT_WITHDRAWN', 'CONSENT_WITHDRAWN, the last'];
  expect(await heard('shop')).toEqual(toShop);
  for (const who of ['emil', 'admin']) expect([who, await heard(who)]).toEqual([who, [...toShop, 'CONSENT_GIVEN']]);
  for (const who of ['bank', 'anna']) expect([who, await heard(who)]).toEqual([who, []]);
});

test('the ledger is sound, and every consent is told', () => expectSoundLedger(gateway.db));
