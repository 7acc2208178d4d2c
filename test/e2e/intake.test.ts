/** Intake as partners' back ends use it, over HTTP: bad input first, then races with exact counts. */
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const PROGRAMME = 'intake';
const YAML = `
programme: ${PROGRAMME}
name: Intake
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: shop-rate, name: Shop pays back, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card cashback, funding: ISSUER, rate: 1% }
`;

const ONE = `mutation ($input: TransactionSubmitInput!) {
  transactionSubmit(input: $input) {
    transaction { id recordedAt accruals { id rule funder units } explanation { text verified } }
    source { id receivedAt }
    userErrors { code message field }
  } }`;
const MANY = `mutation ($input: TransactionsSubmitInput!) {
  transactionsSubmit(input: $input) { results { transaction { id } userErrors { code field } } userErrors { code message } } }`;

let gateway: Gateway;
let bank: string;
beforeAll(async () => {
  gateway = await openGateway();
  await setUp(gateway, YAML, PROGRAMME, [
    { code: 'bank', role: 'BANK' },
    { code: 'shop', role: 'MERCHANT', merchantIds: ['MID-1'] },
    { code: 'rival', role: 'MERCHANT' },
  ]);
  await takeIn(gateway, PROGRAMME, 'ada', { token: 'token-of-ada', issuerCode: 'bank' });
  bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' });
});
afterAll(async () => {
  await expectSoundLedger(gateway.db);
  await gateway.close();
});

let references = 0;
const message = (changes: object = {}) => ({
  kind: 'PURCHASE',
  reference: `r-${++references}`,
  payer: { cardToken: 'token-of-ada' },
  amount: { amount: '100.00', currencyCode: 'EUR' },
  occurredAt: '2026-03-01T12:00:00Z',
  merchantId: 'MID-1',
  ...changes,
});
const input = (transaction: object, changes: object = {}) => ({
  input: { programmeCode: PROGRAMME, transaction, ...changes },
});
const stored = async () => {
  const { rows } = await gateway.db.superuser.query(
    `select (select count(*) from transaction_source)::int as sources, (select count(*) from business_key)::int as keys,
            (select count(*) from posting)::int as postings`,
  );
  return rows[0];
};

describe('bad input is a named error and stores nothing', () => {
  const admin = () => gateway.admin;
  const cases: readonly [string, () => object, string, string?][] = [
    [
      'an unknown submitting partner',
      () => input(message(), { partnerCode: 'nobody' }),
      'UNKNOWN_PARTNER',
      'partnerCode',
    ],
    [
      'an unknown programme',
      () => input(message(), { partnerCode: 'bank', programmeCode: 'no-such' }),
      'UNKNOWN_PROGRAMME',
      'programmeCode',
    ],
    [
      'another currency',
      () => input(message({ amount: { amount: '1.00', currencyCode: 'GBP' } }), { partnerCode: 'bank' }),
      'CURRENCY_MISMATCH',
      'amount.currencyCode',
    ],
    [
      'too many decimals',
      () => input(message({ amount: { amount: '1.005', currencyCode: 'EUR' } }), { partnerCode: 'bank' }),
      'TOO_MANY_DECIMALS',
      'amount.amount',
    ],
    [
      'a zero amount',
      () => input(message({ amount: { amount: '0', currencyCode: 'EUR' } }), { partnerCode: 'bank' }),
      'AMOUNT_NOT_POSITIVE',
      'amount',
    ],
    [
      'a negative amount',
      () => input(message({ amount: { amount: '-5.00', currencyCode: 'EUR' } }), { partnerCode: 'bank' }),
      'AMOUNT_NOT_POSITIVE',
      'amount',
    ],
    [
      'a future date',
      () => input(message({ occurredAt: '2999-01-01T00:00:00Z' }), { partnerCode: 'bank' }),
      'OCCURRED_IN_FUTURE',
      'occurredAt',
    ],
    [
      'a malformed merchant category code',
      () => input(message({ mcc: '12' }), { partnerCode: 'bank' }),
      'MALFORMED_MCC',
      'mcc',
    ],
    [
      'a basket that does not add up',
      () => input(message({ lines: [{ amount: '99.99' }] }), { partnerCode: 'bank' }),
      'BASKET_DOES_NOT_ADD_UP',
      'lines',
    ],
    [
      'a line with too many decimals',
      () => input(message({ lines: [{ amount: '100.005' }] }), { partnerCode: 'bank' }),
      'TOO_MANY_DECIMALS',
      'lines.0.amount',
    ],
    [
      'a reversal that names nothing',
      () => input(message({ kind: 'REVERSAL' }), { partnerCode: 'bank' }),
      'AUTHORISATION_NOT_NAMED',
      'authorisation',
    ],
    [
      'claimed units that the programme does not have',
      () => input(message({ claimedUnits: '1.5' }), { partnerCode: 'bank' }),
      'TOO_MANY_DECIMALS',
      'claimedUnits',
    ],
    [
      'a payer named twice',
      () => input(message({ payer: { cardToken: 'token-of-ada', memberCode: 'ada' } }), { partnerCode: 'bank' }),
      'PAYER_NOT_EXACTLY_ONE',
      'payer',
    ],
    [
      'a card number for a token',
      () => input(message({ payer: { cardToken: '4111111111111111' } }), { partnerCode: 'bank' }),
      'CARD_NUMBER_REFUSED',
      'payer',
    ],
  ];
  test.each(cases)('%s', async (_name, variables, code, field) => {
    const before = await stored();
    const { transactionSubmit } = await gateway.ask(admin(), ONE, variables());
    expect(transactionSubmit.transaction).toBeNull();
    expect(transactionSubmit.userErrors).toEqual([{ code, field, message: expect.any(String) }]);
    expect(await stored()).toEqual(before);
  });

  test('a refund larger than its purchase', async () => {
    const bought = message();
    await gateway.ask(bank, ONE, input(bought));
    const before = await stored();
    const back = message({
      kind: 'REFUND',
      refundOf: bought.reference,
      amount: { amount: '100.01', currencyCode: 'EUR' },
    });
    const { transactionSubmit } = await gateway.ask(bank, ONE, input(back));
    expect(transactionSubmit.userErrors).toMatchObject([{ code: 'REFUND_LARGER_THAN_PURCHASE', field: 'amount' }]);
    expect(await stored()).toEqual(before);
  });

  test('1,001 items', async () => {
    const before = await stored();
    const transactions = Array.from({ length: 1_001 }, () => message());
    const { transactionsSubmit } = await gateway.ask(bank, MANY, { input: { programmeCode: PROGRAMME, transactions } });
    expect(transactionsSubmit).toMatchObject({ results: [], userErrors: [{ code: 'TOO_MANY_ITEMS' }] });
    expect(await stored()).toEqual(before);
  });

  test('a partner writing for another, and an invalid token', async () => {
    const before = await stored();
    const rival = await gateway.edge.token({ principal: 'PARTNER', partner: 'rival' });
    const forbidden = await gateway.edge.ask(ONE, {
      token: rival,
      variables: input(message(), { partnerCode: 'bank' }),
    });
    expect(forbidden.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const invalid = await gateway.edge.ask(ONE, { token: `${bank}x`, variables: input(message()) });
    expect([invalid.status, invalid.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(await stored()).toEqual(before);
  });
});

test('a list answers per item, in its order, and is not atomic', async () => {
  const good = message();
  const { transactionsSubmit } = await gateway.ask(bank, MANY, {
    input: { programmeCode: PROGRAMME, transactions: [good, message({ mcc: 'x' }), good, { ...good, mcc: '5411' }] },
  });
  const [first, malformed, again, conflict] = transactionsSubmit.results;
  expect(first.userErrors).toEqual([]);
  expect(malformed).toMatchObject({ transaction: null, userErrors: [{ code: 'MALFORMED_MCC' }] });
  expect(again).toEqual(first);
  expect(conflict).toMatchObject({ transaction: null, userErrors: [{ code: 'REFERENCE_CONFLICT' }] });
});

test('20 concurrent submissions of one key give one accrual per rule and 20 equal answers', async () => {
  const variables = input(message());
  const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.ask(bank, ONE, variables)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  const [{ transactionSubmit }] = answers;
  expect(transactionSubmit.transaction.accruals).toHaveLength(2);
  expect(transactionSubmit.transaction.explanation.verified).toBe(true);
  const { rows } = await gateway.db.superuser.query(
    'select count(*)::int as n from accrual where transaction_id = $1',
    [transactionSubmit.transaction.id],
  );
  expect(rows).toEqual([{ n: 2 }]);
});

test('300 different purchases at once all count, through the batcher', async () => {
  const before = await stored();
  const answers = await Promise.all(
    Array.from({ length: 300 }, () =>
      gateway.ask(bank, ONE, input(message({ amount: { amount: '1.00', currencyCode: 'EUR' } }))),
    ),
  );
  expect(answers.every(({ transactionSubmit }) => transactionSubmit.userErrors.length === 0)).toBe(true);
  expect((await stored()).sources).toBe(before.sources + 300);
});

test('a quote is what the purchase then earns', async () => {
  const QUOTE =
    'query ($input: AccrualQuoteInput!) { accrualQuote(input: $input) { units accruals { rule funder units } headroom { cap left leftAfter } explanation { text } userErrors { code } } }';
  const {
    kind: _kind,
    reference: _reference,
    ...purchase
  } = message({ amount: { amount: '12.34', currencyCode: 'EUR' } });
  const { accrualQuote } = await gateway.ask(bank, QUOTE, { input: { programmeCode: PROGRAMME, ...purchase } });
  expect(accrualQuote).toMatchObject({ units: '73', userErrors: [] });
  const { transactionSubmit } = await gateway.ask(
    bank,
    ONE,
    input(message({ amount: { amount: '12.34', currencyCode: 'EUR' } })),
  );
  expect(transactionSubmit.transaction.accruals.map(({ id: _, ...accrual }: { id: string }) => accrual)).toEqual(
    accrualQuote.accruals,
  );
});

test("a member sees its own transactions and quotes, and nobody else's", async () => {
  await takeIn(gateway, PROGRAMME, 'eve');
  const eve = await gateway.edge.token({ principal: 'MEMBER', member: 'eve' });
  const ada = await gateway.edge.token({ principal: 'MEMBER', member: 'ada' });
  const LIST = '{ transactions(first: 5) { nodes { id member { code } } } }';
  expect((await gateway.ask(eve, LIST)).transactions.nodes).toEqual([]);
  expect((await gateway.ask(ada, LIST)).transactions.nodes).toHaveLength(5);
  const QUOTE = 'query ($input: AccrualQuoteInput!) { accrualQuote(input: $input) { units } }';
  const { kind: _kind, reference: _reference, ...purchase } = message();
  const refused = await gateway.edge.ask(QUOTE, {
    token: eve,
    variables: { input: { programmeCode: PROGRAMME, ...purchase } },
  });
  expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const submitted = await gateway.edge.ask(ONE, { token: ada, variables: input(message(), { partnerCode: 'bank' }) });
  expect(submitted.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
