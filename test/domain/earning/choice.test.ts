import fc from 'fast-check';
import { checkChoice, choiceWindow, chosenOn, offeredTo } from '../../../src/domain/earning/choice.js';
import { periodEnd } from '../../../src/domain/earning/periods.js';
import type { MadeChoice } from '../../../src/domain/earning/traits.js';
import { CATEGORIES, memberTerms, monthly, traitsOf } from './member-terms.js';

const MARCH = '2026-03-01';

describe('when a choice may be made', () => {
  test.each([
    ['a month', monthly(), MARCH, '2026-02-22', '2026-03-05'],
    ['to the last day', monthly({ closesOnDay: 31 }), '2026-02-01', '2026-01-25', '2026-02-28'],
    ['before it begins only', monthly({ closesOnDay: 0 }), MARCH, '2026-02-22', '2026-02-28'],
    ['from its first day', monthly({ opensDaysBefore: 0 }), MARCH, '2026-03-01', '2026-03-05'],
    ['a quarter', monthly({ per: 'QUARTER', closesOnDay: 45 }), '2026-04-01', '2026-03-25', '2026-05-15'],
    ['a year', monthly({ per: 'YEAR', opensDaysBefore: 31 }), '2026-01-01', '2025-12-01', '2026-01-05'],
  ])('%s', (_what, choice, period, opensOn, closesOn) => {
    expect(choiceWindow(choice, period)).toEqual({ opensOn, closesOn });
  });
});

describe('what is a choice', () => {
  const check = (picked: readonly string[], today = '2026-03-01', existing?: { locked: boolean }) =>
    checkChoice(monthly(), 'm', MARCH, picked, today, existing);

  test.each([
    ['on the first day', ['fuel', 'food'], '2026-02-22', undefined],
    ['on the last day', ['fuel', 'food'], '2026-03-05', undefined],
    ['once more', ['fuel', 'food'], '2026-03-01', { locked: false }],
  ])('%s, in the order of the programme', (_what, picked, today, existing) => {
    expect(check(picked, today, existing)).toEqual({ ok: true, value: ['food', 'fuel'] });
  });

  // In the order of precedence: each row has every fault of the rows below it.
  test.each([
    ['CHOICE_NOT_OPEN', 'period', ['moon', 'moon'], '2026-02-21', { locked: true }],
    ['CHOICE_LOCKED', 'period', ['moon', 'moon'], '2026-03-06', undefined],
    ['CHOICE_LOCKED', 'period', ['moon', 'moon'], '2026-03-01', { locked: true }],
    ['DUPLICATE_CATEGORY', 'categories', ['moon', 'moon', 'food'], '2026-03-01', undefined],
    ['CATEGORY_NOT_OFFERED', 'categories', ['moon', 'food', 'fuel'], '2026-03-01', undefined],
    ['CATEGORY_NOT_OFFERED', 'categories', ['food', 'taxi'], '2026-03-01', undefined],
    ['TOO_MANY_PICKED', 'categories', ['food', 'fuel', 'books'], '2026-03-01', undefined],
    ['TOO_FEW_PICKED', 'categories', ['food'], '2026-03-01', undefined],
    ['TOO_FEW_PICKED', 'categories', [], '2026-03-01', undefined],
  ])('%s of %s: %j on %s', (code, field, picked, today, existing) => {
    expect(check(picked, today, existing)).toEqual({
      ok: false,
      failure: { code, field, message: expect.stringMatching(/^.{20,}\.$/) },
    });
  });

  test('all of a short offer are enough', () => {
    const short = monthly({ offered: ['food'], pick: 4 });
    expect(checkChoice(short, 'm', MARCH, ['food'], MARCH)).toEqual({ ok: true, value: ['food'] });
  });
});

describe('what a member is shown', () => {
  const drawn = monthly({ offered: CATEGORIES, shown: 3 });

  test.each([
    ['all without a number', monthly({ offered: CATEGORIES }), 8],
    ['all when there are fewer', monthly({ shown: 9 }), 4],
    ['as many as it says', drawn, 3],
  ])('%s', (_what, choice, count) => {
    expect(offeredTo(choice, 'm', MARCH)).toHaveLength(count);
  });

  test('the same again, within the offer, in its order', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 8 }), (id, month, shown) => {
        const period = `2026-${String(month).padStart(2, '0')}-01`;
        const choice = { ...drawn, shown };
        const offered = offeredTo(choice, id, period);
        expect(offeredTo({ ...choice, offered: [...CATEGORIES] }, id, period)).toEqual(offered);
        expect(offered).toHaveLength(shown);
        expect(CATEGORIES.filter((category) => offered.includes(category))).toEqual(offered);
      }),
    );
  });

  test('the draw does not depend on the order of the offer', () => {
    const backwards = { ...drawn, offered: [...CATEGORIES].reverse() };
    for (const id of ['a', 'b', 'c', 'd'])
      expect(new Set(offeredTo(backwards, id, MARCH))).toEqual(new Set(offeredTo(drawn, id, MARCH)));
  });

  test('every category is shown to about as many members, and anew each month', () => {
    const counts = new Map<string, number>();
    let changed = 0;
    const members = 2_000;
    for (let member = 0; member < members; member += 1) {
      const offered = offeredTo(drawn, `member-${member}`, MARCH);
      for (const category of offered) counts.set(category, (counts.get(category) ?? 0) + 1);
      if (String(offered) !== String(offeredTo(drawn, `member-${member}`, '2026-04-01'))) changed += 1;
    }
    // 3 of 8 of 2,000 are 750; the standard deviation is 22.
    for (const category of CATEGORIES) expect(Math.abs((counts.get(category) ?? 0) - 750)).toBeLessThan(110);
    // The same 3 of 8 come again in one case of 56.
    expect(changed).toBeGreaterThan(members * 0.95);
  });
});

describe('what is in force on a day', () => {
  const quarterly = monthly({ code: 'quarterly', per: 'QUARTER', fallback: [] });
  const terms = memberTerms({ choices: [monthly(), quarterly] });
  const choices: MadeChoice[] = [
    { choice: 'monthly', period: MARCH, categories: ['fuel', 'books'], chosenOn: '2026-02-25' },
    { choice: 'monthly', period: MARCH, categories: ['books', 'travel'], chosenOn: '2026-03-04' },
    { choice: 'monthly', period: '2026-04-01', categories: ['food', 'fuel'] },
    { choice: 'quarterly', period: '2026-01-01', categories: ['travel', 'food'], chosenOn: '2026-03-04' },
    { choice: 'monthly', period: '2026-05-01', categories: ['food', 'fuel'], chosenOn: '2026-05-02' },
    { choice: 'monthly', period: '2026-05-01', categories: ['books', 'fuel'], chosenOn: '2026-05-02' },
  ];

  test.each([
    ['nothing was chosen for February', '2026-02-28', ['food'], []],
    ['chosen before the month', '2026-03-01', ['fuel', 'books'], []],
    ['the day before it was changed', '2026-03-03', ['fuel', 'books'], []],
    ['the day it was changed', '2026-03-04', ['books', 'travel'], ['travel', 'food']],
    ['the last day', '2026-03-31', ['books', 'travel'], ['travel', 'food']],
    ['another period', '2026-04-01', ['food', 'fuel'], []],
    ['the default until something is chosen', '2026-05-01', ['food'], []],
    ['twice on one day: the later one', '2026-05-02', ['books', 'fuel'], []],
  ])('%s: %s', (_what, date, ofMonth, ofQuarter) => {
    expect(chosenOn(terms, traitsOf({ choices }), date)).toEqual({ monthly: ofMonth, quarterly: ofQuarter });
  });

  test('every day of a period has what was chosen for it and nobody else has', () => {
    fc.assert(
      fc.property(fc.constantFrom('MONTH', 'QUARTER', 'YEAR'), fc.integer({ min: 0, max: 366 }), (per, into) => {
        const period = '2026-01-01';
        const own = memberTerms({ choices: [monthly({ per })] });
        const traits = traitsOf({ choices: [{ choice: 'monthly', period, categories: ['books'] }] });
        const day = new Date(Date.UTC(2026, 0, 1 + into)).toISOString().slice(0, 10);
        const within = day <= periodEnd(per, period);
        expect(chosenOn(own, traits, day)).toEqual({ monthly: within ? ['books'] : ['food'] });
      }),
    );
  });
});
