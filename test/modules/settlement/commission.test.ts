/** Commission that a contract has computed once for a statement: entry 36, and the window it is recorded in. */
import { v7 } from 'uuid';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { useAtOnce } from '../../../src/domain/redemption/redeem.js';
import type { SubmitCommand } from '../../../src/domain/transactions/model.js';
import { ClockService } from '../../../src/modules/clock/index.js';
import { confirmDue } from '../../../src/modules/earning/index.js';
import { type OpenWindow, openWindows, recordEntries } from '../../../src/modules/ledger/index.js';
import { expireLots, openMemberLots, storeMemberLots } from '../../../src/modules/lots/index.js';
import { lockMembers } from '../../../src/modules/members/index.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { type Coalition, makeCoalition, purchase, refund } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { admin } from '../../support/principals.js';

/** Shops pay 5 %: 5.00 at one is 25 units worth as many pence, on which 10 % are 2.5. */
const YAML = `
programme: coalition-test
name: Commission per statement
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
expiry: { days: 400 }
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: rate, name: Shops pay back, funding: MERCHANT, rate: 5% }
`;

let db: TestDatabase;
let coalition: Coalition;
let service: SettlementService;
let clock: ClockService;
beforeEach(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db, YAML);
  service = new SettlementService(db.database);
  clock = new ClockService(db.database);
  await agree("commission_per = 'STATEMENT'");
});
afterEach(async () => {
  const verified = await db.database.command((tx) => verifyLedger(tx));
  await db.close();
  // Nobody has sealed a chain here, and units are given away without a redemption.
  expect(
    verified.filter(({ invariant }) => !['I11', 'I18'].includes(invariant)).flatMap(({ findings }) => findings),
  ).toEqual([]);
});

const agree = (set: string): Promise<unknown> =>
  db.superuser.query(`update contract set ${set} from partner p where p.id = contract.partner_id and p.code = 'shop'`);
const inShop = { partnerCode: 'shop', payer: { memberCode: 'a' }, amountMinor: 500n } as const;
async function buy(...commands: SubmitCommand[]): Promise<void> {
  for (const outcome of await coalition.submit(...commands)) expect(outcome).toMatchObject({ status: 'ACCEPTED' });
  await confirmDue(db.database, coalition.programmeNo, '2026-12-31');
}
const command = (idempotencyKey = v7()) => ({ programmeCode: 'coalition-test', idempotencyKey });
const close = () => service.closeWindow(admin(), command());
async function settle(choice: object = {}, key = v7()): Promise<Record<number, bigint>> {
  const result = await service.settle(admin(), { ...command(key), ...choice });
  if (!result.ok) throw new Error(result.failure.message);
  return Object.fromEntries(result.value.lines.map(({ partyNo, netMinor }) => [partyNo, netMinor]));
}
const TODAY = '2026-12-31';
async function terms(): Promise<RedemptionTerms> {
  const { programmes } = await coalition.cache.fresh(db.database);
  const inForce = programmes.inForce(coalition.programmeNo, TODAY);
  if (inForce === undefined) throw new Error('The programme has terms.');
  return inForce.terms.redemption;
}
/** The member gives so many units away. */
const donate = (units: bigint) =>
  db.database.command(async (tx) => {
    const { programmeNo, members, bankNo } = coalition;
    const { now, windows } = await openWindows(tx, [programmeNo]);
    await lockMembers(tx, [members.a]);
    const inForce = await terms();
    const lots = await openMemberLots(tx, {
      ...{ programmeNo, terms: inForce, today: TODAY, members: [{ memberNo: members.a }] },
    });
    const given = useAtOnce(lots.of(members.a), v7(), units, { kind: 'DONATED', charityNo: bankNo }, inForce);
    lots.put(members.a, given);
    const { entries, entryNos } = await storeMemberLots(tx, lots);
    await recordEntries(tx, windows.get(programmeNo) as OpenWindow, now, entries, entryNos);
  });
/** Base, commission and tax, and through which of how many windows, each time. */
const commissions = async () =>
  (
    await db.superuser.query(
      `select base_minor::int as base, commission_minor::int as commission, tax_minor::int as tax
       from statement_commission order by after_window`,
    )
  ).rows;

test('is rounded once for all windows of a statement, whatever each accrual would have come to', async () => {
  for (let no = 0; no < 3; no += 1) {
    await buy(purchase(inShop));
    await close();
  }
  expect(await commissions()).toEqual([]);
  const { shopNo } = coalition;
  expect(await settle()).toEqual({ 0: -85n, [shopNo]: 85n });
  expect(await commissions()).toEqual([{ base: 75, commission: 8, tax: 2 }]);
});

test('an accrual of another contract keeps its own commission', async () => {
  await agree("commission_per = 'ACCRUAL'");
  await buy(purchase(inShop));
  await agree("commission_per = 'STATEMENT'");
  await buy(purchase(inShop));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 25n + 2n + 25n + 2n });
  expect(await commissions()).toEqual([{ base: 25, commission: 2, tax: 0 }]);
});

test('goes back with refunds that are larger than what was charged, unless the contract keeps it', async () => {
  await buy(purchase({ ...inShop, reference: 'p', amountMinor: 50_000n }));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 2_500n + 250n + 50n });
  await buy(purchase(inShop), refund({ ...inShop, refundOf: 'p', amountMinor: 40_000n }));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 25n - 2_000n - 198n - 40n });
  await agree('refund_returns_commission = false');
  await buy(purchase(inShop), refund({ ...inShop, refundOf: 'p', amountMinor: 10_000n }));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 25n - 500n + 2n });
  expect(await commissions()).toEqual([
    { base: 2_500, commission: 250, tax: 50 },
    { base: -1_975, commission: -198, tax: -40 },
    { base: 25, commission: 2, tax: 0 },
  ]);
});

test('does not go back on what the programme bears of a refund', async () => {
  await agree("clawback_policy = 'PROGRAMME_BEARS'");
  await buy(purchase({ ...inShop, reference: 'p', amountMinor: 50_000n }));
  await donate(2_000n);
  await buy(refund({ ...inShop, refundOf: 'p', amountMinor: 30_000n }));
  await close();
  // Of the 1,500 that go back, 500 are still there and 1,000 are borne: 2,000 stay charged.
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 2_500n - 1_500n + 200n + 40n });
  expect(await commissions()).toEqual([{ base: 2_000, commission: 200, tax: 40 }]);
});

test('is charged on other units that a refund uses up, also where none goes back', async () => {
  await agree("model = 'SETTLE_AT_REDEMPTION', refund_returns_commission = false");
  await buy(purchase({ ...inShop, reference: 'p', amountMinor: 20_000n }));
  await donate(1_000n);
  await buy(purchase({ ...inShop, amountMinor: 20_000n }));
  await buy(refund({ ...inShop, refundOf: 'p', amountMinor: 20_000n }));
  await close();
  expect(await commissions()).toEqual([]);
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 1_000n + 200n + 40n });
  expect(await commissions()).toEqual([{ base: 2_000, commission: 200, tax: 40 }]);
});

test('goes back in full when what had expired, and its value with it, is returned', async () => {
  await agree("breakage_owner = 'FUNDER'");
  await buy(purchase({ ...inShop, reference: 'p', amountMinor: 20_000n }));
  await expireLots(db.database, { programmeNo: coalition.programmeNo, terms: await terms(), today: '2027-06-01' });
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 100n + 20n });
  await buy(refund({ ...inShop, refundOf: 'p', amountMinor: 20_000n }));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: -100n - 20n });
});

test('what rounds to nothing is none', async () => {
  await buy(purchase({ ...inShop, amountMinor: 60n }));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 3n });
  await buy(purchase({ ...inShop, amountMinor: 60n }));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 3n });
  expect(await commissions()).toEqual([]);
});

test('at redemption only what was used up has been charged', async () => {
  await agree("model = 'SETTLE_AT_REDEMPTION'");
  await buy(purchase(inShop));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 0n });
  expect(await commissions()).toEqual([]);
});

test('once under one key and for two who settle at once; a window of others goes with it', async () => {
  await buy(purchase(inShop));
  await close();
  const { shopNo } = coalition;
  const both = await Promise.allSettled([settle({}, 'one'), settle({}, 'two')]);
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const first = both[0]?.status === 'fulfilled' ? 'one' : 'two';
  expect(await settle({}, first)).toMatchObject({ [shopNo]: 27n });
  await buy(purchase(inShop));
  await close();
  expect(await settle({}, first)).toMatchObject({ [shopNo]: 27n });
  expect(await commissions()).toEqual([{ base: 25, commission: 2, tax: 0 }]);
});

test('what came into the window of the last commission is not forgotten', async () => {
  await buy(purchase(inShop));
  await close();
  await buy(purchase(inShop));
  // Closes the window with the second purchase, whose commission is still to come.
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 25n + 2n + 25n });
  await buy(purchase(inShop));
  await close();
  expect(await settle()).toMatchObject({ [coalition.shopNo]: 25n + 5n + 1n });
  expect(await commissions()).toEqual([
    { base: 25, commission: 2, tax: 0 },
    { base: 50, commission: 5, tax: 1 },
  ]);
});

test('a refused settlement charges nothing', async () => {
  await buy(purchase(inShop));
  await close();
  for (const refused of [
    { idempotencyKey: '' },
    { partnerCodes: ['nobody'] },
    { partnerCodes: ['shop'], onlyDue: true },
  ])
    expect((await service.settle(admin(), { ...command(), ...refused })).ok).toBe(false);
  expect(await commissions()).toEqual([]);
});

test('the job charges it with the cycle it belongs to, and not before', async () => {
  await agree("cycle = 'DAILY'");
  await buy(purchase(inShop));
  await service.runCycles(new AbortController().signal);
  expect(await commissions()).toEqual([]);
  await clock.shift(admin(), new Date(Date.now() + 36 * 3_600_000));
  await service.runCycles(new AbortController().signal);
  expect(await commissions()).toEqual([{ base: 25, commission: 2, tax: 0 }]);
  const { rows } = await db.superuser.query('select net_minor::int as net from settlement_line where party_no = $1', [
    coalition.shopNo,
  ]);
  expect(rows).toEqual([{ net: 27 }]);
});
