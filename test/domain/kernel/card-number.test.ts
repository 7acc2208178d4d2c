import { looksLikeCardNumber } from '../../../src/domain/kernel/card-number.js';

describe('looksLikeCardNumber', () => {
  test.each([
    ['Visa', '4111111111111111'],
    ['Visa of 13 digits', '4222222222222'],
    ['Visa of 19 digits', '4000000000000000006'],
    ['Mastercard', '5555555555554444'],
    ['Mastercard of the 2 series', '2223003122003222'],
    ['American Express', '378282246310005'],
    ['Mir', '2200000000000004'],
    ['in groups', '4111 1111 1111 1111'],
    ['with dashes', '4111-1111-1111-1111'],
    ['with spaced dashes', '4111 - 1111 - 1111 - 1111'],
    ['with dots', '4111.1111.1111.1111'],
    ['with en dashes', '4111–1111–1111–1111'],
    ['with no-break spaces', '4111\u00a01111\u00a01111\u00a01111'],
    ['with invisible characters', '4111\u200b1111\u200b1111\u200b1111'],
    ['digit by digit', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
    ['in full-width digits', '４１１１１１１１１１１１１１１１'],
    ['American Express as printed', '3782 822463 10005'],
    ['with blanks around it', '  4111111111111111\n'],
    ['in a sentence', 'paid by card 4111 1111 1111 1111, thanks'],
    ['before its expiry', '4111 1111 1111 1111 05/27'],
    ['after another number', 'order 123 4111111111111111'],
    ['with a prefix', 'tok_4111111111111111'],
    ['glued to letters', 'PAN4111111111111111x'],
    ['beside an identifier', '550e8400-e29b-41d4-a716-446655440000 4111111111111111'],
  ])('%s: yes', (_, text) => {
    expect(looksLikeCardNumber(text)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['a word', 'TESCO STORES 2041'],
    ['a wrong check digit', '4111111111111112'],
    ['12 digits', '411111111117'],
    ['20 digits', '41111111111111111111'],
    ['zeros', '0000000000000000'],
    ['a masked number', '411111******1111'],
    ['the last four', '1111'],
    ['a date and an amount', '2014-10-03 12:30:45 1,234.56'],
    ['a UUID whose digits would pass', '550e8400-e29b-41d4-a411-111111111111'],
    ['a digest with a run that would pass', 'a4111111111111111bcdef0123456789a4111111111111111bcdef0123456789'],
    ['two house numbers', '4111 11 1111 11 1111 11'],
  ])('%s: no', (_, text) => {
    expect(looksLikeCardNumber(text)).toBe(false);
  });
});
