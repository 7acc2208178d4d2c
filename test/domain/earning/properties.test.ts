/** What holds for every programme, purchase and member, tried on random ones. */
import fc from 'fast-check';
import { countersFor } from '../../../src/domain/earning/caps.js';
import { evaluate } from '../../../src/domain/earning/evaluate.js';
import { explanationDigest } from '../../../src/domain/earning/explain.js';
import type {
  AccrualDecision,
  BasketLine,
  Cap,
  Conditions,
  ContractShare,
  ContractTerms,
  EarningFacts,
  EarningRule,
  Effect,
  Explanation,
  FunderRole,
  Funding,
  ProgrammeTerms,
  Purchase,
  RewardRounding,
  StackingGroup,
} from '../../../src/domain/earning/model.js';
import { reevaluate } from '../../../src/domain/earning/refund.js';
import { type Rate, rate } from '../../../src/domain/money/rate.js';
import { ROUNDING_MODES } from '../../../src/domain/money/rounding.js';
import { contract, programme } from './fixture.js';

const CATEGORIES = ['food', 'travel', 'UNCATEGORISED'];
const TIERS = ['basic', 'gold'];
const PARTNERS = ['shop', 'airline', 'other'];
const TAGS = ['eco', 'brand-x', 'gift-card'];
const DATES = ['2026-01-10', '2026-01-31', '2026-02-01', '2026-03-15'];

const anyRate: fc.Arbitrary<Rate> = fc
  .tuple(fc.bigInt(0n, 200n), fc.constantFrom(1_000n, 777n, 300n))
  .map(([numerator, denominator]) => rate(numerator, denominator));

/** Weights as shares that sum to one, of different parties. */
function anyShares<Party extends string>(parties: readonly Party[]): fc.Arbitrary<{ party: Party; share: Rate }[]> {
  return fc
    .tuple(
      fc.shuffledSubarray([...parties], { minLength: 1 }),
      fc.array(fc.bigInt(0n, 9n), { minLength: parties.length, maxLength: parties.length }),
    )
    .map(([chosen, weights]) => {
      const used = chosen.map((_, index) => (weights[index] ?? 0n) + (index === 0 ? 1n : 0n));
      const total = used.reduce((sum, weight) => sum + weight, 0n);
      return chosen.map((party, index) => ({ party, share: rate(used[index] ?? 0n, total) }));
    });
}
const ROLES: readonly FunderRole[] = ['MERCHANT', 'ISSUER', 'PROGRAMME'];
const SHARE_PARTIES: readonly ContractShare['party'][] = ['SELF', 'PROGRAMME', 'MERCHANT', 'ISSUER'];

const anyFunding: fc.Arbitrary<Funding> = fc.oneof(
  fc.constantFrom(...ROLES).map((of): Funding => ({ by: 'CONTRACT', of })),
  anyShares(ROLES).map((shares): Funding => ({ by: 'SPLIT', shares })),
);

const optional = <Key extends string, T>(key: Key, value: fc.Arbitrary<T>): fc.Arbitrary<{ [K in Key]?: T }> =>
  fc.option(value, { nil: undefined }).map((some) => (some === undefined ? {} : { [key]: some })) as fc.Arbitrary<{
    [K in Key]?: T;
  }>;

const anyEffect: fc.Arbitrary<Effect> = fc.oneof(
  { weight: 4, arbitrary: anyRate.map((flat): Effect => ({ kind: 'RATE', rate: flat })) },
  fc
    .dictionary(fc.constantFrom(...TIERS), fc.dictionary(fc.constantFrom(...CATEGORIES, 'BASE'), anyRate))
    .map((rates): Effect => ({ kind: 'TIER_CATEGORY_MATRIX', rates })),
  fc
    .tuple(fc.bigInt(1n, 50n), fc.bigInt(1n, 5_000n))
    .map(([units, everyMinor]): Effect => ({ kind: 'STEP', units, everyMinor })),
  fc.bigInt(1n, 500n).map((units): Effect => ({ kind: 'FIXED', units })),
  fc.bigInt(1n, 50n).map((units): Effect => ({ kind: 'PER_ITEM', units })),
  fc
    .tuple(anyRate, anyRate, fc.bigInt(1n, 100_000n))
    .map(
      ([first, then, uptoMinor]): Effect => ({ kind: 'BANDS', bands: [{ uptoMinor, rate: first }, { rate: then }] }),
    ),
  fc
    .tuple(fc.bigInt(2n, 7n), fc.constantFrom('BONUS' as const, 'WHOLE' as const))
    .map(([by, pays]): Effect => ({ kind: 'MULTIPLIER', of: 'r0', by: rate(by, 2n), pays })),
);

const anyRounding: fc.Arbitrary<RewardRounding> = fc
  .record({
    mode: fc.constantFrom(...ROUNDING_MODES),
    step: fc.constantFrom(1n, 1n, 10n),
    per: fc.constantFrom('RULE' as const, 'RULE' as const, 'LINE' as const, 'TRANSACTION' as const),
    spend: fc.option(
      fc.record({
        toMinor: fc.constantFrom(100n, 1_000n),
        mode: fc.constantFrom('FLOOR' as const, 'HALF_UP' as const),
      }),
    ),
  })
  .map(({ spend, ...rest }) => (spend === null ? rest : { ...rest, spend }));

const anyWhen: fc.Arbitrary<Conditions> = fc
  .tuple(
    optional('partners', fc.shuffledSubarray(PARTNERS, { minLength: 1 })),
    optional('from', fc.constantFrom(...DATES)),
    optional('until', fc.constantFrom(...DATES)),
    optional('categories', fc.shuffledSubarray(CATEGORIES, { minLength: 1 })),
    optional('minimum', fc.record({ amountMinor: fc.bigInt(0n, 10_000n), exclusive: fc.boolean() })),
    optional('weekdays', fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7], { minLength: 4 })),
    optional('tiers', fc.shuffledSubarray(TIERS, { minLength: 1 })),
    optional('tags', fc.shuffledSubarray(TAGS, { minLength: 1 })),
    fc.option(
      fc.record({
        metric: fc.constantFrom('PURCHASES' as const, 'SPEND' as const, 'PARTNERS' as const),
        mark: fc.bigInt(1n, 5n),
        repeats: fc.boolean(),
      }),
      { freq: 6 },
    ),
  )
  .map(([partners, from, until, categories, minimum, weekdays, tiers, tags, mark]) => {
    // Most rules look at little, or no purchase would ever meet one.
    const all = [partners, from, until, categories, minimum, weekdays, tiers, tags] as const;
    const some = all.filter((_, index) => (index * 7 + Object.keys(from).length) % 3 === 0);
    const reaches = mark === null ? {} : { reaches: { ...mark, per: 'MONTH' as const, atSamePartner: false } };
    return Object.assign({}, ...some, reaches) as Conditions;
  });

const anyRule: fc.Arbitrary<EarningRule> = fc
  .tuple(
    fc.record({ funding: anyFunding, effect: anyEffect, when: fc.oneof(fc.constant({}), anyWhen) }),
    optional('rounding', anyRounding),
    optional('group', fc.constantFrom('best', 'exclusive', 'extra')),
    fc.boolean(),
  )
  .map(
    ([{ effect, ...rest }, rounding, group, accumulates]): EarningRule => ({
      code: '',
      name: 'A rule',
      effect,
      ...rest,
      ...rounding,
      ...group,
      ...(accumulates && (effect.kind === 'RATE' || effect.kind === 'STEP' || effect.kind === 'BANDS')
        ? { accumulate: 'MONTH' as const }
        : {}),
    }),
  );

const anyCap: fc.Arbitrary<Cap> = fc
  .tuple(
    fc.record({
      max: fc.bigInt(1n, 5_000n),
      measure: fc.constantFrom('REWARD' as const, 'REWARD' as const, 'SPEND' as const, 'COUNT' as const),
      per: fc.constantFrom('TRANSACTION' as const, 'MONTH' as const, 'YEAR' as const, 'LIFETIME' as const),
      holder: fc.constantFrom('MEMBER' as const, 'MEMBER' as const, 'EVERYONE' as const),
    }),
    optional('categories', fc.shuffledSubarray(CATEGORIES, { minLength: 1 })),
    optional('rules', fc.shuffledSubarray(['r0', 'r1', 'r2'], { minLength: 1 })),
    optional('groups', fc.constantFrom(['best'], ['extra'])),
    optional('over', fc.constant('r3')),
  )
  .map(([cap, ...scope]) => Object.assign({ code: '', refundReleases: true }, cap, ...scope) as Cap);

/** As `hansa programme check` demands: what stands in above a cap is of the same group as what the cap covers. */
const withSoundOver = (caps: readonly Cap[], rules: readonly EarningRule[]): Cap[] =>
  caps.map(({ over, ...cap }) => {
    const instead = rules.find(({ code }) => code === over);
    if (over === undefined || instead?.group !== 'best' || instead.accumulate !== undefined) return cap;
    const { rules: _, ...wide } = cap;
    return { ...wide, groups: ['best'], over };
  });

const numbered = <T extends { readonly code: string }>(prefix: string, list: readonly T[]): T[] =>
  list.map((each, index) => ({ ...each, code: `${prefix}${index}` }));

const GROUPS: readonly StackingGroup[] = [
  { code: 'best', mode: 'BEST_OF', priority: 5 },
  { code: 'exclusive', mode: 'EXCLUSIVE', priority: 9 },
  { code: 'extra', mode: 'ADDITIVE', priority: -1 },
];

/** A multiplier multiplies the first rule, which is none itself. */
const sound = (rules: readonly EarningRule[]): EarningRule[] =>
  rules.map((rule, index) =>
    index === 0 && rule.effect.kind === 'MULTIPLIER'
      ? { ...rule, effect: { kind: 'RATE', rate: rate(1n, 50n) } }
      : rule,
  );

const anyTerms: fc.Arbitrary<ProgrammeTerms> = fc
  .record({
    rules: fc.array(anyRule, { maxLength: 7 }),
    caps: fc.array(anyCap, { maxLength: 5 }),
    rounding: anyRounding,
    price: fc.tuple(fc.bigInt(1n, 50n), fc.bigInt(1n, 50n)),
  })
  .map(({ rules: listed, caps, rounding, price }) => {
    const rules = sound(numbered('r', listed));
    return programme({
      rules,
      caps: withSoundOver(numbered('c', caps), rules),
      groups: GROUPS,
      rounding,
      productExclusions: [{ tag: 'gift-card', reason: 'as good as cash' }],
      unit: { code: 'PTS', scale: 2, priceMinor: rate(...price) },
    });
  });

/** Terms under which spending more can never earn less: no group decides, nothing is only for small amounts. */
const monotone = (terms: ProgrammeTerms): ProgrammeTerms => ({
  ...terms,
  rounding: byRule(terms.rounding),
  caps: terms.caps.map(({ over: _, ...cap }) => cap),
  rules: terms.rules.map(({ group: _, rounding, ...rule }) =>
    rounding === undefined ? rule : { ...rule, rounding: byRule(rounding) },
  ),
});

/** What is rounded together is handed back to rules by remainder: the total is monotone, a rule's part is not. */
const byRule = (rounding: RewardRounding): RewardRounding =>
  rounding.per === 'TRANSACTION' ? { ...rounding, per: 'RULE' } : rounding;

const anyLines: fc.Arbitrary<BasketLine[]> = fc
  .tuple(
    fc.array(
      fc.record({
        kind: fc.constant('GOODS' as const),
        amountMinor: fc.bigInt(1n, 20_000n),
        quantity: fc.integer({ min: 1, max: 5 }),
        tags: fc.subarray(TAGS),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    fc.array(
      fc.record({
        kind: fc.constantFrom(
          'FREIGHT' as const,
          'FEE' as const,
          'TAX' as const,
          'DISCOUNT' as const,
          'REDEMPTION' as const,
        ),
        amountMinor: fc.bigInt(1n, 3_000n),
        quantity: fc.constant(1),
        tags: fc.constant([]),
      }),
      { maxLength: 3 },
    ),
  )
  .map(([goods, others]) => [...goods, ...others]);

/** The amount is what the lines add up to. */
const withLines = (purchase: Purchase, lines: BasketLine[] | undefined): Purchase =>
  lines === undefined
    ? purchase
    : {
        ...purchase,
        lines,
        amountMinor: lines
          .filter(({ kind }) => kind !== 'DISCOUNT' && kind !== 'REDEMPTION')
          .reduce((total, { amountMinor }) => total + amountMinor, 0n),
      };

const anyPurchase: fc.Arbitrary<Purchase> = fc
  .tuple(
    fc.record({
      amountMinor: fc.oneof(fc.bigInt(1n, 200n), fc.bigInt(1n, 10n ** 7n), fc.bigInt(1n, 10n ** 15n)),
      businessDate: fc.constantFrom(...DATES),
    }),
    optional('mcc', fc.constantFrom('5411', '3001', '6011', '9999')),
    optional('submittedCategory', fc.constantFrom('food', 'travel', 'pets')),
    optional(
      'merchant',
      fc.constantFrom(
        { partnerNo: 1, partnerCode: 'shop', outletCode: 'airport' },
        { partnerNo: 3, partnerCode: 'airline' },
      ),
    ),
    optional(
      'issuer',
      fc.constantFrom({ partnerNo: 2, partnerCode: 'bank' }, { partnerNo: 3, partnerCode: 'airline' }),
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as Purchase);

const anyBasket: fc.Arbitrary<Purchase> = fc
  .tuple(anyPurchase, fc.option(anyLines, { nil: undefined }))
  .map(([purchase, lines]) => withLines(purchase, lines));

const anyContract = (partnerNo: number): fc.Arbitrary<ContractTerms> =>
  anyShares(SHARE_PARTIES).map((shares) => contract(partnerNo, shares));

const anyFacts: fc.Arbitrary<EarningFacts> = fc
  .tuple(
    fc.record({
      tier: fc.constantFrom(...TIERS),
      tierMetric: fc.bigInt(0n, 10n ** 9n),
      used: fc.dictionary(fc.constantFrom('c0', 'c1', 'c2', 'c3', '+r0', '+r1'), fc.bigInt(0n, 6_000n)),
      progress: fc.dictionary(
        fc.constantFrom('r0', 'r1', 'r2', 'r3'),
        fc.record({ before: fc.bigInt(0n, 9n), fresh: fc.boolean() }),
      ),
    }),
    optional('merchantContract', anyContract(1)),
    optional('issuerContract', anyContract(2)),
  )
  .map((parts) => Object.assign({}, ...parts) as EarningFacts);

const sum = (accruals: readonly AccrualDecision[]): bigint => accruals.reduce((total, { units }) => total + units, 0n);
const texts = (node: Explanation): string[] => [node.text, ...node.children.flatMap(texts)];
const RUNS = { numRuns: 400 };

const byCode = new Map<string, Cap>();
const capsOf = (terms: ProgrammeTerms): Map<string, Cap> => {
  byCode.clear();
  for (const cap of terms.caps) byCode.set(cap.code, cap);
  return byCode;
};

test('a decision adds up, keeps every cap and says why', () => {
  fc.assert(
    fc.property(anyBasket, anyFacts, anyTerms, (purchase, facts, terms) => {
      const decision = evaluate(purchase, facts, terms);
      expect(sum(decision.accruals)).toBe(decision.totalUnits);
      for (const { units } of decision.accruals) expect(units).toBeGreaterThan(0n);
      expect(new Set(decision.accruals.map(({ ruleCode, funderNo }) => `${ruleCode} ${funderNo}`)).size).toBe(
        decision.accruals.length,
      );
      expect(decision.zeroReason === undefined).toBe(decision.totalUnits > 0n);
      const short = decision.shortfalls.reduce((total, { units }) => total + units, 0n);
      expect(short).toBe(decision.shortfallUnits);
      const counters = countersFor(purchase, terms).map(({ stored, period }) => `${stored} ${period}`);
      const caps = capsOf(terms);
      for (const { counter, stored, period, amount } of decision.uses) {
        expect(counters).toContain(`${stored} ${period}`);
        expect(amount).toBeGreaterThan(0n);
        if (counter.startsWith('+')) continue;
        expect((facts.used[counter] ?? 0n) + amount).toBeLessThanOrEqual(caps.get(counter)?.max ?? -1n);
      }
      for (const text of texts(decision.explanation)) expect(text).not.toMatch(/undefined|NaN|object/);
    }),
    RUNS,
  );
});

test('a cap on reward per purchase holds the sum of all it covers', () => {
  fc.assert(
    fc.property(anyBasket, anyFacts, anyTerms, fc.bigInt(1n, 3_000n), (purchase, facts, terms, max) => {
      const limit = { ...(terms.caps[0] ?? ANY_CAP), code: 'limit', measure: 'REWARD', per: 'TRANSACTION', max } as Cap;
      const { categories: _, rules: __, groups: ___, over: ____, ...wide } = limit;
      const decision = evaluate(purchase, facts, { ...terms, caps: [...terms.caps, wide] });
      expect(decision.totalUnits).toBeLessThanOrEqual(max);
    }),
    RUNS,
  );
});

const ANY_CAP: Cap = {
  code: 'limit',
  measure: 'REWARD',
  holder: 'MEMBER',
  per: 'MONTH',
  max: 1n,
  refundReleases: true,
};

test('the same question has the same answer, digest included, whatever was asked before', () => {
  fc.assert(
    fc.property(anyBasket, anyBasket, anyFacts, anyTerms, (purchase, other, facts, terms) => {
      const first = evaluate(purchase, facts, terms);
      evaluate(other, facts, terms);
      const again = evaluate(structuredClone(purchase), structuredClone(facts), structuredClone(terms));
      expect(again.accruals).toEqual(first.accruals);
      expect(explanationDigest(again.explanation)).toEqual(explanationDigest(first.explanation));
    }),
    RUNS,
  );
});

test('the order in which rules, groups and caps are listed does not matter at all', () => {
  const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
  fc.assert(
    fc.property(
      anyBasket,
      anyFacts,
      anyTerms.chain((terms) =>
        fc.tuple(fc.constant(terms), shuffled(terms.rules), shuffled(terms.caps), shuffled(terms.groups)),
      ),
      (purchase, facts, [terms, rules, caps, groups]) => {
        const before = evaluate(purchase, facts, terms);
        const after = evaluate(purchase, facts, { ...terms, rules, caps, groups });
        expect(after.accruals).toEqual(before.accruals);
        expect(after.shortfalls).toEqual(before.shortfalls);
        expect(explanationDigest(after.explanation)).toEqual(explanationDigest(before.explanation));
      },
    ),
    RUNS,
  );
});

test('spending more never earns less, where the terms are monotone', () => {
  fc.assert(
    fc.property(anyPurchase, fc.bigInt(0n, 10n ** 7n), anyFacts, anyTerms, (purchase, more, facts, terms) => {
      const plain = monotone(terms);
      const larger = evaluate({ ...purchase, amountMinor: purchase.amountMinor + more }, facts, plain);
      expect(larger.totalUnits).toBeGreaterThanOrEqual(evaluate(purchase, facts, plain).totalUnits);
    }),
    RUNS,
  );
});

/** A purchase with a part of it kept, in thousandths; lines shrink alike. */
function keep(purchase: Purchase, part: number): Purchase {
  const ofPart = (amount: bigint): bigint => (amount * BigInt(part)) / 1000n;
  if (purchase.lines === undefined) return { ...purchase, amountMinor: ofPart(purchase.amountMinor) };
  const lines = purchase.lines.map((line) => ({ ...line, amountMinor: ofPart(line.amountMinor) }));
  return withLines({ ...purchase, amountMinor: 0n }, lines);
}

const anyParts = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 4 });
const falling = (parts: readonly number[]): number[] => parts.toSorted((a, b) => b - a);

test('refunds never raise a part, keep caps and counters, and the whole way back leaves nothing', () => {
  fc.assert(
    fc.property(anyBasket, anyFacts, anyTerms, anyParts, (purchase, facts, terms, parts) => {
      const decision = evaluate(purchase, facts, terms);
      const used = new Map(decision.uses.map(({ stored, amount }) => [stored, amount]));
      let standing = decision.accruals;
      let before = purchase;
      for (const part of [...falling(parts), 0]) {
        const keeps = keep(purchase, part);
        const { kept, uses, releases, explanation } = reevaluate(purchase, facts, terms, keeps, standing, { before });
        expect(kept.map(({ ruleCode, funderNo }) => [ruleCode, funderNo])).toEqual(
          standing.map(({ ruleCode, funderNo }) => [ruleCode, funderNo]),
        );
        for (const [index, { units }] of kept.entries())
          expect(units >= 0n && units <= (standing[index]?.units ?? -1n)).toBe(true);
        for (const { stored, amount } of releases) used.set(stored, (used.get(stored) ?? 0n) - amount);
        for (const [stored, amount] of used)
          expect(amount).toBeGreaterThanOrEqual(uses.find((use) => use.stored === stored)?.amount ?? 0n);
        for (const text of texts(explanation)) expect(text).not.toMatch(/undefined|NaN|object/);
        standing = kept;
        before = keeps;
      }
      expect(sum(standing)).toBe(0n);
      for (const amount of used.values()) expect(amount).toBe(0n);
    }),
    RUNS,
  );
});

test('several refunds keep as much as one refund of their sum, where the terms are monotone', () => {
  fc.assert(
    fc.property(anyPurchase, anyFacts, anyTerms, anyParts, (purchase, facts, terms, parts) => {
      const plain = monotone(terms);
      const { accruals } = evaluate(purchase, facts, plain);
      const steps = falling([...parts, 400]);
      let standing = accruals;
      let before = purchase;
      for (const part of steps) {
        const keeps = keep(purchase, part);
        standing = reevaluate(purchase, facts, plain, keeps, standing, { before }).kept;
        before = keeps;
      }
      const atOnce = reevaluate(purchase, facts, plain, keep(purchase, steps.at(-1) ?? 0), accruals).kept;
      const ofRule = (list: readonly AccrualDecision[], code: string): bigint =>
        sum(list.filter(({ ruleCode }) => ruleCode === code));
      for (const { code } of plain.rules) expect(ofRule(standing, code)).toBe(ofRule(atOnce, code));
    }),
    RUNS,
  );
});

test('what is kept never earns more than it would have by itself', () => {
  fc.assert(
    fc.property(anyBasket, anyFacts, anyTerms, fc.integer({ min: 1, max: 1000 }), (purchase, facts, terms, part) => {
      const keeps = keep(purchase, part);
      fc.pre(keeps.amountMinor > 0n);
      const { kept } = reevaluate(purchase, facts, terms, keeps, evaluate(purchase, facts, terms).accruals);
      expect(sum(kept)).toBeLessThanOrEqual(evaluate(keeps, facts, terms).totalUnits);
    }),
    RUNS,
  );
});
