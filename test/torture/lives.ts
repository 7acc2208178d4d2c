/** The same life in the model and in a product that is being tortured. */
import { isDeepStrictEqual } from 'node:util';
import type { GatewayDriver } from '../model/gateway-driver.js';
import { Life } from '../model/life.js';
import { ALL_KINDS, draw, type Operation } from '../model/operations.js';
import { agree } from '../model/outcomes.js';
import type { Random } from '../model/random.js';
import { type Standing, standingOfModel, standingOfProduct } from '../model/standing.js';
import { drawTogether, liveTogether } from '../model/together.js';
import type { World } from '../model/world.js';
import type { TestDatabase } from '../support/database.js';
import { Violation } from './client.js';

const MEMBERS_AT_ONCE = 4;

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
    const settle: Operation = { id: `o${this.step}-settle`, kind: 'SETTLE' };
    const midst = settled && { settle, begin: settled };
    const disagreement = await liveTogether({ db, driver, life }, operations, midst);
    if (disagreement !== undefined) throw new Violation(`They disagree: ${told(disagreement)}`);
    for (const operation of operations) this.remember(operation);
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
