/** Cash-outs whose bank is told to pay: by one key, until it says what became of it, and never twice. */
import { openPartnerServer, type PartnerServer } from '../support/partners/partner-server.js';
import { expectSoundLedger } from './sound-ledger.js';
import { openSpending, PROGRAMME, type Spending } from './spending.js';

let world: Spending;
let bank: PartnerServer;
/** What the bank has paid, by key. */
const paid = new Map<string, string>();
let says: 'CONFIRMED' | 'PENDING' | 'FAILED' = 'CONFIRMED';
let connectorId: string;
let keys = 0;

const cashOut = async (units = '100', more: object = {}): Promise<string> => {
  keys += 1;
  const input = { programmeCode: PROGRAMME, units, cardToken: 'card-of-ada', idempotencyKey: `cash-${keys}`, ...more };
  const answer = await world.change(world.tokens.ada as string, 'cashOut', input);
  expect(answer.userErrors).toEqual([]);
  return answer.redemption.id;
};
const ask = () => world.services.bankPayouts.askWaiting();
/** Everything is due again. */
const later = () =>
  world.db.superuser.query("update partner_payout set next_ask_at = hansa_now() where state = 'PENDING'");

async function payoutOf(redemptionId: string) {
  const { node } = await world.ask(
    world.admin,
    `{ node(id: "${redemptionId}") { ... on Redemption { payout { state amount { amount } asked lastFaultCode bankReference bankReason settledAt } } } }`,
  );
  return node.payout;
}

beforeAll(async () => {
  world = await openSpending({ cashOut: '{ holdAbove: 500 }' });
  await world.member('ada');
  await world.earn('ada', 50_000);
  bank = await openPartnerServer(({ path, body, headers }) => {
    if (path !== '/payouts') return undefined;
    expect(headers['idempotency-key']).toBe(body.key);
    expect(body).toEqual({ key: body.key, amount: expect.any(String), currency: 'EUR', cardToken: 'card-of-ada' });
    if (says === 'CONFIRMED') paid.set(body.key, body.amount);
    return {
      key: body.key,
      status: says,
      reference: `bank-${body.key.slice(-4)}`,
      reason: says === 'FAILED' ? 'No such account' : null,
    };
  });
});
afterAll(async () => {
  await expectSoundLedger(world.db);
  await world.close();
  await bank.close();
});

it('a bank that is not told leaves cash-outs as they were', async () => {
  expect(await payoutOf(await cashOut())).toBeNull();
  const made = await world.change(
    world.admin,
    'connectorCreate',
    {
      ...{ code: 'bank', partnerCode: 'b', programmeCode: PROGRAMME, kind: 'HTTP_JSON', address: bank.url },
      endpoints: [{ capability: 'PAYOUT', path: '/payouts' }],
    },
    'connector { id } userErrors { code }',
  );
  expect(made.userErrors).toEqual([]);
  connectorId = made.connector.id;
});

it('a bank that is told pays once, and says so', async () => {
  const id = await cashOut();
  expect(await payoutOf(id)).toMatchObject({ state: 'PENDING', amount: { amount: '1.00' }, asked: 0 });
  expect(await ask()).toBe(1);
  expect(await payoutOf(id)).toMatchObject({ state: 'CONFIRMED', asked: 1, bankReference: `bank-${id.slice(-4)}` });
  expect(paid.get(id)).toBe('1.00');
  await later();
  expect(await ask()).toBe(0);
});

it('a repeated cash-out is one payout', async () => {
  const key = { idempotencyKey: 'once' };
  expect(await cashOut('100', key)).toBe(await cashOut('100', key));
  expect(await ask()).toBe(1);
});

describe('while nobody knows whether it was paid', () => {
  it.each(['HANGING', 'FAILING', 'GARBAGE', 'BREAKING', 'REFUSING'] as const)(
    '%s: it stays open and is asked again by the same key',
    async (mood) => {
      const id = await cashOut();
      // The bank pays, and its answer is lost.
      bank.mood = mood;
      paid.set(id, '1.00');
      const before = bank.asked.length;
      expect(await ask()).toBe(1);
      expect(await payoutOf(id)).toMatchObject({
        state: 'PENDING',
        settledAt: null,
        lastFaultCode: expect.any(String),
      });
      expect(await ask()).toBe(0);
      bank.mood = 'WELL';
      const until = performance.now() + 20_000;
      while ((await payoutOf(id)).state === 'PENDING' && performance.now() < until) {
        await later();
        await ask();
      }
      expect(await payoutOf(id)).toMatchObject({ state: 'CONFIRMED', lastFaultCode: null });
      const keysAsked = new Set(bank.asked.slice(before).map(({ headers }) => headers['idempotency-key']));
      expect([...keysAsked]).toEqual([id]);
    },
    40_000,
  );

  it('the bank says that it does not know yet', async () => {
    says = 'PENDING';
    const id = await cashOut();
    await ask();
    expect(await payoutOf(id)).toMatchObject({ state: 'PENDING', lastFaultCode: null, asked: 1 });
    const removing = await world.ask(
      world.admin,
      `mutation { connectorRemove(input: { connectorId: "${connectorId}" }) { userErrors { code } } }`,
    );
    expect(removing.connectorRemove.userErrors).toEqual([{ code: 'PAYOUTS_PENDING' }]);
    const elsewhere = { connectorId, address: 'https://93.184.216.34/' };
    const moving = await world.change(world.admin, 'connectorUpdate', elsewhere, 'userErrors { code field }');
    expect(moving.userErrors).toEqual([{ code: 'PAYOUTS_PENDING', field: 'address' }]);
    says = 'CONFIRMED';
    await later();
    await ask();
    expect(await payoutOf(id)).toMatchObject({ state: 'CONFIRMED', asked: 2 });
  });

  it('two workers ask about each once', async () => {
    const ids = [await cashOut(), await cashOut(), await cashOut()];
    const before = bank.asked.length;
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(one + two).toBe(3);
    expect(bank.asked.length - before).toBe(3);
    for (const id of ids) expect(await payoutOf(id)).toMatchObject({ state: 'CONFIRMED' });
  });
});

it('what the bank will not pay is failed for good, and the units are back, once', async () => {
  const available = async () =>
    (await world.ask(world.tokens.ada as string, '{ member { balance { available } } }')).member.balance.available;
  const before = await available();
  says = 'FAILED';
  const id = await cashOut();
  expect(await available()).not.toBe(before);
  await Promise.all([ask(), ask()]);
  await later();
  await ask();
  expect(await available()).toBe(before);
  const { rows: redemptions } = await world.db.superuser.query(
    'select state, captured_units - returned_units as left, returned_minor from redemption where id = $1',
    [id],
  );
  expect(redemptions).toEqual([{ state: 'CAPTURED', left: '0', returned_minor: '100' }]);
  await world.services.relay.run();
  const { rows: told } = await world.db.superuser.query(
    'select type from event where subject_id = $1 order by number',
    [id],
  );
  expect(told.map(({ type }) => type)).toEqual(['units.paid_out', 'redemption.returned']);
  says = 'CONFIRMED';
  expect(await payoutOf(id)).toMatchObject({ state: 'FAILED', bankReason: 'No such account' });
  const list = async (token: string) =>
    (await world.ask(token, '{ partnerPayouts(state: FAILED) { nodes { bankReason } } }')).partnerPayouts.nodes;
  expect(await list(world.admin)).toEqual([{ bankReason: 'No such account' }]);
  expect(await list(world.tokens.b as string)).toHaveLength(1);
  expect(await list(world.tokens.c as string)).toEqual([]);
  await expect(
    world.db.superuser.query("update partner_payout set state = 'CONFIRMED' where redemption_id = $1", [id]),
  ).rejects.toThrow('settled once');
});

it('one that waited for a review is told when it was approved', async () => {
  const held = await cashOut('600');
  expect(await payoutOf(held)).toBeNull();
  const decided = await world.change(
    world.admin,
    'reviewDecide',
    { reviewId: held, decision: 'APPROVED', idempotencyKey: 'approve' },
    'review { outcomeId } userErrors { code }',
  );
  expect(decided.userErrors).toEqual([]);
  await ask();
  expect(await payoutOf(decided.review.outcomeId)).toMatchObject({ state: 'CONFIRMED', amount: { amount: '6.00' } });
});
