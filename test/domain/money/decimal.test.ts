import fc from 'fast-check';
import { formatDecimal, MAX_MINOR, parseDecimal } from '../../../src/domain/money/decimal.js';

test.each([
  ['', 2, 'MALFORMED'],
  ['.5', 2, 'MALFORMED'],
  ['5.', 2, 'MALFORMED'],
  ['+5', 2, 'MALFORMED'],
  ['1,5', 2, 'MALFORMED'],
  ['1e3', 2, 'MALFORMED'],
  [' 1', 2, 'MALFORMED'],
  ['--1', 2, 'MALFORMED'],
  ['1\n', 2, 'MALFORMED'],
  ['0.001', 2, 'TOO_MANY_DECIMALS'],
  ['1.5', 0, 'TOO_MANY_DECIMALS'],
  ['10000000000000.01', 2, 'TOO_LARGE'],
  ['-10000000000000.01', 2, 'TOO_LARGE'],
  ['999999999999999999999999999999', 0, 'TOO_LARGE'],
])('parseDecimal refuses %j at scale %s as %s', (text, scale, error) => {
  expect(parseDecimal(text, scale)).toBe(error);
});

test.each([
  ['12.30', 2, 1230n],
  ['12.3', 2, 1230n],
  ['12', 2, 1200n],
  ['12.3000', 2, 1230n],
  ['0.01', 2, 1n],
  ['-0.01', 2, -1n],
  ['-0', 2, 0n],
  ['007', 0, 7n],
  ['1.0', 0, 1n],
  ['1.234', 3, 1234n],
  ['10000000000000.00', 2, MAX_MINOR],
])('parseDecimal reads %j at scale %s as %s', (text, scale, minor) => {
  expect(parseDecimal(text, scale)).toBe(minor);
});

test.each([
  [1230n, 2, '12.30'],
  [5n, 2, '0.05'],
  [-5n, 2, '-0.05'],
  [0n, 2, '0.00'],
  [7n, 0, '7'],
  [-7n, 0, '-7'],
  [1234n, 3, '1.234'],
])('formatDecimal writes %s at scale %s as %s', (minor, scale, text) => {
  expect(formatDecimal(minor, scale)).toBe(text);
});

test('what is formatted parses back', () => {
  fc.assert(
    fc.property(fc.bigInt(-MAX_MINOR, MAX_MINOR), fc.integer({ min: 0, max: 8 }), (minor, scale) => {
      expect(parseDecimal(formatDecimal(minor, scale), scale)).toBe(minor);
    }),
  );
});
