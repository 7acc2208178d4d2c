import { atLeast, atMost, isMet, median, medianRatio, percentile, type Row, rounded } from './figures.js';
import { lineChart } from './line-chart.js';
import { ASKERS } from './requests.js';
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

describe('the chart', () => {
  const svg = lineChart('Cost', 'members', [
    {
      name: 'flat',
      points: [
        [10_000, 1],
        [1_000_000, 1],
      ],
    },
    {
      name: 'linear',
      points: [
        [10_000, 1],
        [1_000_000, 100],
      ],
    },
  ]);

  test('a cost that does not grow is a level line, one that grows in proportion rises to the corner', () => {
    const [flat, linear] = [...svg.matchAll(/points="([^"]+)"/g)].map(([, points]) =>
      (points as string).split(' ').map((point) => point.split(',').map(Number)),
    );
    expect(flat?.[0]?.[1]).toBe(flat?.[1]?.[1]);
    expect(linear?.[0]).toEqual(flat?.[0]);
    expect(linear?.[1]?.[1]).toBe(40);
    expect(linear?.[1]?.[0]).toBe(flat?.[1]?.[0]);
  });

  test('is one well-formed picture', () => {
    expect(svg.match(/<svg /g)).toHaveLength(1);
    expect(svg).not.toContain('NaN');
  });
});

describe('what is asked', () => {
  const parameters = { token: 't', run: 'r', members: 1_000, instant: '2026-11-22T10:00:00.000Z' };

  test('no two purchases of a run share a reference, and they are spread over the members', () => {
    const purchases = [0, 1, 2].flatMap((client) => {
      const asker = ASKERS.submit(parameters, client);
      return Array.from({ length: 200 }, () => {
        const body = asker.next(undefined)?.body as string;
        expect(asker.next('{}')).toBeUndefined();
        return JSON.parse(body).variables.input.transaction as { reference: string; payer: { cardToken: string } };
      });
    });
    expect(new Set(purchases.map(({ reference }) => reference)).size).toBe(600);
    expect(new Set(purchases.map(({ payer }) => payer.cardToken)).size).toBeGreaterThan(300);
  });

  test('a list has as many purchases as it counts', () => {
    const asker = ASKERS.submitMany({ ...parameters, listLength: 20 }, 0);
    expect(JSON.parse(asker.next(undefined)?.body as string).variables.input.transactions).toHaveLength(20);
    expect(asker.operations).toBe(20);
  });

  test('what is held is taken, then the next one begins', () => {
    const asker = ASKERS.redeem(parameters, 0);
    const first = JSON.parse(asker.next(undefined)?.body as string).variables.input;
    const held = '{"data":{"redemptionAuthorise":{"redemption":{"id":"019a","state":"AUTHORISED"}}}}';
    expect(JSON.parse(asker.next(held)?.body as string).variables.input).toMatchObject({ redemptionId: '019a' });
    expect(asker.next('{"data":{}}')).toBeUndefined();
    expect(JSON.parse(asker.next(undefined)?.body as string).variables.input.reference).not.toBe(first.reference);
  });
});
