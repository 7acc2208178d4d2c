/** The spare change of purchases goes to a charity, in units, by the job and as far as a member's units reach. */
import { expectSoundLedger } from './sound-ledger.js';
import { euros, openSpending, PROGRAMME, type Spending } from './spending.js';

let shop: Spending;
beforeAll(async () => {
  shop = await openSpending();
});
afterAll(async () => {
  await expectSoundLedger(shop.db);
  await shop.close();
});

const token = (name: string): string => shop.tokens[name] as string;
const codes = (payload: { userErrors: { code: string }[] }): string[] => payload.userErrors.map(({ code }) => code);
const RULE = 'roundUp { step { amount } charity { code } } userErrors { code }';
const set = (who: string, changes: object = {}) =>
  shop.change(
    token(who),
    'roundUpSet',
    { programmeCode: PROGRAMME, charityCode: 'red-cross', step: euros('1.00'), ...changes },
    RULE,
  );

let purchases = 0;
async function buy(code: string, amount: string, more: object = {}): Promise<void> {
  purchases += 1;
  const transaction = {
    ...{ kind: 'PURCHASE', reference: `buy-${purchases}`, payer: { memberCode: code }, amount: euros(amount) },
    ...{ occurredAt: '2026-03-01T11:00:00Z', mcc: '5411' },
    ...more,
  };
  const input = { programmeCode: PROGRAMME, partnerCode: 'b', transaction };
  expect(codes(await shop.change(shop.admin, 'transactionSubmit', input, 'userErrors { code }'))).toEqual([]);
}

it('gives the change of what was bought since away, once', async () => {
  await shop.member('sue');
  await shop.earn('sue', 1_000);
  await buy('sue', '9.99');
  expect(await set('sue')).toEqual({
    roundUp: { step: { amount: '1.00' }, charity: { code: 'red-cross' } },
    userErrors: [],
  });
  expect(await set('b', { payer: { memberCode: 'sue' } })).toMatchObject({ userErrors: [] });
  expect(await shop.services.roundUps.roundUpAll()).toBe(0);
  await buy('sue', '12.30');
  await buy('sue', '4.75');
  await buy('sue', '7.00');
  await buy('sue', '3.60', { kind: 'AUTHORISATION' });
  expect(await shop.services.roundUps.roundUpAll()).toBe(1);
  expect(await shop.services.roundUps.roundUpAll()).toBe(0);
  expect(await shop.balance('sue')).toEqual({ available: '865', held: '0' });
  const { member } = await shop.ask(
    token('sue'),
    '{ member { roundUp { setAt } redemptions { nodes { kind captured { amount } partner { code } } } } }',
  );
  expect(member.roundUp.setAt).toMatch(/^2026-03-01/);
  expect(member.redemptions.nodes).toEqual([
    { kind: 'DONATION', captured: { amount: '1.35' }, partner: { code: 'red-cross' } },
  ]);
});

it('goes as far as the units reach, and owes nothing for the rest', async () => {
  await shop.member('tom');
  await shop.earn('tom', 50);
  await set('tom');
  await buy('tom', '1.20');
  expect(await shop.services.roundUps.roundUpAll()).toBe(1);
  expect(await shop.balance('tom')).toEqual({ available: '0', held: '0' });
  await shop.earn('tom', 500);
  expect(await shop.services.roundUps.roundUpAll()).toBe(0);
  expect(await shop.balance('tom')).toEqual({ available: '500', held: '0' });
});

it('two runs at once give once', async () => {
  await shop.member('una');
  await shop.earn('una', 500);
  await set('una', { step: euros('5.00') });
  await buy('una', '3.00');
  const given = await Promise.all([1, 2, 3].map(() => shop.services.roundUps.roundUpAll()));
  expect(given.reduce((sum, count) => sum + count)).toBe(1);
  expect(await shop.balance('una')).toEqual({ available: '300', held: '0' });
});

it('ends when the member says so', async () => {
  const end = { programmeCode: PROGRAMME };
  for (const _ of [1, 2])
    expect(await shop.change(token('una'), 'roundUpEnd', end, RULE)).toEqual({ roundUp: null, userErrors: [] });
  await buy('una', '3.00');
  expect(await shop.services.roundUps.roundUpAll()).toBe(0);
});

it.each<[string, string, object]>([
  ['STEP_OUT_OF_RANGE', 'una', { step: euros('0.00') }],
  ['STEP_OUT_OF_RANGE', 'una', { step: euros('100.01') }],
  ['CURRENCY_MISMATCH', 'una', { step: { amount: '1.00', currencyCode: 'GBP' } }],
  ['NOT_A_CHARITY', 'una', { charityCode: 'm1' }],
  ['UNKNOWN_PARTNER', 'una', { charityCode: 'nobody' }],
  ['UNKNOWN_PROGRAMME', 'una', { programmeCode: 'nowhere' }],
  ['ANOTHER_MEMBERS_UNITS', 'una', { payer: { memberCode: 'tom' } }],
  ['ANOTHER_MEMBERS_UNITS', 'c', { payer: { memberCode: 'una' } }],
  ['PAYER_NOT_EXACTLY_ONE', 'b', {}],
])('refuses: %s by %s %j', async (code, who, changes) => {
  expect(codes(await set(who, changes))).toEqual([code]);
});
