/** The product and the model live the same life; at rest they agree on everything. */

import { inspect } from 'node:util';
import { type Gateway, openGateway } from '../e2e/gateway.js';
import { expectSoundLedger } from '../e2e/sound-ledger.js';
import { GatewayDriver } from './gateway-driver.js';
import { Life, type Outcome } from './life.js';
import { ALL_KINDS, daysOf, draw, isOfMembers, type Operation } from './operations.js';
import { lastEntryNo, recordedSince, traceOf } from './order.js';
import { type Random, randomFrom } from './random.js';
import type { Line } from './settling.js';
import { standingOfModel, standingOfProduct } from './standing.js';
import { PRG } from './terms.js';
import { drawWorld } from './world.js';

/** What the product says where the model refuses. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  NOT_ENOUGH_UNITS: ['INSUFFICIENT_UNITS', 'NOTHING_TO_REDEEM'],
  NOT_AUTHORISED: ['ALREADY_CAPTURED', 'ALREADY_VOIDED', 'AUTHORISATION_EXPIRED'],
  ABOVE_THE_AUTHORISATION: ['CAPTURE_ABOVE_AUTHORISATION'],
  NOT_CAPTURED: ['NOT_CAPTURED'],
  ABOVE_WHAT_WAS_CAPTURED: ['RETURN_ABOVE_REDEMPTION'],
  ABOVE_WHAT_IS_KEPT: ['REFUND_LARGER_THAN_PURCHASE'],
  NOTHING_IS_OWED: ['NOTHING_OWED'],
  REDEMPTION_ENDED: ['REDEMPTION_ENDED', 'INSUFFICIENT_UNITS', 'NOTHING_TO_REDEEM'],
  ABOVE_WHAT_IS_OWED: ['MORE_THAN_OWED', 'AMOUNT_ABOVE_OWED'],
  ABOVE_THE_DEPOSIT: ['MORE_THAN_DEPOSITED'],
  ABOVE_WHAT_WAITS: ['AMOUNT_ABOVE_UNALLOCATED'],
  IN_ANOTHER_CURRENCY: ['CURRENCY_MISMATCH'],
  NOT_IN_ADVANCE: ['NOT_PREPAID'],
  BLOCK_EMPTY: ['FUNDER_EXHAUSTED'],
  NOTHING_TO_REVALUE: ['NOTHING_TO_REVALUE'],
  NOTHING_TO_PAY: ['NOTHING_TO_PAY'],
};

// What a member owes is given up as it was asked for: not more, and not when something came in between.
const OF_MEMBERS = ALL_KINDS.filter((kind) => isOfMembers(kind) && kind !== 'WRITE_OFF');

export const agree = (model: Outcome, product: Outcome): boolean =>
  model === 'ACCEPTED' || product === 'ACCEPTED'
    ? model === product
    : CODES[model.rejected]?.includes(product.rejected) === true;

/** Several operations at once on few members, so that they meet; no two could be taken for each other. */
export function drawTogether(
  random: Random,
  life: Life,
  step: number,
  most: number,
  members = [random.pick(life.world.members), random.pick(life.world.members)],
): readonly Operation[] {
  const drawn = new Map<string, Operation>();
  for (let nth = 0; nth < most; nth += 1) {
    const id = `o${step}-${nth}`;
    const operation = draw(random, life, id, OF_MEMBERS, members);
    const name = operation.kind === 'REFUND' ? `of ${operation.purchase}` : (traceOf(operation, life) ?? id);
    if (!drawn.has(name)) drawn.set(name, operation);
  }
  return [...drawn.values()];
}

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

  /** In flight at once; the model follows the order of the entries, and finds a moment for what was refused. */
  async together(operations: readonly Operation[]): Promise<void> {
    const { seed, life, driver, gateway } = this;
    this.last = operations;
    const before = await lastEntryNo(gateway.db);
    const traces = operations.map((operation) => traceOf(operation, life));
    const outcomes = await Promise.all(operations.map((operation) => driver.apply(operation)));
    const recorded = await recordedSince(gateway.db, before, operations, life);
    const numberOf = (index: number): bigint => {
      const { id } = operations[index] as Operation;
      const source = driver.sourceOf(id);
      const found = recorded.find(({ sourceId, trace }) =>
        source === undefined ? trace === traces[index] : sourceId === source,
      );
      // What earns nothing and takes nothing back has no entry, and no place among the others.
      return found?.no ?? 0n;
    };
    const indexes = operations.map((_, index) => index);
    const accepted = indexes.filter((index) => outcomes[index] === 'ACCEPTED');
    const refused = new Set(indexes.filter((index) => outcomes[index] !== 'ACCEPTED'));
    const findMoments = (): void => {
      for (const index of refused) {
        const code = life.refusal(operations[index] as Operation);
        if (code !== undefined && agree({ rejected: code }, outcomes[index] as Outcome)) refused.delete(index);
      }
    };
    findMoments();
    const order = accepted.map((index) => ({ index, no: numberOf(index) })).sort((a, b) => (a.no < b.no ? -1 : 1));
    for (const { index } of order) {
      const operation = operations[index] as Operation;
      const told = { seed, operations, outcomes, order, operation };
      expect({ ...told, model: life.apply(operation) }).toEqual({ ...told, model: 'ACCEPTED' });
      this.remember(operation);
      findMoments();
    }
    const unexplained = [...refused].map((index) => operations[index]);
    expect({ seed, operations, outcomes, order, unexplained }).toEqual({
      seed,
      operations,
      outcomes,
      order,
      unexplained: [],
    });
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
