/** Different purchases may come in any order, too, as long as no counter that they share binds. */
import fc from 'fast-check';
import type { SubmitCommand } from '../../../src/domain/transactions/model.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { type Coalition, makeCoalition, purchase } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const YAML = `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
attribution: AUTHORISATION
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: HALF_EVEN
tiers: { rollingDays: 30, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: base, name: Base, funding: ISSUER, rate: 1% }
  - { code: shop, name: Shop, funding: { MERCHANT: 1/3, ISSUER: 1/3, PROGRAMME: 1/3 }, rate: 4% }
  - { code: small, name: Small, funding: ISSUER, fixed: 9, when: { maximum: 40.00 } }
caps:
  - { code: month, per: month, max: 1000000 }
budgets:
  - { code: pool, max: 1000000, rules: [small], per: year }
`;

let db: TestDatabase;
let coalition: Coalition;
beforeAll(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db, YAML);
});
afterAll(async () => {
  await expectSoundLedger(db);
  await db.close();
});

interface Bought {
  readonly amount: bigint;
  readonly cleared: readonly bigint[];
  readonly back: readonly bigint[];
}

/** Everything that is told of one order; references begin with the run, so that it can be told again. */
function messagesOf({ amount, cleared, back }: Bought, nth: number, run: number): SubmitCommand[] {
  const order = `${run}-${nth}`;
  const on = (day: number) => ({ occurredAt: new Date(`2026-03-${day}T12:00:00Z`), businessDate: `2026-03-${day}` });
  return [
    purchase({ kind: cleared.length > 0 ? 'AUTHORISATION' : 'PURCHASE', reference: order, amountMinor: amount }),
    ...cleared.map((amountMinor, index) =>
      purchase({
        kind: 'CLEARING',
        reference: `${order}-c${index}`,
        authorisation: order,
        amountMinor,
        ...on(12 + index),
      }),
    ),
    ...back.map((amountMinor, index) =>
      purchase({ kind: 'REFUND', reference: `${order}-r${index}`, refundOf: order, amountMinor, ...on(15 + index) }),
    ),
  ];
}

async function standing(run: number): Promise<unknown[]> {
  const { rows } = await db.superuser.query(
    `select substr(s.reference, length($1) + 1) as order, t.status, t.amount_minor, t.refunded_minor, t.posted_on::text,
            (select json_agg(json_build_array(x.rule_code, x.funder_no, x.units, x.day) order by x.rule_code, x.funder_no) from (
               select a.rule_code, a.funder_no, sum(l.units) as units, max(l.available_on)::text as day
               from accrual a join lot l on l.id = a.id where a.transaction_id = t.id and l.units > 0 group by 1, 2
             ) x) as accruals
     from transaction t join transaction_source s on s.transaction_id = t.id
     where s.kind in (1, 3) and s.reference like $1 || '%' order by 1`,
    [`${run}-`],
  );
  return rows;
}

const anyOrder: fc.Arbitrary<Bought> = fc
  .record({
    amount: fc.bigInt(100n, 9_000n),
    cleared: fc.array(fc.bigInt(1n, 6_000n), { maxLength: 2 }),
    shares: fc.array(fc.bigInt(1n, 40n), { maxLength: 2 }),
  })
  .map(({ amount, cleared, shares }) => {
    const gross = cleared.length > 0 ? cleared.reduce((sum, one) => sum + one, 0n) : amount;
    return { amount, cleared, back: shares.map((share) => (gross * share) / 100n).filter((part) => part > 0n) };
  });

let runs = 0;
test('and end the same, purchase by purchase', async () => {
  const lives = fc.array(anyOrder, { minLength: 2, maxLength: 6 });
  const story = lives.chain((orders) => {
    const places = orders.flatMap((order, nth) => messagesOf(order, nth, 0).map((_, at) => [nth, at] as const));
    const shuffled = fc.shuffledSubarray(places, { minLength: places.length });
    return fc.tuple(fc.constant(orders), shuffled, fc.integer({ min: 1, max: 5 }));
  });
  await fc.assert(
    fc.asyncProperty(story, async ([orders, shuffled, size]) => {
      const [straight, mixed] = [++runs, ++runs];
      await coalition.submit(...orders.flatMap((order, nth) => messagesOf(order, nth, straight)));
      const told = shuffled.map(([nth, at]) => messagesOf(orders[nth] as Bought, nth, mixed)[at] as SubmitCommand);
      for (let from = 0; from < told.length; from += size) {
        const outcomes = await coalition.submit(...told.slice(from, from + size));
        expect(outcomes.filter(({ status }) => status === 'REJECTED')).toEqual([]);
      }
      expect(await standing(mixed)).toEqual(await standing(straight));
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 60_000);
