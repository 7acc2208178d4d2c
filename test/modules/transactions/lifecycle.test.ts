/** The life of one purchase through the pipeline and PostgreSQL; every test ends with a sound ledger. */
import type { SubmitCommand } from '../../../src/domain/transactions/model.js';
import { confirmDue } from '../../../src/modules/earning/index.js';
import type { SubmitOutcome } from '../../../src/modules/transactions/index.js';
import { lapseAuthorisations } from '../../../src/modules/transactions/lapse.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { type Coalition, makeCoalition, purchase, refund, repeatOf } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
let coalition: Coalition;
const open = async (yaml?: string): Promise<void> => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db, yaml);
};
afterEach(async () => {
  await expectSoundLedger(db);
  await db.close();
});

const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await db.superuser.query(sql, values)).rows as Row[];
const day = (date: string) => ({ occurredAt: new Date(`${date}T12:00:00Z`), businessDate: date });
const codeOf = (outcome: SubmitOutcome | undefined): string | undefined =>
  outcome?.status === 'REJECTED' ? outcome.failure.code : (outcome?.matchReason ?? outcome?.status);
const idOf = (outcome: SubmitOutcome | undefined): string =>
  outcome?.status === 'REJECTED' || outcome === undefined ? '' : outcome.transactionId;
const submit = async (...commands: SubmitCommand[]): Promise<(string | undefined)[]> =>
  (await coalition.submit(...commands)).map(codeOf);
const available = async (): Promise<string> =>
  (
    await query<{ sum: string }>(
      'select sum(pending_units + available_units)::text from member_balance where member_no = $1',
      [coalition.members.a],
    )
  )[0]?.sum ?? '';
/** What stands of a purchase, whatever entries it took to get there. */
async function standing(id: string): Promise<unknown> {
  const [row] = await query(
    `select t.status, t.amount_minor, t.refunded_minor, t.business_date::text, t.posted_on::text, t.merchant_no, t.mcc,
            (select json_agg(x order by x.rule_code) from (
               select a.rule_code, sum(l.units)::int as units, max(l.available_on)::text as available_on,
                      count(*) filter (where d.lot_id is not null) > 0 as pending
               from accrual a join lot l on l.id = a.id left join due d on d.lot_id = l.id and d.due_on = l.available_on
               where a.transaction_id = t.id and l.units > 0 group by a.rule_code
             ) x) as accruals
     from transaction t where t.id = $1`,
    [id],
  );
  return row;
}
const used = () => query('select cap_code, period::text, used from member_counter where used > 0 order by 1, 2');
const spend = () =>
  query('select day::text, kept_minor, purchases from member_spend_day where kept_minor > 0 order by 1');

const authorisation = (changes: Partial<SubmitCommand> = {}): SubmitCommand =>
  purchase({ kind: 'AUTHORISATION', reference: 'order-1', ...changes });
const clearing = (changes: Partial<SubmitCommand> = {}): SubmitCommand =>
  purchase({ kind: 'CLEARING', authorisation: 'order-1', ...day('2026-03-12'), ...changes });

describe('an authorisation', () => {
  beforeEach(() => open());

  test('earns at once and waits: its hold begins with the clearing', async () => {
    const [authorised] = await coalition.submit(authorisation());
    expect(await standing(idOf(authorised))).toMatchObject({
      status: 'AUTHORISED',
      accruals: [{ available_on: '9999-12-31' }, {}],
    });
    expect(await confirmDue(db.database, coalition.programmeNo, '2030-01-01')).toEqual({ confirmed: 0 });
    const [cleared] = await coalition.submit(clearing());
    expect(idOf(cleared)).toBe(idOf(authorised));
    expect(await standing(idOf(authorised))).toMatchObject({
      status: 'CLEARED',
      business_date: '2026-03-10',
      posted_on: '2026-03-12',
      accruals: [
        { rule_code: 'bank-cashback', units: 100, available_on: '2026-03-26', pending: true },
        { rule_code: 'shop-rate', units: 400, available_on: '2026-03-26', pending: true },
      ],
    });
    expect(await confirmDue(db.database, coalition.programmeNo, '2026-03-25')).toEqual({ confirmed: 0 });
    expect(await confirmDue(db.database, coalition.programmeNo, '2026-03-26')).toEqual({ confirmed: 2 });
  });

  test('may be cleared for less or for more, at another merchant id, and stays one purchase (A11)', async () => {
    const [authorised] = await coalition.submit(authorisation());
    await coalition.submit(clearing({ amountMinor: 8_000n, merchantId: 'MID-SOMETHING-ELSE' }));
    expect(await standing(idOf(authorised))).toMatchObject({
      amount_minor: '8000',
      merchant_no: coalition.shopNo,
      accruals: [{ units: 80 }, { units: 320 }],
    });
    await coalition.submit(clearing({ amountMinor: 4_000n }));
    expect(await standing(idOf(authorised))).toMatchObject({
      amount_minor: '12000',
      accruals: [{ units: 120 }, { units: 480 }],
    });
    expect(await query('select rule_code, part, units from accrual order by 1, 2')).toEqual([
      { rule_code: 'bank-cashback', part: 0, units: '100' },
      { rule_code: 'bank-cashback', part: 1, units: '40' },
      { rule_code: 'shop-rate', part: 0, units: '400' },
      { rule_code: 'shop-rate', part: 1, units: '160' },
    ]);
    expect(await spend()).toEqual([{ day: '2026-03-10', kept_minor: '12000', purchases: 1 }]);
    expect(await used()).toEqual([{ cap_code: 'all-month', period: '2026-03-01', used: '600' }]);
    expect(await query('select count(*)::int as n from transaction')).toEqual([{ n: 1 }]);
  });

  test('is reversed in part or whole', async () => {
    const [authorised] = await coalition.submit(authorisation());
    const back = (amountMinor: bigint) => purchase({ kind: 'REVERSAL', authorisation: 'order-1', amountMinor });
    expect(await submit(back(4_000n))).toEqual(['REFERENCE']);
    expect(await standing(idOf(authorised))).toMatchObject({
      status: 'AUTHORISED',
      amount_minor: '6000',
      accruals: [{ units: 60 }, { units: 240 }],
    });
    expect(await submit(back(6_000n))).toEqual(['REFERENCE']);
    expect(await standing(idOf(authorised))).toMatchObject({ status: 'REVERSED', amount_minor: '0', accruals: null });
    expect([await used(), await spend(), await available()]).toEqual([[], [], '0']);
    await coalition.submit(purchase({ reference: 'at-once' }));
    expect(await submit({ ...back(1n), authorisation: 'at-once' })).toEqual(['NOT_AN_AUTHORISATION']);
    expect(await submit(clearing({ authorisation: 'at-once' }))).toEqual(['NOT_AN_AUTHORISATION']);
    // The same in the other order, and in one batch: one of the two earns, the other is refused.
    await coalition.submit(clearing({ reference: 'early', authorisation: 'late' }));
    expect(await submit(purchase({ reference: 'late' }))).toEqual(['NOT_AN_AUTHORISATION']);
    const [, second] = await coalition.submit(
      clearing({ reference: 'early-2', authorisation: 'late-2' }),
      purchase({ reference: 'late-2' }),
    );
    expect(second).toMatchObject({ status: 'REJECTED', failure: { code: 'NOT_AN_AUTHORISATION', field: 'kind' } });
  });

  test('lapses when nobody cleared it within 30 days, once, and a clearing that comes later all the same counts', async () => {
    const setToday = (date: string) => query('select hansa_set_clock($1::timestamptz - now())', [`${date}T12:00:00Z`]);
    const lapse = () => lapseAuthorisations(db.database, coalition.cache);
    await setToday('2026-04-09');
    const [authorised] = await coalition.submit(authorisation(), authorisation({ reference: 'cleared' }));
    await coalition.submit(clearing({ reference: 'its-clearing', authorisation: 'cleared' }));
    // 10 March and 30 days are 9 April, which is still within them.
    expect(await lapse()).toBe(0);
    await setToday('2026-04-10');
    expect(await Promise.all([lapse(), lapse()])).toEqual(expect.arrayContaining([1, 0]));
    expect(await lapse()).toBe(0);
    expect(await standing(idOf(authorised))).toMatchObject({ status: 'REVERSED', amount_minor: '0', accruals: null });
    expect(await submit(clearing({ reference: 'late', authorisation: 'order-1' }))).toEqual(['REFERENCE']);
    expect(await standing(idOf(authorised))).toMatchObject({ status: 'CLEARED' });
  });

  test('moves the tier once: its clearing, at another merchant id or on another day, is no fall and no rise', async () => {
    const moves = () =>
      query('select from_code, to_code, because, changed_on::text from member_tier_change order by id');
    await coalition.submit(purchase({ amountMinor: 100n, ...day('2026-03-09') }));
    await coalition.submit(authorisation({ amountMinor: 60_000n }));
    const once = await moves();
    expect(once).toContainEqual({ from_code: 'basic', to_code: 'gold', because: 'UP', changed_on: '2026-03-10' });
    const { mcc: _mcc, ...plain } = clearing({ amountMinor: 60_000n });
    await coalition.submit(plain, clearing({ amountMinor: 100n, mcc: '5942', channel: 'ONLINE' }));
    expect(await moves()).toEqual(once);
    await coalition.submit(refund({ refundOf: 'order-1', amountMinor: 59_000n, ...day('2026-03-20') }));
    expect((await moves()).slice(once.length)).toEqual([
      { from_code: 'gold', to_code: 'basic', because: 'REFUND', changed_on: '2026-03-20' },
    ]);
  });

  test('takes more of a cap than is left only as far as there is room, and never loses what it had', async () => {
    const fuel = { mcc: '5541', merchantId: 'MID-NONE' };
    const [first] = await coalition.submit(authorisation({ ...fuel, amountMinor: 10_000n }));
    await coalition.submit(purchase({ ...fuel, amountMinor: 10_000n }));
    // 200 + 200 of 500 are used; 300.00 at 2 % would be 600.
    await coalition.submit(clearing({ ...fuel, amountMinor: 30_000n }));
    expect(await standing(idOf(first))).toMatchObject({ accruals: [{ units: 300 }] });
    expect(await used()).toContainEqual({ cap_code: 'fuel-month', period: '2026-03-01', used: '500' });
  });

  test('is found by a clearing that does not name it: same card, merchant and amount', async () => {
    const [authorised] = await coalition.submit(authorisation());
    const { authorisation: _named, ...unnamed } = clearing();
    const outcomes = await coalition.submit(unnamed, { ...unnamed, reference: 'another', amountMinor: 9_999n });
    expect(outcomes.map(codeOf)).toEqual(['MATCHED_AUTHORISATION', 'ACCEPTED']);
    expect(idOf(outcomes[0])).toBe(idOf(authorised));
    expect(idOf(outcomes[1])).not.toBe(idOf(authorised));
  });

  test("of another member is nobody else's", async () => {
    await coalition.submit(authorisation());
    expect(await submit(clearing({ payer: { cardToken: 'token-b-0001' } }))).toEqual(['PAYER_MISMATCH']);
  });
});

describe('the events of one purchase', () => {
  beforeEach(() => open());

  test('end in the same state in any order, one by one or together, with duplicates (A10)', async () => {
    const events = (n: number): SubmitCommand[] => {
      const order = `order-${n}`;
      return [
        authorisation({ reference: order, mcc: '5942' }),
        clearing({ authorisation: order, amountMinor: 7_000n, reference: `${order}-c1`, merchantId: 'MID-MOVED' }),
        clearing({ authorisation: order, amountMinor: 4_000n, reference: `${order}-c2`, ...day('2026-03-14') }),
        refund({ refundOf: order, reference: `${order}-r`, amountMinor: 2_500n, ...day('2026-03-15') }),
        purchase({ kind: 'REVERSAL', authorisation: order, reference: `${order}-v`, amountMinor: 500n }),
      ];
    };
    const orders = permutations([0, 1, 2, 3, 4]).filter((_, index) => index % 4 === 0);
    const states = new Set<string>();
    const seen: unknown[] = [];
    for (const [index, order] of orders.entries()) {
      const all = events(index);
      const told = order.map((at) => all[at] as SubmitCommand);
      if (index % 2 === 0) await coalition.submit(...told);
      else for (const one of told) await coalition.submit(one);
      const before = await query('select count(*) from posting');
      const again = await coalition.submit(...told);
      expect(new Set(again.map(({ status }) => status))).toEqual(new Set(['DUPLICATE']));
      expect(await query('select count(*) from posting')).toEqual(before);
      const [found] = await query<{ id: string }>(
        `select t.id from transaction t join transaction_source s on s.transaction_id = t.id
         where s.reference = $1 and s.kind = 3`,
        [`order-${index}`],
      );
      const state = await standing(found?.id ?? '');
      states.add(JSON.stringify(state));
      seen.push(state);
      // Every purchase by itself: what it used and earned goes before the next one comes.
      await coalition.submit(purchase({ exchangeOf: `order-${index}`, amountMinor: 1n, ...day('2026-03-16') }));
    }
    expect([...states]).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      status: 'CLEARED',
      amount_minor: '11000',
      refunded_minor: '2500',
      mcc: '5942',
      accruals: [{ units: 85 }, { units: 340, available_on: '2026-03-28' }],
    });
    expect(await query('select count(*)::int as n from awaited_message')).toEqual([{ n: 0 }]);
    expect(await query('select bool_or(awaiting) as awaiting from member_balance')).toEqual([{ awaiting: false }]);
  });

  test('a refund that comes before its purchase waits for it, visibly, and keeps its answer', async () => {
    const early = refund({ refundOf: 'late', amountMinor: 4_000n, ...day('2026-03-11') });
    const [orphan] = await coalition.submit(early);
    expect(codeOf(orphan)).toBe('ORPHAN_PURCHASE_NOT_SEEN');
    expect(await query('select kind, joined_id from transaction')).toEqual([
      { kind: 'ORPHAN_REFUND', joined_id: null },
    ]);
    const [bought] = await coalition.submit(purchase({ reference: 'late' }));
    expect(await standing(idOf(bought))).toMatchObject({
      refunded_minor: '4000',
      accruals: [{ units: 60 }, { units: 240 }],
    });
    expect(await query(`select joined_id, join_reason from transaction where kind = 'ORPHAN_REFUND'`)).toEqual([
      { joined_id: idOf(bought), join_reason: 'REFERENCE' },
    ]);
    expect(await coalition.submit(early)).toEqual([repeatOf(orphan)]);
    expect(await submit(refund({ refundOf: 'late', amountMinor: 6_001n }))).toEqual(['REFUND_LARGER_THAN_PURCHASE']);
    expect(await submit(refund({ refundOf: 'late', amountMinor: 6_000n }))).toEqual(['REFERENCE']);
    expect([await available(), await used(), await spend()]).toEqual(['0', [], []]);
  });

  test.each([
    ['larger than it', { amountMinor: 10_001n }],
    ['dated before it', { ...day('2026-03-09') }],
    ["another member's", { payer: { cardToken: 'token-b-0001' } }],
    ['of a line that is not there', { returned: [{ reference: 'x', amountMinor: 10_000n }] }],
  ])('a waiting refund that is %s stays an orphan', async (_what, changes) => {
    await coalition.submit(refund({ refundOf: 'late', ...changes }));
    const [bought] = await coalition.submit(purchase({ reference: 'late' }));
    expect(await standing(idOf(bought))).toMatchObject({ refunded_minor: '0' });
    expect(
      await query(`select count(*)::int as n from transaction where joined_id is null and kind = 'ORPHAN_REFUND'`),
    ).toEqual([{ n: 1 }]);
  });

  test('come at once from many tills and are one purchase', async () => {
    const told = [
      authorisation(),
      clearing({ reference: 'c' }),
      refund({ refundOf: 'order-1', reference: 'r', amountMinor: 1_000n, ...day('2026-03-13') }),
    ];
    await Promise.all([...told, ...told, ...told].map((one) => coalition.submit(one)));
    const [found] = await query<{ id: string }>(`select id from transaction where kind = 'PURCHASE'`);
    expect(await standing(found?.id ?? '')).toMatchObject({
      status: 'CLEARED',
      refunded_minor: '1000',
      accruals: [{ units: 90 }, { units: 360 }],
    });
    expect(await available()).toBe('450');
  });
});

describe('which day counts (A12)', () => {
  const byDay = (attribution: string) => `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
attribution: ${attribution}
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 14
rounding: FLOOR
tiers: { rollingDays: 30, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: january, name: January, when: { until: 2026-01-31 }, funding: ISSUER, rate: 1% }
  - { code: february, name: February, when: { from: 2026-02-01 }, funding: ISSUER, rate: 5% }
caps: [{ code: month, per: month, max: 100000 }]
`;
  const night = { occurredAt: new Date('2026-01-31T23:59:00Z'), businessDate: '2026-01-31' };
  test.each([
    ['AUTHORISATION', 'january', 100, '2026-01-31', '2026-01-01'],
    ['POSTING', 'february', 500, '2026-02-02', '2026-02-01'],
  ])('%s: %s decides', async (attribution, rule, units, date, period) => {
    await open(byDay(attribution));
    const told = [authorisation(night), clearing(day('2026-02-02'))];
    const [inOne] = await coalition.submit(purchase({ ...night, postedOn: '2026-02-02' }));
    const [forth] = await coalition.submit(...told);
    const back = told.map((one) => ({
      ...one,
      reference: `b-${one.reference}`,
      ...(one.authorisation !== undefined && { authorisation: 'b-order-1' }),
    }));
    const [reversed] = await coalition.submit(...back.toReversed());
    for (const outcome of [inOne, forth, reversed]) {
      expect(await standing(idOf(outcome))).toMatchObject({
        business_date: date,
        accruals: [{ rule_code: rule, units, available_on: '2026-02-16' }],
      });
    }
    expect(await used()).toEqual([{ cap_code: 'month', period, used: `${3 * units}` }]);
    expect(await spend()).toEqual([{ day: date, kept_minor: '30000', purchases: 3 }]);
  });
});

function permutations(of: readonly number[]): number[][] {
  if (of.length <= 1) return [[...of]];
  return of.flatMap((one) => permutations(of.filter((other) => other !== one)).map((rest) => [one, ...rest]));
}
