/** Members claim what nobody has told; what is here answers at once, the rest waits for the merchant. */
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const PROGRAMME = 'claiming';
const YAML = `
programme: ${PROGRAMME}
name: Claiming
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
tiers: { rollingDays: 30, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: bank, name: Bank, funding: ISSUER, rate: 1% }
  - { code: shop, name: Shop, funding: MERCHANT, rate: 4% }
`;

let gateway: Gateway;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  gateway = await openGateway();
  await gateway.db.superuser.query(`select hansa_set_clock('2026-03-20T12:00:00Z'::timestamptz - now())`);
  await setUp(gateway, YAML, PROGRAMME, [
    { code: 'bank', role: 'BANK' },
    { code: 'shop', role: 'MERCHANT', merchantIds: ['MID-1'] },
    { code: 'other', role: 'MERCHANT' },
  ]);
  await takeIn(gateway, PROGRAMME, 'ann', { token: 'token-ann-01', issuerCode: 'bank' });
  for (const partner of ['bank', 'shop', 'other'])
    tokens[partner] = await gateway.edge.token({ principal: 'PARTNER', partner });
  tokens.ann = await gateway.edge.token({ principal: 'MEMBER', member: 'ann' });
  tokens.operator = await gateway.edge.token({ principal: 'OPERATOR' });
});
afterAll(async () => {
  await expectSoundLedger(gateway.db);
  await gateway.close();
});

const CLAIM =
  'claim { id state decideBy resolution transaction { id accruals { rule unitsLeft } } } userErrors { code }';
let keys = 0;
async function change(who: string, what: string, input: object) {
  keys += 1;
  const type = `${what[0]?.toUpperCase()}${what.slice(1)}Input`;
  const data = await gateway.ask(
    tokens[who] as string,
    `mutation ($input: ${type}!) { ${what}(input: $input) { ${CLAIM} } }`,
    { input: { idempotencyKey: `key-${keys}`, ...input } },
  );
  return data[what];
}
const open = (changes: object = {}, who = 'ann') =>
  change(who, 'purchaseClaimOpen', {
    ...{ programmeCode: PROGRAMME, partnerCode: 'shop', amount: { amount: '20.00', currencyCode: 'EUR' } },
    ...{ boughtAt: '2026-03-10T10:00:00Z', receipt: `receipt-${keys}`, ...changes },
  });
const decide = (who: string, claimId: string, verdict: string, more: object = {}) =>
  change(who, 'purchaseClaimDecide', { claimId, verdict, resolution: 'Looked up.', ...more });

let told = 0;
async function tell(who: 'bank' | 'shop', amount: string, more: object = {}) {
  told += 1;
  const payer = who === 'bank' ? { cardToken: 'token-ann-01' } : { memberCode: 'ann' };
  const transaction = {
    ...{ kind: 'PURCHASE', reference: `told-${told}`, payer, amount: { amount, currencyCode: 'EUR' } },
    ...{ occurredAt: '2026-03-10T10:00:00Z', ...more },
  };
  const { transactionSubmit } = await gateway.ask(
    tokens[who] as string,
    `mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) {
       transaction { id accruals { rule unitsLeft } } source { matchReason } userErrors { code } } }`,
    { input: { programmeCode: PROGRAMME, transaction } },
  );
  return transactionSubmit;
}
const codes = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors.map(({ code }) => code);

const refused: readonly [string, object][] = [
  ['AMOUNT_NOT_POSITIVE', { amount: { amount: '0.00', currencyCode: 'EUR' } }],
  ['CURRENCY_MISMATCH', { amount: { amount: '1.00', currencyCode: 'USD' } }],
  ['MALFORMED_RECEIPT', { receipt: ' ' }],
  ['MALFORMED_NOTE', { note: 'x'.repeat(501) }],
  ['BOUGHT_IN_FUTURE', { boughtAt: '2026-03-22T10:00:00Z' }],
  ['TOO_LONG_AGO', { boughtAt: '2025-12-01T10:00:00Z' }],
  ['OUTSIDE_PROGRAMME', { partnerCode: 'nobody' }],
  ['OUTSIDE_PROGRAMME', { partnerCode: 'bank' }],
  ['UNKNOWN_OUTLET', { outletCode: 'airport' }],
  ['UNKNOWN_PROGRAMME', { programmeCode: 'none' }],
];
it.each(refused)('refuses with %s: %j', async (code, changes) => {
  expect(codes(await open(changes))).toEqual([code]);
});

/** What somebody is told of a claim. */
async function heard(who: string, claimId: string): Promise<string[]> {
  await gateway.services.relay.run();
  const types = 'PURCHASE_CLAIM_OPENED, PURCHASE_CLAIM_OVERDUE, PURCHASE_CLAIM_RESOLVED';
  const query = `{ events(last: 100, types: [${types}]) { nodes { type subjectId } } }`;
  const { events } = await gateway.ask(tokens[who] as string, query);
  return events.nodes.flatMap(({ type, subjectId }: { type: string; subjectId: string }) =>
    subjectId === claimId ? [type] : [],
  );
}

it('tells the member and the merchant of a claim, and nobody else', async () => {
  const { claim } = await open({ amount: { amount: '77.00', currencyCode: 'EUR' } });
  await decide('shop', claim.id, 'REFUSED');
  const told = ['PURCHASE_CLAIM_OPENED', 'PURCHASE_CLAIM_RESOLVED'];
  for (const who of ['ann', 'shop', 'operator']) expect([who, await heard(who, claim.id)]).toEqual([who, told]);
  for (const who of ['bank', 'other']) expect([who, await heard(who, claim.id)]).toEqual([who, []]);
});

it('answers at once with the purchase that is here', async () => {
  const { transaction } = await tell('shop', '11.00');
  expect(await open({ amount: { amount: '11.00', currencyCode: 'EUR' } })).toMatchObject({
    claim: { state: 'FOUND', transaction: { id: transaction.id } },
    userErrors: [],
  });
});

it("answers at once with the bank's purchase that knew no merchant, whose rewards the merchant pays from then on", async () => {
  const paid = await tell('bank', '12.00', { merchantId: 'ACQ-9', descriptor: 'SHOP 0042 BERLIN' });
  expect(paid.transaction.accruals).toEqual([{ rule: 'bank', unitsLeft: '12' }]);
  expect(await open({ amount: { amount: '12.00', currencyCode: 'EUR' } })).toMatchObject({
    claim: {
      state: 'ATTACHED',
      transaction: {
        id: paid.transaction.id,
        accruals: [
          { rule: 'bank', unitsLeft: '12' },
          { rule: 'shop', unitsLeft: '48' },
        ],
      },
    },
  });
});

it('waits for the merchant, who grants it; told after all by both, it stays one purchase', async () => {
  const input = { receipt: 'lost', idempotencyKey: 'mine' };
  const waiting = await open(input);
  expect(waiting.claim).toMatchObject({ state: 'OPEN', decideBy: '2026-04-19', transaction: null });
  expect(await open(input)).toEqual(waiting);
  expect(codes(await open({ receipt: 'lost' }))).toEqual(['CLAIMED_BEFORE']);
  expect(codes(await decide('other', waiting.claim.id, 'GRANTED'))).toEqual(['UNKNOWN_CLAIM']);
  const granted = await decide('shop', waiting.claim.id, 'GRANTED');
  expect(granted).toMatchObject({
    claim: {
      state: 'GRANTED',
      resolution: 'Looked up.',
      transaction: { accruals: [{ rule: 'shop', unitsLeft: '80' }] },
    },
    userErrors: [],
  });
  expect(codes(await decide('operator', waiting.claim.id, 'REFUSED'))).toEqual(['CLAIM_DECIDED']);
  const { id } = granted.claim.transaction;
  expect(await tell('shop', '20.00')).toMatchObject({ transaction: { id }, source: { matchReason: 'SAME_PURCHASE' } });
  expect(await tell('bank', '20.00', { merchantId: 'MID-1' })).toMatchObject({
    transaction: {
      id,
      accruals: [
        { rule: 'shop', unitsLeft: '80' },
        { rule: 'bank', unitsLeft: '20' },
      ],
    },
    source: { matchReason: 'SAME_PURCHASE' },
  });
});

it('lets nobody decide on its own claim, and bounds how many wait', async () => {
  const amount = { amount: '77.00', currencyCode: 'EUR' };
  const member = (await gateway.ask(tokens.ann as string, '{ member { id } }')).member.id;
  const first = await open({ amount, memberId: member }, 'operator');
  expect(codes(await decide('operator', first.claim.id, 'GRANTED'))).toEqual(['SAME_PERSON']);
  expect(await decide('shop', first.claim.id, 'REFUSED')).toMatchObject({
    claim: { state: 'REFUSED', transaction: null },
  });
  for (let nth = 0; nth < 5; nth += 1) expect(codes(await open({ amount }))).toEqual([]);
  expect(codes(await open({ amount }))).toEqual(['TOO_MANY_CLAIMS']);
  const seen = async (who: string): Promise<number> =>
    (await gateway.ask(tokens[who] as string, '{ purchaseClaims(state: OPEN) { nodes { id } } }')).purchaseClaims.nodes
      .length;
  expect([await seen('shop'), await seen('other'), await seen('ann')]).toEqual([5, 0, 5]);
});

it('tells once that nobody decided in time, and lets it be decided all the same', async () => {
  const { nodes } = (
    await gateway.ask(tokens.ann as string, '{ purchaseClaims(state: OPEN) { nodes { id decideBy } } }')
  ).purchaseClaims;
  const [{ id, decideBy }] = nodes;
  const opened = ['PURCHASE_CLAIM_OPENED'];
  const overdue = [...opened, 'PURCHASE_CLAIM_OVERDUE'];
  const runOn = async (day: string): Promise<number> => {
    await gateway.db.superuser.query(`select hansa_set_clock(($1::date + time '12:00') at time zone 'UTC' - now())`, [
      day,
    ]);
    return gateway.services.purchaseClaims.tellOverdue();
  };
  expect(await runOn(decideBy)).toBe(0);
  expect(await heard('shop', id)).toEqual(opened);
  expect(await runOn('2026-04-20')).toBe(nodes.length);
  expect(await runOn('2026-04-20')).toBe(0);
  for (const who of ['ann', 'shop', 'operator']) expect([who, await heard(who, id)]).toEqual([who, overdue]);
  for (const who of ['bank', 'other']) expect([who, await heard(who, id)]).toEqual([who, []]);
  await decide('shop', id, 'REFUSED');
  expect(await heard('ann', id)).toEqual([...overdue, 'PURCHASE_CLAIM_RESOLVED']);
});
