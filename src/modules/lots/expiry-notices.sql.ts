/** Who is to be told which units will be gone, as the reader may see it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { writeOffDay } from '../../domain/redemption/wind-down.js';
import { type Keyset, type Slice, sqlSlice } from '../../graphql/keyset.js';

/** The soonest first. */
export const EXPIRY_NOTICES: Keyset = {
  name: 'expiry-notices',
  columns: [
    { property: 'goneOn', kind: 'date', sql: 'n.gone_on' },
    { property: 'memberNo', kind: 'integer', sql: 'n.member_no' },
  ],
  direction: 'ASC',
};

export interface ExpiryNoticeRow {
  readonly memberNo: number;
  readonly goneOn: BusinessDate;
  readonly units: string;
  readonly valueMinor: string;
}

/** By the last days of the lots themselves, which an index knows. A shop sees what it funded, but not of whom. */
const OWN_DAYS = `
  select l.member_no, greatest(l.expires_on, l.available_on) as gone_on, l.units, l.value_minor
  from lot l join member m on m.no = l.member_no where l.programme_no = ? and l.units > 0 and l.expires_on <= ?`;

/** By the members' last activity, or by the end of the programme if that comes first: of every lot. */
const ALL_DAYS = `
  select l.member_no,
         greatest(least(case when ?::int is null then l.expires_on
                             else greatest(l.expires_on, greatest(b.last_activity_on, l.accrued_on) + ?::int) end, ?::date),
                  l.available_on) as gone_on,
         l.units, l.value_minor
  from lot l join member_balance b on b.member_no = l.member_no where l.programme_no = ? and l.units > 0`;

/** Units of a programme that will be gone after `today` and on or before `until`, for each member and day. */
export async function findExpiryNotices(
  em: EntityManager,
  programmeNo: number,
  terms: RedemptionTerms,
  today: BusinessDate,
  until: BusinessDate,
  slice: Slice,
): Promise<ExpiryNoticeRow[]> {
  const { condition, values, orderBy, limit } = sqlSlice(EXPIRY_NOTICES, slice);
  const rollingDays = terms.expiry.kind === 'ROLLING' ? terms.expiry.days : null;
  const endsOn = writeOffDay(terms) ?? null;
  const ownDays = rollingDays === null && endsOn === null;
  const named = ownDays ? [programmeNo, until] : [rollingDays, rollingDays, endsOn, programmeNo];
  return em.execute<ExpiryNoticeRow[]>(
    `select n.member_no as "memberNo", n.gone_on::text as "goneOn", n.units::text as units, n.value_minor::text as "valueMinor"
     from (
       select member_no, gone_on, sum(units) as units, sum(value_minor) as value_minor from (${ownDays ? OWN_DAYS : ALL_DAYS}) g
       where gone_on > ?::date and gone_on <= ?::date group by member_no, gone_on
     ) n
     where ${condition} order by ${orderBy} limit ${limit}`,
    [...named, today, until, ...values],
  );
}
