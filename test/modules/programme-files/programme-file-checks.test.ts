import { describeFault } from '../../../src/infrastructure/yaml.js';
import { checkProgramme } from '../../../src/modules/programme-files/index.js';
import { everyWordYaml } from './every-word-yaml.js';

const SOUND = everyWordYaml();
const lines = (text: string): string[] => checkProgramme(text, 'x.yaml').problems.map(describeFault);

/** Replaces the only place where `from` stands. */
function changed(from: string, to: string): string {
  expect(SOUND.split(from)).toHaveLength(2);
  return SOUND.replace(from, () => to);
}

describe('what two places of a file say must go together', () => {
  // [what, the text to replace, by what, field, a part of the message]
  test.each<[string, string, string, string, string]>([
    // names
    [
      'a group',
      'group: best, rate: 1%',
      'group: bset, rate: 1%',
      'rules[0].group',
      'There is no group "bset" in this file; did you mean "best"?',
    ],
    [
      'a category of a rule',
      'categories: [groceries]',
      'categories: [grocery]',
      'rules[1].when.categories[0]',
      'There is no category "grocery"',
    ],
    ['a tier of a rule', 'tiers: [gold]', 'tiers: [golden]', 'rules[1].when.tiers[0]', 'did you mean "gold"?'],
    ['an issuer', 'issuers: [bank]', 'issuers: [bnk]', 'rules[1].when.issuers[0]', 'did you mean "bank"?'],
    [
      "an outlet's partner",
      'outlets: [shop/airport], categories',
      'outlets: [shot/airport], categories',
      'rules[1].when.outlets[0]',
      'did you mean "shop"?',
    ],
    ['a choice of a rule', 'chosen: two', 'chosen: tow', 'rules[1].when.chosen', 'There is no choice "tow"'],
    [
      'an experiment of a rule',
      'code: spring, variants: [a, b]',
      'code: sprung, variants: [a, b]',
      'rules[9].when.experiment.code',
      'did you mean "spring"?',
    ],
    [
      'a variant of a rule',
      'code: spring, variants: [a, b]',
      'code: spring, variants: [a, c]',
      'rules[9].when.experiment.variants[1]',
      'There is no variant "c"',
    ],
    [
      'a rule that is multiplied',
      'multiply: { rule: base, by: 3 }',
      'multiply: { rule: bass, by: 3 }',
      'rules[5].multiply.rule',
      'did you mean "base"?',
    ],
    [
      'a rule of a cap',
      'rules: [chosen], over',
      'rules: [choosen], over',
      'caps[1].rules[0]',
      'did you mean "chosen"?',
    ],
    ['a rule above a cap', 'over: base', 'over: bse', 'caps[1].over', 'did you mean "base"?'],
    ['a group of a cap', 'groups: [times]', 'groups: [time]', 'caps[2].groups[0]', 'did you mean "times"?'],
    [
      'a category of a cap',
      'categories: [fuel, anything]',
      'categories: [fuel, something]',
      'caps[3].categories[1]',
      'There is no category "something"',
    ],
    [
      'a rule of a budget',
      'rules: [three, first]',
      'rules: [tree, first]',
      'budgets[0].rules[0]',
      'did you mean "three"?',
    ],
    [
      'a category that is offered',
      'offered: [groceries, fuel, anything]',
      'offered: [groceries, food, anything]',
      'choices.two.offered[1]',
      'There is no category "food"',
    ],
    [
      'a group that is silenced',
      'silences: [best]',
      'silences: [bets]',
      'groups.only.silences[0]',
      'did you mean "best"?',
    ],
    // twice
    [
      'a rule twice in a cap',
      'rules: [three, first]',
      'rules: [three, three]',
      'budgets[0].rules[1]',
      'stands in this list already',
    ],
    ['a budget named as a cap', 'code: pool', 'code: share', 'budgets[0].code', 'There is a cap "share" above already'],
    [
      'a benefit twice',
      'name: Free delivery }',
      'name: Free delivery }, { code: free-delivery, name: Again }',
      'tiers.levels[1].benefits[1].code',
      'a benefit "free-delivery" above already',
    ],
    [
      'a product in two categories',
      'fuel: { name: Fuel,',
      'fuel: { name: Fuel, products: [milk],',
      'categories.fuel.products[0]',
      'belongs to the category groceries already',
    ],
    [
      'a descriptor in two categories',
      'fuel: { name: Fuel,',
      'fuel: { name: Fuel, descriptors: ["ACME*"],',
      'categories.fuel.descriptors[0]',
      'belongs to the category groceries already',
    ],
    ['a day of the week twice', 'days: [sat, sun]', 'days: [sat, sat]', 'rules[1].when.days', 'twice'],
    // conditions
    [
      'a least amount above the most',
      'minimum: 200.00, below: 1000',
      'minimum: 200.00, below: 200',
      'rules[1].when.below',
      'No amount is above the least and below the most',
    ],
    [
      'two least amounts',
      'above: 10.00, maximum: 20',
      'above: 10.00, minimum: 20',
      'rules[2].when.above',
      'either "minimum" or "above"',
    ],
    ['an empty window', 'until: "02:00"', 'until: "22:00"', 'rules[1].when.hours[0].until', 'no length'],
    [
      'a clock for nothing',
      '{ first: PARTNER }',
      '{ first: PARTNER, clock: MEMBER }',
      'rules[10].when.clock',
      'only beside "days" or "hours"',
    ],
    [
      'two marks',
      '{ first: PARTNER }',
      '{ first: PARTNER, reaches: { purchases: 2, per: year } }',
      'rules[10].when.first',
      'is short for',
    ],
    [
      'a campaign without a first day',
      'per: month, repeats: true',
      'per: campaign, repeats: true',
      'rules[11].when.reaches.per',
      'counts from its first day',
    ],
    [
      'different partners at one',
      'atSamePartner: false',
      'atSamePartner: true',
      'rules[11].when.reaches.atSamePartner',
      'not counted at one partner',
    ],
    [
      'a mark of nothing',
      'reaches: { partners: 3,',
      'reaches: { spend: 0.00,',
      'rules[11].when.reaches.spend',
      'always reached',
    ],
    [
      'an action with a least amount',
      '{ action: review }',
      '{ action: review, minimum: 5 }',
      'rules[8].when.minimum',
      'An action has no amount',
    ],
    ['a share of an action', 'fixed: 50, when', 'rate: 1%, when', 'rules[8]', 'write "fixed"'],
    // effects
    [
      'a multiplier of a multiplier',
      'multiply: { rule: base, by: 3 }',
      'multiply: { rule: double, by: 3 }',
      'rules[5].multiply.rule',
      'is a multiplier itself; name "base" here',
    ],
    [
      'a multiplier of itself',
      'multiply: { rule: base, by: 3 }',
      'multiply: { rule: triple, by: 3 }',
      'rules[5].multiply.rule',
      'cannot multiply itself',
    ],
    [
      'a multiplier of an action',
      'multiply: { rule: base, by: 3 }',
      'multiply: { rule: review, by: 3 }',
      'rules[5].multiply.rule',
      'rewards an action',
    ],
    [
      'factors of two rules',
      'multiply: { rule: base, by: 2, pays: BONUS }',
      'multiply: { rule: matrix, by: 2 }',
      'rules[6].multiply.rule',
      'multiply one rule, "base"',
    ],
    [
      'a factor that is none',
      'group: times, multiply: { rule: base, by: 2, pays: BONUS }',
      'group: times, rate: 1%',
      'rules[6].group',
      'holds multipliers only',
    ],
    ['a bonus of less than once', 'by: 2, pays', 'by: 1, pays', 'rules[6].multiply.by', 'write more than 1'],
    [
      'a whole beside the rule',
      'by: 2, pays: BONUS',
      'by: 2, pays: WHOLE',
      'rules[6].multiply.pays',
      'BEST_OF or EXCLUSIVE',
    ],
    [
      'bands that fall',
      'bands: [{ upTo: 500, rate: 2% }, { rate: 1% }]',
      'bands: [{ upTo: 500, rate: 2% }, { upTo: 500, rate: 3% }, { rate: 1% }]',
      'rules[3].bands[1].upTo',
      'rising order',
    ],
    ['a last band with an end', '{ rate: 1% }]', '{ upTo: 900, rate: 1% }]', 'rules[3].bands[1].upTo', 'has no end'],
    ['a band without an end', '{ upTo: 500, rate: 2% }', '{ rate: 2% }', 'rules[3].bands[0]', 'Only the last band'],
    ['a step of nothing', 'every: 33.00', 'every: 0.00', 'rules[2].step.every', 'above zero'],
    ['units of nothing', 'fixed: 50,', 'fixed: 0,', 'rules[8].fixed', 'gives nothing'],
    [
      'a fixed reward that accumulates',
      'fixed: 50,',
      'fixed: 50, accumulate: year,',
      'rules[8].accumulate',
      'Only an effect of the spend',
    ],
    ['rounding to nothing', 'step: 0.10', 'step: 0.00', 'rounding.step', 'above zero'],
    ['rounding finer than the unit', 'step: 0.10', 'step: 0.001', 'rounding.step', 'more than 2 decimals'],
    // groups
    [
      'a group of nobody',
      'times: { mode: MULTIPLICATIVE }',
      'times: { mode: MULTIPLICATIVE }\n  nobody: { mode: ADDITIVE }',
      'groups.nobody',
      'No rule is in this group',
    ],
    [
      'silence from a group that cannot',
      'mode: EXCLUSIVE, priority',
      'mode: BEST_OF, priority',
      'groups.only.silences',
      'Only an EXCLUSIVE group',
    ],
    [
      'silence of a higher group',
      'priority: 20',
      'priority: 5',
      'groups.only.silences[0]',
      'give "only" more priority',
    ],
    // caps and budgets
    [
      'a share of a month',
      'per: transaction, maxShare',
      'per: month, maxShare',
      'caps[3].maxShare',
      'per: transaction',
    ],
    [
      'a category twice',
      'max: 3000, category: groceries',
      'max: 3000, category: groceries, categories: [fuel]',
      'caps[0].category',
      'short for a list of one',
    ],
    [
      'a rule above the cap that it covers',
      'rules: [chosen], over',
      'rules: [chosen, base], over',
      'caps[1].over',
      'covers "base" itself',
    ],
    [
      'a rule above the cap of another group',
      'rules: [chosen], over',
      'rules: [items], over',
      'caps[1].over',
      'cannot replace "items"',
    ],
    [
      'a rule above the cap that pays anyway',
      'over: base',
      'over: steps',
      'caps[1].over',
      'pays beside the others anyway',
    ],
    [
      'a cap of a campaign without a first day',
      'from: 2026-01-01, until: 2026-03-01',
      'until: 2026-03-01',
      'caps[2].per',
      'counts from its first day',
    ],
    [
      'half a purchase',
      'measure: COUNT, of: ACCOUNT, per: campaign, max: 3',
      'measure: COUNT, of: ACCOUNT, per: campaign, max: 3.5',
      'caps[2].max',
      'more than 0 decimals',
    ],
    ['a budget of nothing', 'max: 25000', 'max: 0', 'budgets[0].max', 'A budget of zero'],
    [
      'a budget of a campaign without a first day',
      'rules: [three, first], from: 2026-01-01, ',
      'rules: [three, first], ',
      'budgets[0]',
      'counts from its first day',
    ],
    // choices, experiments, tiers
    ['more picked than offered', 'pick: 2', 'pick: 4', 'choices.two.pick', 'Only 3 are offered'],
    ['fewer shown than picked', 'shown: 3', 'shown: 1', 'choices.two.shown', 'at least as many'],
    ['more shown than offered', 'shown: 3', 'shown: 4', 'choices.two.shown', 'Only 3 are offered'],
    [
      'a default that is not offered',
      'default: [fuel]',
      'default: [food]',
      'choices.two.default[0]',
      'There is no offered category "food"',
    ],
    [
      'a default of too many',
      'default: [fuel]',
      'default: [fuel, groceries, anything]',
      'choices.two.default',
      'Only 2 can be in force',
    ],
    [
      'a choice that never opens',
      'opensDaysBefore: 7, closesOnDay: 5',
      'closesOnDay: 0',
      'choices.two.closesOnDay',
      'closes before it opens',
    ],
    [
      'an experiment of one',
      '{ a: 50, b: 30, holdout: 20 }',
      '{ a: 50 }',
      'experiments.spring.variants',
      'One variant is no experiment',
    ],
    ['grace of what does not wait', 'to: ONE_STEP', 'to: IMMEDIATE', 'tiers.downgrade.graceDays', 'no grace days'],
    ['half a purchase for a tier', 'from: 10,', 'from: 10.5,', 'tiers.levels[1].from', 'more than 0 decimals'],
    // redemption
    [
      'an end before the end',
      'redemptionUntil: 2026-12-31',
      'redemptionUntil: 2026-10-31',
      'windDown.redemptionUntil',
      'before earning does',
    ],
    [
      'an end before the beginning',
      'earningEnds: 2026-11-01',
      'earningEnds: 2026-01-01',
      'windDown.earningEnds',
      'before this version counts',
    ],
    [
      'a rule that begins after the end',
      '{ first: PARTNER }',
      '{ first: PARTNER, from: 2026-11-01 }',
      'rules[10].when.from',
      'would never hold',
    ],
    ['a fee of nothing', 'fee: 2.99', 'fee: 0', 'dormancy.fee', 'remove "dormancy"'],
    [
      'a day to count from that rolls',
      '{ endOfMonth: 3 }',
      '{ rolling: 90, from: ACCRUAL }',
      'expiry.from',
      'counts from the last activity',
    ],
  ])('%s', (_, from, to, field, message) => {
    const found = lines(changed(from, to));
    expect(found.find((line) => line.includes(` ${field}: `)) ?? found).toContain(message);
  });

  test('a value that may be a word or fields is judged as what it is', () => {
    const say = (from: string, to: string) => lines(changed(from, to))[0];
    expect(say('base: GROSS', 'base: NETT')).toContain('rules[1].base: "NETT" is none of the words GROSS.');
    expect(say('{ endOfMonth: 3 }', '{ endOfMonths: 3 }')).toContain('did you mean "endOfMonth"?');
    expect(say('{ per: quarter }', '{ per: week }')).toContain('"week" is none of the words month, quarter, year.');
    expect(say('refunds: { policy: NEGATIVE, rulesOf: PURCHASE_DATE }', 'refunds: { policy: NEGATIVE }')).toContain(
      'rulesOf: NEGATIVE refunds say whose rules count',
    );
    expect(say('redeem: { purchase: 1500.00, units: 150 }', 'redeem: { purchase: 1500.00 }')).toContain(
      'examples[0].steps[4].redeem.units: The field "units" is missing',
    );
    expect(say('card: { issuer: bank,', 'card: { isuer: bank,')).toContain('did you mean "issuer"?');
  });
});

describe('what an example says must be there', () => {
  test.each<[string, string, string, string, string]>([
    [
      'a rule that is activated',
      'activated: [chosen]',
      'activated: [choosen]',
      'member.activated[0]',
      'did you mean "chosen"?',
    ],
    [
      'a category that is chosen',
      'chosen: { two: [groceries] }',
      'chosen: { two: [food] }',
      'member.chosen.two[0]',
      'There is no offered category "food"',
    ],
    [
      'too many that are chosen',
      'chosen: { two: [groceries] }',
      'chosen: { two: [groceries, fuel, anything] }',
      'member.chosen.two',
      'Only 2 can be chosen',
    ],
    [
      'what is left of a cap of one purchase',
      'capLeft: { groceries-month',
      'capLeft: { share: 1, groceries-month',
      'steps[0].expect.capLeft.share',
      'leaves nothing for the next',
    ],
    [
      'a submitted category',
      'mcc: 5411, channel',
      'mcc: 5411, category: food, channel',
      'steps[0].category',
      'There is no category "food"',
    ],
    [
      'a variant',
      'variants: { spring: a }',
      'variants: { spring: z }',
      'member.variants.spring',
      'There is no variant "z"',
    ],
    [
      'a cap that was used',
      'capUsed: { groceries-month: 2 }',
      'capUsed: { groceries: 2 }',
      'member.capUsed.groceries',
      'There is no cap "groceries"',
    ],
    [
      'a use of what is not counted',
      'capUsed: { groceries-month: 2 }',
      'capUsed: { share: 2 }',
      'member.capUsed.share',
      'has no use before it',
    ],
    [
      'a basket that does not add up',
      'amount: 60.00, quantity',
      'amount: 61.00, quantity',
      'steps[0].lines',
      'together must be the amount',
    ],
    ['a line that is not there', 'lines: [l1]', 'lines: [l2]', 'steps[1].lines[0]', 'Nothing is left of such a line'],
    ['more than the line', 'refund: 30.00', 'refund: 61.00', 'steps[1].refund', 'worth 60.00'],
    [
      'more than the purchase',
      'refund: 30.00, of: p1, lines: [l1]',
      'refund: 101.00, of: p1',
      'steps[1].refund',
      'Only 100.00 of that purchase is left',
    ],
    [
      'a day that has passed',
      'date: 2026-01-08',
      'date: 2026-01-06',
      'steps[2].date',
      'The step before is of 2026-01-07 already',
    ],
    [
      'units that are not there',
      'redeem: 20.00',
      'redeem: 200.01',
      'steps[0].redeem',
      'Only 99.00 units can pay here (MAX_SHARE)',
    ],
    [
      'a posting before the purchase',
      'postedOn: 2026-01-06',
      'postedOn: 2026-01-04',
      'steps[0].postedOn',
      'on its day or later',
    ],
    [
      'a budget',
      'budgetLeft: { pool: 24500 }',
      'budgetLeft: { pol: 24500 }',
      'steps[0].expect.budgetLeft.pol',
      'did you mean "pool"?',
    ],
    [
      'a field of another kind of step',
      '{ action: review, at: shop',
      '{ action: review, mcc: 5411, at: shop',
      'steps[3].mcc',
      'does not belong to a step of the kind "action"',
    ],
    [
      'an expectation of another kind of step',
      'fees: 0, pending: 0',
      'fees: 0, units: 0',
      'steps[5].expect.units',
      'A step of the kind "on" has none',
    ],
  ])('%s', (_, from, to, field, message) => {
    const found = lines(changed(from, to));
    expect(found.find((line) => line.includes(` examples[0].${field}: `)) ?? found).toContain(message);
  });
});
