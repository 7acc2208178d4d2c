import { readMapping } from '../../../src/modules/imports/mapping-file.js';
import { submitCommandOf } from '../../../src/modules/imports/staged-command.js';
import { Translator } from '../../../src/modules/imports/translate.js';
import { type Line, line, MAPPING } from './feed-fixture.js';

const PROGRAMME = { currencyCode: 'EUR', timeZone: 'Europe/Lisbon' };

function translatorOf(mapping = MAPPING): Translator {
  const reading = readMapping('mapping.yaml', mapping);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return new Translator(reading.value, PROGRAMME);
}

const cellsOf = (translator: Translator, one: Line): string[] =>
  translator.columns.map((column) => (one as Record<string, string>)[column] ?? '');

const translated = (differs: Line, mapping?: string) => {
  const translator = translatorOf(mapping);
  return translator.translate(cellsOf(translator, line(differs)));
};

describe('a row that is no message is rejected with its true reason', () => {
  test.each<[string, Line, string, string]>([
    [
      'a day that does not exist',
      { day: '2015-02-29' },
      'MALFORMED_DATE',
      'The date "2015-02-29" is not a day written YYYY-MM-DD.',
    ],
    [
      'a day in another format',
      { day: '05/01/2020' },
      'MALFORMED_DATE',
      'The date "05/01/2020" is not a day written YYYY-MM-DD.',
    ],
    ['an empty day', { day: '' }, 'MALFORMED_DATE', 'The date "" is not a day written YYYY-MM-DD.'],
    [
      'an amount with a comma',
      { amount: '1,50' },
      'MALFORMED_AMOUNT',
      'The amount "1,50" is not a decimal number such as 12.30.',
    ],
    ['an empty amount', { amount: '' }, 'MALFORMED_AMOUNT', 'The amount "" is not a decimal number such as 12.30.'],
    [
      'too many decimals',
      { amount: '1.505' },
      'TOO_MANY_DECIMALS',
      'The amount "1.505" has more decimals than its currency.',
    ],
    [
      'an amount beyond all payments',
      { amount: '99999999999999999' },
      'AMOUNT_TOO_LARGE',
      'The amount "99999999999999999" is larger than any payment.',
    ],
    ['zero', { amount: '0.00' }, 'AMOUNT_IS_ZERO', 'The amount is zero; there is nothing to reward.'],
    [
      'an unknown currency',
      { currency: 'QQQ', billed: '1.00' },
      'UNKNOWN_CURRENCY',
      'The currency "QQQ" is not an ISO 4217 code.',
    ],
    [
      'a foreign amount without a billing amount',
      { currency: 'USD' },
      'BILLING_AMOUNT_MISSING',
      'The purchase is in USD and has no billing amount in EUR.',
    ],
    [
      'foreign decimals that the currency lacks',
      { currency: 'JPY', amount: '10.5', billed: '1.00' },
      'TOO_MANY_DECIMALS',
      'The original amount "10.5" has more decimals than its currency.',
    ],
    [
      'a malformed billing amount',
      { currency: 'USD', billed: 'x' },
      'MALFORMED_AMOUNT',
      'The billing amount "x" is not a decimal number such as 12.30.',
    ],
    [
      'signs that differ',
      { currency: 'USD', amount: '-1', billed: '1.00' },
      'SIGNS_DIFFER',
      'The amount -1 USD and the billing amount 1.00 EUR have different signs.',
    ],
    [
      'a card without digits',
      { card: 'cash' },
      'MALFORMED_CARD',
      'The card "cash" does not end with its last four digits.',
    ],
    [
      'a card number',
      { card: '4111 1111 1111 1111' },
      'CARD_NUMBER_REFUSED',
      'The card column holds a whole card number; let the feed send a token or the last four digits.',
    ],
    [
      'a row number that is none',
      { row: 'seven' },
      'MALFORMED_ORDER',
      'The row "seven" is not a whole number, and rows are ordered by it.',
    ],
    [
      'a NUL in the name',
      { shop: 'a\0b' },
      'MALFORMED_ROW',
      'The row holds characters that are no text (NUL or half a character).',
    ],
  ])('%s', (_, differs, code, reason) => {
    expect(translated(differs)).toEqual({ code, reason });
  });

  test('no reason repeats a card number', () => {
    expect(JSON.stringify(translated({ card: '4111111111111111' }))).not.toContain('4111');
  });

  test('a refund where the mapping takes none', () => {
    expect(
      translated({ amount: '-1.00' }, MAPPING.replace('dateFormat:', 'negativeAmounts: REJECT\ndateFormat:')),
    ).toEqual({
      code: 'AMOUNT_IS_NEGATIVE',
      reason: 'The amount is negative, and the mapping takes no refunds (negativeAmounts: REJECT).',
    });
  });
});

describe('a row becomes one message', () => {
  const message = (differs: Line, mapping?: string) => {
    const row = translated(differs, mapping);
    if ('code' in row) throw new Error(row.reason);
    return submitCommandOf({ ...row.command, occurrence: 2 }, row.businessDate, {
      issuer: 'market-bank',
      currencyCode: 'EUR',
    });
  };

  test('a purchase at a partner', () => {
    expect(message({})).toEqual({
      partnerCode: 'market-bank',
      kind: 'PURCHASE',
      reference: expect.stringMatching(/^[\w-]{43}\.2$/),
      payer: { cardToken: 'market-card-1234' },
      amountMinor: 1000n,
      currencyCode: 'EUR',
      occurredAt: new Date('2020-01-05T00:00:00Z'),
      businessDate: '2020-01-05',
      merchant: { partnerCode: 'baker', outletCode: 'stall' },
      descriptor: 'baker',
      category: 'food',
    });
  });

  test.each<[string, Line, object]>([
    ['a negative amount is a refund of the amount', { amount: '-10.5' }, { kind: 'REFUND', amountMinor: 1050n }],
    [
      'a foreign purchase counts with its billing amount',
      { currency: 'USD', amount: '12', billed: '11.34' },
      { amountMinor: 1134n, original: { amount: '12.00', currencyCode: 'USD' } },
    ],
    [
      'so does a foreign refund',
      { currency: 'USD', amount: '-12', billed: '-11.34' },
      { kind: 'REFUND', amountMinor: 1134n, original: { amount: '12.00', currencyCode: 'USD' } },
    ],
    [
      'a currency of then',
      { currency: 'HRK', amount: '75', billed: '10.00' },
      { amountMinor: 1000n, original: { amount: '75.00', currencyCode: 'HRK' } },
    ],
    ['the own currency, named', { currency: 'EUR', billed: '99' }, { amountMinor: 1000n }],
    [
      'the day begins in the zone of the programme',
      { day: '2020-07-05' },
      { occurredAt: new Date('2020-07-04T23:00:00Z'), businessDate: '2020-07-05' },
    ],
  ])('%s', (_, differs, expected) => {
    expect(message(differs)).toMatchObject(expected);
  });

  test('what is not known is left out', () => {
    const plain = message({ shop: 'nobody', ledger: 'Z' });
    expect(plain).not.toHaveProperty('merchant');
    expect(plain).not.toHaveProperty('category');
  });

  test.each<[string, string, string, string]>([
    ['YYYYMMDD', '20200105', '2020-01-05', '2020-01-05T00:00:00.000Z'],
    ['DD/MM/YYYY', '05/01/2020', '2020-01-05', '2020-01-05T00:00:00.000Z'],
    ['MM/DD/YYYY', '01/05/2020', '2020-01-05', '2020-01-05T00:00:00.000Z'],
    ['RFC3339', '2020-07-04T23:30:00Z', '2020-07-05', '2020-07-04T23:30:00.000Z'],
    ['RFC3339', '2020-07-05T00:30:00.5+02:00', '2020-07-04', '2020-07-04T22:30:00.500Z'],
  ])('a date written %s: %s', (format, day, businessDate, instant) => {
    expect(message({ day }, MAPPING.replace('dateFormat: YYYY-MM-DD', `dateFormat: ${format}`))).toMatchObject({
      businessDate,
      occurredAt: new Date(instant),
    });
  });
});

describe('the key', () => {
  const reference = (differs: Line): string => {
    const row = translated(differs);
    return 'code' in row ? row.reason : row.command.reference;
  };

  test('is the same whatever stands in other columns', () => {
    expect(reference({ row: '77', delivery: 'b.csv' })).toBe(reference({}));
  });

  test.each<Line>([
    { card: '****1235' },
    { day: '2020-01-06' },
    { shop: 'Baker' },
    { amount: '10.0' },
    { currency: 'EUR' },
    { billed: '10.00' },
    { ledger: 'F2' },
  ])('changes with %j', (differs) => {
    expect(reference(differs)).not.toBe(reference({}));
  });

  test('keeps the columns apart', () => {
    expect(reference({ currency: 'EUR', billed: '' })).not.toBe(reference({ currency: '', billed: 'EUR' }));
  });
});

test('rows sort by day, then by the other order columns, numbers by their value', () => {
  const translator = translatorOf();
  const keyOf = (differs: Line): string => {
    const row = translator.translate(cellsOf(translator, line(differs)));
    return 'code' in row ? row.reason : row.sortKey;
  };
  const inOrder: Line[] = [
    { day: '2019-12-31', delivery: 'z' },
    { delivery: 'a', row: '9' },
    { delivery: 'a', row: '10' },
    { delivery: 'a b', row: '1' },
    { delivery: 'b', row: '1' },
    { day: '2020-01-06', delivery: 'a' },
  ];
  const keys = inOrder.map(keyOf);
  expect(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(keys);
});
