/** The catalogue through the API alone: discounts, gifts and access, and the last gift that fifty want at once. */
import { expectSoundLedger } from './sound-ledger.js';
import { euros, openSpending, PROGRAMME, type Spending } from './spending.js';

let shop: Spending;
let keys = 0;
const key = () => {
  keys += 1;
  return { idempotencyKey: `catalogue-${keys}` };
};
const token = (name: string): string => shop.tokens[name] as string;
const codes = (payload: { userErrors: { code: string }[] }): string[] => payload.userErrors.map(({ code }) => code);

const GIFT = { kind: 'GIFT', code: 'mug', name: 'A mug', price: '200', stock: 3 };
const DISCOUNT = {
  kind: 'DISCOUNT',
  code: 'ten-off',
  name: 'Ten off',
  price: '100',
  validDays: 30,
  discount: { rate: '10%' },
};
const ACCESS = { kind: 'ACCESS', code: 'lounge', name: 'Lounge', price: '300', validDays: 2 };

const publish = (item: object) =>
  shop.change(
    shop.admin,
    'catalogueItemPublish',
    { programmeCode: PROGRAMME, supplierCode: 'm2', claimableFrom: '2026-01-01', ...key(), ...item },
    'item { id code left } userErrors { code field }',
  );
const claim = (who: string, itemCode: string, more: object = {}) =>
  shop.change(
    token(who),
    'catalogueClaim',
    { programmeCode: PROGRAMME, itemCode, ...key(), ...more },
    'claim { id validUntil item { code left } redemption { id kind state captured { amount } } } code userErrors { code }',
  );
const redeem = (code: string, reference: string, who = 'm2') =>
  shop.change(token(who), 'discountCodeRedeem', { code, reference }, 'claim { id usedAt } userErrors { code }');
const leftOf = async (code: string): Promise<number> => {
  const { catalogue } = await shop.ask(
    token('b'),
    `{ catalogue(programmeCode: "${PROGRAMME}") { nodes { code left } } }`,
  );
  return catalogue.nodes.find((item: { code: string }) => item.code === code)?.left;
};

beforeAll(async () => {
  shop = await openSpending();
  for (const item of [GIFT, DISCOUNT, ACCESS]) expect(codes(await publish(item))).toEqual([]);
  await shop.member('quinn');
  await shop.earn('quinn', 5_000);
});
afterAll(async () => {
  await expectSoundLedger(shop.db);
  await shop.close();
});

it('a gift holds its price and one of the stock until the supplier hands it over', async () => {
  const { claim: taken } = await claim('quinn', 'mug');
  expect(taken).toMatchObject({
    validUntil: null,
    item: { left: 2 },
    redemption: { kind: 'ITEM', state: 'AUTHORISED' },
  });
  expect(await shop.balance('quinn')).toEqual({ available: '4800', held: '200' });
  const redemptionId = taken.redemption.id;
  const half = await shop.change(token('m2'), 'redemptionCapture', { redemptionId, units: '100', ...key() });
  expect(codes(half)).toEqual(['ITEM_IS_WHOLE']);
  const handed = await shop.change(token('m2'), 'redemptionCapture', { redemptionId, ...key() });
  expect(handed.redemption).toMatchObject({ state: 'CAPTURED', captured: { amount: '2.00' } });
  expect(await shop.balance('quinn')).toEqual({ available: '4800', held: '0' });
});

it('a gift that is given up, or that nobody hands over in time, goes back into the stock', async () => {
  const { claim: one } = await claim('quinn', 'mug');
  const { claim: two } = await claim('quinn', 'mug');
  expect(await leftOf('mug')).toBe(0);
  expect(codes(await claim('quinn', 'mug'))).toEqual(['SOLD_OUT']);
  await shop.change(token('quinn'), 'redemptionVoid', { redemptionId: one.redemption.id, ...key() });
  expect(await leftOf('mug')).toBe(1);
  await shop.setClock('2026-03-02T12:30:00Z');
  expect(await shop.services.resolutions.expireAuthorisations()).toBe(1);
  expect(await leftOf('mug')).toBe(2);
  expect(two.redemption.state).toBe('AUTHORISED');
  expect(await shop.balance('quinn')).toEqual({ available: '4800', held: '0' });
});

it('a discount is used at once, and its code is told once and good once', async () => {
  const once = key();
  const first = await claim('quinn', 'ten-off', once);
  expect(first.claim).toMatchObject({
    validUntil: '2026-03-31',
    redemption: { state: 'CAPTURED', captured: { amount: '1.00' } },
  });
  expect(first.code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  expect(await claim('quinn', 'ten-off', once)).toEqual({ ...first, code: null });
  const stored = await shop.db.superuser.query('select code_hash from catalogue_claim where id = $1', [first.claim.id]);
  expect(stored.rows[0].code_hash).toHaveLength(32);

  expect(codes(await redeem(first.code, 'till-1', 'm1'))).toEqual(['UNKNOWN_CODE']);
  expect(codes(await redeem('0000-0000-0000-0000', 'till-1'))).toEqual(['UNKNOWN_CODE']);
  const typed = first.code.toLowerCase().replaceAll('-', ' ');
  const used = await redeem(typed, 'till-1');
  expect(used).toMatchObject({ claim: { id: first.claim.id }, userErrors: [] });
  expect(await redeem(first.code, 'till-1')).toEqual(used);
  expect(codes(await redeem(first.code, 'till-2'))).toEqual(['CODE_USED']);
  const renew = (claimId: string, who: string) =>
    shop.change(token(who), 'discountCodeRenew', { claimId }, 'claim { id } code userErrors { code }');
  expect(codes(await renew(first.claim.id, 'quinn'))).toEqual(['CODE_USED']);

  const lost = await claim('quinn', 'ten-off');
  expect(codes(await renew(lost.claim.id, 'c'))).toEqual(['UNKNOWN_CLAIM']);
  const { code } = await renew(lost.claim.id, 'b');
  expect(codes(await redeem(lost.code, 'till-3'))).toEqual(['UNKNOWN_CODE']);
  await shop.setClock('2026-04-01T12:00:00Z');
  expect(codes(await redeem(code, 'till-3'))).toEqual(['CODE_EXPIRED']);
  await shop.setClock('2026-03-31T12:00:00Z');
  const many = await Promise.all(Array.from({ length: 10 }, (_, index) => redeem(code, `many-${index}`)));
  expect(many.filter((answer) => codes(answer).length === 0)).toHaveLength(1);
  expect(many.flatMap(codes)).toEqual(Array(9).fill('CODE_USED'));
});

it('access lasts its days', async () => {
  const access = async (who: string): Promise<string | null> => {
    const { catalogueAccess } = await shop.ask(
      token(who),
      'query ($input: CatalogueAccessInput!) { catalogueAccess(input: $input) { until userErrors { code } } }',
      { input: { programmeCode: PROGRAMME, itemCode: 'lounge', payer: { memberCode: 'quinn' } } },
    );
    return catalogueAccess.userErrors[0]?.code ?? catalogueAccess.until;
  };
  expect(await access('m2')).toBeNull();
  const { claim: taken } = await claim('quinn', 'lounge');
  expect(taken).toMatchObject({ validUntil: '2026-04-01', redemption: { state: 'CAPTURED' } });
  expect([await access('m2'), await access('quinn'), await access('b')]).toEqual(Array(3).fill('2026-04-01'));
  expect(await access('m1')).toBe('ANOTHER_MEMBERS_UNITS');
  await shop.setClock('2026-04-02T12:00:00Z');
  expect(await access('m2')).toBeNull();
  const { member } = await shop.ask(token('quinn'), '{ member { claims { nodes { item { kind } } } } }');
  expect(member.claims.nodes.map((node: { item: { kind: string } }) => node.item.kind)).toEqual([
    ...['ACCESS', 'DISCOUNT', 'DISCOUNT', 'GIFT', 'GIFT', 'GIFT'],
  ]);
});

describe('what is refused changes nothing', () => {
  it.each<[string, object]>([
    ['ITEM_EXISTS', GIFT],
    ['MALFORMED_ITEM_CODE', { ...GIFT, code: 'A mug' }],
    ['NAME_NOT_OF_LENGTH', { ...GIFT, code: 'x', name: ' ' }],
    ['UNITS_NOT_POSITIVE', { ...GIFT, code: 'x', price: '0' }],
    ['UNITS_NOT_POSITIVE', { ...GIFT, code: 'x', price: '1.5' }],
    ['DAYS_OUT_OF_ORDER', { ...GIFT, code: 'x', claimableUntil: '2025-12-31' }],
    ['STOCK_OUT_OF_RANGE', { ...GIFT, code: 'x', stock: -1 }],
    ['FIELD_NOT_OF_KIND', { ...GIFT, code: 'x', validDays: 3 }],
    ['FIELD_NOT_OF_KIND', { ...ACCESS, code: 'x', validDays: null }],
    ['FIELD_NOT_OF_KIND', { ...DISCOUNT, code: 'x', discount: null }],
    ['FIELD_NOT_OF_KIND', { ...DISCOUNT, code: 'x', discount: { rate: '10%', amount: euros('1.00') } }],
    ['DISCOUNT_OUT_OF_RANGE', { ...DISCOUNT, code: 'x', discount: { rate: '101%' } }],
    ['DISCOUNT_OUT_OF_RANGE', { ...DISCOUNT, code: 'x', discount: { amount: euros('0.00') } }],
    ['CURRENCY_MISMATCH', { ...DISCOUNT, code: 'x', discount: { amount: { amount: '1.00', currencyCode: 'GBP' } } }],
    ['DAYS_OUT_OF_RANGE', { ...DISCOUNT, code: 'x', validDays: 0 }],
    ['UNKNOWN_PARTNER', { ...GIFT, code: 'x', supplierCode: 'nobody' }],
    ['UNKNOWN_PROGRAMME', { ...GIFT, code: 'x', programmeCode: 'nowhere' }],
  ])('publishing: %s %j', async (code, item) => {
    expect(codes(await publish(item))).toEqual([code]);
  });

  it('claiming what is not there, not offered, not affordable, or for another member', async () => {
    await shop.member('rob');
    const later = await publish({ ...GIFT, code: 'later', claimableFrom: '2027-01-01' });
    expect(codes(later)).toEqual([]);
    const free = await publish({ ...GIFT, code: 'withdrawn' });
    const withdraw = { itemId: free.item.id };
    for (const _ of [1, 2])
      expect(codes(await shop.change(shop.admin, 'catalogueItemWithdraw', withdraw, 'userErrors { code }'))).toEqual(
        [],
      );
    expect(codes(await claim('quinn', 'nothing'))).toEqual(['UNKNOWN_ITEM']);
    expect(codes(await claim('quinn', 'later'))).toEqual(['ITEM_NOT_OFFERED']);
    expect(codes(await claim('quinn', 'withdrawn'))).toEqual(['ITEM_NOT_OFFERED']);
    expect(codes(await claim('rob', 'mug'))).toEqual(['INSUFFICIENT_UNITS']);
    expect(codes(await claim('rob', 'mug', { payer: { memberCode: 'quinn' } }))).toEqual(['ANOTHER_MEMBERS_UNITS']);
    expect(codes(await claim('c', 'mug', { payer: { memberCode: 'quinn' } }))).toEqual(['ANOTHER_MEMBERS_UNITS']);
    expect(await leftOf('mug')).toBe(2);
  });

  it('a stock never falls below what is claimed', async () => {
    const { item } = await publish({ ...GIFT, code: 'cup', stock: 1 });
    const restock = (by: number) =>
      shop.change(
        shop.admin,
        'catalogueItemRestock',
        { itemId: item.id, by, ...key() },
        'item { left } userErrors { code }',
      );
    expect(codes(await claim('quinn', 'cup'))).toEqual([]);
    expect(codes(await restock(-1))).toEqual(['STOCK_OUT_OF_RANGE']);
    expect(await restock(2)).toEqual({ item: { left: 2 }, userErrors: [] });
    expect(await restock(-2)).toEqual({ item: { left: 0 }, userErrors: [] });
    expect(codes(await claim('quinn', 'cup'))).toEqual(['SOLD_OUT']);
  });
});

it('fifty members want the last gift at once: one gets it, and the others keep their units', async () => {
  await publish({ ...GIFT, code: 'last', stock: 1 });
  const members = Array.from({ length: 50 }, (_, index) => `want-${index}`);
  await Promise.all(members.map((code) => shop.member(code)));
  for (const code of members) await shop.earn(code, 200);
  const answers = await Promise.all(members.map((code) => claim(code, 'last')));
  expect(answers.filter((answer) => codes(answer).length === 0)).toHaveLength(1);
  expect(answers.flatMap(codes)).toEqual(Array(49).fill('SOLD_OUT'));
  const balances = await Promise.all(members.map((code) => shop.balance(code)));
  expect(balances.filter(({ available }) => available === '200')).toHaveLength(49);
  expect(balances.filter(({ held }) => held === '200')).toHaveLength(1);
  expect(await leftOf('last')).toBe(0);
});
