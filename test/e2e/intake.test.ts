/** Intake as partners' back ends use it, over HTTP: bad input first, then races with exact counts. */
import { LIMITS } from '../../src/api/admission.js';
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
  - { code: review, name: Reviews, funding: ISSUER, fixed: 100, when: { action: review } }
budgets:
  - { code: reviews, max: 150, rules: [review], from: 2026-01-01 }
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
  // Three hundred are let in even where they take a minute: what refuses too many has its own test.
  gateway = await openGateway(undefined, {
    admission: { least: 300, calm: 300, most: 300, answerMs: 1_000, bytes: LIMITS.bytes },
  });
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

// A second on a machine of its own; as long as it takes on one that does much else.
test('300 different purchases at once all count, through the batcher', async () => {
  const before = await stored();
  const answers = await Promise.all(
    Array.from({ length: 300 }, () =>
      gateway.ask(bank, ONE, input(message({ amount: { amount: '1.00', currencyCode: 'EUR' } }))),
    ),
  );
  expect(answers.every(({ transactionSubmit }) => transactionSubmit.userErrors.length === 0)).toBe(true);
  expect((await stored()).sources).toBe(before.sources + 300);
}, 120_000);

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

const LIFE = `mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) {
  transaction {
    id kind status action authorisedOn postedOn amount { amount } refunded { amount } exchangeOf { id } joined { id } joinReason
    lines { kind amount { amount } quantity tags reference } claim { units ours differs }
    shortfalls { rule cap because units }
    accruals { rule units unitsLeft status availableOn part shortfall explanation { code } }
    sources { kind reference matchReason } explanation { text verified }
  }
  source { matchReason } userErrors { code field } } }`;
const tell = async (transaction: object) =>
  (await gateway.ask(bank, LIFE, { input: { programmeCode: PROGRAMME, transaction } })).transactionSubmit;

test('an order is authorised, cleared in two shipments for more, and a line of it goes back', async () => {
  const lines = [
    { amount: '60.00', quantity: 3, tags: ['eco'], reference: 'soap' },
    { amount: '30.00', reference: 'book' },
    { kind: 'FREIGHT', amount: '10.00' },
  ];
  const authorised = await tell(message({ kind: 'AUTHORISATION', reference: 'order-7', lines }));
  expect(authorised.transaction).toMatchObject({
    status: 'AUTHORISED',
    postedOn: null,
    lines: [
      { kind: 'GOODS', amount: { amount: '60.00' }, quantity: 3, tags: ['eco'], reference: 'soap' },
      { kind: 'GOODS', quantity: 1 },
      { kind: 'FREIGHT' },
    ],
    accruals: [{ status: 'PENDING', availableOn: null }, { availableOn: null }],
  });
  const cleared = (amount: string, day: string, changes: object = {}) =>
    message({
      kind: 'CLEARING',
      authorisation: 'order-7',
      amount: { amount, currencyCode: 'EUR' },
      occurredAt: `2026-03-${day}T09:00:00Z`,
      ...changes,
    });
  await tell(cleared('70.00', '03'));
  const second = await tell(cleared('50.00', '05'));
  expect(second.transaction).toMatchObject({
    id: authorised.transaction.id,
    status: 'CLEARED',
    authorisedOn: '2026-03-01',
    postedOn: '2026-03-05',
    amount: { amount: '120.00' },
    explanation: { verified: true },
  });
  expect(
    second.transaction.accruals.map(({ rule, units, unitsLeft, part }: never) => [rule, units, unitsLeft, part]),
  ).toEqual(
    expect.arrayContaining([
      ['shop-rate', '500', '350', 0],
      ['shop-rate', '250', '250', 1],
    ]),
  );
  expect(second.transaction.explanation.text).toContain('authorised on 2026-03-01 and posted on 2026-03-05');
  const back = await tell(
    message({
      kind: 'REFUND',
      refundOf: 'order-7',
      amount: { amount: '20.00', currencyCode: 'EUR' },
      occurredAt: '2026-03-06T09:00:00Z',
      returned: [{ reference: 'soap', amount: '20.00', quantity: 1 }],
    }),
  );
  expect(back.transaction).toMatchObject({ refunded: { amount: '20.00' }, explanation: { verified: true } });
  expect(back.transaction.sources.map(({ kind }: { kind: string }) => kind)).toEqual([
    'AUTHORISATION',
    'CLEARING',
    'CLEARING',
    'REFUND',
  ]);
  const left = back.transaction.accruals.reduce(
    (sum: number, { unitsLeft }: { unitsLeft: string }) => sum + Number(unitsLeft),
    0,
  );
  expect(left).toBe(600);
});

test('a refund before its purchase is in the queue until the purchase comes, or until somebody finds it', async () => {
  const QUEUE = '{ orphanRefunds(first: 50) { nodes { id sources { reference matchReason } } } }';
  const inQueue = async (): Promise<string[]> =>
    (await gateway.ask(bank, QUEUE)).orphanRefunds.nodes.map(
      ({ sources }: { sources: { reference: string }[] }) => sources[0]?.reference,
    );
  const refund = (refundOf: string, reference: string) =>
    message({
      kind: 'REFUND',
      refundOf,
      reference,
      amount: { amount: '10.00', currencyCode: 'EUR' },
      occurredAt: '2026-03-04T09:00:00Z',
    });
  const early = await tell(refund('late-1', 'early'));
  expect(early).toMatchObject({
    transaction: { kind: 'ORPHAN_REFUND' },
    source: { matchReason: 'ORPHAN_PURCHASE_NOT_SEEN' },
  });
  const misspelt = await tell(refund('late-01', 'misspelt'));
  expect(await inQueue()).toEqual(['misspelt', 'early']);
  const bought = await tell(message({ reference: 'late-1' }));
  expect(bought.transaction).toMatchObject({ refunded: { amount: '10.00' }, explanation: { verified: true } });
  expect(await inQueue()).toEqual(['misspelt']);
  const again = await tell(refund('late-1', 'early'));
  expect(again.transaction).toMatchObject({
    kind: 'ORPHAN_REFUND',
    joined: { id: bought.transaction.id },
    joinReason: 'REFERENCE',
  });

  const ATTACH = `mutation ($input: RefundAttachInput!) { refundAttach(input: $input) {
    transaction { id refunded { amount } accruals { unitsLeft } explanation { verified } sources { reference } } userErrors { code field } } }`;
  const attach = async (purchaseId: string) =>
    (await gateway.ask(gateway.admin, ATTACH, { input: { refundId: misspelt.transaction.id, purchaseId } }))
      .refundAttach;
  const small = await tell(message({ amount: { amount: '9.99', currencyCode: 'EUR' } }));
  expect(await attach(small.transaction.id)).toMatchObject({
    transaction: null,
    userErrors: [{ code: 'REFUND_LARGER_THAN_PURCHASE', field: 'purchaseId' }],
  });
  expect((await attach(misspelt.transaction.id)).userErrors).toMatchObject([{ code: 'UNKNOWN_PURCHASE' }]);
  const attached = await attach(bought.transaction.id);
  expect(attached).toMatchObject({
    userErrors: [],
    transaction: {
      refunded: { amount: '20.00' },
      explanation: { verified: true },
      accruals: expect.arrayContaining([{ unitsLeft: '400' }]),
    },
  });
  expect(await inQueue()).toEqual([]);
  expect((await attach(bought.transaction.id)).userErrors).toMatchObject([
    { code: 'NOT_A_PURCHASE', field: 'refundId' },
  ]);
});

test('an exchange names the old purchase, an action has no amount, a claim is kept beside our own sum', async () => {
  const old = await tell(message({ reference: 'too-small', claimedUnits: '600' }));
  expect(old.transaction.claim).toEqual({ units: '600', ours: '600', differs: false });
  const exchanged = await tell(
    message({
      reference: 'fits',
      exchangeOf: 'too-small',
      amount: { amount: '80.00', currencyCode: 'EUR' },
      claimedUnits: '500',
    }),
  );
  expect(exchanged.transaction).toMatchObject({
    exchangeOf: { id: old.transaction.id },
    claim: { units: '500', ours: '480', differs: true },
  });
  const differing = await gateway.ask(bank, '{ transactions(first: 5, claimDiffers: true) { nodes { id } } }');
  expect(differing.transactions.nodes).toEqual([{ id: exchanged.transaction.id }]);
  const GONE =
    'query ($id: ID!) { transaction(id: $id) { refunded { amount } explanation { text verified } sources { reference } } }';
  const { transaction } = await gateway.ask(bank, GONE, { id: old.transaction.id });
  expect(transaction).toMatchObject({ refunded: { amount: '100.00' }, explanation: { verified: true } });
  expect(transaction.sources.map(({ reference }: { reference: string }) => reference)).toEqual(['too-small', 'fits']);
  const wave = await tell(message({ kind: 'ACTION', action: 'wave', amount: { amount: '0', currencyCode: 'EUR' } }));
  expect(wave).toMatchObject({ transaction: { kind: 'ACTION', accruals: [] }, userErrors: [] });
});

test('a budget shows what is left of it, and what it withheld', async () => {
  const LEFT = `{ programme(code: "${PROGRAMME}") { budgets { code measure max used left until } } }`;
  const left = async () => (await gateway.ask(bank, LEFT)).programme.budgets;
  const pool = { code: 'reviews', measure: 'REWARD', max: '150', until: null };
  expect(await left()).toEqual([{ ...pool, used: '0', left: '150' }]);
  const review = () =>
    tell(message({ kind: 'ACTION', action: 'review', amount: { amount: '0', currencyCode: 'EUR' } }));
  await review();
  expect(await left()).toEqual([{ ...pool, used: '100', left: '50' }]);
  const { transaction } = await review();
  expect(transaction).toMatchObject({
    action: 'review',
    shortfalls: [{ rule: 'review', cap: 'reviews', because: 'BUDGET', units: '50' }],
    accruals: [{ rule: 'review', units: '50', shortfall: '50' }],
  });
  const codes = transaction.accruals[0].explanation.map(({ code }: { code: string }) => code);
  expect(codes).toEqual(expect.arrayContaining(['RULE_APPLIED', 'BUDGET', 'FUNDED_BY']));
  expect(await left()).toEqual([{ ...pool, used: '150', left: '0' }]);
});

test('a quote takes a basket, refuses one that does not add up and a card that nobody linked, by name', async () => {
  const QUOTE =
    'query ($input: AccrualQuoteInput!) { accrualQuote(input: $input) { units nextThreshold { text } userErrors { code field } } }';
  const {
    kind: _kind,
    reference: _reference,
    ...purchase
  } = message({
    amount: { amount: '12.34', currencyCode: 'EUR' },
  });
  const quote = async (more: object) =>
    (await gateway.ask(bank, QUOTE, { input: { programmeCode: PROGRAMME, ...purchase, ...more } })).accrualQuote;
  const lines = [
    { amount: '10.00', tags: ['eco'] },
    { kind: 'FREIGHT', amount: '2.34' },
  ];
  expect(await quote({ lines })).toEqual({ units: '73', nextThreshold: null, userErrors: [] });
  expect(await quote({ lines: lines.slice(1) })).toMatchObject({
    units: null,
    userErrors: [{ code: 'BASKET_DOES_NOT_ADD_UP', field: 'lines' }],
  });
  expect(await quote({ payer: { cardToken: 'nobody-linked-this' } })).toMatchObject({
    units: null,
    userErrors: [{ code: 'UNKNOWN_PAYER', field: 'payer' }],
  });
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
