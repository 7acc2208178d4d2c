/** What members have bought before, for rules that look at their history. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface PastRow {
  readonly id: string;
  readonly memberNo: number;
  readonly businessDate: BusinessDate;
  readonly keptMinor: bigint;
  readonly merchantNo: number | null;
  readonly outletId: string | null;
  readonly channel: string | null;
  readonly mcc: string | null;
  readonly category: string;
}

const LOAD_PAST = statement(
  'transactions.load-past',
  `select t.id, t.member_no as "memberNo", t.business_date as "businessDate",
          t.amount_minor - t.refunded_minor as "keptMinor", t.merchant_no as "merchantNo", t.outlet_id as "outletId",
          t.channel, t.mcc, t.category_code as category
   from unnest($1::int[], $2::date[]) as k (member_no, first)
   join transaction t on t.member_no = k.member_no and t.business_date >= k.first
   where t.kind = 'PURCHASE' and t.refunded_minor < t.amount_minor
   order by t.member_no, t.business_date, t.id`,
);

/** Purchases with something kept, of each member from a day on. */
export async function loadPast(
  tx: DbTransaction,
  wanted: readonly { readonly memberNo: number; readonly first: BusinessDate }[],
): Promise<PastRow[]> {
  if (wanted.length === 0) return [];
  return tx.run(LOAD_PAST, [wanted.map(({ memberNo }) => memberNo), wanted.map(({ first }) => first)]);
}
