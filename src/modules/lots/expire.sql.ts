/** Finds members of whom something is gone by a day, a page at a time. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForPages } from '../../infrastructure/db/planning.js';
import { IS_DUE } from './lot.sql.js';

// In the order of their index, which those that have gone have left: the first page is always what is left to do. No
// page reads all of them to sort them. What became available before the first day that is still due is not looked up
// there. A rolling expiry moves the last day of lots that were given one by older terms.
const FIND_LAPSED = statement(
  'lots.find-lapsed',
  `select member_no as "memberNo", count(*)::int as lots, max(expires_on) as "lastDay"
   from (
     select l.member_no, l.expires_on from lot l
     where l.programme_no = $1 and l.units > 0 and l.expires_on <= $2 and l.expires_on >= coalesce($3::date, '-infinity')
       and (l.available_on < (select min(due_on) from due where programme_no = $1) or not exists (${IS_DUE}))
       and ($4::int is null or (select greatest(b.last_activity_on, l.accrued_on) + $4::int <= $2::date
                                from member_balance b where b.member_no = l.member_no))
     order by l.expires_on limit $5
   ) lapsed
   group by member_no`,
);

export interface Leaving {
  readonly memberNo: number;
  /** How many lots go, about. */
  readonly lots: number;
}

export interface Lapsed extends Leaving {
  /** Of these lots, the latest one's. */
  readonly lastDay: BusinessDate;
}

const rollingDaysOf = ({ expiry }: Pick<RedemptionTerms, 'expiry'>): number | null =>
  expiry.kind === 'ROLLING' ? expiry.days : null;

/** Members with lots whose own last day has passed: so many lots, the longest gone first, from a day on. */
export async function findLapsed(
  tx: DbTransaction,
  programmeNo: number,
  today: BusinessDate,
  terms: Pick<RedemptionTerms, 'expiry'>,
  from: BusinessDate | undefined,
  limit: number,
): Promise<Lapsed[]> {
  await planForPages(tx);
  return tx.run(FIND_LAPSED, [programmeNo, today, from ?? null, rollingDaysOf(terms), limit]);
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

/** Members whose idleness, or the end of the programme, takes units from them, in the order of their numbers. */
export async function findIdle(
  tx: DbTransaction,
  programmeNo: number,
  today: BusinessDate,
  terms: Pick<RedemptionTerms, 'expiry' | 'dormancy'> & { readonly isOver: boolean },
  after: number,
  limit: number,
): Promise<Leaving[]> {
  const { dormancy, isOver } = terms;
  return tx.run(FIND_IDLE, [
    programmeNo,
    today,
    after,
    limit,
    isOver,
    rollingDaysOf(terms),
    dormancy?.afterDays ?? null,
  ]);
}
