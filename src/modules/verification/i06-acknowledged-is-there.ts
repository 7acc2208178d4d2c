import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

const FIND = statement(
  'verify.i06-acknowledged-is-there',
  `select 'business_key' as table, format('partner_no=%s kind=%s reference=%s', k.partner_no, k.kind, k.reference) as row,
          case when s.id is null then format('Message %s was acknowledged and is not there.', k.source_id)
               else format('Message %s is there, its transaction %s is not.', k.source_id, s.transaction_id) end as message
   from business_key k
   left join transaction_source s on s.id = k.source_id and s.member_no = k.member_no
   left join transaction t on t.id = s.transaction_id and t.member_no = s.member_no
   where t.id is null
     and ($1::integer is null or k.member_no in (select no from member where programme_no = $1))
   order by 2 limit ${MOST_FINDINGS}`,
);

export const acknowledgedIsThere: InvariantCheck = {
  invariant: 'I6',
  sentence: ({ sources }) => `what was acknowledged is there: ${sources} messages with their transactions`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
