/** What goes wrong. Each fault strikes while something is being done, and says how often it did. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../model/random.js';
import type { GatewayProcess } from './gateway-process.js';
import type { TorturedWorld } from './world.js';

interface Scene {
  readonly world: TorturedWorld;
  readonly random: Random;
  /** True as long as something is being done. */
  readonly busy: () => boolean;
  /** How long what is frozen stays so. */
  readonly freezeMs: number;
}

type Fault = (scene: Scene) => Promise<number>;

/** Marks the statements that ask for locks the wrong way round. */
export const INJECTED = '/* torture */';

const drawnGateway = ({ world, random }: Scene): GatewayProcess => random.pick(world.gateways);
/** Somewhere in the midst of it, however fast it goes. */
async function aMoment({ world: { client }, random, busy }: Scene): Promise<void> {
  const enough = client.answered + random.below(12);
  while (busy() && client.answered < enough) await delay(5);
  await delay(random.below(20));
}

/** A backend that is at work on a change, as soon as there is one. */
async function workingBackend({ world, busy }: Scene): Promise<number | undefined> {
  const client = await world.cluster.connect(world.database);
  try {
    while (busy()) {
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and application_name = 'hansa writer'
           and (state = 'idle in transaction' or state = 'active' and xact_start < clock_timestamp()) limit 1`,
      );
      if (rows[0] !== undefined) return rows[0].pid;
      await delay(5);
    }
    return undefined;
  } finally {
    await client.end();
  }
}

async function onBackend(scene: Scene, signal: NodeJS.Signals, forMs = 0): Promise<number> {
  await aMoment(scene);
  const pid = await workingBackend(scene);
  if (pid === undefined) return 0;
  process.kill(pid, signal);
  if (forMs > 0) {
    await delay(forMs);
    process.kill(pid, 'SIGCONT');
  }
  return 1;
}

/** However slow the machine is, what is asked gets done in the end. */
const MOST_STRIKES = 40;

/** Does it to a few of those who are at work, again and again. */
async function toThoseAtWork({ world, busy, random }: Scene, what: string): Promise<number> {
  const client = await world.cluster.connect(world.database);
  let struck = 0;
  try {
    while (busy() && struck < MOST_STRIKES) {
      const { rows } = await client.query(
        `select ${what}(pid) from pg_stat_activity where datname = current_database() and application_name like 'hansa %'
           and application_name <> 'hansa listener' and state <> 'idle' and pid <> pg_backend_pid() order by random() limit 2`,
      );
      struck += rows.length;
      await delay(20 + random.below(60));
    }
    return struck;
  } finally {
    await client.end();
  }
}

/** Takes the rows of two members in the order in which nobody else does. */
async function lockBackwards({ world, busy, random }: Scene): Promise<number> {
  const client = await world.cluster.connect(world.database);
  let tried = 0;
  try {
    const { rows } = await client.query<{ no: number }>('select member_no as no from member_balance order by 1 desc');
    while (busy()) {
      const first = random.below(rows.length - 1);
      const pair = [rows[first], rows[first + 1 + random.below(rows.length - first - 1)]];
      await client.query('begin');
      for (const row of pair) {
        await client
          .query(`${INJECTED} select from member_balance where member_no = $1 for update`, [row?.no])
          .catch(() => undefined);
        await delay(30);
      }
      await client.query('rollback');
      tried += 1;
      await delay(random.below(50));
    }
    return tried;
  } finally {
    await client.end();
  }
}

/** As long as something is being done. */
async function whileBusy({ busy }: Scene, begin: () => void, end: () => void): Promise<void> {
  begin();
  while (busy()) await delay(10);
  end();
}

export const FAULTS = {
  NOTHING: async () => 0,
  GATEWAY_KILLED: async (scene) => {
    await aMoment(scene);
    await drawnGateway(scene).killAndRestart();
    return 1;
  },
  GATEWAY_FROZEN: async (scene) => {
    await aMoment(scene);
    await drawnGateway(scene).freeze(scene.freezeMs);
    return 1;
  },
  POSTMASTER_KILLED: async (scene) => {
    await aMoment(scene);
    await scene.world.cluster.killAndRestart();
    return 1;
  },
  STOPPED_AT_ONCE: async (scene) => {
    await aMoment(scene);
    await scene.world.cluster.stopAtOnceAndRestart();
    return 1;
  },
  BACKEND_KILLED: (scene) => onBackend(scene, 'SIGKILL'),
  BACKEND_FROZEN: (scene) => onBackend(scene, 'SIGSTOP', scene.freezeMs),
  BACKENDS_ENDED: (scene) => toThoseAtWork(scene, 'pg_terminate_backend'),
  /** As a time-out of a statement does it, with the same code. */
  STATEMENTS_TIMED_OUT: (scene) => toThoseAtWork(scene, 'pg_cancel_backend'),
  ANSWERS_LOST: async (scene) => {
    const proxies = scene.world.gateways.map(({ proxy }) => proxy);
    const before = proxies.reduce((sum, { broken }) => sum + broken, 0);
    const set = (breaks: () => boolean) => {
      for (const proxy of proxies) proxy.breaks = breaks;
    };
    await whileBusy(
      scene,
      () => set(() => scene.random.chance(40)),
      () => set(() => false),
    );
    return proxies.reduce((sum, { broken }) => sum + broken, 0) - before;
  },
  DATABASE_LINE_BROKEN: async (scene) => {
    const { line } = scene.world;
    const before = line.broken;
    await whileBusy(
      scene,
      () => {
        line.breaks = () => line.broken < before + MOST_STRIKES && scene.random.chance(2);
      },
      () => {
        line.breaks = () => false;
      },
    );
    return line.broken - before;
  },
  SENT_THREE_TIMES: async (scene) => {
    const { client } = scene.world;
    const before = client.asked;
    await whileBusy(
      scene,
      () => {
        client.copies = 3;
      },
      () => {
        client.copies = 1;
      },
    );
    return client.asked - before;
  },
  LOCKED_BACKWARDS: lockBackwards,
  DISK_FULL: async (scene) => {
    const { cluster, database } = scene.world;
    if (!cluster.ownDisk) return 0;
    await aMoment(scene);
    await cluster.fillDisk(500, database);
    return 1;
  },
} satisfies Record<string, Fault>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];
