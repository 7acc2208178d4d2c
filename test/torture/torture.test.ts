import { FAULT_KINDS } from './faults.js';
import { runTorture } from './run.js';

/** Every kind of fault once: npm run torture goes on for longer. */
const BURSTS = 7;
const ROUNDS = Math.ceil(FAULT_KINDS.length / BURSTS);

test('nothing is lost, doubled or broken, whatever goes wrong', async () => {
  const lines: string[] = [];
  const { rounds, violations, diskFilled } = await runTorture({
    ...{ rounds: ROUNDS, seed: 20, burstsPerRound: BURSTS, atOnce: 16, freezeMs: 600 },
    say: (line) => lines.push(line),
  });
  expect({ violations, lines }).toEqual({ violations: [], lines });
  const struck = (kind: (typeof FAULT_KINDS)[number]): number =>
    rounds.reduce((sum, round) => sum + (round.struck.get(kind) ?? 0), 0);
  const never = FAULT_KINDS.filter((kind) => kind !== 'NOTHING' && struck(kind) === 0);
  expect(never).toEqual(diskFilled ? [] : ['DISK_FULL']);
}, 900_000);
