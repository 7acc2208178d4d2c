import fc from 'fast-check';
import {
  COST_VIEWS,
  type Cost,
  type CostPlace,
  CostTally,
  compareBy,
  compareTotals,
  FREE,
} from '../../../src/domain/backtest/cost.js';

const place = fc.record<CostPlace>({
  funderNo: fc.integer({ min: 0, max: 4 }),
  category: fc.constantFrom('fuel', 'books', 'UNCATEGORISED'),
  ruleCode: fc.constantFrom('base', 'bonus', 'joint'),
  month: fc.constantFrom('2026-01-01', '2026-02-01', '2026-03-01'),
});
const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
const cost = fc.record<Cost>({ units: amount, valueMinor: amount, commissionMinor: amount, taxMinor: amount });
const rewards = fc.array(fc.tuple(place, cost), { maxLength: 60 });

const tallyOf = (all: readonly (readonly [CostPlace, Cost])[]): CostTally => {
  const tally = new CostTally();
  for (const [at, what] of all) tally.add(at, what);
  return tally;
};
const sumOf = (costs: Iterable<Cost>): Cost => {
  let sum = FREE;
  for (const each of costs) {
    sum = {
      units: sum.units + each.units,
      valueMinor: sum.valueMinor + each.valueMinor,
      commissionMinor: sum.commissionMinor + each.commissionMinor,
      taxMinor: sum.taxMinor + each.taxMinor,
    };
  }
  return sum;
};

test('every view adds up to the total, and the total to what was added', () => {
  fc.assert(
    fc.property(rewards, (all) => {
      const tally = tallyOf(all);
      expect(tally.total()).toEqual(sumOf(all.map(([, each]) => each)));
      for (const view of COST_VIEWS) expect(sumOf(tally.by(view).values())).toEqual(tally.total());
    }),
  );
});

test('compared lines add up to the compared totals, whatever costs something in one of them only', () => {
  fc.assert(
    fc.property(rewards, rewards, rewards, (ours, theirs, stored) => {
      const tallies = { candidate: tallyOf(ours), baseline: tallyOf(theirs), recorded: tallyOf(stored) };
      const totals = compareTotals(tallies);
      for (const view of COST_VIEWS) {
        const lines = compareBy(view, tallies);
        expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
        for (const side of ['candidate', 'baseline', 'recorded'] as const)
          expect(sumOf(lines.map((line) => line[side]))).toEqual(totals[side]);
      }
    }),
  );
});

test('lines stand in the order of their keys, payers by number', () => {
  const one = { ...FREE, units: 1n };
  const at = (funderNo: number, category: string): CostPlace => ({
    funderNo,
    category,
    ruleCode: 'r',
    month: '2026-01-01',
  });
  const candidate = tallyOf([
    [at(10, 'zoo'), one],
    [at(2, 'art'), one],
  ]);
  const baseline = tallyOf([[at(0, 'mid'), one]]);
  const keys = (view: 'FUNDER' | 'CATEGORY') =>
    compareBy(view, { candidate, baseline, recorded: new CostTally() }).map(({ key }) => key);
  expect(keys('FUNDER')).toEqual(['0', '2', '10']);
  expect(keys('CATEGORY')).toEqual(['art', 'mid', 'zoo']);
});
