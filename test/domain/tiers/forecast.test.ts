import fc from 'fast-check';
import type { TierLadder } from '../../../src/domain/earning/model.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { forecastTier, type TierForecast } from '../../../src/domain/tiers/forecast.js';
import { rankOf } from '../../../src/domain/tiers/qualify.js';
import { advanceTier, type TierStanding } from '../../../src/domain/tiers/standing.js';
import { calendar, type Days, ladder, metricOf, rolling } from './ladders.js';

const goal = (level: string, missing: bigint, from: string, by: string) => ({ level, missing, from, by });

const CASES: readonly [
  what: string,
  on: TierLadder,
  standing: TierStanding | undefined,
  date: string,
  days: Days,
  forecast: Omit<TierForecast, 'standing'>,
][] = [
  [
    'nothing yet: the next level by the end of the year',
    ladder(calendar('YEAR'), 'EARNED'),
    undefined,
    '2026-03-10',
    { '2026-03-01': 100 },
    { tier: 'basic', next: goal('silver', 200n, '2026-03-10', '2026-12-31') },
  ],
  [
    'gold of last quarter, 680 of this one: 320 more by 31 March keeps it',
    ladder(calendar('QUARTER'), 'EARNED'),
    { tier: 'gold', since: '2025-11-01', reviewOn: '2026-04-01' },
    '2026-03-10',
    { '2026-02-01': 680 },
    { tier: 'gold', heldUntil: '2026-03-31', keep: goal('gold', 320n, '2026-03-10', '2026-03-31') },
  ],
  [
    'reached in this quarter: sure through the next one, which is what keeps it beyond',
    ladder(calendar('QUARTER'), 'EARNED'),
    undefined,
    '2026-03-10',
    { '2026-02-01': 1_000 },
    { tier: 'gold', heldUntil: '2026-06-30', keep: goal('gold', 1_000n, '2026-04-01', '2026-06-30') },
  ],
  [
    'the period is over, its grace is not: all of it is to be earned in the grace',
    ladder(calendar('QUARTER'), 'EARNED', 30),
    { tier: 'gold', since: '2025-08-01', reviewOn: '2026-05-01' },
    '2026-04-10',
    { '2026-02-01': 900, '2026-04-02': 50 },
    {
      tier: 'gold',
      heldUntil: '2026-04-30',
      keep: goal('gold', 950n, '2026-04-10', '2026-04-30'),
    },
  ],
  [
    'one step falls from gold at its review, and silver has a next',
    ladder(calendar('YEAR'), 'ONE_STEP'),
    { tier: 'silver', since: '2025-08-01', reviewOn: '2027-01-01' },
    '2026-04-10',
    { '2026-02-01': 250 },
    {
      tier: 'silver',
      heldUntil: '2026-12-31',
      next: goal('gold', 750n, '2026-04-10', '2026-12-31'),
      keep: goal('silver', 50n, '2026-04-10', '2026-12-31'),
    },
  ],
  [
    'never falls: nothing to keep',
    ladder(calendar('YEAR'), 'NEVER'),
    { tier: 'gold', since: '2025-08-01' },
    '2026-04-10',
    {},
    { tier: 'gold' },
  ],
  [
    'rolling and immediate: sure until its first day leaves the window',
    ladder(rolling(30)),
    undefined,
    '2026-03-20',
    { '2026-03-01': 200, '2026-03-15': 150 },
    {
      tier: 'silver',
      heldUntil: '2026-03-30',
      next: goal('gold', 650n, '2026-03-20', '2026-03-30'),
      keep: goal('silver', 150n, '2026-03-20', '2026-03-30'),
    },
  ],
  [
    'an empty rolling window: as long as it is',
    ladder(rolling(30)),
    undefined,
    '2026-03-20',
    {},
    { tier: 'basic', next: goal('silver', 300n, '2026-03-20', '2026-04-18') },
  ],
  [
    'a window of a day keeps nothing for tomorrow',
    ladder(rolling(1)),
    undefined,
    '2026-03-20',
    { '2026-03-20': 300 },
    { tier: 'silver', heldUntil: '2026-03-20', next: goal('gold', 700n, '2026-03-20', '2026-03-20') },
  ],
  [
    'calendar and immediate: to the end of the month, whatever is bought',
    ladder(calendar('MONTH')),
    undefined,
    '2026-03-20',
    { '2026-03-20': 1_000 },
    { tier: 'gold', heldUntil: '2026-03-31' },
  ],
  [
    'rolling and held: by the day before the review, of the days that it judges',
    ladder(rolling(30), 'EARNED'),
    { tier: 'gold', since: '2026-03-10', reviewOn: '2026-04-09' },
    '2026-03-20',
    { '2026-03-09': 900, '2026-03-12': 400 },
    { tier: 'gold', heldUntil: '2026-04-08', keep: goal('gold', 600n, '2026-03-20', '2026-04-08') },
  ],
];

test.each(CASES)('%s', (_what, on, standing, date, days, expected) => {
  const { standing: _standing, ...forecast } = forecastTier(on, standing, date, metricOf(days));
  expect(forecast).toEqual(expected);
});

test('purchases that lie in the future are not known yet', () => {
  const on = ladder(rolling(30));
  expect(forecastTier(on, undefined, '2026-03-20', metricOf({ '2026-03-21': 1_000 })).tier).toBe('basic');
});

// --------------------------------------------------------------------------------------------- properties

const day = fc.integer({ min: 0, max: 500 }).map((n) => addDays('2026-01-01', n));
const history = fc.dictionary(day, fc.integer({ min: 0, max: 1_200 }), { maxKeys: 8 });
const ladders = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 1, max: 200 }).map(rolling),
      fc.constantFrom('MONTH' as const, 'QUARTER' as const, 'YEAR' as const).map(calendar),
    ),
    fc.constantFrom('IMMEDIATE' as const, 'EARNED' as const, 'ONE_STEP' as const, 'NEVER' as const),
    fc.nat(25),
  )
  .map(([window, to, graceDays]) => ladder(window, to, graceDays));

/** A forecast and the history it knows: nothing after its day. */
const forecasts = fc.tuple(ladders, history, day, fc.nat(300)).map(([on, days, since, later]) => {
  const date = addDays(since, later);
  const known: Record<string, number> = {};
  for (const [past, amount] of Object.entries(days)) if (past <= date) known[past] = amount;
  const before = advanceTier(on, undefined, since, metricOf(known));
  return { on, date, known, forecast: forecastTier(on, before, date, metricOf(known)) };
});

const rank = (on: TierLadder, standing: TierStanding): number => rankOf(on, standing.tier) as number;
const plus = (days: Days, date: string, amount: bigint): Days => ({
  ...days,
  [date]: (days[date] ?? 0) + Number(amount),
});

test('the tier is there until heldUntil, and gone the day after when nothing is bought', () => {
  fc.assert(
    fc.property(forecasts, ({ on, known, forecast: { standing, heldUntil } }) => {
      fc.pre(heldUntil !== undefined);
      const until = heldUntil as string;
      expect(rank(on, advanceTier(on, standing, until, metricOf(known)))).toBe(rank(on, standing));
      expect(rank(on, advanceTier(on, standing, addDays(until, 1), metricOf(known)))).toBeLessThan(rank(on, standing));
    }),
  );
});

test('what is missing makes the next level on any of its days, and one less does not', () => {
  fc.assert(
    fc.property(forecasts, fc.boolean(), ({ on, date, known, forecast: { standing, next } }, atTheEnd) => {
      fc.pre(next !== undefined);
      const { missing, level, from, by } = next as NonNullable<typeof next>;
      expect(missing > 0n).toBe(true);
      expect(from).toBe(date);
      const when = atTheEnd ? by : from;
      const before = advanceTier(on, standing, when, metricOf(known));
      expect(advanceTier(on, before, when, metricOf(plus(known, when, missing))).tier).toBe(level);
      expect(advanceTier(on, before, when, metricOf(plus(known, when, missing - 1n))).tier).not.toBe(level);
    }),
  );
});

test('what is missing keeps the tier beyond heldUntil, bought on its first or its last day, and one less does not', () => {
  fc.assert(
    fc.property(forecasts, fc.boolean(), ({ on, known, forecast: { standing, heldUntil, keep } }, atTheEnd) => {
      fc.pre(keep !== undefined && heldUntil !== undefined);
      const { missing, from, by } = keep as NonNullable<typeof keep>;
      const beyond = addDays(heldUntil as string, 1);
      const when = atTheEnd ? by : from;
      expect(from <= by).toBe(true);
      const kept = advanceTier(on, standing, beyond, metricOf(plus(known, when, missing)));
      expect(rank(on, kept)).toBeGreaterThanOrEqual(rank(on, standing));
      const lost = advanceTier(on, standing, beyond, metricOf(plus(known, when, missing - 1n)));
      expect(rank(on, lost)).toBeLessThan(rank(on, standing));
    }),
  );
});
