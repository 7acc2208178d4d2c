/** Finds members of whom something is gone by a day. A page in the order of their numbers, from a number on. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

const IS_DUE = `select from due d where d.programme_no = l.programme_no and d.due_on = l.available_on
                  and d.member_no = l.member_no and d.lot_id = l.id`;

const FIND_EXPIRED = statement(
  'lots.find-expired',
  `select l.member_no as "memberNo", count(*)::int as lots from lot l
   where l.programme_no = $1 and l.units > 0 and l.expires_on <= $2 and l.member_no > $3 and not exists (${IS_DUE})
   group by l.member_no order by l.member_no limit $4`,
);

export interface Leaving {
  readonly memberNo: number;
  /** How many lots go, about. */
  readonly lots: number;
}

/** Members with a lot whose own last day has passed. */
export async function findExpired(
  tx: DbTransaction,
  programmeNo: number,
  today: BusinessDate,
  after: number,
  limit: number,
): Promise<Leaving[]> {
  return tx.run(FIND_EXPIRED, [programmeNo, today, after, limit]);
}

// Fees fall on one day of the month, which may be the last one of a shorter month: the latest of them is the one
// after as many whole months, or one more.
const FIND_IDLE = statement(
  'lots.find-idle',
  `select b.member_no as "memberNo",
          (select count(*)::int from lot l where l.member_no = b.member_no and l.units > 0) as lots
   from member m join member_balance b on b.member_no = m.no
   where m.programme_no = $1 and m.no > $3 and b.available_units > 0 and (
     $5
     or ((b.last_activity_on is null or b.last_activity_on + $6::int <= $2::date)
         and exists (select from lot l where l.member_no = m.no and l.units > 0 and l.accrued_on + $6::int <= $2::date
                       and (l.expires_on is null or l.expires_on <= $2) and not exists (${IS_DUE})))
     or exists (
       select from (select b.last_activity_on + $7::int + 1 as first) f
       cross join lateral (select (extract(year from age($2::date, f.first)) * 12 + extract(month from age($2::date, f.first)))::int as months) a
       cross join lateral (values (a.months), (a.months + 1)) as n (month)
       cross join lateral (select (f.first + make_interval(months => n.month))::date as day) fee
       where f.first <= $2 and fee.day <= $2 and fee.day > coalesce(b.fees_taken_to, b.last_activity_on)
     )
   )
   order by m.no limit $4`,
);

/** Members whose idleness, or the end of the programme, takes units from them. */
export async function findIdle(
  tx: DbTransaction,
  programmeNo: number,
  today: BusinessDate,
  { expiry, dormancy, isOver }: Pick<RedemptionTerms, 'expiry' | 'dormancy'> & { readonly isOver: boolean },
  after: number,
  limit: number,
): Promise<Leaving[]> {
  const rollingDays = expiry.kind === 'ROLLING' ? expiry.days : null;
  return tx.run(FIND_IDLE, [programmeNo, today, after, limit, isOver, rollingDays, dormancy?.afterDays ?? null]);
}
