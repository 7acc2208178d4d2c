/** The product and the model live the same life; at rest they agree on everything. */
import { inspect } from 'node:util';
import { type Gateway, openGateway } from '../e2e/gateway.js';
import { expectSoundLedger } from '../e2e/sound-ledger.js';
import { GatewayDriver } from './gateway-driver.js';
import { Life } from './life.js';
import { ALL_KINDS, daysOf, draw, type Operation } from './operations.js';
import { agree } from './outcomes.js';
import { randomFrom } from './random.js';
import type { Line } from './settling.js';
import { standingOfModel, standingOfProduct } from './standing.js';
import { PRG } from './terms.js';
import { drawTogether, liveTogether } from './together.js';
import { drawWorld } from './world.js';

/** How often several happen at once, percent; no days go by then. */
const TOGETHER = 20;

export interface Run {
  readonly seed: number;
  readonly operations: number;
  /** How often everything is compared, in operations. */
  readonly every: number;
  /** Most operations in flight at a time. */
  readonly atOnce: number;
}

/** @returns the kinds of entries that were recorded */
export async function expectAgreement({ seed, operations, every, atOnce }: Run): Promise<readonly number[]> {
  const gateway = await openGateway();
  try {
    const random = randomFrom(seed);
    const life = new Life(drawWorld(random, daysOf(operations) * 0.5));
    const lives = new Lives(seed, gateway, life, await GatewayDriver.open(gateway, life.world));
    let compared = 0;
    for (let step = 1; step <= operations; ) {
      const together = random.chance(TOGETHER) ? drawTogether(random, life, step, 2 + random.below(atOnce - 1)) : [];
      if (together.length > 1) await lives.together(together);
      else await lives.one(draw(random, life, `o${step}`, ALL_KINDS));
      step += Math.max(together.length, 1);
      if (step - compared < every && step <= operations) continue;
      compared = step;
      await lives.compare();
    }
    await expectSoundLedger(gateway.db);
    const { rows } = await gateway.db.superuser.query<{ kind: number }>('select distinct kind from journal_entry');
    return rows.map(({ kind }) => kind);
  } finally {
    await gateway.close();
  }
}

/** The same life twice. */
class Lives {
  private last: readonly Operation[] = [];
  /** The product's transactions by the model's names. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly seed: number,
    private readonly gateway: Gateway,
    private readonly life: Life,
    private readonly driver: GatewayDriver,
  ) {}

  async one(operation: Operation): Promise<void> {
    const { seed, life, driver } = this;
    this.last = [operation];
    const [model, product] = [life.apply(operation), await driver.apply(operation)];
    const told = { seed, operation, model, product };
    // As one text: a diff would show what differs and leave out what each side said.
    expect(agree(model, product) ? 'they agree' : inspect(told, { depth: 6 })).toBe('they agree');
    this.remember(operation);
    if (operation.kind !== 'SETTLE') return;
    const lines = moving(life.settlements.at(-1)?.lines ?? []);
    expect({ seed, operation, lines: moving(driver.lines) }).toEqual({ seed, operation, lines });
  }

  async together(operations: readonly Operation[]): Promise<void> {
    const { seed, life, driver, gateway } = this;
    this.last = operations;
    const disagreement = await liveTogether({ db: gateway.db, driver, life }, operations);
    expect({ seed, disagreement }).toEqual({ seed, disagreement: undefined });
    for (const operation of operations) this.remember(operation);
  }

  async compare(): Promise<void> {
    const { seed, last, names } = this;
    const found = await standingOfProduct(this.gateway.db, (transaction) => names.get(transaction));
    expect({ seed, last, ...found }).toEqual({ seed, last, ...standingOfModel(this.life) });
  }

  private remember({ kind, id }: Operation): void {
    const transaction = kind === 'BUY' ? this.driver.idOf(id) : undefined;
    if (transaction !== undefined) this.names.set(transaction, id);
  }
}

/** Partners' lines that say anything, by partner. */
const moving = (lines: readonly Line[]): Line[] =>
  lines
    .filter(({ partner, net, closing }) => partner !== PRG && (net !== 0n || closing !== 0n))
    .sort((a, b) => (a.partner < b.partner ? -1 : 1));
