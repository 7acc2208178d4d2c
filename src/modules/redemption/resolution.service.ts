/** Use cases on a redemption that is there: capture, void, timeout, and giving units back for a returned basket. */
import { ok, type Result } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type Capture, captureOpened } from './capture.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { Asker, Redeemed, Translate } from './redemption.service.js';
import { findLapsed } from './redemption.sql.js';
import { refuseResolved, refuseUnlessHeld, releaseOpened } from './release.js';
import { type Desk, type Resolve, resolveOnce } from './resolving.js';
import { type GiveBack, giveBackOpened } from './returning.js';
import type { TillQueue } from './till-queue.js';

/** Authorisations that the job gives up in one transaction: so many members are locked for a moment. */
const PAGE = 50;

/** A command that says nothing but which redemption. */
interface Whole {
  readonly transactionId?: undefined;
}

export class ResolutionService {
  private readonly desk: Desk;

  constructor(database: Database, references: ReferenceCache, tills: TillQueue) {
    this.desk = { database, references, tills };
  }

  /** Uses what is held, or a part of it; the rest goes back to its lots. */
  async capture(
    asker: Asker,
    resolve: Resolve,
    translate: Translate<Capture>,
  ): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(asker.principal, 'redemption.capture', itself(asker.principal));
    return resolveOnce(this.desk, asker, resolve, {
      operation: 'REDEMPTION_CAPTURE',
      deciders: 'REDEEMER',
      translate,
      decide: captureOpened,
    });
  }

  /** Gives everything held back. */
  async void(asker: Asker, resolve: Resolve): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(asker.principal, 'redemption.authorise', itself(asker.principal));
    return resolveOnce<Whole>(this.desk, asker, resolve, {
      operation: 'REDEMPTION_VOID',
      deciders: 'REDEEMER_OR_MEMBER',
      translate: () => ok({}),
      decide: (opened) => refuseUnlessHeld(opened) ?? ok(releaseOpened(opened, 'VOIDED')),
    });
  }

  /** Gives units of a returned basket back, and by the contract the acceptance fee. */
  async giveBack(
    asker: Asker,
    resolve: Resolve,
    translate: Translate<GiveBack>,
  ): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(asker.principal, 'redemption.capture', itself(asker.principal));
    return resolveOnce<GiveBack & Whole>(this.desk, asker, resolve, {
      operation: 'REDEMPTION_RETURN',
      deciders: 'REDEEMER',
      translate,
      decide: giveBackOpened,
    });
  }

  /** The periodic job: what nobody captured in time goes back, in every programme. How many. */
  async expireAuthorisations(signal?: AbortSignal): Promise<number> {
    const { database, references } = this.desk;
    const { programmes } = await references.fresh(database);
    let expired = 0;
    for (const { no } of programmes.all()) {
      let full = true;
      while (full && signal?.aborted !== true) {
        const lapsed = await database.command((tx) => findLapsed(tx, no, PAGE));
        expired += await this.expire(no, lapsed);
        full = lapsed.length === PAGE;
      }
    }
    return expired;
  }

  /** Whoever was quicker has resolved some of them. */
  private async expire(programmeNo: number, lapsed: Awaited<ReturnType<typeof findLapsed>>): Promise<number> {
    if (lapsed.length === 0) return 0;
    const answers = await this.desk.tills.process(
      programmeNo,
      lapsed.map((redemption) => ({
        kind: 'RESOLVE',
        redemption,
        decide: (opened) => refuseResolved(opened.redemption) ?? ok(releaseOpened(opened, 'EXPIRED')),
      })),
    );
    for (const answer of answers)
      if (!answer.ok && answer.failure.code === 'NOTHING_IN_FORCE') throw new Error(answer.failure.message);
    return answers.filter(({ ok: done }) => done).length;
  }
}
