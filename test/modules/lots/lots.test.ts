/** Members' lots through the database: what the kernel decided is there again when they are opened the next time. */
import { v7 as newId } from 'uuid';
import { clawBack } from '../../../src/domain/redemption/claw-back.js';
import { giveBack } from '../../../src/domain/redemption/give-back.js';
import type { Lot } from '../../../src/domain/redemption/lot.js';
import type { MemberLots, Redemption } from '../../../src/domain/redemption/member-lots.js';
import { authorise, capture, redemptionOf, release, useAtOnce } from '../../../src/domain/redemption/redeem.js';
import { grant, transfer } from '../../../src/domain/redemption/transfer.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { expectSoundLots, type LotsFixture, openLotsFixture } from './lots-fixture.js';

let f: LotsFixture;
const open = async (redemption?: string): Promise<void> => {
  f = await openLotsFixture(redemption);
};
afterEach(async () => {
  await expectSoundLots(f);
  await expectSoundLedger(f.db, ['I11']);
  await f.db.close();
});

const YEAR = 'expiry: { days: 365 }';
/** Who redeems at whom: the shop pays two minor units for being redeemed at. */
const at = (valueMinor: bigint) => ({ redeemerNo: f.shopNo, valueMinor, feeMinor: 2n, feeTaxMinor: 0n });
const lefts = (member: MemberLots): number[] => member.lots.map(({ left }) => Number(left.units));
const kinds = async (): Promise<number[]> =>
  (await f.query<{ kind: number }>('select kind from journal_entry order by no')).map(({ kind }) => kind);

const hold = async (today: string, units: bigint): Promise<Redemption> => {
  const id = newId();
  let redemption: Redemption | undefined;
  await f.change(today, [{ memberNo: f.members.a }], (lots, terms) => {
    const wish = { id, date: today, purchaseMinor: 10_000_000n, discountMinor: 0n, unitsWanted: units };
    const { member } = authorise(lots.of(f.members.a), wish, terms);
    redemption = redemptionOf(member, id);
    lots.put(f.members.a, member);
  });
  return redemption as Redemption;
};

test('a lot has its funder, its purchase, its days and its charges; pending ones are not there', async () => {
  await open(YEAR);
  await f.buy('2026-03-10', 100);
  expect((await f.look('2026-03-10', f.members.a)).lots).toEqual([]);
  expect((await f.look('2026-06-01', f.members.a)).lots).toEqual([]);
  await f.confirm('2026-03-24');
  const { lots } = await f.look('2026-03-24', f.members.a);
  const [purchaseId] = (await f.query<{ id: string }>('select id from transaction')).map(({ id }) => id);
  expect(lots).toMatchObject([
    {
      origin: purchaseId,
      funding: { funderNo: f.bankNo, model: 'SETTLE_AT_ISSUANCE', breakageOwner: 'PROGRAMME' },
      accruedOn: '2026-03-10',
      availableOn: '2026-03-24',
      expiresOn: '2027-03-24',
      left: { units: 100n, valueMinor: 100n, commissionMinor: 10n, taxMinor: 2n },
    },
    { funding: { funderNo: f.shopNo }, left: { units: 400n, commissionMinor: 40n, taxMinor: 8n } },
  ]);
  expect(
    lots.map(({ id, root, issued, left }) => [root === id, issued === left || issued.units === left.units]),
  ).toEqual([
    [true, true],
    [true, true],
  ]);
});

test('what is held, captured in part, and given back is where it was when the lots are opened again', async () => {
  await open(YEAR);
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  const held = await hold('2026-03-24', 250n);
  expect(await f.balance()).toEqual([250, 250]);
  expect(
    lefts(
      await f.look(
        '2026-03-24',
        f.members.a,
        held.takes.map(({ lotId }) => lotId),
      ),
    ),
  ).toEqual([0, 250]);

  let captured: Redemption | undefined;
  await f.change('2026-03-25', [{ memberNo: f.members.a, redemptions: [held] }], (lots, terms) => {
    const member = capture(lots.of(f.members.a), held.id, terms, { units: 180n, at: at(180n) });
    captured = redemptionOf(member, held.id);
    lots.put(f.members.a, member);
  });
  expect(await f.balance()).toEqual([320, 0]);

  await f.change('2026-03-26', [{ memberNo: f.members.a, redemptions: [captured as Redemption] }], (lots, terms) => {
    const { member } = giveBack(lots.of(f.members.a), held.id, { units: 90n }, terms, { newId, returnsFee: true });
    lots.put(f.members.a, member);
  });
  expect(await f.balance()).toEqual([410, 0]);
  expect(await kinds()).toEqual([1, 4, 9, 10, 11, 12]);
  const [first] = (await f.look('2026-03-26', f.members.a)).lots as [Lot];
  expect([first.issued.units, first.left.units + first.spent.units]).toEqual([100n, 100n]);
});

test("lots are opened in the order in which they were credited, each member's own", async () => {
  await open();
  for (const card of ['a', 'b'] as const) for (let n = 0; n < 5; n += 1) await f.buy('2026-03-10', 10 + n, card);
  await f.confirm('2026-03-24');
  const member = await f.look('2026-03-24', f.members.a);
  expect(member.lots).toHaveLength(10);
  expect(member.lots.map(({ id }) => id)).toEqual(member.lots.map(({ id }) => id).toSorted());
});

test('what goes back after its last day becomes a lot of its own, which lives for the days of grace', async () => {
  await open(`${YEAR}\nredemption: { returnGraceDays: 30 }`);
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  const held = await hold('2026-03-24', 500n);
  let captured: Redemption | undefined;
  await f.change('2026-03-24', [{ memberNo: f.members.a, redemptions: [held] }], (lots, terms) => {
    const member = capture(lots.of(f.members.a), held.id, terms, { at: at(500n) });
    captured = redemptionOf(member, held.id);
    lots.put(f.members.a, member);
  });
  const { events } = await f.change(
    '2027-04-01',
    [{ memberNo: f.members.a, redemptions: [captured as Redemption] }],
    (lots, terms) => {
      const backing = { newId, returnsFee: false };
      lots.put(f.members.a, giveBack(lots.of(f.members.a), held.id, { units: 50n }, terms, backing).member);
    },
  );
  const { lots } = await f.look('2027-04-01', f.members.a);
  expect(lots.map(({ root, id, expiresOn, left }) => [root === id, expiresOn, left.units])).toEqual([
    [false, '2027-05-01', 10n],
    [false, '2027-05-01', 40n],
  ]);
  const brought = await f.query<{ entry_no: string }>('select entry_no from lot where root_id is not null');
  expect(new Set(brought.map((row) => row.entry_no))).toEqual(new Set([String(events[0]?.entryNo)]));
});

test('units of another member keep their days, price and funder, and repay what the receiver owes', async () => {
  await open(YEAR);
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  await f.change('2026-04-01', [{ memberNo: f.members.a }, { memberNo: f.members.b }], (lots, terms) => {
    const wish = { units: 150n, toMemberNo: f.members.b, newId };
    const { from, to } = transfer(lots.of(f.members.a), lots.of(f.members.b), wish, terms);
    lots.put(f.members.a, from);
    lots.put(f.members.b, to);
  });
  expect([await f.balance(f.members.a), await f.balance(f.members.b)]).toEqual([
    [350, 0],
    [150, 0],
  ]);
  expect((await f.look('2026-04-01', f.members.b)).lots).toMatchObject([
    { funding: { funderNo: f.bankNo }, expiresOn: '2027-03-24', left: { units: 100n, commissionMinor: 10n } },
    { funding: { funderNo: f.shopNo }, accruedOn: '2026-03-10', left: { units: 50n, commissionMinor: 5n } },
  ]);
});

test('a refund of spent units leaves a debt, and the next units that come repay it', async () => {
  await open();
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  const { lots: earned } = await f.look('2026-03-24', f.members.a);
  const [bankLot, shopLot] = earned as [Lot, Lot];
  await f.change('2026-03-25', [{ memberNo: f.members.a }], (lots, terms) => {
    const gift = { kind: 'DONATED', charityNo: f.shopNo } as const;
    lots.put(f.members.a, useAtOnce(lots.of(f.members.a), newId(), 450n, gift, terms));
  });
  const ids = earned.map(({ id }) => id);
  const { entryNos } = await f.change('2026-03-26', [{ memberNo: f.members.a, lotIds: ids }], (lots, terms) => {
    const chargesFor = (units: bigint) => ({ commissionMinor: units / 10n, taxMinor: units / 50n });
    const taken = [bankLot, shopLot].map(({ id, funding, issued: { units, valueMinor } }) => ({
      ...{ lotId: id, funding, units, valueMinor, keptUnits: 0n, chargesFor, returnsCommission: true },
    }));
    lots.put(f.members.a, clawBack(lots.of(f.members.a), { origin: bankLot.origin, taken, newId }, terms));
  });
  // What intake writes about the refund itself.
  await f.query(
    `insert into accrual_reversal (source_id, accrual_id, member_no, units, value_minor, commission_minor, tax_minor, entry_no)
     select gen_random_uuid(), id, member_no, units, value_minor, commission_minor, tax_minor, $1 from accrual`,
    entryNos,
  );
  await f.query('update member_spend_day set accrued_units = 0');
  expect(await f.balance()).toEqual([-450, 0]);
  expect((await f.look('2026-03-26', f.members.a)).debts).toMatchObject([
    { since: '2026-03-26', left: { units: 450n } },
  ]);
  await f.change('2026-03-27', [{ memberNo: f.members.a }], (lots, terms) => {
    const gift = { id: newId(), units: 500n, valueMinor: 500n, accruedOn: '2026-03-27' };
    lots.put(f.members.a, grant(lots.of(f.members.a), gift, terms));
  });
  expect(await f.balance()).toEqual([50, 0]);
  const after = await f.look('2026-03-27', f.members.a);
  expect([after.debts, lefts(after)]).toEqual([[], [50]]);
  expect(await kinds()).toEqual([1, 4, 14, 7, 24, 8]);
});

test('units whose day has come expire as soon as the lots are opened, those that are held when they are let go', async () => {
  await open(YEAR);
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  const held = await hold('2026-03-24', 60n);
  await f.change('2027-03-24', [{ memberNo: f.members.a }], () => undefined);
  expect(await f.balance()).toEqual([0, 60]);
  await f.change('2027-03-25', [{ memberNo: f.members.a, redemptions: [held] }], (lots, terms) => {
    lots.put(f.members.a, release(lots.of(f.members.a), held.id, terms));
  });
  expect(await f.balance()).toEqual([0, 0]);
  expect(await kinds()).toEqual([1, 4, 9, 15, 11, 15]);
});

test('opening and storing without a change writes nothing', async () => {
  await open(YEAR);
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  const { entries } = await f.change('2026-03-30', [{ memberNo: f.members.a }], () => undefined);
  expect(entries).toEqual([]);
  expect(await f.query('select from lot_movement')).toEqual([]);
});
