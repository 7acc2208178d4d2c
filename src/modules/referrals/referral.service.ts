/**
 * Referrals: when the member somebody brought has kept a purchase beyond its hold, that is an action "referral"
 * of the referrer, which the programme's rules reward like any other action.
 */
import { addDays, businessDateIn } from '../../domain/kernel/calendar.js';
import type { SubmitCommand } from '../../domain/transactions/model.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { markReferralsTold } from '../members/index.js';
import { processBatch, type ReferenceCache } from '../transactions/index.js';
import { type DueReferral, lockDueReferrals } from './referral.sql.js';

/** What rules name as `action` to reward a referral. */
export const REFERRAL = 'referral';

/** Referrals per transaction: the locks of the referrers are held briefly. */
const CHUNK = 200;

export class ReferralService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  /** The periodic job: tells every referral that is due, in every programme that rewards them. How many were told. */
  async tellAll(signal?: AbortSignal): Promise<number> {
    const { programmes } = await this.references.fresh(this.database);
    let told = 0;
    for (const { no } of programmes.all()) {
      let page: { told: number; last: number | undefined } = { told: 0, last: 0 };
      while (page.last !== undefined && signal?.aborted !== true) {
        const after = page.last;
        page = await this.database.command((tx) => this.tellPage(tx, no, after));
        told += page.told;
      }
    }
    return told;
  }

  private async tellPage(
    tx: DbTransaction,
    programmeNo: number,
    after: number,
  ): Promise<{ told: number; last: number | undefined }> {
    const { programmes } = await this.references.current(tx);
    const programme = programmes.byNo(programmeNo);
    const now = await readClock(tx);
    const today = businessDateIn(now, programme?.timeZone ?? 'UTC');
    const terms = programmes.inForce(programmeNo, today)?.terms;
    if (terms === undefined || !terms.rules.some(({ when }) => when.action === REFERRAL))
      return { told: 0, last: undefined };
    const due = await lockDueReferrals(tx, programmeNo, after, addDays(today, -terms.holdDays), CHUNK);
    if (due.length === 0) return { told: 0, last: undefined };
    const outcomes = await processBatch(
      tx,
      this.references,
      programmeNo,
      due.map((referral) => commandFor(referral, terms.currencyCode, now, today)),
    );
    const told = due.filter((_, index) => outcomes[index]?.status !== 'REJECTED');
    await markReferralsTold(
      tx,
      told.map(({ referredNo }) => referredNo),
    );
    return { told: told.length, last: due.length < CHUNK ? undefined : due.at(-1)?.referredNo };
  }
}

/** Its reference is the referred member's, so that it is told once even if the mark of it were lost. */
const commandFor = (
  { partnerCode, referrerId, referredId }: DueReferral,
  currencyCode: string,
  occurredAt: Date,
  businessDate: string,
): SubmitCommand => ({
  partnerCode,
  kind: 'ACTION',
  reference: `${REFERRAL}-${referredId}`,
  payer: { memberId: referrerId },
  amountMinor: 0n,
  currencyCode,
  occurredAt,
  businessDate,
  action: REFERRAL,
});
