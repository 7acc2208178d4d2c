import fc from 'fast-check';
import {
  addRates,
  compareRates,
  describeRate,
  formatRate,
  multiplyRates,
  parseRate,
  rate,
} from '../../../src/domain/money/rate.js';

describe('parseRate', () => {
  test.each([
    '',
    ' ',
    '5 %%',
    '%',
    '-5%',
    '+5%',
    '1/0',
    '1/',
    '/2',
    '1.',
    '.5',
    '1e-2',
    '0,05',
    '5 percent',
    '1/2/3',
    '1/-2',
    '٥%',
    'NaN',
  ])('refuses %j', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });

  test.each([
    ['5%', '1/20'],
    ['5 %', '1/20'],
    [' 33.33 % ', '3333/10000'],
    ['0.05', '1/20'],
    ['0', '0/1'],
    ['0%', '0/1'],
    ['1', '1/1'],
    ['100%', '1/1'],
    ['1/3', '1/3'],
    ['2 / 6', '1/3'],
    ['0/7', '0/1'],
    ['0.000000000000000001', '1/1000000000000000000'],
  ])('reads %j as %s', (text, canonical) => {
    const parsed = parseRate(text);
    expect(parsed && formatRate(parsed)).toBe(canonical);
  });
});

describe('rate', () => {
  test.each([
    [-1n, 1n],
    [1n, 0n],
    [1n, -1n],
  ])('refuses %s/%s', (numerator, denominator) => {
    expect(() => rate(numerator, denominator)).toThrow(RangeError);
  });

  test('keeps lowest terms', () => {
    expect(rate(6n, 4n)).toEqual({ numerator: 3n, denominator: 2n });
    expect(rate(0n, 9n)).toEqual({ numerator: 0n, denominator: 1n });
  });
});

test.each([
  ['1/20', '5 %'],
  ['3333/10000', '33.33 %'],
  ['1/800', '0.125 %'],
  ['1/3', '1/3'],
  ['0', '0 %'],
  ['3/2', '150 %'],
  ['1/2000', '0.05 %'],
  ['1/10000000000', '1/10000000000'],
])('describeRate writes %s as %s', (text, expected) => {
  const parsed = parseRate(text);
  expect(parsed && describeRate(parsed)).toBe(expected);
});

const anyRate = fc.tuple(fc.bigInt(0n, 10n ** 12n), fc.bigInt(1n, 10n ** 12n)).map(([n, d]) => rate(n, d));

test('what is formatted reads back as the same rate', () => {
  fc.assert(
    fc.property(anyRate, (value) => {
      expect(parseRate(formatRate(value))).toEqual(value);
      expect(parseRate(describeRate(value))).toEqual(value);
    }),
  );
});

test('sums and products agree with comparison', () => {
  fc.assert(
    fc.property(anyRate, anyRate, (a, b) => {
      expect(addRates(a, b)).toEqual(addRates(b, a));
      expect(multiplyRates(a, b)).toEqual(multiplyRates(b, a));
      expect(compareRates(addRates(a, b), a)).toBe(b.numerator === 0n ? 0 : 1);
      expect(Math.sign(compareRates(a, b))).toBe(-Math.sign(compareRates(b, a)) + 0);
    }),
  );
});
