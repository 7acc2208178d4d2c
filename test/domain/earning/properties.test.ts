/** What holds for every programme, purchase and member, tried on random ones. */
import fc from 'fast-check';
import { countersFor } from '../../../src/domain/earning/caps.js';
import { evaluate } from '../../../src/domain/earning/evaluate.js';
import { explanationDigest } from '../../../src/domain/earning/explain.js';
import type {
  AccrualDecision,
  Cap,
  ContractShare,
  ContractTerms,
  EarningFacts,
  EarningRule,
  Explanation,
  FunderRole,
  Funding,
  ProgrammeTerms,
  Purchase,
} from '../../../src/domain/earning/model.js';
import { reevaluate } from '../../../src/domain/earning/refund.js';
import { type Rate, rate } from '../../../src/domain/money/rate.js';
import { ROUNDING_MODES } from '../../../src/domain/money/rounding.js';
import { contract, programme } from './fixture.js';

const CATEGORIES = ['food', 'travel', 'UNCATEGORISED'];
const TIERS = ['basic', 'gold'];
const PARTNERS = ['shop', 'airline', 'other'];
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

const anyRule: fc.Arbitrary<EarningRule> = fc
  .record({
    funding: anyFunding,
    where: optional('partners', fc.shuffledSubarray(PARTNERS, { minLength: 1 })),
    from: optional('from', fc.constantFrom(...DATES)),
    until: optional('until', fc.constantFrom(...DATES)),
    rate: anyRate,
    rates: fc.option(
      fc.dictionary(fc.constantFrom(...TIERS), fc.dictionary(fc.constantFrom(...CATEGORIES, 'BASE'), anyRate)),
    ),
  })
  .map(({ funding, where, from, until, rate: flat, rates }): EarningRule => {
    const common = { code: '', name: 'A rule', funding, ...where, ...from, ...until };
    return rates === null
      ? { ...common, kind: 'RATE', rate: flat }
      : { ...common, kind: 'TIER_CATEGORY_MATRIX', rates };
  });

const anyCap: fc.Arbitrary<Cap> = fc
  .tuple(fc.bigInt(1n, 5_000n), optional('category', fc.constantFrom(...CATEGORIES)))
  .map(([maxUnits, category]) => ({ code: '', per: 'CALENDAR_MONTH', maxUnits, ...category }));

const numbered = <T extends { readonly code: string }>(prefix: string, list: readonly T[]): T[] =>
  list.map((each, index) => ({ ...each, code: `${prefix}${index}` }));

const anyTerms: fc.Arbitrary<ProgrammeTerms> = fc
  .record({
    rules: fc.array(anyRule, { maxLength: 6 }),
    caps: fc.array(anyCap, { maxLength: 4 }),
    mode: fc.constantFrom(...ROUNDING_MODES),
    price: fc.tuple(fc.bigInt(1n, 50n), fc.bigInt(1n, 50n)),
  })
  .map(({ rules, caps, mode, price }) =>
    programme({
      rules: numbered('r', rules),
      caps: numbered('c', caps),
      rounding: { mode, per: 'RULE' },
      unit: { code: 'PTS', scale: 2, priceMinor: rate(...price) },
    }),
  );

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

const anyContract = (partnerNo: number): fc.Arbitrary<ContractTerms> =>
  anyShares(SHARE_PARTIES).map((shares) => contract(partnerNo, shares));

const anyFacts: fc.Arbitrary<EarningFacts> = fc
  .tuple(
    fc.record({
      tier: fc.constantFrom(...TIERS),
      windowSpendMinor: fc.bigInt(0n, 10n ** 9n),
      capUsed: fc.dictionary(fc.constantFrom('c0', 'c1', 'c2', 'c3'), fc.bigInt(0n, 6_000n)),
    }),
    optional('merchantContract', anyContract(1)),
    optional('issuerContract', anyContract(2)),
  )
  .map((parts) => Object.assign({}, ...parts) as EarningFacts);

const sum = (accruals: readonly AccrualDecision[]): bigint => accruals.reduce((total, { units }) => total + units, 0n);
const texts = (node: Explanation): string[] => [node.text, ...node.children.flatMap(texts)];
const RUNS = { numRuns: 400 };

test('a decision adds up, keeps every cap and says why', () => {
  fc.assert(
    fc.property(anyPurchase, anyFacts, anyTerms, (purchase, facts, terms) => {
      const decision = evaluate(purchase, facts, terms);
      expect(sum(decision.accruals)).toBe(decision.totalUnits);
      for (const { units } of decision.accruals) expect(units).toBeGreaterThan(0n);
      expect(new Set(decision.accruals.map(({ ruleCode, funderNo }) => `${ruleCode} ${funderNo}`)).size).toBe(
        decision.accruals.length,
      );
      expect(decision.zeroReason === undefined).toBe(decision.totalUnits > 0n);
      expect(decision.shortfallUnits).toBeGreaterThanOrEqual(0n);
      const counters = countersFor(purchase, terms).map(({ capCode, period }) => `${capCode} ${period}`);
      for (const { capCode, period, units } of decision.capUses) {
        expect(counters).toContain(`${capCode} ${period}`);
        expect(units).toBe(decision.totalUnits);
        const max = terms.caps.find(({ code }) => code === capCode)?.maxUnits;
        expect((facts.capUsed[capCode] ?? 0n) + units).toBeLessThanOrEqual(max ?? -1n);
      }
      expect(decision.capUses).toHaveLength(decision.totalUnits > 0n ? counters.length : 0);
      for (const text of texts(decision.explanation)) expect(text).not.toMatch(/undefined|NaN|object/);
    }),
    RUNS,
  );
});

test('the same question has the same answer, digest included, whatever was asked before', () => {
  fc.assert(
    fc.property(anyPurchase, anyPurchase, anyFacts, anyTerms, (purchase, other, facts, terms) => {
      const first = evaluate(purchase, facts, terms);
      evaluate(other, facts, terms);
      const again = evaluate(structuredClone(purchase), structuredClone(facts), structuredClone(terms));
      expect(again.accruals).toEqual(first.accruals);
      expect(explanationDigest(again.explanation)).toEqual(explanationDigest(first.explanation));
    }),
    RUNS,
  );
});

test('where no cap binds, the order of the rules does not matter', () => {
  const sorted = (accruals: readonly AccrualDecision[]): AccrualDecision[] =>
    accruals.toSorted((a, b) => (a.ruleCode < b.ruleCode ? -1 : a.ruleCode > b.ruleCode ? 1 : a.funderNo - b.funderNo));
  fc.assert(
    fc.property(
      anyPurchase,
      anyFacts,
      anyTerms.chain((terms) =>
        fc.tuple(fc.constant(terms), fc.shuffledSubarray([...terms.rules], { minLength: terms.rules.length })),
      ),
      (purchase, facts, [terms, shuffled]) => {
        const before = evaluate(purchase, facts, terms);
        fc.pre(before.shortfallUnits === 0n);
        const after = evaluate(purchase, facts, { ...terms, rules: shuffled });
        expect(sorted(after.accruals)).toEqual(sorted(before.accruals));
      },
    ),
    RUNS,
  );
});

test('with caps, the order of the rules moves reward between rules and never changes the total', () => {
  fc.assert(
    fc.property(anyPurchase, anyFacts, anyTerms, (purchase, facts, terms) => {
      const reversed = evaluate(purchase, facts, { ...terms, rules: terms.rules.toReversed() });
      expect(reversed.totalUnits).toBe(evaluate(purchase, facts, terms).totalUnits);
    }),
    RUNS,
  );
});

test('spending more never earns less', () => {
  fc.assert(
    fc.property(anyPurchase, fc.bigInt(0n, 10n ** 7n), anyFacts, anyTerms, (purchase, more, facts, terms) => {
      const larger = evaluate({ ...purchase, amountMinor: purchase.amountMinor + more }, facts, terms);
      expect(larger.totalUnits).toBeGreaterThanOrEqual(evaluate(purchase, facts, terms).totalUnits);
    }),
    RUNS,
  );
});

/** Amounts that a chain of refunds leaves, largest first. */
const keptAmounts = (amountMinor: bigint, parts: readonly number[]): bigint[] =>
  parts.map((part) => (amountMinor * BigInt(part)) / 1000n).sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
const anyParts = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 4 });

test('refunds never raise a part, keep caps and counters, and the whole way back leaves nothing', () => {
  fc.assert(
    fc.property(anyPurchase, anyFacts, anyTerms, anyParts, (purchase, facts, terms, parts) => {
      const decision = evaluate(purchase, facts, terms);
      const used = new Map(decision.capUses.map(({ capCode, units }) => [capCode, units]));
      let standing = decision.accruals;
      for (const keptMinor of [...keptAmounts(purchase.amountMinor, parts), 0n]) {
        const { kept, capUses, capReleases, explanation } = reevaluate(purchase, facts, terms, keptMinor, standing);
        expect(kept.map(({ ruleCode, funderNo }) => [ruleCode, funderNo])).toEqual(
          standing.map(({ ruleCode, funderNo }) => [ruleCode, funderNo]),
        );
        for (const [index, { units }] of kept.entries()) {
          expect(units >= 0n && units <= (standing[index]?.units ?? -1n)).toBe(true);
        }
        for (const { capCode, units } of capReleases) used.set(capCode, (used.get(capCode) ?? 0n) - units);
        for (const [capCode, units] of used)
          expect(units).toBe(capUses.find((use) => use.capCode === capCode)?.units ?? 0n);
        for (const text of texts(explanation)) expect(text).not.toMatch(/undefined|NaN|object/);
        standing = kept;
      }
      expect(sum(standing)).toBe(0n);
      for (const units of used.values()) expect(units).toBe(0n);
    }),
    RUNS,
  );
});

test('several refunds keep as much as one refund of their sum', () => {
  fc.assert(
    fc.property(anyPurchase, anyFacts, anyTerms, anyParts, (purchase, facts, terms, parts) => {
      const { accruals } = evaluate(purchase, facts, terms);
      const amounts = keptAmounts(purchase.amountMinor, [...parts, 400]);
      let standing = accruals;
      for (const keptMinor of amounts) standing = reevaluate(purchase, facts, terms, keptMinor, standing).kept;
      const atOnce = reevaluate(purchase, facts, terms, amounts.at(-1) ?? 0n, accruals).kept;
      const byRule = (list: readonly AccrualDecision[], code: string): bigint =>
        sum(list.filter(({ ruleCode }) => ruleCode === code));
      for (const { code } of terms.rules) expect(byRule(standing, code)).toBe(byRule(atOnce, code));
    }),
    RUNS,
  );
});

test('what is kept never earns more than it would have by itself', () => {
  fc.assert(
    fc.property(anyPurchase, anyFacts, anyTerms, fc.integer({ min: 1, max: 1000 }), (purchase, facts, terms, part) => {
      const keptMinor = (purchase.amountMinor * BigInt(part)) / 1000n;
      fc.pre(keptMinor > 0n);
      const { kept } = reevaluate(purchase, facts, terms, keptMinor, evaluate(purchase, facts, terms).accruals);
      expect(sum(kept)).toBeLessThanOrEqual(evaluate({ ...purchase, amountMinor: keptMinor }, facts, terms).totalUnits);
    }),
    RUNS,
  );
});
