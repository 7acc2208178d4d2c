import { currencyScale, isCurrencyCode } from '../../../src/domain/money/currency.js';

test.each([
  ['GBP', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['RUB', 2],
  ['BRL', 2],
])('%s has %s decimals', (code, scale) => {
  expect(isCurrencyCode(code)).toBe(true);
  expect(currencyScale(code)).toBe(scale);
});

test.each(['', 'gbp', 'EURO', 'ZZZ', 'constructor', '__proto__'])('%j is not a currency', (code) => {
  expect(isCurrencyCode(code)).toBe(false);
  expect(() => currencyScale(code)).toThrow(RangeError);
});
