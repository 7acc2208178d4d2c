/** What a redeemer's contract and the programme's end change about a redemption, to the cent in the ledger. */
import { expectSoundLedger } from './sound-ledger.js';
import { euros, openSpending, PROGRAMME, type Spending } from './spending.js';

let keys = 0;
const key = () => {
  keys += 1;
  return { idempotencyKey: `terms-${keys}` };
};

/** Balances of the programme's accounts, + debit: [account, partner code, amount in minor units]. */
async function accountsOf(shop: Spending, ...accounts: number[]): Promise<[number, string | null, string][]> {
  const { rows } = await shop.db.superuser.query(
    `select b.account, p.code, sum(b.balance)::text as balance from account_balance b left join partner p on p.no = b.party
     where b.account = any ($1::int[]) group by b.account, p.code having sum(b.balance) <> 0 order by b.account, p.code`,
    [accounts],
  );
  return rows.map(({ account, code, balance }) => [account, code, balance]);
}

describe('a redeemer with a price and a fee of its own', () => {
  let shop: Spending;
  beforeAll(async () => {
    shop = await openSpending({ m2: { redemptionPrice: '0.008', returnReversesFee: false } });
    await shop.member('vic');
    await shop.earn('vic', 1_000);
  });
  afterAll(async () => {
    await expectSoundLedger(shop.db);
    await shop.close();
  });

  it('is owed what units are worth there; the rest is spread, and the fee stays when the basket comes back', async () => {
    const { redemption } = await shop.authorise('vic', { units: '1000' });
    expect(redemption.pays).toEqual({ amount: '8.00' });
    const captured = await shop.change(shop.tokens.m2 as string, 'redemptionCapture', {
      redemptionId: redemption.id,
      ...key(),
    });
    expect(captured.redemption).toMatchObject({ captured: { amount: '8.00' } });
    // 8.00 owed to m2, less 2 % of it and 20 % tax on that; m1 owes 10.00 with 10 % commission and tax.
    expect(await accountsOf(shop, 1100, 2010, 4020)).toEqual([
      [1100, 'm1', '1120'],
      [1100, 'm2', '-781'],
      [4020, null, '-200'],
    ]);
    const half = { redemptionId: redemption.id, amount: euros('50.00'), ...key() };
    await shop.change(shop.tokens.m2 as string, 'redemptionReturn', half);
    expect(await accountsOf(shop, 1100, 2010, 4020)).toEqual([
      [1100, 'm1', '1120'],
      [1100, 'm2', '-381'],
      [2010, null, '-500'],
      [4020, null, '-100'],
    ]);
  });

  it('captures by amount as many units as are worth no more', async () => {
    const { redemption } = await shop.authorise('vic', { units: '500' });
    const capture = { redemptionId: redemption.id, amount: euros('3.99'), ...key() };
    const captured = await shop.change(shop.tokens.m2 as string, 'redemptionCapture', capture);
    expect(captured.redemption).toMatchObject({ capturedUnits: '498', captured: { amount: '3.98' } });
    expect(await shop.balance('vic')).toEqual({ available: '2', held: '0' });
  });
});

describe('a programme that is wound down', () => {
  let shop: Spending;
  beforeAll(async () => {
    shop = await openSpending({ yaml: 'windDown: { earningEnds: 2026-03-10, redemptionUntil: 2026-03-20 }\n' });
    await shop.member('wes');
    await shop.earn('wes', 1_000);
  });
  afterAll(async () => {
    await expectSoundLedger(shop.db);
    await shop.close();
  });

  it('lets units be used to its last day, and then refuses by name; what was held before is captured still', async () => {
    await shop.setClock('2026-03-20T12:00:00Z');
    const { redemption: held } = await shop.authorise('wes', { units: '600' });
    await shop.setClock('2026-03-21T08:00:00Z');
    const codes = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);
    expect(codes(await shop.authorise('wes', { units: '100' }))).toEqual(['REDEMPTION_ENDED']);
    const out = { programmeCode: PROGRAMME, units: '100', ...key() };
    const token = shop.tokens.wes as string;
    expect(codes(await shop.change(token, 'cashOut', { ...out, cardToken: 'card-of-wes' }))).toEqual([
      'REDEMPTION_ENDED',
    ]);
    expect(codes(await shop.change(token, 'donate', { ...out, charityCode: 'red-cross' }))).toEqual([
      'REDEMPTION_ENDED',
    ]);
    const transfer = await shop.change(token, 'unitsTransfer', { ...out, toMemberCode: 'x' }, 'userErrors { code }');
    expect(codes(transfer)).toEqual(['REDEMPTION_ENDED']);
    const capture = { redemptionId: held.id, units: '500', ...key() };
    const captured = await shop.change(shop.tokens.m2 as string, 'redemptionCapture', capture);
    expect(captured.redemption).toMatchObject({ state: 'CAPTURED', captured: { amount: '5.00' } });
    // The rest of it came back after the end, and went with everything else.
    expect(await shop.balance('wes')).toEqual({ available: '0', held: '0' });
    expect(await accountsOf(shop, 2010, 2020, 4010)).toEqual([[4010, null, '-500']]);
  });
});
