/**
 * Random lives of many purchases, told in random pieces, orders and batches, under caps, a budget, marks and
 * tiers: nothing breaks, every message has one answer for ever, and the ledger is sound.
 */
import fc from 'fast-check';
import { explanationDigest } from '../../../src/domain/earning/explain.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import type { SubmitCommand } from '../../../src/domain/transactions/model.js';
import { decisionOn } from '../../../src/domain/transactions/restate.js';
import { confirmDue } from '../../../src/modules/earning/index.js';
import { decodeDecision } from '../../../src/modules/transactions/decision-facts.js';
import { loadStanding, type SubmitOutcome } from '../../../src/modules/transactions/index.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { type Coalition, makeCoalition, purchase, repeatOf } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const YAML = `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
attribution: POSTING
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
categories:
  fuel: { name: Fuel, mcc: ["5541"] }
partners: { shop: }
tiers:
  calendar: month
  downgrade: { to: EARNED, graceDays: 5 }
  levels: [{ code: basic, name: Basic, from: 0 }, { code: gold, name: Gold, from: 300 }]
groups:
  best: { mode: BEST_OF, priority: 5 }
rules:
  - { code: matrix, name: Matrix, funding: ISSUER, matrix: { basic: { BASE: 1%, fuel: 2% }, gold: { BASE: 2%, fuel: 4% } } }
  - { code: shop, name: Shop, funding: { MERCHANT: 1/3, PROGRAMME: 2/3 }, rate: 4%, group: best, when: { partners: [shop] } }
  - { code: small, name: Small, funding: ISSUER, fixed: 90, group: best, when: { maximum: 40.00 } }
  - { code: eco, name: Eco, funding: ISSUER, rate: 10%, when: { tags: [eco] } }
  - { code: piece, name: Piece, funding: ISSUER, perItem: 3 }
  - { code: bands, name: Bands, funding: PROGRAMME, accumulate: month, bands: [{ upTo: 100, rate: 5% }, { rate: 1% }] }
  - { code: mark, name: Mark, funding: PROGRAMME, fixed: 77, when: { reaches: { spend: 200.00, per: month, repeats: true } } }
  - { code: third, name: Third, funding: PROGRAMME, fixed: 55, when: { reaches: { purchases: 3, per: month } } }
  - { code: review, name: Review, funding: ISSUER, fixed: 20, when: { action: review } }
caps:
  - { code: fuel-month, category: fuel, per: month, max: 300 }
  - { code: card-month, per: month, of: CARD, max: 2500 }
  - { code: eco-count, per: month, measure: COUNT, max: 4, rules: [eco] }
  - { code: shop-spend, per: month, measure: SPEND, max: 250.00, rules: [shop] }
budgets:
  - { code: pool, max: 700, rules: [mark, small], per: month }
  - { code: kept, max: 60, rules: [piece], per: month, refundReleases: false }
`;

let db: TestDatabase;
let coalition: Coalition;

const KINDS = [
  'PURCHASE',
  'AUTHORISATION',
  'CLEARING',
  'CLEARING',
  'REVERSAL',
  'REFUND',
  'REFUND',
  'EXCHANGE',
  'ACTION',
] as const;

/** Drawn small, so that orders, members and days meet often. */
const anyMessage = fc.record({
  kind: fc.constantFrom(...KINDS),
  order: fc.nat(7),
  other: fc.nat(7),
  member: fc.constantFrom('a', 'a', 'a', 'b'),
  amount: fc.bigInt(1n, 15_000n),
  day: fc.integer({ min: 27, max: 34 }),
  lines: fc.boolean(),
  fuel: fc.boolean(),
  shop: fc.boolean(),
  named: fc.boolean(),
  posted: fc.nat(3),
});

type Drawn = typeof anyMessage extends fc.Arbitrary<infer T> ? T : never;

/** The last days of one month and the first of the next; every run has months of its own. */
const dayOf = (run: number, day: number): string =>
  addDays(`${2020 + Math.floor(run / 6)}-${String(2 * (run % 6) + 1).padStart(2, '0')}-01`, day - 1);

function commandOf(drawn: Drawn, run: number, index: number): SubmitCommand {
  const { kind, amount, fuel, shop, member } = drawn;
  const order = `${run}-order-${drawn.order}`;
  const date = dayOf(run, drawn.day);
  const isBought = kind === 'PURCHASE' || kind === 'AUTHORISATION';
  const basket = drawn.lines && (isBought || kind === 'CLEARING');
  const eco = amount / 3n;
  return purchase({
    kind: kind === 'EXCHANGE' ? 'PURCHASE' : kind,
    reference: isBought ? order : `${run}-${index}`,
    payer: { cardToken: `token-${member}-0001` },
    amountMinor: kind === 'ACTION' ? 0n : amount,
    occurredAt: new Date(`${date}T12:00:00Z`),
    businessDate: date,
    merchantId: shop ? 'MID-SHOP' : 'MID-OTHER',
    ...(fuel && { mcc: '5541' }),
    ...(kind === 'ACTION' && { action: 'review' }),
    ...(kind === 'EXCHANGE' && { exchangeOf: `${run}-order-${drawn.other}` }),
    ...((kind === 'REVERSAL' || (kind === 'CLEARING' && drawn.named)) && { authorisation: order }),
    ...(kind === 'REFUND' && drawn.named && { refundOf: order }),
    ...(kind === 'PURCHASE' && drawn.posted > 0 && { postedOn: dayOf(run, drawn.day + drawn.posted) }),
    ...(basket && {
      lines: [
        ...(eco > 0n
          ? [{ kind: 'GOODS' as const, amountMinor: eco, quantity: 2, tags: ['eco'], reference: 'eco' }]
          : []),
        { kind: 'GOODS' as const, amountMinor: amount - eco, quantity: 3, tags: [] },
      ],
    }),
  });
}

/** A cap or a budget on rewards has used exactly what stands of the purchases of its period. */
const countersThatDiffer = async (): Promise<unknown[]> =>
  (
    await db.superuser.query(
      `with standing as (
         select t.member_no, t.card_id, date_trunc('month', t.business_date)::date as period, a.rule_code, l.units
         from transaction t join accrual a on a.transaction_id = t.id join lot l on l.id = a.id
       ), used as (
         select cap_code as code, period, used from member_counter where cap_code like 'card-month@%'
         union all
         select code, period, used from budget_counter where code = 'pool'
       ), stands as (
         select 'card-month@' || card_id as code, period, sum(units) as units from standing group by 1, 2
         union all
         select 'pool', period, sum(units) from standing where rule_code in ('mark', 'small') group by 1, 2
       )
       select code, period::text, used, units from used full join stands using (code, period)
       where coalesce(used, 0) <> coalesce(units, 0)`,
    )
  ).rows;

/** What is stored of a decision is enough to make it again, whatever was told since. */
async function decidedOtherwise(): Promise<string[]> {
  const { rows } = await db.superuser.query<{ id: string; member_no: number; digest: Buffer }>(
    `select id, member_no, explanation_digest as digest from transaction where kind in ('PURCHASE', 'ACTION')`,
  );
  const keys = rows.map(({ id, member_no }) => ({ id, memberNo: member_no }));
  const { reference, purchases } = await db.database.command(async (tx) => ({
    reference: await coalition.cache.current(tx),
    purchases: (await loadStanding(tx, keys)).purchases,
  }));
  const digests = new Map(rows.map(({ id, digest }) => [id, digest]));
  return purchases.flatMap((row) => {
    const { purchase: bought, facts, terms } = decodeDecision(row, reference);
    const { explanation } = decisionOn(bought, facts, terms);
    return explanationDigest(explanation).equals(digests.get(row.id) ?? Buffer.alloc(0)) ? [] : [row.id];
  });
}

/** Tells `numRuns` stories one after the other, each in months of its own. */
export async function tellRandomLives(numRuns: number): Promise<void> {
  db = await openTestDatabase();
  try {
    coalition = await makeCoalition(db, YAML);
    await fc.assert(anyLife(), { numRuns, endOnFailure: true });
  } finally {
    await db.close();
  }
}

function anyLife() {
  let runs = 0;
  const anyStory = fc.array(fc.tuple(anyMessage, fc.constantFrom('more', 'more', 'send', 'confirm')), {
    minLength: 30,
    maxLength: 60,
  });
  return fc.asyncProperty(anyStory, async (story) => {
    const run = ++runs;
    const told = story.map(([drawn], index) => commandOf(drawn, run, index));
    let batch: SubmitCommand[] = [];
    const answers = new Map<SubmitCommand, SubmitOutcome>();
    const send = async (): Promise<void> => {
      const outcomes = await coalition.submit(...batch);
      for (const [index, command] of batch.entries()) answers.set(command, outcomes[index] as SubmitOutcome);
      batch = [];
    };
    for (const [index, [, then]] of story.entries()) {
      batch.push(told[index] as SubmitCommand);
      if (then !== 'more') await send();
      if (then === 'confirm')
        await confirmDue(db.database, coalition.programmeNo, dayOf(run, story[index]?.[0].day ?? 31));
    }
    await send();
    await expectSoundLedger(db);
    const again = await coalition.submit(...told);
    again.forEach((outcome, index) => {
      const first = answers.get(told[index] as SubmitCommand);
      if (first?.status !== 'REJECTED') expect(outcome).toEqual(repeatOf(first));
    });
    const { rows } = await db.superuser.query(
      `select (select count(*) from budget_counter where code = 'pool' and used > 700 or code = 'kept' and used > 60)::int as overspent,
                (select count(*) from member_counter where cap_code = 'fuel-month' and used > 300)::int as over_the_cap,
                (select count(*) from transaction t where t.kind = 'PURCHASE' and t.refunded_minor = t.amount_minor
                   and exists (select from accrual a join lot l on l.id = a.id where a.transaction_id = t.id and l.units > 0))::int as of_nothing`,
    );
    expect(await countersThatDiffer()).toEqual([]);
    expect(await decidedOtherwise()).toEqual([]);
    expect(rows).toEqual([{ overspent: 0, over_the_cap: 0, of_nothing: 0 }]);
  });
}
