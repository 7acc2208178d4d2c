/** Webhook endpoints and their secrets: what those who own them change. */
import { randomBytes } from 'node:crypto';
import type { EventType } from '../../domain/events/event-type.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import type { EndpointStatus, StatusReason } from './endpoint.entity.js';

export interface EndpointRecord {
  readonly no: number;
  readonly id: string;
  readonly partnerNo: number | null;
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly EventType[];
  readonly status: EndpointStatus;
}

const COLUMNS = 'no, id, partner_no as "partnerNo", url, description, event_types as "eventTypes", status';

/** First key of the advisory lock of those who add endpoints ("HOOK"); the second is the partner. */
const ADDING = 0x48_4f_4f_4b;
const LOCK_ADDING = statement('webhooks.lock-adding', `select pg_advisory_xact_lock(${ADDING}, $1)`);
const FIND_OF_OWNER = statement(
  'webhooks.find-of-owner',
  `select ${COLUMNS} from webhook_endpoint where partner_no is not distinct from $1`,
);

/** The endpoints of a partner (null: of those who run the programmes), to the end of the transaction no others. */
export async function lockEndpointsOf(tx: DbTransaction, partnerNo: number | null): Promise<EndpointRecord[]> {
  await tx.run(LOCK_ADDING, [partnerNo ?? 0]);
  return tx.run<EndpointRecord>(FIND_OF_OWNER, [partnerNo]);
}

const LOCK = statement('webhooks.lock-endpoint', `select ${COLUMNS} from webhook_endpoint where id = $1 for update`);

export async function lockEndpoint(tx: DbTransaction, id: string): Promise<EndpointRecord | undefined> {
  const [found] = await tx.run<EndpointRecord>(LOCK, [id]);
  return found;
}

const FIND = statement('webhooks.find-endpoint', `select ${COLUMNS} from webhook_endpoint where id = $1`);

export async function findEndpoint(tx: DbTransaction, id: string): Promise<EndpointRecord | undefined> {
  const [found] = await tx.run<EndpointRecord>(FIND, [id]);
  return found;
}

const INSERT = statement(
  'webhooks.insert-endpoint',
  `insert into webhook_endpoint (id, partner_no, url, description, event_types, status_at, created_by, created_at, cursor)
   select $1, $2, $3, $4, $5::text[], hansa_now(), $6, hansa_now(), last_number from event_head returning no`,
);

export interface NewEndpoint {
  readonly id: string;
  readonly partnerNo: number | null;
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly EventType[];
  readonly createdBy: string;
}

/** Makes an endpoint that hears of what happens from now on; returns its number. */
export async function insertEndpoint(tx: DbTransaction, endpoint: NewEndpoint): Promise<number> {
  const { id, partnerNo, url, description, eventTypes, createdBy } = endpoint;
  const [made] = await tx.run<{ no: number }>(INSERT, [id, partnerNo, url, description, eventTypes, createdBy]);
  return (made as { no: number }).no;
}

const UPDATE = statement(
  'webhooks.update-endpoint',
  'update webhook_endpoint set url = $2, description = $3, event_types = $4::text[] where no = $1',
);

export const updateEndpoint = (
  tx: DbTransaction,
  { no, url, description, eventTypes }: Omit<EndpointRecord, 'status'>,
): Promise<unknown> => tx.run(UPDATE, [no, url, description, eventTypes]);

const SET_STATUS = statement(
  'webhooks.set-status',
  `update webhook_endpoint set status = $2, status_reason = $3, status_at = hansa_now(), failing_since = null,
     failed_rounds = 0, rests_until = null, lease = null, leased_until = null
   where no = $1`,
);
// Events that were removed while the endpoint was disabled cannot be sent any more.
const FORGET_REMOVED = statement(
  'webhooks.forget-removed-events',
  `delete from webhook_delivery d where d.endpoint_no = $1 and not exists (select from event e where e.number = d.number)`,
);
const WAKE_FIRST = statement(
  'webhooks.wake-first-of-each-key',
  `update webhook_delivery set next_at = hansa_now()
   where endpoint_no = $1 and number in (
     select distinct on (ordering_key) number from webhook_delivery where endpoint_no = $1 and state = 'WAITING'
     order by ordering_key, number)`,
);

/** Whatever it was, it begins anew: what failed before is forgotten. */
export const setStatus = (
  tx: DbTransaction,
  no: number,
  status: EndpointStatus,
  reason: StatusReason | null,
): Promise<unknown> => tx.run(SET_STATUS, [no, status, reason]);

/** What waits is sent at once, in its order. */
export async function resume(tx: DbTransaction, no: number): Promise<void> {
  await setStatus(tx, no, 'ACTIVE', null);
  await tx.run(FORGET_REMOVED, [no]);
  await tx.run(WAKE_FIRST, [no]);
}

const DELETE = statement('webhooks.delete-endpoint', 'delete from webhook_endpoint where no = $1');

/** With its secrets, what waits and what was tried. */
export const deleteEndpoint = (tx: DbTransaction, no: number): Promise<unknown> => tx.run(DELETE, [no]);

const REWIND = statement(
  'webhooks.rewind',
  `update webhook_endpoint e
   set cursor = least(h.last_number, greatest($2::bigint, coalesce((select min(number) - 1 from event where number is not null), 0)))
   from event_head h where e.no = $1`,
);
const FORGET_AFTER = statement(
  'webhooks.forget-deliveries-after',
  'delete from webhook_delivery where endpoint_no = $1 and number > $2',
);

/** Everything after this number is dealt out again, as far as it is kept. The endpoint is locked. */
export async function rewind(tx: DbTransaction, no: number, after: bigint): Promise<void> {
  await tx.run(FORGET_AFTER, [no, after]);
  await tx.run(REWIND, [no, after]);
}

const INSERT_SECRET = statement(
  'webhooks.insert-secret',
  'insert into webhook_secret (id, endpoint_no, sealed, created_at) values ($1, $2, $3, hansa_now())',
);
const EXPIRE_SECRETS = statement(
  'webhooks.expire-secrets',
  `update webhook_secret set expires_at = least(coalesce(expires_at, 'infinity'), hansa_now() + make_interval(hours => $2))
   where endpoint_no = $1`,
);
const DELETE_EXPIRED = statement(
  'webhooks.delete-expired-secrets',
  'delete from webhook_secret where endpoint_no = $1 and expires_at <= hansa_now()',
);
const FIND_SECRETS = statement(
  'webhooks.find-secrets',
  `select id, sealed from webhook_secret where endpoint_no = $1 and (expires_at is null or expires_at > hansa_now())
   order by id desc`,
);

const SECRET_BYTES = 32;
const placeOf = (rowId: string) => ({ table: 'webhook_secret', column: 'sealed', rowId });

/** A new secret that signs from now on. It is told once: here. */
export async function addSecret(tx: DbTransaction, endpointNo: number): Promise<string> {
  const id = newId();
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  await tx.run(INSERT_SECRET, [id, endpointNo, tx.secrets.seal(secret, placeOf(id))]);
  return secret;
}

/** The secrets before the next one sign along for so long, then no more. */
export async function expireSecrets(tx: DbTransaction, endpointNo: number, hours: number): Promise<void> {
  await tx.run(EXPIRE_SECRETS, [endpointNo, hours]);
  await tx.run(DELETE_EXPIRED, [endpointNo]);
}

/** The secrets that sign now, the newest first. */
export async function findSecrets(tx: DbTransaction, endpointNo: number): Promise<string[]> {
  const rows = await tx.run<{ id: string; sealed: Buffer }>(FIND_SECRETS, [endpointNo]);
  return rows.map(({ id, sealed }) => tx.secrets.open(sealed, placeOf(id)));
}
