import fc from 'fast-check';
import type { ProgrammeTerms } from '../../../src/domain/earning/model.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { LANGUAGES } from '../../../src/domain/terms/catalogue.js';
import { markdown, plainText } from '../../../src/domain/terms/document.js';
import { termsText } from '../../../src/domain/terms/terms-text.js';
import { namesOf, numbersIn, numbersOf } from './numbers.js';
import { cap, plainTerms, REDEMPTION, RICH, r, rule, someTerms } from './terms-fixture.js';

/** Of these the text tells what they do, not the number: the order of groups, and a share in place of a maximum. */
const SAID_WITHOUT_NUMBERS: readonly RegExp[] = [
  /^groups\.\d+\.priority$/,
  /^approvals$/,
  /^caps\.1\.max$/, // maxShare stands instead
  /^tiers\.levels\.0\.from$/, // always zero
  /^currencyScale$/, // how amounts are read, not one of them
];

interface Leaf {
  readonly path: string;
  readonly changed: () => unknown;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Every number, share and day of a value, each with the value as it would be with that one a little larger. */
function leavesOf(value: unknown, path = '', rebuild: (leaf: unknown) => unknown = (leaf) => leaf): Leaf[] {
  if (typeof value === 'bigint') return [{ path, changed: () => rebuild(value + 1n) }];
  if (typeof value === 'number') return [{ path, changed: () => rebuild(value + 1) }];
  if (typeof value === 'string') return DAY.test(value) ? [{ path, changed: () => rebuild(addDays(value, 1)) }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, path === '' ? key : `${path}.${key}`, (leaf) =>
      rebuild(Array.isArray(value) ? value.with(Number(key), leaf) : { ...value, [key]: leaf }),
    ),
  );
}

describe.each(LANGUAGES)('in %s', (language) => {
  const text = (terms: ProgrammeTerms): string => plainText(termsText(terms, language));
  const rich = text(RICH);

  test('the numbers of the text are the numbers of the rules, where everything occurs', () => {
    expect(numbersIn(text(RICH), language, namesOf(RICH))).toEqual(numbersOf(RICH));
  });

  test('the numbers of the text are the numbers of the rules, whatever they are', () => {
    fc.assert(
      fc.property(someTerms, (terms) => {
        expect(numbersIn(text(terms), language)).toEqual(numbersOf(terms));
      }),
      { numRuns: 100 },
    );
  });

  const leaves = leavesOf(RICH).filter(({ path }) => !SAID_WITHOUT_NUMBERS.some((pattern) => pattern.test(path)));

  test.each(leaves.map(({ path }) => path))('the text changes when %s changes', (path) => {
    const leaf = leaves.find((each) => each.path === path);
    expect(text(leaf?.changed() as ProgrammeTerms)).not.toBe(rich);
  });

  test('amounts beyond what floating point holds are written to the last digit', () => {
    const said = text(
      plainTerms({
        currencyCode: 'EUR',
        rules: [rule('a', { kind: 'STEP', units: 9_007_199_254_740_993n, everyMinor: 123_456_789_012_345_678_901n })],
      }),
    );
    const digits = (said.match(/[\d.,\u00a0]+/g) ?? []).map((number) => number.replace(/\D/g, ''));
    expect(digits).toEqual(expect.arrayContaining(['9007199254740993', '123456789012345678901']));
  });
});

const sentence = (terms: ProgrammeTerms, language: 'en' | 'ru' | 'pt', section: string): string[] =>
  termsText(terms, language)
    .sections.filter(({ key }) => key === section)
    .flatMap(({ items }) => items.flatMap(({ text, details }) => [text, ...details]));

test.each([
  ['en', 1, 'Units can be used 1 day after the purchase is cleared.'],
  ['en', 14, 'Units can be used 14 days after the purchase is cleared.'],
  ['ru', 1, 'Единицы можно тратить через 1 день после проведения покупки.'],
  ['ru', 2, 'Единицы можно тратить через 2 дня после проведения покупки.'],
  ['ru', 5, 'Единицы можно тратить через 5 дней после проведения покупки.'],
  ['ru', 11, 'Единицы можно тратить через 11 дней после проведения покупки.'],
  ['ru', 21, 'Единицы можно тратить через 21 день после проведения покупки.'],
  ['ru', 1022, 'Единицы можно тратить через 1\u00a0022 дня после проведения покупки.'],
  ['pt', 1, 'As unidades podem ser usadas 1 dia depois que a compra é liquidada.'],
  ['pt', 2, 'As unidades podem ser usadas 2 dias depois que a compra é liquidada.'],
] as const)('%s says %d days in its own plural', (language, holdDays, text) => {
  expect(sentence(plainTerms({ holdDays }), language, 'hold')).toEqual([text]);
});

test('a mark larger than any number still has a plural', () => {
  const mark = 10n ** 30n + 2n;
  const terms = plainTerms({
    rules: [
      rule(
        'a',
        { kind: 'FIXED', units: 1n },
        {
          when: { reaches: { metric: 'PURCHASES', per: 'MONTH', mark, repeats: false, atSamePartner: false } },
        },
      ),
    ],
  });
  expect(sentence(terms, 'ru', 'earn').join(' ')).toMatch(/002 покупки за календарный месяц/);
});

test('a small programme reads like this', () => {
  const terms = plainTerms({
    name: 'Harbour',
    holdDays: 14,
    categories: [
      {
        code: 'fuel',
        name: 'Fuel',
        mccs: [{ first: '5541', last: '5542' }],
        partners: [],
        outlets: [],
        products: [],
        descriptors: [],
      },
    ],
    rules: [
      rule('base', { kind: 'RATE', rate: r('0.5%') }, { name: 'Everywhere' }),
      rule(
        'days',
        { kind: 'STEP', units: 200n, everyMinor: 3_300n },
        {
          name: 'Harbour days',
          when: {
            partners: ['amber'],
            from: '2026-06-01',
            until: '2026-06-30',
            minimum: { amountMinor: 20_000n, exclusive: true },
          },
        },
      ),
    ],
    caps: [cap('month', { max: 150_00n })],
    redemption: { ...REDEMPTION, expiry: { kind: 'MONTHS', count: 12, from: 'AVAILABLE' }, minimumOwnMinor: 100n },
  });
  expect(
    plainText(termsText(terms, 'en', new Map([['amber', 'Amber Kitchen']]))).replaceAll('\u00a0', ' '),
  ).toBe(`Terms of Harbour

In force from 1 January 2026. Days and times are those of the time zone Europe/Lisbon.
1 PTS is worth €1 when it is earned.
This text is generated from the rules that decide every purchase.

What you earn
- “Everywhere”: You earn 0.5% of the amount, paid in PTS.
- “Harbour days”: You earn 2 PTS for every full €33 of the amount.
  - Partners: “Amber Kitchen”.
  - Valid from 1 June 2026 to 30 June 2026, both days included.
  - Amount: more than €200.
- Unless an offer says otherwise:
  - A purchase counts on the day on which it is authorised.
  - The full amount counts.
  - The reward of each offer is rounded to a multiple of 0.01 PTS: to the nearest, halves to the even neighbour.

Categories
- “Fuel”
  - Merchant category codes: 5541–5542.
- A purchase belongs to the category of what was bought, else of the outlet or partner, else to the one its bank names, else of the merchant category code, else of the name on the statement.

When several offers meet
- All offers that apply add up.

Limits and budgets
- Each member earns at most 150 PTS per calendar month.
  - For everything together.
  - What lies above earns nothing.

What earns nothing
- Nothing is excluded.

When units become available
- Units can be used 14 days after the purchase is cleared.

How long units last
- Units expire 12 months after they become available.

Paying with units
- 1 PTS pays for €1.
- Units pay for at most 99% of a purchase.
- At least €1 is paid in money.
- Units that became available first are used first.
- Units set aside for a purchase that is not completed come back after 168 hours.

Refunds
- After a refund the rules of the day of purchase are applied again to what you keep; what you earned for the rest is taken back.
- Units with which you paid come back and keep their expiry.

Dates and deadlines
- 1 June 2026: first day of “Harbour days”.
- 30 June 2026: last day of “Harbour days”.
`);
});

test('nothing in a name becomes markup or breaks a line', () => {
  const terms = plainTerms({
    name: '<b>*Bold*</b> [link](x)\nnext',
    rules: [rule('a', { kind: 'FIXED', units: 1n }, { name: '# {rule} _x_\n- y' })],
  });
  const page = markdown(termsText(terms, 'en'));
  expect(page).toContain('# Terms of \\<b\\>\\*Bold\\*\\</b\\> \\[link\\](x) next\n');
  expect(page).toContain('- “\\# {rule} \\_x\\_ - y”: You earn');
});

describe('what happens when offers meet', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(
    (code) => (group?: string) =>
      rule(code, { kind: 'FIXED', units: 1n }, { name: code.toUpperCase(), ...(group === undefined ? {} : { group }) }),
  ) as [(group?: string) => ReturnType<typeof rule>, ...((group?: string) => ReturnType<typeof rule>)[]];
  const meet = (groups: ProgrammeTerms['groups'], rules: ProgrammeTerms['rules']): string[] =>
    sentence(plainTerms({ groups, rules }), 'en', 'stacking');

  test.each([
    ['one offer has nothing to meet', [], [a()], []],
    ['without groups they add up', [], [a(), b?.()], ['All offers that apply add up.']],
    [
      'an exclusive group silences what has lower priority, offers without a group included',
      [
        { code: 'x', mode: 'EXCLUSIVE', priority: 10 },
        { code: 'y', mode: 'ADDITIVE', priority: 20 },
      ],
      [a('x'), b?.('y'), c?.('x'), d?.()],
      [
        'These offers add up: “B”.',
        'Of these offers the one that gives most pays, and alone: “A” and “C”.',
        'When they give the same, the newer offer pays.',
        'Once it pays, these pay nothing: “D”.',
        'All other offers add up: “D”.',
      ],
    ],
    [
      'or those it names',
      [
        { code: 'x', mode: 'EXCLUSIVE', priority: 10, silences: ['y'] },
        { code: 'y', mode: 'BEST_OF', priority: 1 },
      ],
      [a('x'), b?.('y'), c?.('y'), d?.()],
      [
        'Of these offers the one that gives most pays, and alone: “A”.',
        'When they give the same, the newer offer pays.',
        'Once it pays, these pay nothing: “B” and “C”.',
        'Of these offers the one that gives most pays: “B” and “C”.',
        'When they give the same, the newer offer pays.',
        'All other offers add up: “D”.',
      ],
    ],
  ] as [string, ProgrammeTerms['groups'], ProgrammeTerms['rules'], string[]][])('%s', (_, groups, rules, said) => {
    expect(meet(groups, rules)).toEqual(said);
  });
});
