/**
 * Accruals, lots, counters and spend: loaded and locked before a decision, written after it. One statement
 * per table with unnest arrays, rows sorted by key so that concurrent batches lock in one order.
 */
import type { DayChange } from '../../domain/earning/books.js';
import type { TierLadder } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

type Metric = TierLadder['metric'];

/** A statement per metric: choosing the column for every day of every window would cost as much as adding it up. */
const metricInWindows = (name: string, column: string) =>
  statement(
    `earning.${name}-in-windows`,
    `select coalesce(sum(d.${column}), 0)::bigint as metric
     from unnest($1::int[], $2::date[], $3::date[]) with ordinality as k (member_no, first, last, ordinal)
     left join member_spend_day d on d.member_no = k.member_no and d.day between k.first and k.last
     group by k.ordinal order by k.ordinal`,
  );
const METRIC_IN_WINDOWS: Readonly<Record<Metric, ReturnType<typeof statement>>> = {
  KEPT_SPEND: metricInWindows('spend', 'kept_minor'),
  REWARDS_ACCRUED: metricInWindows('rewards', 'accrued_units'),
  PURCHASES: metricInWindows('purchases', 'purchases'),
};

export interface SpendWindow {
  readonly memberNo: number;
  /** Both inclusive. */
  readonly first: BusinessDate;
  readonly last: BusinessDate;
}

/** What purchases of a day add to the metrics of tiers; redeeming is in none of them. */
export type MemberDay = DayChange & { readonly memberNo: number };

/** What tiers go by, in its own measure, of each window in order. */
export async function loadMetric(
  tx: DbTransaction,
  metric: Metric,
  windows: readonly SpendWindow[],
): Promise<bigint[]> {
  if (windows.length === 0) return [];
  const rows = await tx.run<{ metric: bigint }>(METRIC_IN_WINDOWS[metric], [
    windows.map((window) => window.memberNo),
    windows.map((window) => window.first),
    windows.map((window) => window.last),
  ]);
  return rows.map((row) => row.metric);
}

const LOAD_DAYS = statement(
  'earning.load-days',
  `select d.member_no as "memberNo", d.day, d.kept_minor as "keptMinor", d.accrued_units as "accruedUnits", d.purchases
   from unnest($1::int[], $2::date[], $3::date[]) as k (member_no, first, last)
   join member_spend_day d on d.member_no = k.member_no and d.day between k.first and k.last`,
);

/** What tiers go by day by day, one range per member: held tiers ask for windows that are not known before. */
export async function loadDays(tx: DbTransaction, ranges: readonly SpendWindow[]): Promise<MemberDay[]> {
  if (ranges.length === 0) return [];
  return tx.run(LOAD_DAYS, [
    ranges.map((range) => range.memberNo),
    ranges.map((range) => range.first),
    ranges.map((range) => range.last),
  ]);
}

export interface CounterKey {
  readonly memberNo: number;
  readonly capCode: string;
  readonly period: BusinessDate;
}

const LOAD_COUNTERS = statement(
  'earning.load-counters',
  `select c.member_no as "memberNo", c.cap_code as "capCode", c.period, c.used
   from unnest($1::int[], $2::text[], $3::date[]) as k (member_no, cap_code, period)
   join member_counter c using (member_no, cap_code, period)`,
);

export async function loadCounters(
  tx: DbTransaction,
  keys: readonly CounterKey[],
): Promise<readonly (CounterKey & { readonly used: bigint })[]> {
  if (keys.length === 0) return [];
  return tx.run(LOAD_COUNTERS, [keys.map((k) => k.memberNo), keys.map((k) => k.capCode), keys.map((k) => k.period)]);
}

export interface NewAccrual {
  readonly id: string;
  readonly memberNo: number;
  readonly transactionId: string;
  readonly ruleCode: string;
  readonly funderNo: number;
  readonly contractNo: number | null;
  readonly units: bigint;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  readonly taxTreatment: string;
  readonly availableOn: BusinessDate;
  /** Day of the purchase. */
  readonly accruedOn: BusinessDate;
  /** First day on which its units are gone; null when they never go. */
  readonly expiresOn: BusinessDate | null;
  readonly entryNo: bigint;
  /** 0, or which addition it is to what the purchase earned at first. */
  readonly part: number;
}

// Accrual, lot and due row of one id in one go: their columns are sent once. What is due goes by member: sorted, so that
// its index is not entered anew for each row.
const INSERT_ACCRUALS = statement(
  'earning.insert-accruals',
  `with given as materialized (
     select * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::int[], $7::int[], $8::bigint[],
               $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::date[], $14::bigint[], $15::smallint[],
               $16::date[], $17::date[])
     as a (id, member_no, transaction_id, rule_code, funder_no, contract_no, units,
           value_minor, commission_minor, tax_minor, tax_treatment, available_on, entry_no, part, accrued_on, expires_on)
   ), lots as (
     insert into lot (id, member_no, programme_no, funder_no, contract_no, units, value_minor, commission_minor,
                      tax_minor, available_on, origin_id, accrued_on, expires_on)
     select id, member_no, $1, funder_no, contract_no, units, value_minor, commission_minor, tax_minor, available_on,
            transaction_id, accrued_on, expires_on
     from given
   ), dues as (
     insert into due (programme_no, due_on, member_no, lot_id)
     select $1, available_on, member_no, id from given order by available_on, member_no, id
   )
   insert into accrual (id, member_no, transaction_id, programme_no, rule_code, funder_no, contract_no, units,
                        value_minor, commission_minor, tax_minor, tax_treatment, available_on, entry_no, part)
   select id, member_no, transaction_id, $1, rule_code, funder_no, contract_no, units,
          value_minor, commission_minor, tax_minor, tax_treatment, available_on, entry_no, part
   from given`,
);

/** Accruals with their lots, all pending until their day comes. */
export function insertAccruals(tx: DbTransaction, programmeNo: number, accruals: readonly NewAccrual[]): void {
  if (accruals.length === 0) return;
  tx.send(INSERT_ACCRUALS, [
    programmeNo,
    accruals.map((a) => a.id),
    accruals.map((a) => a.memberNo),
    accruals.map((a) => a.transactionId),
    accruals.map((a) => a.ruleCode),
    accruals.map((a) => a.funderNo),
    accruals.map((a) => a.contractNo),
    accruals.map((a) => a.units),
    accruals.map((a) => a.valueMinor),
    accruals.map((a) => a.commissionMinor),
    accruals.map((a) => a.taxMinor),
    accruals.map((a) => a.taxTreatment),
    accruals.map((a) => a.availableOn),
    accruals.map((a) => a.entryNo),
    accruals.map((a) => a.part),
    accruals.map((a) => a.accruedOn),
    accruals.map((a) => a.expiresOn),
  ]);
}

export interface NewReversal {
  readonly sourceId: string;
  readonly accrualId: string;
  readonly memberNo: number;
  readonly units: bigint;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  readonly entryNo: bigint;
}

const INSERT_REVERSALS = statement(
  'earning.insert-reversals',
  `insert into accrual_reversal (source_id, accrual_id, member_no, units, value_minor, commission_minor, tax_minor, entry_no)
   select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])`,
);
// Several refunds of one batch may hit one lot: sum them first, a row is updated once per statement.
const SHRINK_LOTS = statement(
  'earning.shrink-lots',
  `update lot set units = lot.units - r.units, value_minor = lot.value_minor - r.value_minor,
                  commission_minor = lot.commission_minor - r.commission_minor, tax_minor = lot.tax_minor - r.tax_minor
   from (select id, member_no, sum(units) as units, sum(value_minor) as value_minor,
                sum(commission_minor) as commission_minor, sum(tax_minor) as tax_minor
         from unnest($1::uuid[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
           as r (id, member_no, units, value_minor, commission_minor, tax_minor)
         group by id, member_no) r
   where lot.id = r.id and lot.member_no = r.member_no`,
);
// Nothing is left to confirm of a lot that was voided whole.
const DROP_EMPTY_DUE = statement(
  'earning.drop-empty-due',
  `delete from due using lot
   where lot.id = any ($1::uuid[]) and lot.units = 0
     and due.programme_no = lot.programme_no and due.due_on = lot.available_on
     and due.member_no = lot.member_no and due.lot_id = lot.id`,
);

const amountsOf = (reversals: readonly NewReversal[]): readonly (readonly bigint[])[] => [
  reversals.map((r) => r.units),
  reversals.map((r) => r.valueMinor),
  reversals.map((r) => r.commissionMinor),
  reversals.map((r) => r.taxMinor),
];

/** What refunds took back of accruals. */
export function insertReversals(tx: DbTransaction, reversals: readonly NewReversal[]): void {
  if (reversals.length === 0) return;
  tx.send(INSERT_REVERSALS, [
    reversals.map((r) => r.sourceId),
    reversals.map((r) => r.accrualId),
    reversals.map((r) => r.memberNo),
    ...amountsOf(reversals),
    reversals.map((r) => r.entryNo),
  ]);
}

/** Pending lots are nothing but their accrual: what was voided of it is taken out of them. */
export function shrinkPending(tx: DbTransaction, voided: readonly NewReversal[]): void {
  if (voided.length === 0) return;
  const accruals = voided.map((r) => r.accrualId);
  tx.send(SHRINK_LOTS, [accruals, voided.map((r) => r.memberNo), ...amountsOf(voided)]);
  tx.send(DROP_EMPTY_DUE, [accruals]);
}

const ADD_DAYS = statement(
  'earning.add-days',
  `insert into member_spend_day as s (member_no, day, kept_minor, accrued_units, purchases)
   select member_no, day, amount, units, purchases
   from unnest($1::int[], $2::date[], $3::bigint[], $4::bigint[], $5::int[]) as d (member_no, day, amount, units, purchases)
   where amount >= 0 and units >= 0 and purchases >= 0 and (amount > 0 or units > 0 or purchases > 0) order by member_no, day
   on conflict (member_no, day) do update
   set kept_minor = s.kept_minor + excluded.kept_minor, accrued_units = s.accrued_units + excluded.accrued_units,
       purchases = s.purchases + excluded.purchases`,
);
// Something can be taken only from a day that has its row.
const TAKE_DAYS = statement(
  'earning.take-days',
  `update member_spend_day s
   set kept_minor = s.kept_minor + d.amount, accrued_units = s.accrued_units + d.units, purchases = s.purchases + d.purchases
   from unnest($1::int[], $2::date[], $3::bigint[], $4::bigint[], $5::int[]) as d (member_no, day, amount, units, purchases)
   where (d.amount < 0 or d.units < 0 or d.purchases < 0) and s.member_no = d.member_no and s.day = d.day`,
);

const takes = ({ keptMinor, accruedUnits, purchases }: MemberDay): boolean =>
  keptMinor < 0n || accruedUnits < 0n || purchases < 0;

/**
 * + what purchases add to their day, - what refunds take from it; one row per member and day. Member rows are
 * locked already, so the order of updates cannot deadlock.
 */
export function changeDays(tx: DbTransaction, changes: readonly MemberDay[]): void {
  if (changes.length === 0) return;
  const columns = [
    changes.map((change) => change.memberNo),
    changes.map((change) => change.day),
    changes.map((change) => change.keptMinor),
    changes.map((change) => change.accruedUnits),
    changes.map((change) => change.purchases),
  ];
  if (!changes.every(takes)) tx.send(ADD_DAYS, columns);
  if (changes.some(takes)) tx.send(TAKE_DAYS, columns);
}

const ADD_COUNTERS = statement(
  'earning.add-counters',
  `insert into member_counter as c (member_no, cap_code, period, used)
   select member_no, cap_code, period, amount
   from unnest($1::int[], $2::text[], $3::date[], $4::bigint[]) as d (member_no, cap_code, period, amount)
   where amount > 0 order by member_no, cap_code, period
   on conflict (member_no, cap_code, period) do update set used = c.used + excluded.used`,
);
const RELEASE_COUNTERS = statement(
  'earning.release-counters',
  `update member_counter c set used = c.used + d.amount
   from unnest($1::int[], $2::text[], $3::date[], $4::bigint[]) as d (member_no, cap_code, period, amount)
   where d.amount < 0 and c.member_no = d.member_no and c.cap_code = d.cap_code and c.period = d.period`,
);

/** `amount` + used, - released; one row per key. */
export function changeCounters(
  tx: DbTransaction,
  changes: readonly (CounterKey & { readonly amount: bigint })[],
): void {
  if (changes.length === 0) return;
  const columns = [
    changes.map((c) => c.memberNo),
    changes.map((c) => c.capCode),
    changes.map((c) => c.period),
    changes.map((c) => c.amount),
  ];
  if (changes.some((c) => c.amount > 0n)) tx.send(ADD_COUNTERS, columns);
  if (changes.some((c) => c.amount < 0n)) tx.send(RELEASE_COUNTERS, columns);
}
