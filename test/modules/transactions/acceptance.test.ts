/** Acceptance cases of intake (A1, A4-A6, A9, A13-A17), through the pipeline and PostgreSQL; each ends with a sound ledger. */
import type { NamedLine } from '../../../src/domain/transactions/basket.js';
import type { SubmitCommand } from '../../../src/domain/transactions/model.js';
import type { SubmitOutcome } from '../../../src/modules/transactions/index.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { type Coalition, makeCoalition, purchase, refund, repeatOf } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
let coalition: Coalition;
/** The rules of a programme in GBP of whole points, one tier; the bank pays unless a rule says otherwise. */
const open = async (rules: string, terms = ''): Promise<void> => {
  db = await openTestDatabase();
  coalition = await makeCoalition(
    db,
    `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 14
rounding: FLOOR
tiers: { rollingDays: 30, levels: [{ code: all, name: All, from: 0 }] }
${terms}
rules:
${rules}
`,
  );
};
afterEach(async () => {
  await expectSoundLedger(db);
  await db.close();
});

const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await db.superuser.query(sql, values)).rows as Row[];
const day = (date: string) => ({ occurredAt: new Date(`${date}T12:00:00Z`), businessDate: date });
const codeOf = (outcome: SubmitOutcome | undefined): string | undefined =>
  outcome?.status === 'REJECTED' ? outcome.failure.code : outcome?.status;
const submit = async (...commands: SubmitCommand[]): Promise<(string | undefined)[]> =>
  (await coalition.submit(...commands)).map(codeOf);
const balance = async (): Promise<number> =>
  Number(
    (
      await query<{ units: string }>(
        'select pending_units + available_units as units from member_balance where member_no = $1',
        [coalition.members.a],
      )
    )[0]?.units,
  );
const goods = (amountMinor: bigint, more: Partial<NamedLine> = {}): NamedLine => ({
  kind: 'GOODS',
  amountMinor,
  quantity: 1,
  tags: [],
  ...more,
});

test('A4: two items of 11,000 at 10 % under a cap of 1,000 a bill; one goes back and it is still 1,000', async () => {
  await open(
    '  - { code: ten, name: Ten, funding: ISSUER, rate: 10% }',
    'caps: [{ code: bill, per: transaction, max: 100000 }]',
  );
  const lines = [goods(1_100_000n, { reference: 'one' }), goods(1_100_000n, { reference: 'two' })];
  await submit(purchase({ reference: 'bill', amountMinor: 2_200_000n, lines }));
  expect(await balance()).toBe(100_000);
  const back = refund({
    refundOf: 'bill',
    amountMinor: 1_100_000n,
    returned: [{ reference: 'one', amountMinor: 1_100_000n }],
  });
  expect(await submit(back)).toEqual(['ACCEPTED']);
  expect(await balance()).toBe(100_000);
  expect(await submit({ ...back, reference: 'again' })).toEqual(['UNKNOWN_LINE']);
});

describe('A5: "spend 10,000 a month, get 1,000"', () => {
  const campaign =
    '  - { code: mark, name: Mark, funding: ISSUER, fixed: 100000, when: { reaches: { spend: 10000, per: month } } }';
  const half = (reference: string, date: string) => purchase({ reference, amountMinor: 500_000n, ...day(date) });

  test.each(['first', 'second'])('2 x 5,000 and the %s is returned: all of it is taken back', async (returned) => {
    await open(campaign);
    await submit(half('first', '2026-03-10'));
    expect(await balance()).toBe(0);
    await submit(half('second', '2026-03-12'));
    expect(await balance()).toBe(100_000);
    await submit(refund({ refundOf: returned, amountMinor: 500_000n, ...day('2026-03-20') }));
    expect(await balance()).toBe(0);
    // Whoever reaches the mark again has it again.
    await submit(half('third', '2026-03-21'));
    expect(await balance()).toBe(100_000);
  });

  test('in one batch it is the same, and so is a partial return', async () => {
    await open(campaign);
    const back = refund({ refundOf: 'first', amountMinor: 1n, ...day('2026-03-20') });
    await submit(half('first', '2026-03-10'), half('second', '2026-03-12'), back);
    expect(await balance()).toBe(0);
  });

  test('while what is kept still comes to the mark, it stays; another month has its own', async () => {
    await open(campaign);
    await submit(half('first', '2026-03-10'), half('second', '2026-03-12'), half('third', '2026-03-14'));
    await submit(half('april', '2026-04-02'));
    await submit(refund({ refundOf: 'april', amountMinor: 500_000n, ...day('2026-04-03') }));
    await submit(refund({ refundOf: 'first', amountMinor: 500_000n, ...day('2026-03-20') }));
    expect(await balance()).toBe(100_000);
    await submit(refund({ refundOf: 'third', amountMinor: 500_000n, ...day('2026-03-20') }));
    expect(await balance()).toBe(0);
  });

  test('a clearing for less takes it away too', async () => {
    await open(campaign);
    await submit(
      purchase({ kind: 'AUTHORISATION', reference: 'held', amountMinor: 500_000n }),
      half('second', '2026-03-12'),
    );
    expect(await balance()).toBe(100_000);
    await submit(purchase({ kind: 'CLEARING', authorisation: 'held', amountMinor: 400_000n, ...day('2026-03-13') }));
    expect(await balance()).toBe(0);
  });
});

test('A6: bought on 10 March, a bonus from 20 to 30 March, partly returned on the 25th: no bonus appears', async () => {
  await open(`  - { code: base, name: Base, funding: ISSUER, rate: 1% }
  - { code: bonus, name: Bonus, funding: ISSUER, rate: 10%, when: { from: 2026-03-20, until: 2026-03-30 } }`);
  await submit(
    purchase({ reference: 'bought' }),
    refund({ refundOf: 'bought', amountMinor: 4_000n, ...day('2026-03-25') }),
  );
  expect(await balance()).toBe(60);
  expect(await query('select distinct rule_code from accrual')).toEqual([{ rule_code: 'base' }]);
});

describe('A9: a budget', () => {
  const spring = (releases = true) =>
    `budgets: [{ code: spring, from: 2026-01-01, max: 1050, rules: [gift], refundReleases: ${releases} }]`;
  const gift =
    '  - { code: gift, name: Gift, funding: ISSUER, fixed: 100 }\n  - { code: base, name: Base, funding: ISSUER, rate: 1% }';
  const given = async (): Promise<unknown> =>
    (await query(`select sum(units)::int as units, count(*)::int as n from accrual where rule_code = 'gift'`))[0];
  const left = () => query('select code, period::text, used from budget_counter');

  test('is never overspent by many at once, and the last one gets what is left', async () => {
    await open(gift, spring());
    const payers = ['token-a-0001', 'token-b-0001'];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        coalition.submit(purchase({ payer: { cardToken: payers[index % 2] ?? '' }, amountMinor: 1_000n })),
      ),
    );
    expect(await given()).toEqual({ units: 1_050, n: 11 });
    expect(await left()).toEqual([{ code: 'spring', period: expect.any(String), used: '1050' }]);
    const [short] = await query<{ shortfalls: unknown }>(
      'select shortfalls from transaction where shortfalls is not null limit 1',
    );
    expect(short?.shortfalls).toMatchObject([{ r: 'gift', c: 'spring', b: 'BUDGET' }]);
  });

  test.each([
    [true, '0'],
    [false, '100'],
  ])('gets back what a returned purchase took, unless the campaign says otherwise (%s)', async (releases, used) => {
    await open(gift, spring(releases));
    await submit(purchase({ reference: 'bought' }));
    await submit(refund({ refundOf: 'bought' }));
    expect(await balance()).toBe(0);
    expect(await left()).toMatchObject([{ used }]);
  });
});

test('A13: what was let off or paid with units is not rewarded, unless the rule says gross', async () => {
  await open(`  - { code: net, name: Net, funding: ISSUER, rate: 10% }
  - { code: gross, name: Gross, funding: ISSUER, rate: 1%, base: GROSS }`);
  const lines = [goods(10_000n), goods(2_000n, { kind: 'DISCOUNT' }), goods(3_000n, { kind: 'REDEMPTION' })];
  await submit(purchase({ reference: 'bought', lines }));
  expect(await query('select rule_code, units from accrual order by 1')).toEqual([
    { rule_code: 'gross', units: '100' },
    { rule_code: 'net', units: '500' },
  ]);
  // Half of everything goes back, half of the discounts with it.
  await submit(refund({ refundOf: 'bought', amountMinor: 5_000n }));
  expect(await balance()).toBe(300);
});

test('A14: a minimum that is not met gives nothing and says so', async () => {
  await open(`  - { code: large, name: Large, funding: ISSUER, rate: 10%, when: { minimum: 200.00 } }
  - { code: three, name: Three, funding: ISSUER, fixed: 50, when: { minimumItems: 3 } }`);
  await submit(purchase({ reference: 'small', lines: [goods(10_000n, { quantity: 2 })] }));
  expect(await balance()).toBe(0);
  await submit(purchase({ amountMinor: 20_000n, lines: [goods(20_000n, { quantity: 3 })] }));
  expect(await balance()).toBe(2_050);
});

test("A15: the partner's own sum is kept beside ours", async () => {
  await open('  - { code: base, name: Base, funding: ISSUER, rate: 1% }');
  await submit(purchase({ claimedUnits: 100n }), purchase({ claimedUnits: 250n }), purchase());
  expect(await query('select claimed_units, our_units from transaction order by id')).toEqual([
    { claimed_units: '100', our_units: '100' },
    { claimed_units: '250', our_units: '100' },
    { claimed_units: null, our_units: null },
  ]);
});

test('A16: three funders share 100.00 at 33.33/33.33/33.34 % and at thirds: exact sums, stable remainder', async () => {
  await open(`  - { code: percents, name: Percents, rate: 1%, funding: { MERCHANT: 33.33%, ISSUER: 33.33%, PROGRAMME: 33.34% } }
  - { code: thirds, name: Thirds, rate: 1%, funding: { MERCHANT: 1/3, ISSUER: 1/3, PROGRAMME: 1/3 } }`);
  await submit(purchase({ amountMinor: 1_000_000n }));
  const split = await query<{ rule_code: string; units: string }>(
    'select rule_code, units from accrual order by rule_code, id',
  );
  expect(split.map(({ rule_code, units }) => `${rule_code} ${units}`)).toEqual([
    'percents 3333',
    'percents 3333',
    'percents 3334',
    'thirds 3334',
    'thirds 3333',
    'thirds 3333',
  ]);
});

test('A1: the same reference twice, also a year later, is one accrual and the first answer; another body is a conflict', async () => {
  await open('  - { code: base, name: Base, funding: ISSUER, rate: 1% }');
  const bought = purchase({ reference: 'receipt-1', amountMinor: 10_000n });
  const [first] = await coalition.submit(bought);
  const again = async (command: SubmitCommand) => (await coalition.submit(command))[0];
  expect(await again(bought)).toEqual(repeatOf(first));
  await query("update clock_offset set shift = interval '1 year'");
  expect(await again(bought)).toEqual(repeatOf(first));
  expect(await again({ ...bought, amountMinor: 10_001n })).toMatchObject({
    status: 'REJECTED',
    failure: { code: 'REFERENCE_CONFLICT' },
  });
  expect(await query('select count(*)::int as n, sum(units)::int as units from accrual')).toEqual([
    { n: 1, units: 100 },
  ]);
});

test('A17: an offline till syncs twice, half of it in another batch: nothing doubles', async () => {
  await open('  - { code: base, name: Base, funding: ISSUER, rate: 1% }');
  const day1 = Array.from({ length: 40 }, (_, index) => purchase({ reference: `till-${index}`, amountMinor: 1_000n }));
  await Promise.all([coalition.submit(...day1), coalition.submit(...day1.slice(20)), coalition.submit(...day1)]);
  await coalition.submit(...day1.toReversed());
  expect(await balance()).toBe(400);
  expect(await query('select count(*)::int as n from transaction_source')).toEqual([{ n: 40 }]);
});

describe('an exchange', () => {
  test('takes the old purchase back by the rules of its day and earns anew, with a hold of its own', async () => {
    await open(`  - { code: march, name: March, funding: ISSUER, rate: 10%, when: { until: 2026-03-31 } }
  - { code: april, name: April, funding: ISSUER, rate: 5%, when: { from: 2026-04-01 } }`);
    await submit(purchase({ reference: 'old', amountMinor: 50_000n }));
    const [exchanged] = await coalition.submit(
      purchase({ reference: 'new', exchangeOf: 'old', amountMinor: 40_000n, ...day('2026-04-02') }),
    );
    expect(await balance()).toBe(2_000);
    expect(
      await query(
        'select kind, amount_minor, refunded_minor, exchange_of is not null as exchanged from transaction order by id',
      ),
    ).toEqual([
      { kind: 'PURCHASE', amount_minor: '50000', refunded_minor: '50000', exchanged: false },
      { kind: 'PURCHASE', amount_minor: '40000', refunded_minor: '0', exchanged: true },
    ]);
    expect(await query(`select available_on::text from accrual where rule_code = 'april'`)).toEqual([
      { available_on: '2026-04-16' },
    ]);
    expect(exchanged?.status).toBe('ACCEPTED');
    expect(await submit(purchase({ exchangeOf: 'old', ...day('2026-04-03') }))).toEqual(['ALREADY_EXCHANGED']);
    expect(await submit(refund({ refundOf: 'old', amountMinor: 1n, ...day('2026-04-03') }))).toEqual([
      'REFUND_LARGER_THAN_PURCHASE',
    ]);
  });

  test('told before the purchase it is about ends the same', async () => {
    await open('  - { code: base, name: Base, funding: ISSUER, rate: 10% }');
    const late = purchase({ reference: 'new', exchangeOf: 'old', amountMinor: 4_000n, ...day('2026-03-12') });
    expect(await submit(late)).toEqual(['ACCEPTED']);
    expect(await submit(purchase({ reference: 'old', amountMinor: 5_000n }))).toEqual(['ACCEPTED']);
    expect(await balance()).toBe(400);
    expect(await query('select count(*)::int as n from transaction where exchange_of is not null')).toEqual([{ n: 1 }]);
  });
});

describe('an action', () => {
  test('earns by the rules for it and is no purchase: it lifts nobody, spends nothing and is not refunded', async () => {
    await open(
      `  - { code: base, name: Base, funding: ISSUER, rate: 10% }
  - { code: review, name: Review, funding: MERCHANT, fixed: 50, when: { action: review } }`,
      'caps: [{ code: reviews, per: month, measure: COUNT, max: 2, rules: [review] }]',
    );
    const review = () => purchase({ kind: 'ACTION', action: 'review', amountMinor: 0n });
    expect(await submit(review(), review(), review())).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    expect(await balance()).toBe(100);
    expect(await query('select sum(kept_minor + purchases)::int as n from member_spend_day')).toEqual([{ n: 0 }]);
    expect(await query('select distinct kind, action, amount_minor from transaction')).toEqual([
      { kind: 'ACTION', action: 'review', amount_minor: '0' },
    ]);
    expect(await submit(purchase({ kind: 'ACTION', action: 'registration', amountMinor: 0n }))).toEqual(['ACCEPTED']);
    expect(await balance()).toBe(100);
  });
});

describe('a refund with a negative reward', () => {
  const rules = `  - { code: march, name: March, funding: ISSUER, rate: 1%, when: { until: 2026-03-31 } }
  - { code: base, name: Base, funding: ISSUER, rate: 1% }`;
  const back = (amountMinor: bigint, date: string) => refund({ refundOf: 'bought', amountMinor, ...day(date) });

  test.each([
    // 1.5 + 1.5 points are 1 + 1; 0.99 take 0 + 0 back, 0.51 after it are the last and take the rest.
    ['KEPT', 'refunds: KEPT', [2, 0, 0]],
    ['NEGATIVE', 'refunds: { policy: NEGATIVE, rulesOf: PURCHASE_DATE }', [2, 2, 0]],
  ])('%s: rounded by itself, and the last of it takes the rest', async (_name, terms, balances) => {
    await open(rules, terms);
    await submit(purchase({ reference: 'bought', amountMinor: 150n }));
    const seen = [await balance()];
    await submit(back(99n, '2026-03-11'));
    seen.push(await balance());
    await submit(back(51n, '2026-03-12'));
    seen.push(await balance());
    expect(seen).toEqual(balances);
  });

  test.each([
    ['PURCHASE_DATE', 200 - 100],
    ['RETURN_DATE', 200 - 50],
  ])('by the rules of the %s', async (rulesOf, left) => {
    await open(rules, `refunds: { policy: NEGATIVE, rulesOf: ${rulesOf} }`);
    await submit(purchase({ reference: 'bought', amountMinor: 10_000n }));
    await submit(back(5_000n, '2026-04-02'));
    expect(await balance()).toBe(left);
  });
});
