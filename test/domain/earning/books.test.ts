/** A member's books as purchases and refunds leave them for the next decision. */
import { CounterBook, MemberBooks } from '../../../src/domain/earning/books.js';
import { evaluate } from '../../../src/domain/earning/evaluate.js';
import type { ProgrammeTerms, Purchase } from '../../../src/domain/earning/model.js';
import { reevaluate, standingUses } from '../../../src/domain/earning/refund.js';
import { cap, programme, purchase, r, rateRule, rule } from './fixture.js';

/** Buys in a row by the same books; answers with the units of each. */
function buyer(terms: ProgrammeTerms, budgets = new CounterBook()) {
  const books = new MemberBooks(undefined, budgets);
  let count = 0;
  const buy = (bought: Purchase): bigint => {
    const evaluation = evaluate(bought, books.facts(bought, terms, {}), terms);
    count += 1;
    books.record(`p${count}`, bought, terms, evaluation);
    return evaluation.totalUnits;
  };
  return { books, buy };
}

test('counters, spend and tier carry over, and a refund gives its own back for later purchases', () => {
  const terms = programme({
    rules: [rule('a', { kind: 'TIER_CATEGORY_MATRIX', rates: { basic: { BASE: r('1%') }, gold: { BASE: r('2%') } } })],
    caps: [cap('month', 1_500n)],
  });
  const { books, buy } = buyer(terms);
  const first = purchase(100_000n);
  const facts = books.facts(first, terms, {});
  const decision = evaluate(first, facts, terms);
  books.record('first', first, terms, decision);
  expect(decision.totalUnits).toBe(1_000n);
  // Gold from 1,000.00 kept; 2 % of 400.00 is 8.00, and 5.00 are left under the cap.
  expect(buy(purchase(40_000n))).toBe(500n);
  const nothing = { ...first, amountMinor: 0n };
  const { kept } = reevaluate(first, facts, terms, nothing, decision.accruals);
  expect(kept.map(({ units }) => units)).toEqual([0n]);
  books.revise('first', first, terms, {
    keptBeforeMinor: 100_000n,
    keptMinor: 0n,
    unitsBefore: 1_000n,
    unitsNow: 0n,
    usesBefore: standingUses(first, facts, terms, first, decision.accruals),
    usesNow: [],
  });
  // Basic again, and 10.00 of room.
  expect(buy(purchase(60_000n))).toBe(600n);
  expect(buy(purchase(60_000n, { businessDate: '2026-04-01' }))).toBe(1_200n);
});

test('everyone shares a budget, and nobody overspends it', () => {
  const terms = programme({
    rules: [rateRule('a', '10%')],
    caps: [cap('pool', 2_500n, { holder: 'EVERYONE', per: 'CAMPAIGN', from: '2026-01-01' })],
  });
  const budgets = new CounterBook();
  const buyers = [buyer(terms, budgets), buyer(terms, budgets)];
  expect([0, 1, 0, 1].map((who) => buyers[who]?.buy(purchase(10_000n)))).toEqual([1_000n, 1_000n, 500n, 0n]);
});

test('an event lifts a ladder that goes by rewards, and is no purchase to one that goes by purchases', () => {
  const ladder = (metric: ProgrammeTerms['tiers']['metric'], from: bigint): ProgrammeTerms => {
    const base = programme({ rules: [rule('review', { kind: 'FIXED', units: 500n }, { action: 'review' })] });
    const levels = base.tiers.levels.map((level, index) => ({ ...level, from: index === 0 ? 0n : from }));
    return { ...base, tiers: { ...base.tiers, metric, levels } };
  };
  const tierAfterReview = (terms: ProgrammeTerms): string => {
    const { books, buy } = buyer(terms);
    expect(buy(purchase(0n, { action: 'review' }))).toBe(500n);
    return books.tierOn(terms.tiers, '2026-03-10').tier;
  };
  expect(tierAfterReview(ladder('REWARDS_ACCRUED', 500n))).toBe('gold');
  expect(tierAfterReview(ladder('PURCHASES', 1n))).toBe('basic');
});

test('a third different partner of the month earns once, and a refund of any of the three takes it back', () => {
  const terms = programme({
    rules: [
      rule(
        'three',
        { kind: 'FIXED', units: 1_000n },
        { reaches: { metric: 'PARTNERS', per: 'MONTH', mark: 3n, repeats: false, atSamePartner: false } },
      ),
    ],
  });
  const { books, buy } = buyer(terms);
  const at = (partnerCode: string): Purchase => purchase(1_000n, { merchant: { partnerNo: 1, partnerCode } });
  expect(['a', 'a', 'b', 'b'].map((code) => buy(at(code)))).toEqual([0n, 0n, 0n, 0n]);
  const third = at('c');
  const facts = books.facts(third, terms, {});
  const decision = evaluate(third, facts, terms);
  books.record('third', third, terms, decision);
  expect(decision.totalUnits).toBe(1_000n);
  expect(buy(at('d'))).toBe(0n);
  const kept = (): bigint => evaluate(third, books.progressNow('third', third, terms, facts), terms).totalUnits;
  const giveBack = (id: string, bought: Purchase): void =>
    books.revise(id, bought, terms, {
      keptBeforeMinor: 1_000n,
      keptMinor: 0n,
      unitsBefore: 0n,
      unitsNow: 0n,
      usesBefore: [],
      usesNow: [],
    });
  expect(kept()).toBe(1_000n);
  giveBack('p1', at('a'));
  giveBack('p2', at('a'));
  // b, c and d are still three.
  expect(kept()).toBe(1_000n);
  giveBack('p3', at('b'));
  giveBack('p4', at('b'));
  expect(kept()).toBe(0n);
});
