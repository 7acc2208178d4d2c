import { v7 } from 'uuid';
import { ForbiddenError } from '../../../src/domain/access/forbidden.js';
import { statementSha256 } from '../../../src/domain/settlement/statement.js';
import { type IssuedSettlement, SettlementService } from '../../../src/modules/settlement/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  confirm,
  earn,
  type LedgerFixture,
  openLedgerFixture,
  type Part,
  PROGRAMME,
  takeBack,
} from '../../support/ledger-fixture.js';
import { admin, partner } from '../../support/principals.js';

let db: TestDatabase;
let service: SettlementService;
beforeAll(async () => {
  db = await openTestDatabase();
  service = new SettlementService(db.database);
});
afterAll(() => db.close());

const newProgramme = (): Promise<LedgerFixture> => openLedgerFixture(db, `settled-${v7()}`);
const command = (demo: LedgerFixture, idempotencyKey = v7()) => ({
  programmeCode: demo.programmeCode,
  idempotencyKey,
});

async function settled(demo: LedgerFixture): Promise<IssuedSettlement> {
  const result = await service.closeAndSettle(admin(), command(demo));
  if (!result.ok || result.value.settlement === undefined) throw new Error(JSON.stringify(result));
  return result.value.settlement;
}
async function charged(demo: LedgerFixture, ...parts: Part[]) {
  const earned = await earn(db, demo, demo.members[0] as number, parts);
  await confirm(db, demo, earned);
  return earned;
}
const netsOf = (settlement: IssuedSettlement) =>
  Object.fromEntries(settlement.lines.map(({ partyNo, netMinor }) => [partyNo, netMinor]));
const lineOf = (settlement: IssuedSettlement, partyNo: number) =>
  settlement.lines.find((line) => line.partyNo === partyNo);
const csvOf = async (settlement: IssuedSettlement, partyNo: number): Promise<string> =>
  (
    await db.superuser.query('select csv from settlement_statement where settlement_id = $1 and party_no = $2', [
      settlement.id,
      partyNo,
    ])
  ).rows[0].csv;

describe('refused', () => {
  test('an unknown programme', async () => {
    const unknown = { programmeCode: 'nowhere', idempotencyKey: 'k' };
    for (const call of [
      service.closeWindow(admin(), unknown),
      service.settle(admin(), unknown),
      service.closeAndSettle(admin(), unknown),
    ]) {
      expect(await call).toMatchObject({ ok: false, failure: { code: 'UNKNOWN_PROGRAMME', field: 'programmeCode' } });
    }
  });

  test.each(['', 'x'.repeat(201)])('an idempotency key of a wrong length', async (idempotencyKey) => {
    const demo = await newProgramme();
    expect(await service.closeWindow(admin(), command(demo, idempotencyKey))).toMatchObject({
      ok: false,
      failure: { code: 'IDEMPOTENCY_KEY_MALFORMED', field: 'idempotencyKey' },
    });
  });

  test('a key that was used for something else', async () => {
    const [one, two] = [await newProgramme(), await newProgramme()];
    expect(await service.closeWindow(admin(), command(one, 'mine'))).toMatchObject({ ok: true });
    const conflict = { ok: false, failure: { code: 'IDEMPOTENCY_KEY_CONFLICT', field: 'idempotencyKey' } };
    expect(await service.closeWindow(admin(), command(two, 'mine'))).toMatchObject(conflict);
    expect(await service.settle(admin(), command(one, 'mine'))).toMatchObject(conflict);
    expect(await service.closeWindow(admin('somebody-else'), command(two, 'mine'))).toMatchObject({ ok: true });
  });

  test('settling when nothing is closed, and the key stays free', async () => {
    const demo = await newProgramme();
    const early = command(demo);
    expect(await service.settle(admin(), early)).toMatchObject({ ok: false, failure: { code: 'NOTHING_TO_SETTLE' } });
    await service.closeWindow(admin(), command(demo));
    expect(await service.settle(admin(), early)).toMatchObject({ ok: true });
  });

  test('partners, and tokens without the scope', async () => {
    const demo = await newProgramme();
    for (const caller of [partner(demo.m1), admin('reader', ['settlement:read'])]) {
      await expect(service.closeWindow(caller, command(demo))).rejects.toThrow(ForbiddenError);
      await expect(service.settle(caller, command(demo))).rejects.toThrow(ForbiddenError);
    }
  });
});

describe('closing', () => {
  test('one key closes once, however many call', async () => {
    const demo = await newProgramme();
    await charged(demo, { funderNo: demo.m1, units: 100n });
    const same = command(demo);
    const answers = await Promise.all(Array.from({ length: 6 }, () => service.closeWindow(admin(), same)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const { rows } = await db.superuser.query(
      'select state from settlement_window where programme_no = $1 order by no',
      [demo.programmeNo],
    );
    expect(rows).toEqual([{ state: 'CLOSED' }, { state: 'OPEN' }]);
  });

  test('the digest covers what was recorded', async () => {
    const demo = await newProgramme();
    await charged(demo, { funderNo: demo.m1, units: 5_000n });
    const closed = await service.closeWindow(admin(), command(demo));
    expect(closed).toMatchObject({
      ok: true,
      value: { state: 'CLOSED', entryCount: 2n, postingCount: 12n, debitSum: '25600' },
    });
  });

  test('an empty window closes when asked for by name, and is left open otherwise', async () => {
    const demo = await newProgramme();
    const unless = command(demo);
    expect(await service.closeIfNotEmpty(admin(), unless)).toEqual({ ok: true, value: undefined });
    expect(await service.closeAndSettle(admin(), command(demo))).toEqual({ ok: true, value: {} });
    expect(await service.closeWindow(admin(), command(demo))).toMatchObject({
      ok: true,
      value: { entryCount: 0n, postingCount: 0n },
    });
    await charged(demo, { funderNo: demo.m1, units: 1n });
    expect(await service.closeIfNotEmpty(admin(), unless)).toEqual({ ok: true, value: undefined });
    expect(await service.closeIfNotEmpty(admin(), command(demo))).toMatchObject({
      ok: true,
      value: { entryCount: 2n },
    });
    expect(await service.closeIfNotEmpty(admin(), command(demo))).toEqual({ ok: true, value: undefined });
  });

  test('a crash before the digest is repaired by the next settlement', async () => {
    const demo = await newProgramme();
    await charged(demo, { funderNo: demo.m1, units: 100n });
    const whole = await service.closeWindow(admin(), command(demo));
    const digest = whole.ok ? whole.value.digest : null;
    await db.superuser.query('update settlement_window set digest = null, entry_count = null where programme_no = $1', [
      demo.programmeNo,
    ]);
    expect(await service.settle(admin(), command(demo))).toMatchObject({ ok: true });
    const { rows } = await db.superuser.query(
      `select digest, entry_count from settlement_window where programme_no = $1 and state = 'CLOSED'`,
      [demo.programmeNo],
    );
    expect(rows).toEqual([{ digest, entry_count: '2' }]);
  });

  test('gives up when somebody holds the window, and says so', async () => {
    const demo = await newProgramme();
    const holder = await db.database.pool.connect();
    await holder.query('begin');
    await holder.query('select pg_advisory_xact_lock_shared($1, $2)', [0x48_41_4e_53, demo.programmeNo]);
    try {
      const impatient = new SettlementService(db.database, { closingPatienceMs: 100 });
      expect(await impatient.closeWindow(admin(), command(demo))).toMatchObject({
        ok: false,
        failure: { code: 'WINDOW_BUSY' },
      });
    } finally {
      await holder.query('rollback');
      holder.release();
    }
  });
});

describe('the worked example of LEDGER 4, E1 to E4 and E9', () => {
  let demo: LedgerFixture;
  let settlement: IssuedSettlement;
  beforeAll(async () => {
    demo = await newProgramme();
    const [a, other] = demo.members as [number, number];
    const e1 = await earn(db, demo, a, [
      { funderNo: demo.m1, units: 5_000n },
      { funderNo: demo.bank, units: 1_000n },
    ]);
    await confirm(db, demo, e1);
    const e3 = await earn(db, demo, a, [
      { funderNo: demo.m2, units: 2_333n },
      { funderNo: demo.bank, units: 667n },
      { funderNo: PROGRAMME, units: 333n },
    ]);
    await confirm(db, demo, e3);
    await takeBack(
      db,
      demo,
      e1,
      [
        { funderNo: demo.m1, units: 1_000n },
        { funderNo: demo.bank, units: 200n },
      ],
      'CONFIRMED',
    );
    await earn(db, demo, other, [{ funderNo: demo.m1, units: 500n }]);
    settlement = await settled(demo);
  });

  test('every partner and the programme get their net', () => {
    expect(netsOf(settlement)).toEqual({
      [demo.m1]: 4_480n,
      [demo.m2]: 2_613n,
      [demo.bank]: 1_643n,
      [PROGRAMME]: -8_736n,
    });
    expect(settlement).toMatchObject({
      state: 'ISSUED',
      programmeNetMinor: -8_736n,
      grossMinor: 11_424n,
      netPaymentsMinor: 8_736n,
    });
    expect(settlement.lines.map(({ state }) => state)).toEqual(['PENDING', 'PENDING', 'PENDING', 'PENDING']);
  });

  test('the statement of a partner shows every event and adds up', async () => {
    const csv = await csvOf(settlement, demo.m1);
    const { rows } = await db.superuser.query(
      `select opened_at, closed_at from settlement_window where settlement_id = $1`,
      [settlement.id],
    );
    const { rows: days } = await db.superuser.query(
      `select head ->> 'number' as number, head ->> 'issuedOn' as issued, head ->> 'dueOn' as due from settlement_statement where settlement_id = $1 and party_no = $2`,
      [settlement.id, demo.m1],
    );
    const own = `${settlement.no},${demo.programmeCode},${demo.programmeCode}-m1,GBP,${rows[0].opened_at.toISOString()},${rows[0].closed_at.toISOString()},${Object.values(days[0]).join(',')}`;
    expect(csv.split('\r\n')).toEqual([
      'settlement,programme,party,currency,from,until,number,issued,due,tax_code,tax_rate,item,side,account,entries,units,reward,commission,tax,amount',
      `${own},,,OPENING,NET,,,,,,,0.00`,
      `${own},,,ACCRUED,OWES,1105,2,5500,55.00,0.00,0.00,0.00`,
      `${own},,,CONFIRMED,OWES,1100,1,5000,50.00,5.00,1.00,56.00`,
      `${own},,,REFUNDED,OWES,1100,1,-1000,-10.00,-1.00,-0.20,-11.20`,
      `${own},VAT,1/5,TAX,OWES,,,,,4.00,0.80,4.80`,
      `${own},,,NET,NET,,,,,,,44.80`,
      `${own},,,CLOSING,NET,,,,,,,44.80`,
      '',
    ]);
    expect(lineOf(settlement, demo.m1)?.statementSha256).toBe(statementSha256(csv));
  });

  test('units of a shared confirmation belong to their funders', async () => {
    const item = (await csvOf(settlement, demo.bank)).split('\r\n').find((line) => line.includes(',CONFIRMED,'));
    expect(item).toMatch(/,CONFIRMED,OWES,1100,2,1667,16\.67,1\.67,0\.33,18\.67$/);
  });

  test("the programme's statement is made of its own accounts", async () => {
    const amounts = (await csvOf(settlement, PROGRAMME))
      .split('\r\n')
      .slice(2, -3)
      .map((line) => line.split(',').slice(11));
    const byAccount = new Map<string, number>();
    for (const [, , account, , , , , , amount] of amounts as [string, string, string, ...string[]][]) {
      byAccount.set(account, (byAccount.get(account) ?? 0) + Math.round(Number(amount) * 100));
    }
    // liability, tax, commission; programme rewards; what is pending is nobody's yet
    expect(Object.fromEntries([...byAccount].filter(([, amount]) => amount !== 0))).toEqual({
      1105: 500,
      2000: -500,
      2010: -8_133,
      2200: -156,
      4000: -780,
      5000: 333,
    });
  });

  test('the positions of the settled window are zero and the partners owe in 1200', async () => {
    const { rows } = await db.superuser.query(
      `select b.account, b.party, sum(b.balance)::bigint as balance from account_balance b join unit u on u.no = b.unit
       where u.programme_no = $1 and b.account in (1100, 1200) group by 1, 2 having sum(b.balance) <> 0 order by 1, 2`,
      [demo.programmeNo],
    );
    expect(rows).toEqual([
      { account: 1200, party: demo.m1, balance: '4480' },
      { account: 1200, party: demo.m2, balance: '2613' },
      { account: 1200, party: demo.bank, balance: '1643' },
    ]);
  });
});

describe('settling', () => {
  test('the same key gives the same settlement; another finds nothing left', async () => {
    const demo = await newProgramme();
    await charged(demo, { funderNo: demo.m1, units: 100n });
    await service.closeWindow(admin(), command(demo));
    const same = command(demo);
    const answers = await Promise.all(Array.from({ length: 4 }, () => service.settle(admin(), same)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await service.settle(admin(), command(demo))).toMatchObject({
      ok: false,
      failure: { code: 'NOTHING_TO_SETTLE' },
    });
  });

  test('of two settlements at once one takes the windows, the other finds nothing left', async () => {
    const demo = await newProgramme();
    await charged(demo, { funderNo: demo.m1, units: 100n });
    await service.closeWindow(admin(), command(demo));
    const answers = await Promise.all([1, 2, 3].map(() => service.settle(admin(), command(demo))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.failure.code === 'NOTHING_TO_SETTLE')).toHaveLength(2);
  });

  test('takes all closed windows at once, each brought to zero', async () => {
    const demo = await newProgramme();
    for (let round = 0; round < 3; round += 1) {
      const earned = await charged(demo, { funderNo: demo.m1, units: 1_000n });
      if (round === 2) await takeBack(db, demo, earned, [{ funderNo: demo.m1, units: 1_000n }], 'CONFIRMED');
      await service.closeWindow(admin(), command(demo));
    }
    const result = await service.settle(admin(), command(demo));
    expect(result).toMatchObject({
      ok: true,
      value: { programmeNetMinor: -2_240n, grossMinor: 4_480n, netPaymentsMinor: 2_240n },
    });
    expect(result.ok && result.value.windowNos).toHaveLength(3);
    const { rows } = await db.superuser.query(
      `select count(*)::integer as entries from journal_entry where programme_no = $1 and kind = 16`,
      [demo.programmeNo],
    );
    expect(rows).toEqual([{ entries: 2 }]); // the third window came to zero by itself
  });

  test('a net of zero is settled at once', async () => {
    const demo = await newProgramme();
    const earned = await charged(demo, { funderNo: demo.m1, units: 1_000n });
    await takeBack(db, demo, earned, [{ funderNo: demo.m1, units: 1_000n }], 'CONFIRMED');
    const settlement = await settled(demo);
    expect(lineOf(settlement, demo.m1)).toMatchObject({ netMinor: 0n, state: 'SETTLED' });
    expect(settlement).toMatchObject({ state: 'SETTLED', netPaymentsMinor: 0n, grossMinor: 2_240n });
  });

  test('below the minimum payout nothing is paid, and it opens the next statement', async () => {
    const demo = await newProgramme();
    await charged(demo, { funderNo: demo.small, units: 100n }, { funderNo: demo.m1, units: 1_000n });
    const first = await settled(demo);
    expect(lineOf(first, demo.small)).toMatchObject({ openingMinor: 0n, netMinor: 112n, state: 'CARRIED' });
    expect(first).toMatchObject({ state: 'ISSUED', netPaymentsMinor: 1_120n });

    await charged(demo, { funderNo: demo.m1, units: 1_000n });
    const second = await settled(demo);
    expect(lineOf(second, demo.small)).toMatchObject({ openingMinor: 112n, netMinor: 0n, state: 'CARRIED' });

    await charged(demo, { funderNo: demo.small, units: 400n });
    const third = await settled(demo);
    expect(lineOf(third, demo.small)).toMatchObject({ openingMinor: 112n, netMinor: 448n, state: 'PENDING' });
    expect(lineOf(third, PROGRAMME)).toMatchObject({ openingMinor: -112n, netMinor: -448n });
    expect(third).toMatchObject({ netPaymentsMinor: 560n });

    await charged(demo, { funderNo: demo.small, units: 500n });
    expect(lineOf(await settled(demo), demo.small)).toMatchObject({
      openingMinor: 0n,
      netMinor: 560n,
      state: 'PENDING',
    });
  });

  test('stores nothing when the books disagree with the partners', async () => {
    const demo = await newProgramme();
    await charged(demo, { funderNo: demo.m1, units: 1_000n });
    await service.closeWindow(admin(), command(demo));
    await db.superuser.query('set session_replication_role = replica');
    await db.superuser.query(
      `update posting p set amount = amount + 1 from journal_entry e where e.no = p.entry_no and e.programme_no = $1 and p.account = 4000`,
      [demo.programmeNo],
    );
    await db.superuser.query('set session_replication_role = origin');
    await expect(service.settle(admin(), command(demo))).rejects.toThrow(
      "the programme's own accounts say -1119, its partners say -1120",
    );
    const { rows } = await db.superuser.query('select count(*)::integer as n from settlement where programme_no = $1', [
      demo.programmeNo,
    ]);
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('settle-at-redemption owes nothing at confirmation and is only reported', async () => {
    const demo = await newProgramme();
    await charged(
      demo,
      { funderNo: demo.m1, units: 1_000n, model: 'SETTLE_AT_REDEMPTION' },
      { funderNo: demo.m2, units: 10n },
    );
    const settlement = await settled(demo);
    expect(netsOf(settlement)).toEqual({ [demo.m1]: 0n, [demo.m2]: 11n, [PROGRAMME]: -11n });
    expect(await csvOf(settlement, demo.m1)).toMatch(/,ACCRUED,OWES,1105,1,1000,10\.00,0\.00,0\.00,0\.00\r\n/);
  });
});
