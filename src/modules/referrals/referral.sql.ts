/** Referrals whose moment has come: the referred member has kept a purchase beyond its hold. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

// Two workers never tell one referral: the second waits, and then sees what the first has marked.
const LOCK = statement('referrals.lock', `select pg_advisory_xact_lock(hashtextextended('referrals', $1::integer))`);

// The first purchase of which something is kept decides who tells it. An account that referrer and referred
// share is one person's: cards are looked at once more, because they may have been linked at the same moment.
const FIND_DUE = statement(
  'referrals.find-due',
  `select referred.no as "referredNo", referred.id as "referredId", referrer.id as "referrerId", teller.code as "partnerCode"
   from member referred
   join member referrer on referrer.no = referred.referred_by_no and referrer.status = 'ACTIVE'
   cross join lateral (
     select t.submitter_no from transaction t
     where t.member_no = referred.no and t.kind = 'PURCHASE' and t.status = 'CLEARED'
       and t.amount_minor > t.refunded_minor and t.business_date <= $3
     order by t.business_date, t.id limit 1
   ) first_kept
   join partner teller on teller.no = first_kept.submitter_no and teller.status = 'ACTIVE'
   where referred.programme_no = $1 and referred.no > $2
     and referred.referred_by_no is not null and referred.referral_told_at is null
     and not exists (
       select from card own join card other on other.issuer_no = own.issuer_no and other.account = own.account
       where own.member_no = referred.no and other.member_no = referrer.no
     )
   order by referred.no limit $4`,
);

export interface DueReferral {
  readonly referredNo: number;
  readonly referredId: string;
  readonly referrerId: string;
  /** Who took the referred member's first kept purchase in. */
  readonly partnerCode: string;
}

/**
 * A page of referrals after `referredNo` of one programme, which is locked to the end of the transaction.
 *
 * @param keptUntil last day of purchases whose hold has ended
 */
export async function lockDueReferrals(
  tx: DbTransaction,
  programmeNo: number,
  referredNo: number,
  keptUntil: BusinessDate,
  limit: number,
): Promise<DueReferral[]> {
  await tx.run(LOCK, [programmeNo]);
  return tx.run<DueReferral>(FIND_DUE, [programmeNo, referredNo, keptUntil, limit]);
}
