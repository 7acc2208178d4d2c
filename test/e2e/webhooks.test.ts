/** A shop and a bank are told what happens: by webhooks that they verify, and by polling with the same cursors. */
import { type Receiver, Receiver as WebhookReceiver } from '../support/receiver.js';
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const YAML = `
programme: told
name: Told
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Vienna
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
tiers: { rollingDays: 30, levels: [{ code: basic, name: Basic, from: 0 }] }
rules:
  - { code: shop-rate, name: Shop rate, funding: MERCHANT, rate: 4% }
`;
const ENDPOINT = 'webhookEndpoint { id url status statusReason eventTypes waiting } userErrors { code message field }';
const CREATE = `mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) { secret ${ENDPOINT} } }`;
const EVENTS = `query ($after: String, $types: [EventType!]) { events(first: 250, after: $after, types: $types) {
  edges { cursor node { id type recordedAt programmeCode memberId subjectId messageId } } pageInfo { endCursor } } }`;

let gateway: Gateway;
let shop: string;
let bank: string;
let receiver: Receiver;
let endpointId: string;
const change = async (token: string, field: string, type: string, input: object, selection = ENDPOINT) =>
  (await gateway.ask(token, `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`, { input }))[
    field
  ];

beforeAll(async () => {
  gateway = await openGateway();
  await setUp(gateway, YAML, 'told', [
    { code: 'shop', role: 'MERCHANT', merchantIds: ['MID-1'] },
    { code: 'bank', role: 'BANK' },
  ]);
  shop = await gateway.edge.token({ principal: 'PARTNER', partner: 'shop' });
  bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' });
  receiver = await WebhookReceiver.open();
});
afterAll(async () => {
  await receiver.close();
  await gateway.close();
});

async function told(): Promise<void> {
  await gateway.services.relay.run();
  await gateway.services.webhookDispatcher.run();
}

async function buys(reference: string): Promise<{ id: string }> {
  const transaction = {
    kind: 'PURCHASE',
    reference,
    payer: { cardToken: 'card-of-ann-1' },
    amount: { amount: '100.00', currencyCode: 'EUR' },
    occurredAt: '2026-03-01T10:00:00Z',
    merchantId: 'MID-1',
  };
  const { transactionSubmit } = await gateway.ask(
    bank,
    `mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) { transaction { id } userErrors { code message } } }`,
    { input: { programmeCode: 'told', transaction } },
  );
  expect(transactionSubmit.userErrors).toEqual([]);
  return { id: transactionSubmit.transaction.id };
}

test.each([
  ['http://10.0.0.1/hook', 'MALFORMED_URL'],
  ['https://10.0.0.1/hook', 'ADDRESS_REFUSED'],
  ['https://169.254.169.254/latest/meta-data', 'ADDRESS_REFUSED'],
  ['https://user:word@example.com/', 'MALFORMED_URL'],
])('an endpoint at %s is refused', async (url, code) => {
  const answer = await change(shop, 'webhookEndpointCreate', 'WebhookEndpointCreateInput', { url });
  expect(answer).toMatchObject({ webhookEndpoint: null, userErrors: [{ code, field: 'url' }] });
});

test('a shop makes an endpoint, and its secret is told once', async () => {
  const { webhookEndpointCreate: made } = await gateway.ask(shop, CREATE, { input: { url: receiver.url } });
  expect(made).toMatchObject({
    webhookEndpoint: { url: receiver.url, status: 'ACTIVE', eventTypes: [] },
    userErrors: [],
  });
  expect(made.secret).toMatch(/^whsec_/);
  receiver.secrets.push(made.secret);
  endpointId = made.webhookEndpoint.id;
  const again = await gateway.ask(shop, CREATE, { input: { url: receiver.url } });
  expect(again.webhookEndpointCreate.userErrors).toMatchObject([{ code: 'URL_TAKEN' }]);
  const tested = await change(
    shop,
    'webhookEndpointTest',
    'WebhookEndpointInput',
    { endpointId },
    'result { delivered httpStatus fault } userErrors { code }',
  );
  expect(tested).toEqual({ result: { delivered: true, httpStatus: 204, fault: null }, userErrors: [] });
  expect(receiver.taken).toMatchObject([{ type: 'webhook.test', verifiedBy: 0 }]);
});

test('it is told of purchases at its tills, and polling tells the same', async () => {
  await takeIn(gateway, 'told', 'ann', { token: 'card-of-ann-1', issuerCode: 'bank' });
  const { id } = await buys('first');
  await told();
  const message = receiver.taken.find(({ type }) => type === 'transaction.recorded');
  expect(message).toMatchObject({ verifiedBy: 0, data: { programmeCode: 'told', transactionId: id } });
  const { events } = await gateway.ask(shop, EVENTS, { types: ['TRANSACTION_RECORDED'] });
  expect(events.edges).toHaveLength(1);
  expect(events.edges[0]).toMatchObject({
    cursor: message?.data.cursor,
    node: {
      id: message?.id,
      type: 'TRANSACTION_RECORDED',
      programmeCode: 'told',
      subjectId: id,
      messageId: message?.data.messageId,
    },
  });
  expect(
    (await gateway.ask(shop, EVENTS, { after: events.pageInfo.endCursor, types: ['TRANSACTION_RECORDED'] })).events
      .edges,
  ).toEqual([]);
});

test('the bank of the card hears of the balance, the shop does not; nor does the shop learn who the member is', async () => {
  const of = async (token: string) => {
    const { events } = await gateway.ask(token, EVENTS, { types: ['BALANCE_CHANGED', 'CARD_LINKED'] });
    return (events.edges as { node: { type: string } }[]).map(({ node }) => node.type);
  };
  expect((await of(bank)).sort()).toEqual(['BALANCE_CHANGED', 'CARD_LINKED']);
  expect(await of(shop)).toEqual([]);
  expect(receiver.taken.map(({ type }) => type)).not.toContain('balance.changed');
  const [recorded] = (await gateway.ask(shop, EVENTS, { types: ['TRANSACTION_RECORDED'] })).events.edges;
  const seen = (await gateway.ask(shop, `{ transaction(id: "${recorded.node.subjectId}") { member { id } } }`))
    .transaction;
  expect(seen.member).toBeNull();
  expect(recorded.node.memberId).toBeNull();
  expect(receiver.taken.filter(({ data }) => 'memberId' in data)).toEqual([]);
});

test('how sending went can be seen, and what failed is sent again after a replay', async () => {
  receiver.behaviour = () => ({ status: 500 });
  const { id } = await buys('second');
  await told();
  const show = `query ($id: ID!) { webhookEndpoint(id: $id) { waiting failingSince attempts(outcome: FAILED) { nodes { eventType attempt httpStatus fault outcome } } } }`;
  const { webhookEndpoint: failing } = await gateway.ask(shop, show, { id: endpointId });
  expect(failing).toMatchObject({
    waiting: 1,
    attempts: {
      nodes: [{ eventType: 'TRANSACTION_RECORDED', attempt: 1, httpStatus: 500, fault: null, outcome: 'FAILED' }],
    },
  });
  expect(failing.failingSince).not.toBeNull();
  expect((await gateway.ask(bank, show, { id: endpointId })).webhookEndpoint).toBeNull();
  receiver.behaviour = () => undefined;
  const first = receiver.taken.find(({ type }) => type === 'transaction.recorded');
  await gateway.db.superuser.query('update webhook_endpoint set rests_until = null');
  const replayed = await change(shop, 'webhookReplay', 'WebhookReplayInput', { endpointId, after: first?.data.cursor });
  expect(replayed.userErrors).toEqual([]);
  await told();
  expect(receiver.taken.at(-1)?.data.transactionId).toBe(id);
});

test('pausing, another secret, resuming, another address, removing', async () => {
  const input = { endpointId };
  const paused = await change(shop, 'webhookEndpointPause', 'WebhookEndpointInput', input);
  expect(paused).toMatchObject({ webhookEndpoint: { status: 'PAUSED', statusReason: 'REQUESTED' }, userErrors: [] });
  const { id } = await buys('third');
  await told();
  expect(receiver.taken.map(({ data }) => data.transactionId)).not.toContain(id);
  const rotated = await change(
    shop,
    'webhookSecretRotate',
    'WebhookSecretRotateInput',
    { ...input, overlapHours: 0 },
    `secret ${ENDPOINT}`,
  );
  receiver.secrets.splice(0, 1, rotated.secret);
  expect((await change(shop, 'webhookReplay', 'WebhookReplayInput', input)).userErrors).toMatchObject([
    { code: 'ENDPOINT_NOT_ACTIVE' },
  ]);
  const resumed = await change(shop, 'webhookEndpointResume', 'WebhookEndpointInput', input);
  expect(resumed.webhookEndpoint).toMatchObject({ status: 'ACTIVE', statusReason: null });
  await told();
  expect(receiver.taken.at(-1)).toMatchObject({ signatures: 1, verifiedBy: 0, data: { transactionId: id } });
  const elsewhere = { ...input, url: `${receiver.url}/new`, eventTypes: ['WINDOW_CLOSED'] };
  const updated = await change(shop, 'webhookEndpointUpdate', 'WebhookEndpointUpdateInput', elsewhere);
  expect(updated.webhookEndpoint).toMatchObject({ url: elsewhere.url, eventTypes: ['WINDOW_CLOSED'] });
  for (const [token, code] of [
    [bank, 'UNKNOWN_ENDPOINT'],
    [shop, undefined],
    [shop, 'UNKNOWN_ENDPOINT'],
  ] as const) {
    const removed = await change(
      token,
      'webhookEndpointRemove',
      'WebhookEndpointInput',
      input,
      'removedId userErrors { code }',
    );
    expect(removed).toEqual(
      code === undefined ? { removedId: endpointId, userErrors: [] } : { removedId: null, userErrors: [{ code }] },
    );
  }
});

test('a cursor that nobody has given out is refused', async () => {
  const answer = await gateway.edge.ask(EVENTS, { token: shop, variables: { after: 'nonsense' } });
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('the ledger is sound', () => expectSoundLedger(gateway.db));
