import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFault } from '../../../src/infrastructure/yaml.js';
import { checkProgramme } from '../../../src/modules/programme-files/index.js';

/** A sound programme in which each case breaks one thing. */
const SOUND = `programme: test
name: Test programme
effectiveFrom: 2026-01-01
currency: EUR
timeZone: Europe/Lisbon
unit: { code: PTS, scale: 2, worth: 1 }
holdDays: 14
rounding: HALF_UP
categories:
  food:
    name: Food
    mcc: [5411, 5422-5499, "0742"]
  travel:
    name: Travel
    mcc:
      - { codes: 3000-3299, from: 2026-02-01, until: 2026-12-31 }
    outlets: [shop/airport]
tiers:
  rollingDays: 365
  levels:
    - { code: basic, name: Basic, from: 0 }
    - { code: gold, name: Gold, from: 1000 }
partners:
  shop:
  bank: { contract: { SELF: 90%, PROGRAMME: 10% } }
rules:
  - code: matrix
    name: Matrix
    funding: ISSUER
    matrix:
      basic: { food: 2%, BASE: 0.5% }
      gold: { food: 1/20 }
  - code: shop
    name: Shop
    when: { partners: [shop] }
    funding: { MERCHANT: 75%, ISSUER: 0.25 }
    rate: 3%
caps:
  - { code: food-month, category: food, per: month, max: 5 }
examples:
  - name: food at the shop
    card: bank
    steps:
      - { purchase: 100, at: shop, mcc: 5411, expect: { units: 5, rules: { matrix: 2 } } }
      - { refund: 50.00, expect: { units: 2.50 } }
`;

const check = (text: string) => checkProgramme(text, 'x.yaml');
const lines = (text: string): string[] => check(text).problems.map(describeFault);

test('the sound programme is sound', () => {
  expect(lines(SOUND)).toEqual([]);
  expect(check(SOUND).examples).toBe(1);
});

describe('what is wrong is named with its line, column and field', () => {
  // [what, the text to replace, by what, the beginning of the first problem, a part of its message]
  test.each<[string, string, string, string, string]>([
    ['no YAML at all', 'name: Test programme', 'name: [Test', 'x.yaml:3:1: ', 'not YAML'],
    ['a tab for spaces', '    name: Food', '\tname: Food', 'x.yaml:11:1', 'not YAML'],
    ['a field twice', 'holdDays: 14', 'holdDays: 14\nholdDays: 15', 'x.yaml:8:1 holdDays: ', 'second time'],
    ['a category twice', '  travel:', '  food:', 'x.yaml:13:3 categories.food: ', 'second time'],
    ['a field that is missing', 'currency: EUR\n', '', 'x.yaml:1:1 currency: ', 'is missing'],
    ['a field of a rule that is missing', '    funding: ISSUER\n', '', 'x.yaml:27:5 rules[0].funding: ', 'is missing'],
    ['an unknown field', 'holdDays: 14', 'holdDay: 14', 'x.yaml:7:1 holdDay: ', 'did you mean "holdDays"?'],
    [
      'an unknown field that is like no other',
      'rounding: HALF_UP',
      'rounding: HALF_UP\ncolour: red',
      'x.yaml:9:1 colour: ',
      'the fields are programme,',
    ],
    [
      'an unknown field of a rule',
      '    rate: 3%',
      '    raet: 3%',
      'x.yaml:37:5 rules[1].raet: ',
      'did you mean "rate"?',
    ],
    [
      'a word that is not of the list',
      'HALF_UP',
      'UP',
      'x.yaml:8:11 rounding: ',
      '"UP" is none of the words TRUNCATE, FLOOR, HALF_UP, HALF_EVEN',
    ],
    [
      'a value where fields belong',
      'unit: { code: PTS, scale: 2, worth: 1 }',
      'unit: PTS',
      'x.yaml:6:7 unit: ',
      'Write fields here',
    ],
    [
      'fields where a list belongs',
      'mcc: [5411, 5422-5499, "0742"]',
      'mcc: { a: 1 }',
      'x.yaml:12:5 categories.food.mcc: ',
      'Write a list',
    ],
    [
      'a rate that is none',
      '    rate: 3%',
      '    rate: 5 %%',
      'x.yaml:37:11 rules[1].rate: ',
      '"5 %%" is not a rate; write 5%, 0.05 or 1/20.',
    ],
    ['a negative rate', '    rate: 3%', '    rate: -3%', 'x.yaml:37:11 rules[1].rate: ', '"-3%" is not a rate'],
    [
      'a rate above everything',
      '    rate: 3%',
      '    rate: 3',
      'x.yaml:37:11 rules[1].rate: ',
      '300 % is more than 100 %',
    ],
    [
      'a rate in the matrix',
      'food: 2%',
      'food: 2O%',
      'x.yaml:31:22 rules[0].matrix.basic.food: ',
      '"2O%" is not a rate',
    ],
    ['no rate and no matrix', '    rate: 3%\n', '', 'x.yaml:33:5 rules[1]: ', 'exactly one effect'],
    [
      'a rate and a matrix',
      '    rate: 3%',
      '    rate: 3%\n    matrix: {}',
      'x.yaml:33:5 rules[1]: ',
      'exactly one effect',
    ],
    [
      'a split that does not sum to one',
      '0.25',
      '0.2',
      'x.yaml:36:5 rules[1].funding: ',
      'The shares sum to 95 %; they must sum to exactly 100 %',
    ],
    [
      'a party that does not exist',
      'MERCHANT: 75%',
      'MERCHAND: 75%',
      'x.yaml:36:16 rules[1].funding.MERCHAND: ',
      'did you mean "MERCHANT"?',
    ],
    [
      'a funder that does not exist',
      'funding: ISSUER',
      'funding: BANK',
      'x.yaml:29:14 rules[0].funding: ',
      '"BANK" is none of the words MERCHANT, ISSUER, PROGRAMME',
    ],
    [
      'a tier that does not exist',
      '      gold: {',
      '      golf: {',
      'x.yaml:30:5 rules[0].matrix: ',
      'The tier "gold" has no row',
    ],
    [
      'a category that does not exist',
      'basic: { food: 2%',
      'basic: { foot: 2%',
      'x.yaml:31:22 rules[0].matrix.basic.foot: ',
      'There is no category "foot" in this file; did you mean "food"?',
    ],
    [
      "a cap's category that does not exist",
      'category: food,',
      'category: fuel,',
      'x.yaml:39:35 caps[0].category: ',
      'There is no category "fuel"',
    ],
    [
      'a partner that does not exist',
      'partners: [shop]',
      'partners: [shopp]',
      'x.yaml:35:24 rules[1].when.partners[0]: ',
      'There is no partner "shopp" in this file; did you mean "shop"?',
    ],
    [
      'an outlet of a partner that does not exist',
      'outlets: [shop/airport]',
      'outlets: [ship/airport]',
      'x.yaml:17:15 categories.travel.outlets[0]: ',
      'There is no partner "ship"',
    ],
    [
      'an outlet without a partner',
      'outlets: [shop/airport]',
      'outlets: [airport]',
      'x.yaml:17:15 categories.travel.outlets[0]: ',
      'partner/outlet',
    ],
    [
      'no tier',
      'levels:\n    - { code: basic, name: Basic, from: 0 }\n    - { code: gold, name: Gold, from: 1000 }',
      'levels: []',
      'x.yaml:20:3 tiers.levels: ',
      'at least one tier',
    ],
    [
      'a first tier above zero',
      'name: Basic, from: 0',
      'name: Basic, from: 1',
      'x.yaml:21:41 tiers.levels[0].from: ',
      'starts at 0',
    ],
    [
      'tiers that do not rise',
      'from: 1000',
      'from: 0.00',
      'x.yaml:22:39 tiers.levels[1].from: ',
      '"basic" starts at 0',
    ],
    [
      'a tier twice',
      'code: gold,',
      'code: basic,',
      'x.yaml:22:15 tiers.levels[1].code: ',
      'a tier "basic" above already',
    ],
    [
      'a rule twice',
      '  - code: shop',
      '  - code: matrix',
      'x.yaml:33:11 rules[1].code: ',
      'a rule "matrix" above already',
    ],
    [
      'a merchant category code of three digits',
      '5411,',
      '742,',
      'x.yaml:12:11 categories.food.mcc[0]: ',
      '"742" is not a merchant category code; write four digits such as 0742',
    ],
    [
      'a range that runs backwards',
      '5422-5499',
      '5499-5422',
      'x.yaml:12:17 categories.food.mcc[1]: ',
      'write 5422-5499',
    ],
    [
      'codes in two categories',
      'codes: 3000-3299',
      'codes: 5400-5415',
      'x.yaml:16:9 categories.travel.mcc[0]: ',
      'in 5411 of food on the same days',
    ],
    [
      'codes twice in one category',
      '5422-5499',
      '5400-5499',
      'x.yaml:12:17 categories.food.mcc[1]: ',
      'in 5411 of food on the same days',
    ],
    [
      'days that run backwards',
      'until: 2026-12-31',
      'until: 2026-01-31',
      'x.yaml:16:54 categories.travel.mcc[0].until: ',
      'before the first',
    ],
    [
      'a category of nothing',
      '    mcc: [5411, 5422-5499, "0742"]\n',
      '',
      'x.yaml:10:3 categories.food: ',
      'Nothing belongs to this category',
    ],
    [
      'a day that does not exist',
      'effectiveFrom: 2026-01-01',
      'effectiveFrom: 2026-02-30',
      'x.yaml:3:16 effectiveFrom: ',
      'must exist',
    ],
    ['a currency that does not exist', 'currency: EUR', 'currency: eur', 'x.yaml:4:11 currency: ', 'ISO 4217'],
    ['a zone that does not exist', 'Europe/Lisbon', 'Europe/Atlantis', 'x.yaml:5:11 timeZone: ', 'IANA'],
    ['a unit with too many decimals', 'scale: 2', 'scale: 9', 'x.yaml:6:27 unit.scale: ', 'from 0 to 8'],
    ['a unit worth nothing', 'worth: 1', 'worth: 0', 'x.yaml:6:37 unit.worth: ', 'above zero'],
    ['a code with capitals', 'programme: test', 'programme: Test', 'x.yaml:1:12 programme: ', 'small letters'],
    ['a reserved code', '  shop:\n', '  shop:\n  constructor:\n', 'x.yaml:25:3 partners.constructor: ', 'reserved'],
    [
      'a hold that is no number',
      'holdDays: 14',
      'holdDays: two weeks',
      'x.yaml:7:11 holdDays: ',
      '"two weeks" does not fit',
    ],
    [
      'an amount with too many decimals',
      'from: 1000',
      'from: 1000.001',
      'x.yaml:22:39 tiers.levels[1].from: ',
      'more than 2 decimals',
    ],
    ['an amount in words', 'max: 5 ', 'max: five ', 'x.yaml:39:58 caps[0].max: ', 'digits'],
    ['a cap of zero', 'max: 5 ', 'max: 0.00 ', 'x.yaml:39:58 caps[0].max: ', 'zero'],
    [
      'contract shares that do not sum to one',
      'SELF: 90%',
      'SELF: 80%',
      'x.yaml:25:11 partners.bank.contract: ',
      'sum to 90 %',
    ],
    [
      'an exclusion without a reason',
      'tiers:',
      'exclusions: [DEFAULT, { codes: 5993 }]\ntiers:',
      'x.yaml:18:23 exclusions[1].reason: ',
      'is missing',
    ],
    [
      'an example of nothing',
      'expect: { units: 2.50 }',
      'expect: {}',
      'x.yaml:45:26 examples[0].steps[1].expect: ',
      'Expect something',
    ],
    [
      'a step that is neither',
      'refund: 50.00, ',
      '',
      'x.yaml:45:9 examples[0].steps[1]: ',
      'exactly one of purchase, refund, exchange, action, redeem, on',
    ],
    [
      'a refund with a place of its own',
      'refund: 50.00, ',
      'refund: 50.00, at: shop, ',
      'x.yaml:45:30 examples[0].steps[1].at: ',
      'remove it',
    ],
  ])('%s', (_, from, to, place, message) => {
    expect(SOUND).toContain(from);
    const broken = SOUND.replace(from, to);
    const found = lines(broken);
    expect(found.find((line) => line.startsWith(place)) ?? found).toContain(message);
    expect(check(broken)).toMatchObject({ examples: 0 });
  });

  test('all problems come at once, in the order of the file', () => {
    const broken = SOUND.replace('rate: 3%', 'rate: 3')
      .replace('holdDays: 14', 'holdDays: x')
      .replace('food: 2%', 'food: 200%');
    expect(lines(broken).map((line) => line.split(':')[1])).toEqual(['7', '31', '37']);
  });

  test.each([
    ['nothing', ''],
    ['a list', '- a\n- b\n'],
    ['one word', 'programme\n'],
    ['two documents', `${SOUND}---\n${SOUND}`],
    [
      'aliases of aliases of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    ],
    ["a key that is every object's", `${SOUND}__proto__: { programme: x }\n`],
    ['more than a programme can be', `${SOUND}#${' '.repeat(1_000_000)}`],
  ])('%s is refused', (_, text) => {
    expect(lines(text).length).toBeGreaterThan(0);
    expect(check(text).sound).toBeUndefined();
  });
});

describe('an example that does not come out', () => {
  test.each<[string, string, string, string, string]>([
    [
      'units',
      'units: 5,',
      'units: 6,',
      'x.yaml:44:64 examples[0].steps[0].expect.units: ',
      'Example "food at the shop", step 1: expected units 6.00, got 5.00. The purchase counts as food',
    ],
    [
      'units of a rule',
      'matrix: 2 ',
      'matrix: 3 ',
      'x.yaml:44:84 examples[0].steps[0].expect.rules.matrix: ',
      'expected rules.matrix 3.00, got 2.00',
    ],
    [
      'units of a funder',
      'rules: { matrix: 2 }',
      'funders: { shop: 9 }',
      'x.yaml:44:84 examples[0].steps[0].expect.funders.shop: ',
      'expected funders.shop 9.00, got 2.25',
    ],
    [
      'what stands after a refund',
      'units: 2.50',
      'units: 5.00',
      'x.yaml:45:43 examples[0].steps[1].expect.units: ',
      'step 2: expected units 5.00, got 2.50',
    ],
    [
      'category',
      'units: 5,',
      'category: travel,',
      'x.yaml:44:67 examples[0].steps[0].expect.category: ',
      'expected category travel, got food',
    ],
    [
      'tier',
      'units: 5,',
      'tier: gold,',
      'x.yaml:44:63 examples[0].steps[0].expect.tier: ',
      'expected tier gold, got basic',
    ],
    [
      'shortfall',
      'units: 5,',
      'shortfall: 1,',
      'x.yaml:44:68 examples[0].steps[0].expect.shortfall: ',
      'expected shortfall 1.00, got 0.00',
    ],
    [
      'reason',
      'units: 5,',
      'reason: CAPPED,',
      'x.yaml:44:65 examples[0].steps[0].expect.reason: ',
      'expected reason CAPPED, got none',
    ],
    [
      'too many decimals',
      'units: 5,',
      'units: 5.001,',
      'x.yaml:44:64 examples[0].steps[0].expect.units: ',
      'more than 2 decimals',
    ],
    [
      'an unknown rule',
      'matrix: 2 ',
      'matrxi: 2 ',
      'x.yaml:44:84 examples[0].steps[0].expect.rules.matrxi: ',
      'did you mean "matrix"?',
    ],
    ['an unknown partner', 'at: shop,', 'at: shot,', 'x.yaml:44:30 examples[0].steps[0].at: ', 'did you mean "shop"?'],
    ['an unknown card', 'card: bank', 'card: bunk', 'x.yaml:42:11 examples[0].card: ', 'did you mean "bank"?'],
    [
      'a refund of too much',
      'refund: 50.00',
      'refund: 100.01',
      'x.yaml:45:19 examples[0].steps[1].refund: ',
      'Only 100.00 of that purchase is left',
    ],
    [
      'a refund of nothing known',
      'refund: 50.00',
      'refund: 50.00, of: yesterday',
      'x.yaml:45:30 examples[0].steps[1].of: ',
      'no such purchase',
    ],
    [
      'an unknown tier',
      'card: bank',
      'card: bank\n    member: { tier: golden }',
      'x.yaml:43:21 examples[0].member.tier: ',
      'did you mean "gold"?',
    ],
    [
      'an unknown cap',
      'card: bank',
      'card: bank\n    member: { capUsed: { food: 1 } }',
      'x.yaml:43:32 examples[0].member.capUsed.food: ',
      'There is no cap "food"',
    ],
  ])('%s', (_, from, to, place, message) => {
    expect(SOUND).toContain(from);
    const broken = SOUND.replace(from, to);
    const found = lines(broken);
    expect(found.find((line) => line.startsWith(place)) ?? found).toContain(message);
    expect(check(broken).examples).toBe(1);
  });
});

describe('the terms', () => {
  const terms = (text: string) => check(text).sound?.terms;
  const withoutExamples = (text: string) => text.slice(0, text.indexOf('examples:'));

  test.each([
    ['5%', 1n, 20n],
    ['0.05', 1n, 20n],
    ['1/20', 1n, 20n],
    ['5 %', 1n, 20n],
    ['0', 0n, 1n],
    ['100%', 1n, 1n],
  ])('take the rate %s as %s/%s', (written, numerator, denominator) => {
    const text = withoutExamples(SOUND.replace('    rate: 3%', `    rate: ${written}`));
    expect(terms(text)?.rules[1]?.effect).toEqual({ kind: 'RATE', rate: { numerator, denominator } });
  });

  test('keep the zeros in front of a code, with quotes and without', () => {
    expect(terms(SOUND)?.categories[0]?.mccs.at(-1)).toEqual({ first: '0742', last: '0742' });
    expect(terms(SOUND.replace('"0742"', '0742'))?.categories[0]?.mccs.at(-1)).toEqual({ first: '0742', last: '0742' });
  });

  test.each([
    ['one unit is one euro, two decimals', 'scale: 2, worth: 1', 1n, 1n],
    ['one point is one cent', 'scale: 0, worth: 0.01', 1n, 1n],
    ['one point is half a cent', 'scale: 0, worth: 0.005', 1n, 2n],
    ['three points are one euro', 'scale: 0, worth: 1/3', 100n, 3n],
  ])('price the unit: %s', (_, unit, numerator, denominator) => {
    const text = withoutExamples(SOUND.replace('scale: 2, worth: 1', unit));
    expect(terms(text)?.unit.priceMinor).toEqual({ numerator, denominator });
  });

  test('exclude cash, transfers and gambling unless the file says otherwise', () => {
    const excluded = (text: string) =>
      terms(text)?.exclusions.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
    const byDefault = [
      '4829',
      '6010-6012',
      '6050-6051',
      '6211',
      '6513',
      '6529-6534',
      '6536-6538',
      '6540',
      '7800-7802',
      '7995',
    ];
    expect(excluded(SOUND)).toEqual(byDefault);
    expect(excluded(`${SOUND}exclusions: [DEFAULT, { codes: 5993, reason: tobacco }]\n`)).toEqual([
      ...byDefault,
      '5993',
    ]);
    expect(excluded(`${SOUND}exclusions: [{ codes: 5993, reason: tobacco }]\n`)).toEqual(['5993']);
    expect(excluded(`${SOUND}exclusions: []\n`)).toEqual([]);
  });
});

test('a category that only partners assign needs no codes when it says so', () => {
  const text = SOUND.replace('    mcc: [5411, 5422-5499, "0742"]', '    submitted: true').replace(
    'mcc: 5411',
    'category: food',
  );
  expect(lines(text)).toEqual([]);
});

test('an example can take a contract away', () => {
  const text = SOUND.replace('    card: bank', '    card: bank\n    contracts: { bank: NONE }')
    .replace('{ units: 5, rules: { matrix: 2 } }', '{ units: 0, reason: NO_CONTRACT }')
    .replace('units: 2.50', 'units: 0');
  expect(lines(text)).toEqual([]);
});

describe('programmes/', () => {
  const folder = join(import.meta.dirname, '..', '..', '..', '..', 'programmes');
  const text = readFileSync(join(folder, 'coalition-demo.yaml'), 'utf8');

  test('coalition-demo has twelve examples, and all come out', () => {
    expect(checkProgramme(text, 'coalition-demo.yaml')).toMatchObject({ examples: 13, problems: [] });
  });

  test('the shortest programme of the README is one', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const [, shortest = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
    expect(checkProgramme(shortest, 'README.md')).toMatchObject({
      problems: [],
      sound: { terms: { code: 'corner-shops' } },
    });
  });

  test('every number in its examples matters: any one changed is found at its line', () => {
    const all = text.split('\n');
    const start = all.indexOf('examples:');
    const numbers = all.flatMap((line, index) =>
      index <= start
        ? []
        : [...line.matchAll(/(?<=(?:units|shortfall): |(?:funders|rules): \{.*?: )\d+(?:\.\d+)?/g)].map((match) => ({
            index,
            match,
          })),
    );
    expect(numbers.length).toBeGreaterThan(40);
    for (const { index, match } of numbers) {
      const line = all[index] ?? '';
      const changed = `${line.slice(0, match.index)}9999${line.slice(match.index + match[0].length)}`;
      const problems = checkProgramme(all.with(index, changed).join('\n'), 'x').problems;
      expect(problems.map((problem) => problem.line)).toContain(index + 1);
    }
  });
});
