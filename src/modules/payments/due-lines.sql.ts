/** Lines of settlements of which something is left to pay, and carried amounts. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { lockLines } from '../settlement/index.js';

export interface DueLine {
  readonly id: string;
  readonly settlementNo: number;
  readonly partnerNo: number;
  readonly state: 'PENDING' | 'INSTRUCTED' | 'REJECTED' | 'DISPUTED' | 'CARRIED';
  /** + it pays, - it is paid; of a carried line what it carries. Never zero. */
  readonly dueMinor: bigint;
  /** What is in dispute: it stands aside (1250), and is neither paid nor to be paid. */
  readonly contestedMinor: bigint;
}

// Nothing of a carried line is due, but it stands in 1200 until the partner's next settlement takes it.
const FIND_DUE_LINES = statement(
  'payments.find-due-lines',
  `select l.id, s.no as "settlementNo", l.party_no as "partnerNo", l.state,
          case when l.state = 'CARRIED' then l.opening_minor + l.net_minor else l.due_minor end as "dueMinor",
          coalesce((select sum(amount_minor) from dispute d where d.line_id = l.id and d.state = 'OPEN'), 0)::bigint as "contestedMinor"
   from settlement_line l join settlement s on s.id = l.settlement_id
   where s.programme_no = $1 and s.state in ('ISSUED', 'PAYING', 'SETTLED') and l.party_no > 0
     and ($2::integer[] is null or l.party_no = any ($2::integer[]))
     and (l.due_minor <> 0 and l.state in ('PENDING', 'INSTRUCTED', 'REJECTED', 'DISPUTED')
          or l.state = 'CARRIED' and l.opening_minor + l.net_minor <> 0 and not exists (
            select from settlement_line newer join settlement t on t.id = newer.settlement_id
            where newer.party_no = l.party_no and t.programme_no = $1 and t.no > s.no and t.state <> 'ABORTED'
          ))
   order by s.no, l.party_no, l.id`,
);

/**
 * Of all partners when none are named; the oldest settlement first. Locked with their settlements, so that nobody
 * disputes or writes off what is being paid: they are read again once the locks are held.
 */
export async function lockDueLines(
  tx: DbTransaction,
  programmeNo: number,
  partnerNos: readonly number[] | null = null,
): Promise<DueLine[]> {
  const found = await tx.run<DueLine>(FIND_DUE_LINES, [programmeNo, partnerNos]);
  if (found.length === 0) return found;
  await lockLines(
    tx,
    found.map(({ id }) => id),
  );
  return tx.run<DueLine>(FIND_DUE_LINES, [programmeNo, partnerNos]);
}
