import fc from 'fast-check';
import type { Conditions, Progress, ProgressBefore, Purchase } from '../../../src/domain/earning/model.js';
import { type PastPurchase, progressBefore, progressPeriodStart } from '../../../src/domain/earning/progress.js';
import { buying, CATEGORIES, memberTerms, ruleWhen } from './member-terms.js';

const reaches = (more: Partial<Progress> = {}): Progress => ({
  metric: 'PURCHASES',
  per: 'MONTH',
  mark: 3n,
  repeats: false,
  atSamePartner: false,
  ...more,
});

const termsWith = (progress: Partial<Progress>, when: Conditions = {}) =>
  memberTerms({ rules: [ruleWhen('plain', {}), ruleWhen('mark', { ...when, reaches: reaches(progress) })] });

const at = (partnerCode: string, outletCode?: string): Partial<Purchase> => ({
  merchant: { partnerNo: 1, partnerCode, ...(outletCode !== undefined && { outletCode }) },
});

let made = 0;
const past = (businessDate: string, more: Partial<PastPurchase> = {}): PastPurchase => {
  made += 1;
  return { id: `past-${made}`, businessDate, keptMinor: 1_000n, category: 'food', ...more };
};

/** The purchase is on 2026-03-10, a Tuesday, in food. */
const CASES: readonly [
  what: string,
  progress: Partial<Progress>,
  when: Conditions,
  purchase: Partial<Purchase>,
  past: readonly PastPurchase[],
  stood: ProgressBefore | undefined,
][] = [
  ['nothing yet is left out', {}, {}, {}, [], undefined],
  ['purchases of the month', {}, {}, {}, [past('2026-02-28'), past('2026-03-01'), past('2026-03-10')], { before: 2n }],
  ['later days of the period that came first', {}, {}, {}, [past('2026-03-31'), past('2026-04-01')], { before: 1n }],
  ['what was given back counts for nothing', {}, {}, {}, [past('2026-03-01', { keptMinor: 0n })], undefined],
  [
    'spend that was kept',
    { metric: 'SPEND' },
    {},
    {},
    [past('2026-03-01'), past('2026-03-02', { keptMinor: 250n })],
    { before: 1_250n },
  ],
  ['a week begins on Monday', { per: 'WEEK' }, {}, {}, [past('2026-03-08'), past('2026-03-09')], { before: 1n }],
  ['a quarter', { per: 'QUARTER' }, {}, {}, [past('2025-12-31'), past('2026-01-01')], { before: 1n }],
  ['a year', { per: 'YEAR' }, {}, {}, [past('2025-12-31'), past('2026-01-01')], { before: 1n }],
  ['a day', { per: 'DAY' }, {}, {}, [past('2026-03-09'), past('2026-03-10')], { before: 1n }],
  ['a lifetime', { per: 'LIFETIME' }, {}, {}, [past('1999-12-31'), past('2030-01-01')], { before: 2n }],
  ['a transaction has no past', { per: 'TRANSACTION' }, {}, {}, [past('2026-03-10')], undefined],
  [
    'a statement cycle of the card',
    { per: 'STATEMENT' },
    {},
    { card: { id: 'c', statementDay: 5 } },
    [past('2026-03-04'), past('2026-03-05'), past('2026-04-04'), past('2026-04-05')],
    { before: 2n },
  ],
  [
    'a campaign from its first to its last day',
    { per: 'CAMPAIGN' },
    { from: '2026-02-10', until: '2026-03-20' },
    {},
    [past('2026-02-09'), past('2026-02-10'), past('2026-03-20'), past('2026-03-21')],
    { before: 2n },
  ],
  [
    'a campaign without a last day',
    { per: 'CAMPAIGN' },
    { from: '2026-02-10' },
    {},
    [past('2026-02-09'), past('2031-01-01')],
    { before: 1n },
  ],
  [
    'partners of the rule',
    {},
    { partners: ['a', 'b'] },
    at('a'),
    [past('2026-03-01', { partnerCode: 'b' }), past('2026-03-01', { partnerCode: 'c' }), past('2026-03-01')],
    { before: 1n },
  ],
  [
    'outlets of the rule',
    {},
    { outlets: ['a/x'] },
    at('a', 'x'),
    [
      past('2026-03-01', { partnerCode: 'a', outletCode: 'x' }),
      past('2026-03-01', { partnerCode: 'b', outletCode: 'x' }),
      past('2026-03-01', { partnerCode: 'a' }),
    ],
    { before: 1n },
  ],
  [
    'channels of the rule',
    {},
    { channels: ['APP'] },
    { channel: 'APP' },
    [past('2026-03-01', { channel: 'APP' }), past('2026-03-01', { channel: 'ONLINE' }), past('2026-03-01')],
    { before: 1n },
  ],
  [
    'categories of the rule',
    {},
    { categories: ['food'] },
    {},
    [past('2026-03-01'), past('2026-03-01', { category: 'fuel' })],
    { before: 1n },
  ],
  [
    'each partner by itself',
    { atSamePartner: true },
    {},
    at('a'),
    [past('2026-03-01', { partnerCode: 'a' }), past('2026-03-01', { partnerCode: 'b' }), past('2026-03-01')],
    { before: 1n },
  ],
  [
    'at no partner nothing is done at the same one',
    { atSamePartner: true },
    {},
    {},
    [past('2026-03-01')],
    { before: 0n, fresh: false },
  ],
  [
    'different partners, this one is new',
    { metric: 'PARTNERS' },
    {},
    at('c'),
    [
      past('2026-03-01', { partnerCode: 'a' }),
      past('2026-03-02', { partnerCode: 'b' }),
      past('2026-03-03', { partnerCode: 'a' }),
    ],
    { before: 2n, fresh: true },
  ],
  [
    'different partners, this one is known',
    { metric: 'PARTNERS' },
    {},
    at('a'),
    [past('2026-03-01', { partnerCode: 'a' })],
    { before: 1n, fresh: false },
  ],
  ['no partner is not a new one', { metric: 'PARTNERS' }, {}, {}, [past('2026-03-01')], { before: 0n, fresh: false }],
  [
    'a partner of last month is new again',
    { metric: 'PARTNERS' },
    {},
    at('a'),
    [past('2026-02-01', { partnerCode: 'a' })],
    undefined,
  ],
  [
    'different categories, this one is known',
    { metric: 'CATEGORIES' },
    {},
    {},
    [past('2026-03-01'), past('2026-03-01', { category: 'fuel' }), past('2026-03-01', { category: 'UNCATEGORISED' })],
    { before: 2n, fresh: false },
  ],
  [
    'different categories, this one is new',
    { metric: 'CATEGORIES' },
    {},
    {},
    [past('2026-03-01', { category: 'fuel' })],
    { before: 1n, fresh: true },
  ],
  // the purchase cannot meet the rule
  ['at another partner', {}, { partners: ['a'] }, at('b'), [past('2026-03-01', { partnerCode: 'a' })], undefined],
  [
    'at another outlet',
    {},
    { outlets: ['a/x'] },
    at('a'),
    [past('2026-03-01', { partnerCode: 'a', outletCode: 'x' })],
    undefined,
  ],
  [
    'by another channel',
    {},
    { channels: ['APP'] },
    { channel: 'ONLINE' },
    [past('2026-03-01', { channel: 'APP' })],
    undefined,
  ],
  ['before the first day', {}, { from: '2026-03-11' }, {}, [past('2026-03-01')], undefined],
  ['after the last day', {}, { until: '2026-03-09' }, {}, [past('2026-03-01')], undefined],
  ['another event', {}, { action: 'review' }, {}, [past('2026-03-01')], undefined],
  ['the event itself', {}, { action: 'review' }, { action: 'review' }, [past('2026-03-01')], { before: 1n }],
];

test.each(CASES)('%s', (_what, progress, when, purchase, history, stood) => {
  const found = progressBefore(termsWith(progress, when), buying(purchase), 'food', history);
  expect(found).toEqual(stood === undefined ? {} : { mark: stood });
});

test('a purchase that nothing classifies is in no category', () => {
  const terms = termsWith({ metric: 'CATEGORIES' });
  expect(progressBefore(terms, buying(), 'UNCATEGORISED', [])).toEqual({ mark: { before: 0n, fresh: false } });
});

test.each<[string, Partial<Progress>, Conditions, Partial<Purchase>, string | undefined]>([
  ['the month', {}, {}, {}, '2026-03-01'],
  ['a lifetime', { per: 'LIFETIME' }, {}, {}, '0001-01-01'],
  ['a campaign', { per: 'CAMPAIGN' }, { from: '2026-02-10' }, {}, '2026-02-10'],
  ['a statement cycle', { per: 'STATEMENT' }, {}, { card: { id: 'c', statementDay: 15 } }, '2026-02-15'],
  ['nothing for a transaction', { per: 'TRANSACTION' }, {}, {}, undefined],
  ['nothing when the purchase cannot meet it', {}, { partners: ['a'] }, {}, undefined],
])('history is needed back to the beginning of %s', (_what, progress, when, purchase, start) => {
  expect(progressPeriodStart(termsWith(progress, when), buying(purchase))).toBe(start);
});

test('no history is needed without marks, and the longest of several', () => {
  expect(progressPeriodStart(memberTerms({ rules: [ruleWhen('plain', {})] }), buying())).toBeUndefined();
  const terms = memberTerms({
    rules: [ruleWhen('month', { reaches: reaches() }), ruleWhen('year', { reaches: reaches({ per: 'YEAR' }) })],
  });
  expect(progressPeriodStart(terms, buying())).toBe('2026-01-01');
});

// --------------------------------------------------------------------------------------------- properties

const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-0${1 + (n % 4)}-${String(n).padStart(2, '0')}`);
const partner = fc.constantFrom('a', 'b', 'c');
const history = fc.array(
  fc.record(
    {
      id: fc.uuid(),
      businessDate: day,
      keptMinor: fc.bigInt({ min: 0n, max: 10_000n }),
      partnerCode: partner,
      channel: fc.constantFrom('APP' as const, 'ONLINE' as const),
      category: fc.constantFrom(...CATEGORIES.slice(0, 3), 'UNCATEGORISED'),
    },
    { requiredKeys: ['id', 'businessDate', 'keptMinor', 'category'] },
  ),
  { maxLength: 12 },
);
const marks = fc.record({
  metric: fc.constantFrom('PURCHASES' as const, 'SPEND' as const, 'PARTNERS' as const, 'CATEGORIES' as const),
  per: fc.constantFrom('DAY' as const, 'WEEK' as const, 'MONTH' as const, 'STATEMENT' as const, 'LIFETIME' as const),
  atSamePartner: fc.boolean(),
});
const conditions = fc.record(
  { partners: fc.uniqueArray(partner, { minLength: 1 }), categories: fc.constantFrom(['food'], ['fuel', 'books']) },
  { requiredKeys: [] },
);
const purchases = fc
  .record({ businessDate: day, partner: fc.option(partner, { nil: undefined }) })
  .map(({ businessDate, partner }) => buying({ businessDate, ...(partner !== undefined && at(partner)) }));

test('the order of the past is irrelevant', () => {
  fc.assert(
    fc.property(marks, conditions, purchases, history, fc.func(fc.integer()), (progress, when, purchase, list, key) => {
      const terms = termsWith(progress, when);
      const shuffled = [...list].sort((a, b) => key(a.id) - key(b.id));
      expect(progressBefore(terms, purchase, 'food', shuffled)).toEqual(progressBefore(terms, purchase, 'food', list));
    }),
  );
});

test('history before progressPeriodStart makes no difference', () => {
  fc.assert(
    fc.property(marks, conditions, purchases, history, (progress, when, purchase, list) => {
      const terms = termsWith(progress, when);
      const start = progressPeriodStart(terms, purchase);
      const loaded = list.filter(({ businessDate }) => start !== undefined && businessDate >= start);
      expect(progressBefore(terms, purchase, 'food', loaded)).toEqual(progressBefore(terms, purchase, 'food', list));
    }),
  );
});

test('more history never lowers progress, and less kept never raises it', () => {
  fc.assert(
    fc.property(marks, conditions, purchases, history, fc.nat(), (progress, when, purchase, list, which) => {
      fc.pre(list.length > 0);
      const terms = termsWith(progress, when);
      const before = (past: readonly PastPurchase[]): bigint =>
        progressBefore(terms, purchase, 'food', past).mark?.before ?? 0n;
      const index = which % list.length;
      const refunded = list.map((one, place) => (place === index ? { ...one, keptMinor: one.keptMinor / 2n } : one));
      expect(before(list.toSpliced(index, 1)) <= before(list)).toBe(true);
      expect(before(refunded) <= before(list)).toBe(true);
    }),
  );
});
