/** Several operations in flight at once, in the product and in the model, which does them one by one. */
import type { TestDatabase } from '../support/database.js';
import type { GatewayDriver } from './gateway-driver.js';
import type { Life, Outcome } from './life.js';
import { ALL_KINDS, draw, isOfMembers, type Operation } from './operations.js';
import { lastEntryNo, recordedSince, traceOf } from './order.js';
import { agree } from './outcomes.js';
import type { Random } from './random.js';

// What a member owes is given up as it was asked for: not more, and not when something came in between.
const OF_MEMBERS = ALL_KINDS.filter((kind) => isOfMembers(kind) && kind !== 'WRITE_OFF');

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

/** What lives the same life twice. */
export interface Both {
  readonly db: TestDatabase;
  readonly driver: GatewayDriver;
  readonly life: Life;
}

/** A settlement in the midst of the others. */
export interface Midst {
  readonly settle: Operation;
  /** Ends when it is to be asked for. */
  readonly begin: Promise<unknown>;
}

/** Where an operation came among the others: entries of a member have rising numbers, and windows. */
interface Moment {
  readonly index: number;
  readonly windowNo: number;
  readonly no: bigint;
}

/**
 * The model follows the order of the entries, and finds a moment for what was refused.
 *
 * @returns on what they disagree, with all that is needed to see why; undefined when they agree
 */
export async function liveTogether(
  { db, driver, life }: Both,
  operations: readonly Operation[],
  midst?: Midst,
): Promise<object | undefined> {
  const traces = operations.map((operation) => traceOf(operation, life));
  const before = await lastEntryNo(db);
  let closing = midst === undefined ? undefined : await openWindowOf(db);
  const [outcomes] = await Promise.all([
    Promise.all(operations.map((operation) => driver.apply(operation))),
    midst?.begin.then(() => driver.apply(midst.settle)),
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
  const settleBefore = (windowNo: number): void => {
    if (midst === undefined || closing === undefined || windowNo <= closing) return;
    life.apply(midst.settle);
    closing = undefined;
  };
  const order = accepted.map(momentOf).sort((a, b) => a.windowNo - b.windowNo || (a.no < b.no ? -1 : 1));
  findMoments();
  for (const { index, windowNo } of order) {
    settleBefore(windowNo);
    const operation = operations[index] as Operation;
    const model = life.apply(operation);
    if (model !== 'ACCEPTED') return { operation, model, operations, outcomes, order };
    findMoments();
  }
  settleBefore(Number.POSITIVE_INFINITY);
  if (refused.size === 0) return undefined;
  return { unexplained: [...refused].map((index) => operations[index]), operations, outcomes, order };
}

async function openWindowOf({ superuser }: TestDatabase): Promise<number | undefined> {
  const { rows } = await superuser.query<{ no: number }>(`select no from settlement_window where state = 'OPEN'`);
  return rows[0]?.no;
}
