/** What becomes of a purchase, whatever order its messages come in (acceptance A10, A11, A12). */
import fc from 'fast-check';
import type { AccrualDecision, EarningFacts, ProgrammeTerms, Purchase } from '../../../src/domain/earning/model.js';
import type { NamedLine } from '../../../src/domain/transactions/basket.js';
import {
  attributedOn,
  described,
  type PurchaseMessage,
  type PurchaseMessageKind,
  purchaseState,
} from '../../../src/domain/transactions/lifecycle.js';
import type { StandingAccrual, StandingPurchase } from '../../../src/domain/transactions/model.js';
import { takenBack } from '../../../src/domain/transactions/parts.js';
import {
  type DecidedPurchase,
  holdEnd,
  NOT_CLEARED,
  restate,
  settle,
  usesOf,
} from '../../../src/domain/transactions/restate.js';
import { cap, programme, rateRule, rounding, rule } from '../earning/fixture.js';

let keys = 0;
const message = (
  kind: PurchaseMessageKind,
  amountMinor: bigint,
  businessDate = '2026-03-10',
  more: Partial<PurchaseMessage> = {},
): PurchaseMessage => ({ kind, key: `${kind}-${++keys}`, amountMinor, businessDate, ...more });

const authorised = message('AUTHORISATION', 100n, '2026-01-31');
const cases: readonly [string, readonly PurchaseMessage[], string, bigint, bigint][] = [
  ['a purchase in one message', [message('PURCHASE', 100n)], 'CLEARED', 100n, 0n],
  ['an authorisation waits', [authorised], 'AUTHORISED', 100n, 0n],
  ['a part is taken back before it is cleared', [authorised, message('REVERSAL', 30n)], 'AUTHORISED', 70n, 0n],
  ['all of it is', [authorised, message('REVERSAL', 30n), message('REVERSAL', 70n)], 'REVERSED', 0n, 0n],
  ['more is reversed than there was', [authorised, message('REVERSAL', 999n)], 'REVERSED', 0n, 0n],
  ['the clearing says the amount, lower', [authorised, message('CLEARING', 80n)], 'CLEARED', 80n, 0n],
  ['or higher', [authorised, message('CLEARING', 120n)], 'CLEARED', 120n, 0n],
  ['an order in two shipments', [authorised, message('CLEARING', 60n), message('CLEARING', 45n)], 'CLEARED', 105n, 0n],
  [
    'what is cleared is not reversed any more',
    [authorised, message('CLEARING', 60n), message('REVERSAL', 100n)],
    'CLEARED',
    60n,
    0n,
  ],
  ['a clearing alone', [message('CLEARING', 60n)], 'CLEARED', 60n, 0n],
  ['refunds add up', [message('PURCHASE', 100n), message('REFUND', 30n), message('REFUND', 20n)], 'CLEARED', 100n, 50n],
  ['a refund before the second shipment', [message('CLEARING', 60n), message('REFUND', 70n)], 'CLEARED', 60n, 60n],
  ['and after it', [message('CLEARING', 60n), message('REFUND', 70n), message('CLEARING', 40n)], 'CLEARED', 100n, 70n],
  [
    'an exchange takes what is left',
    [message('PURCHASE', 100n), message('REFUND', 30n), message('EXCHANGE', 5n)],
    'CLEARED',
    100n,
    100n,
  ],
  ['a message twice counts once', [authorised, authorised], 'AUTHORISED', 100n, 0n],
];
test.each(cases)('%s', (_name, messages, status, gross, refunded) => {
  for (const order of [messages, messages.toReversed(), [...messages, ...messages]]) {
    const state = purchaseState(order);
    expect([state.status, state.grossMinor, state.refundedMinor]).toEqual([status, gross, refunded]);
  }
});

test('days: authorised on one, posted on others; the policy says which counts, the hold goes by the last clearing', () => {
  const state = purchaseState([
    authorised,
    message('CLEARING', 60n, '2026-02-05'),
    message('CLEARING', 40n, '2026-02-03', { postedOn: '2026-02-04' }),
  ]);
  expect(state).toMatchObject({ authorisedOn: '2026-01-31', postedOn: '2026-02-04', clearedOn: '2026-02-05' });
  expect(attributedOn(state, 'AUTHORISATION')).toBe('2026-01-31');
  expect(attributedOn(state, 'POSTING')).toBe('2026-02-04');
  expect(attributedOn(purchaseState([authorised]), 'POSTING')).toBe('2026-01-31');
  expect(holdEnd(state, programme({ holdDays: 14 }), {})).toBe('2026-02-19');
  expect(holdEnd(purchaseState([authorised]), programme(), {})).toBe(NOT_CLEARED);
});

test.each([
  [undefined, '2026-02-19'],
  ['WEEK', '2026-02-23'],
  ['MONTH', '2026-03-01'],
  ['QUARTER', '2026-04-01'],
  ['YEAR', '2027-01-01'],
  ['STATEMENT', '2026-03-15'],
] as const)('paid out by %s, what becomes free on 19 February is there on %s', (payout, day) => {
  const state = purchaseState([message('PURCHASE', 60n, '2026-02-05')]);
  const terms = programme({ holdDays: 14, ...(payout && { payout }) });
  expect(holdEnd(state, terms, { card: { id: 'c', statementDay: 15 } })).toBe(day);
  expect(holdEnd(purchaseState([authorised]), terms, {})).toBe(NOT_CLEARED);
});

test('the authorisation describes the purchase, clearings fill in what it left out, the earliest first', () => {
  const at = new Date('2026-01-31T12:00:00Z');
  const about = (key: string, date: string, kind: PurchaseMessageKind, words: object): PurchaseMessage =>
    message(kind, 10n, date, { key, about: { occurredAt: at, ...words } });
  const messages = [
    about('c2', '2026-02-03', 'CLEARING', { merchantId: 'M-3', mcc: '5999', channel: 'APP' }),
    about('c1', '2026-02-02', 'CLEARING', { merchantId: 'M-2', mcc: '5411' }),
    about('a', '2026-01-31', 'AUTHORISATION', { merchantId: 'M-1' }),
  ];
  for (const order of [messages, messages.toReversed()])
    expect(described(order)).toEqual({ occurredAt: at, merchantId: 'M-1', mcc: '5411', channel: 'APP' });
});

test('the basket is that of the shipments when each brings its own, else what was authorised, scaled', () => {
  const goods = (amountMinor: bigint, reference: string): NamedLine => ({
    kind: 'GOODS',
    amountMinor,
    quantity: 1,
    tags: [],
    reference,
  });
  const order = message('AUTHORISATION', 100n, '2026-01-31', { lines: [goods(75n, 'a'), goods(25n, 'b')] });
  const first = message('CLEARING', 60n, '2026-02-01', { lines: [goods(60n, 'c')] });
  const amounts = (...messages: PurchaseMessage[]) =>
    purchaseState(messages).lines?.map(({ reference, amountMinor }) => `${reference} ${amountMinor}`);
  expect(amounts(order)).toEqual(['a 75', 'b 25']);
  expect(amounts(order, first)).toEqual(['c 60']);
  const second = message('CLEARING', 20n, '2026-02-02', { lines: [goods(20n, 'd')] });
  expect(amounts(order, first, second)).toEqual(['c 60', 'd 20']);
  expect(amounts(order, first, message('CLEARING', 20n, '2026-02-03'))).toEqual(['a 60', 'b 20']);
  expect(amounts(first, message('CLEARING', 20n, '2026-02-03'))).toBeUndefined();
  expect(amounts(order, message('REVERSAL', 60n))).toEqual(['a 30', 'b 10']);
});

test('what goes back is taken from the latest part first, with its charges', () => {
  const part = (id: string, nth: number, units: bigint): StandingAccrual => ({
    id,
    ruleCode: 'base',
    funderNo: 0,
    units,
    valueMinor: units,
    commissionMinor: 0n,
    taxMinor: 0n,
    pending: true,
    part: nth,
    availableOn: '2026-03-01',
  });
  const parts = [part('later', 1, 40n), part('first', 0, 100n)];
  const { reversals, left } = takenBack(parts, [{ ruleCode: 'base', funderNo: 0, units: 90n }], programme());
  expect(reversals.map(({ accrual, units, valueMinor }) => [accrual.id, units, valueMinor])).toEqual([
    ['first', 10n, 10n],
    ['later', 40n, 40n],
  ]);
  expect(left.map(({ id, units }) => [id, units])).toEqual([
    ['later', 0n],
    ['first', 90n],
  ]);
});

describe('the events of one purchase end in the same rewards in any order, with duplicates', () => {
  const terms = (refunds: ProgrammeTerms['refunds'], attribution: ProgrammeTerms['attribution']): ProgrammeTerms =>
    programme({
      attribution,
      refunds,
      rounding: rounding('FLOOR'),
      rules: [
        rateRule('base', '1%'),
        rateRule('eco', '7%', { tags: ['eco'] }),
        rateRule('large', '3%', { minimum: { amountMinor: 5_000n, exclusive: false } }),
        // Gives more on a smaller purchase.
        rule('small', { kind: 'FIXED', units: 55n }, { maximum: { amountMinor: 4_000n, exclusive: false } }),
        rule('item', { kind: 'PER_ITEM', units: 7n }),
        rateRule('february', '2%', { from: '2026-02-01', until: '2026-02-28' }),
      ],
      caps: [cap('month', 400n), cap('large-month', 90n, { rules: ['large'] })],
    });
  const anyLines = (amountMinor: bigint): fc.Arbitrary<NamedLine[] | undefined> =>
    fc.option(
      fc.bigInt(1n, amountMinor).map((eco) =>
        [
          { kind: 'GOODS' as const, amountMinor: eco, quantity: 3, tags: ['eco'], reference: 'eco' },
          { kind: 'GOODS' as const, amountMinor: amountMinor - eco, quantity: 1, tags: [] },
        ].filter((line) => line.amountMinor > 0n),
      ),
      { nil: undefined },
    );
  const dates = fc.constantFrom('2026-01-30', '2026-02-01', '2026-02-03', '2026-03-02');
  const anyMessage = (kind: PurchaseMessageKind): fc.Arbitrary<PurchaseMessage> =>
    fc.tuple(fc.bigInt(1n, 9_000n), dates, fc.uuid()).chain(([amountMinor, businessDate, key]) =>
      (kind === 'AUTHORISATION' || kind === 'CLEARING' ? anyLines(amountMinor) : fc.constant(undefined)).map(
        (lines) => ({
          kind,
          key,
          amountMinor,
          businessDate,
          ...(lines && { lines }),
        }),
      ),
    );
  const anyLife = fc
    .tuple(
      fc.array(anyMessage('AUTHORISATION'), { maxLength: 1 }),
      fc.array(anyMessage('CLEARING'), { maxLength: 2 }),
      fc.array(anyMessage('REVERSAL'), { maxLength: 1 }),
      fc.array(anyMessage('REFUND'), { maxLength: 3 }),
      fc.array(anyMessage('EXCHANGE'), { maxLength: 1 }),
    )
    .map((parts) => parts.flat())
    .filter((all) => all.some(({ kind }) => kind === 'AUTHORISATION' || kind === 'CLEARING'));
  const facts: EarningFacts = { tier: 'basic', tierMetric: 0n, used: {} };
  const surroundings = { termsOn: () => undefined, contractOf: () => undefined, newId: () => `accrual-${++keys}` };

  /** Takes the messages in one after the other, as intake does. */
  function live(order: readonly PurchaseMessage[], under: ProgrammeTerms) {
    let standing: StandingPurchase | undefined;
    const counters = new Map<string, bigint>();
    const seen: PurchaseMessage[] = [];
    for (const one of order) {
      seen.push(one);
      if (!seen.some(({ kind }) => kind === 'AUTHORISATION' || kind === 'CLEARING')) continue;
      const state = purchaseState(seen);
      const { lines, grossMinor: amountMinor } = state;
      const said: Purchase = {
        amountMinor,
        businessDate: attributedOn(state, under.attribution),
        ...(lines && { lines }),
      };
      const kept = standing !== undefined && same(standing.purchase, said) ? standing.purchase : said;
      const now: DecidedPurchase = { purchase: kept, facts, terms: under, programmeVersion: 1, messages: [...seen] };
      if (standing === undefined) {
        standing = fresh(now, settle(now, state, surroundings).accruals);
        for (const { stored, period, amount } of usesOf(standing, under)) counters.set(`${stored} ${period}`, amount);
        continue;
      }
      const restated = restate(standing, under, now, surroundings, facts);
      for (const { stored, period, amount } of restated.uses)
        counters.set(`${stored} ${period}`, (counters.get(`${stored} ${period}`) ?? 0n) + amount);
      standing = restated.after;
    }
    return {
      status: standing?.status,
      refunded: standing?.refundedMinor,
      purchase: standing?.purchase,
      accruals: Object.fromEntries(
        Object.entries(Object.groupBy(standing?.accruals ?? [], ({ ruleCode }) => ruleCode))
          .map(([code, parts]) => [code, (parts ?? []).reduce((sum, { units }) => sum + units, 0n)] as const)
          .filter(([, units]) => units > 0n)
          .sort(),
      ),
      holds: new Set(standing?.accruals.filter(({ units }) => units > 0n).map(({ availableOn }) => availableOn)),
      counters: Object.fromEntries([...counters].filter(([, used]) => used !== 0n).sort()),
    };
  }
  const same = (a: Purchase, b: Purchase): boolean =>
    a.amountMinor === b.amountMinor && a.businessDate === b.businessDate && a.lines === b.lines;
  const fresh = (now: DecidedPurchase, accruals: readonly AccrualDecision[]): StandingPurchase => {
    const state = purchaseState(now.messages);
    return {
      id: 'p',
      memberNo: 1,
      refundedMinor: state.refundedMinor,
      purchase: now.purchase,
      facts: now.facts,
      programmeVersion: 1,
      status: state.status,
      messages: now.messages,
      accruals: accruals.map((accrual) => ({
        ...accrual,
        id: surroundings.newId(),
        valueMinor: accrual.units,
        commissionMinor: 0n,
        taxMinor: 0n,
        pending: true,
        part: 0,
        availableOn: holdEnd(state, now.terms, now.purchase),
      })),
    };
  };

  const policies: readonly [string, ProgrammeTerms['refunds'], ProgrammeTerms['attribution']][] = [
    ['kept, by authorisation', { policy: 'KEPT' }, 'AUTHORISATION'],
    ['kept, by posting', { policy: 'KEPT' }, 'POSTING'],
    ['negative', { policy: 'NEGATIVE', rulesOf: 'PURCHASE_DATE' }, 'AUTHORISATION'],
  ];
  test.each(policies)('%s', (_name, refunds, attribution) => {
    const under = terms(refunds, attribution);
    fc.assert(
      fc.property(
        anyLife.chain((life) =>
          fc.tuple(
            fc.constant(life),
            fc.shuffledSubarray(life, { minLength: life.length }),
            fc.array(fc.constantFrom(...life), { maxLength: 3 }),
          ),
        ),
        ([life, shuffled, again]) => {
          expect(live([...shuffled, ...again], under)).toEqual(live(life, under));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('and of nothing that is kept nothing is left', () => {
    const under = terms({ policy: 'KEPT' }, 'AUTHORISATION');
    fc.assert(
      fc.property(anyLife, (life) => {
        const gone = live([...life, message('EXCHANGE', 1n)], under);
        expect([gone.accruals, gone.counters]).toEqual([{}, {}]);
      }),
    );
  });
});
