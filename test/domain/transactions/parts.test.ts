import type { AccrualDecision, Cap } from '../../../src/domain/earning/model.js';
import { heldUp } from '../../../src/domain/transactions/parts.js';
import { cap, programme, rateRule } from '../earning/fixture.js';

const units = (amounts: Readonly<Record<string, bigint>>): AccrualDecision[] =>
  Object.entries(amounts).map(([ruleCode, amount]) => ({ ruleCode, funderNo: 0, units: amount }));
const RULES = [rateRule('a', '1%', {}, { group: 'g' }), rateRule('b', '1%'), rateRule('c', '1%')];

test.each<[string, Cap[], Record<string, bigint>, Record<string, bigint>, Record<string, bigint>]>([
  ['everybody rises', [cap('all', 9n)], { a: 5n, b: 3n }, { a: 4n, b: 3n }, { a: 5n, b: 3n }],
  [
    'one is held up, and those under its cap do not rise',
    [cap('all', 9n)],
    { a: 7n, b: 2n },
    { a: 4n, b: 5n },
    { a: 4n, b: 5n },
  ],
  [
    'others may',
    [cap('two', 9n, { rules: ['a', 'b'] })],
    { a: 7n, b: 2n, c: 9n },
    { a: 4n, b: 5n, c: 1n },
    { a: 4n, b: 5n, c: 9n },
  ],
  ['by group', [cap('g', 9n, { groups: ['g'] })], { a: 2n, b: 9n }, { a: 4n, b: 5n }, { a: 4n, b: 9n }],
  ['new under the full cap comes not', [cap('all', 9n)], { a: 3n, c: 6n }, { a: 4n }, { a: 4n }],
])('%s', (_, caps, target, floors, expected) => {
  const terms = programme({ rules: RULES, caps });
  const held = heldUp(units(target), units(floors), terms);
  expect(Object.fromEntries(held.map(({ ruleCode, units: amount }) => [ruleCode, amount]))).toEqual(expected);
});
