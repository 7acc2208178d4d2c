/** What finds nothing proves nothing: each of these mistakes is found within a few rounds. */
import type { FaultKind } from './faults.js';
import { MISTAKES, plant } from './planted.js';
import { runTorture } from './run.js';

const CASES: readonly [name: keyof typeof MISTAKES, faults: readonly FaultKind[], found: RegExp][] = [
  ['NO_FENCE', ['BACKEND_FROZEN', 'LOCKED_BACKWARDS'], /The ledger does not hold:\nI|They disagree|differ at rest/],
  ['NO_SORT', ['SENT_THREE_TIMES', 'NOTHING'], /Locks were taken in two orders/],
  ['EARLY_ANSWER', ['POSTMASTER_KILLED'], /not there as it was|They disagree|differ at rest/],
];

test.each(CASES)('%s is found', async (name, only, found) => {
  const { violations } = await runTorture({
    ...{ rounds: 4, seed: 1, only, burstsPerRound: 3, freezeMs: 800, closesPercent: 100, stopAtFirst: true },
    product: plant(MISTAKES[name]),
    say: () => undefined,
  });
  expect(violations).toEqual([expect.stringMatching(found)]);
});
