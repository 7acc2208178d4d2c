import { atLeast, atMost, isMet, median, medianRatio, percentile, type Row, rounded } from './figures.js';
import { resultsFile, table } from './results.js';

describe('what measurements come to', () => {
  test('medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow(RangeError);
  });

  test('percentiles are values that were measured', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([5], 0.99)).toBe(5);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  test('the ratio of pairs is the median of their ratios, not the ratio of medians', () => {
    expect(
      medianRatio([
        [10, 10],
        [30, 10],
        [40, 20],
      ]),
    ).toBe(2);
  });

  test('targets', () => {
    expect(isMet({ value: 1.5, target: atLeast(1.5) })).toBe(true);
    expect(isMet({ value: 1.49, target: atLeast(1.5) })).toBe(false);
    expect(isMet({ value: 50, target: atMost(50) })).toBe(true);
    expect(isMet({ value: 51, target: atMost(50) })).toBe(false);
    expect(isMet({ value: 1, target: undefined })).toBeUndefined();
  });

  test('three digits', () => {
    expect([0.043_12, 1.234, 12.34, 123.4, 12_345.6].map(rounded)).toEqual([0.0431, 1.23, 12.3, 123, 12_346]);
  });
});

describe('what is written about a run', () => {
  const rows: Row[] = [
    { name: 'fast', value: 2, unit: '×', target: atLeast(1.5), note: 'pairs', cpu: { gateway: 12.34 } },
    { name: 'slow', value: 80, unit: 'ms', target: atMost(50) },
    { name: 'told', value: 12_345, unit: '/s' },
  ];
  const run = {
    ...{ date: '2026-11-22T00:00:00.000Z', commit: 'abc', machine: 'one', load: '0', programme: 'demo' },
    ...{ rules: 10, members: 5, pairs: 2 },
  };

  test('results.json has every row with its target and whether it is met', () => {
    expect(JSON.parse(resultsFile(run, rows))).toEqual({
      ...run,
      rows: [
        {
          ...{ name: 'fast', value: 2, target: 1.5, unit: '×', met: true, bound: 'at least', note: 'pairs' },
          cpuMicrosPerOperation: { gateway: 12.3 },
        },
        { name: 'slow', value: 80, target: 50, unit: 'ms', met: false, bound: 'at most' },
        { name: 'told', value: 12_345, target: null, unit: '/s', met: null },
      ],
    });
  });

  test('the table says met or not met', () => {
    const lines = table(rows).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^fast +2 × +≥ 1\.5 +met +pairs; µs of CPU each: gateway 12\.3$/);
    expect(lines[2]).toMatch(/^slow +80 ms +≤ 50 +NOT MET$/);
    expect(lines[3]).toMatch(/^told +12,345 \/s$/);
  });
});
