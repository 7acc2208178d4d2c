/** Lines of settlements of which something is left to pay in one currency, and carried amounts. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { lockLines } from '../settlement/index.js';
import type { PayingProgramme } from './payment.sql.js';

export interface DueLine {
  readonly id: string;
  readonly settlementNo: number;
  readonly partnerNo: number;
  /** UNCONVERTED: it will be due in another currency. */
  readonly state: 'PENDING' | 'INSTRUCTED' | 'REJECTED' | 'DISPUTED' | 'CARRIED' | 'UNCONVERTED';
  /**
   * + it pays, - it is paid; of a carried or unconverted line what stands in 1200 of it. Zero only of one that is paid
   * and in dispute.
   */
  readonly dueMinor: bigint;
  /** What is in dispute: it stands aside (1250), and is neither paid nor to be paid. */
  readonly contestedMinor: bigint;
}

// Nothing of a carried line is due, but it stands in 1200 until the partner's next settlement takes it; neither is
// anything of a line that waits for its rate, which stands there in the settlement's currency.
const FIND_DUE_LINES = statement(
  'payments.find-due-lines',
  `with line as (
     select l.*, s.no, s.currency_code, l.opening_minor + l.net_minor as closing_minor,
            l.due_currency_code is not null and l.converted_minor is null and l.state = 'PENDING' as waits
     from settlement_line l join settlement s on s.id = l.settlement_id
     where s.programme_no = $1 and s.state in ('ISSUED', 'PAYING', 'SETTLED') and l.party_no > 0
       and ($2::integer[] is null or l.party_no = any ($2::integer[]))
   )
   select l.id, l.no as "settlementNo", l.party_no as "partnerNo", case when waits then 'UNCONVERTED' else l.state end as state,
          case when waits or l.state = 'CARRIED' then l.closing_minor else l.due_minor end as "dueMinor",
          coalesce((select sum(amount_minor) from dispute d where d.line_id = l.id and d.state = 'OPEN'), 0)::bigint as "contestedMinor"
   from line l
   where case when waits or l.state = 'CARRIED' then l.currency_code else coalesce(l.due_currency_code, l.currency_code) end = $3
     and (waits
          or l.due_minor <> 0 and l.state in ('PENDING', 'INSTRUCTED', 'REJECTED')
          or l.state = 'DISPUTED'
          or l.state = 'CARRIED' and l.closing_minor <> 0 and not exists (
            select from settlement_line newer join settlement t on t.id = newer.settlement_id
            where newer.party_no = l.party_no and t.programme_no = $1 and t.no > l.no and t.state <> 'ABORTED'
          ))
   order by l.no, l.party_no, l.id`,
);

/**
 * Of all partners when none are named; the oldest settlement first. Locked with their settlements, so that nobody
 * disputes or writes off what is being paid: they are read again once the locks are held.
 */
export async function lockDueLines(
  tx: DbTransaction,
  { no, currencyCode }: PayingProgramme,
  partnerNos: readonly number[] | null = null,
): Promise<DueLine[]> {
  const found = await tx.run<DueLine>(FIND_DUE_LINES, [no, partnerNos, currencyCode]);
  if (found.length === 0) return found;
  await lockLines(
    tx,
    found.map(({ id }) => id),
  );
  return tx.run<DueLine>(FIND_DUE_LINES, [no, partnerNos, currencyCode]);
}
