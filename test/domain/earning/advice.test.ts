import fc from 'fast-check';
import { bestPick, type DecidedPurchase } from '../../../src/domain/earning/advice.js';
import type { EarningRule, ProgrammeTerms } from '../../../src/domain/earning/model.js';
import { rate } from '../../../src/domain/money/rate.js';
import { CATEGORIES, memberTerms, monthly, ruleWhen, traitsOf } from './member-terms.js';

const PERIOD = '2026-04-01';
const FIVE = ruleWhen('five', { chosen: 'monthly' });
const base: EarningRule = ruleWhen('base', {}, rate(1n, 100n));

const spent = (category: string, amountMinor: bigint, businessDate = '2026-03-10'): DecidedPurchase => ({
  purchase: { amountMinor, businessDate, submittedCategory: category },
  facts: { tier: 'basic' },
});

const advise = (
  past: readonly DecidedPurchase[],
  more: Partial<ProgrammeTerms> = {},
  choice = monthly(),
  member = traitsOf(),
) => bestPick(memberTerms({ rules: [base, FIVE], choices: [choice], ...more }), choice, member, PERIOD, past);

const inWords = ({ ranked }: ReturnType<typeof bestPick>): string =>
  ranked.map(({ category, units }) => `${category} ${units}`).join(', ');

describe('what each category would have paid besides', () => {
  const march = [spent('fuel', 10_000n), spent('books', 4_000n), spent('fuel', 2_000n), spent('cinema', 90_000n)];

  test.each<[string, readonly DecidedPurchase[], Partial<ProgrammeTerms>, string]>([
    ['nothing bought', [], {}, 'food 0, fuel 0, books 0, travel 0'],
    ['bought', march, {}, 'fuel 600, books 200, food 0, travel 0'],
    ['no rule looks at the choice', march, { rules: [base] }, 'food 0, fuel 0, books 0, travel 0'],
    [
      'instead of the base rate: what it adds',
      march,
      {
        rules: [base, FIVE].map((rule) => ({ ...rule, group: 'one' })),
        groups: [{ code: 'one', mode: 'BEST_OF', priority: 1 }],
      },
      'fuel 480, books 160, food 0, travel 0',
    ],
    [
      'under a cap a month',
      march,
      {
        caps: [
          {
            code: 'few',
            measure: 'REWARD',
            holder: 'MEMBER',
            per: 'MONTH',
            max: 300n,
            rules: ['five'],
            refundReleases: true,
          },
        ],
      },
      'fuel 300, books 200, food 0, travel 0',
    ],
    [
      'caps of two months',
      [spent('fuel', 10_000n, '2026-02-10'), spent('fuel', 10_000n, '2026-03-10')],
      {
        caps: [
          {
            code: 'few',
            measure: 'REWARD',
            holder: 'MEMBER',
            per: 'MONTH',
            max: 300n,
            rules: ['five'],
            refundReleases: true,
          },
        ],
      },
      'fuel 600, food 0, books 0, travel 0',
    ],
    [
      'whatever was chosen then',
      march,
      { choices: [monthly({ fallback: ['books'] })] },
      'fuel 600, books 200, food 0, travel 0',
    ],
    [
      'a rule for a segment that the member is not in',
      march,
      { rules: [base, ruleWhen('five', { chosen: 'monthly', segments: ['vip'] })] },
      'food 0, fuel 0, books 0, travel 0',
    ],
  ])('%s', (_what, past, more, expected) => {
    expect(inWords(advise(past, more))).toBe(expected);
  });

  test('a rule for a tier goes by the tier of each purchase', () => {
    const rules = [ruleWhen('five', { chosen: 'monthly', tiers: ['gold'] })];
    const [first, second] = [spent('fuel', 10_000n), spent('fuel', 10_000n)];
    const past = [first, { ...second, facts: { ...second.facts, tier: 'gold' } }];
    expect(inWords(advise(past, { rules }))).toBe('fuel 500, food 0, books 0, travel 0');
  });

  test('only what the member is offered is advised', () => {
    const choice = monthly({ offered: CATEGORIES, shown: 3 });
    const past = CATEGORIES.map((category) => spent(category, 1_000n));
    expect(advise(past, { choices: [choice] }, choice).ranked).toHaveLength(3);
  });
});

test('the best are as many as make a choice, in the order of the offer, with what they pay together', () => {
  const past = [spent('travel', 1_000n), spent('food', 900n), spent('fuel', 100n)];
  expect(advise(past)).toMatchObject({ best: ['food', 'travel'], bestUnits: 95n });
  expect(advise([])).toMatchObject({ best: ['food', 'fuel'], bestUnits: 0n });
});

/** All sets of two of the offer. */
const PAIRS = monthly().offered.flatMap((a, index, all) => all.slice(index + 1).map((b) => [a, b] as const));

test('no other choice would have paid more, with or without a cap', () => {
  const purchases = fc.array(
    fc
      .tuple(
        fc.constantFrom(...monthly().offered),
        fc.bigInt(1n, 50_000n),
        fc.constantFrom('2026-02-03', '2026-03-04', '2026-03-05'),
      )
      .map((each) => spent(...each)),
    { maxLength: 12 },
  );
  const cap = (max: bigint) => ({
    code: 'all',
    measure: 'REWARD' as const,
    holder: 'MEMBER' as const,
    per: 'LIFETIME' as const,
    max,
    rules: ['five'],
    refundReleases: true,
  });
  fc.assert(
    fc.property(purchases, fc.option(fc.bigInt(1n, 5_000n), { nil: undefined }), (past, max) => {
      const terms = memberTerms({
        rules: [base, FIVE],
        choices: [monthly()],
        caps: max === undefined ? [] : [cap(max)],
      });
      const { best, bestUnits, ranked } = bestPick(terms, monthly(), traitsOf(), PERIOD, past);
      expect(ranked.map(({ units }) => units)).toEqual(
        ranked.map(({ units }) => units).toSorted((a, b) => (a > b ? -1 : a < b ? 1 : 0)),
      );
      // By other means: 5 % of what was spent in the two, half even, up to the cap.
      const paidBy = (pair: readonly string[]): bigint => {
        const sum = past
          .filter(({ purchase }) => pair.includes(purchase.submittedCategory ?? ''))
          .reduce((all, { purchase }) => all + halfEven(purchase.amountMinor * 5n), 0n);
        return max !== undefined && sum > max ? max : sum;
      };
      expect(bestUnits).toBe(paidBy(best));
      for (const pair of PAIRS) expect(paidBy(pair)).toBeLessThanOrEqual(bestUnits);
    }),
  );
});

function halfEven(hundredths: bigint): bigint {
  const [whole, rest] = [hundredths / 100n, hundredths % 100n];
  return rest > 50n || (rest === 50n && whole % 2n === 1n) ? whole + 1n : whole;
}
