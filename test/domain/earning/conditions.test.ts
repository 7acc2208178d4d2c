/** When a rule holds: one table over all conditions, each with what just holds and what just does not. */
import { evaluate } from '../../../src/domain/earning/evaluate.js';
import type { Conditions, EarningFacts, Progress, Purchase, ZeroReason } from '../../../src/domain/earning/model.js';
import { facts, ISSUER, MERCHANT, programme, purchase, rateRule, rule } from './fixture.js';

const decide = (when: Conditions, bought: Partial<Purchase>, seen: Partial<EarningFacts>) =>
  evaluate(purchase(10_000n, bought), facts(seen), programme({ rules: [rateRule('a', '1%', when)] }));

// 2026-03-10 is a Tuesday.
test.each<
  [string, Conditions, Partial<Purchase>, Partial<EarningFacts>, Partial<Purchase>, Partial<EarningFacts>, ZeroReason]
>([
  ['partner', { partners: ['shop'] }, { merchant: MERCHANT }, {}, {}, {}, 'RULE_OTHER_PARTNER'],
  [
    'outlet',
    { outlets: ['shop/high-street'] },
    { merchant: MERCHANT },
    {},
    { merchant: { ...MERCHANT, outletCode: 'airport' } },
    {},
    'RULE_OTHER_PARTNER',
  ],
  ['bank of the card', { issuers: ['bank'] }, { issuer: ISSUER }, {}, {}, {}, 'OTHER_CARD'],
  [
    'product of the card',
    { cardProducts: ['debit'] },
    { card: { id: 'c', product: 'debit' } },
    {},
    { card: { id: 'c', product: 'credit' } },
    {},
    'OTHER_CARD',
  ],
  ['channel', { channels: ['ONLINE', 'APP'] }, { channel: 'APP' }, {}, { channel: 'IN_STORE' }, {}, 'OTHER_CHANNEL'],
  ['category', { categories: ['food'] }, { mcc: '5411' }, {}, { mcc: '9999' }, {}, 'OTHER_CATEGORY'],
  ['first day', { from: '2026-03-10' }, {}, {}, { businessDate: '2026-03-09' }, {}, 'RULE_NOT_IN_FORCE'],
  ['last day', { until: '2026-03-10' }, {}, {}, { businessDate: '2026-03-11' }, {}, 'RULE_NOT_IN_FORCE'],
  ['day of the week', { weekdays: [2] }, {}, {}, { businessDate: '2026-03-11' }, {}, 'OTHER_TIME'],
  ['hours', { hours: [{ from: '18:00', until: '22:00' }] }, { time: '18:00' }, {}, { time: '22:00' }, {}, 'OTHER_TIME'],
  [
    'hours over midnight',
    { hours: [{ from: '22:00', until: '02:00' }] },
    { time: '01:59' },
    {},
    { time: '02:00' },
    {},
    'OTHER_TIME',
  ],
  [
    "hours on the member's clock",
    { hours: [{ from: '18:00', until: '22:00' }], clock: 'MEMBER' },
    { time: '10:00', memberTime: '19:00' },
    {},
    { time: '19:00', memberTime: '10:00' },
    {},
    'OTHER_TIME',
  ],
  [
    "day on the member's clock",
    { weekdays: [3], clock: 'MEMBER' },
    { memberDate: '2026-03-11' },
    {},
    {},
    {},
    'OTHER_TIME',
  ],
  [
    'minimum, inclusive (A14)',
    { minimum: { amountMinor: 10_000n, exclusive: false } },
    {},
    {},
    { amountMinor: 9_999n },
    {},
    'MINIMUM_NOT_MET',
  ],
  [
    'minimum, exclusive (A14)',
    { minimum: { amountMinor: 9_999n, exclusive: true } },
    {},
    {},
    { amountMinor: 9_999n },
    {},
    'MINIMUM_NOT_MET',
  ],
  [
    'maximum, inclusive',
    { maximum: { amountMinor: 10_000n, exclusive: false } },
    {},
    {},
    { amountMinor: 10_001n },
    {},
    'MAXIMUM_PASSED',
  ],
  [
    'maximum, exclusive',
    { maximum: { amountMinor: 10_001n, exclusive: true } },
    {},
    {},
    { amountMinor: 10_001n },
    {},
    'MAXIMUM_PASSED',
  ],
  [
    'items (A14)',
    { minimumItems: 2 },
    { lines: [{ kind: 'GOODS', amountMinor: 10_000n, quantity: 2, tags: [] }] },
    {},
    {},
    {},
    'MINIMUM_NOT_MET',
  ],
  [
    'product',
    { tags: ['eco'] },
    { lines: [{ kind: 'GOODS', amountMinor: 10_000n, quantity: 1, tags: ['eco'] }] },
    {},
    {},
    {},
    'OTHER_PRODUCT',
  ],
  ['tier', { tiers: ['gold'] }, {}, { tier: 'gold' }, {}, { tier: 'basic' }, 'OTHER_TIER'],
  ['segment', { segments: ['students'] }, {}, {}, {}, { gates: { a: 'NOT_IN_SEGMENT' } }, 'NOT_IN_SEGMENT'],
  ['activation', { activation: {} }, {}, {}, {}, { gates: { a: 'NOT_ACTIVATED' } }, 'NOT_ACTIVATED'],
  [
    'birthday',
    { birthday: { daysBefore: 0, daysAfter: 0, leapDay: 'FEB_28' } },
    {},
    {},
    {},
    { gates: { a: 'NOT_BIRTHDAY' } },
    'NOT_BIRTHDAY',
  ],
  [
    'chosen category',
    { chosen: 'monthly' },
    { mcc: '5411' },
    { chosen: { monthly: ['food'] } },
    { mcc: '5411' },
    { chosen: { monthly: ['travel'] } },
    'NOT_CHOSEN',
  ],
  [
    'variant',
    { experiment: { code: 'spring', variants: ['a'] } },
    {},
    { variants: { spring: 'a' } },
    {},
    { variants: { spring: 'holdout' } },
    'OTHER_VARIANT',
  ],
])('%s', (_, when, holding, seen, failing, unseen, reason) => {
  expect(decide(when, holding, seen).zeroReason).toBeUndefined();
  const missed = decide(when, failing, unseen);
  expect(missed).toMatchObject({ totalUnits: 0n, zeroReason: reason });
  expect(missed.explanation.children.map(({ text }) => text).join(' ')).not.toMatch(/undefined|NaN/);
});

describe('marks', () => {
  const bonus = (mark: Partial<Progress>) =>
    rule(
      'bonus',
      { kind: 'FIXED', units: 1_000n },
      { reaches: { metric: 'PURCHASES', per: 'MONTH', mark: 3n, repeats: false, atSamePartner: false, ...mark } },
    );
  test.each<[string, Partial<Progress>, EarningFacts['progress'], bigint]>([
    ['the purchase that reaches it', {}, { bonus: { before: 2n } }, 1_000n],
    ['not before', {}, { bonus: { before: 1n } }, 0n],
    ['not again', {}, { bonus: { before: 3n } }, 0n],
    ['nothing known is nothing yet', { mark: 1n }, undefined, 1_000n],
    ['again at every multiple', { repeats: true }, { bonus: { before: 5n } }, 1_000n],
    [
      'spend, several marks at once',
      { metric: 'SPEND', mark: 4_000n, repeats: true },
      { bonus: { before: 2_000n } },
      3_000n,
    ],
    ['a third different partner', { metric: 'PARTNERS' }, { bonus: { before: 2n, fresh: true } }, 1_000n],
    ['a partner that was counted', { metric: 'PARTNERS' }, { bonus: { before: 2n, fresh: false } }, 0n],
  ])('%s', (_, mark, progress, expected) => {
    const seen = progress === undefined ? facts() : facts({ progress });
    expect(evaluate(purchase(10_000n), seen, programme({ rules: [bonus(mark)] })).totalUnits).toBe(expected);
  });
});

test('an event that is not a purchase earns by its own rules only, and purchases never by those', () => {
  const review = rule('review', { kind: 'FIXED', units: 50n }, { action: 'review' });
  const terms = programme({ rules: [review, rateRule('base', '1%')] });
  const event = purchase(0n, { action: 'review' });
  expect(evaluate(event, facts(), terms).accruals).toEqual([{ ruleCode: 'review', funderNo: 0, units: 50n }]);
  expect(evaluate(purchase(10_000n), facts(), terms).accruals).toEqual([
    { ruleCode: 'base', funderNo: 0, units: 100n },
  ]);
  expect(evaluate(purchase(0n, { action: 'registration' }), facts(), terms)).toMatchObject({
    zeroReason: 'OTHER_EVENT',
  });
});
