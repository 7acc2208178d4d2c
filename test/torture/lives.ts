/** The same life in the model and in a product that is being tortured. */
import { isDeepStrictEqual } from 'node:util';
import { agree, drawTogether } from '../model/agreement.js';
import type { GatewayDriver } from '../model/gateway-driver.js';
import { Life, type Outcome } from '../model/life.js';
import { ALL_KINDS, draw, type Operation } from '../model/operations.js';
import { lastEntryNo, recordedSince, traceOf } from '../model/order.js';
import type { Random } from '../model/random.js';
import { type Standing, standingOfModel, standingOfProduct } from '../model/standing.js';
import type { World } from '../model/world.js';
import type { TestDatabase } from '../support/database.js';
import { Violation } from './client.js';

const MEMBERS_AT_ONCE = 4;

/** Where an operation came among the others: entries of a member have rising numbers, and windows. */
interface Moment {
  readonly index: number;
  readonly windowNo: number;
  readonly no: bigint;
}

export class Lives {
  readonly life: Life;
  /** The product's transactions by the model's names. */
  private readonly names = new Map<string, string>();
  private step = 0;

  constructor(
    private readonly db: TestDatabase,
    private readonly driver: GatewayDriver,
    private readonly random: Random,
    world: World,
  ) {
    this.life = new Life(world);
  }

  /** Whatever may come next, alone. */
  async one(kinds = ALL_KINDS): Promise<Operation> {
    this.step += 1;
    const operation = draw(this.random, this.life, `o${this.step}`, kinds);
    const model = this.life.apply(operation);
    const product = await this.driver.apply(operation);
    if (!agree(model, product)) throw new Violation(`They disagree: ${told({ operation, model, product })}`);
    this.remember(operation);
    return operation;
  }

  /**
   * Many at once; the model follows the order of their entries, and finds a moment for what was refused.
   *
   * @param settled runs beside them when a settlement is to come in their midst, and says when it begins
   * @returns how many
   */
  async together(most: number, settled?: Promise<unknown>): Promise<number> {
    const { life, driver, db, random } = this;
    this.step += 1;
    const members = Array.from({ length: MEMBERS_AT_ONCE }, () => random.pick(life.world.members));
    const operations = [...drawTogether(random, life, this.step, most, members)];
    const traces = operations.map((operation) => traceOf(operation, life));
    const before = await lastEntryNo(db);
    const closing = settled === undefined ? undefined : await this.openWindow();
    const settle: Operation = { id: `o${this.step}-settle`, kind: 'SETTLE' };
    const [outcomes] = await Promise.all([
      Promise.all(operations.map((operation) => driver.apply(operation))),
      settled?.then(() => driver.apply(settle)),
    ]);
    const recorded = await recordedSince(db, before, operations, life);
    const momentOf = (index: number): Moment => {
      const { id } = operations[index] as Operation;
      const source = driver.sourceOf(id);
      const found = recorded.find(({ sourceId, trace }) =>
        source === undefined ? trace === traces[index] : sourceId === source,
      );
      // What earns nothing and takes nothing back has no entry, and no place among the others.
      return { index, windowNo: found?.windowNo ?? 0, no: found?.no ?? 0n };
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
    const order = accepted.map(momentOf).sort((a, b) => a.windowNo - b.windowNo || (a.no < b.no ? -1 : 1));
    const disagree = (what: object): never => {
      throw new Violation(`They disagree: ${told({ ...what, operations, outcomes, order })}`);
    };
    let open = closing;
    const settleBefore = (windowNo: number): void => {
      if (open === undefined || windowNo <= open) return;
      life.apply(settle);
      open = undefined;
    };
    findMoments();
    for (const { index, windowNo } of order) {
      settleBefore(windowNo);
      const operation = operations[index] as Operation;
      const model = life.apply(operation);
      if (model !== 'ACCEPTED') disagree({ operation, model });
      this.remember(operation);
      findMoments();
    }
    settleBefore(Number.POSITIVE_INFINITY);
    if (refused.size > 0) disagree({ unexplained: [...refused].map((index) => operations[index]) });
    return operations.length + (settled === undefined ? 0 : 1);
  }

  /** At rest. */
  async compare(): Promise<void> {
    const product = await standingOfProduct(this.db, (transaction) => this.names.get(transaction));
    const model = standingOfModel(this.life);
    if (isDeepStrictEqual(product, model)) return;
    const differing = (Object.keys(model) as (keyof Standing)[]).flatMap((part) => [
      ...except(product[part], model[part]).map((line) => `product ${part}: ${line}`),
      ...except(model[part], product[part]).map((line) => `model ${part}: ${line}`),
    ]);
    throw new Violation(`Model and product differ at rest:\n${differing.slice(0, 40).join('\n')}`);
  }

  private async openWindow(): Promise<number> {
    const { rows } = await this.db.superuser.query<{ no: number }>(
      `select no from settlement_window where state = 'OPEN'`,
    );
    return rows[0]?.no as number;
  }

  private remember({ kind, id }: Operation): void {
    const transaction = kind === 'BUY' ? this.driver.idOf(id) : undefined;
    if (transaction !== undefined) this.names.set(transaction, id);
  }
}

const except = (these: readonly string[], those: readonly string[]): string[] => {
  const known = new Set(those);
  return these.filter((each) => !known.has(each));
};

const told = (what: object): string =>
  JSON.stringify(what, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
