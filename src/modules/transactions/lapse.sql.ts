/** Authorisations that nobody has cleared or taken back in time. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

// Two workers never reverse one authorisation twice: the reversal's reference is made of its id.
const FIND_OPEN = statement(
  'transactions.find-open-authorisations',
  `select t.id, m.id as "memberId", t.amount_minor as "amountMinor", p.code as "partnerCode", s.reference
   from transaction t
   join member m on m.no = t.member_no
   join partner p on p.no = t.submitter_no and p.status = 'ACTIVE'
   cross join lateral (
     select s.reference from transaction_source s
     where s.transaction_id = t.id and s.member_no = t.member_no and s.partner_no = t.submitter_no
       and s.kind = ${SOURCE_KIND_NO.AUTHORISATION}
     order by s.id limit 1
   ) s
   where t.programme_no = $1 and t.status = 'AUTHORISED' and t.amount_minor > 0 and t.id > $2
     and coalesce(t.authorised_on, t.business_date) < $3
   order by t.id limit $4`,
);

export interface OpenAuthorisation {
  readonly id: string;
  readonly memberId: string;
  /** What is still authorised, minor units. */
  readonly amountMinor: bigint;
  readonly partnerCode: string;
  readonly reference: string;
}

/** A page of those after an id that were authorised before a day. */
export const findOpenAuthorisations = (
  tx: DbTransaction,
  programmeNo: number,
  after: string,
  before: BusinessDate,
  limit: number,
): Promise<OpenAuthorisation[]> => tx.run(FIND_OPEN, [programmeNo, after, before, limit]);
