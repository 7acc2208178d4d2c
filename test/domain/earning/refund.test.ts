import { evaluate } from '../../../src/domain/earning/evaluate.js';
import type { AccrualDecision, EarningFacts, ProgrammeTerms, Purchase } from '../../../src/domain/earning/model.js';
import { reevaluate as decideAgain } from '../../../src/domain/earning/refund.js';
import { bothContracts, cap, facts, ISSUER, MERCHANT, programme, purchase, r, rateRule } from './fixture.js';

const COUNTER = { counter: 'm', stored: 'm', shared: false };
const parties = { merchant: MERCHANT, issuer: ISSUER };
const monthly = (max: bigint) => cap('m', max);

/** Keeps an amount of a purchase without a basket. */
const reevaluate = (
  bought: Purchase,
  seen: EarningFacts,
  terms: ProgrammeTerms,
  keptMinor: bigint,
  had: readonly AccrualDecision[],
) => decideAgain(bought, seen, terms, { ...bought, amountMinor: keptMinor }, had);

test.each([-1n, 10_001n])('keeping %s of 10,000 is a bug of the caller', (kept) => {
  expect(() => reevaluate(purchase(10_000n), facts(), programme(), kept, [])).toThrow('Invariant');
});

test('45/45/10 of 6 is 3/3/0, and of 5 it takes nobody above that', () => {
  const funding = {
    by: 'SPLIT',
    shares: [
      { party: 'MERCHANT', share: r('45%') },
      { party: 'ISSUER', share: r('45%') },
      { party: 'PROGRAMME', share: r('10%') },
    ],
  } as const;
  const terms = programme({ rules: [rateRule('a', '1%', {}, { funding })] });
  const bought = purchase(600n, parties);
  const { accruals } = evaluate(bought, facts(bothContracts), terms);
  expect(accruals.map(({ units }) => units)).toEqual([3n, 3n]);
  const { kept } = reevaluate(bought, facts(bothContracts), terms, 500n, accruals);
  expect(kept.map(({ funderNo, units }) => [funderNo, units])).toEqual([
    [1, 3n],
    [2, 2n],
  ]);
});

test('a rule that had nothing gets nothing when the refund leaves it room under the cap', () => {
  const terms = programme({ rules: [rateRule('first', '5%'), rateRule('second', '1%')], caps: [monthly(500n)] });
  const bought = purchase(10_000n);
  const { accruals } = evaluate(bought, facts(), terms);
  expect(accruals).toEqual([{ ruleCode: 'first', funderNo: 0, units: 500n }]);
  const { kept, releases } = reevaluate(bought, facts(), terms, 9_000n, accruals);
  expect(kept).toEqual([{ ruleCode: 'first', funderNo: 0, units: 450n }]);
  expect(releases).toEqual([{ ...COUNTER, period: '2026-03-01', amount: 50n }]);
});

test('a capped purchase of two items keeps its reward when one goes back (A4)', () => {
  const terms = programme({ rules: [rateRule('a', '10%')], caps: [monthly(100_000n)] });
  const bought = purchase(2_200_000n);
  const { accruals } = evaluate(bought, facts(), terms);
  const { kept, releases } = reevaluate(bought, facts(), terms, 1_100_000n, accruals);
  expect(kept.map(({ units }) => units)).toEqual([100_000n]);
  expect(releases).toEqual([]);
});

test('a full refund leaves exactly nothing and gives the caps of its own month back (A2)', () => {
  const terms = programme({
    rules: [rateRule('a', '3.33%'), rateRule('b', '1/7', {}, { funding: { by: 'CONTRACT', of: 'MERCHANT' } })],
    caps: [monthly(5_000n)],
  });
  const bought = purchase(9_999n, { ...parties, businessDate: '2026-01-31' });
  const { accruals, totalUnits } = evaluate(bought, facts(bothContracts), terms);
  const { kept, uses, releases, explanation } = reevaluate(bought, facts(bothContracts), terms, 0n, accruals);
  expect(kept).toEqual(accruals.map((accrual) => ({ ...accrual, units: 0n })));
  expect(uses).toEqual([]);
  expect(releases).toEqual([{ ...COUNTER, period: '2026-01-01', amount: totalUnits }]);
  expect(explanation).toMatchObject({ code: 'REFUND_REEVALUATED', values: { kept: '0.00', units: '0.00' } });
});

test('what the rules of today would give plays no part: the facts of the purchase decide', () => {
  const terms = programme({ rules: [rateRule('a', '1%', { until: '2026-03-10' })] });
  const { accruals } = evaluate(purchase(10_000n), facts(), terms);
  expect(reevaluate(purchase(10_000n), facts(), terms, 5_000n, accruals).kept).toEqual([
    { ruleCode: 'a', funderNo: 0, units: 50n },
  ]);
});

test('an accrual of a rule that the terms do not have is taken back whole', () => {
  const had = [{ ruleCode: 'gone', funderNo: 7, units: 10n }];
  expect(reevaluate(purchase(10_000n), facts(), programme(), 5_000n, had).kept).toEqual([
    { ruleCode: 'gone', funderNo: 7, units: 0n },
  ]);
});

test('the explanation says what remains of each part, in sentences without holes', () => {
  const terms = programme({ rules: [rateRule('a', '1%', {}, { funding: { by: 'CONTRACT', of: 'MERCHANT' } })] });
  const bought = purchase(10_000n, parties);
  const { accruals } = evaluate(bought, facts(bothContracts), terms);
  const { explanation } = reevaluate(bought, facts(bothContracts), terms, 2_500n, accruals);
  expect([explanation.text, explanation.children.at(-1)?.text]).toEqual([
    'After the refund 25.00 EUR of the purchase are kept; by the rules of its day 0.25 PTS of 1.00 remain.',
    'a, paid by shop: 0.25 PTS of 1.00 remain.',
  ]);
});
