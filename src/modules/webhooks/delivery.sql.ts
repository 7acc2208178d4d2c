/** What waits to be sent: dealt out from the outbox, taken in order, and settled after each round. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { EVENT_COLUMNS, type EventRecord } from '../events/index.js';
import type { AttemptOutcome, EndpointStatus, StatusReason } from './endpoint.entity.js';

/** How long a worker that is not heard of keeps an endpoint; longer than a round of hanging calls. */
const LEASE_S = 60;

const CLAIM = statement(
  'webhooks.claim-endpoints',
  `with due as (
     select e.no from webhook_endpoint e
     where e.status = 'ACTIVE' and (e.leased_until is null or e.leased_until <= hansa_now())
       and (e.rests_until is null or e.rests_until <= hansa_now())
       and (e.cursor < (select last_number from event_head)
            or exists (select from webhook_delivery d where d.endpoint_no = e.no and d.next_at <= hansa_now()))
     order by e.served_at nulls first limit $2 for update skip locked
   )
   update webhook_endpoint e
   set lease = $1, leased_until = hansa_now() + interval '${LEASE_S} seconds', served_at = hansa_now()
   from due where e.no = due.no returning e.no`,
);

/** Takes endpoints that have something to be sent, those first that have waited longest. */
export async function claimEndpoints(tx: DbTransaction, lease: string, limit: number): Promise<number[]> {
  const rows = await tx.run<{ no: number }>(CLAIM, [lease, limit]);
  return rows.map(({ no }) => no);
}

/** An endpoint that a worker serves, as it was before this round. */
export interface ServedEndpoint {
  readonly no: number;
  readonly id: string;
  readonly partnerNo: number | null;
  readonly url: string;
  readonly cursor: bigint;
  readonly lastNumber: bigint;
  readonly eventTypes: readonly string[];
  readonly failingSince: Date | null;
  readonly failedRounds: number;
  readonly now: Date;
}

const RENEW = statement(
  'webhooks.renew-lease',
  `update webhook_endpoint e set leased_until = hansa_now() + interval '${LEASE_S} seconds'
   from event_head h where e.no = $1 and e.lease = $2 and e.status = 'ACTIVE'
   returning e.no, e.id, e.partner_no as "partnerNo", e.url, e.cursor, h.last_number as "lastNumber", e.event_types as "eventTypes",
     e.failing_since as "failingSince", e.failed_rounds as "failedRounds", hansa_now() as now`,
);

/** Locks the endpoint for its worker; undefined when another one has it by now, or when it is not active any more. */
export async function renewLease(tx: DbTransaction, no: number, lease: string): Promise<ServedEndpoint | undefined> {
  const [endpoint] = await tx.run<ServedEndpoint>(RENEW, [no, lease]);
  return endpoint;
}

const RELEASE = statement(
  'webhooks.release-lease',
  'update webhook_endpoint set lease = null, leased_until = null where no = $1 and lease = $2',
);

export const releaseLease = (tx: DbTransaction, no: number, lease: string): Promise<unknown> =>
  tx.run(RELEASE, [no, lease]);

const ACT_AS = statement(
  'webhooks.act-as-owner',
  `select set_config('hansa.sees_all', $1, true), set_config('hansa.partner_no', $2, true)`,
);

/**
 * From here to the end of the transaction the visibility functions of row-level security answer for the endpoint's owner:
 * it is told what it could read, and no more.
 */
export const actAsOwner = (tx: DbTransaction, { partnerNo }: ServedEndpoint): Promise<unknown> =>
  tx.run(ACT_AS, [String(partnerNo === null), String(partnerNo ?? '')]);

/** Numbers looked at in one round, and deliveries that wait at most: a receiver that is away does not fill the table. */
const DEAL = 2_000n;
const MOST_WAITING = 10_000;

const IS_FULL = statement(
  'webhooks.is-queue-full',
  `select count(*) >= ${MOST_WAITING} as full
   from (select from webhook_delivery where endpoint_no = $1 and state = 'WAITING' limit ${MOST_WAITING}) d`,
);
const DEAL_OUT = statement(
  'webhooks.deal-out',
  `with visible as (
     select number, ordering_key, row_number() over (partition by ordering_key order by number) as turn from event
     where number > $2 and number <= $3 and (cardinality($4::text[]) = 0 or type = any ($4::text[]))
       and hansa_event_visible(audience, member_no, partner_nos)
   )
   insert into webhook_delivery (endpoint_no, number, ordering_key, next_at)
   select $1, v.number, v.ordering_key,
          case when v.turn = 1 and not exists (select from webhook_delivery d where d.endpoint_no = $1
                 and d.ordering_key = v.ordering_key and d.state = 'WAITING') then hansa_now() end
   from visible v`,
);
const MOVE_CURSOR = statement('webhooks.move-cursor', 'update webhook_endpoint set cursor = $2 where no = $1');

/** Deals the next events out to an endpoint that is locked, as far as they are for its owner; returns its new cursor. */
export async function dealOut(tx: DbTransaction, endpoint: ServedEndpoint): Promise<bigint> {
  const { no, cursor, lastNumber, eventTypes } = endpoint;
  if (cursor >= lastNumber) return cursor;
  const [queue] = await tx.run<{ full: boolean }>(IS_FULL, [no]);
  if (queue?.full === true) return cursor;
  const upto = cursor + DEAL < lastNumber ? cursor + DEAL : lastNumber;
  await tx.run(DEAL_OUT, [no, cursor, upto, eventTypes]);
  await tx.run(MOVE_CURSOR, [no, upto]);
  return upto;
}

/** An event that is to be sent now. */
export interface DueDelivery extends EventRecord {
  /** How often it was tried. */
  readonly attempts: number;
}

const TAKE_DUE = statement(
  'webhooks.take-due',
  `select d.attempts, ${EVENT_COLUMNS}
   from (select number, attempts, next_at from webhook_delivery
         where endpoint_no = $1 and next_at <= hansa_now() order by next_at, number limit $2) d
   join event e on e.number = d.number
   left join programme g on g.no = e.programme_no
   left join member m on m.no = e.member_no and hansa_member_visible(m.no)
   order by d.next_at, d.number`,
);

/** The first waiting event of each ordering key whose time has come; never two of one key. */
export const takeDue = (tx: DbTransaction, endpointNo: number, limit: number): Promise<DueDelivery[]> =>
  tx.run<DueDelivery>(TAKE_DUE, [endpointNo, limit]);

/** What came of sending one event. */
export interface Settled {
  readonly event: DueDelivery;
  readonly outcome: AttemptOutcome;
  /** Until it is tried again; of those that failed. */
  readonly waitMs: number | undefined;
  readonly latencyMs: number;
  readonly status: number | undefined;
  readonly fault: string | undefined;
}

const INSERT_ATTEMPTS = statement(
  'webhooks.insert-attempts',
  `insert into webhook_attempt (id, endpoint_no, number, event_id, event_type, attempt, attempted_at, latency_ms, outcome, status, fault)
   select a.id, $1, a.number, a.event_id, a.event_type, a.attempt, hansa_now(), a.latency_ms, a.outcome, a.status, a.fault
   from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::smallint[], $7::integer[], $8::text[], $9::smallint[], $10::text[])
     as a (id, number, event_id, event_type, attempt, latency_ms, outcome, status, fault)`,
);
const DELETE_DELIVERED = statement(
  'webhooks.delete-delivered',
  'delete from webhook_delivery where endpoint_no = $1 and number = any ($2::bigint[])',
);
const POSTPONE = statement(
  'webhooks.postpone',
  `update webhook_delivery d
   set attempts = d.attempts + 1, state = case when f.wait is null then 'GIVEN_UP' else 'WAITING' end,
       next_at = hansa_now() + f.wait * interval '1 millisecond'
   from unnest($2::bigint[], $3::bigint[]) as f (number, wait) where d.endpoint_no = $1 and d.number = f.number`,
);
const PROMOTE = statement(
  'webhooks.promote-next',
  `update webhook_delivery d set next_at = hansa_now()
   from unnest($2::text[]) as k (ordering_key)
   cross join lateral (select number from webhook_delivery w where w.endpoint_no = $1 and w.ordering_key = k.ordering_key
                         and w.state = 'WAITING' order by w.number limit 1) next
   where d.endpoint_no = $1 and d.number = next.number and d.next_at is null`,
);

/** Keeps how each was tried, and lets the next of each key follow what is done. The endpoint is locked. */
export async function settle(tx: DbTransaction, endpointNo: number, all: readonly Settled[]): Promise<void> {
  await tx.run(INSERT_ATTEMPTS, [
    endpointNo,
    all.map(() => newId()),
    all.map(({ event }) => event.number),
    all.map(({ event }) => event.id),
    all.map(({ event }) => event.type),
    all.map(({ event }) => event.attempts + 1),
    all.map(({ latencyMs }) => latencyMs),
    all.map(({ outcome }) => outcome),
    all.map(({ status }) => status ?? null),
    all.map(({ fault }) => fault ?? null),
  ]);
  const delivered = all.filter(({ outcome }) => outcome === 'DELIVERED');
  const failed = all.filter(({ outcome }) => outcome !== 'DELIVERED');
  const done = all.filter(({ outcome }) => outcome !== 'FAILED');
  await tx.run(DELETE_DELIVERED, [endpointNo, delivered.map(({ event }) => event.number)]);
  const waits = failed.map(({ waitMs }) => waitMs ?? null);
  await tx.run(POSTPONE, [endpointNo, failed.map(({ event }) => event.number), waits]);
  await tx.run(PROMOTE, [endpointNo, done.map(({ event }) => event.orderingKey)]);
}

/** How an endpoint stands after a round. */
export interface Standing {
  readonly status: EndpointStatus;
  readonly reason: StatusReason | null;
  readonly failingSince: Date | null;
  readonly failedRounds: number;
  readonly restMs: number;
}

const KEEP_STANDING = statement(
  'webhooks.keep-standing',
  `update webhook_endpoint
   set status_at = case when status <> $2 then hansa_now() else status_at end, status = $2, status_reason = $3,
       failing_since = $4, failed_rounds = $5, rests_until = hansa_now() + $6::integer * interval '1 millisecond'
   where no = $1`,
);

export const keepStanding = (tx: DbTransaction, no: number, standing: Standing): Promise<unknown> => {
  const { status, reason, failingSince, failedRounds, restMs } = standing;
  return tx.run(KEEP_STANDING, [no, status, reason, failingSince, failedRounds, restMs]);
};

const WAKE = statement(
  'webhooks.wake',
  'update webhook_delivery set next_at = hansa_now() where endpoint_no = $1 and next_at > hansa_now()',
);

/** The receiver is back: what waited for later is sent now. */
export const wake = (tx: DbTransaction, no: number): Promise<unknown> => tx.run(WAKE, [no]);
