/** The product and the model live the same life; at rest they agree on everything. */

import { openGateway } from '../e2e/gateway.js';
import { expectSoundLedger } from '../e2e/sound-ledger.js';
import { GatewayDriver } from './gateway-driver.js';
import { Life, type Outcome } from './life.js';
import { ALL_KINDS, draw } from './operations.js';
import { randomFrom } from './random.js';
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
};

const agree = (model: Outcome, product: Outcome): boolean =>
  model === 'ACCEPTED' || product === 'ACCEPTED'
    ? model === product
    : CODES[model.rejected]?.includes(product.rejected) === true;

export interface Run {
  readonly seed: number;
  readonly operations: number;
  /** How often everything is compared. */
  readonly every: number;
}

export async function expectAgreement({ seed, operations, every }: Run): Promise<void> {
  const gateway = await openGateway();
  try {
    const random = randomFrom(seed);
    const life = new Life(drawWorld(random));
    const driver = await GatewayDriver.open(gateway, life.world);
    const names = new Map<string, string>();
    for (let step = 1; step <= operations; step += 1) {
      const operation = draw(random, life, `o${step}`, ALL_KINDS);
      const at = { seed, step, operation };
      const [model, product] = [life.apply(operation), await driver.apply(operation)];
      expect({ ...at, model, product, agree: agree(model, product) }).toEqual({ ...at, model, product, agree: true });
      const id = operation.kind === 'BUY' && driver.idOf(operation.id);
      if (id) names.set(id, operation.id);
      if (operation.kind === 'SETTLE') {
        expect({ ...at, lines: moving(driver.lines) }).toEqual({
          ...{ ...at, lines: moving(life.settlements.at(-1)?.lines ?? []) },
        });
      }
      if (step % every === 0 || step === operations) {
        const found = await standingOfProduct(gateway.db, (transaction) => names.get(transaction));
        expect({ ...at, ...found }).toEqual({ ...at, ...standingOfModel(life) });
      }
    }
    await expectSoundLedger(gateway.db);
  } finally {
    await gateway.close();
  }
}

/** Partners' lines that say anything, by partner. */
const moving = (lines: readonly Line[]): Line[] =>
  lines
    .filter(({ partner, net, closing }) => partner !== PRG && (net !== 0n || closing !== 0n))
    .sort((a, b) => (a.partner < b.partner ? -1 : 1));
