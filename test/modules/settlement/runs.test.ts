/** Runs by cycle and by choice, net and gross, and what becomes of their lines. */
import { v7 } from 'uuid';
import { ForbiddenError } from '../../../src/domain/access/forbidden.js';
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind } from '../../../src/domain/ledger/entry.js';
import { PostingSheet } from '../../../src/domain/ledger/posting-sheet.js';
import { ClockService } from '../../../src/modules/clock/index.js';
import {
  type IssuedSettlement,
  type LineMove,
  lockLines,
  moveLines,
  SettlementService,
} from '../../../src/modules/settlement/index.js';
import { verifyLedger } from '../../../src/modules/verification/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  BUSINESS_DATE,
  confirm,
  earn,
  type LedgerFixture,
  openLedgerFixture,
  type Part,
  record,
} from '../../support/ledger-fixture.js';
import { admin, partner } from '../../support/principals.js';

let db: TestDatabase;
let service: SettlementService;
let clock: ClockService;
let demo: LedgerFixture;
beforeAll(async () => {
  db = await openTestDatabase();
  service = new SettlementService(db.database);
  clock = new ClockService(db.database);
});
beforeEach(async () => {
  demo = await openLedgerFixture(db, `run-${v7()}`);
});
afterEach(async () => {
  await clock.shift(admin(), undefined);
  const verified = await db.database.command((tx) => verifyLedger(tx, { programmeNo: demo.programmeNo }));
  // Refunds are recorded here as entries alone, without what they take from lots (I13).
  expect(verified.flatMap(({ findings }) => findings).filter(({ invariant }) => invariant !== 'I13')).toEqual([]);
});
afterAll(() => db.close());

const command = (idempotencyKey = v7()) => ({ programmeCode: demo.programmeCode, idempotencyKey });
const codeOf = (name: string): string => `${demo.programmeCode}-${name}`;
const charge = async (...parts: Part[]): Promise<void> => {
  await confirm(db, demo, await earn(db, demo, demo.members[0] as number, parts));
};
const close = () => service.closeWindow(admin(), command());
async function settled(choice: object = {}): Promise<IssuedSettlement> {
  const result = await service.settle(admin(), { ...command(), ...choice });
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
const linesOf = ({ lines }: IssuedSettlement) =>
  lines.map(({ partyNo, side, openingMinor, netMinor, dueMinor, state }) => [
    partyNo,
    side,
    openingMinor,
    netMinor,
    dueMinor,
    state,
  ]);
const agree = (name: string, change: string) =>
  db.superuser.query(`update contract set ${change} where partner_id = (select id from partner where code = $1)`, [
    codeOf(name),
  ]);
const settlements = async () =>
  (
    await db.superuser.query<{ id: string; state: string; nets: string }>(
      `select s.id, s.state, string_agg(l.party_no || ':' || l.net_minor, ' ' order by l.party_no) as nets
       from settlement s join settlement_line l on l.settlement_id = s.id
       where s.programme_no = $1 group by s.id, s.no order by s.no`,
      [demo.programmeNo],
    )
  ).rows;
const windowsLeft = async () =>
  (
    await db.superuser.query(
      `select no from settlement_window where programme_no = $1 and state = 'CLOSED' and settlement_id is null`,
      [demo.programmeNo],
    )
  ).rowCount;
const moved = (...moves: LineMove[]) =>
  db.database.command(async (tx) => {
    await lockLines(
      tx,
      moves.map(({ lineId }) => lineId),
    );
    await moveLines(tx, moves);
  });
const stateOf = async (id: string) =>
  (
    await db.superuser.query(
      `select s.state, l.state as own from settlement s join settlement_line l on l.settlement_id = s.id and l.party_no = 0 where s.id = $1`,
      [id],
    )
  ).rows[0];

describe('named partners', () => {
  test('are settled alone, and the others later: the programme is the opposite each time', async () => {
    await charge({ funderNo: demo.m1, units: 1_000n }, { funderNo: demo.m2, units: 500n });
    await close();
    const first = await settled({ partnerCodes: [codeOf('m1')] });
    expect(linesOf(first)).toEqual([
      [demo.m1, 'NET', 0n, 1_120n, 1_120n, 'PENDING'],
      [0, 'NET', 0n, -1_120n, 0n, 'PENDING'],
    ]);
    expect(first).toMatchObject({ programmeNetMinor: -1_120n, grossMinor: 1_120n });
    expect(await windowsLeft()).toBe(1);
    await charge({ funderNo: demo.m1, units: 100n });
    await close();
    const rest = await settled();
    expect(linesOf(rest)).toEqual([
      [demo.m1, 'NET', 0n, 112n, 112n, 'PENDING'],
      [demo.m2, 'NET', 0n, 560n, 560n, 'PENDING'],
      [0, 'NET', 0n, -672n, 0n, 'PENDING'],
    ]);
    expect(rest.windowNos).toHaveLength(2);
    expect(await windowsLeft()).toBe(0);
  });

  test.each([
    [{ partnerCodes: [] }, 'CHOICE_AMBIGUOUS', 'partnerCodes'],
    [{ partnerCodes: ['m1'], onlyDue: true }, 'CHOICE_AMBIGUOUS', 'onlyDue'],
    [{ partnerCodes: ['nobody'] }, 'UNKNOWN_PARTNER', 'partnerCodes.0'],
  ])('%j is refused', async (choice, code, field) => {
    expect(await service.settle(admin(), { ...command(), ...choice })).toMatchObject({
      ok: false,
      failure: { code, field },
    });
  });

  test('with nothing to settle are refused', async () => {
    await charge({ funderNo: demo.m1, units: 1_000n });
    await close();
    expect(await service.settle(admin(), { ...command(), partnerCodes: [codeOf('m2')] })).toMatchObject({
      failure: { code: 'NOTHING_TO_SETTLE' },
    });
    expect(await service.settle(admin(), { ...command(), onlyDue: true })).toMatchObject({
      failure: { code: 'NOTHING_TO_SETTLE' },
    });
  });
});

describe('cycles', () => {
  // A Friday; the database's clock is shifted day by day.
  const FRIDAY = Date.parse('2027-01-29T12:00:00Z');
  const day = (days: number) => clock.shift(admin(), new Date(FRIDAY + days * 86_400_000));
  const run = () => service.runCycles(new AbortController().signal);

  test('each partner is settled when its own cycle is over, however often the job runs', async () => {
    await agree('m1', `cycle = 'DAILY'`);
    await agree('m2', `cycle = 'WEEKLY'`);
    await agree('bank', `cycle = 'MONTHLY'`);
    await day(0);
    await close();
    const everybody = [demo.m1, demo.m2, demo.bank, demo.small].map((funderNo) => ({ funderNo, units: 1_000n }));
    await settled(); // what the fixture opened
    await charge(...everybody);
    await run();
    expect(await settlements()).toHaveLength(1);

    await day(1); // Saturday
    await charge({ funderNo: demo.m1, units: 100n });
    await Promise.all([run(), run()]);
    await run();
    await day(3); // Monday, 1 February
    await run();
    await run();
    expect((await settlements()).map(({ nets }) => nets).slice(1)).toEqual([
      `0:-1232 ${demo.m1}:1232`, // Saturday: the window of Friday, cut on Saturday with what came until then
      `0:-2240 ${demo.m2}:1120 ${demo.bank}:1120`,
    ]);
    expect(await windowsLeft()).toBe(1); // "small" is settled on demand
    expect(linesOf(await settled())[0]).toEqual([demo.small, 'NET', 0n, 1_120n, 1_120n, 'PENDING']);
    expect(await windowsLeft()).toBe(0);
  });

  test('nothing is cut where everybody is settled on demand', async () => {
    await charge({ funderNo: demo.m1, units: 1_000n });
    await day(40);
    await run();
    expect(await settlements()).toEqual([]);
  });
});

describe('gross', () => {
  /** Tax that a partner has put on its services to the programme: what it supplies, and is owed. */
  const supplied = (partnerNo: number, taxMinor: bigint) =>
    record(db, demo.programmeNo, [
      {
        kind: EntryKind.SERVICE_CHARGE,
        memberNo: 0,
        businessDate: BUSINESS_DATE,
        postings: new PostingSheet()
          .debit(Account.INPUT_TAX, 0, taxMinor)
          .credit(Account.POSITION, partnerNo, taxMinor)
          .postings(),
      },
    ]);

  test('what a partner owes and what it is owed are two lines, each with its own items and minimum', async () => {
    await agree('small', `netting = 'GROSS'`);
    await charge({ funderNo: demo.small, units: 100n });
    await supplied(demo.small, 900n);
    await close();
    const first = await settled();
    expect(linesOf(first)).toEqual([
      [demo.small, 'OWES', 0n, 112n, 0n, 'CARRIED'],
      [demo.small, 'OWED', 0n, -900n, -900n, 'PENDING'],
      [0, 'NET', 0n, 788n, 0n, 'PENDING'],
    ]);
    const { rows } = await db.superuser.query(
      'select csv from settlement_statement where settlement_id = $1 and party_no = $2',
      [first.id, demo.small],
    );
    expect(
      rows[0].csv
        .split('\r\n')
        .slice(1, -1)
        .map((line: string) => line.split(',').slice(11).join(',')),
    ).toEqual([
      'OPENING,OWES,,,,,,,0.00',
      'OPENING,OWED,,,,,,,0.00',
      'ACCRUED,OWES,1105,1,100,1.00,0.00,0.00,0.00',
      'CONFIRMED,OWES,1100,1,100,1.00,0.10,0.02,1.12',
      'SERVICE_CHARGED,OWED,1100,1,0,-9.00,0.00,0.00,-9.00',
      'TAX,OWES,,,,,0.10,0.02,0.12',
      'NET,OWES,,,,,,,1.12',
      'NET,OWED,,,,,,,-9.00',
      'CLOSING,OWES,,,,,,,1.12',
      'CLOSING,OWED,,,,,,,-9.00',
      'CARRIED,OWES,,,,,,,1.12',
    ]);
    await charge({ funderNo: demo.small, units: 400n });
    await close();
    expect(linesOf(await settled())).toEqual([
      [demo.small, 'OWES', 112n, 448n, 560n, 'PENDING'],
      [0, 'NET', -112n, -448n, 0n, 'PENDING'],
    ]);
  });
});

describe('lines', () => {
  test('move, and the settlement with them', async () => {
    await charge({ funderNo: demo.m1, units: 1_000n }, { funderNo: demo.m2, units: 500n });
    await close();
    const { id, lines } = await settled();
    const [m1, m2] = lines.map((line) => line.id) as [string, string];
    expect(await stateOf(id)).toEqual({ state: 'ISSUED', own: 'PENDING' });
    await moved({ lineId: m1, to: 'INSTRUCTED' });
    expect(await stateOf(id)).toEqual({ state: 'PAYING', own: 'PENDING' });
    await moved({ lineId: m1, to: 'REJECTED' });
    await moved({ lineId: m1, to: 'INSTRUCTED' }, { lineId: m2, to: 'PENDING', dueMinor: 60n });
    await moved({ lineId: m1, to: 'CONFIRMED', dueMinor: 0n }, { lineId: m2, to: 'CONFIRMED', dueMinor: 0n });
    expect(await stateOf(id)).toEqual({ state: 'SETTLED', own: 'SETTLED' });
    await moved({ lineId: m1, to: 'REJECTED', dueMinor: 1_120n });
    expect(await stateOf(id)).toEqual({ state: 'PAYING', own: 'PENDING' });
    await expect(moved({ lineId: m1, to: 'CARRIED' })).rejects.toThrow(
      'a settlement line does not go from REJECTED to CARRIED',
    );
    await expect(moved({ lineId: v7(), to: 'CONFIRMED' })).rejects.toThrow('is a line of a partner');
  });
});

describe('aborting', () => {
  const abort = (settlementId: string, reason = 'A wrong contract.', idempotencyKey = v7()) =>
    service.abort(admin(), { settlementId, reason, idempotencyKey });

  test('gives the positions back to the next settlement', async () => {
    await charge({ funderNo: demo.m1, units: 1_000n }, { funderNo: demo.small, units: 100n });
    await close();
    const first = await settled();
    const key = v7();
    expect(await abort(first.id, 'A wrong contract.', key)).toEqual({ ok: true, value: { settlementId: first.id } });
    expect(await abort(first.id, 'A wrong contract.', key)).toEqual({ ok: true, value: { settlementId: first.id } });
    const { rows } = await db.superuser.query(
      `select b.account, b.party, sum(b.balance)::integer as balance from account_balance b join unit u on u.no = b.unit
       where u.programme_no = $1 and b.account in (1100, 1200) group by 1, 2 having sum(b.balance) <> 0 order by 1, 2`,
      [demo.programmeNo],
    );
    expect(rows).toEqual([
      { account: 1100, party: demo.m1, balance: 1_120 },
      { account: 1100, party: demo.small, balance: 112 },
    ]);
    expect(await abort(first.id)).toMatchObject({ failure: { code: 'SETTLEMENT_UNDER_WAY' } });
    const again = await settled();
    expect(linesOf(again)).toEqual(linesOf(first));
  });

  test('what was carried before is carried again', async () => {
    await charge({ funderNo: demo.small, units: 100n });
    await close();
    const carried = await settled();
    await charge({ funderNo: demo.small, units: 1_000n });
    await close();
    const second = await settled();
    expect(await abort(carried.id)).toMatchObject({ failure: { code: 'SETTLEMENT_UNDER_WAY' } }); // nothing is due: SETTLED
    await abort(second.id);
    expect(linesOf(await settled())[0]).toEqual([demo.small, 'NET', 112n, 1_120n, 1_232n, 'PENDING']);
  });

  test('is refused, and changes nothing, once something moved or was settled again', async () => {
    await charge({ funderNo: demo.m1, units: 1_000n });
    await close();
    const first = await settled();
    await charge({ funderNo: demo.m1, units: 1_000n });
    await close();
    const second = await settled();
    expect(await abort(first.id)).toMatchObject({ failure: { code: 'SETTLEMENT_NOT_LAST', field: 'settlementId' } });
    await moved({ lineId: (second.lines[0] as { id: string }).id, to: 'INSTRUCTED' });
    expect(await abort(second.id)).toMatchObject({ failure: { code: 'SETTLEMENT_UNDER_WAY' } });
    expect(await abort('nonsense')).toMatchObject({ failure: { code: 'UNKNOWN_SETTLEMENT' } });
    expect(await abort(v7())).toMatchObject({ failure: { code: 'UNKNOWN_SETTLEMENT' } });
    expect(await abort(second.id, ' ')).toMatchObject({ failure: { code: 'REASON_MALFORMED', field: 'reason' } });
    await expect(
      service.abort(partner(demo.m1), { settlementId: first.id, reason: 'Mine.', idempotencyKey: 'k' }),
    ).rejects.toThrow(ForbiddenError);
  });
});
