/**
 * I17: what happened is in the outbox, once; what has a number has it in the order in which it happened, per key; and
 * what waits for a webhook's receiver will be sent, the first of each key first.
 *
 * Only what came since every event is kept can be asked for (event_head.complete_since): older ones are removed when
 * all who wanted them have them.
 */
import { MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';
import { reachOfSealedEntries } from './verified-upto.js';

const MEMBER_ACCOUNT_LIST = [...MEMBER_ACCOUNTS].join(', ');

/** Rows that say that something happened, and which event has to tell it, once. */
const TOLD_OF_ROWS = `
  select 'redemption' as "table", id, programme_no, authorised_at as at,
         array['redemption.authorised', 'units.paid_out'] ||
           case when kind = 'ITEM' and state = 'CAPTURED' then array['redemption.captured'] else '{}' end as types
  from redemption
  union all
  select 'redemption', id, programme_no, resolved_at, array['redemption.' || lower(state), 'units.paid_out']
  from redemption where resolved_at is not null
  union all
  select 'unit_transfer', id, programme_no, transferred_at, array['units.transferred'] from unit_transfer
  union all
  select 'settlement_window', id, programme_no, closed_at, array['window.closed'] from settlement_window where state = 'CLOSED'
  union all
  select 'settlement', id, programme_no, issued_at, array['settlement.issued'] from settlement
  union all
  select 'dispute', id, programme_no, opened_at, array['dispute.opened'] from dispute
  union all
  select 'dispute', id, programme_no, resolved_at, array['dispute.resolved'] from dispute where resolved_at is not null
  union all
  select 'consent_receipt', c.id, m.programme_no, c.recorded_at, array['consent.' || lower(c.state)]
  from consent_receipt c join member m on m.no = c.member_no
  union all
  select 'purchase_claim', id, programme_no, opened_at, array['purchase_claim.opened'] from purchase_claim
  union all
  select 'purchase_claim', id, programme_no, overdue_at, array['purchase_claim.overdue']
  from purchase_claim where overdue_at is not null
  union all
  select 'purchase_claim', id, programme_no, coalesce(decided_at, opened_at), array['purchase_claim.resolved']
  from purchase_claim where state <> 'OPEN'
  union all
  select 'api_client', id, 0, registered_at, array['client.registered'] from api_client
  union all
  select 'api_client', id, 0, revoked_at, array['client.revoked'] from api_client where revoked_at is not null`;

const FIND = statement(
  'verify.i17-events-in-order',
  `with members as (
     select no from member where $1::integer is null or programme_no = $1
   ), kept as (
     select complete_since as since from event_head
   ), ordered as (
     select position, number, ordering_key,
            lag(position) over (partition by ordering_key order by number nulls last, position) as before,
            lag(number) over (order by number nulls last) as number_before
     from event where $1::integer is null or programme_no = $1
   ), moved as (
     select distinct e.member_no, p.party, e.recorded_at
     from posting p join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no
     where p.account in (${MEMBER_ACCOUNT_LIST}) and p.unit in ${UNITS_IN_SCOPE} and p.entry_no > $2
   )
   select * from (
     select 'transaction_source' as table, format('id=%s member_no=%s', s.id, s.member_no) as row,
            format('The message is told by %s events instead of one.', count(e.id)) as message
     from transaction_source s cross join kept left join event e on e.cause_id = s.id
     where s.received_at >= kept.since and s.member_no in (select no from members)
     group by s.id, s.member_no having count(e.id) <> 1
     union all
     select t."table", format('id=%s', t.id), format('No event tells of it (%s).', array_to_string(t.types, ' or '))
     from (${TOLD_OF_ROWS}) t cross join kept
     where t.at >= kept.since and ($1::integer is null or t.programme_no = $1)
       and not exists (select from event e where e.subject_id = t.id and e.type = any (t.types))
     union all
     select 'member_balance', format('member_no=%s', m.party),
            format('The balance moved at %s, and no event tells of it.', m.recorded_at)
     from moved m cross join kept
     where m.recorded_at >= kept.since
       and not exists (select from event e where e.type = 'balance.changed' and e.member_no = m.party
                       and date_trunc('milliseconds', e.recorded_at) = m.recorded_at)
     union all
     select 'event', format('position=%s', position),
            format('Event %s stands before event %s of %s, which happened first.', coalesce(number::text, 'without number'), before, ordering_key)
     from ordered where before > position
     union all
     select 'event', format('position=%s', e.position), format('The number %s does not follow %s.', e.number, e.number_before)
     from ordered e where $1::integer is null and e.number is not null and e.number <> e.number_before + 1
     union all
     select 'webhook_delivery', format('endpoint_no=%s number=%s', d.endpoint_no, d.number),
            case when d.number > w.cursor then 'It was dealt out before its turn.'
                 when not exists (select from event e where e.number = d.number) then 'Its event is gone before it was delivered.'
                 when d.turn = 1 then 'It is the first of its key and is never sent.'
                 else 'It is sent before an earlier one of its key.' end
     from (select *, row_number() over (partition by endpoint_no, ordering_key order by number) as turn
           from webhook_delivery where state = 'WAITING') d
     join webhook_endpoint w on w.no = d.endpoint_no and w.status <> 'DISABLED'
     where $1::integer is null
       and (d.number > w.cursor or (d.turn = 1) <> (d.next_at is not null) or not exists (select from event e where e.number = d.number))
     union all
     select 'event_head', 'singleton=t', format('The last number is %s, and an event has %s.', h.last_number, max(e.number))
     from event_head h join event e on e.number > h.last_number group by h.last_number
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const eventsInOrder: InvariantCheck = {
  invariant: 'I17',
  sentence: ({ events }) =>
    `what happened is told by ${events} events in the outbox, each once, and in order for each member, partner and programme`,
  reach: reachOfSealedEntries,
  find: (tx, { programmeNo, after }) => tx.run<FoundRow>(FIND, [programmeNo, after]),
};
