/** Connectors: made, changed and read by those who decide about them. */
import type { ConnectorAuth, ConnectorKind, ConnectorStatus, Endpoint } from '../../domain/connectors/connector.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

/** A connector with what it takes to call its partner. */
export interface ConnectorRecord {
  readonly id: string;
  readonly code: string;
  readonly partnerNo: number;
  readonly programmeNo: number;
  readonly kind: ConnectorKind;
  readonly address: string;
  readonly auth: ConnectorAuth;
  readonly sealedSecret: Buffer | null;
  readonly endpoints: readonly Endpoint[];
  readonly everySeconds: number;
  readonly status: ConnectorStatus;
  readonly changedAt: Date;
  readonly cursor: string | null;
}

export const CONNECTOR = `id, code, partner_no as "partnerNo", programme_no as "programmeNo", kind, address, auth,
  secret as "sealedSecret", endpoints, every_seconds as "everySeconds", status, changed_at as "changedAt", cursor`;

/** Where a secret lies; it opens nowhere else. */
export const secretPlace = (id: string) => ({ table: 'connector', column: 'secret', rowId: id });

const INSERT = statement(
  'connectors.insert',
  `insert into connector (id, code, partner_no, programme_no, kind, address, auth, secret, endpoints, every_seconds,
     created_by, created_at, changed_at, next_run_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, hansa_now(), hansa_now(), hansa_now())
   on conflict (code) do nothing returning ${CONNECTOR}`,
);

export type NewConnector = Omit<ConnectorRecord, 'status' | 'changedAt' | 'cursor'> & { readonly createdBy: string };

/** The connector, unless there is one of that code. */
export async function insertConnector(tx: DbTransaction, made: NewConnector): Promise<ConnectorRecord | undefined> {
  const [row] = await tx.run<ConnectorRecord>(INSERT, [
    ...[made.id, made.code, made.partnerNo, made.programmeNo, made.kind, made.address, JSON.stringify(made.auth)],
    ...[made.sealedSecret, JSON.stringify(made.endpoints), made.everySeconds, made.createdBy],
  ]);
  return row;
}

const LOCK = statement('connectors.lock', `select ${CONNECTOR} from connector where id = $1 for update`);

export async function lockConnector(tx: DbTransaction, id: string): Promise<ConnectorRecord | undefined> {
  const [row] = await tx.run<ConnectorRecord>(LOCK, [id]);
  return row;
}

const FIND_BY_CODE = statement('connectors.find-by-code', `select ${CONNECTOR} from connector where code = $1`);

export async function findConnector(tx: DbTransaction, code: string): Promise<ConnectorRecord | undefined> {
  const [row] = await tx.run<ConnectorRecord>(FIND_BY_CODE, [code]);
  return row;
}

const FIND_BY_ID = statement('connectors.find-by-id', `select ${CONNECTOR} from connector where id = $1`);

export async function findConnectorById(tx: DbTransaction, id: string): Promise<ConnectorRecord | undefined> {
  const [row] = await tx.run<ConnectorRecord>(FIND_BY_ID, [id]);
  return row;
}

// What is changed is tried at once: the failures were those of how it was before.
const UPDATE = statement(
  'connectors.update',
  `update connector set address = $2, auth = $3, secret = $4, endpoints = $5, every_seconds = $6, status = $7,
     changed_at = hansa_now(), next_run_at = least(next_run_at, hansa_now()), failures = 0
   where id = $1`,
);

export type ChangedConnector = Pick<
  ConnectorRecord,
  'id' | 'address' | 'auth' | 'sealedSecret' | 'endpoints' | 'everySeconds' | 'status'
>;

export const updateConnector = (tx: DbTransaction, changed: ChangedConnector): Promise<unknown> =>
  tx.run(UPDATE, [
    ...[changed.id, changed.address, JSON.stringify(changed.auth), changed.sealedSecret],
    ...[JSON.stringify(changed.endpoints), changed.everySeconds, changed.status],
  ]);

const RUN_SOON = statement(
  'connectors.run-soon',
  `update connector set next_run_at = hansa_now(), failures = 0, cursor = case when $2::boolean then null else cursor end
   where id = $1`,
);

/** The feed is due now; from its beginning when wanted. */
export const runSoon = (tx: DbTransaction, id: string, fromStart: boolean): Promise<unknown> =>
  tx.run(RUN_SOON, [id, fromStart]);

const ABLE = statement(
  'connectors.able',
  `select distinct on (partner_no) ${CONNECTOR} from connector
   where partner_no = any ($1::integer[]) and status = 'ACTIVE'
     and endpoints @> jsonb_build_array(jsonb_build_object('capability', $2::text))
   order by partner_no, id`,
);

/** The connector by which each partner is asked for it; the one made first where there are several. */
export const findAble = (
  tx: DbTransaction,
  partnerNos: readonly number[],
  capability: string,
): Promise<ConnectorRecord[]> => tx.run<ConnectorRecord>(ABLE, [partnerNos, capability]);
