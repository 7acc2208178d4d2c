/** Use cases on a redemption that is there: capture, void, timeout, and giving units back for a returned basket. */
import type { Principal } from '../../domain/access/principal.js';
import { ok, type Result } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type Capture, captureOpened } from './capture.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { Redeemed, Translate } from './redemption.service.js';
import { findLapsed } from './redemption.sql.js';
import { type OnReleased, refuseUnlessHeld, releaseOpened } from './release.js';
import { open, type Resolve, resolveOnce } from './resolving.js';
import { type GiveBack, giveBackOpened } from './returning.js';
import { openTill } from './till.js';

/** Authorisations that the job looks up at a time. */
const PAGE = 50;

export class ResolutionService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    private readonly onReleased: OnReleased,
  ) {}

  /** Uses what is held, or a part of it; the rest goes back to its lots. */
  async capture(
    principal: Principal,
    resolve: Resolve,
    translate: Translate<Capture>,
  ): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(principal, 'redemption.capture', itself(principal));
    return resolveOnce(this.database, this.references, principal, resolve, {
      operation: 'REDEMPTION_CAPTURE',
      deciders: 'REDEEMER',
      translate,
      decide: captureOpened,
    });
  }

  /** Gives everything held back. */
  async void(principal: Principal, resolve: Resolve): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(principal, 'redemption.authorise', itself(principal));
    return resolveOnce(this.database, this.references, principal, resolve, {
      operation: 'REDEMPTION_VOID',
      deciders: 'REDEEMER_OR_MEMBER',
      translate: () => ok({}),
      decide: async (opened) => {
        const refused = refuseUnlessHeld(opened);
        return refused ?? ok(await releaseOpened(opened, 'VOIDED', this.onReleased));
      },
    });
  }

  /** Gives units of a returned basket back, and by the contract the acceptance fee. */
  async giveBack(
    principal: Principal,
    resolve: Resolve,
    translate: Translate<GiveBack>,
  ): Promise<Result<Redeemed, RedemptionErrorCode>> {
    authorize(principal, 'redemption.capture', itself(principal));
    return resolveOnce(this.database, this.references, principal, resolve, {
      operation: 'REDEMPTION_RETURN',
      deciders: 'REDEEMER',
      translate,
      decide: giveBackOpened,
    });
  }

  /** The periodic job: what nobody captured in time goes back, in every programme. How many. */
  async expireAuthorisations(signal?: AbortSignal): Promise<number> {
    const { programmes } = await this.references.fresh(this.database);
    let expired = 0;
    for (const { no } of programmes.all()) {
      let full = true;
      while (full && signal?.aborted !== true) {
        const lapsed = await this.database.command((tx) => findLapsed(tx, no, PAGE));
        for (const { id, memberNo } of lapsed) expired += await this.expire(no, id, memberNo);
        full = lapsed.length === PAGE;
      }
    }
    return expired;
  }

  /** One per transaction: each has its member's lock for as short as can be. Whoever was quicker has resolved it. */
  private expire(programmeNo: number, id: string, memberNo: number): Promise<0 | 1> {
    return this.database.command(async (tx) => {
      const till = await openTill(tx, this.references, programmeNo);
      if (!till.ok) throw new Error(till.failure.message);
      const opened = await open(till.value, id, memberNo);
      if (opened.redemption.state !== 'AUTHORISED') return 0;
      await releaseOpened(opened, 'EXPIRED', this.onReleased);
      return 1;
    });
  }
}
