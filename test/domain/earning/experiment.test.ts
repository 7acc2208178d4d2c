import fc from 'fast-check';
import { variantOf, variantsOf } from '../../../src/domain/earning/experiment.js';
import { experiment, memberTerms } from './member-terms.js';

const share = (weights: Readonly<Record<string, number>>, members: number, code?: string): Map<string, number> => {
  const counts = new Map<string, number>();
  for (let member = 0; member < members; member += 1) {
    const variant = variantOf(experiment(weights, code), `member-${member}`);
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
  }
  return counts;
};

// The first 8 bytes of SHA-256 of `["spring","member-0"]`, taken as a fraction. Fixed for ever: a change of the draw
// would move members between variants of running experiments.
test.each([
  ['member-0', 'holdout'],
  ['member-1', 'a'],
  ['member-2', 'b'],
  ['member-3', 'a'],
])('%s is in %s', (member, variant) => {
  expect(variantOf(experiment({ a: 50, b: 30, holdout: 20 }), member)).toBe(variant);
});

test('weights are parts of their sum', () => {
  const members = 10_000;
  const counts = share({ a: 50, b: 30, holdout: 20 }, members);
  // Standard deviations are 50, 46 and 40.
  for (const [variant, percent] of [
    ['a', 50],
    ['b', 30],
    ['holdout', 20],
  ] as const) {
    expect(Math.abs((counts.get(variant) ?? 0) - (members * percent) / 100)).toBeLessThan(250);
  }
});

test.each([
  [{ a: 1 }, ['a']],
  [{ a: 0, b: 1 }, ['b']],
  [{ a: 1, b: 0 }, ['a']],
])('%j draws only %j', (weights, variants) => {
  expect([...share(weights, 200).keys()]).toEqual(variants);
});

test('a weight of zero everywhere is a bug of the caller', () => {
  expect(() => variantOf(experiment({ a: 0 }), 'm')).toThrow('Invariant');
});

test('the same member gets the same variant, and scaled weights change nothing', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (id, a, b) => {
      const variant = variantOf(experiment({ a, b }), id);
      expect(variantOf(experiment({ a, b }), id)).toBe(variant);
      expect(variantOf(experiment({ a: a * 3, b: b * 3 }), id)).toBe(variant);
    }),
  );
});

test('experiments are drawn independently of each other', () => {
  const halves = { a: 1, b: 1 };
  let together = 0;
  for (let member = 0; member < 4_000; member += 1) {
    const drawn = variantsOf(
      memberTerms({ experiments: [experiment(halves, 'spring'), experiment(halves, 'autumn')] }),
      `member-${member}`,
    );
    if (drawn.spring === drawn.autumn) together += 1;
  }
  // Half of them, with a standard deviation of 32.
  expect(Math.abs(together - 2_000)).toBeLessThan(160);
});
