/** Merchant and bank tell of the same purchases over HTTP; what is not alike enough waits for somebody's word. */
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const PROGRAMME = 'twice-told';
const YAML = `
programme: ${PROGRAMME}
name: Told twice
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
attribution: AUTHORISATION
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
categories:
  books: { name: Books, mcc: ["5942"] }
tiers: { rollingDays: 30, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: bank, name: Bank, funding: ISSUER, rate: 1% }
  - { code: shop, name: Shop, funding: MERCHANT, rate: 4% }
  - { code: books, name: Books, funding: PROGRAMME, rate: 2%, when: { categories: [books] } }
caps:
  - { code: month, per: month, max: 100000 }
`;

let gateway: Gateway;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  gateway = await openGateway();
  await setUp(gateway, YAML, PROGRAMME, [
    { code: 'bank', role: 'BANK' },
    { code: 'shop', role: 'MERCHANT', merchantIds: ['MID-1'] },
  ]);
  await takeIn(gateway, PROGRAMME, 'ann', { token: 'token-ann-01', issuerCode: 'bank' });
  for (const partner of ['bank', 'shop']) tokens[partner] = await gateway.edge.token({ principal: 'PARTNER', partner });
  tokens.operator = await gateway.edge.token({ principal: 'OPERATOR' });
  tokens.second = await gateway.edge.token({ principal: 'ADMIN' });
});
afterAll(async () => {
  await expectSoundLedger(gateway.db);
  await gateway.close();
});

const token = (who: string): string => tokens[who] as string;
const FIELDS =
  'transaction { id kind status amount { amount } category sources { kind likeness { score grounds } } accruals { rule units unitsLeft } explanation { verified } } userErrors { code field }';

async function tell(who: 'bank' | 'shop', transaction: object) {
  const payer = who === 'bank' ? { cardToken: 'token-ann-01' } : { memberCode: 'ann' };
  const { transactionSubmit } = await gateway.ask(
    token(who),
    `mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) { ${FIELDS} } }`,
    { input: { programmeCode: PROGRAMME, transaction: { kind: 'PURCHASE', payer, ...transaction } } },
  );
  return transactionSubmit;
}
const euros = (amount: string) => ({ amount, currencyCode: 'EUR' });
const waiting = async () =>
  (
    await gateway.ask(
      token('operator'),
      '{ transactionMatches(state: PROPOSED) { nodes { id likeness { score grounds } earlier { id } later { id } } } }',
    )
  ).transactionMatches.nodes;
const decide = async (what: 'Confirm' | 'Reject', matchId: string, idempotencyKey: string) =>
  (
    await gateway.ask(
      token('operator'),
      `mutation ($input: TransactionMatchDecideInput!) { transactionMatch${what}(input: $input) {
         match { state later { id kind joined { id } } } userErrors { code } } }`,
      { input: { matchId, idempotencyKey } },
    )
  )[`transactionMatch${what}`];
const read = async (who: string, id: string) =>
  (
    await gateway.ask(
      token(who),
      `query ($id: ID!) { transaction(id: $id) { id kind amount { amount } accruals { rule unitsLeft } explanation { verified } } }`,
      { id },
    )
  ).transaction;

it('makes one purchase of both, which both may read, and pays by what both know', async () => {
  const first = await tell('shop', { reference: 's1', amount: euros('50.00'), occurredAt: '2026-03-02T10:00:00Z' });
  const second = await tell('bank', {
    ...{ reference: 'b1', amount: euros('50.00'), occurredAt: '2026-03-02T10:01:00Z', mcc: '5942' },
    ...{ merchantId: 'MID-1', descriptor: 'SHOP 1 BERLIN' },
  });
  expect(second.userErrors).toEqual([]);
  expect(second.transaction).toMatchObject({
    id: first.transaction.id,
    category: 'books',
    sources: [
      {
        kind: 'PURCHASE',
        likeness: { score: 85, grounds: ['SAME_AMOUNT', 'SAME_DAY', 'CARD_NOT_TOLD', 'SAME_PARTNER'] },
      },
    ],
    accruals: [
      { rule: 'shop', unitsLeft: '200' },
      { rule: 'bank', unitsLeft: '50' },
      { rule: 'books', unitsLeft: '100' },
    ],
    explanation: { verified: true },
  });
  expect(await read('shop', first.transaction.id)).toEqual(await read('bank', first.transaction.id));
});

it('asks somebody about a bill with a tip; confirmed, the later one is taken back and both count as one', async () => {
  const sold = await tell('shop', { reference: 's2', amount: euros('40.00'), occurredAt: '2026-03-03T10:00:00Z' });
  const paid = await tell('bank', {
    ...{ reference: 'b2', amount: euros('44.00'), occurredAt: '2026-03-03T10:02:00Z', merchantId: 'MID-1' },
  });
  expect(paid.transaction.id).not.toBe(sold.transaction.id);
  const [match, ...others] = await waiting();
  expect(others).toEqual([]);
  expect(match).toMatchObject({
    likeness: { score: 60, grounds: ['AMOUNT_WITH_TIP', 'SAME_DAY', 'CARD_NOT_TOLD', 'SAME_PARTNER'] },
    earlier: { id: sold.transaction.id },
    later: { id: paid.transaction.id },
  });
  const confirmed = await decide('Confirm', match.id, 'yes');
  expect(confirmed).toEqual({
    match: {
      state: 'CONFIRMED',
      later: { id: paid.transaction.id, kind: 'DUPLICATE', joined: { id: sold.transaction.id } },
    },
    userErrors: [],
  });
  expect(await decide('Confirm', match.id, 'yes')).toEqual(confirmed);
  expect(await decide('Reject', match.id, 'no')).toMatchObject({ userErrors: [{ code: 'MATCH_DECIDED' }] });
  expect(await read('bank', sold.transaction.id)).toMatchObject({
    amount: { amount: '44.00' },
    accruals: [
      { rule: 'shop', unitsLeft: '160' },
      { rule: 'bank', unitsLeft: '44' },
      { rule: 'shop', unitsLeft: '16' },
    ],
    explanation: { verified: true },
  });
  expect(await read('bank', paid.transaction.id)).toMatchObject({
    kind: 'DUPLICATE',
    accruals: [{ unitsLeft: '0' }, { unitsLeft: '0' }],
    explanation: { verified: true },
  });
  // Told again it gives its first answer; what is told of it later counts with the purchase that it is.
  const back = { kind: 'REFUND', amount: euros('44.00'), occurredAt: '2026-03-04T10:00:00Z' };
  expect(await tell('bank', { ...back, reference: 'b2-back', refundOf: 'b2' })).toMatchObject({
    transaction: { id: sold.transaction.id },
    userErrors: [],
  });
  expect(
    (await read('shop', sold.transaction.id)).accruals.every(
      ({ unitsLeft }: { unitsLeft: string }) => unitsLeft === '0',
    ),
  ).toBe(true);
});

it('leaves two what somebody says are two', async () => {
  await tell('bank', {
    reference: 'b3',
    amount: euros('33.00'),
    occurredAt: '2026-03-06T10:02:00Z',
    merchantId: 'MID-1',
  });
  await tell('shop', { reference: 's3', amount: euros('30.00'), occurredAt: '2026-03-06T10:00:00Z' });
  const [match] = await waiting();
  expect(await decide('Reject', match.id, 'two')).toMatchObject({ match: { state: 'REJECTED' }, userErrors: [] });
  expect(await waiting()).toEqual([]);
  expect(await decide('Confirm', match.id, 'late')).toMatchObject({ userErrors: [{ code: 'MATCH_DECIDED' }] });
  expect(await decide('Confirm', 'nowhere', 'nothing')).toMatchObject({ userErrors: [{ code: 'UNKNOWN_MATCH' }] });
});

describe('a merchant id that no outlet has', () => {
  const ask = async (who: string, what: string) => gateway.ask(token(who), what);
  const proposals = async () =>
    (
      await ask(
        'operator',
        '{ merchantIdProposals { merchantId descriptor partnerCode outletCode ground score purchases lastSeenOn } }',
      )
    ).merchantIdProposals;
  const decideOn = async (what: string, merchantId: string, outletCode = 'main') =>
    (
      await ask(
        'operator',
        `mutation { merchantId${what}(input: { merchantId: "${merchantId}", partnerCode: "shop", outletCode: "${outletCode}" }) {
           merchantId userErrors { code } } }`,
      )
    )[`merchantId${what}`];
  const paid = (reference: string, merchantId: string, descriptor: string, more: object = {}) =>
    tell('bank', {
      ...{ reference, amount: euros('9.00'), occurredAt: '2026-03-10T10:00:00Z', merchantId, descriptor },
      ...more,
    });

  it('is proposed with its reason, and counts once somebody approved it', async () => {
    await paid('m1', 'ACQ-1', 'SHOP MAIN 12');
    await paid('m2', 'ACQ-1', 'SHOP MAIN 12', { occurredAt: '2026-03-11T10:00:00Z' });
    await paid('m3', 'ACQ-2', 'BAKERY');
    expect(await proposals()).toEqual([
      {
        ...{ merchantId: 'ACQ-1', descriptor: 'SHOP MAIN 12', partnerCode: 'shop', outletCode: 'main' },
        ...{ ground: 'NAME_IN_DESCRIPTOR', score: 100, purchases: 2, lastSeenOn: '2026-03-11' },
      },
    ]);
    expect(await decideOn('Approve', 'ACQ-1', 'none')).toMatchObject({ userErrors: [{ code: 'UNKNOWN_OUTLET' }] });
    expect(await decideOn('Approve', ' ')).toMatchObject({ userErrors: [{ code: 'MALFORMED_MERCHANT_ID' }] });
    for (const _ of ['once', 'again'])
      expect(await decideOn('Approve', 'ACQ-1')).toEqual({ merchantId: 'ACQ-1', userErrors: [] });
    expect(await proposals()).toEqual([]);
    const later = await paid('m4', 'ACQ-1', 'SHOP MAIN 12', { occurredAt: '2026-03-12T10:00:00Z' });
    expect(later.transaction.accruals.map(({ rule }: { rule: string }) => rule)).toContain('shop');
  });

  it('is proposed by what the merchant itself told, until somebody rejects it', async () => {
    const outlet = { partnerCode: 'shop', outletCode: 'main' };
    const at = {
      occurredAt: '2026-03-15T10:00:00Z',
      amount: euros('8.00'),
      approvalCode: 'A7',
      payer: { cardToken: 'token-ann-01' },
    };
    await paid('m5', 'ACQ-5', 'PAYPAL EUROPE', at);
    await tell('shop', { reference: 'm6', outlet, ...at });
    expect(await proposals()).toMatchObject([{ merchantId: 'ACQ-5', ground: 'TOLD_BY_MERCHANT', score: 100 }]);
    expect(await decideOn('Reject', 'ACQ-5')).toEqual({ merchantId: 'ACQ-5', userErrors: [] });
    expect(await proposals()).toEqual([]);
  });
});
