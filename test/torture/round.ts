/** One round: bursts of operations, something that goes wrong in each, and at the end the question whether all is well. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Random, randomFrom } from '../model/random.js';
import { Violation } from './client.js';
import { FAULTS, type FaultKind, INJECTED } from './faults.js';
import { Snapshots } from './snapshots.js';
import type { TorturedWorld } from './world.js';

export interface RoundPlan {
  readonly seed: number;
  /** What goes wrong in each burst. */
  readonly faults: readonly FaultKind[];
  /** Most operations in flight at a time. */
  readonly atOnce: number;
  readonly freezeMs: number;
  /** How often a window is closed in the midst of a burst. */
  readonly closesPercent: number;
  /** Hears what happens. */
  readonly say: (line: string) => void;
}

export interface RoundReport {
  readonly operations: number;
  /** How often each struck. */
  readonly struck: ReadonlyMap<FaultKind, number>;
  readonly resent: number;
  readonly snapshots: number;
  readonly acknowledged: number;
  /** That were told by webhook. */
  readonly events: number;
  readonly windowsClosedMeanwhile: number;
  readonly deadlocks: number;
}

/** Throws Violation when something that was promised does not hold. */
export async function runRound(world: TorturedWorld, plan: RoundPlan): Promise<RoundReport> {
  const { cluster, database, lives, client, listener, gateways } = world;
  const random = randomFrom(plan.seed);
  const struck = new Map<FaultKind, number>();
  const snapshots = new Snapshots(cluster, database);
  const before = { asked: client.asked, resent: client.resent, log: cluster.logged(0).end };
  let windowsClosedMeanwhile = 0;
  let operations = 0;
  try {
    for (const kind of plan.faults) {
      const closes = random.chance(plan.closesPercent);
      if (closes) windowsClosedMeanwhile += 1;
      const began = performance.now();
      client.lost.clear();
      plan.say(`  ${kind}${closes ? ', a window is closed' : ''}`);
      const burst = await underFault(world, kind, random, plan.freezeMs, () => oneBurst(world, random, plan, closes));
      struck.set(kind, (struck.get(kind) ?? 0) + burst.struck);
      operations += burst.done;
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      plan.say(`    struck ×${burst.struck}, ${burst.done} operations in ${seconds} s`);
      for (const [why, times] of client.lost) plan.say(`    no answer ×${times}: ${why}`);
    }
  } finally {
    await snapshots.stop();
  }
  plan.say('  at rest');
  await lives.compare();
  await world.expectSound();
  const acknowledged = await client.expectAllStored();
  const events = await listener.expectAllHeard();
  await lives.compare();
  if (snapshots.broken.length > 0) throw new Violation(`Snapshots were not whole:\n${snapshots.broken.join('\n')}`);
  for (const { fault } of gateways) if (fault !== undefined) throw new Violation(fault);
  const deadlocks = deadlocksIn(cluster.logged(before.log).text);
  if (deadlocks.own.length > 0) throw new Violation(`Locks were taken in two orders:\n${deadlocks.own[0]}`);
  return {
    ...{ operations, struck, acknowledged, events, windowsClosedMeanwhile },
    resent: client.resent - before.resent,
    snapshots: snapshots.taken,
    deadlocks: deadlocks.injected,
  };
}

async function underFault(
  world: TorturedWorld,
  kind: FaultKind,
  random: Random,
  freezeMs: number,
  work: () => Promise<number>,
): Promise<{ readonly done: number; readonly struck: number }> {
  let busy = true;
  const worked = work().finally(() => {
    busy = false;
  });
  const strike = FAULTS[kind]({ world, random, freezeMs, busy: () => busy });
  // Also when one of them fails nothing goes on behind the back of what comes next.
  await Promise.allSettled([worked, strike]);
  return { done: await worked, struck: await strike };
}

/** Many at once, then a few one after the other. */
async function oneBurst(
  { lives, client }: TorturedWorld,
  random: Random,
  plan: RoundPlan,
  closes: boolean,
): Promise<number> {
  client.delayMs = closes ? 300 : random.pick([0, 0, 100]);
  let done = await lives.together(plan.atOnce, closes ? delay(random.below(200)) : undefined);
  client.delayMs = 0;
  for (let nth = 0; nth < 3; nth += 1) {
    await lives.one();
    done += 1;
  }
  if (random.chance(30)) {
    await lives.one(['DAYS']);
    done += 1;
  }
  return done;
}

/** Whoever died of a deadlock that was not ours took its locks in another order than somebody else. */
function deadlocksIn(log: string): { readonly injected: number; readonly own: readonly string[] } {
  const found = log
    .split(/(?=^\d{4}-\d\d-\d\d \d\d:)/m)
    .flatMap((line, index, lines) => (line.includes('deadlock detected') ? [line + (lines[index + 1] ?? '')] : []));
  const own = found.filter((each) => !each.includes(INJECTED));
  return { injected: found.length - own.length, own };
}
