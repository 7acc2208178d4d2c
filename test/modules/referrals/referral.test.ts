/** Referrals through the whole gateway: what counts as one, when it is told, that it is told once, and who earns. */
import { type Gateway, openGateway, setUp, takeIn } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';

const YAML = `
programme: friends
name: Friends
effectiveFrom: 2026-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 14
rounding: FLOOR
tiers:
  rollingDays: 365
  levels: [{ code: basic, name: Basic, from: 0 }]
rules:
  - { code: base, name: Base, funding: PROGRAMME, rate: 1% }
  - { code: friend, name: A friend, funding: PROGRAMME, fixed: 500, when: { action: referral } }
caps:
  - { code: three-friends, measure: COUNT, per: year, max: 3, rules: [friend] }
`;

let gateway: Gateway;
let bank: string;
beforeEach(async () => {
  gateway = await openGateway();
  await setToday('2026-01-01');
  await setUp(gateway, YAML, 'friends', [
    { code: 'bank', role: 'BANK' },
    { code: 'other-bank', role: 'BANK' },
  ]);
  await takeIn(gateway, 'friends', 'anna', { token: 'token-anna', issuerCode: 'bank' });
  bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' });
});
afterEach(async () => {
  await expectSoundLedger(gateway.db);
  await gateway.close();
});

const setToday = (day: string): Promise<unknown> =>
  gateway.db.superuser.query('select hansa_set_clock($1::timestamptz - now())', [`${day}T12:00:00Z`]);
const tell = (): Promise<number> => gateway.services.referrals.tellAll();

/** Enrols somebody whom anna brought, with a card of the bank. */
async function bring(code: string): Promise<void> {
  const data = await gateway.ask(
    gateway.admin,
    'mutation ($input: MemberEnrolInput!) { memberEnrol(input: $input) { userErrors { code } } }',
    { input: { programmeCode: 'friends', code, referrerCode: 'anna' } },
  );
  expect(data.memberEnrol.userErrors).toEqual([]);
  await takeIn(gateway, 'friends', code, { token: `token-${code}`, issuerCode: 'bank' });
}

const submit = async (code: string, reference: string, day: string, but: object = {}): Promise<void> => {
  const data = await gateway.ask(
    bank,
    'mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) { userErrors { code message } } }',
    {
      input: {
        programmeCode: 'friends',
        transaction: {
          kind: 'PURCHASE',
          reference,
          payer: { cardToken: `token-${code}` },
          amount: { amount: '10.00', currencyCode: 'EUR' },
          occurredAt: `${day}T10:00:00Z`,
          ...but,
        },
      },
    },
  );
  expect(data.transactionSubmit.userErrors).toEqual([]);
};

/** What the referrer earned for friends, one number for each that was told. */
const earned = async (): Promise<string[]> => {
  const { member } = await gateway.ask(
    gateway.admin,
    `{ member(programmeCode: "friends", code: "anna") { transactions { nodes { kind accruals { rule units } } } } }`,
  );
  return member.transactions.nodes
    .filter(({ kind }: { kind: string }) => kind === 'ACTION')
    .map(({ accruals }: { accruals: { units: string }[] }) => accruals.map(({ units }) => units).join());
};

test('it is told once the first purchase has been kept beyond its hold, and only once', async () => {
  await bring('bert');
  expect(await tell()).toBe(0);
  await setToday('2026-01-10');
  await submit('bert', 'first', '2026-01-10');
  await setToday('2026-01-23');
  expect(await tell()).toBe(0);
  await setToday('2026-01-24');
  expect(await tell()).toBe(1);
  expect(await tell()).toBe(0);
  await submit('bert', 'second', '2026-01-24');
  await setToday('2026-03-01');
  expect(await tell()).toBe(0);
  expect(await earned()).toEqual(['500']);
});

test('two workers at once tell it once', async () => {
  await bring('bert');
  await submit('bert', 'first', '2026-01-01');
  await setToday('2026-02-01');
  const told = await Promise.all([tell(), tell(), tell()]);
  expect(told.toSorted()).toEqual([0, 0, 1]);
  expect(await earned()).toEqual(['500']);
});

test('a purchase that was given back is none, and the next one counts', async () => {
  await bring('bert');
  await submit('bert', 'first', '2026-01-01');
  await submit('bert', 'first-back', '2026-01-01', { kind: 'REFUND', refundOf: 'first' });
  await setToday('2026-02-01');
  expect(await tell()).toBe(0);
  await submit('bert', 'second', '2026-02-01');
  await setToday('2026-02-15');
  expect(await tell()).toBe(1);
});

test('caps of the programme hold for it', async () => {
  for (const code of ['bert', 'carl', 'dora', 'emil']) {
    await bring(code);
    await submit(code, `first-of-${code}`, '2026-01-01');
  }
  await setToday('2026-02-01');
  expect(await tell()).toBe(4);
  expect((await earned()).toSorted()).toEqual(['', '500', '500', '500']);
});

test.each<[string, string]>([
  ['nobody was referred', `update member set referred_by_no = null`],
  ['the referrer has left', `update member set status = 'CLOSED' where code = 'anna'`],
  ['the partner who would tell it has left', `update partner set status = 'CLOSED' where code = 'bank'`],
  [
    'both turn out to share an account',
    `update card set account = 'one-account' where token in ('token-anna', 'token-bert')`,
  ],
])('nothing is told when %s', async (_what, change) => {
  await bring('bert');
  await submit('bert', 'first', '2026-01-01');
  await gateway.db.superuser.query(change);
  await setToday('2026-02-01');
  expect(await tell()).toBe(0);
  const { rows } = await gateway.db.superuser.query(`select count(*)::int as n from transaction where kind = 'ACTION'`);
  expect(rows).toEqual([{ n: 0 }]);
});

test('the same name of an account at two banks is no shared one', async () => {
  await bring('bert');
  await submit('bert', 'first', '2026-01-01');
  await gateway.db.superuser.query(`update card set account = 'account-1'`);
  await gateway.db.superuser.query(
    `update card set issuer_no = (select no from partner where code = 'other-bank') where token = 'token-bert'`,
  );
  await setToday('2026-02-01');
  expect(await tell()).toBe(1);
});
