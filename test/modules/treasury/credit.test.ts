/** Prepaid blocks and exposure caps over HTTP: refused when used up, exact under concurrency, consumed by charges. */
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { type Coalition, makeCoalition, purchase, refund } from '../../support/coalition.js';

let gateway: Gateway;
let coalition: Coalition;
let keys = 0;

beforeEach(async () => {
  gateway = await openGateway();
  coalition = await makeCoalition(gateway.db);
});
afterEach(async () => {
  await expectSoundLedger(gateway.db);
  await gateway.close();
});

const ofShop = (set: string) =>
  gateway.db.superuser.query(
    `update contract set ${set} where partner_id = (select id from partner where code = 'shop')`,
  );

async function buy(amount: string, but: object = {}) {
  keys += 1;
  const input = {
    programmeCode: 'coalition-test',
    partnerCode: 'shop',
    amount: { amount, currencyCode: 'GBP' },
    idempotencyKey: `b-${keys}`,
    ...but,
  };
  const answer = await gateway.ask(
    gateway.admin,
    'mutation ($input: PrepaidBuyInput!) { prepaidBuy(input: $input) { entryNumber credit { prepaid { amount } room { amount } } userErrors { code } } }',
    { input },
  );
  return answer.prepaidBuy;
}

/** 100.00 at the shop: the bank gives 100 units, the shop 400, which cost it 4.00 + 0.40 + 0.08. */
async function spend(but: Parameters<typeof purchase>[0] = {}) {
  const [outcome] = await coalition.submit(purchase(but));
  if (outcome?.status !== 'ACCEPTED') return outcome?.status === 'REJECTED' ? outcome.failure.code : outcome?.status;
  const { transaction } = await gateway.ask(
    gateway.admin,
    `{ transaction(id: "${outcome.transactionId}") { accruals { units funder } explanation { verified reasons { code text } } } }`,
  );
  expect(transaction.explanation.verified).toBe(true);
  return transaction;
}

async function credit(alertsOnly = false) {
  const answer = await gateway.ask(
    gateway.admin,
    `{ partnerCredits(programmeCode: "coalition-test", alertsOnly: ${alertsOnly}) { partner { code } open { amount } pending { amount } unpaid { amount }
       prepaid { amount } deposit { amount } exposure { amount } room { amount } alerts } }`,
  );
  return answer.partnerCredits.find((each: { partner: { code: string } }) => each.partner.code === 'shop');
}

const fundersOf = (transaction: { accruals: { funder: string }[] }) =>
  transaction.accruals.map(({ funder }) => funder).sort();

it('grants nothing of a partner whose block is empty, and says why', async () => {
  await ofShop('prepaid = true');
  const transaction = await spend();
  expect(fundersOf(transaction)).toEqual(['bank']);
  expect(transaction.explanation.reasons.map(({ code }: { code: string }) => code)).toContain('FUNDER_EXHAUSTED');
  expect(await credit(true)).toMatchObject({ alerts: ['PREPAID_EMPTY'], room: { amount: '0.00' } });
});

it('refuses the message of a partner that pays itself and sends itself, and leaves nothing of it', async () => {
  await ofShop('prepaid = true');
  const own = { partnerCode: 'shop', payer: { memberCode: 'b' }, reference: 'till-1' } as const;
  expect(await spend(own)).toBe('FUNDER_EXHAUSTED');
  expect((await buy('4.48')).userErrors).toEqual([]);
  expect(fundersOf(await spend(own))).toEqual(['shop']);
  expect(await spend({ ...own, reference: 'till-2' })).toBe('FUNDER_EXHAUSTED');
});

it.each([
  ['an unknown programme', { programmeCode: 'nowhere' }, 'UNKNOWN_PROGRAMME'],
  ['an unknown partner', { partnerCode: 'nobody' }, 'UNKNOWN_PARTNER'],
  ['a partner that does not pay in advance', { partnerCode: 'bank' }, 'NOT_PREPAID'],
  ['nothing', { amount: { amount: '0', currencyCode: 'GBP' } }, 'AMOUNT_NOT_POSITIVE'],
  ['another currency', { amount: { amount: '1', currencyCode: 'EUR' } }, 'CURRENCY_MISMATCH'],
  ['no key', { idempotencyKey: '' }, 'IDEMPOTENCY_KEY_MALFORMED'],
])('sells no block to %s', async (_what, but, code) => {
  await ofShop('prepaid = true');
  expect(await buy('1.00', but)).toEqual({ entryNumber: null, credit: null, userErrors: [{ code }] });
});

it('takes charges from the block when they are confirmed, alerts before it is empty, and never refills it', async () => {
  await ofShop('prepaid = true, prepaid_reorder_minor = 500');
  const bought = await buy('9.00', { idempotencyKey: 'once' });
  expect(await buy('9.00', { idempotencyKey: 'once' })).toEqual(bought);
  expect(bought).toMatchObject({ credit: { prepaid: { amount: '9.00' }, room: { amount: '9.00' } } });
  expect(fundersOf(await spend({ reference: 'r-1' }))).toEqual(['bank', 'shop']);
  expect(await credit()).toMatchObject({
    pending: { amount: '4.48' },
    room: { amount: '4.52' },
    alerts: ['PREPAID_TO_REORDER'],
  });
  await gateway.ask(
    gateway.admin,
    'mutation { accrualsConfirm(input: { programmeCode: "coalition-test" }) { userErrors { code } } }',
  );
  const consumed = {
    open: { amount: '0.00' },
    pending: { amount: '0.00' },
    prepaid: { amount: '4.52' },
    unpaid: { amount: '9.00' },
  };
  expect(await credit()).toMatchObject(consumed);
  await coalition.submit(refund({ refundOf: 'r-1' }));
  expect(await credit()).toMatchObject({ ...consumed, open: { amount: '-4.48' } });
  for (const what of ['settlementWindowClose', 'settlementIssue']) {
    const answer = await gateway.ask(
      gateway.admin,
      `mutation { ${what}(input: { programmeCode: "coalition-test", idempotencyKey: "${what}" }) { userErrors { code } } }`,
    );
    expect(answer[what].userErrors).toEqual([]);
  }
  expect(await credit()).toMatchObject({ open: { amount: '0.00' }, unpaid: { amount: '4.52' } });
});

it('never grants more than the block bears, however many ask at once', async () => {
  await ofShop('prepaid = true');
  await buy('13.50');
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      coalition.submit(
        purchase({ reference: `at-once-${index}`, payer: { cardToken: `token-${index % 2 ? 'a' : 'b'}-0001` } }),
      ),
    ),
  );
  expect(outcomes.flat().map(({ status }) => status)).toEqual(Array(12).fill('ACCEPTED'));
  const { rows } = await gateway.db.superuser.query('select count(*)::int as count from accrual where funder_no = $1', [
    coalition.shopNo,
  ]);
  expect(rows).toEqual([{ count: 3 }]);
  expect(await credit()).toMatchObject({ room: { amount: '0.06' } });
});

it('holds a cap that rejects, purchase after purchase of one list, and only flags one that flags', async () => {
  await ofShop('exposure_cap_minor = 1000');
  const list = ['a', 'b', 'c'].map((reference) => purchase({ reference }));
  await coalition.submit(...list);
  const { rows } = await gateway.db.superuser.query('select count(*)::int as count from accrual where funder_no = $1', [
    coalition.shopNo,
  ]);
  expect(rows).toEqual([{ count: 2 }]);
  expect(await credit()).toMatchObject({ exposure: { amount: '8.96' }, room: { amount: '1.04' }, alerts: [] });
  await ofShop(`exposure_action = 'FLAG'`);
  expect(fundersOf(await spend())).toEqual(['bank', 'shop']);
  expect(await credit(true)).toMatchObject({
    exposure: { amount: '13.44' },
    room: null,
    alerts: ['OVER_EXPOSURE_CAP'],
  });
});

it('shows a partner its own credit alone', async () => {
  await ofShop('deposit_minor = 5000');
  const shop = await gateway.edge.token({ principal: 'PARTNER', partner: 'shop' });
  const answer = await gateway.ask(
    shop,
    '{ partnerCredits(programmeCode: "coalition-test") { partner { code } depositRequired { amount } alerts } }',
  );
  expect(answer.partnerCredits).toEqual([
    { partner: { code: 'shop' }, depositRequired: { amount: '50.00' }, alerts: ['DEPOSIT_MISSING'] },
  ]);
});
