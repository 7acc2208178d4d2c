import { parseMoney, toMoney } from '../../src/graphql/money.js';

describe('an amount that does not fit is a coded failure, never rounded', () => {
  test.each([
    [{ amount: '1.00', currencyCode: 'EUR' }, 'GBP', 'CURRENCY_MISMATCH', 'purchase.amount.currencyCode'],
    [{ amount: '1.001', currencyCode: 'GBP' }, 'GBP', 'TOO_MANY_DECIMALS', 'purchase.amount.amount'],
    [{ amount: '1.5', currencyCode: 'JPY' }, 'JPY', 'TOO_MANY_DECIMALS', 'purchase.amount.amount'],
    [{ amount: '10000000000000.01', currencyCode: 'GBP' }, 'GBP', 'AMOUNT_TOO_LARGE', 'purchase.amount.amount'],
  ])('%j in %s: %s', (input, currency, code, field) => {
    expect(parseMoney(input, currency, 'purchase.amount')).toMatchObject({ ok: false, failure: { code, field } });
  });
});

test.each([
  ['12.30', 'GBP', 1230n],
  ['-0.01', 'GBP', -1n],
  ['1.500', 'GBP', 150n],
  ['1200', 'JPY', 1200n],
  ['1.234', 'KWD', 1234n],
])('%s %s is %s minor units', (amount, currencyCode, minor) => {
  expect(parseMoney({ amount, currencyCode }, currencyCode, 'amount')).toEqual({ ok: true, value: minor });
});

test.each([
  [1230n, 'GBP', '12.30'],
  [-1n, 'GBP', '-0.01'],
  [1200n, 'JPY', '1200'],
  [5n, 'KWD', '0.005'],
])('%s minor units of %s are %s', (minor, currencyCode, amount) => {
  expect(toMoney(minor, currencyCode)).toEqual({ amount, currencyCode });
});
