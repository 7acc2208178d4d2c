import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

// A rejected command stores nothing, neither an effect nor its key. So every key that is stored has its effect, and
// what is only done under a key has one. Messages and their keys are I6 and I7.
const FIND = statement(
  'verify.i19-keys-and-effects',
  `with answered as (
     select client, key, operation, coalesce(answer ->> 'id', answer ->> 'settlementId', answer ->> 'adjustmentId',
                    answer ->> 'disputeId', answer ->> 'fileId')::uuid as id
     from command_key
     where operation in ('CASH_OUT', 'DONATE', 'TRANSFER_UNITS', 'REDEMPTION_CAPTURE', 'REDEMPTION_VOID', 'REDEMPTION_RETURN',
                         'SETTLE', 'ABORT', 'OPEN_DISPUTE', 'RESOLVE_DISPUTE', 'REQUEST_ADJUSTMENT', 'DECIDE_REVIEW', 'INSTRUCT_PAYMENTS', 'RECORD_SERVICE_CHARGE')
   ), reviewed as (
     select outcome_id as id from outflow_review where outcome_id is not null
   ), done as (
     select id, programme_no, 'CASH_OUT' as operation, member_no, id not in (select id from reviewed) as needs_key
               from redemption where kind = 'CASH_OUT'
     union all select id, programme_no, 'DONATE', member_no, true from redemption where kind = 'DONATION'
     union all select id, programme_no, 'REDEMPTION_CAPTURE', member_no, kind = 'PURCHASE' from redemption
               where kind in ('PURCHASE', 'ITEM') and state = 'CAPTURED'
     union all select id, programme_no, 'REDEMPTION_VOID', member_no, kind = 'PURCHASE' from redemption
               where kind in ('PURCHASE', 'ITEM', 'REVIEW') and state = 'VOIDED'
     union all select id, programme_no, 'REDEMPTION_RETURN', member_no, kind = 'PURCHASE' from redemption where returned_units > 0
     union all select id, programme_no, 'TRANSFER_UNITS', from_member_no, id not in (select id from reviewed) from unit_transfer
     -- What was asked for and has to wait, and what was decided on it.
     union all select id, programme_no, case kind when 'TRANSFER' then 'TRANSFER_UNITS' else kind end, member_no, true from outflow_review
     union all select id, programme_no, 'DECIDE_REVIEW', member_no, true from outflow_review where decision is not null
     union all select id, programme_no, 'SETTLE', null, false from settlement
     union all select id, programme_no, 'ABORT', null, true from settlement where state = 'ABORTED'
     union all select id, programme_no, 'OPEN_DISPUTE', null, true from dispute
     union all select id, programme_no, 'RESOLVE_DISPUTE', null, true from dispute where state <> 'OPEN'
     union all select id, programme_no, 'REQUEST_ADJUSTMENT', null, true from adjustment
     union all select id, programme_no, 'INSTRUCT_PAYMENTS', null, true from payment_file
     union all select id, programme_no, 'RECORD_SERVICE_CHARGE', null, true from service_charge
   )
   select * from (
     select 'command_key' as table, format('client=%s key=%s', a.client, a.key) as row,
            format('The key was answered with %s %s, which is not there or in another state.', a.operation, a.id) as message
     from answered a left join done d on d.id = a.id and d.operation = a.operation
     where d.id is null
       and ($1::integer is null or a.id in (select id from done where programme_no = $1))
     union all
     select case d.operation when 'TRANSFER_UNITS' then 'unit_transfer' when 'REQUEST_ADJUSTMENT' then 'adjustment'
                             when 'DECIDE_REVIEW' then 'outflow_review'
                             when 'INSTRUCT_PAYMENTS' then 'payment_file' when 'RECORD_SERVICE_CHARGE' then 'service_charge' when 'ABORT' then 'settlement'
                             when 'OPEN_DISPUTE' then 'dispute' when 'RESOLVE_DISPUTE' then 'dispute' else 'redemption' end,
            case when d.operation = 'TRANSFER_UNITS' then format('id=%s from_member_no=%s', d.id, d.member_no)
                 when d.member_no is null then format('id=%s', d.id)
                 else format('id=%s member_no=%s', d.id, d.member_no) end,
            format('%s was done without the key of anybody who asked for it.', d.operation)
     from done d left join answered a on a.id = d.id and a.operation = d.operation
     -- The programme's own jobs settle too, and a catalogue captures what is claimed of it.
     where a.id is null and d.needs_key and ($1::integer is null or d.programme_no = $1)
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const keysAndEffects: InvariantCheck = {
  invariant: 'I19',
  sentence: ({ commandKeys }) =>
    `each of ${commandKeys} idempotency keys has its effect, and nothing that needs a key was done without one`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
