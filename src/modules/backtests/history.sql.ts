/**
 * What a back-test reads: the stored purchases with what stands of them, and what they earned.
 *
 * Every page is one statement in a transaction of its own. One long REPEATABLE READ transaction would show one
 * moment, but it would keep vacuum from every row that changes meanwhile, for as long as the run takes; short
 * ones hold back nobody and lock nothing. Purchases recorded after the run began are left out by their ids,
 * which count upwards in time; a refund that comes in meanwhile is seen or not, by both replays alike.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForPages, planForWholeTables } from '../../infrastructure/db/planning.js';

/** The purchases of a programme that are replayed. */
export interface HistoryScope {
  readonly programmeNo: number;
  readonly first: BusinessDate;
  readonly last: BusinessDate;
  /** Ids from this one on came in after the run began. */
  readonly before: string;
}

export const scopeValues = ({ programmeNo, first, last, before }: HistoryScope): unknown[] => [
  programmeNo,
  first,
  last,
  before,
];

export const IN_SCOPE = `t.programme_no = $1 and t.business_date between $2 and $3 and t.id < $4 and t.kind in ('PURCHASE', 'ACTION')`;

/** Something stands of it. An action costs nothing and stands unless it was taken back. */
export const STANDS = `(t.refunded_minor < t.amount_minor or t.kind = 'ACTION') and t.status <> 'REVERSED'`;

const NEWEST_DAY = statement(
  'backtests.newest-day',
  `select max(newest.business_date) as day
   from member m
   cross join lateral (
     select t.business_date from transaction t
     where t.member_no = m.no and t.kind = 'PURCHASE' and t.business_date <= $2
     order by t.business_date desc, t.id desc limit 1
   ) newest
   where m.programme_no = $1`,
);

/** The last day up to `today` of which a purchase is stored. */
export async function newestDay(
  tx: DbTransaction,
  programmeNo: number,
  today: BusinessDate,
): Promise<BusinessDate | undefined> {
  await planForPages(tx);
  const [row] = await tx.run<{ day: BusinessDate | null }>(NEWEST_DAY, [programmeNo, today]);
  return row?.day ?? undefined;
}

const COUNT = statement(
  'backtests.count-purchases',
  `select count(*) as purchases, min(t.business_date) as first from transaction t where ${IN_SCOPE} and ${STANDS}`,
);

/** How many they are, and the day of the first. */
export async function countPurchases(
  tx: DbTransaction,
  scope: HistoryScope,
): Promise<{ readonly purchases: number; readonly first: BusinessDate | undefined }> {
  await planForWholeTables(tx);
  const [row] = await tx.run<{ purchases: bigint; first: BusinessDate | null }>(COUNT, scopeValues(scope));
  return { purchases: Number(row?.purchases ?? 0n), first: row?.first ?? undefined };
}

const COUNT_MEMBERS = statement(
  'backtests.count-members',
  'select count(*) as members from member where programme_no = $1',
);

export async function countMembers(tx: DbTransaction, programmeNo: number): Promise<number> {
  await planForWholeTables(tx);
  const [row] = await tx.run<{ members: bigint }>(COUNT_MEMBERS, [programmeNo]);
  return Number(row?.members ?? 0n);
}

const RECORDED = statement(
  'backtests.sum-recorded',
  `select a.funder_no as "funderNo", a.rule_code as "ruleCode", t.category_code as category,
          date_trunc('month', t.business_date)::date as month,
          sum(a.units - coalesce(r.units, 0))::bigint as units,
          sum(a.value_minor - coalesce(r.value_minor, 0))::bigint as "valueMinor",
          sum(a.commission_minor - coalesce(r.commission_minor, 0))::bigint as "commissionMinor",
          sum(a.tax_minor - coalesce(r.tax_minor, 0))::bigint as "taxMinor"
   from transaction t
   join accrual a on a.transaction_id = t.id and a.member_no = t.member_no
   left join (
     select accrual_id, sum(units) as units, sum(value_minor) as value_minor,
            sum(commission_minor) as commission_minor, sum(tax_minor) as tax_minor
     from accrual_reversal group by accrual_id
   ) r on r.accrual_id = a.id
   where ${IN_SCOPE}
   group by 1, 2, 3, 4`,
);

export interface RecordedRow {
  readonly funderNo: number;
  readonly ruleCode: string;
  readonly category: string;
  readonly month: BusinessDate;
  readonly units: bigint;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
}

/** What the purchases have earned and kept after refunds, as the accruals say. */
export async function sumRecorded(tx: DbTransaction, scope: HistoryScope): Promise<RecordedRow[]> {
  await planForWholeTables(tx);
  return tx.run<RecordedRow>(RECORDED, scopeValues(scope));
}

const MEMBER_IDS = statement('backtests.member-ids', 'select no, id from member where no = any ($1::int[])');

export async function memberIds(tx: DbTransaction, memberNos: readonly number[]): Promise<Map<number, string>> {
  const rows = await tx.run<{ no: number; id: string }>(MEMBER_IDS, [memberNos]);
  return new Map(rows.map(({ no, id }) => [no, id]));
}
