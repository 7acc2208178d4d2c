/** Round after round, each determined by the seed: which world, what happens in it, what goes wrong and when. */
import { deepStrictEqual } from 'node:assert';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFrom } from '../model/random.js';
import { Violation } from './client.js';
import { Cluster } from './cluster.js';
import { FAULT_KINDS, type FaultKind } from './faults.js';
import { ownProduct } from './gateway-process.js';
import { type RoundReport, runRound } from './round.js';
import { drawSeed, TorturedWorld } from './world.js';

export interface TortureOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Kinds of faults; all when absent. */
  readonly only?: readonly string[];
  /** The folder of what is tortured; this checkout when absent. */
  readonly product?: string;
  readonly burstsPerRound?: number;
  readonly roundsPerWorld?: number;
  readonly atOnce?: number;
  readonly freezeMs?: number;
  /** Tells of each burst, also of those in which all went well. */
  readonly verbose?: boolean;
  /** How often a window is closed in the midst of a burst. */
  readonly closesPercent?: number;
  readonly stopAtFirst?: boolean;
}

export interface Total {
  readonly seed: number;
  readonly rounds: readonly RoundReport[];
  /** One sentence and more for each round that failed. */
  readonly violations: readonly string[];
  readonly seconds: number;
  readonly diskFilled: boolean;
}

export async function runTorture(options: TortureOptions): Promise<Total> {
  standInForJest();
  const { rounds, seed, say, product = ownProduct(), roundsPerWorld = 5, burstsPerRound = 8 } = options;
  const began = performance.now();
  const random = randomFrom(seed);
  const kinds = FAULT_KINDS.filter((kind) => options.only?.includes(kind) ?? true);
  const cluster = await Cluster.open();
  if (!cluster.ownDisk)
    say('NOT TESTED: a full disk. Only root may mount one to be filled, and not in every container.');
  let world: TorturedWorld | undefined;
  const reports: RoundReport[] = [];
  const violations: string[] = [];
  // Each in its turn, in an order that the seed shuffles: so all of them come, however few the rounds.
  let deck: FaultKind[] = [];
  const nextFault = (): FaultKind => {
    if (deck.length === 0) deck = shuffled(kinds, random.below);
    return deck.pop() as FaultKind;
  };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const worldSeed = drawSeed(random);
      const roundBegan = performance.now();
      const lines: string[] = [];
      try {
        if (world === undefined || (round - 1) % roundsPerWorld === 0) {
          await world?.close();
          world = undefined;
          world = await TorturedWorld.open(cluster, product, worldSeed);
        }
        const report = await runRound(world, {
          seed: drawSeed(random),
          faults: Array.from({ length: burstsPerRound }, nextFault),
          atOnce: options.atOnce ?? 24,
          closesPercent: options.closesPercent ?? 30,
          freezeMs: options.freezeMs ?? random.pick([1_000, 3_000, 10_000]),
          say: (line) => {
            lines.push(line);
            if (options.verbose) say(line);
          },
        });
        reports.push(report);
        say(
          `round ${round}: ${report.operations} operations, ${report.resent} sent again, ${report.snapshots} snapshots, ${report.acknowledged} answers found again, ${report.events} events heard, ${((performance.now() - roundBegan) / 1_000).toFixed(1)} s`,
        );
      } catch (error) {
        const { message, stack } = error as Error;
        violations.push(`round ${round} of seed ${seed}: ${error instanceof Violation ? message : stack}`);
        say(`round ${round} FAILED\n${lines.join('\n')}\n${violations.at(-1)}`);
        const faults = options.only === undefined ? '' : ` --faults ${options.only}`;
        say(`Repeat it: npm run torture -- --rounds ${round} --seed ${seed}${faults}`);
        const logs = join(tmpdir(), `hansa-torture-seed-${seed}-round-${round}`);
        cluster.keepLogs(logs);
        say(`What gateways and server have logged is in ${logs}.`);
        await world?.close();
        world = undefined;
        if (options.stopAtFirst) break;
      }
    }
  } finally {
    await world?.close();
    await cluster.close();
  }
  const seconds = (performance.now() - began) / 1_000;
  return { seed, rounds: reports, violations, seconds, diskFilled: cluster.ownDisk };
}

function shuffled<T>(items: readonly T[], below: (below: number) => number): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(below(rest.length), 1)[0] as T);
}

/** What sets up the model's world expects as tests do; outside Jest these few words are enough. */
function standInForJest(): void {
  const expecting = (found: unknown) => ({ toEqual: (wanted: unknown) => deepStrictEqual(found, wanted) });
  Object.assign(globalThis, { expect: (globalThis as { expect?: unknown }).expect ?? expecting });
}
