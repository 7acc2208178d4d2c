/**
 * The worked example of the ledger design, as far as earning and settling go (steps E1 to E4 and E9), through
 * the API alone: every figure to the cent.
 */
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const PROGRAMME = 'worked-example';
const YAML = `
programme: ${PROGRAMME}
name: Worked example
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: m1-rate, name: M1 pays back, when: { partners: [m1] }, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card cashback, when: { partners: [m1] }, funding: ISSUER, rate: 1% }
  - { code: joint, name: Joint campaign, when: { partners: [m2] }, funding: { MERCHANT: 70%, ISSUER: 20%, PROGRAMME: 10% }, rate: 10% }
partners: { m1: , m2: }
`;

const SUBMIT = `mutation ($input: TransactionSubmitInput!) {
  transactionSubmit(input: $input) {
    transaction { id accruals { rule funder units unitsLeft status value { amount } } explanation { verified } }
    source { matchReason }
    userErrors { code message }
  } }`;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
  await setUp(gateway, YAML, PROGRAMME, [
    { code: 'm1', role: 'MERCHANT', merchantIds: ['MID-M1'] },
    { code: 'm2', role: 'MERCHANT', merchantIds: ['MID-M2'] },
    { code: 'b', role: 'BANK', minimumPayout: '5.00' },
  ]);
  await takeIn(gateway, PROGRAMME, 'a', { token: 'token-of-a-1', issuerCode: 'b' });
  await takeIn(gateway, PROGRAMME, 'other');
});
afterAll(() => gateway.close());

const submit = async (partnerCode: string, transaction: object) => {
  const { transactionSubmit } = await gateway.ask(gateway.admin, SUBMIT, {
    input: { programmeCode: PROGRAMME, partnerCode, transaction },
  });
  expect(transactionSubmit.userErrors).toEqual([]);
  return transactionSubmit;
};
const euros = (amount: string) => ({ amount, currencyCode: 'EUR' });
const balanceOf = async (code: string) => {
  const { member } = await gateway.ask(
    gateway.admin,
    'query ($code: String!, $programmeCode: String!) { member(code: $code, programmeCode: $programmeCode) { balance { pending available } } }',
    { code, programmeCode: PROGRAMME },
  );
  return member.balance;
};
const confirm = async () => {
  const { accrualsConfirm } = await gateway.ask(
    gateway.admin,
    'mutation ($input: AccrualsConfirmInput!) { accrualsConfirm(input: $input) { confirmed userErrors { code } } }',
    { input: { programmeCode: PROGRAMME } },
  );
  return accrualsConfirm.confirmed;
};

test('E1 to E4, E9: two funders, a joint campaign, a partial refund, a close and a settlement', async () => {
  const card = { cardToken: 'token-of-a-1' };
  const bought = { kind: 'PURCHASE', occurredAt: '2026-03-01T12:00:00Z' };
  const e1 = await submit('b', {
    ...bought,
    reference: 'e1',
    payer: card,
    amount: euros('1000.00'),
    merchantId: 'MID-M1',
  });
  expect(e1.transaction.accruals).toEqual([
    { rule: 'card', funder: 'b', units: '1000', unitsLeft: '1000', status: 'PENDING', value: { amount: '10.00' } },
    { rule: 'm1-rate', funder: 'm1', units: '5000', unitsLeft: '5000', status: 'PENDING', value: { amount: '50.00' } },
  ]);
  expect(e1.transaction.explanation.verified).toBe(true);
  expect(await balanceOf('a')).toEqual({ pending: '6000', available: '0' });
  expect(await confirm()).toBe(2); // E2
  expect(await balanceOf('a')).toEqual({ pending: '0', available: '6000' });

  const e3 = await submit('b', {
    ...bought,
    reference: 'e3',
    payer: card,
    amount: euros('333.33'),
    merchantId: 'MID-M2',
  });
  expect(e3.transaction.accruals.map((a: { funder: string; units: string }) => [a.funder, a.units])).toEqual([
    ['m2', '2333'],
    ['b', '667'],
    ['PROGRAMME', '333'],
  ]);
  expect(await confirm()).toBe(3);
  expect(await balanceOf('a')).toEqual({ pending: '0', available: '9333' });

  const e4 = await submit('b', {
    kind: 'REFUND',
    reference: 'e4',
    refundOf: 'e1',
    payer: card,
    amount: euros('200.00'),
    occurredAt: '2026-03-05T12:00:00Z',
    merchantId: 'MID-M1',
  });
  expect(e4.source.matchReason).toBe('REFERENCE');
  expect(e4.transaction.id).toBe(e1.transaction.id);
  expect(await balanceOf('a')).toEqual({ pending: '0', available: '8133' });

  // E9: not with B's card, and still on hold at the close.
  const e9 = await submit('m1', {
    kind: 'PURCHASE',
    reference: 'e9',
    payer: { memberCode: 'other' },
    amount: euros('100.00'),
    occurredAt: new Date().toISOString(),
    merchantId: 'MID-M1',
  });
  expect(e9.transaction.accruals).toMatchObject([{ funder: 'm1', units: '500', status: 'PENDING' }]);
  expect(await confirm()).toBe(0);

  const { settlementWindowClose } = await gateway.ask(
    gateway.admin,
    'mutation ($input: SettlementWindowCloseInput!) { settlementWindowClose(input: $input) { window { state digest } userErrors { code } } }',
    { input: { programmeCode: PROGRAMME, idempotencyKey: 'close-1' } },
  );
  expect(settlementWindowClose.window.state).toBe('CLOSED');
  expect(settlementWindowClose.window.digest).toHaveLength(64);
  const { settlementIssue } = await gateway.ask(
    gateway.admin,
    `mutation ($input: SettlementIssueInput!) { settlementIssue(input: $input) {
       settlement { id programmeNet { amount } lines { partner { code } net { amount } closing { amount } state } } userErrors { code } } }`,
    { input: { programmeCode: PROGRAMME, idempotencyKey: 'settle-1' } },
  );
  const nets = settlementIssue.settlement.lines.map(
    (line: { partner: { code: string } | null; net: { amount: string } }) => [
      line.partner?.code ?? 'PROGRAMME',
      line.net.amount,
    ],
  );
  expect(Object.fromEntries(nets)).toEqual({ m1: '44.80', m2: '26.13', b: '16.43', PROGRAMME: '-87.36' });
  expect(settlementIssue.settlement.programmeNet.amount).toBe('-87.36');

  // Each partner reads its own statement, and nobody else's.
  const STATEMENT =
    'query ($id: ID!, $partner: String!) { settlementStatement(settlementId: $id, partnerCode: $partner) { csv sha256 line { net { amount } } } }';
  const m1 = await gateway.edge.token({ principal: 'PARTNER', partner: 'm1' });
  const own = await gateway.ask(m1, STATEMENT, { id: settlementIssue.settlement.id, partner: 'm1' });
  expect(own.settlementStatement.line.net.amount).toBe('44.80');
  expect(own.settlementStatement.csv).toContain('44.80');
  const foreign = await gateway.edge.ask(STATEMENT, {
    token: m1,
    variables: { id: settlementIssue.settlement.id, partner: 'm2' },
  });
  expect(foreign.data?.settlementStatement ?? null).toBeNull();

  // The pending 5.00 of E9 is outside the settlement.
  const { rows } = await gateway.db.superuser.query(
    `select account, sum(balance)::int as balance from account_balance where account in (1105, 2000, 1100) group by account order by account`,
  );
  expect(rows).toEqual([
    { account: 1100, balance: 0 },
    { account: 1105, balance: 500 },
    { account: 2000, balance: -500 },
  ]);
  await expectSoundLedger(gateway.db);
});
