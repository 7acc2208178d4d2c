/** Purchases of which another side told, and which may be the same as one of a batch. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { MATCH_DAYS } from '../../domain/transactions/same-purchase.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { TransactionKey } from './standing.sql.js';

export interface CounterpartSearch {
  readonly memberNo: number;
  /** Bit of the side that tells now. */
  readonly side: number;
  readonly cardId: string | null;
  readonly amountMinor: bigint;
  readonly lowestMinor: bigint;
  readonly highestMinor: bigint;
  readonly businessDate: BusinessDate;
  /** How many to bring: each earlier purchase of the batch can take one. */
  readonly limit: number;
}

// The nearest first; a day may be that of the clearing, so the window is wider than the rule's.
const FIND_COUNTERPARTS = statement(
  'transactions.find-counterparts',
  `select distinct c.id, c.member_no as "memberNo"
   from unnest($1::int[], $2::smallint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::date[], $8::int[])
     as r (member_no, side, card_id, amount, lowest, highest, day, wanted)
   cross join lateral (
     select t.id, t.member_no from transaction t
     where t.member_no = r.member_no and t.business_date between r.day - ${2 * MATCH_DAYS} and r.day + ${2 * MATCH_DAYS}
       and t.kind = 'PURCHASE' and t.sides <> 0 and t.sides & r.side = 0
       and t.amount_minor between r.lowest and r.highest
       and (t.card_id is null or r.card_id is null or t.card_id = r.card_id)
     order by abs(t.amount_minor - r.amount), abs(t.business_date - r.day), t.id
     limit r.wanted
   ) c`,
);

export async function findCounterparts(
  tx: DbTransaction,
  searches: readonly CounterpartSearch[],
): Promise<TransactionKey[]> {
  if (searches.length === 0) return [];
  return tx.run(FIND_COUNTERPARTS, [
    searches.map((s) => s.memberNo),
    searches.map((s) => s.side),
    searches.map((s) => s.cardId),
    searches.map((s) => s.amountMinor),
    searches.map((s) => s.lowestMinor),
    searches.map((s) => s.highestMinor),
    searches.map((s) => s.businessDate),
    searches.map((s) => s.limit),
  ]);
}

const MARK_TOLD = statement(
  'transactions.mark-told-sides',
  `update member_balance b set told_sides = b.told_sides | g.sides
   from unnest($1::int[], $2::smallint[]) as g (member_no, sides) where b.member_no = g.member_no`,
);

/** Remembers who tells of these members, who are locked. */
export function markToldSides(tx: DbTransaction, sides: ReadonlyMap<number, number>): void {
  if (sides.size > 0) tx.send(MARK_TOLD, [[...sides.keys()], [...sides.values()]]);
}
