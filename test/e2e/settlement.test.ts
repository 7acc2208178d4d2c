/** Settling what members spend: the matrix, both sides of a partner settled gross, and the entries behind both. */
import { v7 } from 'uuid';
import { verifyLedger } from '../../src/modules/verification/index.js';
import { expectSoundLedger } from './sound-ledger.js';
import { openSpending, PROGRAMME, type Spending } from './spending.js';

let shop: Spending;
beforeAll(async () => {
  shop = await openSpending();
});
afterEach(() => expectSoundLedger(shop.db));
afterAll(() => shop.close());

const key = () => ({ idempotencyKey: v7() });
const token = (who: string): string => shop.tokens[who] as string;
const MATRIX = 'matrix { funder { code } redeemer { code } purpose units value { amount } }';

async function settle(input: object = {}) {
  const { window } = await shop.change(
    shop.admin,
    'settlementWindowClose',
    { programmeCode: PROGRAMME, ...key() },
    'window { number } userErrors { code }',
  );
  expect(window).not.toBeNull();
  const { settlement, userErrors } = await shop.change(
    shop.admin,
    'settlementIssue',
    { programmeCode: PROGRAMME, ...key(), ...input },
    `settlement { id ${MATRIX} } userErrors { code }`,
  );
  expect(userErrors).toEqual([]);
  return settlement;
}

const cellsOf = (settlement: {
  matrix: {
    funder: { code: string } | null;
    redeemer: { code: string } | null;
    purpose: string;
    units: string;
    value: { amount: string };
  }[];
}) =>
  settlement.matrix.map(({ funder, redeemer, purpose, units, value }) =>
    [funder?.code ?? '-', redeemer?.code ?? '-', purpose, units, value.amount].join(' '),
  );

/** Earns 10,000 units at m1 and spends 4,000 at m2, of which 1,000 come back, 500 as cash, and 100 as a donation. */
async function spend(code: string): Promise<void> {
  await shop.member(code);
  await shop.earn(code, 10_000);
  const { redemption } = await shop.authorise(code, { units: '5000' });
  await shop.change(token('m2'), 'redemptionCapture', { redemptionId: redemption.id, units: '4000', ...key() });
  await shop.change(token('m2'), 'redemptionReturn', { redemptionId: redemption.id, units: '1000', ...key() });
  const cash = {
    programmeCode: PROGRAMME,
    payer: { memberCode: code },
    cardToken: `card-of-${code}`,
    units: '500',
    ...key(),
  };
  expect((await shop.change(token('b'), 'cashOut', cash)).userErrors).toEqual([]);
  const gift = {
    programmeCode: PROGRAMME,
    payer: { memberCode: code },
    units: '100',
    charityCode: 'red-cross',
    ...key(),
  };
  expect((await shop.change(token(code), 'donate', gift)).userErrors).toEqual([]);
}

test('the matrix says whose units were used up at whom, and each partner sees its row and column', async () => {
  await spend('ann');
  const settlement = await settle();
  expect(cellsOf(settlement)).toEqual([
    'm1 m2 CAPTURED 3000 30.00',
    'm1 b CASHED_OUT 500 5.00',
    'm1 red-cross DONATED 100 1.00',
  ]);
  const seenBy = async (who: string) =>
    cellsOf(
      (await shop.ask(token(who), `query ($id: ID!) { settlement(id: $id) { ${MATRIX} } }`, { id: settlement.id }))
        .settlement,
    );
  expect(await seenBy('m1')).toHaveLength(3);
  expect(await seenBy('m2')).toEqual(['m1 m2 CAPTURED 3000 30.00']);
});

test('partners settled apart each get the cells they share', async () => {
  await spend('bea');
  expect(cellsOf(await settle({ partnerCodes: ['m2'] }))).toEqual(['m1 m2 CAPTURED 3000 30.00']);
  expect(cellsOf(await settle({ partnerCodes: ['m1'] }))).toHaveLength(3);
  expect(cellsOf(await settle())).toEqual(['m1 b CASHED_OUT 500 5.00', 'm1 red-cross DONATED 100 1.00']);
});

test('a redeemer settled gross: what it is owed and the fee it owes are two lines with entries of their own', async () => {
  await shop.db.superuser.query(
    `update contract set netting = 'GROSS' where partner_id = (select id from partner where code = 'm2')`,
  );
  await spend('cay');
  const { id } = await settle();
  const { settlement } = await shop.ask(
    token('m2'),
    `query ($id: ID!) { settlement(id: $id) { lines { side net { amount } state
       items { event side amount { amount } } entries { nodes { event side units amount { amount } references } } } } }`,
    { id },
  );
  const [owes, owed] = settlement.lines;
  expect([owes.side, owed.side]).toEqual(['OWES', 'OWED']);
  expect(owed).toMatchObject({
    net: { amount: '-30.00' },
    state: 'PENDING',
    items: [
      { event: 'REDEEMED', side: 'OWED', amount: { amount: '-40.00' } },
      { event: 'RETURNED', side: 'OWED', amount: { amount: '10.00' } },
    ],
    entries: {
      nodes: [
        {
          event: 'REDEEMED',
          units: '-4000',
          amount: { amount: '-40.00' },
          references: [expect.stringMatching(/^till-/)],
        },
        { event: 'RETURNED', units: '1000', amount: { amount: '10.00' }, references: [] },
      ],
    },
  });
  expect(Number(owes.net.amount)).toBeGreaterThan(0);
  for (const line of [owes, owed]) {
    const sum = line.entries.nodes.reduce(
      (total: number, entry: { amount: { amount: string } }) => total + Math.round(Number(entry.amount.amount) * 100),
      0,
    );
    expect(sum).toBe(Math.round(Number(line.net.amount) * 100));
  }
});

test('I9 finds and names a cell that was changed', async () => {
  const { rows } = await shop.db.superuser.query(
    `update window_matrix set value_minor = value_minor + 1 where purpose = 'CAPTURED' and window_no = (select min(window_no) from window_matrix)
     returning window_no, funder_no, redeemer_no`,
  );
  const { window_no, funder_no, redeemer_no } = rows[0];
  const found = (await shop.db.database.command((tx) => verifyLedger(tx))).flatMap(({ findings }) => findings);
  expect(found.map(({ invariant, table, row }) => `${invariant} ${table} ${row}`)).toEqual([
    `I9 window_matrix window_no=${window_no} funder_no=${funder_no}`,
    `I9 window_matrix window_no=${window_no} redeemer_no=${redeemer_no}`,
  ]);
  await shop.db.superuser.query(
    `update window_matrix set value_minor = value_minor - 1 where window_no = $1 and funder_no = $2 and redeemer_no = $3`,
    [window_no, funder_no, redeemer_no],
  );
});
