import { describeBacktest } from '../../src/commands/backtest-report.js';
import type { BacktestResult } from '../../src/modules/backtests/index.js';

const cost = (units: bigint) => ({ units, valueMinor: units, commissionMinor: units / 10n, taxMinor: units / 50n });
const compared = (recorded: bigint, baseline: bigint, candidate: bigint) => ({
  recorded: cost(recorded),
  baseline: cost(baseline),
  candidate: cost(candidate),
});

const RESULT: BacktestResult = {
  currencyCode: 'GBP',
  unitCode: 'PTS',
  unitScale: 0,
  purchases: 12_345,
  members: 3,
  spendMinor: 1_234_567_89n,
  replayedFrom: '2025-12-02',
  total: compared(1_750n, 1_700n, 123_400n),
  by: {
    FUNDER: [
      { key: 'bank', ...compared(350n, 300n, 0n) },
      { key: 'shop', ...compared(1_400n, 1_400n, 123_400n) },
    ],
    CATEGORY: [{ key: 'fuel', ...compared(1_750n, 1_700n, 123_400n) }],
    RULE: [
      { key: 'gift', ...compared(0n, 0n, 1_500n) },
      { key: 'shop-rate', ...compared(1_750n, 1_700n, 121_900n) },
    ],
    MONTH: [{ key: '2026-01-01', ...compared(1_750n, 1_700n, 123_400n) }],
  },
  withheld: { baseline: 0n, candidate: 300n },
  winners: { members: 2, units: 122_000n },
  losers: { members: 1, units: 300n },
  unchanged: 0,
  deciles: [
    { no: 1, members: 1, from: -300n, to: -300n, units: -300n },
    { no: 2, members: 2, from: 1_000n, to: 121_000n, units: 122_000n },
  ],
  gainsMost: [{ memberId: '0192-a', baseline: 0n, candidate: 121_000n }],
  losesMost: [{ memberId: '0192-b', baseline: 300n, candidate: 0n }],
  budgetsApproximate: true,
};

const text = describeBacktest(RESULT, { from: '2026-01-01', until: '2026-01-31' });

test('says what was replayed, who pays, and who gains, in aligned tables', () => {
  expect(text).toBe(`12,345 purchases of 3 members from 2026-01-01 to 2026-01-31, 1,234,567.89 GBP kept after refunds.
Replayed from 2025-12-02 on, so that tiers and caps stood where they stood.

Rewards at issue in GBP: as recorded, replayed under the versions that were in force, and under the candidate.

  by payer  recorded  replayed  candidate     change
  ──────────────────────────────────────────────────────────────
  bank          3.50      3.00       0.00      -3.00    -100.0 %
  shop         14.00     14.00   1,234.00  +1,220.00  +8,714.3 %
  together     17.50     17.00   1,234.00  +1,217.00  +7,158.8 %

  by category  recorded  replayed  candidate     change
  ─────────────────────────────────────────────────────────────────
  fuel            17.50     17.00   1,234.00  +1,217.00  +7,158.8 %

  by rule    recorded  replayed  candidate     change
  ───────────────────────────────────────────────────────────────
  gift           0.00      0.00      15.00     +15.00         new
  shop-rate     17.50     17.00   1,219.00  +1,202.00  +7,070.6 %
  together      17.50     17.00   1,234.00  +1,217.00  +7,158.8 %

  by month    recorded  replayed  candidate     change
  ────────────────────────────────────────────────────────────────
  2026-01-01     17.50     17.00   1,234.00  +1,217.00  +7,158.8 %

Commission and tax: 2.04 replayed, 148.08 under the candidate.
Withheld by caps and budgets: 0 PTS replayed, 300 PTS under the candidate.

Gaining: 2 members, 122,000 PTS. Losing: 1 member, 300 PTS. The same: 0 members.

  change in PTS  members    from        to  together
  ──────────────────────────────────────────────────
  tenth 1              1    -300      -300      -300
  tenth 2              2  +1,000  +121,000  +122,000

  gain most  replayed  candidate    change
  ────────────────────────────────────────
  0192-a            0    121,000  +121,000

  lose most  replayed  candidate  change
  ──────────────────────────────────────
  0192-b          300          0    -300

Budgets were used up member by member, not in the order of time: who got the last of them is not exact.
`);
});

test('nothing to replay is no table of nothing', () => {
  const none = {
    ...RESULT,
    purchases: 0,
    members: 0,
    deciles: [],
    gainsMost: [],
    losesMost: [],
    budgetsApproximate: false,
  };
  const empty = describeBacktest(
    { ...none, by: { FUNDER: [], CATEGORY: [], RULE: [], MONTH: [] } },
    { from: 'a', until: 'b' },
  );
  expect(empty).toContain('0 purchases of 0 members');
  expect(empty).not.toMatch(/tenth|most|approximate|together/);
});
