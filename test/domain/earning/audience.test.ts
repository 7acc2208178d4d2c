import { budgetsOver, isFor, offersTo } from '../../../src/domain/earning/audience.js';
import type { Cap, Conditions } from '../../../src/domain/earning/model.js';
import { memberTerms, ruleWhen, traitsOf } from './member-terms.js';

const somebody = (more: object = {}, traits = traitsOf()) => ({
  traits,
  tier: 'gold',
  variants: { spring: 'b' },
  date: '2026-03-10',
  ...more,
});

const birthday = { daysBefore: 1, daysAfter: 1, leapDay: 'FEB_28' } as const;
const vip = traitsOf({ segments: [{ code: 'vip' }], birthday: '03-10' });

describe('a rule is an offer to', () => {
  test.each<[string, Conditions, object, boolean]>([
    ['everybody', {}, {}, true],
    ['nobody before its first day', { from: '2026-03-11' }, {}, false],
    ['somebody on its first day', { from: '2026-03-10' }, {}, true],
    ['somebody on its last day', { until: '2026-03-10' }, {}, true],
    ['nobody after its last day', { until: '2026-03-09' }, {}, false],
    ['members of its tiers', { tiers: ['silver', 'gold'] }, {}, true],
    ['no members of others', { tiers: ['silver'] }, {}, false],
    ['members of its segments', { segments: ['vip'] }, { traits: vip }, true],
    ['no members of none', { segments: ['vip'] }, {}, false],
    ['members of its variants', { experiment: { code: 'spring', variants: ['b'] } }, {}, true],
    ['no members of others', { experiment: { code: 'spring', variants: ['a'] } }, {}, false],
    ['no members of an experiment that is none', { experiment: { code: 'x', variants: ['a'] } }, {}, false],
    ['members around their birthday', { birthday }, { traits: vip }, true],
    ['on their own day', { birthday }, { traits: vip, date: '2026-03-08', memberDate: '2026-03-09' }, true],
    ['not on the days of the programme', { birthday }, { traits: vip, memberDate: '2026-03-12' }, false],
    ['no members whose birthday is not known', { birthday }, {}, false],
    ['members who have not activated it yet', { activation: {} }, {}, true],
    ['members who have chosen something else', { chosen: 'monthly' }, {}, true],
    ['those for whom all holds', { tiers: ['gold'], segments: ['vip'], birthday }, { traits: vip }, true],
    ['nobody for whom one thing does not', { tiers: ['silver'], segments: ['vip'] }, { traits: vip }, false],
  ])('%s: %j', (_what, when, more, expected) => {
    expect(isFor(ruleWhen('r', when), somebody(more))).toBe(expected);
  });
});

describe('what the member has to do', () => {
  const activated = (period: string) => traitsOf({ activations: [{ rule: 'r', period }] });

  test.each<[string, Conditions, ReturnType<typeof traitsOf>, object]>([
    ['nothing', {}, traitsOf(), { personal: false }],
    ['nothing, and it is for some only', { tiers: ['gold'] }, traitsOf(), { personal: true }],
    [
      'activate it for the quarter',
      { activation: { per: 'QUARTER' } },
      activated('2025-10-01'),
      { personal: false, activation: { period: '2026-01-01', until: '2026-03-31', activated: false } },
    ],
    [
      'nothing more this quarter',
      { activation: { per: 'QUARTER' } },
      activated('2026-01-01'),
      { personal: false, activation: { period: '2026-01-01', until: '2026-03-31', activated: true } },
    ],
    [
      'nothing more ever',
      { activation: {} },
      activated('0001-01-01'),
      { personal: false, activation: { period: '0001-01-01', activated: true } },
    ],
  ])('%s', (_what, when, traits, expected) => {
    const [offer] = offersTo(memberTerms({ rules: [ruleWhen('r', when)] }), somebody({ traits }));
    expect(offer).toEqual({ rule: ruleWhen('r', when), ...expected });
  });

  test('offers stand in the order of the programme', () => {
    const rules = [ruleWhen('b', {}), ruleWhen('x', { tiers: ['silver'] }), ruleWhen('a', {})];
    expect(offersTo(memberTerms({ rules }), somebody()).map(({ rule }) => rule.code)).toEqual(['b', 'a']);
  });
});

test('a rule is paid from the budgets that bind it today', () => {
  const budget = (code: string, more: Partial<Cap> = {}): Cap => ({
    code,
    measure: 'REWARD',
    holder: 'EVERYONE',
    per: 'CAMPAIGN',
    max: 100n,
    refundReleases: true,
    ...more,
  });
  const rule = ruleWhen('r', { categories: ['food'] });
  const caps = [
    budget('all'),
    budget('own', { rules: ['r'] }),
    budget('other', { rules: ['other'] }),
    budget('food', { categories: ['food', 'fuel'] }),
    budget('fuel', { categories: ['fuel'] }),
    budget('over', { until: '2026-03-09' }),
    budget('mine', { holder: 'MEMBER' }),
  ];
  const terms = memberTerms({ rules: [rule], caps });
  expect(budgetsOver(terms, rule, '2026-03-10').map(({ code }) => code)).toEqual(['all', 'own', 'food']);
  const anywhere = ruleWhen('r', {});
  expect(budgetsOver({ ...terms, rules: [anywhere] }, anywhere, '2026-03-10').map(({ code }) => code)).toEqual([
    'all',
    'own',
    'food',
    'fuel',
  ]);
});
