import fc from 'fast-check';
import { COST_VIEWS, type Cost } from '../../../src/domain/backtest/cost.js';
import { type PastEvent, Replay } from '../../../src/domain/backtest/replay.js';
import type { ProgrammeTerms } from '../../../src/domain/earning/model.js';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { bothContracts, cap, ISSUER, MERCHANT, programme, purchase, r, rateRule, rule } from '../earning/fixture.js';

const RULES = [
  rateRule('base', '1%'),
  rateRule('shop', '4%', {}, { funding: { by: 'CONTRACT', of: 'MERCHANT' } }),
  rule(
    'joint',
    { kind: 'TIER_CATEGORY_MATRIX', rates: { basic: { food: r('1%') }, gold: { food: r('3%'), BASE: r('0.5%') } } },
    {},
    {
      funding: {
        by: 'SPLIT',
        shares: [
          { party: 'MERCHANT', share: r('1/3') },
          { party: 'ISSUER', share: r('1/3') },
          { party: 'PROGRAMME', share: r('1/3') },
        ],
      },
    },
  ),
];

/** Two members who buy here and there, in any amounts, over four months. */
const history = fc.array(
  fc.record({
    member: fc.constantFrom('a', 'b'),
    day: fc.integer({ min: 0, max: 119 }),
    amountMinor: fc.bigInt({ min: 1n, max: 80_000n }),
    mcc: fc.constantFrom('5411', '6011', '9999'),
    atShop: fc.boolean(),
  }),
  { maxLength: 40 },
);
type Bought = Parameters<Parameters<typeof history.map>[0]>[0];

const eventOf = ({ day, amountMinor, mcc, atShop }: Bought[number], index: number): PastEvent => ({
  id: String(index),
  version: 1,
  purchase: purchase(amountMinor, {
    businessDate: addDays('2026-01-01', day),
    mcc,
    issuer: ISSUER,
    ...(atShop && { merchant: MERCHANT }),
  }),
  contracts: bothContracts,
});

const FROM = '2026-02-01';

function replayed(terms: ProgrammeTerms, bought: Bought): { replay: Replay; units: ReadonlyMap<string, bigint> } {
  const replay = new Replay(() => terms);
  const members = new Map(['a', 'b'].map((member) => [member, replay.begin(undefined)]));
  bought.forEach((each, index) => {
    const event = eventOf(each, index);
    members.get(each.member)?.next(event, event.purchase.businessDate >= FROM);
  });
  return { replay, units: new Map([...members].map(([member, { units }]) => [member, units])) };
}

const unitsOf = (costs: Iterable<Cost>): bigint => [...costs].reduce((sum, { units }) => sum + units, 0n);

test('what members earn is what it costs: in total, by payer, by category, by rule and by month', () => {
  fc.assert(
    fc.property(history, fc.bigInt({ min: 0n, max: 5_000n }), (bought, max) => {
      const { replay, units } = replayed(programme({ rules: RULES, caps: [cap('month', max)] }), bought);
      const total = [...units.values()].reduce((sum, each) => sum + each, 0n);
      expect(replay.tally.total().units).toBe(total);
      for (const view of COST_VIEWS) expect(unitsOf(replay.tally.by(view).values())).toBe(total);
      for (const month of replay.tally.by('MONTH').keys()) expect(month >= FROM).toBe(true);
    }),
  );
});

test('a cap costs exactly what it withholds, where nothing else binds', () => {
  fc.assert(
    fc.property(history, fc.bigInt({ min: 0n, max: 5_000n }), (bought, max) => {
      const rules = RULES.slice(0, 2);
      const free = replayed(programme({ rules }), bought).replay;
      const capped = replayed(programme({ rules, caps: [cap('month', max)] }), bought).replay;
      expect(capped.tally.total().units + capped.withheldUnits).toBe(free.tally.total().units);
      expect(free.withheldUnits).toBe(0n);
    }),
  );
});

test('a budget of all members together is never overspent, also by what only warmed up', () => {
  fc.assert(
    fc.property(history, fc.bigInt({ min: 0n, max: 5_000n }), (bought, max) => {
      const budget = cap('pool', max, { holder: 'EVERYONE', per: 'LIFETIME' });
      const { replay } = replayed(programme({ rules: RULES, caps: [budget] }), bought);
      expect(replay.tally.total().units).toBeLessThanOrEqual(max);
    }),
  );
});

test('the version of each purchase decides it', () => {
  const replay = new Replay((version) => programme({ rules: [rateRule('base', `${version}%`)] }));
  const member = replay.begin(undefined);
  for (const version of [1, 3])
    member.next(
      { ...eventOf({ member: 'a', day: version, amountMinor: 10_000n, mcc: '9999', atShop: false }, version), version },
      true,
    );
  expect(member.units).toBe(400n);
});

test('charges are those of the payer’s contract; the programme pays none', () => {
  const { replay } = replayed(programme({ rules: RULES.slice(0, 2) }), [
    { member: 'a', day: 40, amountMinor: 10_000n, mcc: '9999', atShop: true },
  ]);
  expect(replay.tally.by('FUNDER')).toEqual(
    new Map([
      ['0', { units: 100n, valueMinor: 100n, commissionMinor: 0n, taxMinor: 0n }],
      ['1', { units: 400n, valueMinor: 400n, commissionMinor: 40n, taxMinor: 8n }],
    ]),
  );
});
