import { codeHash, newCode } from '../../../src/modules/catalogue/discount-code.js';

test('codes are four groups of letters that nobody misreads, and never the same', () => {
  const codes = Array.from({ length: 1_000 }, newCode);
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
  expect(new Set(codes).size).toBe(codes.length);
});

test.each([['7k2m-qx4t-0b9w-hz3e'], ['7K2MQX4T0B9WHZ3E'], [' 7K2M QX4T 0B9W HZ3E '], ['7K2M-QX4T-OB9W-HZ3E']])(
  '"%s" is the code as typed',
  (typed) => {
    expect(codeHash(typed)).toEqual(codeHash('7K2M-QX4T-0B9W-HZ3E'));
  },
);

test.each([['7K2M-QX4T-0B9W-HZ3F'], ['7K2M-QX4T-0B9W'], ['']])('"%s" is another one', (typed) => {
  expect(codeHash(typed)).not.toEqual(codeHash('7K2M-QX4T-0B9W-HZ3E'));
});
