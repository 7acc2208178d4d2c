/** Goodwill for members, and debts of members that are given up: what approving them does to lots and journal. */
import { v7 } from 'uuid';
import { EntryKind } from '../../../src/domain/ledger/entry.js';
import { clawBack } from '../../../src/domain/redemption/claw-back.js';
import type { Lot } from '../../../src/domain/redemption/lot.js';
import { useAtOnce } from '../../../src/domain/redemption/redeem.js';
import { AdjustmentService } from '../../../src/modules/adjustments/index.js';
import { admin } from '../../support/principals.js';
import { expectSoundLots, type LotsFixture, openLotsFixture } from '../lots/lots-fixture.js';

let f: LotsFixture;
let service: AdjustmentService;
beforeEach(async () => {
  f = await openLotsFixture();
  service = new AdjustmentService(f.db.database, f.cache);
});
afterEach(() => f.db.close());

type Wanted = Parameters<AdjustmentService['request']>[1]['wanted'][number];
const member = { memberCode: 'a' };
const FAR = '2099-12-31';

async function request(...wanted: readonly Wanted[]): Promise<string> {
  const result = await service.request(admin('first'), {
    programmeCode: 'coalition-test',
    wanted,
    reason: 'A promise.',
    evidence: [],
    idempotencyKey: v7(),
  });
  return result.ok ? result.value.adjustmentId : result.failure.code;
}

async function approve(adjustmentId: string): Promise<string> {
  const result = await service.approve(admin('second'), { adjustmentId, idempotencyKey: v7() });
  return result.ok ? 'APPROVED' : result.failure.code;
}

/** Member a spends 450 of 500 units, and all of the purchase goes back: 450 units are owed. */
async function owe(): Promise<void> {
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  const { lots: earned } = await f.look('2026-03-24', f.members.a);
  await f.change('2026-03-25', [{ memberNo: f.members.a }], (lots, terms) => {
    const gift = { kind: 'DONATED', charityNo: f.shopNo } as const;
    lots.put(f.members.a, useAtOnce(lots.of(f.members.a), v7(), 450n, gift, terms));
  });
  const lotIds = earned.map(({ id }) => id);
  const { entryNos } = await f.change('2026-03-26', [{ memberNo: f.members.a, lotIds }], (lots, terms) => {
    const chargesFor = (units: bigint) => ({ commissionMinor: units / 10n, taxMinor: units / 50n });
    const taken = earned.map(({ id, funding, issued: { units, valueMinor } }) => ({
      ...{ lotId: id, funding, units, valueMinor, keptUnits: 0n, chargesFor, returnsCommission: true },
    }));
    const { origin } = earned[0] as Lot;
    lots.put(f.members.a, clawBack(lots.of(f.members.a), { origin, taken, newId: v7 }, terms));
  });
  await f.query(
    `insert into accrual_reversal (source_id, accrual_id, member_no, units, value_minor, commission_minor, tax_minor, entry_no)
     select gen_random_uuid(), id, member_no, units, value_minor, commission_minor, tax_minor, $1 from accrual`,
    entryNos,
  );
  expect(await f.balance()).toEqual([-450, 0]);
}

const money = async (account: number): Promise<number> =>
  Number(
    (
      await f.query<{ sum: string }>(
        'select coalesce(sum(balance), 0)::text as sum from account_balance where account = $1',
        [account],
      )
    )[0]?.sum,
  );
const entryOf = (id: string) =>
  f.query('select e.kind from adjustment a join journal_entry e on e.no = a.entry_no where a.id = $1', [id]);

it.each<[string, readonly Wanted[], string]>([
  [
    'two things at once',
    [
      { kind: 'GOODWILL', member, units: '1' },
      { kind: 'NEGATIVE_WRITE_OFF', member },
    ],
    'NOT_EXACTLY_ONE',
  ],
  [
    'a member that is named twice',
    [{ kind: 'GOODWILL', member: { ...member, memberId: v7() }, units: '1' }],
    'MEMBER_NOT_EXACTLY_ONE',
  ],
  ['an unknown member', [{ kind: 'GOODWILL', member: { memberCode: 'nobody' }, units: '1' }], 'UNKNOWN_MEMBER'],
  ['parts of a unit', [{ kind: 'GOODWILL', member, units: '1.5' }], 'MALFORMED_UNITS'],
  ['no units', [{ kind: 'GOODWILL', member, units: '0' }], 'AMOUNT_NOT_POSITIVE'],
  ['units that have ended', [{ kind: 'GOODWILL', member, units: '1', expiresOn: '2026-01-01' }], 'EXPIRY_IN_THE_PAST'],
  ['a debt that is not there', [{ kind: 'NEGATIVE_WRITE_OFF', member }], 'NOTHING_OWED'],
])('refuses %s', async (_what, wanted, code) => {
  expect(await request(...wanted)).toBe(code);
});

it('gives goodwill only when it is approved: a lot of the programme with its own last day, and entry 24', async () => {
  const id = await request({ kind: 'GOODWILL', member, units: '33', expiresOn: FAR });
  expect(await f.balance()).toEqual([0, 0]);
  expect(await approve(id)).toBe('APPROVED');
  expect(await f.balance()).toEqual([33, 0]);
  expect(await entryOf(id)).toEqual([{ kind: EntryKind.GOODWILL }]);
  expect([await money(5020), await money(2010)]).toEqual([33, -33]);
  const lots = await f.query('select funder_no, units::int, value_minor::int, expires_on::text from lot');
  expect(lots).toEqual([{ funder_no: 0, units: 33, value_minor: 33, expires_on: '2100-01-01' }]);
  await expectSoundLots(f);
});

it('lets goodwill repay first what the member owes', async () => {
  await owe();
  expect(await approve(await request({ kind: 'GOODWILL', member, units: '500' }))).toBe('APPROVED');
  expect(await f.balance()).toEqual([50, 0]);
  await expectSoundLots(f);
});

it('gives up a debt once, as it was asked for', async () => {
  await owe();
  const [first, second] = [
    await request({ kind: 'NEGATIVE_WRITE_OFF', member }),
    await request({ kind: 'NEGATIVE_WRITE_OFF', member }),
  ];
  expect(await approve(first)).toBe('APPROVED');
  expect(await f.balance()).toEqual([0, 0]);
  expect(await entryOf(first)).toEqual([{ kind: EntryKind.NEGATIVE_WRITTEN_OFF }]);
  expect(await money(5010)).toBe(450);
  expect(await approve(second)).toBe('NOTHING_OWED');
  await expectSoundLots(f);
});
