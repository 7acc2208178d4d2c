import { GATES, gatesOf, isAroundBirthday } from '../../../src/domain/earning/member-gates.js';
import { type Conditions, MEMBER_GATES, type Purchase } from '../../../src/domain/earning/model.js';
import type { MemberTraits } from '../../../src/domain/earning/traits.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { buying, memberTerms, ruleWhen, traitsOf } from './member-terms.js';

const gate = (
  when: Conditions,
  traits: Partial<MemberTraits> = {},
  purchase: Partial<Purchase> = {},
): string | undefined => gatesOf(memberTerms({ rules: [ruleWhen('r', when)] }), traitsOf(traits), buying(purchase)).r;

test('they are weighed in the order of MEMBER_GATES, without those that the engine sees itself', () => {
  const own = MEMBER_GATES.filter((code) => code !== 'NOT_CHOSEN' && code !== 'OTHER_VARIANT');
  expect(GATES.map(([code]) => code)).toEqual(own);
});

describe('a rule that looks at the member', () => {
  const vip = (more: object = {}) => ({ segments: [{ code: 'vip', ...more }] });
  const activated = (more: object = {}) => ({ activations: [{ rule: 'r', period: '2026-01-01', ...more }] });
  const segments = { segments: ['vip', 'staff'] };
  const quarter = { activation: { per: 'QUARTER' } } as const;
  const birthday = { birthday: { daysBefore: 0, daysAfter: 0, leapDay: 'FEB_28' } } as const;

  test.each<[string, Conditions, Partial<MemberTraits>, string | undefined]>([
    ['looks at nothing', { categories: ['fuel'] }, {}, undefined],
    ['looks at what the engine sees itself', { chosen: 'monthly', tiers: ['gold'] }, {}, undefined],

    ['in the segment', segments, vip(), undefined],
    ['in another', segments, { segments: [{ code: 'new' }] }, 'NOT_IN_SEGMENT'],
    ['in none', segments, {}, 'NOT_IN_SEGMENT'],
    ['on the first day in it', segments, vip({ from: '2026-03-10' }), undefined],
    ['on the day before', segments, vip({ from: '2026-03-11' }), 'NOT_IN_SEGMENT'],
    ['on the last day in it', segments, vip({ until: '2026-03-10' }), undefined],
    ['on the day after', segments, vip({ until: '2026-03-09' }), 'NOT_IN_SEGMENT'],

    ['activated for the quarter', quarter, activated(), undefined],
    ['not activated', quarter, {}, 'NOT_ACTIVATED'],
    ['activated for the last quarter', quarter, activated({ period: '2025-10-01' }), 'NOT_ACTIVATED'],
    ['another rule activated', quarter, activated({ rule: 'other' }), 'NOT_ACTIVATED'],
    ['activated that day', quarter, activated({ activatedOn: '2026-03-10' }), undefined],
    ['activated too late', quarter, activated({ activatedOn: '2026-03-11' }), 'NOT_ACTIVATED'],
    ['activated for ever', { activation: {} }, activated({ period: '0001-01-01' }), undefined],
    ['never activated', { activation: {} }, {}, 'NOT_ACTIVATED'],

    ['all at once', { ...segments, ...quarter, ...birthday }, {}, 'NOT_IN_SEGMENT'],
    ['all but the segment', { ...segments, ...quarter, ...birthday }, vip(), 'NOT_ACTIVATED'],
    ['only the birthday', { ...segments, ...quarter, ...birthday }, { ...vip(), ...activated() }, 'NOT_BIRTHDAY'],
    ['nothing', { ...segments, ...quarter, ...birthday }, { ...vip(), ...activated(), birthday: '03-10' }, undefined],
  ])('%s', (_what, when, traits, expected) => {
    expect(gate(when, traits)).toBe(expected);
  });
});

describe('around the birthday', () => {
  const window = { daysBefore: 3, daysAfter: 2, leapDay: 'FEB_28' } as const;

  test.each([
    ['on the day', '03-10', '2026-03-10', true],
    ['the first day', '03-13', '2026-03-10', true],
    ['a day too early', '03-14', '2026-03-10', false],
    ['the last day', '03-08', '2026-03-10', true],
    ['a day too late', '03-07', '2026-03-10', false],
    ['before new year, born after it', '01-02', '2025-12-30', true],
    ['after new year, born before it', '12-31', '2026-01-02', true],
    ['a day too late after new year', '12-30', '2026-01-02', false],
    ['leap year', '02-29', '2028-02-29', true],
    ['no leap year: the 28th', '02-29', '2026-02-28', true],
    ['no leap year, two days later', '02-29', '2026-03-02', true],
    ['no leap year, three days later', '02-29', '2026-03-03', false],
    ['a century that is no leap year', '02-29', '2100-03-03', false],
    ['a century that is one', '02-29', '2000-03-02', true],
    ['nobody said', undefined, '2026-03-10', false],
  ])('%s', (_what, birthday, date, expected) => {
    expect(isAroundBirthday(birthday, window, date)).toBe(expected);
  });

  test('born on 29 February, celebrated on 1 March', () => {
    const march = { daysBefore: 0, daysAfter: 0, leapDay: 'MAR_1' } as const;
    expect(
      ['2026-02-28', '2026-03-01', '2028-02-29', '2028-03-01'].map((day) => isAroundBirthday('02-29', march, day)),
    ).toEqual([false, true, true, false]);
  });

  test('every birthday has exactly its days in a year, at any place in it', () => {
    for (let birthday = '2028-01-01'; birthday <= '2028-12-31'; birthday = addDays(birthday, 1)) {
      let days = 0;
      for (let day = '2026-07-01'; day < '2027-07-01'; day = addDays(day, 1))
        if (isAroundBirthday(birthday.slice(5), window, day)) days += 1;
      expect([birthday, days]).toEqual([birthday, 6]);
    }
  });

  test.each([
    ["the member's own day counts", { businessDate: '2026-03-09', memberDate: '2026-03-10' }, undefined],
    ["and the programme's does not", { businessDate: '2026-03-10', memberDate: '2026-03-11' }, 'NOT_BIRTHDAY'],
    ["the programme's when there is no other", { businessDate: '2026-03-10' }, undefined],
  ])('%s', (_what, purchase, expected) => {
    const birthday = { daysBefore: 0, daysAfter: 0, leapDay: 'FEB_28' } as const;
    expect(gate({ birthday }, { birthday: '03-10' }, purchase)).toBe(expected);
  });
});

test('only rules that do not hold are named', () => {
  const rules = [ruleWhen('plain', {}), ruleWhen('new', { segments: ['new'] }), ruleWhen('vip', { segments: ['vip'] })];
  const traits = traitsOf({ segments: [{ code: 'new' }] });
  expect(gatesOf(memberTerms({ rules }), traits, buying())).toEqual({ vip: 'NOT_IN_SEGMENT' });
});
