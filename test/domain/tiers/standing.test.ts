import fc from 'fast-check';
import type { TierLadder } from '../../../src/domain/earning/model.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { earnedLevel, metricWindow, rankOf } from '../../../src/domain/tiers/qualify.js';
import { advanceTier, historyStart, supersedes, type TierStanding } from '../../../src/domain/tiers/standing.js';
import { calendar, type Days, ladder, metricOf, rolling } from './ladders.js';

const gold = (since: string, reviewOn?: string): TierStanding => ({
  tier: 'gold',
  since,
  ...(reviewOn !== undefined && { reviewOn }),
});

const CASES: readonly [
  what: string,
  on: TierLadder,
  standing: TierStanding | undefined,
  date: string,
  days: Days,
  after: TierStanding,
][] = [
  // IMMEDIATE
  ['nothing yet', ladder(rolling(30)), undefined, '2026-03-10', {}, { tier: 'basic', since: '2026-03-10' }],
  [
    'what the window earns',
    ladder(rolling(30)),
    undefined,
    '2026-03-10',
    { '2026-02-09': 300 },
    { tier: 'silver', since: '2026-03-10' },
  ],
  [
    'not what left the window',
    ladder(rolling(30)),
    undefined,
    '2026-03-11',
    { '2026-02-09': 300 },
    { tier: 'basic', since: '2026-03-11' },
  ],
  [
    'the same tier, the same standing',
    ladder(rolling(30)),
    { tier: 'silver', since: '2026-02-10' },
    '2026-03-10',
    { '2026-02-09': 300 },
    { tier: 'silver', since: '2026-02-10' },
  ],
  [
    'falls the day the window no longer earns it',
    ladder(rolling(30)),
    gold('2026-01-01'),
    '2026-03-10',
    { '2026-03-01': 999 },
    { tier: 'silver', since: '2026-03-10' },
  ],
  [
    'a calendar month begins at nothing',
    ladder(calendar('MONTH')),
    gold('2026-02-20'),
    '2026-03-01',
    { '2026-02-20': 1_000 },
    { tier: 'basic', since: '2026-03-01' },
  ],
  [
    'a held tier of an older version is held no more',
    ladder(rolling(30)),
    gold('2026-01-01', '2026-12-31'),
    '2026-03-10',
    { '2026-03-01': 1_000 },
    gold('2026-01-01'),
  ],
  [
    'a day before it answers what that day earned',
    ladder(rolling(30)),
    gold('2026-03-01'),
    '2026-02-10',
    { '2026-02-09': 300 },
    { tier: 'silver', since: '2026-02-10' },
  ],
  // rising
  [
    'rises at once, to the end of the calendar period',
    ladder(calendar('YEAR'), 'EARNED'),
    { tier: 'basic', since: '2026-01-05' },
    '2026-03-10',
    { '2026-03-09': 1_000 },
    gold('2026-03-10', '2027-01-01'),
  ],
  [
    'and the grace after it',
    ladder(calendar('YEAR'), 'EARNED', 31),
    { tier: 'basic', since: '2026-01-05' },
    '2026-03-10',
    { '2026-03-09': 1_000 },
    gold('2026-03-10', '2027-02-01'),
  ],
  [
    'rises at once, for the days of the rolling window',
    ladder(rolling(30), 'EARNED'),
    { tier: 'basic', since: '2026-01-05' },
    '2026-03-10',
    { '2026-03-09': 1_000 },
    gold('2026-03-10', '2026-04-09'),
  ],
  [
    'never falling needs no review',
    ladder(rolling(30), 'NEVER'),
    undefined,
    '2026-03-10',
    { '2026-03-09': 1_000 },
    gold('2026-03-10'),
  ],
  [
    'the lowest level needs no review',
    ladder(calendar('YEAR'), 'EARNED'),
    undefined,
    '2026-03-10',
    {},
    { tier: 'basic', since: '2026-03-10' },
  ],
  [
    'a rise of the last days of a period that nobody saw',
    ladder(calendar('YEAR'), 'EARNED'),
    { tier: 'basic', since: '2026-01-05' },
    '2027-01-02',
    { '2026-12-30': 1_000 },
    gold('2027-01-02', '2028-01-01'),
  ],
  [
    'a higher tier while a lower one is held',
    ladder(calendar('YEAR'), 'EARNED'),
    { tier: 'silver', since: '2025-05-01', reviewOn: '2027-01-01' },
    '2026-03-10',
    { '2026-03-09': 1_000 },
    gold('2026-03-10', '2027-01-01'),
  ],
  // held
  [
    'held although the window earns less',
    ladder(calendar('YEAR'), 'EARNED'),
    gold('2025-05-01', '2027-01-01'),
    '2026-12-31',
    {},
    gold('2025-05-01', '2027-01-01'),
  ],
  [
    'a refund does not take a held tier',
    ladder(rolling(30), 'EARNED'),
    gold('2026-03-10', '2026-04-09'),
    '2026-03-12',
    { '2026-03-09': 100 },
    gold('2026-03-10', '2026-04-09'),
  ],
  [
    'a day before it changes nothing',
    ladder(calendar('YEAR'), 'EARNED'),
    gold('2026-05-01', '2027-01-01'),
    '2026-04-01',
    {},
    gold('2026-05-01', '2027-01-01'),
  ],
  // reviews
  [
    'confirmed by the finished period',
    ladder(calendar('YEAR'), 'EARNED'),
    gold('2026-03-10', '2027-01-01'),
    '2027-01-01',
    { '2026-06-01': 1_000 },
    gold('2026-03-10', '2028-01-01'),
  ],
  [
    'falls to what is earned',
    ladder(calendar('YEAR'), 'EARNED'),
    gold('2025-05-01', '2027-01-01'),
    '2027-01-01',
    { '2026-06-01': 10 },
    { tier: 'basic', since: '2027-01-01' },
  ],
  [
    'a level that is earned is held in turn',
    ladder(calendar('YEAR'), 'EARNED'),
    gold('2025-05-01', '2027-01-01'),
    '2027-01-15',
    { '2026-06-01': 300 },
    { tier: 'silver', since: '2027-01-01', reviewOn: '2028-01-01' },
  ],
  [
    'falls by one step',
    ladder(calendar('YEAR'), 'ONE_STEP'),
    gold('2025-05-01', '2027-01-01'),
    '2027-01-01',
    {},
    { tier: 'silver', since: '2027-01-01', reviewOn: '2028-01-01' },
  ],
  [
    'two reviews passed at once, a step each',
    ladder(calendar('YEAR'), 'ONE_STEP'),
    gold('2025-05-01', '2027-01-01'),
    '2028-06-01',
    {},
    { tier: 'basic', since: '2028-01-01' },
  ],
  ['never falls', ladder(calendar('YEAR'), 'NEVER'), gold('2025-05-01'), '2040-01-01', {}, gold('2025-05-01')],
  [
    'in the days of grace it is held',
    ladder(calendar('YEAR'), 'EARNED', 31),
    gold('2025-05-01', '2027-02-01'),
    '2027-01-31',
    {},
    gold('2025-05-01', '2027-02-01'),
  ],
  [
    'the days of grace may earn it',
    ladder(calendar('YEAR'), 'EARNED', 31),
    gold('2025-05-01', '2027-02-01'),
    '2027-02-01',
    { '2027-01-31': 1_000 },
    gold('2025-05-01', '2028-02-01'),
  ],
  [
    'but do not add to the finished period',
    ladder(calendar('YEAR'), 'EARNED', 31),
    gold('2025-05-01', '2027-02-01'),
    '2027-02-01',
    { '2026-12-31': 600, '2027-01-31': 600 },
    { tier: 'silver', since: '2027-02-01', reviewOn: '2028-02-01' },
  ],
  [
    'a rolling review goes by the days before it',
    ladder(rolling(30), 'EARNED'),
    gold('2026-03-10', '2026-04-09'),
    '2026-04-09',
    { '2026-03-10': 1_000 },
    gold('2026-03-10', '2026-05-09'),
  ],
  [
    'and by no day more',
    ladder(rolling(30), 'EARNED'),
    gold('2026-03-10', '2026-04-09'),
    '2026-04-09',
    { '2026-03-09': 1_000 },
    { tier: 'basic', since: '2026-04-09' },
  ],
  [
    'a rolling review and its grace',
    ladder(rolling(30), 'EARNED', 10),
    gold('2026-03-10', '2026-04-19'),
    '2026-04-19',
    { '2026-04-18': 300 },
    { tier: 'silver', since: '2026-04-19', reviewOn: '2026-05-29' },
  ],
  [
    'what fell may rise on the same day',
    ladder(calendar('MONTH'), 'EARNED'),
    gold('2026-03-10', '2026-04-01'),
    '2026-04-01',
    { '2026-04-01': 1_000 },
    gold('2026-04-01', '2026-05-01'),
  ],
  [
    'reviews that confirm, again and again',
    ladder(calendar('MONTH'), 'EARNED'),
    gold('2026-01-10', '2026-02-01'),
    '2026-04-15',
    { '2026-01-10': 1_000, '2026-02-10': 1_000, '2026-03-10': 1_000 },
    gold('2026-01-10', '2026-05-01'),
  ],
  // other versions
  [
    'a tier that was immediate is held from now on',
    ladder(calendar('YEAR'), 'EARNED'),
    gold('2026-03-10'),
    '2026-06-01',
    {},
    { tier: 'gold', since: '2026-03-10', reviewOn: '2027-01-01' },
  ],
  [
    'a tier that is no more holds nothing',
    ladder(calendar('YEAR'), 'EARNED'),
    { tier: 'platinum', since: '2026-03-10', reviewOn: '2027-01-01' },
    '2026-06-01',
    { '2026-05-01': 300 },
    { tier: 'silver', since: '2026-06-01', reviewOn: '2027-01-01' },
  ],
];

test.each(CASES)('%s', (_what, on, standing, date, days, after) => {
  expect(advanceTier(on, standing, date, metricOf(days))).toEqual(after);
});

test('lamoda: a return that drops the sum of the rolling year re-evaluates the tier', () => {
  const lamoda: TierLadder = {
    metric: 'KEPT_SPEND',
    window: rolling(365),
    downgrade: { to: 'IMMEDIATE', graceDays: 0 },
    levels: [0n, 10_000_00n, 30_000_00n, 60_000_00n].map((from, index) => ({
      code: `level-${index}`,
      name: `Level ${index}`,
      from,
      benefits: [],
    })),
  };
  const bought = { '2026-01-10': 9_000_00, '2026-02-10': 21_000_00 };
  const third = advanceTier(lamoda, undefined, '2026-02-11', metricOf(bought));
  expect(third.tier).toBe('level-2');
  // 5,000 of the second purchase come back: the metric falls on the purchase's own day.
  const returned = { ...bought, '2026-02-10': 16_000_00 };
  expect(advanceTier(lamoda, third, '2026-02-20', metricOf(returned))).toEqual({
    tier: 'level-1',
    since: '2026-02-20',
  });
  expect(advanceTier(lamoda, third, '2027-01-10', metricOf(returned)).tier).toBe('level-1');
  expect(advanceTier(lamoda, third, '2027-02-10', metricOf(returned)).tier).toBe('level-0');
});

test.each([
  ['something later', gold('2026-03-10'), { tier: 'silver', since: '2026-03-09' }, true],
  ['a renewed review', gold('2026-03-10', '2027-02-01'), gold('2026-03-10', '2027-01-01'), true],
  ['the first', gold('2026-03-10'), undefined, true],
  ['the same', gold('2026-03-10'), gold('2026-03-10'), false],
  ['something from before', { tier: 'silver', since: '2026-03-09' }, gold('2026-03-10'), false],
])('%s may be kept instead: %j for %j', (_what, after, before, answer) => {
  expect(supersedes(after, before)).toBe(answer);
});

// --------------------------------------------------------------------------------------------- properties

const day = fc.integer({ min: 0, max: 900 }).map((n) => addDays('2026-01-01', n));
const history = fc.dictionary(day, fc.integer({ min: 0, max: 1_200 }), { maxKeys: 8 });
const windows = fc.oneof(
  fc.integer({ min: 1, max: 400 }).map(rolling),
  fc.constantFrom('MONTH' as const, 'QUARTER' as const, 'YEAR' as const).map(calendar),
);
const ladders = fc
  .tuple(
    windows,
    fc.constantFrom('IMMEDIATE' as const, 'EARNED' as const, 'ONE_STEP' as const, 'NEVER' as const),
    fc.nat(100),
  )
  .map(([window, to, graceDays]) => ladder(window, to, graceDays));
const dates = fc.array(day, { minLength: 1, maxLength: 12 }).map((list) => list.sort());

const rank = (on: TierLadder, { tier }: TierStanding): number => rankOf(on, tier) as number;

/** The standings on each of the days, one after the other. */
function walk(on: TierLadder, days: Days, visited: readonly string[]): TierStanding[] {
  let standing: TierStanding | undefined;
  return visited.map((date) => {
    standing = advanceTier(on, standing, date, metricOf(days));
    return standing;
  });
}

test('a tier is always one of the ladder, its review is to come, and a day asked twice answers the same', () => {
  fc.assert(
    fc.property(ladders, history, dates, (on, days, asked) => {
      walk(on, days, asked).forEach((standing, index) => {
        const date = asked[index] as string;
        expect(rank(on, standing)).toBeGreaterThanOrEqual(0);
        expect(standing.since <= date).toBe(true);
        if (standing.reviewOn !== undefined) expect(standing.reviewOn > date).toBe(true);
        expect(advanceTier(on, standing, date, metricOf(days))).toBe(standing);
      });
    }),
  );
});

test('IMMEDIATE is what the window earns', () => {
  fc.assert(
    fc.property(windows, history, dates, (window, days, asked) => {
      const on = ladder(window);
      walk(on, days, asked).forEach((standing, index) => {
        const { first, last } = metricWindow(on, asked[index] as string);
        expect(standing.tier).toBe(earnedLevel(on, metricOf(days)(first, last)).code);
      });
    }),
  );
});

test('a held tier is never below what the window earns', () => {
  fc.assert(
    fc.property(ladders, history, dates, (on, days, asked) => {
      walk(on, days, asked).forEach((standing, index) => {
        const { first, last } = metricWindow(on, asked[index] as string);
        const earned = earnedLevel(on, metricOf(days)(first, last)).code;
        expect(rank(on, standing)).toBeGreaterThanOrEqual(rankOf(on, earned) as number);
      });
    }),
  );
});

test('more of the metric never gives a lower tier on a calendar ladder, nor on a rolling one that is immediate', () => {
  fc.assert(
    fc.property(
      ladders,
      history,
      dates,
      fc.dictionary(day, fc.integer({ min: 1, max: 500 })),
      (on, days, asked, more) => {
        fc.pre(on.window.kind === 'CALENDAR' || on.downgrade.to === 'IMMEDIATE' || on.downgrade.to === 'NEVER');
        const richer = { ...days };
        for (const [date, amount] of Object.entries(more)) richer[date] = (richer[date] ?? 0) + amount;
        const poor = walk(on, days, asked);
        walk(on, richer, asked).forEach((standing, index) => {
          expect(rank(on, standing)).toBeGreaterThanOrEqual(rank(on, poor[index] as TierStanding));
        });
      },
    ),
  );
});

test('from one standing, more of the metric never gives a lower tier at the next review', () => {
  fc.assert(
    fc.property(
      ladders,
      history,
      day,
      fc.nat(400),
      fc.dictionary(day, fc.integer({ min: 1, max: 500 })),
      (on, days, since, later, more) => {
        const standing = advanceTier(on, { tier: 'gold', since }, since, metricOf({}));
        const date = addDays(since, later);
        fc.pre(standing.reviewOn === undefined || date <= standing.reviewOn);
        const richer = { ...days };
        for (const [visited, amount] of Object.entries(more)) richer[visited] = (richer[visited] ?? 0) + amount;
        expect(rank(on, advanceTier(on, standing, date, metricOf(richer)))).toBeGreaterThanOrEqual(
          rank(on, advanceTier(on, standing, date, metricOf(days))),
        );
      },
    ),
  );
});

test('ONE_STEP never falls two levels at one review, and NEVER never falls', () => {
  fc.assert(
    fc.property(windows, fc.nat(100), history, day, (window, graceDays, days, since) => {
      const never = ladder(window, 'NEVER', graceDays);
      expect(advanceTier(never, gold(since), addDays(since, 2_000), metricOf(days)).tier).toBe('gold');
      const on = ladder(window, 'ONE_STEP', graceDays);
      const held = advanceTier(on, gold(since), since, metricOf(days));
      const reviewed = advanceTier(on, held, held.reviewOn as string, metricOf(days));
      expect(rank(on, reviewed)).toBeGreaterThanOrEqual(1);
    }),
  );
});

test('looking in between changes nothing while nothing rises: reviews pass one by one or all at once', () => {
  fc.assert(
    fc.property(ladders, day, dates, (on, since, asked) => {
      const start = advanceTier(on, gold(since), since, metricOf({ [since]: 1_000 }));
      const days = { [since]: 1_000 };
      const end = addDays(asked.at(-1) as string, 1_000);
      let standing = start;
      for (const date of [...asked, end]) standing = advanceTier(on, standing, date, metricOf(days));
      const atOnce = advanceTier(on, start, end, metricOf(days));
      expect(standing.tier).toBe(atOnce.tier);
      if (on.downgrade.to !== 'IMMEDIATE') expect(standing).toEqual(atOnce);
    }),
  );
});

test('nothing before historyStart is ever asked', () => {
  fc.assert(
    fc.property(ladders, history, day, fc.array(fc.nat(60), { maxLength: 6 }), (on, days, since, steps) => {
      let standing: TierStanding | undefined;
      let date = since;
      const start = historyStart(on, standing, date);
      for (const step of steps) {
        date = addDays(date, step);
        standing = advanceTier(on, standing, date, (first, last) => {
          expect(first >= start).toBe(true);
          return metricOf(days)(first, last);
        });
      }
      if (standing === undefined) return;
      const again = historyStart(on, standing, date);
      advanceTier(on, standing, addDays(date, 500), (first, last) => {
        expect(first >= again).toBe(true);
        return metricOf(days)(first, last);
      });
    }),
  );
});

test.each<[string, TierLadder, TierStanding | undefined, string]>([
  ['the window of an immediate tier', ladder(rolling(30)), gold('2020-01-01'), '2026-02-09'],
  ['the period before, whose tier may still be held', ladder(calendar('YEAR'), 'EARNED'), undefined, '2025-01-01'],
  [
    'no more for the lowest level',
    ladder(calendar('YEAR'), 'EARNED'),
    { tier: 'basic', since: '2020-01-01' },
    '2025-01-01',
  ],
  ['no more where nothing falls', ladder(rolling(30), 'NEVER'), gold('2020-01-01'), '2026-02-09'],
  [
    'the period that an overdue review judges',
    ladder(calendar('MONTH'), 'EARNED'),
    gold('2025-05-20', '2025-06-01'),
    '2025-05-01',
  ],
])('history is needed back to %s', (_what, on, standing, start) => {
  expect(historyStart(on, standing, '2026-03-10')).toBe(start);
});
