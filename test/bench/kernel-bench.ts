/** The kernel by itself: one purchase against the demonstration programme, and against a hundred rules. */
import { evaluate } from '../../src/domain/earning/evaluate.js';
import { explanationDigest } from '../../src/domain/earning/explain.js';
import type {
  EarningFacts,
  EarningRule,
  Explanation,
  ProgrammeTerms,
  Purchase,
} from '../../src/domain/earning/model.js';
import { bothContracts, cap, ISSUER, MERCHANT, programme, rateRule } from '../domain/earning/fixture.js';
import { atMost, type Target } from './figures.js';
import type { Workload } from './workload.js';

const GROUPS = 5;

/**
 * A hundred rules in force. Twenty hold for the purchase, in five groups of which the best pays: by merchant, bank
 * and programme, some in thirds. Eighty look at other partners, categories, channels, minimums or marks. Three caps
 * bind: of a rule, of the category and of the member's month.
 */
export function hundredRules(): {
  readonly terms: ProgrammeTerms;
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
} {
  const payers: EarningRule['funding'][] = [
    { by: 'CONTRACT', of: 'PROGRAMME' },
    { by: 'CONTRACT', of: 'MERCHANT' },
    { by: 'CONTRACT', of: 'ISSUER' },
  ];
  const holding = Array.from({ length: 20 }, (_, index) =>
    rateRule(
      `holds-${index}`,
      `${1 + (index % 4)}.${index % 7}%`,
      index % 2 === 0 ? { categories: ['food'] } : { channels: ['IN_STORE'] },
      {
        group: `group-${index % GROUPS}`,
        funding: payers[index % payers.length] as EarningRule['funding'],
      },
    ),
  );
  const others = Array.from({ length: 80 }, (_, index) => {
    const code = `other-${index}`;
    switch (index % 5) {
      case 0:
        return rateRule(code, '5%', { partners: [`elsewhere-${index}`] });
      case 1:
        return rateRule(code, '5%', { categories: ['travel'] });
      case 2:
        return rateRule(code, '5%', { channels: ['ONLINE'] });
      case 3:
        return rateRule(code, '5%', { minimum: { amountMinor: 1_000_000n, exclusive: false } });
      default:
        return rateRule(code, '5%', { weekdays: [6, 7] });
    }
  });
  const terms = programme({
    rules: [...holding, ...others],
    groups: Array.from({ length: GROUPS }, (_, index) => ({
      code: `group-${index}`,
      mode: 'BEST_OF' as const,
      priority: 10 - index,
    })),
    caps: [
      cap('of-a-rule', 400n, {
        rules: holding.filter(({ group }) => group === 'group-0').map(({ code }) => code),
        per: 'TRANSACTION',
      }),
      cap('of-the-category', 2_000n, { categories: ['food'], groups: ['group-1', 'group-2'] }),
      cap('of-the-month', 10_000n),
    ],
  });
  const purchase: Purchase = {
    amountMinor: 12_345n,
    businessDate: '2026-03-10',
    channel: 'IN_STORE',
    mcc: '5411',
    merchant: MERCHANT,
    issuer: ISSUER,
  };
  const facts: EarningFacts = {
    ...bothContracts,
    tier: 'gold',
    tierMetric: 1_058_420n,
    used: { 'of-the-category': 1_200n, 'of-the-month': 8_000n },
  };
  return { terms, purchase, facts };
}

/** Has every leaf of an explanation written out (values are made when they are asked for) and counts its nodes. */
export function readLeaves({ values, children }: Explanation): number {
  let read = values === undefined ? 0 : 1;
  for (const child of children) read += readLeaves(child);
  return read;
}

/** Median microseconds of one call. */
export function medianMicroseconds(run: () => void): number {
  const samples: number[] = [];
  for (let round = 0; round < 300; round += 1) {
    const started = performance.now();
    for (let call = 0; call < 100; call += 1) run();
    samples.push((performance.now() - started) * 10);
  }
  return samples.sort((a, b) => a - b)[150] ?? 0;
}

export const benchKernel: Workload = async ({ terms: demo, report }) => {
  const microseconds = (name: string, run: () => void, note?: string, target?: Target): void =>
    report({ name, value: medianMicroseconds(run), unit: 'µs', note, target });
  const small: Purchase = { amountMinor: 4_290n, businessDate: '2026-03-10', mcc: '5812' };
  const captain: EarningFacts = { tier: 'captain', tierMetric: 1_058_420n, used: {} };
  microseconds('evaluate one purchase', () => void evaluate(small, captain, demo));
  microseconds(
    'evaluate one purchase and digest its explanation',
    () => void explanationDigest(evaluate(small, captain, demo).explanation),
  );
  const { terms, purchase, facts } = hundredRules();
  const decision = evaluate(purchase, facts, terms);
  const paying = new Set(decision.accruals.map(({ ruleCode }) => ruleCode)).size;
  const binding = new Set(decision.shortfalls.map(({ capCode }) => capCode)).size;
  const note = `${terms.rules.length} rules, 20 hold, ${paying} pay, ${binding} caps bind`;
  const name = 'evaluate against a hundred rules';
  microseconds(name, () => void evaluate(purchase, facts, terms), note, atMost(20));
  microseconds(
    `${name}, with every leaf of its explanation`,
    () => void readLeaves(evaluate(purchase, facts, terms).explanation),
    note,
    atMost(20),
  );
  microseconds(
    `${name}, with the digest of its explanation`,
    () => void explanationDigest(evaluate(purchase, facts, terms).explanation),
    note,
  );
};
