/** What members have spent: one row is corrupted behind the product's back and named, I11 to I15, I19 and I20. */
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { openSpending, PROGRAMME, type Spending } from '../../e2e/spending.js';
import { type Corruption, findingsAfter } from '../../support/corruption.js';

let shop: Spending;
/** Redemptions by what became of them. */
const ids: Record<string, string> = {};
let memberNo: number;

beforeAll(async () => {
  shop = await openSpending();
  await shop.member('ann');
  await shop.member('bob');
  await shop.earn('ann', 5_000);
  const key = (idempotencyKey: string) => ({ idempotencyKey });
  const till = shop.tokens.m2 as string;
  const held = async (name: string, units: string) => {
    const { redemption } = await shop.authorise('ann', { units });
    ids[name] = redemption.id;
    return redemption.id;
  };
  await held('held', '500');
  await shop.change(till, 'redemptionVoid', { redemptionId: await held('voided', '300'), ...key('void') });
  const captured = await held('captured', '1000');
  await shop.change(till, 'redemptionCapture', { redemptionId: captured, units: '800', ...key('capture') });
  await shop.change(till, 'redemptionReturn', { redemptionId: captured, units: '200', ...key('return') });
  const out = { programmeCode: PROGRAMME, payer: { memberCode: 'ann' } };
  const cash = { ...out, units: '100', cardToken: 'card-of-ann', ...key('cash') };
  ids.cash = (await shop.change(shop.tokens.b as string, 'cashOut', cash)).redemption.id;
  const gift = { ...out, units: '50', toMemberCode: 'bob', ...key('gift') };
  ids.gift = (await shop.change(shop.tokens.ann as string, 'unitsTransfer', gift, 'transfer { id }')).transfer.id;
  // All of what was earned is returned after some of it was spent: ann owes.
  const refund = {
    ...{ kind: 'REFUND', reference: 'back', refundOf: 'earn-1', payer: { memberCode: 'ann' } },
    ...{ amount: { amount: '1000.00', currencyCode: 'EUR' }, occurredAt: '2026-03-01T11:00:00Z', merchantId: 'MID-M1' },
  };
  const input = { programmeCode: PROGRAMME, partnerCode: 'm1', transaction: refund };
  const refunded = await shop.change(shop.admin, 'transactionSubmit', input, 'userErrors { code }');
  expect(refunded.userErrors).toEqual([]);
  // A partner is settled in another currency, in which no units are worth anything.
  await one(
    `insert into unit (kind, code, scale, programme_no) select 'MONEY', 'USD', 2, no from programme where code = $1`,
    PROGRAMME,
  );
  memberNo = (await one(`select no from member where code = 'ann'`)).no as number;
  await expectSoundLedger(shop.db);
});
afterAll(() => shop.close());

const one = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>> =>
  (await shop.db.superuser.query(sql, values)).rows[0] as Record<string, unknown>;
const afterwards = (...corruptions: readonly Corruption[]): Promise<string[]> => findingsAfter(shop.db, corruptions);
const redemption = (name: string): string => `redemption id=${ids[name]} member_no=${memberNo}`;

describe('I11', () => {
  test.each([
    ['captured', 'captured_units = captured_units + 1'],
    ['captured', 'returned_units = returned_units - 1'],
    ['held', `state = 'CAPTURED', captured_units = 499, resolved_at = authorised_at`],
  ])('a %s redemption with %s', async (name, change) => {
    expect(await afterwards([`update redemption set ${change} where id = $1`, ids[name]])).toContain(
      `I11 ${redemption(name)}`,
    );
  });
  test('a redemption that was captured a second time', async () => {
    const [sql, values] = [
      `update redemption set state = 'CAPTURED', captured_units = units where id = $1`,
      [ids.voided] as const,
    ];
    const take = `insert into redemption_take (redemption_id, member_no, line, lot_id, units, value_minor, commission_minor, tax_minor)
      select $1, member_no, 0, lot_id, 300, 3, 0, 0 from redemption_take where redemption_id = $2`;
    expect(await afterwards([sql, ...values], [take, ids.voided, ids.captured])).toContain(
      `I11 member_balance member_no=${memberNo}`,
    );
  });
  test('units that a lot gave and no redemption has', async () => {
    expect(
      await afterwards(['update redemption_take set units = units - 1 where redemption_id = $1', ids.cash]),
    ).toContain(`I11 ${redemption('cash')}`);
  });
});

describe('I12', () => {
  test('what is held', async () => {
    const found = await afterwards([
      `update member_balance set held_units = held_units + 1 where member_no = $1`,
      memberNo,
    ]);
    expect(found).toContain(`I12 member_balance member_no=${memberNo}`);
  });
  test('what is owed', async () => {
    expect(await afterwards(['update member_debt set units = units - 1'])).toContain(
      `I12 member_balance member_no=${memberNo}`,
    );
  });
  test('a pot that its movements do not fill', async () => {
    const { lot_id } = await one(`select lot_id from lot_pot where pot = 'RESERVED'`);
    expect(
      await afterwards([`update lot_pot set commission_minor = commission_minor + 1 where pot = 'RESERVED'`]),
    ).toContain(`I12 lot_pot member_no=${memberNo} lot_id=${lot_id} pot=RESERVED`);
  });
});

describe('I13', () => {
  test.each([
    [2020, `update lot_pot set value_minor = value_minor + 1 where pot = 'RESERVED'`],
    [
      2010,
      `update lot set value_minor = value_minor + 1 where id = (select id from lot where root_id is not null limit 1)`,
    ],
  ])('the value of lots behind %i', async (account, sql) => {
    const { unit } = await one('select unit from account_balance where account = 2020');
    expect(await afterwards([sql])).toContain(
      `I13 account_balance unit=${unit} account=${account} party=0 window_no=0`,
    );
  });
  test('the value of a debt', async () => {
    expect(await afterwards(['update member_debt set value_minor = value_minor - 1'])).toContain(
      `I13 member_balance member_no=${memberNo}`,
    );
  });
});

test('I14: units that are nowhere', async () => {
  const { unit } = await one('select unit from account_balance where account = 910 limit 1');
  const found = await afterwards([
    'update account_balance set balance = balance + 1 where account = 910 and party = (select no from partner where code = $1)',
    'b',
  ]);
  expect(found).toContain(`I14 unit no=${unit}`);
});

test('I15: a refund of more than was given', async () => {
  const { accrual_id } = await one('select accrual_id from accrual_reversal');
  expect(await afterwards(['update accrual_reversal set units = units + 1'])).toContain(
    `I15 accrual id=${accrual_id} member_no=${memberNo}`,
  );
});

describe('I19', () => {
  test('a key whose effect is not there', async () => {
    const { client } = await one(`select client from command_key where key = 'gift'`);
    expect(await afterwards(['delete from unit_transfer where id = $1', ids.gift])).toEqual([
      `I19 command_key client=${client} key=gift`,
    ]);
  });
  test.each([
    ['cash', () => redemption('cash')],
    ['capture', () => redemption('captured')],
    ['void', () => redemption('voided')],
    ['gift', () => `unit_transfer id=${ids.gift} from_member_no=${memberNo}`],
  ])('what was done under the key "%s", which is gone', async (key, row) => {
    expect(await afterwards(['delete from command_key where key = $1', key])).toEqual([`I19 ${row()}`]);
  });
});

describe('I20', () => {
  test('a posting out of line', async () => {
    const { entry_no } = await one('select entry_no from posting where member_no = $1 and line = 0 limit 1', memberNo);
    expect(
      await afterwards([
        'update posting set line = 99 where entry_no = $1 and member_no = $2 and line = 0',
        entry_no,
        memberNo,
      ]),
    ).toContain(`I20 posting entry_no=${entry_no} member_no=${memberNo}`);
  });
  test('a movement whose entry is not there', async () => {
    const { entry_no, line } = await one('select entry_no, line from lot_movement where line = 0 limit 1');
    const found = await afterwards([
      'update lot_movement set entry_no = 987654321 where entry_no = $1 and line = $2',
      entry_no,
      line,
    ]);
    expect(found).toContain(`I20 lot_movement entry_no=987654321 member_no=${memberNo} line=0`);
  });
  test('a debt whose entry is not there', async () => {
    const { id } = await one('select id from member_debt');
    expect(await afterwards(['update member_debt set entry_no = 987654321'])).toEqual([
      `I20 member_debt id=${id} member_no=${memberNo}`,
    ]);
  });
});
