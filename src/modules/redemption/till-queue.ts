/** Where commands at tills wait for their batch: one queue for each programme, one for looking redemptions up. */
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { Batcher } from '../../infrastructure/db/batcher.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { findRedemptions, type RedemptionRecord } from './redemption.sql.js';
import type { OnReleased } from './release.js';
import { processTill, type TillAnswer, type TillCommand } from './till-batch.js';

/**
 * One connection decides while HTTP fills the next batch: measured, two that share what waits cost a fifth more for
 * each command. The second is for when more waits than one takes quickly. Looking up needs one.
 */
const BATCHING = { lanes: 2, maxBatch: 128, worthALane: 64 };
const LOOKING_UP = { lanes: 1, maxBatch: 256 };

/** Redemptions whose place is remembered: a till captures what it has authorised a moment ago. */
const REMEMBERED = 10_000;

const busy = () => fail('BUSY', 'More is waiting than can be taken in; send the same again in a moment.');

/** Of a redemption what never changes: whose units they are, and at whose till. */
export type RedemptionPlace = Pick<RedemptionRecord, 'id' | 'memberNo' | 'programmeNo' | 'partnerNo'>;

export class TillQueue {
  private readonly batchers = new Map<number, Batcher<TillCommand, TillAnswer>>();
  private readonly lookUps: Batcher<string, Result<RedemptionPlace, RedemptionErrorCode>>;
  /** The oldest first. */
  private readonly places = new Map<string, RedemptionPlace>();

  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    private readonly onReleased: OnReleased,
  ) {
    this.lookUps = new Batcher((ids) => this.lookUp(ids), { ...LOOKING_UP, busy });
  }

  /** Waits for its turn, and answers when it is committed. Refused at once when too much is waiting. */
  async submit(programmeNo: number, command: TillCommand, signal?: AbortSignal): Promise<TillAnswer> {
    let batcher = this.batchers.get(programmeNo);
    if (batcher === undefined) {
      batcher = new Batcher((batch) => this.process(programmeNo, batch), { ...BATCHING, busy });
      this.batchers.set(programmeNo, batcher);
    }
    const [answer] = (await batcher.submit([command], signal)) as [TillAnswer];
    if (answer.ok) this.remember(answer.value);
    return answer;
  }

  /** The same for commands of a job, which come together and wait for nobody. */
  process(programmeNo: number, commands: readonly TillCommand[]): Promise<TillAnswer[]> {
    return this.database.command((tx) => processTill(tx, this.references, programmeNo, commands, this.onReleased));
  }

  /** Where a redemption belongs. What became of it is asked under its member's lock. */
  async find(id: string, signal?: AbortSignal): Promise<Result<RedemptionPlace, RedemptionErrorCode>> {
    const known = this.places.get(id);
    if (known !== undefined) return ok(known);
    if (!isId(id)) return unknown();
    const [answer] = await this.lookUps.submit([id], signal);
    return answer as Result<RedemptionPlace, RedemptionErrorCode>;
  }

  /** Answers everything accepted so far; for a graceful stop. */
  async drained(): Promise<void> {
    await Promise.all([...this.batchers.values()].map((batcher) => batcher.drained()));
  }

  private remember({ id, memberNo, programmeNo, partnerNo }: RedemptionPlace): void {
    this.places.delete(id);
    this.places.set(id, { id, memberNo, programmeNo, partnerNo });
    for (const oldest of this.places.keys()) {
      if (this.places.size <= REMEMBERED) return;
      this.places.delete(oldest);
    }
  }

  private async lookUp(ids: readonly string[]): Promise<Result<RedemptionPlace, RedemptionErrorCode>[]> {
    const found = await this.database.command((tx) => findRedemptions(tx, [...new Set(ids)]));
    const byId = new Map(found.map((record) => [record.id, record]));
    return ids.map((id) => {
      const record = byId.get(id.toLowerCase());
      return record === undefined ? unknown() : ok(record);
    });
  }
}

const unknown = () =>
  fail(
    'UNKNOWN_REDEMPTION',
    'There is no redemption of this id; take the id from redemptionAuthorise.',
    'redemptionId',
  );
