import { type Bound, boundsOf } from '../../../src/domain/earning/bounds.js';
import type {
  Conditions,
  EarningRule,
  Effect,
  ProgrammeTerms,
  Progress,
  RewardRounding,
} from '../../../src/domain/earning/model.js';
import { cap, programme, r, rateRule, rounding, rule } from './fixture.js';

const FLOOR = rounding('FLOOR');
const reaches = (more: Partial<Progress> = {}): Conditions => ({
  reaches: { metric: 'PURCHASES', per: 'MONTH', mark: 3n, repeats: false, atSamePartner: false, ...more },
});
const MATRIX: Effect = {
  kind: 'TIER_CATEGORY_MATRIX',
  rates: { basic: { food: r('1%'), travel: r('2%') }, gold: { food: r('3%') } },
};
const HALF_OF_THREE = { rules: ['half'], per: 'LIFETIME', measure: 'COUNT' } as const;

const bandsTo = (accumulate: EarningRule['accumulate']): EarningRule =>
  rule(
    'bands',
    { kind: 'BANDS', bands: [{ uptoMinor: 30_000n, rate: r('5%') }, { rate: r('0%') }] },
    {},
    accumulate === undefined ? {} : { accumulate },
  );

/** "30.00 a MONTH of MEMBER by cap": as short as a table can say it. */
const brief = ({ bounded, limits }: Bound): string =>
  [bounded, ...limits.map(({ stated, per, holder, caps }) => [stated, per, holder, ...caps].join(' '))].join(' | ');

test.each<[string, Partial<ProgrammeTerms>, string]>([
  ['a rate by itself', {}, 'UNBOUNDED'],
  ['a rate of nothing', { rules: [rateRule('none', '0%')] }, 'MEMBER | 0 LIFETIME MEMBER'],
  ['a cap on reward', { caps: [cap('month', 3_000n)] }, 'MEMBER | 3000 MONTH MEMBER month'],
  [
    'a cap of one purchase bounds no month',
    { caps: [cap('each', 500n, { per: 'TRANSACTION' })] },
    'UNBOUNDED | 500 TRANSACTION MEMBER each',
  ],
  [
    '6 % to 6,000 a year',
    {
      rules: [rateRule('six', '6%')],
      caps: [cap('year', 600_000n, { per: 'YEAR', measure: 'SPEND' })],
      rounding: FLOOR,
    },
    'MEMBER | 36000 YEAR MEMBER year',
  ],
  [
    '50 % on up to three purchases, 750 in total',
    {
      rules: [rateRule('half', '50%', { maximum: { amountMinor: 100_000n, exclusive: false } })],
      caps: [cap('three', 3n, HALF_OF_THREE), cap('total', 75_000n, { per: 'LIFETIME' })],
      rounding: FLOOR,
    },
    'MEMBER | 50000 TRANSACTION MEMBER | 75000 LIFETIME MEMBER total',
  ],
  [
    'how often, times the most of one purchase',
    {
      rules: [rule('fixed', { kind: 'FIXED', units: 500n })],
      caps: [cap('four', 4n, { measure: 'COUNT', per: 'QUARTER' })],
    },
    'MEMBER | 500 TRANSACTION MEMBER | 2000 QUARTER MEMBER four',
  ],
  [
    'a fixed reward for a mark is bounded by its period',
    { rules: [rule('mark', { kind: 'FIXED', units: 500n }, reaches())] },
    'MEMBER | 500 MONTH MEMBER',
  ],
  [
    'at every multiple of the mark it is not',
    { rules: [rule('mark', { kind: 'FIXED', units: 500n }, reaches({ repeats: true }))] },
    'UNBOUNDED | 500 TRANSACTION MEMBER',
  ],
  [
    'once at each of two partners',
    {
      rules: [
        rule('first', { kind: 'FIXED', units: 500n }, { partners: ['a', 'b'], ...reaches({ atSamePartner: true }) }),
      ],
    },
    'MEMBER | 500 TRANSACTION MEMBER | 1000 MONTH MEMBER',
  ],
  [
    'once at each of any number of partners',
    { rules: [rule('first', { kind: 'FIXED', units: 500n }, reaches({ atSamePartner: true }))] },
    'UNBOUNDED | 500 TRANSACTION MEMBER',
  ],
  [
    'an action may happen any number of times',
    { rules: [rule('review', { kind: 'FIXED', units: 50n }, { action: 'review' })] },
    'UNBOUNDED | 50 TRANSACTION MEMBER',
  ],
  ['items are without number', { rules: [rule('eco', { kind: 'PER_ITEM', units: 5n })] }, 'UNBOUNDED'],
  ['bands that end, over a month', { rules: [bandsTo('MONTH')] }, 'MEMBER | 1500 MONTH MEMBER'],
  ['bands that end, of one purchase each', { rules: [bandsTo(undefined)] }, 'UNBOUNDED'],
  [
    'every category that can earn has a cap: their sum',
    {
      rules: [rule('card', MATRIX)],
      caps: [cap('food', 1_000n, { categories: ['food'] }), cap('travel', 500n, { categories: ['travel'] })],
    },
    'MEMBER | 1500 MONTH MEMBER food travel',
  ],
  [
    'the cap of the programme when it is less than their sum',
    {
      rules: [rule('card', MATRIX)],
      caps: [
        ...[cap('food', 1_000n, { categories: ['food'] }), cap('travel', 500n, { categories: ['travel'] })],
        cap('all', 1_200n),
      ],
    },
    'MEMBER | 1200 MONTH MEMBER all',
  ],
  [
    'one category without a cap',
    { rules: [rule('card', MATRIX)], caps: [cap('food', 1_000n, { categories: ['food'] })] },
    'UNBOUNDED',
  ],
  [
    'caps of different periods in different categories: the longer one',
    {
      rules: [rule('card', MATRIX)],
      caps: [
        cap('food', 1_000n, { categories: ['food'] }),
        cap('travel', 500n, { categories: ['travel'], per: 'YEAR' }),
      ],
    },
    'MEMBER | 1500 MONTH MEMBER food travel | 12500 YEAR MEMBER food travel',
  ],
  [
    'a month and a year',
    { caps: [cap('month', 3_000n), cap('year', 20_000n, { per: 'YEAR' })] },
    'MEMBER | 3000 MONTH MEMBER month | 20000 YEAR MEMBER year',
  ],
  [
    'a year that twelve months never reach is not worth a word',
    { caps: [cap('month', 3_000n), cap('year', 36_000n, { per: 'YEAR' })] },
    'MEMBER | 3000 MONTH MEMBER month',
  ],
  [
    'a multiplier gives what lies above the base, on the same spend',
    {
      rules: [
        rateRule('base', '1%'),
        rule('triple', { kind: 'MULTIPLIER', of: 'base', by: r('3'), pays: 'BONUS' }, {}),
      ],
      caps: [cap('spend', 100_000n, { measure: 'SPEND' })],
      rounding: FLOOR,
    },
    'MEMBER | 1000 MONTH MEMBER spend && MEMBER | 2000 MONTH MEMBER spend',
  ],
  [
    'a budget of everyone bounds each',
    { caps: [cap('budget', 2_500_000n, { holder: 'EVERYONE', per: 'CAMPAIGN' })] },
    'MEMBER | 2500000 CAMPAIGN EVERYONE budget',
  ],
  [
    'a cap of each card bounds no member',
    { caps: [cap('card', 5_000n, { holder: 'CARD' })] },
    'CARD | 5000 MONTH CARD card',
  ],
  ['a cap that ends before the rule', { caps: [cap('spring', 5_000n, { until: '2026-05-31' })] }, 'UNBOUNDED'],
  [
    'a cap as long as the rule',
    {
      rules: [rateRule('spring', '1%', { from: '2026-03-01', until: '2026-05-31' })],
      caps: [cap('spring', 5_000n, { from: '2026-03-01', until: '2026-05-31', per: 'CAMPAIGN' })],
    },
    'MEMBER | 5000 CAMPAIGN MEMBER spring',
  ],
  [
    'a cap of other rules',
    { caps: [cap('other', 5_000n, { rules: ['other'] }), cap('group', 5_000n, { groups: ['some'] })] },
    'UNBOUNDED',
  ],
  [
    'a share of each purchase is none',
    { caps: [cap('share', 0n, { per: 'TRANSACTION', maxShare: r('30%') })] },
    'UNBOUNDED',
  ],
  [
    'an accumulating rule is not bounded by a cap on spend',
    {
      rules: [rateRule('sum', '1%', {}, { accumulate: 'MONTH' })],
      caps: [cap('spend', 100_000n, { measure: 'SPEND' })],
    },
    'UNBOUNDED',
  ],
])('%s', (_, terms, expected) => {
  expect(boundsOf(programme(terms)).map(brief).join(' && ')).toBe(expected);
});

test.each<[string, RewardRounding, bigint, bigint]>([
  ['down: nothing', FLOOR, 36_000n, 36_000n],
  ['half: twice, when every purchase earns half a step', rounding('HALF_UP'), 36_000n, 72_000n],
  ['the spend too: four times', rounding('HALF_UP', { spend: { toMinor: 100n, mode: 'HALF_UP' } }), 36_000n, 144_000n],
])('rounding adds %s', (_, mode, stated, roundedUp) => {
  const terms = programme({
    rules: [rateRule('six', '6%')],
    caps: [cap('year', 600_000n, { per: 'YEAR', measure: 'SPEND' })],
    rounding: mode,
  });
  expect(boundsOf(terms)[0]?.limits).toMatchObject([{ stated, roundedUp }]);
});

test('a matrix tells its highest cell by tier', () => {
  expect(boundsOf(programme({ rules: [rule('card', MATRIX)] }))[0]?.rates).toEqual([
    { tier: 'basic', rate: r('2%') },
    { tier: 'gold', rate: r('3%') },
  ]);
});

test.each<[string, Partial<ProgrammeTerms>, object]>([
  [
    'a rate: reward, of what the highest tier spends in a month',
    {},
    { measure: 'REWARD', per: 'MONTH', rules: ['base'], max: 83n, spendMinor: 8_333n },
  ],
  [
    'a fixed reward: how often',
    { rules: [rule('fixed', { kind: 'FIXED', units: 500n })] },
    { measure: 'COUNT', per: 'MONTH', rules: ['fixed'], max: 10n },
  ],
  [
    'items: reward',
    { rules: [rule('eco', { kind: 'PER_ITEM', units: 5n })] },
    { measure: 'REWARD', per: 'MONTH', rules: ['eco'], max: 50n },
  ],
  [
    'only the categories that are open',
    { rules: [rule('card', MATRIX)], caps: [cap('food', 1_000n, { categories: ['food'] })] },
    { measure: 'REWARD', per: 'MONTH', rules: ['card'], categories: ['travel'], max: 166n, spendMinor: 8_333n },
  ],
  [
    'the cap there is, if the member held it',
    { caps: [cap('card', 5_000n, { holder: 'CARD' })] },
    { rules: ['base'], instead: { cap: 'card', because: 'HELD_BY_CARD' } },
  ],
  [
    'the cap there is, if it lasted',
    { caps: [cap('spring', 5_000n, { until: '2026-05-31' })] },
    { rules: ['base'], instead: { cap: 'spring', because: 'OTHER_DAYS' } },
  ],
])('what would bound it: %s', (_, terms, expected) => {
  expect(boundsOf(programme(terms))[0]?.suggestion).toMatchObject(expected);
});
