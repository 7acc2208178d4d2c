/**
 * The worked example of the ledger design with both windows, under both commercial models, and what contracts say
 * about refunds of spent units: through intake, confirmation and the members' lots, every figure to the cent.
 */
import { v7 } from 'uuid';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { expiring } from '../../../src/domain/redemption/expiring.js';
import { giveBack } from '../../../src/domain/redemption/give-back.js';
import type { MemberLots } from '../../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { authorise, available, capture, useAtOnce } from '../../../src/domain/redemption/redeem.js';
import { grant } from '../../../src/domain/redemption/transfer.js';
import type { SubmitCommand } from '../../../src/domain/transactions/model.js';
import { confirmDue } from '../../../src/modules/earning/index.js';
import { openWindows, recordEntries } from '../../../src/modules/ledger/index.js';
import { openMemberLots, storeMemberLots } from '../../../src/modules/lots/index.js';
import { lockMembers } from '../../../src/modules/members/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { type Coalition, makeCoalition, purchase, refund } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

/** M1 is "shop", M2 is "other", B is "bank". */
const YAML = `
programme: coalition-test
name: Worked example
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: m1-rate, name: M1 pays back, when: { partners: [shop] }, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card cashback, when: { partners: [shop] }, funding: ISSUER, rate: 1% }
  - { code: joint, name: Joint campaign, when: { partners: [other] }, funding: { MERCHANT: 70%, ISSUER: 20%, PROGRAMME: 10% }, rate: 10% }
partners: { shop: , other: }
`;
const TODAY = '2026-06-01';
const ISSUANCE = 'SETTLE_AT_ISSUANCE';
const REDEMPTION = 'SETTLE_AT_REDEMPTION';

/** Nobody has sealed a chain here (I18), and units are spent without the rows of a redemption (I11). */
const ASIDE = ['I11', 'I18'];

let db: TestDatabase;
let coalition: Coalition;
beforeEach(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db, YAML);
});
afterEach(async () => {
  const verified = await db.database.command((tx) => verifyLedger(tx));
  await db.close();
  expect(verified.filter(({ invariant }) => !ASIDE.includes(invariant)).flatMap(({ findings }) => findings)).toEqual(
    [],
  );
});

const agree = (set: string, code?: string): Promise<unknown> =>
  db.superuser.query(
    `update contract set ${set} from partner p where p.id = contract.partner_id and ($1::text is null or p.code = $1)`,
    [code ?? null],
  );

/** One step on the lots of member a, on a day. */
async function step(change: (member: MemberLots, terms: RedemptionTerms) => MemberLots, today = TODAY): Promise<void> {
  const { programmeNo, members, cache } = coalition;
  const { programmes } = await cache.fresh(db.database);
  const terms = programmes.inForce(programmeNo, today)?.terms.redemption as RedemptionTerms;
  await db.database.command(async (tx) => {
    const { now, windows } = await openWindows(tx, [programmeNo]);
    await lockMembers(tx, [members.a]);
    const lots = await openMemberLots(tx, {
      programmeNo,
      terms,
      today,
      members: [{ memberNo: members.a, redemptions }],
    });
    const changed = change(lots.of(members.a), terms);
    redemptions = changed.redemptions;
    lots.put(members.a, changed);
    const { entries, entryNos } = await storeMemberLots(tx, lots);
    await recordEntries(tx, windows.get(programmeNo) as never, now, entries, entryNos);
  });
}
/** What member a has redeemed; the tables of redemptions are none of this test's. */
let redemptions: MemberLots['redemptions'] = [];
beforeEach(() => {
  redemptions = [];
});

/** Pays so many units at M2, which is owed them at par and pays 2 % and tax. */
const redeem = (units: bigint): Promise<void> =>
  step((member, terms) => {
    const request = { id: 'r', date: TODAY, purchaseMinor: units, discountMinor: 0n, unitsWanted: units };
    const fee = units / 50n;
    const at = { redeemerNo: coalition.shopNo + 1, valueMinor: units, feeMinor: fee, feeTaxMinor: fee / 5n };
    return capture(authorise(member, request, terms).member, 'r', terms, { at });
  });

const submit = async (...commands: SubmitCommand[]): Promise<void> => {
  for (const outcome of await coalition.submit(...commands)) expect(outcome).toMatchObject({ status: 'ACCEPTED' });
};
const confirm = () => confirmDue(db.database, coalition.programmeNo, TODAY);
const notByCard = { partnerCode: 'shop', payer: { memberCode: 'a' } } as const;
const e3 = { reference: 'e3', amountMinor: 33_333n, merchantId: 'MID-OTHER' } as const;

const balance = async (): Promise<unknown> => {
  const { rows } = await db.superuser.query(
    `select available_units::int as available, receivable_minor::int as owes from member_balance where member_no = $1`,
    [coalition.members.a],
  );
  return rows[0];
};
/** Account (with its partner) -> what stands on it, so that + is debit; nothing where nothing does. */
const accounts = async (...codes: readonly number[]): Promise<Record<string, number>> => {
  const { rows } = await db.superuser.query<{ account: number; code: string; amount: number }>(
    `select b.account, coalesce(p.code, '') as code, sum(b.balance)::int as amount
     from account_balance b left join partner p on p.no = b.party
     where b.account = any ($1) group by 1, 2 having sum(b.balance) <> 0`,
    [codes],
  );
  return Object.fromEntries(
    rows.map(({ account, code, amount }) => [code === '' ? account : `${account}:${code}`, amount]),
  );
};
/** What each partner has come to owe since the last time this was asked, and the programme with them. */
let asked: Record<string, number> = {};
beforeEach(() => {
  asked = {};
});
async function nets(): Promise<Record<string, number>> {
  const now = await accounts(1100);
  const before = asked;
  asked = now;
  const net = (code: string): number => (now[`1100:${code}`] ?? 0) - (before[`1100:${code}`] ?? 0);
  const [shop, other, bank] = [net('shop'), net('other'), net('bank')];
  return { shop, other, bank, programme: 0 - shop - other - bank };
}

describe.each([
  [
    ISSUANCE,
    {
      first: { shop: 4480, other: -3243, bank: 143, programme: -1380 },
      pending: { '1105:shop': 500 },
      second: { shop: 3360, other: -2613, bank: -747, programme: 0 },
      left: {},
    },
  ],
  [
    REDEMPTION,
    {
      first: { shop: 4480, other: -3243, bank: -81, programme: -1156 },
      pending: { '1105:shop': 500, '1105:bank': 200 },
      second: { shop: 3136, other: -2613, bank: -523, programme: 0 },
      left: { '1105:shop': 200 },
    },
  ],
])('the worked example, every contract on %s', (model, expected) => {
  test('both windows', async () => {
    await agree(`model = '${model}'`);
    await submit(purchase({ reference: 'e1', amountMinor: 100_000n })); // E1
    await confirm(); // E2
    await submit(purchase(e3)); // E3
    await confirm();
    await submit(refund({ refundOf: 'e1', amountMinor: 20_000n })); // E4
    await redeem(6_000n); // E5
    const { bankNo } = coalition;
    await step((member, terms) => useAtOnce(member, 'e6', 1_500n, { kind: 'CASHED_OUT', bankNo }, terms)); // E6
    await step((member, terms) => useAtOnce(member, 'e7', 100n, { kind: 'DONATED', charityNo: 99 }, terms)); // E7
    const goodwill = { id: v7(), units: 33n, valueMinor: 33n, accruedOn: TODAY, expiresOn: addDays(TODAY, 1) };
    await step((member, terms) => grant(member, goodwill, terms)); // E7b
    expect(await balance()).toEqual({ available: 566, owes: 0 });
    await step(
      (member, terms) => {
        expect(expiring(member, terms, addDays(TODAY, 30))).toEqual([]);
        return member;
      },
      addDays(TODAY, 1),
    ); // E8
    // E9, still on hold.
    const today = { occurredAt: new Date(`${TODAY}T12:00:00Z`), businessDate: TODAY };
    await submit(purchase({ partnerCode: 'shop', payer: { memberCode: 'b' }, ...today }));
    expect(await balance()).toEqual({ available: 533, owes: 0 });
    expect(await nets()).toEqual(expected.first);
    expect(await accounts(1105)).toEqual(expected.pending);
    expect(await accounts(2010, 2110, 4010, 5020)).toEqual({ 2010: -533, 2110: -100, 4010: -33, 5020: 33 });

    await submit(refund({ ...e3, reference: 'e10', refundOf: 'e3' }));
    expect(await balance()).toEqual({ available: -2_800, owes: 2_800 });
    expect(await accounts(2010)).toEqual({});
    await submit(purchase({ ...notByCard, amountMinor: 60_000n }));
    await confirm();
    expect(await balance()).toEqual({ available: 200, owes: 0 });
    expect(await accounts(2010)).toEqual({ 2010: -200 });
    expect(await nets()).toEqual(expected.second);
    const { '1105:shop': shop = 0, ...rest } = await accounts(1105);
    expect({ ...rest, ...(shop === 500 ? {} : { '1105:shop': shop - 500 }) }).toEqual(expected.left);
  });
});

describe('units of a returned purchase that are spent', () => {
  /** 1,500 of M1's units, all redeemed; then the purchase is returned. */
  const spendAndReturn = async (): Promise<void> => {
    await submit(purchase({ ...notByCard, reference: 'p', amountMinor: 30_000n }));
    await confirm();
    await redeem(1_500n);
    await nets();
    await submit(refund({ ...notByCard, refundOf: 'p', amountMinor: 30_000n }));
  };

  test('7b: the merchant bears them and gets no commission back', async () => {
    await agree("clawback_policy = 'MERCHANT_BEARS'", 'shop');
    await spendAndReturn();
    expect(await balance()).toEqual({ available: 0, owes: 0 });
    expect(await nets()).toEqual({ shop: 0, other: 0, bank: 0, programme: 0 });
    expect(await accounts(920, 930, 5010)).toEqual({ 930: 1_500 });
  });

  test('7c: the programme bears them, the merchant gets their value', async () => {
    await agree("clawback_policy = 'PROGRAMME_BEARS'", 'shop');
    await spendAndReturn();
    expect(await balance()).toEqual({ available: 0, owes: 0 });
    expect(await nets()).toEqual({ shop: -1_500, other: 0, bank: 0, programme: 1_500 });
    expect(await accounts(930, 5010)).toEqual({ 930: 1_500, 5010: 1_500 });
  });

  test('beyond the limit of a year the member owes', async () => {
    await agree("clawback_policy = 'PROGRAMME_BEARS', clawback_limit_units = 2000", 'shop');
    await spendAndReturn();
    await submit(purchase({ ...notByCard, reference: 'q', amountMinor: 16_000n }));
    await confirm();
    await step((member, terms) => useAtOnce(member, 'gift', 800n, { kind: 'DONATED', charityNo: 99 }, terms));
    await submit(refund({ ...notByCard, refundOf: 'q', amountMinor: 16_000n }));
    expect(await balance()).toEqual({ available: -300, owes: 300 });
    expect(await accounts(930, 5010)).toEqual({ 930: 2_000, 5010: 2_000 });
  });

  test('a returned basket repays what was borne first', async () => {
    await agree("clawback_policy = 'PROGRAMME_BEARS'", 'shop');
    await spendAndReturn();
    await step(
      (member, terms) => giveBack(member, 'r', { units: 1_500n }, terms, { newId: v7, returnsFee: true }).member,
    );
    expect(await balance()).toEqual({ available: 0, owes: 0 });
    expect(await accounts(930, 5010, 2010)).toEqual({});
  });

  test('a returned basket repays the debt, and the next refund finds the units', async () => {
    await spendAndReturn();
    expect(await balance()).toEqual({ available: -1_500, owes: 1_500 });
    await step(
      (member, terms) => giveBack(member, 'r', { units: 1_500n }, terms, { newId: v7, returnsFee: true }).member,
    );
    expect(await balance()).toEqual({ available: 0, owes: 0 });
    await nets();
    await submit(purchase({ ...notByCard, reference: 'q' }));
    await confirm();
    await submit(refund({ ...notByCard, refundOf: 'q' }));
    expect(await balance()).toEqual({ available: 0, owes: 0 });
    expect(await nets()).toEqual({ shop: 0, other: 0, bank: 0, programme: 0 });
  });
});

test('refunds, redemptions and confirmations of one member at once take every unit exactly once', async () => {
  const bought = Array.from({ length: 12 }, (_, no) =>
    purchase({ ...notByCard, reference: `p${no}`, amountMinor: 2_000n }),
  );
  await submit(...bought.slice(0, 8));
  await confirm();
  await submit(...bought.slice(8));
  const spend = (id: string): Promise<void> =>
    step((member, terms) => {
      if (available(member) < 90n) return member;
      return useAtOnce(member, id, 90n, { kind: 'DONATED', charityNo: 99 }, terms);
    });
  await Promise.all([
    ...Array.from({ length: 8 }, (_, no) => spend(`gift-${no}`)),
    ...bought.map(({ reference }) => submit(refund({ ...notByCard, refundOf: reference, amountMinor: 1_000n }))),
    confirm(),
  ]);
  await confirm();
  const { 2110: donated = 0 } = await accounts(2110);
  expect(await balance()).toMatchObject({ available: 12 * 50 + donated });
  await submit(...bought.map(({ reference }) => refund({ ...notByCard, refundOf: reference, amountMinor: 1_000n })));
  expect(await balance()).toEqual({ available: donated, owes: 0 - donated });
  expect(await accounts(1100, 1105, 2010, 2110)).toEqual(donated === 0 ? {} : { 2110: donated });
});
