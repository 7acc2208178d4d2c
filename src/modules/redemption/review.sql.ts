/** Units that wait for somebody to look before they leave, and what has left before. */
import type { HoldReason, Outflow } from '../../domain/guards/outflow.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';

const NOTE = new SealedText('outflow_review', 'note');

export type OutflowKind = 'CASH_OUT' | 'TRANSFER';
export type ReviewDecision = 'APPROVED' | 'REJECTED';

// What waits counts from the day it was asked for, what has left from the day it left.
const moved = (left: string): string => `
  with moved as (
    ${left}
    union all
    select r.units, (v.requested_at at time zone $2)::date
    from outflow_review v join redemption r on r.id = v.id and r.member_no = v.member_no and r.state = 'AUTHORISED'
    where v.member_no = $1 and v.kind = $4
  )
  select coalesce(sum(units) filter (where day = $3::date), 0)::bigint as "todayUnits",
         coalesce(sum(units) filter (where date_trunc('month', day) = date_trunc('month', $3::date)), 0)::bigint as "monthUnits"
  from moved`;

const CASHED_OUT = statement(
  'redemption.cashed-out',
  moved(`select captured_units as units, (resolved_at at time zone $2)::date as day
    from redemption where member_no = $1 and kind = 'CASH_OUT' and state = 'CAPTURED'`),
);
const TRANSFERRED = statement(
  'redemption.transferred',
  moved(`select units, (transferred_at at time zone $2)::date as day from unit_transfer where from_member_no = $1`),
);

/** What the member has moved out so today and this month, in the programme's zone. The member is locked. */
export async function findOutflow(
  tx: DbTransaction,
  kind: OutflowKind,
  memberNo: number,
  { timeZone, today }: { readonly timeZone: string; readonly today: BusinessDate },
): Promise<Outflow> {
  const found = await tx.run<Outflow>(kind === 'CASH_OUT' ? CASHED_OUT : TRANSFERRED, [
    memberNo,
    timeZone,
    today,
    kind,
  ]);
  return found[0] ?? { todayUnits: 0n, monthUnits: 0n };
}

export interface ReviewRecord {
  readonly id: string;
  readonly memberNo: number;
  readonly programmeNo: number;
  readonly kind: OutflowKind;
  readonly reason: HoldReason;
  readonly bankNo: number | null;
  readonly toMemberNo: number | null;
  readonly requestedBy: string;
  readonly decision: ReviewDecision | null;
}

const INSERT = statement(
  'redemption.insert-review',
  `insert into outflow_review (id, member_no, programme_no, kind, reason, bank_no, to_member_no, requested_by, requested_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

export async function insertReview(
  tx: DbTransaction,
  review: Omit<ReviewRecord, 'decision'>,
  requestedAt: Date,
): Promise<void> {
  const { id, memberNo, programmeNo, kind, reason, bankNo, toMemberNo, requestedBy } = review;
  await tx.run(INSERT, [id, memberNo, programmeNo, kind, reason, bankNo, toMemberNo, requestedBy, requestedAt]);
}

const FIND = statement(
  'redemption.find-review',
  `select id, member_no as "memberNo", programme_no as "programmeNo", kind, reason, bank_no as "bankNo",
          to_member_no as "toMemberNo", requested_by as "requestedBy", decision
   from outflow_review where id = $1`,
);

/** As it is now; lock its member and ask again before deciding on it. */
export async function findReview(tx: DbTransaction, id: string): Promise<ReviewRecord | undefined> {
  const [found] = await tx.run<ReviewRecord>(FIND, [id]);
  return found;
}

const DECIDE = statement(
  'redemption.decide-review',
  `update outflow_review set decision = $2, decided_by = $3, decided_at = $4, note_sealed = $5, outcome_id = $6 where id = $1`,
);

export async function storeReview(
  tx: DbTransaction,
  id: string,
  decided: { decision: ReviewDecision; by: string; at: Date; note: string | undefined; outcomeId: string | undefined },
): Promise<void> {
  const { decision, by, at, note, outcomeId } = decided;
  await tx.run(DECIDE, [id, decision, by, at, NOTE.seal(tx.secrets, id, note), outcomeId ?? null]);
}
