import { describeFault } from '../../../src/infrastructure/yaml.js';
import { readMapping } from '../../../src/modules/imports/mapping-file.js';
import { MAPPING } from './feed-fixture.js';

/** What the mapping becomes when `from` stands as `to` in it; every fault as it is printed. */
function faultsWith(from: string | RegExp, to: string): string[] {
  const changed = MAPPING.replace(from, to);
  expect(changed).not.toBe(MAPPING);
  const reading = readMapping('mapping.yaml', changed);
  return reading.ok ? [] : reading.faults.map(describeFault);
}

describe('a mapping is refused with file, line, field and the way out', () => {
  test.each<[string, string | RegExp, string, string[]]>([
    [
      'no YAML at all',
      'format: csv',
      'format: [csv',
      [expect.stringMatching(/^mapping\.yaml:\d+:\d+.*This is not YAML/) as unknown as string],
    ],
    [
      'an unknown format',
      'format: csv',
      'format: xlsx',
      ['mapping.yaml:2:9 format: "xlsx" is none of the words csv, ndjson.'],
    ],
    [
      'a missing column',
      '  merchant: shop\n',
      '',
      ['mapping.yaml:4:1 columns.merchant: The field "merchant" is missing; write it.'],
    ],
    [
      'a misspelt field',
      '  merchant: shop',
      '  merchent: shop',
      [
        'mapping.yaml:4:1 columns.merchant: The field "merchant" is missing; write it.',
        'mapping.yaml:7:3 columns.merchent: There is no field "merchent" here; did you mean "merchant"?',
      ],
    ],
    [
      'an unknown currency',
      'defaultCurrency: EUR',
      'defaultCurrency: EURO',
      ['mapping.yaml:13:18 defaultCurrency: This is not an ISO 4217 currency code.'],
    ],
    [
      'a column of the message outside the key',
      'card, day, shop, amount, currency, billed, ledger]',
      'card, day, shop, amount, currency, ledger]',
      [
        'mapping.yaml:15:3 key.columns: The column billed (billingAmount) is part of the message, so it must be part of its key: two rows with one key must be the same message.',
      ],
    ],
    [
      'a key and a reference',
      '  category: ledger',
      '  category: ledger\n  reference: row',
      [
        'mapping.yaml:15:1 key: Name either key (a feed without ids) or columns.reference (a feed with ids), one of them.',
      ],
    ],
    [
      'an order that does not begin with the date',
      'order: [day, delivery',
      'order: [delivery',
      ['mapping.yaml:17:9 order[0]: The first order column is the date column (day).'],
    ],
    [
      'a token that is the same for all',
      '"market-card-{lastFour}"',
      'market-card',
      ['mapping.yaml:20:8 token: Without {card} or {lastFour} every card would be the same; put one of them in.'],
    ],
    [
      'a word that templates do not know',
      '"holder-{lastFour}"',
      '"holder-{pan}"',
      ['mapping.yaml:19:9 member: Between braces stands card or lastFour.'],
    ],
    [
      'a rate that is none',
      'commission: 10%',
      'commission: ten',
      ['mapping.yaml:24:15 contract.commission: A rate is written like 5 %, 0.05 or 1/3.'],
    ],
    [
      'funding that does not sum to one',
      'share: 100%',
      'share: 90%',
      [
        'mapping.yaml:21:1 contract: The funding shares sum to 90 %; they must sum to exactly 100 %. Thirds are written "1/3".',
      ],
    ],
    [
      'a rate above one in one partner',
      '{ commission: 5% }',
      '{ commission: 5 }',
      [
        'mapping.yaml:40:5 partners[2].contract: The rate is 500 %; it may be at most 100 %. Write five percent as "5%" or "0.05".',
      ],
    ],
    [
      'a partner code that is none',
      'code: baker',
      'code: The Baker',
      [
        'mapping.yaml:32:11 partners[1].code: A code is 1 to 63 small letters, digits and dashes, and starts with a letter or digit, such as "corner-shop".',
      ],
    ],
    [
      'a partner twice',
      'code: fishmonger',
      'code: baker',
      ['mapping.yaml:36:11 partners[2].code: The partner baker stands here twice; join the two.'],
    ],
    [
      'a pattern twice',
      '["*fish*"]',
      '["Baker *"]',
      ['mapping.yaml:39:13 partners[2].names[0]: The pattern "Baker *" belongs to baker already.'],
    ],
    [
      'names without an outlet',
      / {4}outlet: .*\n {4}names: \["\*fish\*"\]/,
      '    names: ["*fish*"]',
      ['mapping.yaml:38:5 partners[2].names: Purchases are booked at an outlet: add one to the partner.'],
    ],
    [
      'an issuer that is no bank',
      ', roles: [BANK]',
      '',
      ['mapping.yaml:31:13 partners[0].code: The issuer market-bank needs the role BANK.'],
    ],
    [
      'a ledger code in two categories',
      'food: [F1, F2]',
      'food: [F1, F2]\n  other: [F2]',
      ['mapping.yaml:30:11 categories.other[0]: F2 belongs to food already.'],
    ],
    [
      'a table without its column',
      '  category: ledger\n',
      '',
      ['mapping.yaml:27:1 categories: The table needs columns.category to know which column it reads.'],
    ],
  ])('%s', (_, from, to, faults) => {
    expect(faultsWith(from, to)).toEqual(faults);
  });
});

test('the fixture itself is sound', () => {
  const reading = readMapping('mapping.yaml', MAPPING);
  expect(reading).toMatchObject({
    ok: true,
    value: { issuer: 'market-bank', order: [{ column: 'day', as: 'text' }, {}, { column: 'row', as: 'number' }] },
  });
});
