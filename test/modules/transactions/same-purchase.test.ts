/** The same purchase told by its merchant and by the bank: one transaction, whoever tells first. */
import fc from 'fast-check';
import { v7 } from 'uuid';
import type { SubmitCommand } from '../../../src/domain/transactions/model.js';
import { linkCards } from '../../../src/modules/cards/index.js';
import { enrolMembers } from '../../../src/modules/members/index.js';
import type { SubmitOutcome } from '../../../src/modules/transactions/index.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { type Coalition, makeCoalition, purchase } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
let coalition: Coalition;
beforeEach(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db);
});
afterEach(async () => {
  await expectSoundLedger(db);
  await db.close();
});

const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await db.superuser.query(sql, values)).rows as Row[];
const codeOf = (outcome: SubmitOutcome | undefined): string | undefined =>
  outcome?.status === 'REJECTED' ? outcome.failure.code : (outcome?.matchReason ?? outcome?.status);
const submit = async (...commands: SubmitCommand[]): Promise<(string | undefined)[]> =>
  (await coalition.submit(...commands)).map(codeOf);

const day = (date: string) => ({ occurredAt: new Date(`${date}T12:00:00Z`), businessDate: date });
/** The bank knows card, merchant category and what its statement says; no outlet has that merchant id. */
const bank = (changes: Partial<SubmitCommand> = {}): SubmitCommand =>
  purchase({ merchantId: 'ACQ-1', descriptor: 'SHOP HIGH STREET 0042', mcc: '5942', ...changes });
/** The merchant knows its outlet and the basket. */
function shop(changes: Partial<SubmitCommand> = {}): SubmitCommand {
  const { merchantId: _, ...rest } = purchase({
    partnerCode: 'shop',
    payer: { memberCode: 'a' },
    merchant: { partnerCode: 'shop', outletCode: 'high-street' },
    lines: [
      { kind: 'GOODS', amountMinor: 7_000n, quantity: 1, tags: [], reference: 'book' },
      { kind: 'GOODS', amountMinor: 3_000n, quantity: 1, tags: [], reference: 'pen' },
    ],
    ...changes,
  });
  return rest;
}

/** Everything that stands of a member's purchases, without what was first. */
const standing = (memberNo = coalition.members.a) =>
  query(
    `select t.status, t.amount_minor, t.refunded_minor, t.business_date::text, t.posted_on::text, t.merchant_no, t.mcc,
            t.descriptor, t.card_id is not null as card, t.sides, t.lines is not null as basket,
            (select json_agg(x order by x.rule_code) from (
               select a.rule_code, a.funder_no, sum(l.units)::int as units, max(l.available_on)::text as day
               from accrual a join lot l on l.id = a.id where a.transaction_id = t.id and l.units > 0 group by 1, 2
             ) x) as accruals
     from transaction t where t.kind = 'PURCHASE' and t.member_no = $1 order by t.amount_minor`,
    [memberNo],
  );
/** What the books say about a member, whatever entries it took. */
const sums = (memberNo = coalition.members.a) =>
  query(
    `select account, case when party = $1 and account in (100, 110, 120) then 0 else party end as party, unit, sum(amount)::text
     from posting where member_no = $1 group by 1, 2, 3 having sum(amount) <> 0 order by 1, 2, 3`,
    [memberNo],
  );

test('is one transaction with both messages; each funder pays once, by what both know', async () => {
  const [first, second] = [await coalition.submit(bank()), await coalition.submit(shop())];
  expect(second).toMatchObject([
    { matchReason: 'SAME_PURCHASE', transactionId: (first[0] as { transactionId: string }).transactionId },
  ]);
  expect(await standing()).toEqual([
    {
      status: 'CLEARED',
      amount_minor: '10000',
      refunded_minor: '0',
      business_date: '2026-03-10',
      posted_on: null,
      merchant_no: coalition.shopNo,
      mcc: '5942',
      descriptor: 'SHOP HIGH STREET 0042',
      card: true,
      sides: 3,
      basket: true,
      accruals: [
        { rule_code: 'bank-cashback', funder_no: coalition.bankNo, units: 100, day: '2026-03-24' },
        { rule_code: 'shop-rate', funder_no: coalition.shopNo, units: 400, day: '2026-03-24' },
      ],
    },
  ]);
  expect(await query('select side, likeness from transaction_source order by received_at, id')).toEqual([
    { side: 2, likeness: null },
    { side: 1, likeness: { score: 80, grounds: ['SAME_AMOUNT', 'SAME_DAY', 'CARD_NOT_TOLD', 'NAME_IN_DESCRIPTOR'] } },
  ]);
  // Told again, both get the answers they got.
  expect(await query('select told_sides from member_balance where told_sides > 0')).toEqual([{ told_sides: 3 }]);
});

test('a repeat of either message gets its first answer, and another body is a conflict', async () => {
  const [b, s] = [bank({ reference: 'b' }), shop({ reference: 's' })];
  const [first] = await coalition.submit(b);
  await coalition.submit(s);
  const before = await sums();
  for (const again of [b, s]) {
    const [outcome] = await coalition.submit(again);
    expect(outcome).toMatchObject({
      status: 'DUPLICATE',
      transactionId: (first as { transactionId: string }).transactionId,
    });
  }
  expect(await submit({ ...s, amountMinor: 9_000n, lines: undefined as never })).toEqual(['REFERENCE_CONFLICT']);
  expect(await sums()).toEqual(before);
});

const never: readonly [string, () => SubmitCommand[]][] = [
  ['two messages of one partner', () => [bank(), bank()]],
  ['two of the same merchant', () => [shop(), shop()]],
  ['of two merchants', () => [shop(), purchase({ partnerCode: 'other', merchantId: 'MID-OTHER' })]],
  ['of two members', () => [bank(), shop({ payer: { memberCode: 'b' } })]],
  ['of another amount', () => [bank({ amountMinor: 9_000n }), shop()]],
  ['of another week', () => [bank(day('2026-03-20')), shop()]],
  ['at another partner', () => [bank({ merchantId: 'MID-OTHER' }), shop()]],
  ['with another approval code', () => [bank({ approvalCode: 'A1' }), shop({ approvalCode: 'A2' })]],
  ['of a shop of quite another name', () => [bank({ descriptor: 'BAKERY UNDER THE BRIDGE' }), shop()]],
];
test.each(never)('%s stay two', async (_, messages) => {
  const [first, second] = messages() as [SubmitCommand, SubmitCommand];
  expect(await submit(first, second)).toEqual(['ACCEPTED', 'ACCEPTED']);
});

test('one message takes one counterpart: two alike are told twice by each, and are two', async () => {
  await submit(bank(), bank());
  expect(await submit(shop(), shop(), shop())).toEqual(['SAME_PURCHASE', 'SAME_PURCHASE', 'ACCEPTED']);
  expect(await query('select sides, count(*)::int as n from transaction group by 1 order by 1')).toEqual([
    { sides: 1, n: 1 },
    { sides: 3, n: 2 },
  ]);
});

test('a bank that clears later, for more, with a tip, says what was paid; its approval code says that it is the same', async () => {
  await submit(shop({ approvalCode: 'K7' }));
  const later = bank({ kind: 'AUTHORISATION', reference: 'auth', amountMinor: 11_000n, approvalCode: 'K7' });
  expect(await submit(later)).toEqual(['SAME_PURCHASE']);
  expect(await standing()).toMatchObject([{ amount_minor: '10000', status: 'CLEARED' }]);
  expect(
    await submit(bank({ kind: 'CLEARING', authorisation: 'auth', amountMinor: 11_000n, ...day('2026-03-14') })),
  ).toEqual(['REFERENCE']);
  expect(await standing()).toMatchObject([
    {
      amount_minor: '11000',
      posted_on: '2026-03-14',
      business_date: '2026-03-10',
      accruals: [{ units: 110, day: '2026-03-28' }, { units: 440 }],
    },
  ]);
});

describe('what both say went back, went back once', () => {
  const back = (of: SubmitCommand, amountMinor: bigint): SubmitCommand => {
    const { merchant: _m, lines: _l, ...rest } = of;
    return {
      ...rest,
      kind: 'REFUND',
      reference: `${of.reference}-back-${amountMinor}`,
      refundOf: of.reference,
      amountMinor,
      ...day('2026-03-12'),
    };
  };

  test('named by each, whole or in parts', async () => {
    const [b, s] = [bank(), shop()];
    await submit(b, s);
    expect(await submit(back(s, 2_000n), back(b, 2_000n))).toEqual(['REFERENCE', 'REFERENCE']);
    expect(await standing()).toMatchObject([{ refunded_minor: '2000', accruals: [{ units: 80 }, { units: 320 }] }]);
    expect(await submit(back(b, 8_000n), back(s, 8_000n))).toEqual(['REFERENCE', 'REFERENCE']);
    expect(await standing()).toMatchObject([{ refunded_minor: '10000', accruals: null }]);
    expect(await submit(back(s, 1n))).toEqual(['REFUND_LARGER_THAN_PURCHASE']);
  });

  test('with lines by the merchant, of whatever the bank said before', async () => {
    const [b, s] = [bank(), shop()];
    await submit(b, s);
    await submit(back(b, 3_000n));
    expect(await submit({ ...back(s, 3_000n), returned: [{ reference: 'pen', amountMinor: 3_000n }] })).toEqual([
      'REFERENCE',
    ]);
    expect(await standing()).toMatchObject([{ refunded_minor: '3000', accruals: [{ units: 70 }, { units: 280 }] }]);
  });

  test('found by likeness, not taken from another purchase of the same amount', async () => {
    const [b, s] = [bank(), shop()];
    await submit(b, s, bank(), shop());
    await submit(back(s, 10_000n));
    const { refundOf: _, ...unnamed } = back(b, 10_000n);
    expect(await submit(unnamed)).toEqual(['MATCHED_EXACT_AMOUNT']);
    expect(await query('select refunded_minor from transaction order by 1')).toEqual([
      { refunded_minor: '0' },
      { refunded_minor: '10000' },
    ]);
  });
});

/** What both tell of one purchase of a member: everything may come in any order. */
function story(code: string, back: bigint): SubmitCommand[] {
  const card = { payer: { cardToken: `token-${code}` } };
  const auth = `${code}-auth`;
  const { lines: _, merchant: _m, ...returned } = shop({ payer: { memberCode: code } });
  return [
    bank({ ...card, kind: 'AUTHORISATION', reference: auth }),
    bank({ ...card, kind: 'CLEARING', reference: `${code}-cleared`, authorisation: auth, ...day('2026-03-12') }),
    shop({ payer: { memberCode: code }, reference: `${code}-sale` }),
    bank({ ...card, kind: 'REFUND', reference: `${code}-b`, refundOf: auth, amountMinor: back, ...day('2026-03-14') }),
    {
      ...returned,
      kind: 'REFUND' as const,
      reference: `${code}-s`,
      refundOf: `${code}-sale`,
      amountMinor: back,
      ...day('2026-03-13'),
    },
  ].filter(({ amountMinor }) => amountMinor > 0n);
}

test('in whatever order and batches it is told, the same transaction, accruals and books come of it', async () => {
  const orders = fc.record({
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
    size: fc.integer({ min: 1, max: 5 }),
    back: fc.constantFrom(0n, 2_500n, 10_000n),
  });
  let run = 0;
  const ends = new Map<bigint, unknown>();
  await fc.assert(
    fc.asyncProperty(orders, async ({ order, size, back }) => {
      run += 1;
      const code = `member-${run}`;
      const memberNo = await takeIn(code);
      const told = story(code, back);
      const mixed = order.flatMap((at) => told[at] ?? []);
      for (let from = 0; from < mixed.length; from += size) {
        const answers = await coalition.submit(...mixed.slice(from, from + size));
        expect(answers.filter(({ status }) => status === 'REJECTED')).toEqual([]);
      }
      const end = [await standing(memberNo), await sums(memberNo)];
      expect(end).toEqual(ends.get(back) ?? end);
      ends.set(back, end);
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);

async function takeIn(code: string): Promise<number> {
  return db.database.command(async (tx) => {
    const { programmeNo, bankNo } = coalition;
    const memberNo = (await enrolMembers(tx, programmeNo, [{ id: v7(), code }])).get(code)?.no ?? 0;
    const card = { id: v7(), memberNo, token: `token-${code}`, lastFour: '0003', issuerNo: bankNo };
    await linkCards(tx, programmeNo, [card]);
    return memberNo;
  });
}
