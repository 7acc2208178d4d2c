/** The outbox: one insert per transaction, numbering what is committed, and reading it in order. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { EVENT_TYPES, type EventType, type NewEvent, orderingKey } from '../../domain/events/event-type.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';

const INSERT = statement(
  'events.insert',
  // The time is asked for once: as the column's default it would be read for each row.
  `insert into event (id, type, programme_no, ordering_key, member_no, partner_nos, audience, subject_id, cause_id, recorded_at)
   select e.id, e.type, e.programme_no, e.ordering_key, e.member_no, e.partner_nos::integer[], e.audience, e.subject_id,
     e.cause_id, (select hansa_now())
   from unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::uuid[], $9::uuid[])
     as e (id, type, programme_no, ordering_key, member_no, partner_nos, audience, subject_id, cause_id)`,
);

/** Of each transaction: what it has to tell when it commits. */
const told = new WeakMap<DbTransaction, NewEvent[]>();

/**
 * Tells of what this transaction does. Everything a transaction tells is one insert, right before it commits; what is
 * rolled back was never told. Hold the member's lock (lockMembers) for what is about one: the order of events is the
 * order of those locks.
 */
export function recordEvents(tx: DbTransaction, events: readonly NewEvent[]): void {
  if (events.length === 0) return;
  const before = told.get(tx);
  if (before !== undefined) {
    before.push(...events);
    return;
  }
  const all = [...events];
  told.set(tx, all);
  tx.beforeCommit(() => insert(tx, all));
}

/** First key of the two-key advisory lock ("TELL"); the second is what stays in order. */
const ORDER_LOCK = 0x54_45_4c_4c;
const lockOrder = (keys: string): string =>
  `select pg_advisory_xact_lock(${ORDER_LOCK}, hash)
   from (select distinct hashtext(key) as hash from unnest(${keys}::text[]) as key order by hash) as ordered`;
const LOCK_ORDER = statement('events.lock-order', lockOrder('$1'));

// A member's events come under the member's lock. Partners and programmes have no lock that all who tell of them hold, so
// positions of theirs are taken under one of their own, for the moment until the commit.
async function insert(tx: DbTransaction, events: readonly NewEvent[]): Promise<void> {
  const shared = events.filter(({ memberNo }) => memberNo === undefined).map(orderingKey);
  if (shared.length > 0) await tx.run(LOCK_ORDER, [shared]);
  tx.send(INSERT, [
    events.map(() => newId()),
    events.map(({ type }) => type),
    events.map(({ programmeNo }) => programmeNo),
    events.map(orderingKey),
    events.map(({ memberNo }) => memberNo ?? null),
    events.map(({ partnerNos = [] }) => `{${partnerNos.join(',')}}`),
    events.map(({ type }) => EVENT_TYPES[type].audience),
    events.map(({ subjectId }) => subjectId ?? null),
    events.map(({ causeId }) => causeId ?? null),
  ]);
}

/** The same for the few things that are written through the ORM: in its transaction, at once. */
export async function recordEventByOrm(em: EntityManager, event: NewEvent): Promise<void> {
  const { type, programmeNo, partnerNos = [], subjectId = null } = event;
  await em.execute(lockOrder('array[?]'), [orderingKey(event)]);
  await em.execute(
    `insert into event (id, type, programme_no, ordering_key, partner_nos, audience, subject_id)
     values (?, ?, ?, ?, ?::integer[], ?, ?)`,
    [
      newId(),
      type,
      programmeNo,
      orderingKey(event),
      `{${partnerNos.join(',')}}`,
      EVENT_TYPES[type].audience,
      subjectId,
    ],
  );
}

const IS_ANY_WAITING = statement(
  'events.is-any-waiting',
  'select exists (select from event where number is null) as waiting',
);

export async function isAnyWaiting(tx: DbTransaction): Promise<boolean> {
  const [row] = await tx.run<{ waiting: boolean }>(IS_ANY_WAITING);
  return row?.waiting ?? false;
}

const LOCK_HEAD = statement('events.lock-head', 'select last_number as "lastNumber" from event_head for update');
// A statement after the lock: it sees all that was committed before the lock was had, so that a later pass never
// meets an event that came before one of this pass in its ordering key.
const NUMBER_WAITING = statement(
  'events.number-waiting',
  `with waiting as (
     select position from event where number is null order by position limit $2
   ), numbered as (
     select position, $1::bigint + row_number() over (order by position) as number from waiting
   ), given as (
     update event e set number = n.number from numbered n where e.position = n.position returning e.number
   ), moved as (
     update event_head set last_number = (select max(number) from given) where exists (select from given) returning last_number
   )
   select count(*)::integer as count, pg_notify('hansa_events', (select last_number from moved)::text) from given having count(*) > 0`,
);

/** Gives the next numbers to events that are committed and have none, at most `limit`; returns how many there were. */
export async function numberWaiting(tx: DbTransaction, limit: number): Promise<number> {
  const [head] = await tx.run<{ lastNumber: bigint }>(LOCK_HEAD);
  const [numbered] = await tx.run<{ count: number }>(NUMBER_WAITING, [head?.lastNumber ?? 0n, limit]);
  return numbered?.count ?? 0;
}

/** An event as it is told: with the public ids of what it is about. */
export interface EventRecord {
  readonly number: bigint;
  readonly id: string;
  readonly type: EventType;
  readonly orderingKey: string;
  readonly programmeNo: number;
  readonly programmeCode: string | null;
  readonly memberNo: number | null;
  readonly memberId: string | null;
  readonly partnerNos: readonly number[];
  readonly subjectId: string | null;
  readonly causeId: string | null;
  readonly recordedAt: Date;
}

export const EVENT_COLUMNS = `e.number, e.id, e.type, e.ordering_key as "orderingKey", e.programme_no as "programmeNo",
  g.code as "programmeCode", e.member_no as "memberNo",
  coalesce(m.id, case when e.type like 'consent.%' then hansa_consenting_member(e.subject_id) end) as "memberId", e.partner_nos as "partnerNos",
  e.subject_id as "subjectId", e.cause_id as "causeId", e.recorded_at as "recordedAt"`;
export const EVENT_TABLES =
  'event e left join programme g on g.no = e.programme_no left join member m on m.no = e.member_no';

const READ = statement(
  'events.read',
  `select ${EVENT_COLUMNS} from ${EVENT_TABLES} where e.number > $1 and e.number <= $1 + $2::integer order by e.number`,
);

/** The events numbered above `after`, in order, at most `limit`; an empty answer means that there are none yet. */
export const readEvents = (tx: DbTransaction, after: bigint, limit: number): Promise<EventRecord[]> =>
  tx.run<EventRecord>(READ, [after, limit]);

// From the beginning only, so that what is left has no gap.
const REMOVE_OLD = statement(
  'events.remove-old',
  `with kept as (
     select coalesce((select number from event where number is not null and recorded_at >= $2 order by number limit 1),
                     (select last_number + 1 from event_head)) as number
   ), removed as (
     delete from event where number in (
       select e.number from event e cross join kept where e.number < kept.number and e.number <= $1 order by e.number limit $3)
     returning recorded_at
   ), moved as (
     update event_head set complete_since = greatest(complete_since, $2::timestamptz) where exists (select from removed)
   )
   select count(*)::integer as count from removed`,
);
const READ_HORIZON = statement('events.read-horizon', 'select hansa_now() - make_interval(days => $1) as at');

/** Removes events that are older than so many days, up to a number, at most `limit`; returns how many there were. */
export async function removeOld(tx: DbTransaction, upto: bigint, days: number, limit: number): Promise<number> {
  const [horizon] = await tx.run<{ at: Date }>(READ_HORIZON, [days]);
  const [removed] = await tx.run<{ count: number }>(REMOVE_OLD, [upto, horizon?.at, limit]);
  return removed?.count ?? 0;
}

const READ_HEAD = statement('events.read-head', 'select last_number as "lastNumber" from event_head');

/** The number of the newest event that has one: where somebody begins who wants to hear what comes from now on. */
export async function lastNumber(tx: DbTransaction): Promise<bigint> {
  const [head] = await tx.run<{ lastNumber: bigint }>(READ_HEAD);
  return head?.lastNumber ?? 0n;
}

const NOW = statement('events.now', 'select last_number as number, hansa_now() as at from event_head');

/** The number of the newest event, and the time: where somebody begins who hears what comes. */
export async function now(tx: DbTransaction): Promise<{ readonly number: bigint; readonly at: Date }> {
  const [row] = await tx.run<{ number: bigint; at: Date }>(NOW);
  invariant(row !== undefined, 'the migrations have made the head of the events');
  return row;
}
