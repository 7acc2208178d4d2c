/** Holds that end on another day, and purchases that carry the reward of a mark. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface MovedHold {
  readonly accrualId: string;
  readonly memberNo: number;
  readonly availableOn: BusinessDate;
  /** Day of the purchase, which its clearing may have moved. */
  readonly accruedOn: BusinessDate;
  /** First day on which its units are gone; null when they never go. */
  readonly expiresOn: BusinessDate | null;
}

// Only what is still due moves: what was confirmed in the meantime keeps its day.
const MOVE_HOLDS = statement(
  'earning.move-holds',
  `with given as (
     select * from unnest($2::uuid[], $3::int[], $4::date[], $5::date[], $6::date[])
       as m (id, member_no, day, accrued_on, expires_on)
   ), moved as (
     update due set due_on = g.day from given g join lot l on l.id = g.id and l.member_no = g.member_no
     where due.programme_no = $1 and due.due_on = l.available_on and due.member_no = g.member_no and due.lot_id = g.id
     returning due.lot_id, due.member_no, due.due_on, g.accrued_on, g.expires_on
   ), lots as (
     update lot set available_on = moved.due_on, accrued_on = moved.accrued_on, expires_on = moved.expires_on
     from moved where lot.id = moved.lot_id and lot.member_no = moved.member_no
   )
   update accrual set available_on = moved.due_on from moved
   where accrual.id = moved.lot_id and accrual.member_no = moved.member_no`,
);

/** The hold of a purchase ends with its clearing, which comes after the purchase. One row per accrual. */
export function moveHolds(tx: DbTransaction, programmeNo: number, holds: readonly MovedHold[]): void {
  if (holds.length === 0) return;
  tx.send(MOVE_HOLDS, [
    programmeNo,
    holds.map(({ accrualId }) => accrualId),
    holds.map(({ memberNo }) => memberNo),
    holds.map(({ availableOn }) => availableOn),
    holds.map(({ accruedOn }) => accruedOn),
    holds.map(({ expiresOn }) => expiresOn),
  ]);
}

export interface MarkReached {
  readonly memberNo: number;
  readonly ruleCode: string;
  /** First day of the mark's period. */
  readonly period: BusinessDate;
  readonly transactionId: string;
}

const INSERT_MARKS = statement(
  'earning.insert-marks',
  `insert into mark_reached (member_no, rule_code, period, transaction_id)
   select * from unnest($1::int[], $2::text[], $3::date[], $4::uuid[]) on conflict do nothing`,
);

export function insertMarks(tx: DbTransaction, marks: readonly MarkReached[]): void {
  if (marks.length === 0) return;
  tx.send(INSERT_MARKS, [
    marks.map(({ memberNo }) => memberNo),
    marks.map(({ ruleCode }) => ruleCode),
    marks.map(({ period }) => period),
    marks.map(({ transactionId }) => transactionId),
  ]);
}

const FIND_MARKS = statement(
  'earning.find-marks',
  `select member_no as "memberNo", rule_code as "ruleCode", period, transaction_id as "transactionId"
   from mark_reached where member_no = any ($1::int[]) order by transaction_id`,
);

/** Marks that members have reached, in the order in which they did. */
export async function findMarks(tx: DbTransaction, memberNos: readonly number[]): Promise<MarkReached[]> {
  return memberNos.length === 0 ? [] : tx.run(FIND_MARKS, [memberNos]);
}
