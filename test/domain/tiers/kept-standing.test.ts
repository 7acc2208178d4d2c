import { KeptStanding } from '../../../src/domain/tiers/kept-standing.js';
import { calendar, ladder, metricOf, rolling } from './ladders.js';

test('every rise, renewal and fall is a move, and what stays the same is none', () => {
  const on = ladder(calendar('MONTH'), 'EARNED');
  const kept = new KeptStanding();
  const days: Record<string, number> = {};
  const settle = (date: string): void => kept.settle(on, date, metricOf(days));
  settle('2026-01-05');
  days['2026-01-10'] = 300;
  settle('2026-01-10');
  settle('2026-01-10');
  days['2026-01-20'] = 700;
  settle('2026-01-20');
  days['2026-02-03'] = 300;
  settle('2026-02-03');
  settle('2026-03-01');
  expect(kept.moves()).toEqual([
    {
      standing: { tier: 'basic', since: '2026-01-05' },
      change: { on: '2026-01-05', to: 'basic', metric: 0n, because: 'FIRST' },
    },
    {
      standing: { tier: 'silver', since: '2026-01-10', reviewOn: '2026-02-01' },
      change: { on: '2026-01-10', from: 'basic', to: 'silver', metric: 300n, because: 'UP' },
    },
    {
      standing: { tier: 'gold', since: '2026-01-20', reviewOn: '2026-02-01' },
      change: { on: '2026-01-20', from: 'silver', to: 'gold', metric: 1_000n, because: 'UP' },
    },
    { standing: { tier: 'gold', since: '2026-01-20', reviewOn: '2026-03-01' } },
    {
      standing: { tier: 'silver', since: '2026-03-01', reviewOn: '2026-04-01' },
      change: { on: '2026-03-01', from: 'gold', to: 'silver', metric: 300n, because: 'DOWN' },
    },
  ]);
});

test('asking changes nothing, and a purchase sees the tier before it', () => {
  const on = ladder(rolling(30));
  const kept = new KeptStanding({ tier: 'basic', since: '2026-01-01' });
  const before = metricOf({});
  const after = metricOf({ '2026-03-10': 400 });
  expect(kept.on(on, '2026-03-10', before).tier).toBe('basic');
  expect(kept.on(on, '2026-03-10', after).tier).toBe('silver');
  expect(kept.moves()).toEqual([]);
});

test('a refund of an immediate tier says so, a held tier waits for its review', () => {
  const days = { '2026-03-10': 100 };
  const immediate = new KeptStanding({ tier: 'silver', since: '2026-03-10' });
  immediate.settle(ladder(rolling(30)), '2026-03-12', metricOf(days), true);
  expect(immediate.moves()).toEqual([
    {
      standing: { tier: 'basic', since: '2026-03-12' },
      change: { on: '2026-03-12', from: 'silver', to: 'basic', metric: 100n, because: 'REFUND' },
    },
  ]);
  const held = new KeptStanding({ tier: 'silver', since: '2026-03-10', reviewOn: '2026-04-09' });
  held.settle(ladder(rolling(30), 'EARNED'), '2026-03-12', metricOf(days), true);
  expect(held.moves()).toEqual([]);
});

test('a day before the standing moves nothing', () => {
  const kept = new KeptStanding({ tier: 'silver', since: '2026-03-10' });
  kept.settle(ladder(rolling(30)), '2026-02-01', metricOf({}));
  expect(kept.moves()).toEqual([]);
});
