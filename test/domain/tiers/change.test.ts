import type { TierLadder } from '../../../src/domain/earning/model.js';
import { type TierChange, tierChange } from '../../../src/domain/tiers/change.js';
import { advanceTier, type TierStanding } from '../../../src/domain/tiers/standing.js';
import { calendar, type Days, ladder, metricOf, rolling } from './ladders.js';

const CASES: readonly [
  what: string,
  on: TierLadder,
  before: TierStanding | undefined,
  date: string,
  days: Days,
  refunded: boolean,
  change: TierChange | undefined,
][] = [
  [
    'the first, whatever it is',
    ladder(rolling(30)),
    undefined,
    '2026-03-10',
    { '2026-03-09': 400 },
    false,
    { on: '2026-03-10', to: 'silver', metric: 400n, because: 'FIRST' },
  ],
  [
    'up',
    ladder(rolling(30)),
    { tier: 'basic', since: '2026-01-01' },
    '2026-03-10',
    { '2026-03-09': 400 },
    false,
    { on: '2026-03-10', from: 'basic', to: 'silver', metric: 400n, because: 'UP' },
  ],
  [
    'down, because days left the window',
    ladder(rolling(30)),
    { tier: 'gold', since: '2026-01-01' },
    '2026-03-10',
    { '2026-03-09': 400 },
    false,
    { on: '2026-03-10', from: 'gold', to: 'silver', metric: 400n, because: 'DOWN' },
  ],
  [
    'down, because of a refund',
    ladder(rolling(30)),
    { tier: 'gold', since: '2026-01-01' },
    '2026-03-10',
    { '2026-03-09': 400 },
    true,
    { on: '2026-03-10', from: 'gold', to: 'silver', metric: 400n, because: 'REFUND' },
  ],
  [
    'down at a review, by the period that it judged',
    ladder(calendar('YEAR'), 'EARNED'),
    { tier: 'gold', since: '2025-03-01', reviewOn: '2027-01-01' },
    '2027-02-10',
    { '2026-03-09': 400, '2027-01-20': 30 },
    false,
    { on: '2027-01-01', from: 'gold', to: 'silver', metric: 400n, because: 'DOWN' },
  ],
  [
    'nothing when a review confirmed it',
    ladder(calendar('YEAR'), 'EARNED'),
    { tier: 'silver', since: '2025-03-01', reviewOn: '2027-01-01' },
    '2027-02-10',
    { '2026-03-09': 400 },
    false,
    undefined,
  ],
  [
    'other levels',
    ladder(rolling(30)),
    { tier: 'platinum', since: '2026-01-01' },
    '2026-03-10',
    {},
    false,
    { on: '2026-03-10', from: 'platinum', to: 'basic', metric: 0n, because: 'TERMS' },
  ],
];

test.each(CASES)('%s', (_what, on, before, date, days, refunded, change) => {
  const metricIn = metricOf(days);
  expect(tierChange(on, before, advanceTier(on, before, date, metricIn), date, metricIn, refunded)).toEqual(change);
});
