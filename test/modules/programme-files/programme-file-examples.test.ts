import fc from 'fast-check';
import { describeFault } from '../../../src/infrastructure/yaml.js';
import { checkProgramme } from '../../../src/modules/programme-files/index.js';
import { everyWordYaml } from './every-word-yaml.js';

const HEAD = `programme: try
name: Try
effectiveFrom: 2026-01-01
currency: EUR
timeZone: Europe/Lisbon
unit: { code: PTS, scale: 2, worth: 1 }
holdDays: 0
rounding: FLOOR
partners: { shop: , mill: , bank: }
`;
const ONE_TIER = 'tiers: { rollingDays: 365, levels: [{ code: basic, name: Basic, from: 0 }] }\n';
const BASE = 'rules: [{ code: base, name: Base, funding: PROGRAMME, rate: 5% }]\n';
const example = (steps: string, member = '{}') =>
  `examples:\n  - name: shown\n    member: ${member}\n    card: bank\n    steps:\n${steps
    .trim()
    .split('\n')
    .map((step) => `      - { ${step.trim()} }\n`)
    .join('')}`;

/** What a scheme is, and what happens in it. */
const SHOWN: readonly (readonly [string, string])[] = [
  [
    'A2: what was bought and given back leaves nothing',
    HEAD +
      ONE_TIER +
      BASE +
      example(
        `purchase: 100.00, expect: { units: 5.00, available: 6.00 }
         refund: 100.00, expect: { units: 0, available: 1.00 }`,
        '{ units: 1 }',
      ),
  ],
  [
    'A2: what was spent before it was given back is owed, below zero, until the next reward',
    HEAD +
      ONE_TIER +
      BASE +
      example(
        `purchase: 100.00, as: one, expect: { available: 5.00 }
         redeem: { purchase: 30.00, units: 5 }, expect: { available: 0 }
         refund: 100.00, of: one, expect: { units: 0, available: -5.00 }
         purchase: 100.00, expect: { units: 5.00, available: 0 }`,
      ),
  ],
  [
    'A3: units that paid come back once, to their lots',
    HEAD +
      ONE_TIER +
      `${BASE}expiry: { days: 180 }\n` +
      example(
        `purchase: 100.00, redeem: 20.00, expect: { redeemed: 20.00, units: 4.00, available: 4.00 }
         refund: 33.33, date: 2026-01-20, expect: { units: 2.66, redeemed: 13.33, available: 9.33 }
         refund: 66.67, date: 2026-02-01, expect: { units: 0, redeemed: 0, available: 20.00 }
         on: 2026-06-29, expect: { available: 20.00, expired: 0 }
         on: 2026-06-30, expect: { available: 0, expired: 20.00 }`,
        '{ units: 20 }',
      ),
  ],
  [
    'A5: a mark that a refund takes away takes its reward back, whichever purchase was returned',
    HEAD +
      ONE_TIER +
      'rules: [{ code: spend, name: Spend, funding: PROGRAMME, fixed: 1000, when: { reaches: { spend: 10000, per: month } } }]\n' +
      example(`purchase: 5000, as: one, expect: { units: 0, reason: MARK_NOT_REACHED }
         purchase: 5000, as: two, expect: { units: 1000.00, available: 1000.00 }
         refund: 5000, of: one, expect: { units: 0, available: 0 }
         purchase: 5000, as: three, expect: { units: 1000.00, available: 1000.00 }
         purchase: 5000, as: four, expect: { units: 0 }
         refund: 5000, of: four, expect: { available: 1000.00 }
         refund: 0.01, of: two, expect: { units: 0, available: 0 }`),
  ],
  [
    'A6: a refund in a campaign is no purchase in it',
    HEAD +
      ONE_TIER +
      'rules: [{ code: spring, name: Spring, funding: PROGRAMME, rate: 10%, when: { from: 2026-03-20, until: 2026-03-30 } }]\n' +
      example(`purchase: 100, date: 2026-03-10, expect: { units: 0, reason: RULE_NOT_IN_FORCE }
         refund: 40, date: 2026-03-25, expect: { units: 0, available: 0 }`),
  ],
  [
    'A7: what is left of a lot expires',
    HEAD +
      ONE_TIER +
      `${BASE}expiry: { endOfMonth: 0, from: ACCRUAL }\nredemption: { maxShare: 50% }\n` +
      example(
        `redeem: { purchase: 120.00, units: 60 }, expect: { redeemed: 60.00, available: 40.00 }
         redeem: { purchase: 20.00, units: 40 }, expect: { redeemed: 10.00, available: 30.00 }
         on: 2026-02-01, expect: { expired: 30.00, available: 0 }`,
        '{ units: 100 }',
      ),
  ],
  [
    'A8: redeeming everything lowers no tier',
    HEAD +
      'tiers: { metric: REWARDS_ACCRUED, rollingDays: 30, levels: [{ code: basic, name: Basic, from: 0 }, { code: gold, name: Gold, from: 5 }] }\n' +
      BASE +
      example(`purchase: 100.00, expect: { tier: basic, units: 5.00 }
         redeem: { purchase: 1000, units: 5 }, date: 2026-01-02, expect: { redeemed: 5.00, tier: gold, available: 0 }
         on: 2026-01-30, expect: { tier: gold }
         on: 2026-01-31, expect: { tier: basic }`),
  ],
  [
    'A12: the attribution decides which day counts',
    `${HEAD}attribution: POSTING\n${ONE_TIER}` +
      'rules: [{ code: february, name: February, funding: PROGRAMME, rate: 10%, when: { from: 2026-02-01 } }]\n' +
      example(`purchase: 100, date: 2026-01-31, time: "23:59", postedOn: 2026-02-02, expect: { units: 10.00 }
         purchase: 100, date: 2026-01-31, expect: { units: 0 }`),
  ],
  [
    'A13: the base of each rule is what it says, and lines go back by their names',
    HEAD +
      ONE_TIER +
      `rules:
  - { code: net, name: Net, funding: PROGRAMME, rate: 10% }
  - { code: gross, name: Gross, funding: PROGRAMME, base: GROSS, rate: 1% }
  - { code: eco, name: Eco, funding: PROGRAMME, perItem: 2, when: { tags: [eco] } }
` +
      example(
        `purchase: 120, redeem: 10.00, lines: [{ amount: 60, as: l1 }, { amount: 40, quantity: 2, tags: [eco], as: l2 }, { kind: FREIGHT, amount: 20 }, { kind: DISCOUNT, amount: 20 }], expect: { rules: { net: 9.00, gross: 1.20, eco: 4.00 } }
         refund: 40, lines: [l2], expect: { rules: { eco: 0 } }`,
        '{ units: 10 }',
      ),
  ],
  [
    'A14: less than the least gives nothing, and says so',
    HEAD +
      ONE_TIER +
      'rules: [{ code: big, name: Big, funding: PROGRAMME, rate: 10%, when: { above: 200.00 } }]\n' +
      example(`purchase: 250.00, expect: { units: 25.00 }
         purchase: 200.01, expect: { units: 20.00 }
         purchase: 200.00, expect: { units: 0, reason: MINIMUM_NOT_MET }`),
  ],
  [
    'an exchange gives all back and buys anew, and the hold restarts',
    HEAD.replace('holdDays: 0', 'holdDays: 20') +
      ONE_TIER +
      BASE +
      example(`purchase: 500, at: shop, as: old, expect: { units: 25.00, pending: 25.00, available: 0 }
         exchange: 400, of: old, as: new, date: 2026-01-11, expect: { units: 20.00, pending: 20.00 }
         on: 2026-01-30, expect: { pending: 20.00, available: 0 }
         on: 2026-01-31, expect: { pending: 0, available: 20.00 }
         refund: 400, of: new, expect: { units: 0, available: 0 }`),
  ],
  [
    'activation, segment, choice, birthday and variant are as the member says, in the period of the first step',
    `${HEAD + ONE_TIER}categories: { food: { name: Food, mcc: [5411] }, fuel: { name: Fuel, mcc: [5541] } }
choices: { one: { name: One, offered: [food, fuel], pick: 1, per: month, default: [fuel] } }
experiments: { spring: { variants: { a: 1, holdout: 99 } } }
rules:
  - { code: activated, name: Activated, funding: PROGRAMME, fixed: 1, when: { activation: { per: month } } }
  - { code: vip, name: Vip, funding: PROGRAMME, fixed: 2, when: { segments: [vip] } }
  - { code: chosen, name: Chosen, funding: PROGRAMME, fixed: 4, when: { chosen: one } }
  - { code: birthday, name: Birthday, funding: PROGRAMME, fixed: 8, when: { birthday: { daysBefore: 1 } } }
  - { code: spring, name: Spring, funding: PROGRAMME, fixed: 16, when: { experiment: { code: spring, variants: [a] } } }
` +
      example(
        `purchase: 1, date: 2026-02-27, mcc: 5411, expect: { units: 31.00 }
         purchase: 1, date: 2026-02-27, mcc: 5541, expect: { rules: { chosen: 0 }, units: 27.00 }
         purchase: 1, date: 2026-03-01, mcc: 5541, expect: { units: 22.00, rules: { activated: 0, birthday: 0, chosen: 4.00 } }`,
        '{ activated: [activated], segments: [vip], chosen: { one: [food] }, birthday: 02-29, variants: { spring: a } }',
      ),
  ],
  [
    "hours go by the member's own clock",
    HEAD +
      ONE_TIER +
      `rules: [{ code: late, name: Late, funding: PROGRAMME, fixed: 1, when: { days: [sun], hours: [{ from: "22:00", until: "02:00" }], clock: MEMBER } }]\n` +
      example(
        `purchase: 1, date: 2026-07-04, time: "16:30", expect: { units: 1.00 }
         purchase: 1, date: 2026-07-04, time: "15:59", expect: { units: 0, reason: OTHER_TIME }
         purchase: 1, date: 2026-07-04, expect: { units: 0 }`,
        '{ timeZone: Asia/Tokyo }',
      ),
  ],
  [
    'caps of a card go by its own statement cycle, and what was used before is of the first step',
    HEAD +
      ONE_TIER +
      `${BASE}caps: [{ code: bill, of: CARD, per: statement, max: 10 }]\n` +
      example(
        `purchase: 100, date: 2026-03-14, card: { issuer: bank, statementDay: 15 }, expect: { units: 5.00, capLeft: { bill: 5.00 } }
         purchase: 200, date: 2026-03-14, card: { issuer: bank, statementDay: 15 }, expect: { units: 5.00, shortfall: 5.00, capLeft: { bill: 0 } }
         purchase: 200, date: 2026-03-15, card: { issuer: bank, statementDay: 15 }, expect: { units: 10.00, capLeft: { bill: 0 } }
         purchase: 200, date: 2026-03-15, expect: { units: 1.00 }
         purchase: 200, date: 2026-03-15, expect: { units: 0, reason: CAPPED }`,
        '{ capUsed: { bill: 9 } }',
      ),
  ],
  [
    'a budget is shared, shown and given back',
    HEAD +
      ONE_TIER +
      `${BASE}budgets: [{ code: pool, max: 10, from: 2026-01-01 }]\n` +
      example(
        `purchase: 100, expect: { units: 4.00, shortfall: 1.00, budgetLeft: { pool: 0 } }
         refund: 50, expect: { units: 2.50, budgetLeft: { pool: 1.50 } }
         purchase: 100, expect: { units: 1.50, budgetLeft: { pool: 0 } }
         purchase: 100, expect: { units: 0, reason: BUDGET }`,
        '{ capUsed: { pool: 6 } }',
      ),
  ],
  [
    'actions earn what they earn',
    HEAD +
      ONE_TIER +
      'rules: [{ code: review, name: Review, funding: PROGRAMME, fixed: 50, when: { action: review } }]\n' +
      example(`action: review, at: shop, expect: { units: 50.00, available: 50.00 }
         action: registration, expect: { units: 0 }
         purchase: 100, expect: { units: 0 }`),
  ],
  [
    'dormancy takes 5.00 to 2.01 and then to nothing',
    HEAD +
      ONE_TIER +
      `${BASE}dormancy: { afterDays: 90, fee: 2.99 }\n` +
      example(
        `on: 2026-01-01, expect: { available: 5.00 }
         on: 2026-04-01, expect: { available: 5.00, fees: 0 }
         on: 2026-04-02, expect: { available: 2.01, fees: 2.99 }
         on: 2026-05-01, expect: { available: 2.01, fees: 0 }
         on: 2026-05-02, expect: { available: 0, fees: 2.01 }`,
        '{ units: 5 }',
      ),
  ],
  [
    'a programme that winds down earns no more, redeems to its day, and writes off what is left',
    HEAD +
      ONE_TIER +
      `${BASE}windDown: { earningEnds: 2026-06-01, redemptionUntil: 2026-12-31 }\n` +
      example(
        `purchase: 100, date: 2026-05-31, expect: { units: 5.00 }
         purchase: 100, date: 2026-06-01, expect: { units: 0, reason: RULE_NOT_IN_FORCE }
         redeem: { purchase: 10, units: 2 }, date: 2026-12-31, expect: { redeemed: 2.00, available: 13.00 }
         on: 2027-01-01, expect: { expired: 13.00, available: 0 }
         redeem: { purchase: 10, units: 2 }, expect: { redeemed: 0 }`,
        '{ units: 10 }',
      ),
  ],
  [
    'a tier that is held falls by one step when its period and its grace are over',
    `${HEAD}tiers:
  metric: PURCHASES
  calendar: month
  downgrade: { to: ONE_STEP, graceDays: 5 }
  levels: [{ code: basic, name: Basic, from: 0 }, { code: mate, name: Mate, from: 1 }, { code: gold, name: Gold, from: 2 }]
` +
      BASE +
      example(
        `purchase: 1, date: 2026-01-10, expect: { tier: gold, units: 0.05 }
         on: 2026-03-05, expect: { tier: gold }
         on: 2026-03-06, expect: { tier: mate }
         on: 2026-05-01, expect: { tier: basic }`,
        '{ windowSpend: 2 }',
      ),
  ],
];

describe('examples', () => {
  test.each(SHOWN)('%s', (_, text) => {
    expect(checkProgramme(text, 'x.yaml').problems.map(describeFault)).toEqual([]);
  });

  test.each(SHOWN)('%s: any number changed is found, with the name of the example', (_, text) => {
    const lines = text.split('\n');
    const start = lines.indexOf('examples:');
    let numbers = 0;
    for (const [index, line] of lines.entries()) {
      const expectation = line.indexOf('expect: {');
      if (index < start || expectation < 0) continue;
      for (const { 0: number, index: at } of line.matchAll(/(?<=[a-z-]: )\d+(?:\.\d+)?/g)) {
        if (at < expectation) continue;
        numbers += 1;
        const changed = lines.with(index, `${line.slice(0, at)}9999${line.slice(at + number.length)}`).join('\n');
        const found = checkProgramme(changed, 'x.yaml').problems;
        expect(found.map((problem) => `${problem.line}: ${problem.message.slice(0, 15)}`)).toContain(
          `${index + 1}: Example "shown"`,
        );
      }
    }
    expect(numbers).toBeGreaterThan(0);
  });
});

describe('whatever an example tells', () => {
  const terms = everyWordYaml().slice(0, everyWordYaml().indexOf('examples:'));
  const cents = fc.integer({ min: 1, max: 200_000 }).map((minor) => (minor / 100).toFixed(2));
  const day = fc
    .integer({ min: 0, max: 400 })
    .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10));
  const field = (name: string, ...values: string[]) =>
    fc.option(fc.constantFrom(...values)).map((value) => (value === null ? '' : `, ${name}: ${value}`));
  const on = fc.option(day).map((date) => (date === null ? '' : `, date: ${date}`));
  const named = (name: string) => field(name, 'a', 'b', 'c');
  const together = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));
  const purchase = fc.tuple(cents, fc.boolean()).map(([amount, withLines]) => {
    const lines = `, lines: [{ amount: ${amount}, quantity: 3, tags: [eco, milk, gift-card], as: l }]`;
    return `purchase: ${amount}${withLines ? lines : ''}`;
  });
  const step = fc.oneof(
    together(
      purchase,
      on,
      named('as'),
      field('at', 'shop', 'shop/airport'),
      field('mcc', '5411', '6011'),
      field('redeem', '5', '300'),
    ),
    together(
      cents.map((amount) => `refund: ${amount}`),
      on,
      named('of'),
      field('lines', '[l]'),
    ),
    together(
      cents.map((amount) => `exchange: ${amount}`),
      named('of'),
    ),
    fc.constant('action: review'),
    fc.tuple(cents, cents).map(([amount, units]) => `redeem: { purchase: ${amount}, units: ${units} }`),
    day.map((date) => `on: ${date}`),
  );
  const policy = fc.constantFrom(
    'KEPT',
    '{ policy: NEGATIVE, rulesOf: PURCHASE_DATE }',
    '{ policy: NEGATIVE, rulesOf: RETURN_DATE }',
  );

  test('check answers', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), policy, (steps, refunds) => {
        const told = steps.map((each) => `${each}, expect: { available: 0 }`).join('\n');
        const text =
          terms.replace(/refunds: .*/, `refunds: ${refunds}`) +
          example(told, '{ units: 500, activated: [chosen], segments: [vip] }');
        expect(checkProgramme(text, 'x.yaml')).toMatchObject({ examples: 1 });
      }),
      { numRuns: 60 },
    );
  });

  test('what is bought and given back whole, in whatever parts, leaves what was there', () => {
    fc.assert(
      fc.property(purchase, fc.array(cents, { maxLength: 3 }), policy, (bought, refunds, negative) => {
        const [, amount = ''] = /purchase: ([\d.]+)/.exec(bought) ?? [];
        let left = BigInt(amount.replace('.', ''));
        const parts = [...refunds, amount].flatMap((refund) => {
          const wanted = BigInt(refund.replace('.', ''));
          const part = wanted < left ? wanted : left;
          left -= part;
          return part > 0n
            ? [`refund: ${part / 100n}.${String(part % 100n).padStart(2, '0')}, expect: { shortfall: 0 }`]
            : [];
        });
        const last = parts.length - 1;
        const told = [
          `${bought}, at: shop, expect: { tier: basic }`,
          ...parts.with(
            last,
            (parts[last] ?? '').replace(
              'shortfall: 0',
              'units: 0, available: 500.00, capLeft: { groceries-month: 3000 }, rules: { first: 0 }',
            ),
          ),
        ];
        const text = terms.replace(/refunds: .*/, `refunds: ${negative}`) + example(told.join('\n'), '{ units: 500 }');
        expect(checkProgramme(text, 'x.yaml').problems.map(describeFault)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
