import { addressLines, invoiceNumber, titleOf } from '../../../src/domain/settlement/invoice.js';

test.each([
  ['demo', 12, 'DEMO-000012'],
  ['coalition-demo', 1_234_567, 'COALITION-DEMO-1234567'],
] as const)('number %s %s is %s', (code, no, expected) => {
  expect(invoiceNumber(code, no)).toBe(expected);
});

const tax = (baseMinor: string, taxMinor: string) => ({ code: 'VAT', rate: '1/5', baseMinor, taxMinor });
test.each([
  [[], 'STATEMENT'],
  [[tax('0', '0')], 'STATEMENT'],
  [[tax('100', '20')], 'INVOICE'],
  [[tax('-100', '-20')], 'CREDIT_NOTE'],
  [[tax('-100', '-20'), tax('101', '20')], 'INVOICE'],
] as const)('%j makes a %s', (taxes, title) => {
  expect(titleOf({ taxes })).toBe(title);
});

test('an address is its lines', () => {
  expect(addressLines(' 1 High Street \r\n\n London ')).toEqual(['1 High Street', 'London']);
  expect(addressLines('')).toEqual([]);
});
